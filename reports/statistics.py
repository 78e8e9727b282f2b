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
# … and so small that no more than 5 of 100 groups are as close whose people lie anywhere on the scale.
RANDOM_SHARE = Fraction(5, 100)
# Of larger groups fewer than 5 of 100 are within 0.8 points by chance, on every scale and with any number of items.
CHANCE_COUNTS_UP_TO = 12


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
    low_to, high_from = (2 * lowest + highest) * unit, (lowest + 2 * highest) * unit
    low = sum([count for value, count in histogram.pairs if 3 * value <= low_to])
    high = sum([count for value, count in histogram.pairs if 3 * value >= high_from])
    return Thirds(low, histogram.n - low - high, high)


@cache
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
    return Fraction(distance(histogram), histogram.n * unit)


def distance(histogram: Histogram) -> int:
    """Return the sum of distances from the median, in the steps that values are counted in; 0 for nothing."""
    seen = median = 0
    for value, count in histogram.pairs:
        seen += count
        if 2 * seen >= histogram.n:
            median = value
            break
    return sum([abs(value - median) * count for value, count in histogram.pairs])


def agreement(histogram: Histogram, scale: Scale, n_items: int) -> Agreement:
    """Say whether views lie close together, fall apart, or neither: `is_split`, else AD_Md up to `agreed_within`.

    :param histogram: scores of an aspect, in sixths of a point.
    :param n_items: how many items the aspect has.
    """
    return agreement_of(thirds(histogram, scale), distance(histogram), scale, n_items)


def agreement_of(counts: Thirds, total_distance: int, scale: Scale, n_items: int) -> Agreement:
    """Say the same as `agreement`, from the thirds and the sum of distances from the median in sixths of a point."""
    if is_split(counts):
        return Agreement.SPLIT
    return Agreement.SHARED if total_distance <= greatest_distance(sum(counts), scale, n_items) else Agreement.NEITHER


@cache
def greatest_distance(n: int, scale: Scale, n_items: int) -> int:
    """Return the greatest sum of distances from the median that is a shared view, in sixths of a point."""
    return math.floor(agreed_within(n, scale, n_items) * n * SIXTHS)


def is_split(counts: Thirds) -> bool:
    """Whether views fall apart: enough people at either side, and more at the two sides than between them.

    Enough are two, and from 13 answers on a sixth, because in a department two on either side are always found. Without
    the second condition most groups of one opinion near the middle of the scale are called split, the more the larger.
    """
    return min(counts.low, counts.high) >= split_side(sum(counts)) and counts.low + counts.high > counts.middle


def split_side(n: int) -> int:
    """Return how many of n people a split needs at either side."""
    return max(2, -(-n // 6))


@cache
def agreed_within(n: int, scale: Scale, n_items: int) -> Fraction:
    """Return the largest AD_Md, in points, that still is a shared view of n people.

    At most 0.8 points of a 1-7 scale, the same share of the width of others; and the largest that no more than 5 % of
    groups reach or stay below in which every score that answers to so many items can have (1, 1 1/3, 1 2/3 … 7 with
    three) is equally likely: people differ, the items of a person do not. On 1-7 with three items it is 8/15, 2/3 and
    16/21 for five, six and seven people, and 0.8 from eight on; with one item 2/5, 2/3, 5/7 and so on up to 0.8.

    :return: -1 where not even full agreement is that rare, as with two people or two possible scores.
    """
    most = SHARED_AT_MOST * Fraction(scale[1] - scale[0], 6)
    if n > CHANCE_COUNTS_UP_TO:
        return most
    step = Fraction(1, n_items)
    n_scores = n_items * (scale[1] - scale[0]) + 1
    seen, rare = 0, -1
    ways = _chances(n, n_scores, math.floor(most * n / step))
    for steps, n_ways in enumerate(ways):
        seen += n_ways
        if seen > RANDOM_SHARE * n_scores**n:
            return rare * step / n if rare >= 0 else Fraction(-1)
        rare = steps
    return most


def _chances(n: int, n_scores: int, most: int) -> list[int]:
    """Count the ways in which n people choose one of so many scores each, by their sum of distances from the median.

    The distances are in steps from score to score, up to the most. Between two neighbouring scores as many distances
    pass as people stand on the emptier side: their sum is that of min(c, n - c) over all gaps, with c people below.

    :return: by the sum of distances, from 0 to the most.
    """
    ways = {(0, 0): 1}
    for _ in range(n_scores - 1):
        after: dict[tuple[int, int], int] = {}
        for (below, distance), n_ways in ways.items():
            for more in range(n - below + 1):
                moved = distance + min(below + more, n - below - more)
                if moved <= most:
                    place = below + more, moved
                    after[place] = after.get(place, 0) + n_ways * math.comb(n - below, more)
        ways = after
    return [sum(n_ways for (_, reached), n_ways in ways.items() if reached == steps) for steps in range(most + 1)]


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
