"""The level of one aspect at one node: mean, interval, bounds and words, exactly or coarsely."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from reports.coarse import Words, coarse_bounds, coarse_interval, coarse_mean, coarse_words
from reports.histograms import Histogram
from reports.released import OpenEnd
from reports.statistics import Scale, agreement, bounds, mean, spread_words, thirds, variance, wilson_interval


class Level(NamedTuple):
    """What is said of an aspect's scores, in points."""

    mean: Fraction
    open_end: OpenEnd | None
    interval_90: tuple[float, float] | None
    bounds: tuple[Fraction, Fraction] | None
    words: Words


def exact_level(histogram: Histogram, scale: Scale, n_asked: int | None) -> Level:
    """Return the level from the exact histogram.

    :param n_asked: how many people were asked; None where that is unknown.
    """
    average = mean(histogram)
    return Level(
        average,
        None,
        wilson_interval(float(average), float(variance(histogram)), histogram.n, n_asked, scale),
        None if n_asked is None else bounds(average, histogram.n, n_asked, scale),
        Words(spread_words(thirds(histogram, scale)), agreement(histogram, scale)),
    )


def coarse_level(histogram: Histogram, scale: Scale, n_asked: int | None, n_items: int) -> Level:
    """Return the level from the coarse mean and its words, and from nothing else of the histogram.

    :param n_items: how many items the aspect has.
    """
    average = coarse_mean(histogram, scale)
    words = coarse_words(histogram, scale, n_items)
    return Level(
        average.value,
        average.open_end,
        coarse_interval(average, words.agreement, histogram.n, n_asked, scale),
        None if n_asked is None else coarse_bounds(average, histogram.n, n_asked, scale),
        words,
    )
