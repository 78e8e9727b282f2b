"""Each function of one or two histograms beside scipy, statsmodels and the standard library, on random answers.

What those libraries do not have (bounds, words, the interval) is tested against raw answers in `test_oracles.py`; van
Elteren, Benjamini and Hochberg, alpha and the funnel in the tests of their modules, which use the same libraries.
Alpha, ICC, the common language effect size and adjusted p were also run beside pingouin on sixty random data sets: they
were equal to 1e-15; its published data sets stand in the oracle table.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from statistics import median_low

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.nonparametric import rank_compare_2indep
from statsmodels.stats.oneway import anova_oneway
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW, ttest_ind

from reports.comparisons import ALPHA, _normal_limit, cliffs_delta, detectable_change, judge, permutation_p, superiority
from reports.funnel import within_teams
from reports.histograms import Histogram
from reports.reliability import intraclass
from reports.statistics import mean, rungs, two_thirds, variance, wilson_interval
from reports.stratified import row_mean_scores, van_elteren

count = Histogram.count
sixths = st.integers(6, 42)
team = st.lists(sixths, min_size=2, max_size=30)
teams = st.lists(st.lists(sixths, min_size=2, max_size=12), min_size=2, max_size=6)
small = st.lists(sixths, min_size=1, max_size=6)


@given(team)
def test_mean_and_variance_are_those_of_statsmodels_from_the_same_counts(values):
    histogram = count(values)
    points, counts = zip(*histogram.pairs, strict=True)
    theirs = DescrStatsW(np.array(points) / 6, weights=np.array(counts), ddof=1)
    assert float(mean(histogram)) == pytest.approx(float(theirs.mean))
    assert float(variance(histogram)) == pytest.approx(float(theirs.var), abs=1e-12)


@given(st.integers(1, 399))
def test_the_interval_of_yes_and_no_is_wilson_s_where_t_has_become_normal(n_yes):
    """At the ends of the scale only, answers are shares; t with 399 degrees of freedom is 0.3 % wider than z."""
    n = 400
    answers = Histogram.of({6: n - n_yes, 42: n_yes})
    found = wilson_interval(float(mean(answers)), float(variance(answers)), n, None, (1, 7))
    theirs = proportion_confint(n_yes, n, alpha=0.10, method="wilson")
    assert found == pytest.approx([1 + 6 * end for end in theirs], abs=2e-3)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=20))
def test_rungs_are_order_statistics_of_the_raters(raters):
    found, downwards = rungs(count(raters)), sorted(raters, reverse=True)
    assert found.reached == downwards[two_thirds(len(raters)) - 1]
    assert found.majority == median_low(raters)
    assert found.reached <= found.majority
    assert found.reached == np.quantile(raters, 1 - two_thirds(len(raters)) / len(raters), method="higher")


@given(team, team)
def test_superiority_is_that_of_statsmodels_ranks(before, after):
    if len({*before, *after}) < 2:
        return
    # Where the sides lie wholly apart it divides by their variance of 0, after it has what is asked of it.
    with np.errstate(divide="ignore", invalid="ignore"):
        theirs = rank_compare_2indep(np.array(after), np.array(before))
    assert float(superiority(cliffs_delta(count(before), count(after)))) == pytest.approx(float(theirs.prob1))


def by_raw_ranks(strata: list[list[list[int]]]) -> float:
    """The textbook's sums of ranks of several groups within strata, on expanded answers in floating point."""
    k = len(strata[0])
    apart, covariance = np.zeros(k), np.zeros((k, k))
    for groups in strata:
        everybody = [value for group in groups for value in group]
        n, total = np.array([len(group) for group in groups]), len(everybody)
        if total < 2:
            continue
        ranks = stats.rankdata(everybody)
        starts = np.concatenate([[0], np.cumsum(n)])
        sums = np.array([ranks[first:last].sum() for first, last in pairwise(starts)])
        apart += (sums - n * (total + 1) / 2) / (total + 1)
        covariance += np.var(ranks, ddof=1) * (np.diag(n) - np.outer(n, n) / total) / (total + 1) ** 2
    return float(apart @ np.linalg.pinv(covariance, rcond=1e-9) @ apart)


several = st.lists(st.lists(st.lists(sixths, max_size=5), min_size=3, max_size=3), min_size=1, max_size=5)


@given(several)
def test_several_groups_in_several_strata_are_those_of_raw_ranks(strata):
    found = row_mean_scores([[count(group) for group in groups] for groups in strata])
    if found is None:
        return
    assert found.df == 2
    assert found.statistic == pytest.approx(by_raw_ranks(strata), rel=1e-6, abs=1e-6)
    assert found.p == pytest.approx(float(stats.chi2.sf(found.statistic, 2)))


@given(several, st.randoms())
def test_the_order_of_roles_and_teams_does_not_count(strata, dice):
    found = row_mean_scores([[count(group) for group in groups] for groups in strata])
    order = [0, 1, 2]
    dice.shuffle(order)
    others = [[[5 * value + 3 for value in groups[i]] for i in order] for groups in strata]
    dice.shuffle(others)
    again = row_mean_scores([[count(group) for group in groups] for groups in others])
    assert (found is None) == (again is None)
    if found is not None and again is not None:
        assert again == pytest.approx(found)


