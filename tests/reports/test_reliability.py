"""Alpha, its interval and the intraclass correlations, against pingouin's published examples and expanded answers."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reports.disclosure import release_organisation
from reports.histograms import Histogram
from reports.kept import Kept
from reports.released import ReleasedAlpha, ReleasedAspect, ReleasedItem
from reports.reliability import (
    AT_LEAST,
    Icc,
    cronbachs_alpha,
    feldt_interval,
    intraclass,
    sums_of_scores,
    team_difference,
)
from tests.reports.builders import answers_of, keep, one_aspect, organisation_of, questionnaire, team

# Fifteen people, eleven statements (`cronbach_alpha`), one row a statement.
STATEMENTS = [
    "357261426544564", "243452345432553", "465363545653655", "135354335422245", "456242571355323", "514245226533321",
    "123242125324213", "453663242132442", "356675463743463", "255352352214554",
]  # fmt: skip
# Nine people who answered all eleven right-or-wrong statements (`cronbach_wide_missing`), one row a person.
RIGHT_OR_WRONG = [
    "11111111111", "11111111010", "11101101100", "11111000100", "11110010000", "11111000000", "01011000010",
    "11100000000", "10010000000",
]  # fmt: skip
# Eight wines judged by four (`icc`).
WINES = ["1201", "1332", "3814", "6433", "6556", "7562", "8779", "9998"]

people = st.lists(st.tuples(*[st.integers(1, 7)] * 3), min_size=2, max_size=40)
groups = st.lists(st.lists(st.integers(6, 42), min_size=2, max_size=12), min_size=2, max_size=8)


def alpha_of(rows: list[list[int]]) -> Fraction | None:
    """Alpha from one row a person."""
    items = [Histogram.count(column) for column in zip(*rows, strict=True)]
    return cronbachs_alpha(items, Histogram.count(map(sum, rows)))


def test_alpha_of_published_examples():
    fifteen = [list(map(int, person)) for person in zip(*STATEMENTS, strict=True)]
    nine = [list(map(int, person)) for person in RIGHT_OR_WRONG]
    assert float(alpha_of(fifteen)) == pytest.approx(0.5917188, abs=1e-7)
    assert float(alpha_of(nine)) == pytest.approx(0.8016949, abs=1e-7)
    assert feldt_interval(0.5917188, 15, 10, 0.95) == pytest.approx((0.195, 0.840), abs=5e-4)
    # Pingouin's degrees of freedom count the three people whom it leaves out of alpha, too.
    assert feldt_interval(0.8016949, 12, 11, 0.95) == pytest.approx((0.581, 0.933), abs=5e-4)


def test_feldt_s_interval_of_a_published_example():
    assert feldt_interval(0.85, 89, 7, 0.95) == pytest.approx((0.79706, 0.89317), abs=1e-5)


def test_the_interval_uses_the_f_distribution_of_scipy():
    low, high = feldt_interval(0.7, 120, 3)
    assert low == pytest.approx(1 - 0.3 * stats.f.ppf(0.95, 119, 238), abs=1e-12)
    assert high == pytest.approx(1 - 0.3 * stats.f.ppf(0.05, 119, 238), abs=1e-12)


def test_the_interval_covers_the_true_alpha():
    numbers, n_runs = np.random.default_rng(4), 600
    n_covered = 0
    for _ in range(n_runs):
        common = numbers.normal(size=(80, 1))
        answers = common + numbers.normal(size=(80, 3))
        k, whole = 3, answers.sum(axis=1).var(ddof=1)
        low, high = feldt_interval(k / (k - 1) * (1 - answers.var(axis=0, ddof=1).sum() / whole), 80, 3)
        n_covered += low <= 0.75 <= high
    assert abs(n_covered / n_runs - 0.9) < 3 * (0.09 / n_runs) ** 0.5


@given(people)
def test_alpha_from_histograms_is_alpha_of_expanded_answers(rows):
    answers = np.array(rows, dtype=float)
    whole = answers.sum(axis=1).var(ddof=1)
    found = alpha_of([list(row) for row in rows])
    if found is None:
        assert whole == 0
    else:
        assert float(found) == pytest.approx(1.5 * (1 - answers.var(axis=0, ddof=1).sum() / whole), abs=1e-9)


@given(people, st.integers(-5, 5))
def test_moving_a_statement_or_naming_it_otherwise_leaves_alpha(rows, shift):
    moved = [[row[2], row[0] + shift, row[1]] for row in rows]
    assert alpha_of(moved) == alpha_of([list(row) for row in rows])


def test_the_same_statement_twice_measures_one_thing():
    assert alpha_of([[1, 1], [4, 4], [6, 6]]) == 1


def test_sums_of_complete_cases_come_from_their_scores():
    assert sums_of_scores(Histogram.count([6, 8, 42]), 3) == Histogram.count([3, 4, 21])
    assert sums_of_scores(Histogram.count([6, 9]), 2) == Histogram.count([2, 3])
    with pytest.raises(ValueError, match="no mean of 3"):
        sums_of_scores(Histogram.count([7]), 3)


def test_alpha_of_too_little_is_refused():
    one, two = Histogram.count([1]), Histogram.count([1, 2])
    for items, total in (([two], two), ([one, one], one)):
        with pytest.raises(ValueError, match="two statements and two cases"):
            cronbachs_alpha(items, total)
    with pytest.raises(ValueError, match="answer everything"):
        cronbachs_alpha([one, two], two)
    with pytest.raises(ValueError, match="two statements and two cases"):
        feldt_interval(0.5, 1, 3)


def test_intraclass_correlations_of_a_published_example():
    found = intraclass([Histogram.count(map(int, wine)) for wine in WINES])
    assert float(found.single) == pytest.approx(0.7275, abs=5e-5)
    assert float(found.average) == pytest.approx(0.9144, abs=5e-5)
    assert found.n_between == 4


@given(groups)
def test_intraclass_correlations_are_those_of_the_analysis_of_variance(rows):
    found = intraclass([Histogram.count(row) for row in rows])
    n, k = sum(map(len, rows)), len(rows)
    everybody = np.concatenate([np.array(row, dtype=float) for row in rows])
    between = sum(len(row) * (np.mean(row) - everybody.mean()) ** 2 for row in rows) / (k - 1)
    within = sum(((np.array(row) - np.mean(row)) ** 2).sum() for row in rows) / (n - k)
    if found is None:
        return
    typical = (n - sum(len(row) ** 2 for row in rows) / n) / (k - 1)
    assert float(found.n_between) == pytest.approx(typical)
    if within > 0:
        assert between / within == pytest.approx(stats.f_oneway(*rows).statistic, rel=1e-6)
    if between > 1e-6:
        assert float(found.average) == pytest.approx(1 - within / between, rel=1e-6, abs=1e-6)
        single = (between - within) / (between + (typical - 1) * within)
        assert float(found.single) == pytest.approx(single, rel=1e-6, abs=1e-6)


@given(groups, st.integers(1, 4), st.integers(-9, 9), st.randoms())
def test_unit_place_and_order_do_not_count(rows, times, shift, dice):
    moved = [[times * value + shift for value in row] for row in rows]
    dice.shuffle(moved)
    assert intraclass([Histogram.count(row) for row in moved]) == intraclass([Histogram.count(row) for row in rows])


def test_teams_that_only_differ_from_each_other():
    assert intraclass([Histogram.count([6] * 4), Histogram.count([9] * 5)])[:2] == (1, 1)
    assert intraclass([Histogram.count([6, 9]), Histogram.count([9, 6])]) is None
    for few in ([Histogram.count([6, 9])], [Histogram.count([6]), Histogram.count([7])], [Histogram(), Histogram()]):
        with pytest.raises(ValueError, match="intraclass correlations need"):
            intraclass(few)


# --- in a released organisation --------------------------------------------------------------------------------------


def organisation(sizes: list[int], skip: float = 0.0, **options) -> Kept:
    dice, asked = random.Random(5), options.pop("asked", None) or one_aspect()
    teams = [team(10 + i, n_invited=n + 2, n_answered=n) for i, n in enumerate(sizes)]
    nodes = organisation_of(teams[::2], teams[1::2])
    counted = {10 + i: answers_of(asked, n, dice, skip) for i, n in enumerate(sizes)}
    return keep(nodes, counted, reporting_size=5, questionnaire=asked, quarter="2026-Q3", **options)


def alpha(kept: Kept) -> ReleasedAlpha | None:
    return release_organisation(kept).alphas["cooperation"]


def test_alpha_is_released_from_sixty_complete_cases_on():
    assert alpha(organisation([9] * 6 + [5])) is None
    found = alpha(organisation([10] * 6))
    assert found is not None
    assert found.n == AT_LEAST == 60
    assert round(found.alpha, 2) == found.alpha
    assert found.interval_90 == feldt_interval(found.alpha, 60, 3)


def test_alpha_is_that_of_the_shown_histograms_where_everybody_answered_everything():
    released = release_organisation(organisation([12] * 8))
    shown = released.whole.aspects["cooperation"]
    assert isinstance(shown, ReleasedAspect)
    assert shown.histogram is not None
    items = [item.histogram for item in shown.items.values() if isinstance(item, ReleasedItem)]
    found = released.alphas["cooperation"]
    assert found is not None
    assert found.n == shown.n
    assert found.alpha == pytest.approx(float(cronbachs_alpha(items, sums_of_scores(shown.histogram, 3))), abs=0.00501)


@pytest.mark.parametrize("small", [[5, 7, 6], [3, 9, 4, 9, 4], [4, 9, 6, 9, 5, 9, 7]])
def test_alpha_counts_no_small_team_that_the_exact_figures_leave_out(small):
    """A department's pool of eight or more is kept with its items, but no exact figure shows so small a crowd."""
    kept = organisation([12] * 8 + small)
    shown = release_organisation(kept).whole.aspects["cooperation"]
    complete = kept.figures[1, "complete:aspect:cooperation"].histogram
    assert isinstance(shown, ReleasedAspect)
    assert shown.histogram is not None
    assert (alpha(kept) is None) is (complete != shown.histogram)


