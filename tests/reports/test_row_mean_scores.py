"""The stratified test of several groups, against scipy, our own test of two, raw answers, permutations and itself."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reports.histograms import Histogram
from reports.stratified import RowMeanScores, row_mean_scores, van_elteren

answers = st.lists(st.integers(6, 12), max_size=8)
strata_of = {k: st.lists(st.lists(answers, min_size=k, max_size=k), min_size=1, max_size=5) for k in (2, 3, 4)}


def outcome(rows: list[list[list[int]]]) -> RowMeanScores | None:
    return row_mean_scores([[Histogram.count(group) for group in row] for row in rows])


def statistic_of_ranks(ranked: list[tuple[np.ndarray, np.ndarray]], n_groups: int) -> float:
    """The statistic from raw ranks and groups of every stratum, with all groups and a pseudo-inverse."""
    balance, covariance = np.zeros(n_groups), np.zeros((n_groups, n_groups))
    for ranks, groups in ranked:
        n, sizes = len(ranks), np.bincount(groups, minlength=n_groups)
        if n < 2:
            continue
        sums = np.bincount(groups, weights=ranks, minlength=n_groups)
        balance += (sums - sizes * ranks.mean()) / (n + 1)
        spread = ranks.var(ddof=1)
        covariance += spread * (np.diag(sizes) - np.outer(sizes, sizes) / n) / (n + 1) ** 2
    return float(balance @ np.linalg.pinv(covariance) @ balance)


def raw(rows: list[list[list[int]]]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return every person's rank and group."""
    found = []
    for row in rows:
        values = [value for group in row for value in group]
        groups = np.array([number for number, group in enumerate(row) for _ in group], dtype=int)
        found.append((stats.rankdata(values) if values else np.array([]), groups))
    return found


def test_one_stratum_is_kruskal_and_wallis_test_corrected_for_ties():
    dice = random.Random(1)
    for _ in range(300):
        groups = [[dice.randint(6, 12) for _ in range(dice.randint(1, 9))] for _ in range(dice.randint(2, 4))]
        if len({value for group in groups for value in group}) == 1:
            continue
        ours, theirs = outcome([groups]), stats.kruskal(*groups)
        assert ours is not None
        assert ours.statistic == pytest.approx(theirs.statistic, abs=1e-10)
        assert ours.p == pytest.approx(theirs.pvalue, abs=1e-12)


@given(strata_of[2])
def test_of_two_groups_it_is_the_square_of_van_elteren_s(rows):
    ours = outcome(rows)
    strata = [(Histogram.count(one), Histogram.count(two)) for one, two in rows]
    if ours is None:
        assert not any(one.n and two.n for one, two in strata) or van_elteren(strata).z == 0
        return
    theirs = van_elteren(strata)
    assert ours.statistic == pytest.approx(theirs.z**2, abs=1e-10)
    assert ours.p == pytest.approx(theirs.p, abs=1e-9)


@given(st.one_of(strata_of[3], strata_of[4]))
def test_it_equals_the_sums_of_ranks_of_raw_answers(rows):
    ours = outcome(rows)
    if ours is not None:
        assert ours.df == len(rows[0]) - 1
        assert ours.statistic == pytest.approx(statistic_of_ranks(raw(rows), len(rows[0])), abs=1e-8)


@given(strata_of[3], st.permutations(range(3)), st.integers(-3, 3))
def test_neither_the_order_of_groups_nor_the_unit_counts(rows, order, shift):
    turned = [[[3 * value + shift for value in row[i]] for i in order] for row in reversed(rows)]
    one, other = outcome(rows), outcome(turned)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.statistic == pytest.approx(other.statistic, abs=1e-10)


@given(strata_of[3])
def test_strata_of_one_group_or_of_equal_answers_say_nothing(rows):
    one = outcome(rows)
    more = outcome([*rows, [[6, 9, 12], [], []], [[7, 7], [7], [7]]])
    assert one == more


@given(strata_of[4])
def test_it_is_a_probability_and_groups_that_answer_alike_have_one(rows):
    found = outcome(rows)
    if found is not None:
        assert found.statistic >= 0
        assert 0 <= found.p <= 1
    alike = outcome([[row[0]] * 4 for row in rows])
    assert alike is None or (alike.statistic, alike.p) == (0, 1)


def test_groups_that_never_meet_cannot_be_compared():
    assert outcome([[[6, 7], [8, 9], []], [[], [], [6, 12]]]) is None
    assert outcome([[[6, 7], [8, 9], [], []], [[], [], [6, 12], [9]]]) is None
    assert outcome([[[6, 7], [8, 9], []], [[], [8], [6, 12]]]) is not None
    assert outcome([]) is None


def test_a_single_group_is_refused():
    with pytest.raises(ValueError, match="two or more"):
        outcome([[[6, 7]]])


def test_p_is_that_of_shuffling_within_strata(request: pytest.FixtureRequest):
    rows = [
        [[6, 8, 9, 9, 12], [8, 10, 12, 12], [7, 9]],
        [[6, 6, 7, 9], [9, 9, 10, 11, 12], [8, 10, 10]],
        [[7, 8, 8], [8, 11], [9, 9, 12, 12]],
        [[6, 7, 10, 10], [9, 12, 12], [6, 11]],
        [[6, 6, 8], [7, 8, 12, 12], [9, 10, 11]],
    ]
    ours, dice = outcome(rows), np.random.default_rng(5)
    assert ours is not None
    ranked, n = raw(rows), 20_000 if request.config.getoption("--slow", default=False) else 2_000
    assert statistic_of_ranks(ranked, 3) == pytest.approx(ours.statistic)
    shuffled = [statistic_of_ranks([(dice.permutation(r), g) for r, g in ranked], 3) for _ in range(n)]
    share = np.mean(np.array(shuffled) >= ours.statistic - 1e-9)
    # The chi-square limit is a little off for so few; three standard errors of the simulation are allowed on top.
    assert share == pytest.approx(ours.p, abs=0.004 + 3 * (ours.p * (1 - ours.p) / n) ** 0.5)
