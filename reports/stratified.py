"""A test of one change over many teams at once: van Elteren's, and Benjamini and Hochberg's correction for many tests.

A quarter's answers of a whole organisation cannot be compared in one heap: where a team that always answers low has
more answers than last time, the heap's mean falls although nobody changed. So every team is compared with itself, and
only the comparisons are added up. Teams are the strata.

Everything is for unpaired answers, as in `reports.comparisons`: nobody can be followed from quarter to quarter.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from reports.comparisons import cliffs_delta
from reports.histograms import Histogram

Stratum = tuple[Histogram, Histogram]
"""One team's answers before and after."""


class VanElteren(NamedTuple):
    """The outcome of the stratified test."""

    z: float
    """Standard normal where nothing changed; above 0 where answers rose."""
    p: float
    """Two-sided, from the normal limit."""
    delta: Fraction
    """Cliff's delta within teams, from -1 to 1: the weighted mean over the strata."""
    n_strata: int


def van_elteren(strata: Iterable[Stratum]) -> VanElteren:
    """Test whether answers rose or fell within strata.

    With m answers before, n after and N = m + n in a stratum, W the sum of the midranks of the later answers:
    W - n (N + 1) / 2 = m n delta / 2 with Cliff's delta, and under no change its variance is
    m n / 12 (N + 1 - sum(t^3 - t) / (N (N - 1))) with t the sizes of the groups of ties. Each stratum is weighted by
    1 / (N + 1), which is best where all change alike (van Elteren 1960; Lehmann & D'Abrera 1975, section 3.3):
    z = sum w (W - E) / sqrt(sum w^2 Var), p = erfc(abs(z) / sqrt(2)). There is no continuity correction. Of a single
    stratum it is the Wilcoxon-Mann-Whitney test with correction for ties.

    The sums are exact; only the square root and the normal tail are floating point. Strata with an empty side say
    nothing about a change and are left out. Where no answer differs from another within a stratum, z is 0 and p 1.

    :param strata: the answers of each team before and after, in any unit; only their order counts.
    :raise ValueError: when no stratum has answers on both sides.
    """
    balance, variance, pairs, n_strata = Fraction(0), Fraction(0), Fraction(0), 0
    for before, after in strata:
        if not before.n or not after.n:
            continue
        n_strata += 1
        both = before + after
        weight = Fraction(1, both.n + 1)
        balance += weight * before.n * after.n * cliffs_delta(before, after)
        pairs += weight * before.n * after.n
        ties = Fraction(sum(count**3 - count for _, count in both.pairs), both.n * (both.n - 1))
        variance += weight**2 * Fraction(before.n * after.n, 12) * (both.n + 1 - ties)
    if not n_strata:
        raise ValueError("a stratified test needs a stratum with answers on both sides")
    z = float(balance / 2) / math.sqrt(variance) if variance else 0.0
    return VanElteren(z, math.erfc(abs(z) / math.sqrt(2)), balance / pairs, n_strata)


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Return p values adjusted for being several, in the order given (Benjamini & Hochberg 1995).

    Of m values the i-th smallest becomes the least of p_(j) m / j over all j >= i, and at most 1. Calling changed what
    is at most q keeps the expected share of false ones among all called changed at q or below, for tests that are
    independent or depend on each other positively, as aspects of one survey do.

    :raise ValueError: for a value outside 0 to 1.
    """
    if any(not 0 <= p <= 1 for p in p_values):
        raise ValueError(f"p values lie between 0 and 1, not {list(p_values)}")
    found = [0.0] * len(p_values)
    least = 1.0
    largest_first = sorted(range(len(p_values)), key=lambda index: p_values[index], reverse=True)
    for passed, index in enumerate(largest_first):
        least = min(least, p_values[index] * (len(p_values) / (len(p_values) - passed)))
        found[index] = least
    return found
