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

from reports.comparisons import Pairs, pairs_of
from reports.histograms import Histogram

Stratum = tuple[Histogram, Histogram]
"""One team's answers before and after."""


FALSE_SHARE = 0.10
"""At most this share of the aspects called changed, or different, is expected to be called so by chance."""


class VanElteren(NamedTuple):
    """The outcome of the stratified test."""

    z: float
    """Standard normal where nothing changed; above 0 where answers rose."""
    p: float
    """Two-sided, from the normal limit."""
    delta: Fraction
    """Cliff's delta within teams, from -1 to 1: the weighted mean over the strata."""
    n_strata: int
    pairs: Pairs
    """Shares of pairs within teams in which the later answer is higher, equal and lower, weighted like delta."""


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
    higher, lower, variance, pairs, n_strata = Fraction(0), Fraction(0), Fraction(0), Fraction(0), 0
    for before, after in strata:
        if not before.n or not after.n:
            continue
        n_strata += 1
        both = before + after
        weight = Fraction(1, both.n + 1)
        shares, size = pairs_of(before, after), weight * before.n * after.n
        higher += size * shares.higher
        lower += size * shares.lower
        pairs += size
        ties = Fraction(sum(count**3 - count for _, count in both.pairs), both.n * (both.n - 1))
        variance += weight**2 * Fraction(before.n * after.n, 12) * (both.n + 1 - ties)
    if not n_strata:
        raise ValueError("a stratified test needs a stratum with answers on both sides")
    balance = higher - lower
    z = float(balance / 2) / math.sqrt(variance) if variance else 0.0
    shares = Pairs(higher / pairs, (pairs - higher - lower) / pairs, lower / pairs)
    return VanElteren(z, math.erfc(abs(z) / math.sqrt(2)), balance / pairs, n_strata, shares)


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


class RowMeanScores(NamedTuple):
    """The outcome of the stratified test of several groups."""

    statistic: float
    """Chi-square distributed where the groups answer alike within strata."""
    df: int
    """Degrees of freedom: the number of groups less one."""
    p: float


def row_mean_scores(strata: Iterable[Sequence[Histogram]]) -> RowMeanScores | None:
    """Test whether several groups answer differently within strata.

    The generalised Cochran-Mantel-Haenszel statistic for row mean scores, with rank scores within strata (Mantel 1963;
    Landis, Heyman & Koch 1978, section 3), weighted as van Elteren (1960) does. In a stratum with N answers, n_i of
    group i, R_i is the sum of the midranks of group i, E_i = n_i (N + 1) / 2, and under no difference
    Cov(R_i, R_j) = (N + 1 - sum(t^3 - t) / (N (N - 1))) / 12 (n_i N [i = j] - n_i n_j) with t the sizes of the groups
    of ties. With w = 1 / (N + 1), d = sum w (R - E) and V = sum w^2 Cov, both without one group (whichever, since the
    ranks of all add up to the same), Q = d' V^-1 d is chi-square with one degree of freedom fewer than groups. Of a
    single stratum it is the Kruskal-Wallis test with correction for ties; of two groups, the square of van Elteren's z.

    Everything up to the tail of the distribution is exact. Strata with answers of one group only, or without different
    answers, say nothing.

    :param strata: the answers of every group in each stratum, groups always in the same order, in any unit.
    :return: None where the strata that say something do not connect all groups, so that not all can be compared.
    :raise ValueError: for fewer than two groups.
    """
    n_groups = 0
    # By the size of the stratum: sums of twice R - E, and of n_i N [i = j] - n_i n_j times what ties leave.
    balances: dict[int, list[int]] = {}
    covariances: dict[int, list[list[int]]] = {}
    for stratum in strata:
        n_groups = len(stratum)
        n = [group.n for group in stratum]
        total, doubled, spread = sum(n), _doubled_rank_sums(stratum), _rank_spread(stratum)
        if sum(map(bool, n)) < 2 or not spread:
            continue
        balance = balances.setdefault(total, [0] * n_groups)
        covariance = covariances.setdefault(total, [[0] * n_groups for _ in n])
        for i in range(n_groups):
            balance[i] += doubled[i] - n[i] * (total + 1)
            for j in range(n_groups):
                covariance[i][j] += spread * ((n[i] * total if i == j else 0) - n[i] * n[j])
    if n_groups == 1:
        raise ValueError("a test of groups needs two or more")
    df = n_groups - 1
    d = [sum((Fraction(b[i], 2 * (total + 1)) for total, b in balances.items()), Fraction(0)) for i in range(df)]
    v = [
        [
            sum(
                (Fraction(c[i][j], 12 * total * (total - 1) * (total + 1) ** 2) for total, c in covariances.items()),
                Fraction(0),
            )
            for j in range(df)
        ]
        for i in range(df)
    ]
    solved = _solved(v, d)
    if solved is None:
        return None
    from scipy.special import gammaincc

    statistic = float(sum(one * two for one, two in zip(d, solved, strict=True)))
    return RowMeanScores(statistic, df, float(gammaincc(df / 2, statistic / 2)))


def _doubled_rank_sums(groups: Sequence[Histogram]) -> list[int]:
    """Return twice the sum of midranks of every group, which is a whole number."""
    below, sums = 0, [0] * len(groups)
    for value, count in Histogram.total(groups).pairs:
        for i, group in enumerate(groups):
            sums[i] += group.counts.get(value, 0) * (2 * below + count + 1)
        below += count
    return sums


def _rank_spread(groups: Sequence[Histogram]) -> int:
    """Return twelve times the sum of squared deviations of midranks from their mean: N^3 - N - sum(t^3 - t)."""
    both = Histogram.total(groups)
    return both.n**3 - both.n - sum(count**3 - count for _, count in both.pairs)


def _solved(matrix: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> list[Fraction] | None:
    """Solve linear equations exactly; None where the matrix, a covariance, is singular."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    if not rows:
        return None
    for i, pivot in enumerate(rows):
        # A covariance without a positive pivot left has none in any other order either.
        if not pivot[i]:
            return None
        rows[i] = [value / pivot[i] for value in pivot]
        for j, row in enumerate(rows):
            if j != i:
                rows[j] = [value - row[i] * own for value, own in zip(row, rows[i], strict=True)]
    return [row[-1] for row in rows]
