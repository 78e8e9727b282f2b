"""Funnel limits: how far team means stray from the mean of all by chance alone, by the number of answers.

A list from best to worst shows mostly who has few answers, because small groups stray further. A funnel draws each
team's mean against its number of answers, and the limits that means of alike teams would keep (Spiegelhalter 2005).

Everything is computed from released values: exact histograms of teams, which the same report holds anyway.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from statistics import NormalDist
from typing import NamedTuple

from questionnaires.instrument import SIXTHS
from reports.histograms import Histogram
from reports.released import ReleasedAspect, ReleasedOrganisation
from reports.rounding import rounded
from reports.statistics import Scale, mean, variance

INNER, OUTER = 0.95, 0.998
"""The shares of alike teams within the inner and the outer limits."""
LEAST_TEAMS = 3
"""Fewer teams make no funnel."""


class Dot(NamedTuple):
    """One team, without its name."""

    n: int
    mean: float
    """To one decimal, which is all that a drawing shows."""
    beyond: int
    """0 within the inner limits, 1 beyond them and 2 beyond the outer ones; judged on the exact mean."""


class Funnel(NamedTuple):
    """One aspect of the teams whose exact means are released."""

    mean: float
    """The middle: the organisation's released mean where that is exact, else the mean of these teams' answers."""
    deviation: float
    """The standard deviation of one answer within its team, in points."""
    scale: Scale
    dots: tuple[Dot, ...]
    """By number of answers and mean, so that their order tells no names."""


def limits(middle: float, deviation: float, n: float, share: float, scale: Scale) -> tuple[float, float]:
    """Return between which means so large a share of alike teams of n answers lies: middle -+ z deviation / sqrt(n).

    In points and cut at the ends of the scale. z is 1.960 for 95 and 3.090 for 99.8 of 100.

    :raise ValueError: for no answers, or a share outside 0 to 1.
    """
    if n <= 0:
        raise ValueError("a funnel has no limits for no answers")
    if not 0 < share < 1:
        raise ValueError(f"a share lies between 0 and 1, not at {share}")
    half = NormalDist().inv_cdf((1 + share) / 2) * deviation / math.sqrt(n)
    return max(middle - half, float(scale[0])), min(middle + half, float(scale[1]))


def within_teams(teams: Iterable[Histogram], unit: int = SIXTHS) -> Fraction:
    """Return the pooled variance within teams in squared points: sum (n - 1) s^2 / sum (n - 1).

    :raise ValueError: when no team has two answers.
    """
    squares, freedom = Fraction(0), 0
    for team in teams:
        if team.n > 1:
            squares += (team.n - 1) * variance(team, unit)
            freedom += team.n - 1
    if not freedom:
        raise ValueError("a variance within teams needs a team with two answers")
    return squares / freedom


def funnel(organisation: ReleasedOrganisation, aspect: str) -> Funnel | None:
    """Return the funnel of one aspect, or None where fewer than three teams are shown exactly on it."""
    figures = [team.aspects.get(aspect) for team in organisation.teams]
    exact = [f for f in figures if isinstance(f, ReleasedAspect) and f.histogram is not None]
    if len(exact) < LEAST_TEAMS:
        return None
    histograms = [figure.histogram for figure in exact if figure.histogram is not None]
    deviation, scale = math.sqrt(within_teams(histograms)), exact[0].scale
    whole = organisation.whole.aspects.get(aspect)
    is_exact = isinstance(whole, ReleasedAspect) and whole.histogram is not None
    middle = whole.mean if isinstance(whole, ReleasedAspect) and is_exact else float(mean(Histogram.total(histograms)))
    dots = sorted(_dot(figure, middle, deviation) for figure in exact)
    return Funnel(middle, deviation, scale, tuple(dots))


def n_beyond(dots: Sequence[Dot], least: int) -> int:
    """Count the dots beyond the inner (1) or the outer (2) limits."""
    return sum(dot.beyond >= least for dot in dots)


def _dot(figure: ReleasedAspect, middle: float, deviation: float) -> Dot:
    beyond = 0
    for share in (INNER, OUTER):
        low, high = limits(middle, deviation, figure.n, share, figure.scale)
        beyond += not low <= figure.mean <= high
    return Dot(figure.n, float(rounded(figure.mean, 1)), beyond)