@given(st.lists(st.lists(sixths, min_size=1, max_size=8), min_size=2, max_size=4))
def test_of_one_team_it_is_kruskal_and_wallis(groups):
    found = row_mean_scores([[count(group) for group in groups]])
    if len({value for group in groups for value in group}) < 2:
        assert found is None
        return
    theirs = stats.kruskal(*groups)
    assert found is not None
    assert (found.statistic, found.p) == pytest.approx((float(theirs.statistic), float(theirs.pvalue)), abs=1e-9)


@given(st.lists(st.tuples(small, small), min_size=1, max_size=5))
def test_of_two_roles_it_is_van_elteren(strata):
    found = row_mean_scores([[count(first), count(second)] for first, second in strata])
    test = van_elteren([(count(first), count(second)) for first, second in strata])
    if found is None:
        assert test.z == 0
    else:
        assert (found.statistic, found.p) == pytest.approx((test.z**2, test.p), abs=1e-9)


@given(team, team)
def test_delta_is_somers_d_of_the_quarter(before, after):
    quarter = [0] * len(before) + [1] * len(after)
    delta = float(cliffs_delta(count(before), count(after)))
    if len({*before, *after}) < 2:
        assert delta == 0
        return
    assert delta == pytest.approx(float(stats.somersd(quarter, [*before, *after]).statistic))


def test_the_normal_limit_is_that_of_a_permuted_correlation():
    """Permuting who answered when, the correlation r of answer and quarter has mean 0 and variance 1 / (N - 1)."""
    dice = np.random.default_rng(12)
    for n_before, n_after in ((81, 80), (90, 200), (400, 95)):
        before, after = (dice.integers(6, 43, n).tolist() for n in (n_before, n_after))
        small_side = count(min(before, after, key=len))
        pooled, quarter = [*before, *after], [0] * n_before + [1] * n_after
        z = stats.pearsonr(quarter, pooled).statistic * math.sqrt(len(pooled) - 1)
        ours = float(_normal_limit(small_side, count(pooled)))
        assert ours == pytest.approx(2 * float(stats.norm.sf(abs(z))), abs=1e-12)


def test_mid_p_lies_near_the_t_test_where_answers_are_many(full):
    """Another test of the same question; at forty against forty the two hardly differ."""
    dice = np.random.default_rng(11)
    for _ in range(60 if full else 6):
        before, after = (np.clip(np.rint(dice.normal(25, 6, 40)), 6, 42).astype(int).tolist() for _ in range(2))
        theirs = ttest_ind(np.array(after), np.array(before))[1]
        assert float(permutation_p(count(before), count(after))) == pytest.approx(float(theirs), abs=0.01)


@given(small, small)
def test_a_verdict_follows_its_p_and_the_means(before, after):
    found = judge(count(before), count(after))
    assert found.p == permutation_p(count(before), count(after))
    difference = Fraction(sum(after), len(after)) - Fraction(sum(before), len(before))
    side = (difference > 0) - (difference < 0)
    assert found.direction == (side if found.p <= ALPHA else 0)
    # Nothing but the sign differs when time is turned round.
    back = judge(count(after), count(before))
    assert (back.direction, back.p, back.delta) == (-found.direction, found.p, -found.delta)


@given(st.integers(2, 60), st.integers(2, 60), st.integers(1, 9))
def test_the_detectable_change_is_where_statsmodels_t_test_turns(n_before, n_after, width):
    ours = detectable_change(n_before, n_after, width)
    spread = 1.14 * width / 6
    error = spread * math.sqrt(1 / n_before + 1 / n_after)
    assert ours is not None
    assert 2 * stats.t.sf(ours / error, n_before + n_after - 2) == pytest.approx(float(ALPHA))


@given(teams)
def test_the_spread_within_teams_is_the_residual_of_a_regression_on_teams(rows):
    answers = np.concatenate(rows) / 6
    dummies = np.array([[float(team == of) for of in range(len(rows))] for team, row in enumerate(rows) for _ in row])
    theirs = OLS(answers, dummies).fit().mse_resid
    assert float(within_teams([count(row) for row in rows])) == pytest.approx(float(theirs), abs=1e-9)


@given(teams)
def test_intraclass_correlations_follow_from_statsmodels_f(rows):
    found, within = intraclass([count(row) for row in rows]), within_teams([count(row) for row in rows])
    if found is None or not within:
        return
    labels = np.repeat(range(len(rows)), [len(row) for row in rows])
    f = float(anova_oneway(np.concatenate(rows).astype(float), labels, use_var="equal").statistic)
    assert float(1 / (1 - found.average)) == pytest.approx(f, rel=1e-6)
    assert float(found.single) == pytest.approx((f - 1) / (f + float(found.n_between) - 1), rel=1e-6, abs=1e-6)


@given(small, small, st.integers(1, 20))
def test_what_has_risen_further_looks_less_like_chance(before, after, shift):
    """Of all ways to deal the answers out, none gains more distance by the shift than the real one."""
    if mean(count(after)) >= mean(count(before)):
        risen = count([value + shift for value in after])
        assert permutation_p(count(before), risen) <= permutation_p(count(before), count(after))
