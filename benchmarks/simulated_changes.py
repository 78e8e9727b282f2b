"""How often the reports call a change one, truly and falsely, in teams made up by chance."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import NamedTuple

import numpy as np

from benchmarks.simulated_people import ASPECT, PROFILES, Profile, Turnout, quarters, series, shown, two_quarters
from benchmarks.simulation_table import Table, dice_of, share
from reports.comparisons import judge, judge_released
from reports.histograms import Histogram
from reports.kept import DETAIL_AT_LEAST
from reports.statistics import mean
from reports.steadiness import ALONE, WITH_TEST, steady

PAIRS = tuple(
    (Turnout(*before), Turnout(*after))
    for before, after in (
        ((5, 6), (5, 6)),
        ((6, 8), (6, 8)),
        ((7, 7), (7, 7)),
        ((9, 10), (6, 8)),
        ((8, 8), (8, 8)),
        ((8, 10), (9, 12)),
        ((12, 15), (11, 15)),
    )
)


def changes(n_runs: int) -> Table:
    """How often the change test of the report says "changed": falsely, and where everybody moved."""
    dice, rows = dice_of(2), []
    middle = PROFILES["middle"]
    for pair in PAIRS:
        same, new, arrows = [], [], []
        for profile in PROFILES.values():
            same.append(share(n_runs, partial(_is_changed, dice, profile, pair, 0.1)))
            new.append(share(n_runs, partial(_is_changed, dice, profile, pair, 1)))
            arrows.append(share(n_runs, partial(_has_arrow, dice, profile, pair)))
        power = [share(n_runs, partial(_is_raised, dice, middle, pair, 0.1, shift)) for shift in (1, 1.5, 2.5)]
        rows.append(
            (
                f"{pair[0]}, {pair[1]}",
                (float(np.mean(same)), max(same), float(np.mean(new)), max(new), max(arrows), *power),
            )
        )
    head = ("answered before, after", "10 % new", "10 % new, worst", "all new", "all new, worst", "arrow at 0.5, worst",
            "found +1.0", "found +1.5", "found +2.5")  # fmt: skip
    return Table("changes", "How often a change of a focus aspect is claimed", head, tuple(rows), n_runs)


def _verdict(before: Histogram, after: Histogram, sizes: tuple[Turnout, Turnout]) -> int:
    """Return the report's verdict: the exact test from eight answers on both sides, else the one on what is shown."""
    if min(before.n, after.n) >= DETAIL_AT_LEAST:
        return judge(before, after).direction
    return judge_released(shown(before, sizes[0].size), shown(after, sizes[1].size))


def _is_changed(
    dice: np.random.Generator, profile: Profile, pair: tuple[Turnout, Turnout], turnover: float, shift: float = 0.0
) -> int:
    return _verdict(*two_quarters(dice, profile, *pair, turnover, shift), pair)


def _is_raised(
    dice: np.random.Generator, profile: Profile, pair: tuple[Turnout, Turnout], turnover: float, shift: float
) -> bool:
    return _is_changed(dice, profile, pair, turnover, shift) > 0


def _has_arrow(dice: np.random.Generator, profile: Profile, pair: tuple[Turnout, Turnout]) -> bool:
    before, after = two_quarters(dice, profile, *pair, 0.1)
    return abs(mean(after) - mean(before)) >= Fraction(1, 2)


FOCUS_PAIRS = (PAIRS[0], PAIRS[2], PAIRS[3], PAIRS[4], PAIRS[6])
TURNOVERS = {"10 % new": 0.1, "half new": 0.5, "all new": 1.0}


