"""What two histograms say about a change: exact permutation test, Cliff's delta, minimum detectable change.

All of it is for unpaired groups: mostly the same people answer again, but nobody can be followed from quarter to
quarter, on purpose, which makes the tests careful rather than wrong. The finite-population correction of the interval
has no place here: two full counts of the same people still differ by mood.
"""

from __future__ import annotations

import math
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from questionnaires.instrument import Questionnaire
from reports.coarse import assumed_deviation
from reports.histograms import Histogram
from reports.released import Method, OpenEnd, ReleasedAspect
from reports.statistics import mean, t_quantile, variance

ALPHA = Fraction(5, 100)
HALF_A_TENTH = 0.05
# The standard deviation of aspect scores, in points of a 1-7 scale, that detectable changes are stated for.
USUAL_DEVIATION = 1.14
# Where counting all permutations would take more work than this, about a fifth of a second, their normal limit is used.
MOST_WORK = 7e9


class Magnitude(StrEnum):
    """Cliff's delta in words (limits .147, .33 and .474; Romano and others 2006). Only beside a passed test."""

    NEGLIGIBLE = "negligible"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class Verdict(NamedTuple):
    """The outcome of a test of one aspect's change."""

    direction: int
    """+1 or -1 where the change passed the test, else 0."""
    p: Fraction
    method: Method
    delta: Fraction


def judge(before: Histogram, after: Histogram) -> Verdict:
    """Test one frozen focus aspect: a change is one with a mid-p of at most .05.

    :raise ValueError: when a side is empty.
    """
    p, method = permutation_test(before, after)
    direction = 0
    if p <= ALPHA:
        direction = 1 if mean(after) > mean(before) else -1
    return Verdict(direction, p, method, cliffs_delta(before, after))


def judge_released(before: ReleasedAspect, after: ReleasedAspect) -> int:
    """Test one frozen focus aspect where a quarter is coarse, from nothing but what is shown of the two.

    Of all means that are shown like these, the two nearest each other are compared: their distance must exceed
    t(.975; n1 + n2 - 2) * sqrt(s1^2 / n1 + s2^2 / n2), with the deviation s of an exact quarter's own histogram and
    the one assumed for the agreement label of a coarse one, as for its interval.

    :return: +1 or -1 where the change passed the test, else 0.
    """
    (least, greatest, _), (later_least, later_greatest, _) = map(mean_between, (before, after))
    needed = _needed(before, after)
    if later_least - greatest > needed:
        return 1
    return -1 if least - later_greatest > needed else 0


def detectable(before: ReleasedAspect, after: ReleasedAspect) -> float | None:
    """Return the minimum detectable change of what is shown of two quarters, in points.

    Of two exact ones it is `detectable_change`. Where one is coarse it is the least distance of the two means shown
    that `judge_released` calls a change: what that needs, and for each coarse quarter the half tenth that rounding may
    have taken. An open end counts as the number that stands there.
    """
    n_coarse = sum(shown.histogram is None for shown in (before, after))
    if not n_coarse:
        return detectable_change(before.n, after.n, after.scale[1] - after.scale[0])
    return _needed(before, after) + n_coarse * HALF_A_TENTH


def _needed(before: ReleasedAspect, after: ReleasedAspect) -> float:
    errors = sum(mean_between(shown)[2] for shown in (before, after))
    return t_quantile(0.975, before.n + after.n - 2) * math.sqrt(errors)


def mean_between(shown: ReleasedAspect) -> tuple[float, float, float]:
    """Return the least and greatest mean that is shown like this, and the squared standard error of the mean.

    Points and squared points. An exact figure's least and greatest mean are its mean; a coarse one's are half a tenth
    on either side, or the end of the scale where it is open.
    """
    if shown.histogram is not None:
        return shown.mean, shown.mean, float(variance(shown.histogram)) / shown.n
    deviation = assumed_deviation(shown.agreement, shown.scale)
    least = shown.scale[0] if shown.open_end is OpenEnd.BOTTOM else shown.mean - HALF_A_TENTH
    greatest = shown.scale[1] if shown.open_end is OpenEnd.TOP else shown.mean + HALF_A_TENTH
    return least, greatest, deviation**2 / shown.n


