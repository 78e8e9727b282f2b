"""What one histogram says: mean, variance, interval, bounds, agreement, spread, rungs, the name of a choice.

Every function is pure, takes histograms of integers and needs nothing else of the answers. `unit` is how many integer
steps one point has: 6 for aspect scores (sixths of a point), 1 for items, choices and ladders. `scale` is the lowest
and highest value in points. Results are exact (`Fraction`, integers) where exactness is possible; nothing is rounded.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from questionnaires.instrument import CULTURES, LEVELS, SIXTHS
from reports.histograms import Histogram
from reports.released import Agreement, Spread

Scale = tuple[int, int]

CONFIDENCE = 0.90
LOW_RESPONSE_BELOW = Fraction(6, 10)
# The quasi-binomial dispersion is not believed below this: some doubt is left even where all agree.
LEAST_DISPERSION = 0.08
# A shared view: absolute deviations from the median of at most 0.8 points of a 1-7 scale on average …
SHARED_AT_MOST = Fraction(8, 10)
# … and smaller than 95 of 100 groups of this size reach that answer at random.
RANDOM_SHARE = Fraction(5, 100)


class Thirds(NamedTuple):
    """How many answers are low, in the middle and high."""

    low: int
    middle: int
    high: int


class Rungs(NamedTuple):
    """What a ladder's answers say about the team's rung."""

    reached: int
    majority: int
    needed: int
    missing_for_next: int | None


def mean(histogram: Histogram, unit: int = SIXTHS) -> Fraction:
    """Return the mean in points: sum of value times count, over n.

    :raise ValueError: for an empty histogram.
    """
    if not histogram.n:
        raise ValueError("an empty histogram has no mean")
    return Fraction(sum(value * count for value, count in histogram.pairs), histogram.n * unit)


def variance(histogram: Histogram, unit: int = SIXTHS) -> Fraction:
    """Return the sample variance in squared points: (S2 - S1^2 / n) / (n - 1), and 0 for a single answer.

    :raise ValueError: for an empty histogram.
    """
    if not histogram.n:
        raise ValueError("an empty histogram has no variance")
    if histogram.n == 1:
        return Fraction(0)
    first = sum(value * count for value, count in histogram.pairs)
    second = sum(value * value * count for value, count in histogram.pairs)
    return (second - Fraction(first * first, histogram.n)) / ((histogram.n - 1) * unit * unit)


def wilson_interval(
    average: float, spread: float, n: int, n_invited: int | None, scale: Scale, confidence: float = CONFIDENCE
) -> tuple[float, float] | None:
    """Return the interval for the mean of everybody invited: quasi-binomial Wilson, finite-population corrected.

    The mean m is taken as a proportion p = (m - lowest) / width of the scale. With the sample variance s^2, dispersion
    phi = clip(s^2 / (width^2 p (1 - p)), 0.08, 1), or 0.08 where p is 0 or 1; effective n_e = n / (phi (1 - n / N));
    z the t quantile with n - 1 degrees of freedom. Wilson (1927): centre (p + z^2 / 2 n_e) / (1 + z^2 / n_e),
    half-width z sqrt(p (1 - p) / n_e + z^2 / 4 n_e^2) / (1 + z^2 / n_e). Unlike t it never leaves the scale and is
    never of zero width; over five profiles and 4 to 15 people it covers 90 % or more.

    :param average: the mean in points.
    :param spread: the sample variance in squared points.
    :param n_invited: N. None where it is unknown: the interval is then for a large group like this one.
    :return: None where everybody answered (there is nothing left to estimate) or a single person did.
    """
    if n < 2 or (n_invited is not None and n >= n_invited):
        return None
    lowest, width = scale[0], scale[1] - scale[0]
    p = min(max((average - lowest) / width, 0.0), 1.0)
    binomial = p * (1 - p)
    dispersion = LEAST_DISPERSION
    if binomial > 0:
        dispersion = min(max(spread / (width * width * binomial), LEAST_DISPERSION), 1.0)
    missing = 1.0 if n_invited is None else 1 - n / n_invited
    effective = n / (dispersion * missing)
    z = t_quantile((1 + confidence) / 2, n - 1)
    shrink = 1 + z * z / effective
    centre = (p + z * z / (2 * effective)) / shrink
    half = z * math.sqrt(binomial / effective + z * z / (4 * effective * effective)) / shrink
    return lowest + width * max(centre - half, 0.0), lowest + width * min(centre + half, 1.0)


def bounds(average: Fraction, n: int, n_invited: int, scale: Scale) -> tuple[Fraction, Fraction]:
    """Return the least and greatest mean of all N invited, whatever those who did not answer think.

    [(n m + (N - n) lowest) / N, (n m + (N - n) highest) / N]: exact, and the only statement that holds when not
    answering depends on what one would have answered (Manski's worst-case bounds).

    :raise ValueError: when more answered than were invited.
    """
    if n > n_invited:
        raise ValueError(f"{n} answers of {n_invited} invited have no bounds")
    silent = n_invited - n
    return (n * average + silent * scale[0]) / n_invited, (n * average + silent * scale[1]) / n_invited


@cache
def t_quantile(probability: float, degrees: int) -> float:
    """Return the quantile of Student's t distribution."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, probability))


def thirds(histogram: Histogram, scale: Scale, unit: int = SIXTHS) -> Thirds:
    """Count low, middle and high answers: on a 1-7 scale up to 3, between, and from 5.

    On other scales the outer thirds of the width, ends included, which are whole sixths of a point on any scale.
    """
    lowest, highest = scale
    low = sum(count for value, count in histogram.pairs if 3 * value <= (2 * lowest + highest) * unit)
    high = sum(count for value, count in histogram.pairs if 3 * value >= (lowest + 2 * highest) * unit)
    return Thirds(low, histogram.n - low - high, high)


def spread_words(counts: Thirds) -> Spread:
    """Name the third that at least two thirds of the answers lie in, or say that they are mixed.

    From five answers on the same word stands for all and for all but one, and no word tells none from one.
    """
    needed = two_thirds(sum(counts))
    for word, count in zip((Spread.MOSTLY_LOW, Spread.MOSTLY_MIDDLE, Spread.MOSTLY_HIGH), counts, strict=True):
        if count >= needed:
            return word
    return Spread.MIXED


def median_deviation(histogram: Histogram, unit: int = SIXTHS) -> Fraction:
    """Return AD_Md: the mean absolute deviation from the median, in points (Burke & Dunlap 2002).

    Any median gives the same sum, so of an even number of answers the lower middle one is taken.

    :raise ValueError: for an empty histogram.
    """
    if not histogram.n:
        raise ValueError("an empty histogram has no median")
    seen, median = 0, 0
    for value, count in histogram.pairs:
        seen += count
        if 2 * seen >= histogram.n:
            median = value
            break
    return Fraction(sum(abs(value - median) * count for value, count in histogram.pairs), histogram.n * unit)


def agreement(histogram: Histogram, scale: Scale, unit: int = SIXTHS) -> Agreement:
    """Say whether views lie close together, fall apart, or neither.

    Split: at least two people low and at least two high, and from 13 answers on at least a sixth each, because in a
    department two on either side are always found. Shared: AD_Md of at most 0.8 points (on 1-7; the same share
    of the width on other scales) and below what 5 % of groups of random raters of this size reach.
    """
    counts = thirds(histogram, scale, unit)
    side = max(2, -(-histogram.n // 6))
    if counts.low >= side and counts.high >= side:
        return Agreement.SPLIT
    is_shared = median_deviation(histogram, unit) <= agreed_within(histogram.n, scale)
    return Agreement.SHARED if is_shared else Agreement.NEITHER


def agreed_within(n: int, scale: Scale) -> Fraction:
    """Return the largest AD_Md, in points, that still is a shared view of n people."""
    return min(SHARED_AT_MOST, random_agreement(n)) * Fraction(scale[1] - scale[0], 6)


@cache
def random_agreement(n: int) -> Fraction:
    """Return the AD_Md that 5 % of groups of n raters, each choosing 1 to 7 by chance, reach or stay below.

    Exact, by counting all histograms with their multinomial weights; 0.50, 0.60 and 0.83 for n = 4, 5 and 6. From six
    raters on it lies above the limit of 0.8, which is returned instead of the count.
    """
    if n >= 6:
        return SHARED_AT_MOST
    ways: dict[Fraction, int] = {}

    def place(value: int, left: int, counts: dict[int, int], weight: int) -> None:
        if value == 7:
            deviation = median_deviation(Histogram.of({**counts, 7: left}), unit=1)
            ways[deviation] = ways.get(deviation, 0) + weight
            return
        for count in range(left + 1):
            place(value + 1, left - count, {**counts, value: count}, weight * math.comb(left, count))

    place(1, n, {}, 1)
    seen = 0
    for deviation in sorted(ways):
        seen += ways[deviation]
        if Fraction(seen, 7**n) >= RANDOM_SHARE:
            return deviation
    raise AssertionError("the shares of all histograms add up to one")


def two_thirds(n: int) -> int:
    """Return how many of n people two thirds are: ceil(2 n / 3)."""
    return -(-2 * n // 3)


def rungs(histogram: Histogram) -> Rungs:
    """Return the rung that two thirds put at or above, the one that a majority does, and what is missing for the next.

    Two thirds are ceil(2 n / 3), a majority floor(n / 2) + 1. Rung 0 is always reached. Two thirds over-claim in 1 to 7
    of 100 simulated areas, a rounded mean in 9 to 22.

    :raise ValueError: for an empty histogram.
    """
    if not histogram.n:
        raise ValueError("an empty histogram has reached no rung")
    needed = two_thirds(histogram.n)

    def highest(least: int) -> int:
        return max(rung for rung in range(LEVELS) if rung == 0 or at_or_above(histogram, rung) >= least)

    reached = highest(needed)
    missing = None if reached == LEVELS - 1 else needed - at_or_above(histogram, reached + 1)
    return Rungs(reached, highest(histogram.n // 2 + 1), needed, missing)


def at_or_above(histogram: Histogram, rung: int) -> int:
    """Count the answers at or above a rung."""
    return sum(count for value, count in histogram.pairs if value >= rung)


def choice_name(histogram: Histogram) -> str | None:
    """Return the culture that at least two thirds chose, or None: "mixed".

    :raise ValueError: for an empty histogram.
    """
    if not histogram.n:
        raise ValueError("an empty histogram has no name")
    for index, culture in enumerate(CULTURES, start=1):
        if histogram.counts.get(index, 0) >= two_thirds(histogram.n):
            return culture
    return None
