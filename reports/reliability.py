"""How far statements measure one thing, and how far teams differ: Cronbach's alpha and the intraclass correlations.

Both are for the methods page of an organisation's report and for at least 60 answers: with 12 answers alpha lies
anywhere between .43 and .90 where it truly is .77.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from reports.histograms import Histogram
from reports.released import ReleasedAspect, ReleasedOrganisation
from reports.statistics import CONFIDENCE, variance

AT_LEAST = 60
"""Fewer answers than this have neither alpha nor intraclass correlations."""
LEAST_TEAMS = 3
"""Fewer teams than this have no intraclass correlations."""


class Icc(NamedTuple):
    """The one-way intraclass correlations of teams."""

    single: Fraction
    """ICC(1): the share of the variance of one answer that lies between teams; can be below 0."""
    average: Fraction
    """ICC(2): how far another set of answers would give the same team means."""
    n_between: Fraction
    """The answers of a typical team, n0."""


def cronbachs_alpha(items: Sequence[Histogram], total: Histogram) -> Fraction | None:
    """Return Cronbach's alpha from the histograms of the same complete cases: k / (k - 1) (1 - sum var_i / var_sum).

    Exact (Cronbach 1951). It can be below 0 where statements contradict each other.

    :param items: one histogram a statement, in points.
    :param total: the histogram of the sums of each person's answers, in points.
    :return: None where all sums are equal: nothing varies that could hang together.
    :raise ValueError: for fewer than two statements, fewer than two cases or unequal numbers of cases.
    """
    k = len(items)
    if k < 2 or total.n < 2:
        raise ValueError(f"alpha needs two statements and two cases, not {k} and {total.n}")
    if any(item.n != total.n for item in items):
        raise ValueError(f"complete cases answer everything: {[item.n for item in items]} answers of {total.n} cases")
    whole = variance(total, unit=1)
    if not whole:
        return None
    return Fraction(k, k - 1) * (1 - sum((variance(item, unit=1) for item in items), Fraction(0)) / whole)


def sums_of_scores(scores: Histogram, n_items: int) -> Histogram:
    """Return the sums in points of complete cases whose mean scores are counted in sixths of a point.

    :raise ValueError: when a score is not the mean of so many whole points.
    """
    sums = {}
    for score, count in scores.pairs:
        total, rest = divmod(score * n_items, 6)
        if rest:
            raise ValueError(f"a score of {score} sixths is no mean of {n_items} whole points")
        sums[total] = count
    return Histogram.of(sums)


def feldt_interval(alpha: float, n: int, k: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the interval for alpha of n complete cases and k statements.

    (1 - alpha_true) / (1 - alpha) is distributed as F with n - 1 and (n - 1)(k - 1) degrees of freedom (Feldt 1965), so
    the ends are 1 - (1 - alpha) F((1 + c) / 2) and 1 - (1 - alpha) F((1 - c) / 2).

    :raise ValueError: for fewer than two cases or statements.
    """
    from scipy.special import fdtri

    if n < 2 or k < 2:
        raise ValueError(f"alpha needs two statements and two cases, not {k} and {n}")
    freedom = n - 1, (n - 1) * (k - 1)
    low, high = (1 - (1 - alpha) * float(fdtri(*freedom, (1 + sign * confidence) / 2)) for sign in (1, -1))
    return low, high


def intraclass(teams: Sequence[Histogram]) -> Icc | None:
    """Return ICC(1) and ICC(2) of a one-way analysis of variance over teams, from their histograms.

    With MSB and MSW the mean squares between and within, k teams of n_i answers and N together, n0 =
    (N - sum n_i^2 / N) / (k - 1), which is their common size where all are equal: ICC(1) = (MSB - MSW) / (MSB +
    (n0 - 1) MSW), ICC(2) = (MSB - MSW) / MSB (Shrout & Fleiss 1979; Bliese 2000). Exact, in any unit.

    :return: None where they are not defined: all teams have the same mean, or nothing varies to divide by.
    :raise ValueError: for fewer than two teams, an empty one, or a single answer in each.
    """
    if len(teams) < 2 or any(not team.n for team in teams):
        raise ValueError("intraclass correlations need answers of two teams")
    n = sum(team.n for team in teams)
    if n == len(teams):
        raise ValueError("intraclass correlations need a team with two answers")
    sums = [sum(value * count for value, count in team.pairs) for team in teams]
    squares = sum(value * value * count for team in teams for value, count in team.pairs)
    by_team = sum((Fraction(total * total, team.n) for total, team in zip(sums, teams, strict=True)), Fraction(0))
    between = (by_team - Fraction(sum(sums) ** 2, n)) / (len(teams) - 1)
    within = (squares - by_team) / (n - len(teams))
    typical = (n - Fraction(sum(team.n**2 for team in teams), n)) / (len(teams) - 1)
    divisor = between + (typical - 1) * within
    if not between or not divisor:
        return None
    return Icc((between - within) / divisor, (between - within) / between, typical)


class TeamDifference(NamedTuple):
    """How far teams differ on one aspect."""

    icc: Icc
    n: int
    n_teams: int


def team_difference(organisation: ReleasedOrganisation, aspect: str) -> TeamDifference | None:
    """Return the intraclass correlations over the teams shown exactly, from their released histograms.

    :return: None for fewer than 60 answers or three teams, or where all teams have the same mean.
    """
    figures = (team.aspects.get(aspect) for team in organisation.teams)
    shown = [f.histogram for f in figures if isinstance(f, ReleasedAspect) and f.histogram is not None]
    n = sum(histogram.n for histogram in shown)
    if n < AT_LEAST or len(shown) < LEAST_TEAMS:
        return None
    found = intraclass(shown)
    return None if found is None else TeamDifference(found, n, len(shown))
