"""How often groups are labelled “shared view” and “views split”: what the two words are worth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.simulated_people import PROFILES, Profile, Scores, counted
from benchmarks.simulation_table import Table, dice_of
from reports.statistics import agreement, is_split, split_side, thirds
from reports.verdicts import Agreement

SCALE, N_ITEMS = (1, 7), 3
Group = Callable[[np.random.Generator, int], Scores]

# One opinion in the middle of the scale: with the noise of its items, the scores of such people deviate by 1.14 points.
ONE_OPINION = Profile((4.0,), 1.05)
THREE_TO_SEVEN = Profile((2.3,) * 3 + (5.8,) * 7, 0.5)
CALM = ("low", "high", "consensus")


def _of(profile: Profile) -> Group:
    return lambda dice, n: profile.answers(dice, profile.opinions(dice, (n,)))


def _anywhere(dice: np.random.Generator, n: int) -> Scores:
    """People whose scores lie anywhere on the scale: every one of the 19 that three items can have, equally likely."""
    return 6 + 2 * dice.integers(0, 19, n)


def _three_dice(dice: np.random.Generator, n: int) -> Scores:
    """People who answer each of three items by chance."""
    return 2 * dice.integers(1, 8, (n, N_ITEMS)).sum(axis=1)


def shared(n_runs: int) -> Table:
    """How often a group's view is called shared, by chance of two kinds and in the made-up teams."""
    dice, rows = dice_of(9), []
    groups = {"anywhere on the scale": _anywhere, "three dice": _three_dice} | {
        name: _of(profile) for name, profile in PROFILES.items()
    }
    for n in (5, 6, 7, 8, 10, 12, 20):
        figures = []
        for group in groups.values():
            found = [agreement(counted(group(dice, n)), SCALE, N_ITEMS) for _ in range(n_runs)]
            figures.append(found.count(Agreement.SHARED) / n_runs)
        rows.append((str(n), tuple(figures)))
    return Table("shared", "How often a group gets the label “shared view”", ("answers", *groups), tuple(rows), n_runs)


def split(n_runs: int) -> Table:
    """How often views are called split, by the rule and by what it would be without its second condition."""
    dice, rows = dice_of(10), []
    groups = {
        "one opinion at 4": _of(ONE_OPINION),
        "middle": _of(PROFILES["middle"]),
        "split": _of(PROFILES["split"]),
        "split 3 : 7": _of(THREE_TO_SEVEN),
    }
    for n in (5, 6, 8, 12, 13, 18, 40, 100, 200):
        figures: list[float] = []
        for group in groups.values():
            figures += _rates(group, dice, n, n_runs)
        calm = [_rates(_of(PROFILES[name]), dice, n, n_runs) for name in CALM]
        figures += [max(rates[i] for rates in calm) for i in (0, 1)]
        rows.append((str(n), tuple(figures)))
    head = ("answers", *(f"{name}{rule}" for name in (*groups, f"{CALM[0]}, {CALM[1]} or {CALM[2]}, worst")
                         for rule in ("", ", sides only")))  # fmt: skip
    return Table("split", "How often a group gets the label “views split”", head, tuple(rows), n_runs)


def _rates(group: Group, dice: np.random.Generator, n: int, n_runs: int) -> tuple[float, float]:
    found = [thirds(counted(group(dice, n)), SCALE) for _ in range(n_runs)]
    sides_only = sum(min(counts.low, counts.high) >= split_side(n) for counts in found)
    return sum(map(is_split, found)) / n_runs, sides_only / n_runs