def permutation_p(before: Histogram, after: Histogram) -> Fraction:
    """Return the p of `permutation_test` alone."""
    return permutation_test(before, after)[0]


def permutation_test(before: Histogram, after: Histogram) -> tuple[Fraction, Method]:
    """Return the two-sided mid-p of the permutation test of equal means, and how it was found.

    Every way to deal the pooled answers out to two groups of these sizes is equally likely when nothing changed.
    With d the difference of means, mid-p = P(|D| > |d|) + P(|D| = |d|) / 2. The ways are the coefficients of
    prod_v sum_k C(c_v, k) x^k y^(k v) over the pooled counts c_v, counted in exact integers. It is symmetric in its
    arguments and 1/2 or more where the means are equal. False alarms at .05 in simulations: at most .057.

    Where counting would take too long, which depends on the smaller group and on how many different answers there are
    (8 answers are counted against thousands, 150 not against 150), the permutation distribution's normal limit, with
    its exact mean and variance (Wald & Wolfowitz 1944), takes its place. The limit is no mid-p, and off most where
    nearly all answers are alike, which is where counting is quick. Just beyond the seam (three items, 110 against 150)
    it was within .003 of the counted p wherever that was .2 or less, and no verdict of 120 differed.

    :raise ValueError: when a side is empty.
    """
    if not before.n or not after.n:
        raise ValueError("a permutation test needs answers on both sides")
    small, large = sorted((before, after), key=lambda histogram: histogram.n)
    pooled = before + after
    lowest = pooled.pairs[0][0]
    steps = math.gcd(*(value - lowest for value, _ in pooled.pairs)) or 1
    counts = [((value - lowest) // steps, count) for value, count in pooled.pairs]
    observed = sum((value - lowest) // steps * count for value, count in small.pairs)
    total = sum(value * count for value, count in counts)
    if _work(counts, small.n) > MOST_WORK:
        return _normal_limit(small, pooled), Method.NORMAL_LIMIT
    sums = _ways(counts, small.n)
    # With s the sum of the smaller group, |d| is proportional to |s (n1 + n2) - total n1|: whole numbers throughout.
    distance = abs(observed * pooled.n - total * small.n)
    beyond = equal = 0
    for value, ways in sums:
        other = abs(value * pooled.n - total * small.n)
        beyond += ways * (other > distance)
        equal += ways * (other == distance)
    return Fraction(2 * beyond + equal, 2 * math.comb(pooled.n, large.n)), Method.EXACT


def _work(counts: list[tuple[int, int]], n: int) -> float:
    """Return about how much work `_ways` is: its products, each by the bits of one factor and words of the other."""
    seen, left = 0, sum(count for _, count in counts)
    bits = (math.lgamma(left + 1) - math.lgamma(n + 1) - math.lgamma(left - n + 1)) / math.log(2)
    products = 0.0
    for _, count in counts:
        left -= count
        n_products = (min(n, seen + count) - max(n - left, 1) + 1) * min(count, n, seen + 1)
        products += n_products * (1 + min(count, n * math.log2(count + 1)) / 64)
        seen += count
    return products * (bits + 1) * (n * counts[-1][0] + 1)


def _ways(counts: list[tuple[int, int]], n: int) -> list[tuple[int, int]]:
    """Count the ways to draw n answers by their sum.

    A polynomial in y is held in one large integer, with more bits for a coefficient than any can need, so that
    multiplying by a power of y is a shift.
    """
    bits = math.comb(sum(count for _, count in counts), n).bit_length() + 1
    by_size = [1] + [0] * n
    seen, left = 0, sum(count for _, count in counts)
    for value, count in counts:
        left -= count
        # Fewer answers than can become n with those left are not needed, and more than there were yet cannot be.
        for size in range(min(n, seen + count), max(n - left, 1) - 1, -1):
            by_size[size] += sum(
                (by_size[size - k] << (bits * k * value)) * math.comb(count, k)
                for k in range(max(1, size - seen), min(count, size) + 1)
            )
        seen += count
    coefficients, found, mask, value = by_size[n], [], (1 << bits) - 1, 0
    text = coefficients.to_bytes((coefficients.bit_length() + bits + 7) // 8, "little")
    for value in range(coefficients.bit_length() // bits + 1):
        start, skip = divmod(value * bits, 8)
        part = int.from_bytes(text[start : start + (bits + skip + 7) // 8], "little") >> skip & mask
        if part:
            found.append((value, part))
    return found


def _normal_limit(small: Histogram, pooled: Histogram) -> Fraction:
    """Return the two-sided p of the smaller group's sum under the normal limit of its permutation distribution."""
    first = sum(value * count for value, count in pooled.pairs)
    second = sum(value * value * count for value, count in pooled.pairs)
    expected = Fraction(first * small.n, pooled.n)
    squares = second - Fraction(first * first, pooled.n)
    spread = squares * small.n * (pooled.n - small.n) / (pooled.n * (pooled.n - 1))
    if not spread:
        return Fraction(1)
    distance = abs(sum(value * count for value, count in small.pairs) - expected)
    return Fraction(math.erfc(float(distance) / math.sqrt(2 * float(spread))))


def cliffs_delta(before: Histogram, after: Histogram) -> Fraction:
    """Return Cliff's delta: P(after > before) - P(after < before) over all pairs, from -1 to 1.

    :raise ValueError: when a side is empty.
    """
    shares = pairs_of(before, after)
    return shares.higher - shares.lower


class Pairs(NamedTuple):
    """Shares of all pairs of one answer from before and one from after; they are 1 together."""

    higher: Fraction
    """The later answer is the higher one."""
    equal: Fraction
    lower: Fraction


def pairs_of(before: Histogram, after: Histogram) -> Pairs:
    """Return in which share of all pairs the later answer is higher, equal and lower; higher less lower is delta.

    :raise ValueError: when a side is empty.
    """
    if not before.n or not after.n:
        raise ValueError("pairs need answers on both sides")
    n_higher = n_lower = 0
    for earlier, n_before in before.pairs:
        for later, n_after in after.pairs:
            n_higher += n_before * n_after * (later > earlier)
            n_lower += n_before * n_after * (later < earlier)
    n = before.n * after.n
    return Pairs(Fraction(n_higher, n), Fraction(n - n_higher - n_lower, n), Fraction(n_lower, n))


def superiority(delta: Fraction) -> Fraction:
    """Return how often a random answer of after lies above one of before, ties counted half: (delta + 1) / 2."""
    return (delta + 1) / 2


def magnitude(delta: Fraction) -> Magnitude:
    """Return the word for the size of a delta, whatever its sign."""
    for limit, word in ((147, Magnitude.NEGLIGIBLE), (330, Magnitude.SMALL), (474, Magnitude.MEDIUM)):
        if abs(delta) < Fraction(limit, 1000):
            return word
    return Magnitude.LARGE


def detectable_change(n_before: int, n_after: int, width: int = 6) -> float | None:
    """Return the minimum detectable change of a mean, in points: a smaller one could be chance.

    t(.975; n1 + n2 - 2) * sd * sqrt(1/n1 + 1/n2) with the usual deviation of 1.14 on a 1-7 scale, for other scales in
    proportion to their width. It depends on the numbers of answers only, never on the answers.

    :return: None below two answers on a side.
    """
    if min(n_before, n_after) < 2:
        return None
    deviation = USUAL_DEVIATION * width / 6
    return t_quantile(0.975, n_before + n_after - 2) * deviation * math.sqrt(1 / n_before + 1 / n_after)


def is_comparable(before: Questionnaire, after: Questionnaire, aspect: str) -> bool:
    """Return whether two quarters' scores of an aspect mean the same: same scale, same meaning ids of its items."""
    if aspect not in before.aspects or aspect not in after.aspects:
        return False
    earlier, later = before.aspects[aspect][0], after.aspects[aspect][0]
    return earlier.aspect_meaning(aspect) == later.aspect_meaning(aspect)
