"""How often what is tested of a whole organisation is claimed, truly and falsely: changes, and differences of roles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.simulated_people import PROFILES, Scores, Turnout, counted, two_quarters
from benchmarks.simulation_table import Table, dice_of
from questionnaires.roles import ROLES
from reports.coarse import coarse_interval, coarse_mean
from reports.comparisons import ALPHA
from reports.histograms import Histogram
from reports.roles import LEAST_ANSWERS
from reports.stratified import FALSE_SHARE, Stratum, adjusted, row_mean_scores, van_elteren
from reports.verdicts import Agreement

SCALE = (1, 7)
N_ASPECTS = 6
WHO = {"10 % new": 0.1, "all new": 1.0}
RISEN, RISE = 3, 0.4
"""So many of the aspects really rise by so many points."""


def organisation(n_runs: int) -> Table:
    """How often the test stratified by team, corrected for six aspects, claims a change where there is none.

    Every team is of one of the five kinds on every aspect, of 10 to 15 people, of whom 8 to 12 answer.
    """
    dice, rows = dice_of(7), []
    for n_teams in (3, 10, 25):
        figures: list[float] = []
        for turnover in WHO.values():
            p_values = np.array([_quarter(dice, n_teams, turnover) for _ in range(-(-n_runs // 2))])
            changed = np.array([adjusted(row) for row in p_values.tolist()]) <= FALSE_SHARE
            figures += [float(np.mean(p_values <= float(ALPHA))), float(np.mean(changed.any(axis=1)))]
        for turnover in WHO.values():
            found = [_claims(_quarter(dice, n_teams, turnover, RISEN)) for _ in range(-(-n_runs // 2))]
            figures += [float(np.mean([claims.found for claims in found]))]
        figures += [float(np.mean([claims.false for claims in found]))]
        rows.append((f"{n_teams} teams", tuple(figures)))
    nothing = (f"{who}, {what}" for who in WHO for what in ("p at most .05", "any of six changed"))
    head = ("organisation", *nothing, *(f"{who}, found +{RISE}" for who in WHO), "all new, false of those changed")
    title = "How often a change within the teams of an organisation is claimed"
    return Table("organisation", title, head, tuple(rows), -(-n_runs // 2))


def _quarter(dice: np.random.Generator, n_teams: int, turnover: float, n_risen: int = 0) -> list[float]:
    """Return the p of every aspect, of which the first so many have really risen."""
    sizes = dice.integers(10, 16, n_teams).tolist()
    return [
        van_elteren([_team(dice, size, turnover, RISE if aspect < n_risen else 0) for size in sizes]).p
        for aspect in range(N_ASPECTS)
    ]


def _team(dice: np.random.Generator, size: int, turnover: float, shift: float) -> Stratum:
    profile = tuple(PROFILES.values())[dice.integers(len(PROFILES))]
    before, after = (Turnout(n, size) for n in dice.integers(8, min(size, 12) + 1, 2).tolist())
    return two_quarters(dice, profile, before, after, turnover, shift)


@dataclass(frozen=True)
class _Claims:
    """Shares of one quarter: of the true changes those found, of the claims those that are false."""

    found: float
    false: float


def _claims(p_values: list[float]) -> _Claims:
    is_claimed = np.array(adjusted(p_values)) <= FALSE_SHARE
    n_false = int(is_claimed[RISEN:].sum())
    return _Claims(float(is_claimed[:RISEN].mean()), n_false / max(int(is_claimed.sum()), 1))


SHARES = (0.55, 0.2, 0.15, 0.1)
"""So many people build, run, decide and lead; in single teams it may be quite otherwise."""
LEADING, APART = 3, 0.8
ANSWER = 0.8


def roles(n_runs: int) -> Table:
    """How often roles are said to answer differently within teams, and whether a role's interval holds its mean.

    As in `organisation`, but four of five people answer, and teams have their own mix of roles. One heap is the
    Kruskal-Wallis test that knows no teams. The interval is for all people of the role, silent ones included.
    """
    dice, rows = dice_of(8), []
    n_organisations = -(-n_runs // 2)
    for n_teams in (5, 10, 25):
        alike = [_roles(dice, n_teams, 0) for _ in range(n_organisations)]
        apart = [_roles(dice, n_teams, RISEN) for _ in range(n_organisations)]
        p_values, heaps = (np.array([getattr(one, name) for one in alike]) for name in ("p_values", "heaps"))
        different = np.array([adjusted(row) for row in p_values.tolist()]) <= FALSE_SHARE
        held = np.array([held for one in alike for held in one.held])
        found = np.array([_claims(one.p_values).found for one in apart])
        rates = (p_values <= ALPHA, different.any(axis=1), heaps <= ALPHA, found, held)
        rows.append((f"{n_teams} teams", tuple(float(np.mean(rate)) for rate in rates)))
    head = ("organisation", "p at most .05", "any of six different", "in one heap, p at most .05",
            f"found +{APART} of one role", "interval holds")  # fmt: skip
    title = "How often roles are said to answer differently within teams"
    return Table("roles", title, head, tuple(rows), n_organisations)


@dataclass(frozen=True)
class _Organisation:
    p_values: list[float]
    heaps: list[float]
    held: list[bool]


def _roles(dice: np.random.Generator, n_teams: int, n_apart: int) -> _Organisation:
    """Return the tests of every aspect, of which the first so many find people who lead higher than the others."""
    sizes = dice.integers(10, 16, n_teams).tolist()
    mixes = [dice.choice(len(ROLES), size, p=dice.dirichlet(4 * np.array(SHARES))) for size in sizes]
    answer = [dice.random(size) < ANSWER for size in sizes]
    found = _Organisation([], [], [])
    for aspect in range(N_ASPECTS):
        everybody = [_answers(dice, mix, APART if aspect < n_apart else 0) for mix in mixes]
        strata = [
            [counted(scores[spoke & (mix == role)]) for role in range(len(ROLES))]
            for scores, mix, spoke in zip(everybody, mixes, answer, strict=True)
        ]
        totals = [Histogram.total(stratum[role] for stratum in strata) for role in range(len(ROLES))]
        large = [role for role, total in enumerate(totals) if total.n >= LEAST_ANSWERS]
        for p_values, tested in ((found.p_values, strata), (found.heaps, [totals])):
            # Below two roles there is nothing to test, and so no claim.
            test = row_mean_scores([part[role] for role in large] for part in tested) if len(large) > 1 else None
            p_values.append(1.0 if test is None else test.p)
        scores, mix = np.concatenate(everybody), np.concatenate(mixes)
        found.held.extend(_holds(totals[role], float(scores[mix == role].mean()) / 6) for role in large)
    return found


def _answers(dice: np.random.Generator, mix: Scores, apart: float) -> Scores:
    profile = tuple(PROFILES.values())[dice.integers(len(PROFILES))]
    return profile.answers(dice, profile.opinions(dice, mix.shape) + apart * (mix == LEADING))


def _holds(answers: Histogram, true: float) -> bool:
    interval = coarse_interval(coarse_mean(answers, SCALE), Agreement.NEITHER, answers.n, None, SCALE)
    assert interval is not None
    return interval[0] <= true <= interval[1]
