from __future__ import annotations

import itertools
import math
import random
import statistics as oracle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from reports.histograms import Histogram
from reports.released import Agreement, Spread
from reports.statistics import (
    Rungs,
    Thirds,
    _chances,
    agreed_within,
    agreement,
    at_or_above,
    bounds,
    choice_name,
    mean,
    median_deviation,
    rungs,
    spread_words,
    t_quantile,
    thirds,
    two_thirds,
    variance,
    wilson_interval,
)
from tests.reports.builders import scores

SEVEN = (1, 7)
answers = st.lists(st.integers(6, 42), min_size=1, max_size=15)


def interval(values, n_invited, unit=1, scale=SEVEN):
    histogram = Histogram.count(values)
    spread = float(variance(histogram, unit))
    return wilson_interval(float(mean(histogram, unit)), spread, histogram.n, n_invited, scale)


@given(answers)
def test_mean_and_variance_equal_those_of_raw_answers(values):
    points = [Fraction(value, 6) for value in values]
    assert mean(Histogram.count(values)) == oracle.mean(points)
    assert variance(Histogram.count(values)) == (oracle.variance(points) if len(points) > 1 else 0)
    assert float(mean(Histogram.count(values), unit=1)) == pytest.approx(np.mean(values))


@pytest.mark.parametrize(
    ("values", "n_invited", "low", "high"),
    [
        ([4, 5, 5, 6, 6, 7], 8, 5.032285, 5.887222),
        ([6, 6, 6, 6], 6, 5.500873, 6.356697),
        ([7, 7, 7, 7], 6, 6.786355, 7.0),
    ],
)
def test_the_interval_of_known_cases(values, n_invited, low, high):
    assert interval(values, n_invited) == pytest.approx((low, high), abs=1e-6)


def test_the_interval_of_two_values_is_wilsons():
    """With answers at the two ends only, dispersion is 1 but for n / (n - 1): Wilson's interval of a proportion."""
    n, k = 400, 130
    found = interval([7] * k + [1] * (n - k), None)
    low, high = proportion_confint(k, n, alpha=0.10, method="wilson")
    assert found == pytest.approx((1 + 6 * low, 1 + 6 * high), abs=2e-3)


@given(answers.filter(lambda values: len(values) > 1), st.integers(1, 30))
def test_the_interval_holds_the_mean_and_stays_on_the_scale(values, more):
    low, high = interval(values, len(values) + more, unit=6)
    centre = float(mean(Histogram.count(values)))
    assert 1 <= low <= centre + 1e-9
    assert centre - 1e-9 <= high <= 7
    assert low < high


@given(answers.filter(lambda values: len(values) > 1))
def test_the_interval_shrinks_as_more_of_the_invited_answer(values):
    widths = []
    for n_invited in (None, 3 * len(values), 2 * len(values), len(values) + 1):
        low, high = interval(values, n_invited, unit=6)
        widths.append(high - low)
    assert widths == sorted(widths, reverse=True)


def test_there_is_no_interval_where_everyone_answered_or_one_did():
    assert interval([4, 5, 6, 7], 4) is None
    assert interval([4], 6) is None


@pytest.mark.parametrize("probability", [0.9, 0.95, 0.975])
@pytest.mark.parametrize("degrees", [1, 4, 11, 200])
def test_t_quantiles_equal_scipys(probability, degrees):
    assert t_quantile(probability, degrees) == pytest.approx(stats.t.ppf(probability, degrees))


def test_the_bounds_of_a_known_case():
    assert bounds(Fraction(11, 2), 6, 8, SEVEN) == (Fraction(35, 8), Fraction(47, 8))


@given(answers, st.lists(st.integers(6, 42), max_size=6))
def test_bounds_hold_whatever_the_others_think(values, silent):
    both = Histogram.count([*values, *silent])
    low, high = bounds(mean(Histogram.count(values)), len(values), len(values) + len(silent), SEVEN)
    assert low <= mean(both) <= high


def test_more_answers_than_people_have_no_bounds():
    with pytest.raises(ValueError, match="9 answers of 8 invited"):
        bounds(Fraction(5), 9, 8, SEVEN)


