"""Whether an aspect has moved steadily over several quarters: a stated rule in place of looking at a line.

Three points in a row that rise look like a trend and are none: k means of quarters in which nothing changed all move
one way with probability 2 / k!, that is .33 for three quarters, .083 for four and .017 for five. So a movement is
called steady only

- over the last five quarters, when every step goes the same way; or
- over the last four, when every step goes the same way and the first and the last pass the test of a change. That is a
  test, so only aspects of the present focus have it, as with every other test of a team.

Everything is computed from released values. A coarse mean counts as the range of means that are shown like it, so a
step is one only where no exact mean behind the words could say otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from reports.comparisons import is_comparable, judge, judge_released, mean_between
from reports.released import Released, ReleasedAspect, Series

ALONE = 5
"""So many quarters moving one way are steady by themselves."""
WITH_TEST = 4
"""So many are where the first and the last also pass the test."""
# Floating point may part what is equal by less than this.
_ALIKE = 1e-9


@dataclass(frozen=True)
class Steady:
    """An aspect that moved one way in every one of the last quarters."""

    direction: int
    """+1 where it rose, -1 where it fell."""
    n_quarters: int
    is_tested: bool
    """Whether the claim rests on the test of the first against the last quarter."""


def chance_of_one_way(n_quarters: int) -> Fraction:
    """Return how often so many means go one way, up or down, where nothing changed and none are equal: 2 / k!."""
    return Fraction(2, math.factorial(n_quarters))


def chance_of_any(n_aspects: int) -> Fraction:
    """Return how often one or more aspects of a stable team go one way over five quarters: 1 - (1 - 2 / 5!)^n.

    It is .096 for six aspects that move independently, and less the more they move together. In simulated teams, whose
    focus aspects have the shorter rule too, 6 to 11 of 100 reports call an aspect steady to which nothing happens.
    """
    return 1 - (1 - chance_of_one_way(ALONE)) ** n_aspects


def steady(series: Series, aspect: str) -> Steady | None:
    """Return how an aspect moved steadily up to the last quarter of a team's series, or None: it cannot be told.

    Quarters count only while the aspect is released and its meaning ids and scale are the same. Departments and the
    organisation have no steady movement, because which teams they count may differ from quarter to quarter.
    """
    if not series.quarters or series.quarters[-1].kind != "team":
        return None
    figures = _comparable(series.quarters, aspect)
    for n_quarters in (ALONE, WITH_TEST):
        last = figures[-n_quarters:]
        if len(last) < n_quarters:
            continue
        steps = {step(before, after) for before, after in pairwise(last)}
        if len(steps) != 1 or 0 in steps:
            continue
        (direction,) = steps
        if n_quarters >= ALONE:
            return Steady(direction, n_quarters, is_tested=False)
        if aspect in series.quarters[-1].focus and _tested(last[0], last[-1]) == direction:
            return Steady(direction, n_quarters, is_tested=True)
    return None


def step(before: ReleasedAspect, after: ReleasedAspect) -> int:
    """Return +1 or -1 where a mean certainly rose or fell from one quarter to the next, and 0 where it did not."""
    (least, greatest, _), (later_least, later_greatest, _) = mean_between(before), mean_between(after)
    # Neighbouring tenths touch and do not overlap, because halves are rounded upwards.
    is_touching_enough = before.histogram is None and after.histogram is None
    room = -_ALIKE if is_touching_enough else _ALIKE
    if after.mean > before.mean and later_least - greatest > room:
        return 1
    return -1 if after.mean < before.mean and least - later_greatest > room else 0


def _comparable(quarters: Sequence[Released], aspect: str) -> list[ReleasedAspect]:
    """Return the aspect's figures, oldest first, back to where one is missing or means something else."""
    found: list[ReleasedAspect] = []
    for released in reversed(quarters):
        figure = released.aspects.get(aspect)
        comparable = is_comparable(released.questionnaire, quarters[-1].questionnaire, aspect)
        if not isinstance(figure, ReleasedAspect) or not comparable:
            break
        found.insert(0, figure)
    return found


def _tested(first: ReleasedAspect, last: ReleasedAspect) -> int:
    if first.histogram is None or last.histogram is None:
        return judge_released(first, last)
    return judge(first.histogram, last.histogram).direction
