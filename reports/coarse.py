"""Coarse values: what may be said of five to seven answers, computed so that it says nothing more.

Everything here is a function of the mean rounded to one decimal (and open at the ends), the numbers of answers and
invited, and the words for spread and agreement. Groups that are equal in these are shown alike to the last digit.

Words are told only where ten or more different histograms lie behind them, and no score that all of these have equally
often: five people with a mean of 1.9 are mostly low, unless three say 1 and two say 3 1/3, so "mixed" would be all it
takes to know every answer. Where those without words would give something away together, the next rarest words at that
mean are not told either. Where an aspect has a single item, the ends are open from further inside.

A department or the organisation that is coarse because small groups are in it shows what follows from their coarse
values and the exact ones of the others. Its own mean, even to one decimal, would measure the small group a second
time: with nine exact answers beside six that all say 7, it proved in a quarter of all cases that they do.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from questionnaires.instrument import SIXTHS
from reports.histograms import Histogram
from reports.kept import DETAIL_AT_LEAST
from reports.possible_scores import listed_values, possible_scores, sets_by_sum
from reports.released import Agreement, OpenEnd, Spread
from reports.statistics import (
    Scale,
    Thirds,
    agreement_of,
    bounds,
    distance,
    greatest_distance,
    is_split,
    mean,
    split_side,
    spread_words,
    thirds,
    two_thirds,
    wilson_interval,
)

# "6.7 or above" and "1.3 or below" on a 1-7 scale: the least distance from the ends of every scale, in tenths.
OPEN_FROM = 3
_HALF_A_STEP = Fraction(1, 20)
LEAST_CANDIDATES = 10

# Standard deviations in points of a 1-7 scale that stand for the group's own, which an interval would give away. They
# depend on the agreement label only, which is shown anyway, and lie above what most groups with that label have.
ASSUMED_DEVIATION = {Agreement.SHARED: 0.9, Agreement.NEITHER: 1.6, Agreement.SPLIT: 2.5}


class CoarseMean(NamedTuple):
    """A mean to one decimal, or the end of the scale that it lies at."""

    value: Fraction
    open_end: OpenEnd | None
    least: Fraction
    """The least mean that is shown like this."""
    greatest: Fraction
    """No mean that is shown like this is greater."""


def coarse_mean(histogram: Histogram, scale: Scale, n_items: int = 3) -> CoarseMean:
    """Round the mean of aspect scores to one decimal (halves upwards) and open it at the ends.

    :param n_items: how many items the aspect has; with fewer, the ends may have to be open from further inside.
    :raise ValueError: for an empty histogram.
    """
    if not histogram.n:
        raise ValueError("an empty histogram has no mean")
    total = sum(value * count for value, count in histogram.pairs)
    return _mean_of_sum(total, histogram.n, scale, n_items)


@lru_cache(maxsize=4096)
def _mean_of_sum(total: int, n: int, scale: Scale, n_items: int) -> CoarseMean:
    """Small groups have few sums, and looking whether they stand out asks for the mean of many versions of each."""
    return _rounded(Fraction(total, SIXTHS * n), scale, open_from(n, scale, n_items))


def mixed_mean(parts: Collection[Histogram], scale: Scale, n_items: int = 3) -> CoarseMean:
    """Return the mean of several groups from what is shown of each: exact means from eight answers on, else coarse.

    An open end counts as its middle. The least and greatest mean are those of the parts together.

    :raise ValueError: without any part.
    """
    shown = []
    for part in parts:
        if part.n >= DETAIL_AT_LEAST:
            shown.append((part.n, mean(part), mean(part), mean(part)))
            continue
        coarse = coarse_mean(part, scale, n_items)
        middle = coarse.value if coarse.open_end is None else (coarse.least + coarse.greatest) / 2
        shown.append((part.n, middle, coarse.least, coarse.greatest))
    n = sum(part[0] for part in shown)
    if not n:
        raise ValueError("nothing has no mean")
    middle, least, greatest = (Fraction(sum(part[0] * part[i] for part in shown)) / n for i in (1, 2, 3))
    found = _rounded(middle, scale, OPEN_FROM)
    return found._replace(least=min(least, found.least), greatest=max(greatest, found.greatest))


def _rounded(average: Fraction, scale: Scale, end: int) -> CoarseMean:
    """Round to one decimal; open from so many tenths inside the scale."""
    tenths = Fraction(math.floor(10 * average + Fraction(1, 2)), 10)
    lowest, highest = scale[0] + Fraction(end, 10), scale[1] - Fraction(end, 10)
    if tenths >= highest:
        return CoarseMean(highest, OpenEnd.TOP, highest - _HALF_A_STEP, Fraction(scale[1]))
    if tenths <= lowest:
        return CoarseMean(lowest, OpenEnd.BOTTOM, Fraction(scale[0]), lowest + _HALF_A_STEP)
    return CoarseMean(tenths, None, tenths - _HALF_A_STEP, tenths + _HALF_A_STEP)


@cache
def open_from(n: int, scale: Scale, n_items: int) -> int:
    """Return how many tenths inside the scale its ends are open, so that ten histograms or more have each mean told.

    It is 3 with three items, and up to 10 with one. From eight answers on it is 3: such figures are made of others.
    """
    if n >= DETAIL_AT_LEAST:
        return OPEN_FROM
    by_tenths: dict[int, int] = {}
    for total, n_sets in sets_by_sum(n, listed_values(n, scale, n_items)).items():
        tenths = (20 * total + SIXTHS * n) // (2 * SIXTHS * n)
        by_tenths[tenths] = by_tenths.get(tenths, 0) + n_sets
    half = 5 * (scale[1] - scale[0])
    for end in range(OPEN_FROM, half):
        told: dict[int, int] = {}
        for tenths, n_sets in by_tenths.items():
            shown = min(max(tenths, 10 * scale[0] + end), 10 * scale[1] - end)
            told[shown] = told.get(shown, 0) + n_sets
        if min(told.values()) >= LEAST_CANDIDATES:
            return end
    return half


def assumed_deviation(agreement: Agreement | None, scale: Scale) -> float:
    """Return the standard deviation, in points, that stands for the own one of a group with this label or none."""
    return ASSUMED_DEVIATION[agreement or Agreement.NEITHER] * (scale[1] - scale[0]) / 6


def coarse_interval(
    average: CoarseMean, agreement: Agreement | None, n: int, n_invited: int | None, scale: Scale
) -> tuple[float, float] | None:
    """Return the interval around the coarse mean with the assumed deviation; it reaches an open end.

    :return: None where everybody answered, as for exact figures.
    """
    found = wilson_interval(float(average.value), assumed_deviation(agreement, scale) ** 2, n, n_invited, scale)
    if found is None:
        return None
    low, high = found
    return (
        float(scale[0]) if average.open_end is OpenEnd.BOTTOM else low,
        float(scale[1]) if average.open_end is OpenEnd.TOP else high,
    )


def coarse_bounds(average: CoarseMean, n: int, n_invited: int, scale: Scale) -> tuple[Fraction, Fraction]:
    """Return bounds that hold for every mean which is rounded to the coarse one.

    They are the exact bounds of the coarse mean, wider by what rounding may have taken or the open end may hide.
    """
    return bounds(average.least, n, n_invited, scale)[0], bounds(average.greatest, n, n_invited, scale)[1]


class Words(NamedTuple):
    """What is said beside a coarse mean; both are None where nothing is, because any word would tell too much."""

    spread: Spread | None
    agreement: Agreement | None


UNTOLD = Words(None, None)
_SPREADS = (Spread.MOSTLY_LOW, Spread.MOSTLY_MIDDLE, Spread.MOSTLY_HIGH, Spread.MIXED)
_AGREEMENTS = (Agreement.SPLIT, Agreement.SHARED, Agreement.NEITHER)
N_WORDS = len(_SPREADS) * len(_AGREEMENTS)


def coarse_words(histogram: Histogram, scale: Scale, n_items: int) -> Words:
    """Return the words for spread and agreement, or none where they would give the answers away.

    :param n_items: how many items the aspect has, because that says which scores there can be.
    :raise ValueError: for an empty histogram.
    """
    if histogram.n >= DETAIL_AT_LEAST:
        # A larger group is coarse only because a small one is in it, beside parts that are shown exactly: a word that
        # depends on a limit would tell on which side of it the small group's share lies.
        return UNTOLD
    counts = thirds(histogram, scale)
    words = Words(spread_words(counts), agreement_of(counts, distance(histogram), scale, n_items))
    value = coarse_mean(histogram, scale, n_items).value
    tenths = 10 * value.numerator // value.denominator
    return words if words in told_words(histogram.n, scale, n_items).get(tenths, ()) else UNTOLD


@cache
def told_words(n: int, scale: Scale, n_items: int) -> dict[int, frozenset[Words]]:
    """Return, by the coarse mean in tenths, which words are told: those that do not give answers away (`_tells`)."""
    by_mean: dict[int, list[tuple[NDArray[np.int16], Words]]] = {}
    for kind, alike in _by_kind(n, scale, n_items).items():
        by_mean.setdefault(kind // N_WORDS, []).append((alike, words_of(kind)))
    told: dict[int, frozenset[Words]] = {}
    for tenths, found in by_mean.items():
        untold = [alike for alike, _ in found if _tells(alike)]
        safe = sorted((pair for pair in found if not _tells(pair[0])), key=lambda pair: len(pair[0]))
        while safe and untold and _tells(np.concatenate(untold)):
            untold.append(safe.pop(0)[0])
        told[tenths] = frozenset(words for _, words in safe)
    return told


def _tells(alike: NDArray[np.int16]) -> bool:
    """Whether these sets of scores are fewer than ten, or a score is in all of them equally often."""
    if len(alike) < LEAST_CANDIDATES:
        return True
    counts = ((alike == value).sum(axis=1) for value in np.unique(alike[0]))
    return any(bool((often == often[0]).all()) for often in counts)


def words_of(kind: int) -> Words:
    """Return the words of a coded kind of scores."""
    spread, view = divmod(kind % N_WORDS, len(_AGREEMENTS))
    return Words(_SPREADS[spread], _AGREEMENTS[view])


def view_of_scores(scale: Scale, n_items: int) -> Callable[[Sequence[int]], Hashable]:
    """Return what tells sorted scores apart: equal for two groups of one size with the same coarse mean and words.

    It is the arithmetic of `coarse_mean` and `coarse_words` in whole numbers, because it is asked many thousand times.
    """
    # Low is up to a third of the way up the scale and high from two thirds on, both in sixths of a point.
    low_to, high_from = 2 * (2 * scale[0] + scale[1]), 2 * (scale[0] + 2 * scale[1])

    @cache
    def limits(n: int) -> tuple[int, int, int, Mapping[int, Collection[Words]]]:
        """Return the ends of the mean in tenths, the greatest sum of deviations of a shared view, the words told."""
        end = open_from(n, scale, n_items)
        told = told_words(n, scale, n_items) if n < DETAIL_AT_LEAST else {}
        return 10 * scale[0] + end, 10 * scale[1] - end, greatest_distance(n, scale, n_items), told

    @cache
    def sides(low: int, n: int, high: int) -> tuple[Spread, bool]:
        counts = Thirds(low, n - low - high, high)
        return spread_words(counts), is_split(counts)

    def view(scores: Sequence[int]) -> Hashable:
        n, total = len(scores), sum(scores)
        lowest, highest, within, told = limits(n)
        tenths = min(max((20 * total + SIXTHS * n) // (2 * SIXTHS * n), lowest), highest)
        low, high = bisect_right(scores, low_to), n - bisect_left(scores, high_from)
        spread, is_apart = sides(low, n, high)
        alike = Agreement.SPLIT
        if not is_apart:
            middle = (n - 1) // 2
            left = sum(scores[:middle])
            deviation = total - 2 * left - scores[middle] * (n - 2 * middle)
            alike = Agreement.SHARED if deviation <= within else Agreement.NEITHER
        words = Words(spread, alike)
        return tenths, words if words in told.get(tenths, ()) else UNTOLD

    return view


@cache
def _by_kind(n: int, scale: Scale, n_items: int) -> dict[int, NDArray[np.int16]]:
    """Sort the possible scores by what they would be shown as."""
    possible = possible_scores(n, scale, n_items)
    kinds = _kinds(possible, scale, n_items)
    order = np.argsort(kinds, kind="stable")
    found, starts = np.unique(kinds[order], return_index=True)
    return dict(zip(found.tolist(), np.split(possible[order], starts[1:]), strict=True))


def _kinds(possible: NDArray[np.int16], scale: Scale, n_items: int) -> NDArray[np.int64]:
    """Code what every set of scores would be shown as: its coarse mean in tenths and its words, in one number.

    It is the arithmetic of `coarse_mean`, `thirds`, `spread_words` and `agreement` on whole columns.
    """
    n = possible.shape[1]
    total, end = possible.sum(axis=1, dtype=np.int64), open_from(n, scale, n_items)
    low_end, high_end = 10 * scale[0] + end, 10 * scale[1] - end
    tenths = np.clip((20 * total + SIXTHS * n) // (2 * SIXTHS * n), low_end, high_end)
    low = (3 * possible <= SIXTHS * (2 * scale[0] + scale[1])).sum(axis=1)
    high = (3 * possible >= SIXTHS * (scale[0] + 2 * scale[1])).sum(axis=1)
    most = two_thirds(n)
    spread = np.select([low >= most, n - low - high >= most, high >= most], [0, 1, 2], 3)
    deviation = np.abs(possible - possible[:, [(n - 1) // 2]]).sum(axis=1, dtype=np.int64)
    is_apart = (np.minimum(low, high) >= split_side(n)) & (2 * (low + high) > n)
    view = np.select([is_apart, deviation <= greatest_distance(n, scale, n_items)], [0, 1], 2)
    return np.asarray((tenths * len(_SPREADS) + spread) * len(_AGREEMENTS) + view, dtype=np.int64)