def test_alpha_is_withheld_where_a_pool_is_kept_but_not_shown():
    kept = organisation([12] * 8 + [5, 9, 7])
    shown = release_organisation(kept).whole.aspects["cooperation"]
    assert isinstance(shown, ReleasedAspect)
    assert kept.figures[1, "complete:aspect:cooperation"].histogram.n > shown.n >= AT_LEAST
    assert alpha(kept) is None


def test_an_aspect_of_one_statement_has_no_alpha():
    assert alpha(organisation([12] * 8, asked=questionnaire(aspects=("cooperation",), areas=(), n_items=1))) is None


def test_intraclass_correlations_of_released_teams():
    released = release_organisation(organisation([12] * 5 + [5]))
    found = team_difference(released, "cooperation")
    assert found is not None
    assert (found.n, found.n_teams) == (60, 5)
    histograms = [part.aspects["cooperation"].histogram for part in released.teams if part.n_answered == 12]
    assert found.icc == intraclass(histograms)
    assert isinstance(found.icc, Icc)


@pytest.mark.parametrize("sizes", [[12] * 4 + [11], [40, 40], [6] * 12])
def test_of_fewer_answers_or_teams_there_are_none(sizes):
    assert team_difference(release_organisation(organisation(sizes)), "cooperation") is None
