from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from reports import comparisons
from reports.comparisons import (
    Magnitude,
    cliffs_delta,
    detectable_change,
    is_comparable,
    judge,
    magnitude,
    permutation_p,
    permutation_test,
    superiority,
)
from reports.histograms import Histogram
from reports.released import Method
from tests.reports.builders import one_aspect, scores

count = Histogram.count
side = st.lists(st.integers(6, 42), min_size=1, max_size=7)


def test_the_known_permutation_case():
    assert permutation_p(count([3, 4, 4, 5]), count([5, 6, 6, 7])) == Fraction(2, 70)


def mid_p_by_scipy(before, after):
    """Exact two-sided p by the absolute difference, and the same without ties to the observed one."""

    def difference(x, y, axis):
        # Rounded, or the order of floating point additions would tear equal differences apart.
        return np.round(np.abs(np.mean(x, axis=axis) - np.mean(y, axis=axis)), 9)

    test = stats.permutation_test((before, after), difference, n_resamples=np.inf, alternative="greater")
    observed = difference(np.array(before), np.array(after), 0)
    return float(np.mean(test.null_distribution > observed) + np.mean(test.null_distribution == observed) / 2)


def test_permutations_equal_scipys(request):
    dice = random.Random(60)
    for _ in range(60 if request.config.getoption("--slow", default=False) else 15):
        before = [dice.randint(6, 42) for _ in range(dice.randint(2, 6))]
        after = [dice.randint(6, 42) for _ in range(dice.randint(2, 6))]
        assert float(permutation_p(count(before), count(after))) == pytest.approx(mid_p_by_scipy(before, after))


@given(side, side)
def test_sides_and_the_direction_of_the_scale_do_not_matter(before, after):
    p = permutation_p(count(before), count(after))
    assert p == permutation_p(count(after), count(before))
    assert p == permutation_p(count([48 - v for v in before]), count([48 - v for v in after]))
    assert p == permutation_p(count([v + 5 for v in before]), count([v + 5 for v in after]))
    assert 0 < p <= 1


@given(side)
def test_equal_histograms_never_pass(values):
    assert permutation_p(count(values), count(values)) >= Fraction(1, 2)
    assert judge(count(values), count(values)).direction == 0


def test_many_answers_go_over_into_the_normal_limit(monkeypatch):
    dice = random.Random(5)
    before, after = (count([dice.randint(6, 42) for _ in range(80)]) for _ in range(2))
    exact = permutation_p(before, after)
    assert permutation_test(before, after) == (exact, Method.EXACT)
    monkeypatch.setattr(comparisons, "MOST_WORK", 0)
    limit, method = permutation_test(before, after)
    assert method is Method.NORMAL_LIMIT
    assert float(limit) == pytest.approx(float(exact), abs=0.003)


def test_the_normal_limit_of_equal_answers_is_one(monkeypatch):
    assert permutation_p(Histogram.of({30: 100}), Histogram.of({30: 100})) == Fraction(1, 2)
    monkeypatch.setattr(comparisons, "MOST_WORK", 0)
    assert permutation_p(Histogram.of({30: 100}), Histogram.of({30: 100})) == 1


@pytest.mark.parametrize(
    ("before", "after", "method"),
    [
        ({6: 1, 42: 7}, {6: 1, 42: 152}, Method.EXACT),
        ({42: 80}, {6: 4, 42: 77}, Method.EXACT),
        (dict.fromkeys(range(6, 43, 2), 3), dict.fromkeys(range(6, 43, 2), 5), Method.EXACT),
        ({6: 1, 42: 7}, {6: 1000, 42: 999_000}, Method.EXACT),
        (dict.fromkeys(range(6, 43, 2), 9), dict.fromkeys(range(6, 43, 2), 9), Method.NORMAL_LIMIT),
        ({24: 500_000, 30: 500_000}, {24: 499_000, 30: 501_000}, Method.NORMAL_LIMIT),
    ],
)
def test_permutations_are_counted_wherever_that_is_quick(before, after, method):
    assert permutation_test(Histogram.of(before), Histogram.of(after))[1] is method


def test_few_low_answers_are_counted_however_many_high_ones_there_are():
    # The normal limit would call the last of these a change.
    p_values = [float(permutation_p(Histogram.of({6: 1, 42: 7}), Histogram.of({6: 1, 42: n}))) for n in (151, 152, 153)]
    assert p_values == sorted(p_values, reverse=True)
    assert all(0.04 < p < 0.06 for p in p_values)
    assert float(permutation_p(Histogram.of({42: 80}), Histogram.of({6: 4, 42: 77}))) > 0.05


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ([10, 10, 20, 20, 20, 30, 30, 30, 40, 50], Fraction(-1, 4)),
        ([10, 20, 20, 20, 30, 30, 30, 40, 50, 100], Fraction(-1, 15)),
    ],
)
def test_known_deltas(after, expected):
    assert cliffs_delta(count([10, 20, 30, 40, 40, 50]), count(after)) == expected


@given(side, side)
@settings(max_examples=50)
def test_delta_equals_that_of_mann_whitneys_u(before, after):
    u = stats.mannwhitneyu(after, before, method="asymptotic").statistic
    delta = cliffs_delta(count(before), count(after))
    assert float(delta) == pytest.approx(2 * u / (len(before) * len(after)) - 1)
    assert delta == -cliffs_delta(count(after), count(before))
    assert float(superiority(delta)) == pytest.approx(u / (len(before) * len(after)))


@pytest.mark.parametrize(
    ("delta", "word"),
    [
        ("0", Magnitude.NEGLIGIBLE),
        ("0.147", Magnitude.SMALL),
        ("-0.33", Magnitude.MEDIUM),
        ("-0.474", Magnitude.LARGE),
        ("1", Magnitude.LARGE),
    ],
)
def test_deltas_in_words(delta, word):
    assert magnitude(Fraction(delta)) is word


def test_detectable_changes_of_small_teams():
    assert [round(detectable_change(n, n), 1) for n in (4, 5, 6, 8, 10, 12)] == [2.0, 1.7, 1.5, 1.2, 1.1, 1.0]
    assert detectable_change(5, 5, width=4) == pytest.approx(detectable_change(5, 5) * 4 / 6)
    assert detectable_change(1, 8) is None


def test_a_passed_test_has_a_direction():
    low, high = scores(2, 2, 2, 2.5, 3, 3), scores(5, 5, 5.5, 6, 6, 6)
    assert judge(low, high).direction == 1
    assert judge(high, low).direction == -1
    assert judge(low, high).delta == 1


@pytest.mark.parametrize("function", [permutation_p, cliffs_delta, judge])
def test_one_side_is_not_enough(function):
    with pytest.raises(ValueError, match="answers on both sides"):
        function(Histogram(), count([5]))


@pytest.mark.parametrize(
    ("before", "expected"),
    [({}, True), ({"meanings": "_new"}, False), ({"n_items": 1}, False), ({"scale": (1, 5)}, False)],
)
def test_comparable_is_the_same_meaning_on_the_same_scale(before, expected):
    assert is_comparable(one_aspect(**before), one_aspect(), "cooperation") is expected


def test_what_was_not_asked_is_not_comparable():
    assert not is_comparable(one_aspect(aspects=("inquiry",)), one_aspect(), "cooperation")