@pytest.mark.parametrize(
    ("scale", "values", "expected"),
    [
        (SEVEN, [1, 3, 3 + 1 / 6, 4, 5 - 1 / 6, 5, 7], Thirds(2, 3, 2)),
        ((1, 5), [1, 2 + 1 / 3, 2.5, 3.5, 3 + 2 / 3, 5], Thirds(2, 2, 2)),
        ((0, 10), [3 + 1 / 3, 3.5, 6.5, 6 + 2 / 3], Thirds(1, 2, 1)),
    ],
)
def test_low_is_up_to_a_third_and_high_from_two(scale, values, expected):
    assert thirds(scores(*values), scale) == expected


@pytest.mark.parametrize("n", [5, 6, 7])
def test_no_word_tells_all_from_all_but_one_or_none_from_one(n):
    words: dict[Spread, set[Thirds]] = {}
    for low, middle in itertools.product(range(n + 1), repeat=2):
        if low + middle <= n:
            counts = Thirds(low, middle, n - low - middle)
            words.setdefault(spread_words(counts), set()).add(counts)
    for third in range(3):
        for possible in words.values():
            counts_of_third = {counts[third] for counts in possible}
            assert (n in counts_of_third) <= (n - 1 in counts_of_third)
            assert (0 in counts_of_third) <= (1 in counts_of_third)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([4, 4, 5, 4], Fraction(1, 4)),
        ([1, 7, 1, 7], Fraction(3)),
        ([1, 2, 3, 4, 5], Fraction(6, 5)),
    ],
)
def test_the_deviation_from_the_median(values, expected):
    assert median_deviation(Histogram.count(values), unit=1) == expected


@given(answers)
def test_the_deviation_from_the_median_equals_that_of_raw_answers(values):
    expected = np.abs(np.array(values) - np.median(values)).mean() / 6
    assert float(median_deviation(Histogram.count(values))) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("n", "n_items", "expected"),
    [
        (5, 3, Fraction(8, 15)),
        (6, 3, Fraction(2, 3)),
        (7, 3, Fraction(4, 5)),
        (8, 3, Fraction(4, 5)),
        (5, 2, Fraction(1, 2)),
        (4, 1, Fraction(1, 4)),
        (5, 1, Fraction(2, 5)),
        (6, 1, Fraction(4, 5)),
        (200, 3, Fraction(4, 5)),
    ],
)
def test_how_close_views_must_lie_to_be_shared(n, n_items, expected):
    assert agreed_within(n, SEVEN, n_items) == expected


@pytest.mark.parametrize(
    ("n", "scale", "n_items"), [(4, (1, 7), 1), (5, (1, 7), 1), (4, (1, 7), 3), (5, (1, 5), 1), (6, (0, 2), 2)]
)
def test_a_shared_view_is_the_largest_distance_that_5_of_100_groups_reach_by_chance(n, scale, n_items):
    possible = range(6 * scale[0], 6 * scale[1] + 1, 6 // n_items)
    by_chance = [median_deviation(Histogram.count(group)) for group in itertools.product(possible, repeat=n)]
    cap = Fraction(8, 10) * Fraction(scale[1] - scale[0], 6)
    rare = [d for d in set(by_chance) if d <= cap and 20 * sum(one <= d for one in by_chance) <= len(by_chance)]
    within = agreed_within(n, scale, n_items)
    assert within in (max(rare), cap)
    assert 20 * sum(one <= within for one in by_chance) <= len(by_chance)


def test_a_shared_view_is_never_told_where_full_agreement_is_common():
    assert agreed_within(2, SEVEN, 3) == agreed_within(5, (0, 1), 1) == -1
    assert agreement(scores(4, 4), SEVEN, 3) is Agreement.NEITHER


@pytest.mark.parametrize("scale", [(0, 1), (1, 3), (1, 5), (1, 7), (0, 10)])
@pytest.mark.parametrize("n_items", [1, 2, 3])
@pytest.mark.parametrize("n", [13, 14, 15, 20, 25])
def test_chance_needs_no_counting_in_larger_groups(n, n_items, scale):
    n_scores = n_items * (scale[1] - scale[0]) + 1
    most = Fraction(8, 10) * Fraction(scale[1] - scale[0], 6)
    assert 20 * sum(_chances(n, n_scores, math.floor(most * n * n_items))) <= n_scores**n


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([2, 3, 4, 5, 6], Agreement.SPLIT),
        ([3, 4, 4, 5, 6], Agreement.NEITHER),
        ([5, 5, 5, 5, 5], Agreement.SHARED),
        ([5, 5, 5, 6, 6.5], Agreement.SHARED),
        ([5, 5, 5, 6, 7 - 1 / 6], Agreement.NEITHER),
        ([2, 2, 6, 6], Agreement.SPLIT),
        ([1] * 2 + [4] * 8 + [7] * 2, Agreement.NEITHER),
        ([1] * 2 + [4] * 6 + [7] * 4, Agreement.NEITHER),
        ([1] * 2 + [4] * 5 + [7] * 5, Agreement.SPLIT),
        ([1] * 2 + [4] * 5 + [7] * 6, Agreement.NEITHER),
        ([1] * 3 + [4] * 5 + [7] * 5, Agreement.SPLIT),
        ([1] * 2 + [4] * 30 + [7] * 2, Agreement.SHARED),
    ],
)
def test_shared_and_split_views(values, expected):
    assert agreement(scores(*values), SEVEN, 3) is expected