def focus(n_runs: int) -> Table:
    """How often "changed" is false when the focus was last quarter's two lowest of six aspects.

    Beside it, for all new, what the same choice would do compared with the quarter before: answers that had no part in
    the choice.
    """
    dice, rows = dice_of(3), []
    for before, after in FOCUS_PAIRS:
        figures: list[float] = []
        for turnover in TURNOVERS.values():
            found = [_chosen(dice, profile, (before, before, after), turnover, n_runs) for profile in PROFILES.values()]
            lowest = [float(np.mean(np.abs(verdicts.lowest))) for verdicts in found]
            figures += [float(np.mean(lowest)), max(lowest)]
        figures += [
            float(np.mean([np.abs(verdicts.earlier) for verdicts in found])),
            float(np.mean([np.abs(verdicts.other) for verdicts in found])),
        ]
        rows.append((f"{before}, {after}", tuple(figures)))
    head = ("answered before, after", *(f"{who}{worst}" for who in TURNOVERS for worst in ("", ", worst")),
            "all new, against the quarter before", "all new, any two")  # fmt: skip
    return Table("focus", "False “changed” when the focus is last quarter’s two lowest", head, tuple(rows), n_runs)


class _Verdicts(NamedTuple):
    lowest: list[int]
    """Of last quarter's two lowest, against last quarter."""
    earlier: list[int]
    """Of the same, against the quarter before that."""
    other: list[int]
    """Of two that nobody looked at."""


def _chosen(
    dice: np.random.Generator, profile: Profile, turnouts: tuple[Turnout, Turnout, Turnout], turnover: float, n: int
) -> _Verdicts:
    """Return so many verdicts, two of every run; the last two kinds for all new only."""
    found = _Verdicts([], [], [])
    pair = turnouts[1:]
    for _ in range(-(-n // 2)):
        aspects = [tuple(quarters(dice, profile, turnouts, turnover)) for _ in range(6)]
        chosen = sorted(aspects, key=lambda aspect: mean(aspect[1]))[:2]
        found.lowest.extend(_verdict(last, now, pair) for _, last, now in chosen)
        if turnover == 1:
            found.earlier.extend(_verdict(earlier, now, pair) for earlier, _, now in chosen)
            found.other.extend(_verdict(last, now, pair) for _, last, now in aspects[:2])
    return found


def steadiness(n_runs: int) -> Table:
    """How often a steady movement is claimed where nothing happens, over all kinds of team.

    Of one focus aspect, and at least once in a report of six aspects that move independently, two of them in focus.
    """
    dice, rows = dice_of(6), []
    for turnout in (Turnout(6, 8), Turnout(8, 10), Turnout(12, 15)):
        figures = []
        for turnover in (0.1, 1.0):
            quiet = partial(_quiet, dice, turnout, turnover)
            figures += [
                share(n_runs, partial(_is_one_way, quiet)),
                share(n_runs, partial(_is_steady, quiet, WITH_TEST, turnout.size)),
                share(n_runs, partial(_is_steady, quiet, ALONE, turnout.size)),
                share(n_runs, partial(_is_any_steady, quiet, turnout.size)),
            ]
        rows.append((str(turnout), tuple(figures)))
    head = ("answered", *(f"{who}, {what}" for who in ("10 % new", "all new") for what in
                          ("3 points one way", "steady after 4", "steady after 5", "any of six")))  # fmt: skip
    return Table("steadiness", "“Steady” where nothing happens", head, tuple(rows), n_runs)


Quiet = Callable[[int], list[Histogram]]
"""Makes up so many quarters of an aspect that nothing happens to."""


def _quiet(dice: np.random.Generator, turnout: Turnout, turnover: float, n_quarters: int) -> list[Histogram]:
    people = tuple(PROFILES.values())[dice.integers(len(PROFILES))]
    return list(quarters(dice, people, (turnout,) * n_quarters, turnover))


def _is_one_way(quiet: Quiet) -> bool:
    return _goes_one_way(quiet(3))


def _goes_one_way(found: list[Histogram]) -> bool:
    means = [mean(histogram) for histogram in found]
    return means in (sorted(set(means)), sorted(set(means), reverse=True))


def _is_steady(quiet: Quiet, n_quarters: int, size: int, *, is_focus: bool = True) -> bool:
    found = quiet(n_quarters)
    # No movement is steady unless the last means go one way; most do not, and need no report.
    if not _goes_one_way(found[-WITH_TEST:]):
        return False
    return steady(series(found, size, is_focus=is_focus), ASPECT) is not None


def _is_any_steady(quiet: Quiet, size: int) -> bool:
    return any(_is_steady(quiet, ALONE, size, is_focus=number < 2) for number in range(6))
