"""Several quarters: a movement is called steady by the stated rule only, and from released values only."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.changes import Catalogue
from reports.blocks import Chart, Paragraph, Points
from reports.disclosure import release_series
from reports.histograms import Histogram
from reports.languages import language
from reports.released import Series, Status
from reports.statistics import mean
from reports.steadiness import Steady, chance_of_one_way, steady, step
from reports.team_pages import since
from tests.reports.builders import one_aspect, scores, team_campaign

EMPTY = Catalogue.model_construct(changes=())
FOCUS = ("cooperation",)
QUARTERS = [f"{year}-Q{number}" for year in (2024, 2025, 2026) for number in (1, 2, 3, 4)]
ENGLISH = language("en")


def series(*quarters, focus=(), asked=None, way="cards", sizes=None):
    """A team's quarters, each given by its scores in points; `asked` may change from quarter to quarter."""
    kept = [
        team_campaign(
            {"aspect:cooperation": scores(*given)},
            quarter=quarter,
            asked=(asked or {}).get(number, one_aspect()),
            focus=focus,
            n_invited=max(12, len(given)),
        )
        for number, (quarter, given) in enumerate(zip(QUARTERS, quarters, strict=False))
    ]
    return release_series(kept, 10, "team", changes=EMPTY)


def level(points, n=8):
    """Scores around a level, half a point apart."""
    return [points - 0.5] * (n // 2) + [points + 0.5] * (n - n // 2)


def said(found):
    return steady(found, "cooperation")


def test_five_quarters_moving_one_way_are_steady_by_themselves():
    rising = series(*(level(points) for points in (3, 3.5, 3.6, 4.5, 5)))
    assert said(rising) == Steady(1, 5, is_tested=False)
    assert said(series(*(level(points) for points in (5, 4.5, 4, 3.9, 3)))) == Steady(-1, 5, is_tested=False)


@pytest.mark.parametrize("points", [(3, 3.5, 3.5, 4.5, 5), (3, 3.5, 3.4, 4.5, 5), (5, 3, 3.5, 4, 4.2)])
def test_one_quarter_that_does_not_follow_breaks_it(points):
    assert said(series(*map(level, points))) is None


def test_only_the_last_quarters_count():
    assert said(series(*(level(points) for points in (6, 3, 3.5, 4, 4.5, 5)))) == Steady(1, 5, is_tested=False)
    assert said(series(*(level(points) for points in (3, 3.5, 4, 4.5, 5, 4.9)))) is None


def test_four_quarters_need_the_test_of_the_first_against_the_last():
    clearly = [level(points) for points in (2, 3, 4, 5)]
    barely = [level(points) for points in (4, 4.1, 4.2, 4.3)]
    assert said(series(*clearly, focus=FOCUS)) == Steady(1, 4, is_tested=True)
    assert said(series(*reversed(clearly), focus=FOCUS)) == Steady(-1, 4, is_tested=True)
    assert said(series(*barely, focus=FOCUS)) is None


def test_what_is_no_focus_aspect_is_not_tested():
    assert said(series(*(level(points) for points in (2, 3, 4, 5)))) is None


def test_three_quarters_are_never_steady():
    assert said(series(*(level(points) for points in (2, 4, 6)), focus=FOCUS)) is None
    assert said(Series(())) is None


@pytest.mark.parametrize("asked", [{"meanings": "_new"}, {"scale": (1, 5)}, {"n_items": 1}], ids=str)
def test_quarters_of_another_meaning_or_scale_do_not_count(asked):
    rising = [level(points) for points in (2, 2.5, 3, 3.5, 4)]
    assert said(series(*rising, asked={0: one_aspect(**asked)}, focus=FOCUS)) == Steady(1, 4, is_tested=True)
    assert said(series(*rising, asked={1: one_aspect(**asked)}, focus=FOCUS)) is None


def test_a_quarter_without_a_figure_breaks_it():
    found = series(level(2), level(2.5), [3] * 4, level(3.5), level(4), focus=FOCUS)
    assert said(found) is None


def test_departments_and_the_organisation_have_none():
    rising = series(*(level(points) for points in (3, 3.5, 4, 4.5, 5)))
    above = replace(rising.quarters[-1], kind="department")
    assert said(Series((*rising.quarters[:-1], above))) is None


def test_coarse_quarters_count_by_what_is_shown_of_them():
    rising = [level(points, 6) for points in (3, 3.5, 4, 4.5, 5)]
    assert said(series(*rising)) == Steady(1, 5, is_tested=False)
    unseen = [[4, 4, 4, 4, 4, 4 + sixths / 6] for sixths in range(4)]
    assert {figure.aspects["cooperation"].mean for figure in series(*unseen).quarters} == {4.0, 4.1}
    assert said(series(*unseen, [5] * 6)) is None


def test_an_open_end_is_no_step_up():
    for open_end, inside in (([7] * 5, [7] * 9), ([1] * 5, [1] * 9), ([7] * 5, [7] * 7)):
        first, second = (released.aspects["cooperation"] for released in series(open_end, inside).quarters)
        assert first.open_end is not None
        assert (step(first, second), step(second, first)) == (0, 0)


def test_neighbouring_tenths_are_a_step_and_an_exact_mean_on_their_limit_is_none():
    six, more = [4] * 5 + [4.5], [4] * 4 + [4.5] * 2
    first, second, third = (released.aspects["cooperation"] for released in series(six, more, [4, 4.5] * 4).quarters)
    assert (first.mean, second.mean, third.mean) == (4.1, 4.2, 4.25)
    assert (step(first, second), step(second, first)) == (1, -1)
    assert (step(second, third), step(third, second)) == (0, 0)


coarse = st.lists(st.integers(3, 21), min_size=5, max_size=7)
exact = st.lists(st.integers(3, 21), min_size=8, max_size=10)


@given(st.lists(st.one_of(coarse, exact), min_size=5, max_size=5))
@settings(max_examples=40)
def test_steady_is_never_said_where_exact_means_say_otherwise(given_scores):
    quarters = [[total / 3 for total in totals] for totals in given_scores]
    found = said(series(*quarters))
    means = [mean(Histogram.count(2 * total for total in totals)) for totals in given_scores]
    if found is not None:
        steps = [(after > before) - (after < before) for before, after in itertools.pairwise(means)]
        assert steps in ([1] * 4, [-1] * 4)


@given(st.lists(coarse, min_size=5, max_size=5), st.randoms())
@settings(max_examples=40)
def test_small_teams_that_are_shown_alike_are_steady_alike(given_scores, dice):
    """Two series whose released figures are equal have the same verdict, whatever their exact answers are."""
    quarters = [[total / 3 for total in totals] for totals in given_scores]
    found = series(*quarters)
    # The verdict is computed from nothing else: figures that are equal, made anew, give it again.
    again = Series(tuple(replace(released) for released in found.quarters))
    assert said(found) == said(again)
    assert all(released.aspects["cooperation"].histogram is None for released in found.quarters)


@pytest.mark.parametrize(("n_quarters", "expected"), [(3, ".333"), (4, ".083"), (5, ".017")])
def test_how_often_chance_alone_moves_one_way(n_quarters, expected):
    assert round(float(chance_of_one_way(n_quarters)), 3) == float(expected)
    orders = list(itertools.permutations(range(n_quarters)))
    one_way = [order for order in orders if list(order) in (sorted(order), sorted(order, reverse=True))]
    assert chance_of_one_way(n_quarters) == Fraction(len(one_way), len(orders))


def words_of(found):
    page = since(found.quarters[-1], ENGLISH, found)
    return [
        text
        for block in page.blocks
        for text in (
            block.items if isinstance(block, Points) else (block.text,) if isinstance(block, Paragraph) else ()
        )
    ]


RULE = "5 quarters all one way, or 4 and a passed test on a focus aspect"
BY_CHANCE = "Where nothing changes, about one report in 60 still calls some aspect steady."


def test_the_report_says_what_was_steady_and_by_which_rule():
    told = words_of(series(*(level(points) for points in (3, 3.5, 3.6, 4.5, 5))))
    assert f"Moved steadily: “cooperation”, rising over 5 quarters ({RULE}). {BY_CHANCE}" in told
    told = words_of(series(*(level(points) for points in (5, 4, 3, 2)), focus=FOCUS))
    assert f"Moved steadily: “cooperation”, falling over 4 quarters ({RULE}). {BY_CHANCE}" in told


def test_the_report_says_that_nothing_was_steady():
    told = words_of(series(*(level(points) for points in (3, 4, 5))))
    assert f"No aspect moved steadily ({RULE}). {BY_CHANCE}" in told


def test_two_quarters_have_no_such_sentence():
    found = series(level(3), level(4))
    page = since(found.quarters[-1], ENGLISH, found)
    assert not any(isinstance(block, Chart) and block.name == "trend" for block in page.blocks)
    assert not any("teady" in text for text in words_of(found))


def test_a_comparison_that_is_refused_is_refused_in_words():
    found = series(level(3), level(4), asked={0: one_aspect(meanings="_new")}, focus=FOCUS)
    assert found.quarters[-1].aspects["cooperation"].change.status is Status.NOT_COMPARABLE
    assert "cooperation: not comparable." in words_of(found)