def test_agreement_on_another_scale_is_in_proportion():
    assert agreement(scores(2, 2, 3, 4, 4), (1, 5), 3) is Agreement.SPLIT
    assert agreement(scores(3, 3, 3, 3, 3.5), (1, 5), 3) is Agreement.SHARED
    assert agreement(scores(3, 3, 3, 4.5, 4.5), (1, 5), 3) is Agreement.NEITHER


def test_two_thirds_of_small_groups():
    assert [two_thirds(n) for n in range(4, 13)] == [3, 4, 4, 5, 6, 6, 7, 8, 8]


@pytest.mark.parametrize(
    ("raters", "expected"),
    [
        ([1, 1, 1, 2, 2, 2, 2, 2], Rungs(1, 2, 6, 1)),
        ([0, 0, 0, 0, 4], Rungs(0, 0, 4, 3)),
        ([4, 4, 4, 4, 4], Rungs(4, 4, 4, None)),
        ([2, 2, 3, 3, 3, 4], Rungs(3, 3, 4, 3)),
    ],
)
def test_the_rung_that_is_reached(raters, expected):
    assert rungs(Histogram.count(raters)) == expected


@given(st.lists(st.integers(0, 4), min_size=1, max_size=20))
def test_rungs_equal_those_counted_from_raw_answers(raters):
    found = rungs(Histogram.count(raters))
    n = len(raters)
    assert 3 * sum(rater >= found.reached for rater in raters) >= 2 * n
    assert found.reached == 4 or 3 * sum(rater > found.reached for rater in raters) < 2 * n
    assert 2 * sum(rater >= found.majority for rater in raters) > n
    assert found.reached <= found.majority
    if found.missing_for_next is not None:
        lifted = sorted(raters)
        for i in range(found.missing_for_next):
            lifted[next(j for j in range(i, n) if lifted[j] <= found.reached)] = 4
        assert rungs(Histogram.count(lifted)).reached > found.reached


def test_at_or_above_counts_ladder_answers():
    assert [at_or_above(Histogram.count([0, 1, 1, 4]), rung) for rung in range(5)] == [4, 3, 1, 1, 1]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ([3, 3, 3, 3, 1], "generative"),
        ([3, 3, 3, 1, 1], None),
        ([2, 2, 2, 2, 1, 3], "bureaucratic"),
        ([1, 1, 1], "pathological"),
    ],
)
def test_two_thirds_name_a_culture(chosen, expected):
    assert choice_name(Histogram.count(chosen)) == expected


@pytest.mark.parametrize("function", [mean, variance, median_deviation, rungs, choice_name])
def test_nobody_has_no_statistics(function):
    with pytest.raises(ValueError, match="empty histogram"):
        function(Histogram())


def test_relabelling_people_changes_nothing():
    dice = random.Random(3)
    values = [dice.randint(6, 42) for _ in range(9)]
    shuffled = dice.sample(values, 9)
    assert Histogram.count(values) == Histogram.count(shuffled)
