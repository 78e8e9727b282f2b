"""The level of one aspect at one node: mean, interval, bounds and words, exactly or coarsely."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from reports.coarse import (
    UNTOLD,
    CoarseMean,
    Words,
    coarse_bounds,
    coarse_interval,
    coarse_mean,
    coarse_words,
    mixed_mean,
)
from reports.histograms import Histogram
from reports.released import OpenEnd
from reports.statistics import Scale, Thirds, agreement, bounds, mean, spread_words, thirds, variance, wilson_interval


class Level(NamedTuple):
    """What is said of an aspect's scores, in points."""

    mean: Fraction
    open_end: OpenEnd | None
    interval_90: tuple[float, float] | None
    bounds: tuple[Fraction, Fraction] | None
    words: Words


class ShownLevel(NamedTuple):
    """What is shown of an aspect's scores, in points."""

    mean: float
    open_end: OpenEnd | None
    interval_90: tuple[float, float] | None
    bounds: tuple[float, float] | None
    words: Words
    thirds: Thirds | None
    """Only at the detail tier."""


def exact_level(histogram: Histogram, scale: Scale, n_asked: int | None, n_items: int) -> Level:
    """Return the level from the exact histogram.

    :param n_asked: how many people were asked; None where that is unknown.
    :param n_items: how many items the aspect has.
    """
    average = mean(histogram)
    return Level(
        average,
        None,
        wilson_interval(float(average), float(variance(histogram)), histogram.n, n_asked, scale),
        None if n_asked is None else bounds(average, histogram.n, n_asked, scale),
        Words(spread_words(thirds(histogram, scale)), agreement(histogram, scale, n_items)),
    )


def coarse_level(parts: Collection[Histogram], scale: Scale, n_asked: int | None, n_items: int) -> Level:
    """Return the level of one small group from its coarse mean and words, or of several from what is shown of each.

    :param parts: groups that do not overlap; those below eight answers count by their coarse means.
    :param n_items: how many items the aspect has.
    """
    n = sum(part.n for part in parts)
    if len(parts) > 1:
        # A word that depends on a limit would tell on which side of it the small groups' share lies.
        return _coarse(mixed_mean(parts, scale, n_items), UNTOLD, n, scale, n_asked)
    histogram = next(iter(parts), Histogram())
    return _coarse(coarse_mean(histogram, scale, n_items), coarse_words(histogram, scale, n_items), n, scale, n_asked)


@lru_cache(maxsize=4096)
def _coarse(average: CoarseMean, words: Words, n: int, scale: Scale, n_asked: int | None) -> Level:
    return Level(
        average.value,
        average.open_end,
        coarse_interval(average, words.agreement, n, n_asked, scale),
        None if n_asked is None else coarse_bounds(average, n, n_asked, scale),
        words,
    )
