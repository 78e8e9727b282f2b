"""`python -m tests.reports.oracles`: our numbers beside those of others, and the difference.

Expected values come from published examples and from scipy and statsmodels run here; where a row says "by hand", the
arithmetic stands in `docs/methods.md`. `test_oracles.py` holds every row.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

import numpy as np
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from reports.comparisons import cliffs_delta, detectable_change, permutation_p, superiority
from reports.histograms import Histogram
from reports.statistics import (
    agreed_within,
    bounds,
    mean,
    median_deviation,
    rungs,
    t_quantile,
    two_thirds,
    variance,
    wilson_interval,
)
from reports.steadiness import chance_of_one_way
from tests.reports.oracle_row import Row
from tests.reports.organisation_oracles import organisation_rows

SCALE = (1, 7)
EFFSIZE = (
    [10, 20, 30, 40, 40, 50],
    [10, 10, 20, 20, 20, 30, 30, 30, 40, 50],
    [10, 20, 20, 20, 30, 30, 30, 40, 50, 100],
)


def rows() -> Iterator[Row]:
    """Yield every oracle."""
    yield from _levels()
    yield from _agreement()
    yield from _changes()
    yield from _ladders()
    yield from organisation_rows()


def _interval(values: list[int], n_invited: int | None) -> tuple[float, float]:
    answers = Histogram.count(values)
    found = wilson_interval(float(mean(answers, 1)), float(variance(answers, 1)), answers.n, n_invited, SCALE)
    assert found is not None
    return found


def _levels() -> Iterator[Row]:
    values = [4, 5, 5, 6, 6, 7]
    answers, given = Histogram.count(values), "4 5 5 6 6 7"
    yield Row("mean", given, float(mean(answers, 1)), float(np.mean(values)), "numpy")
    deviation = math.sqrt(variance(answers, 1))
    yield Row("standard deviation", given, deviation, float(np.std(values, ddof=1)), "numpy")
    yield Row("standard deviation", given, deviation, 1.0488088, "independent run", 1e-7)
    # Plain t with finite-population correction, which our interval replaces: built of our own parts.
    half = t_quantile(0.95, 5) * deviation / math.sqrt(6) * math.sqrt(1 - 6 / 8)
    yield Row("t + FPC (not used), low", f"{given}, N = 8", 5.5 - half, 5.068604, "independent run", 1e-6)
    yield Row("t + FPC (not used), high", f"{given}, N = 8", 5.5 + half, 5.931396, "independent run", 1e-6)
    low, high = bounds(mean(answers, 1), 6, 8, SCALE)
    yield Row("bound, least", f"{given}, N = 8", float(low), 4.375, "by hand")
    yield Row("bound, greatest", f"{given}, N = 8", float(high), 5.875, "by hand")
    for some, n_invited, ends in (
        (values, 8, (5.032285, 5.887222)),
        ([6] * 4, 6, (5.500873, 6.356697)),
        ([7] * 4, 6, (6.786355, 7.0)),
    ):
        label = f"{' '.join(map(str, some))}, N = {n_invited}"
        for end, ours, theirs in zip(("low", "high"), _interval(some, n_invited), ends, strict=True):
            yield Row(f"Wilson-QB, {end}", label, ours, theirs, "independent run", 1e-6)
    k, n = 260, 800
    ours = _interval([7] * k + [1] * (n - k), None)
    wilson = proportion_confint(k, n, alpha=0.10, method="wilson")
    for end, own, theirs in zip(("low", "high"), ours, wilson, strict=True):
        yield Row(f"Wilson-QB at the ends, {end}", f"{k} x 7, {n - k} x 1", own, 1 + 6 * theirs, "statsmodels", 2e-3)
    yield Row("t quantile", ".975, 11 degrees", t_quantile(0.975, 11), float(stats.t.ppf(0.975, 11)), "scipy")


def _agreement() -> Iterator[Row]:
    four = Histogram.count([4, 4, 5, 4])
    yield Row("variance", "4 4 5 4", float(variance(four, 1)), 0.25, "by hand")
    yield Row("AD_Md", "4 4 5 4", float(median_deviation(four, 1)), 0.25, "by hand")
    # r_wg (James and others 1984) is 1 - s^2 / 4 on seven points; it is not shown, but says what s^2 must be.
    yield Row("r_wg", "4 4 5 4", 1 - float(variance(four, 1)) / 4, 0.9375, "by hand")
    apart = float(variance(Histogram.count([1, 7, 1, 7]), 1))
    yield Row("variance", "1 7 1 7", apart, 12, "by hand")
    yield Row("r_wg, cut at 0", "1 7 1 7", max(0.0, 1 - apart / 4), 0, "James et al.")
    # From eight people on, with three items, chance lies above the limit of 0.8, which then is what decides.
    for n, n_items, ways in ((4, 1, "2,401"), (5, 1, "16,807"), (4, 3, "130,321"), (5, 3, "2,476,099")):
        of = f"n = {n}, items {n_items}"
        theirs = _by_chance(n, n_items)
        yield Row("shared view by chance, 5 %", of, float(agreed_within(n, SCALE, n_items)), theirs, f"all {ways} ways")


@cache
def _by_chance(n: int, n_items: int) -> float:
    """Return the largest distance from the median that no more than 5 % of all possible scores of n people reach."""
    steps = np.arange(6 * n_items + 1, dtype=np.int8)
    people = np.stack([part.ravel() for part in np.meshgrid(*[steps] * n)])
    people.sort(axis=0)
    distances = np.abs(people - people[(n - 1) // 2]).sum(axis=0, dtype=np.int16)
    ways = np.bincount(distances)
    return float(np.flatnonzero(np.cumsum(ways) <= 0.05 * ways.sum()).max()) / n_items / n


def _changes() -> Iterator[Row]:
    before, after, other = map(Histogram.count, EFFSIZE)
    yield Row("Cliff's delta", "effsize 1", float(cliffs_delta(before, after)), -0.25, "effsize")
    yield Row("Cliff's delta", "effsize 2", float(cliffs_delta(before, other)), -0.0666667, "effsize", 1e-7)
    first, second = [19, 22, 16, 29, 24], [20, 11, 17, 12]
    delta = cliffs_delta(Histogram.count(second), Histogram.count(first))
    yield Row("Mann-Whitney U = pairs won", "scipy's diabetes", float(superiority(delta)) * 20, 17, "scipy docs")
    exact = stats.mannwhitneyu(first, second, method="exact")
    yield Row(
        "Mann-Whitney U = pairs won", "scipy's diabetes", float(superiority(delta)) * 20, exact.statistic, "scipy"
    )
    # On ranks without ties the permutation test of means is the exact Mann-Whitney test, up to the halved ties.
    ranks = stats.rankdata(first + second).astype(int).tolist()
    p = whole_p(ranks[:5], ranks[5:])
    yield Row("exact p of ranks", "scipy's diabetes", p, 0.1111111, "scipy docs", 1e-7)
    yield Row("exact p of ranks", "scipy's diabetes", p, float(exact.pvalue), "scipy")
    first, second = [3, 4, 4, 5], [5, 6, 6, 7]
    mid = float(permutation_p(Histogram.count(first), Histogram.count(second)))
    yield Row("exact permutation p", "3 4 4 5, 5 6 6 7", whole_p(first, second), 4 / 70, "by hand")
    yield Row("mid-p", "3 4 4 5, 5 6 6 7", mid, 2 / 70, "by hand")
    yield Row("mid-p", "3 4 4 5, 5 6 6 7", mid, mid_p_by_scipy(first, second), "scipy")
    for n, smallest in ((4, 0.029), (5, 0.0079), (6, 0.0022), (7, 0.0006), (8, 0.00016)):
        # Complete separation: no greater distance is possible, so the mid-p is half of the smallest exact p.
        ours = 2 * float(permutation_p(Histogram.of({10: n}), Histogram.of({20: n})))
        yield Row("smallest exact p", f"{n} v {n}", ours, smallest, "independent run", 5e-4 if n == 4 else 5e-5)
        yield Row("smallest exact p", f"{n} v {n}", ours, 2 / math.comb(2 * n, n), "by hand")
    for n, points in ((4, 2.0), (5, 1.7), (6, 1.5), (8, 1.2), (10, 1.1), (12, 1.0)):
        yield Row("detectable change", f"{n} v {n}", detectable_change(n, n) or 0, points, "independent run", 0.05)
    for n, chance in ((3, 0.33), (4, 0.083), (5, 0.017)):
        yield Row("means all one way", f"{n} quarters", float(chance_of_one_way(n)), chance, "independent run", 0.004)


def whole_p(first: list[int], second: list[int]) -> float:
    """Return our p with the ties counted whole, as scipy and the books do: mid-p + P(|D| = |d|) / 2."""
    mid = permutation_p(Histogram.count(first), Histogram.count(second))
    return float(mid) + float(np.mean(_all_ways(first, second) == _distance(np.array(first), np.array(second), 0))) / 2


def mid_p_by_scipy(first: list[int], second: list[int]) -> float:
    """Return the mid-p from scipy's permutation test.

    Its own "two-sided" is twice the smaller tail; ours is the probability of a distance as large, so the statistic is
    the absolute difference and the alternative "greater".
    """
    ways, observed = _all_ways(first, second), _distance(np.array(first), np.array(second), 0)
    return float(np.mean(ways > observed) + np.mean(ways == observed) / 2)


def _all_ways(first: list[int], second: list[int]) -> np.ndarray:
    data = (first, second)
    test = stats.permutation_test(data, _distance, n_resamples=np.inf, alternative="greater", vectorized=True)
    return np.asarray(test.null_distribution)


def _distance(x: np.ndarray, y: np.ndarray, axis: int) -> np.ndarray:
    # Rounded, or the order of floating point additions would tear equal differences apart.
    return np.round(np.abs(np.mean(x, axis=axis) - np.mean(y, axis=axis)), 9)


def _ladders() -> Iterator[Row]:
    for n, needed in zip(range(4, 13), (3, 4, 4, 5, 6, 6, 7, 8, 8), strict=True):
        yield Row("two thirds", f"n = {n}", two_thirds(n), needed, "arithmetic")
    found = rungs(Histogram.of({1: 3, 2: 5}))
    parts = (("reached", 1), ("majority", 2), ("needed", 6), ("missing_for_next", 1))
    for name, expected in parts:
        yield Row(
            f"rung: {name.replace('_', ' ')}", "1 1 1 2 2 2 2 2", getattr(found, name), expected, "independent run"
        )


def table() -> list[str]:
    """Return the printed lines: ours, theirs, difference."""
    lines = [f"{'what':32}{'of':28}{'ours':>13}{'theirs':>13}{'difference':>12}  by"]
    for row in rows():
        numbers = f"{row.ours:13.7f}{row.theirs:13.7f}{row.difference:12.1e}"
        lines.append(f"{row.what:32}{row.given:28}{numbers}  {row.source}{'' if row.agrees else '  DIFFERS'}")
    return lines


def main() -> int:
    """Print the table; return 1 where a row differs."""
    print("\n".join(table()))
    return 0 if all(row.agrees for row in rows()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
