"""Funnel limits, what a drawing of them says, and that it names nobody."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reports import figures, funnel, svg
from reports.canonical import to_json
from reports.document import organisation_document
from reports.histograms import Histogram
from reports.languages import language
from reports.released import ReleasedAspect
from tests.reports import document_fixtures as cast

ENGLISH = language("en")
SCALE = (1, 7)
teams = st.lists(st.lists(st.integers(6, 42), min_size=2, max_size=12), min_size=1, max_size=8)


def drawn(organisation=None):
    organisation = organisation or cast.organisation()
    found = {aspect: funnel.funnel(organisation, aspect) for aspect in organisation.whole.aspects}
    return organisation, {aspect: one for aspect, one in found.items() if one is not None}


@given(st.floats(2, 6), st.floats(0.1, 2), st.integers(1, 400), st.sampled_from([funnel.INNER, funnel.OUTER]))
def test_limits_are_those_of_a_normal_mean(middle, deviation, n, share):
    low, high = stats.norm.interval(share, middle, deviation / math.sqrt(n))
    assert funnel.limits(middle, deviation, n, share, (-100, 100)) == pytest.approx((low, high), abs=1e-9)


@given(st.floats(1, 7), st.floats(0, 3), st.integers(1, 400))
def test_limits_narrow_with_answers_and_stay_on_the_scale(middle, deviation, n):
    inner, outer = (funnel.limits(middle, deviation, n, share, SCALE) for share in (0.95, 0.998))
    more = funnel.limits(middle, deviation, n + 1, 0.95, SCALE)
    assert 1 <= outer[0] <= inner[0] <= more[0] <= middle <= more[1] <= inner[1] <= outer[1] <= 7


def test_limits_by_hand():
    assert funnel.limits(4, 1, 9, 0.95, SCALE) == pytest.approx((4 - 1.959964 / 3, 4 + 1.959964 / 3), abs=1e-6)
    assert funnel.limits(4, 1, 9, 0.998, SCALE) == pytest.approx((4 - 3.090232 / 3, 4 + 3.090232 / 3), abs=1e-6)
    for n, share in ((0, 0.95), (9, 0), (9, 1)):
        with pytest.raises(ValueError, match=r"has no limits|share lies"):
            funnel.limits(4, 1, n, share, SCALE)


@given(teams)
def test_the_spread_within_teams_is_that_of_expanded_answers(rows):
    squares = sum(((np.array(row) / 6 - np.mean(row) / 6) ** 2).sum() for row in rows)
    freedom = sum(len(row) - 1 for row in rows)
    found = funnel.within_teams([Histogram.count(row) for row in rows])
    assert float(found) == pytest.approx(squares / freedom, abs=1e-9)


def test_single_answers_have_no_spread():
    with pytest.raises(ValueError, match="two answers"):
        funnel.within_teams([Histogram.count([6]), Histogram.count([9])])


def test_of_alike_teams_one_in_twenty_lies_beyond_the_inner_limits():
    numbers, n_runs = np.random.default_rng(6), 20_000
    n = numbers.integers(8, 30, n_runs)
    means = 4 + numbers.normal(size=n_runs) / np.sqrt(n)
    beyond = [
        not low <= m <= high
        for m, k in zip(means, n, strict=True)
        for low, high in [funnel.limits(4, 1, int(k), 0.95, SCALE)]
    ]
    assert abs(np.mean(beyond) - 0.05) < 3 * math.sqrt(0.05 * 0.95 / n_runs)


def test_only_teams_shown_exactly_are_drawn_and_in_no_order_of_names():
    organisation, found = drawn()
    for aspect, one in found.items():
        figures_of = [team.aspects[aspect] for team in organisation.teams]
        exact = [f for f in figures_of if isinstance(f, ReleasedAspect) and f.histogram is not None]
        assert sorted((f.n, math.floor(10 * f.mean + 0.5) / 10) for f in exact) == [dot[:2] for dot in one.dots]
        assert len(exact) < len(figures_of)
    shuffled = list(organisation.teams)
    random.Random(7).shuffle(shuffled)
    assert drawn(replace(organisation, teams=tuple(shuffled)))[1] == found


def test_the_middle_is_the_organisation_s_exact_mean_or_that_of_the_teams_drawn():
    organisation, found = drawn()
    whole = organisation.whole
    assert found["cooperation"].mean == whole.aspects["cooperation"].mean
    withheld = replace(organisation, whole=cast.withheld(whole))
    one = funnel.funnel(withheld, "cooperation")
    histograms = [team.aspects["cooperation"] for team in organisation.teams]
    scores = [
        score
        for figure in histograms
        if isinstance(figure, ReleasedAspect) and figure.histogram is not None
        for score in figure.histogram.expanded()
    ]
    assert one is not None
    assert one.mean == pytest.approx(sum(scores) / len(scores) / 6)


def test_two_teams_are_no_funnel():
    organisation = cast.organisation()
    exact = tuple(team for team in organisation.teams if team.n_answered >= 8 and not team.is_withheld)
    assert funnel.funnel(replace(organisation, teams=exact[:2]), "cooperation") is None
    assert funnel.funnel(replace(organisation, teams=exact[:3]), "cooperation") is not None
    made = organisation_document(replace(organisation, teams=exact[:2]), ENGLISH, date(2026, 11, 21))
    (page,) = [page for page in made.pages if page.id == "funnels"]
    assert "from 3 teams on" in page.blocks[0].text


@pytest.mark.parametrize("narrow", [False, True])
def test_the_drawing_is_the_same_in_both_writers_and_says_no_name(narrow):
    organisation, found = drawn()
    made = figures.funnels(organisation.whole, found, ENGLISH, narrow=narrow)
    picture = svg.draw(made.figure, title="Funnels", description=made.alt)
    text = picture + made.figure.to_json() + made.alt
    assert not [team.name for team in organisation.teams if team.name in text and team.name != "Search"]
    dots = sum(len(one.dots) for one in found.values())
    marks = [trace for trace in made.figure.data if trace.mode == "markers"]
    assert sum(len(trace.x) for trace in marks) == dots
    assert all(trace.hoverinfo == "skip" for trace in marks)
    assert f"{len(found['cooperation'].dots)} teams around" in made.alt


def test_a_point_is_drawn_for_each_of_two_teams_alike():
    organisation = cast.organisation()
    alike = replace(organisation, teams=tuple(team for team in organisation.teams if team.n_answered >= 8)[:1] * 4)
    made = figures.funnels(alike.whole, drawn(alike)[1], ENGLISH)
    places = [
        place
        for trace in made.figure.data
        if trace.mode == "markers"
        for place in zip(trace.x, trace.y, [trace.xaxis] * len(trace.x), strict=True)
    ]
    assert len(set(places)) == len(places) == 4 * len(alike.whole.aspects)


def test_the_json_has_what_the_pages_say():
    organisation, found = drawn()
    value = to_json(organisation)
    one = value["funnels"]["cooperation"]
    assert (one["mean"], one["deviation"]) == (found["cooperation"].mean, found["cooperation"].deviation)
    assert one["n_beyond"]["95"] == sum(dot["beyond"] > 0 for dot in one["teams"])
    assert value["change_within_teams"]["cooperation"]["status"] == "changed"
    assert value["reliability"]["cooperation"]["alpha"] == 0.78
    assert value["reliability"]["novelty"]["alpha"] is None
    assert "name" not in one["teams"][0]
