from __future__ import annotations

import json
import re
from dataclasses import replace

import plotly.io
import pytest

from reports import figures
from reports.figures.canvas import GREY, HIGH, INK, LOW, PAPER
from reports.languages import language
from reports.released import Reason, ReleasedAspect, Status, Withheld
from tests.reports import document_fixtures as cast

ENGLISH, GERMAN = language("en"), language("de")


def traces(drawn, name):
    return [trace for trace in drawn.figure.data if trace.name == name]


def texts(drawn):
    return [annotation.text for annotation in drawn.figure.layout.annotations]


def test_one_square_stands_for_each_person():
    released = cast.atlas()
    drawn = figures.aspects(released, ENGLISH)
    people = traces(drawn, "people")
    assert [len(trace.x) for trace in people] == [figure.n for figure in released.aspects.values()]


def test_squares_stand_at_the_nearest_half_point_and_are_coloured_by_their_third():
    figure = cast.aspect([1.0, 3.0, 4.33, 5.0, 7.0], invited=8)
    released = replace(cast.atlas(), aspects={"cooperation": figure})
    (people,) = traces(figures.aspects(released, ENGLISH), "people")
    assert list(people.x) == [1.0, 3.0, 4.5, 5.0, 7.0]
    assert list(people.marker.color) == [LOW, LOW, figures.PALETTE["mid"], HIGH, HIGH]


def test_a_crowd_becomes_bars():
    released = replace(cast.atlas(), aspects={"cooperation": cast.aspect([2.0] * 10 + [6.0] * 30, invited=50)})
    drawn = figures.aspects(released, ENGLISH)
    (bars,) = [trace for trace in drawn.figure.data if trace.type == "bar"]
    assert list(bars.x) == [2.0, 6.0]
    assert bars.y[0] == pytest.approx(bars.y[1] / 3)


def test_the_mean_carries_its_interval_and_bounds():
    released = cast.atlas()
    drawn = figures.aspects(released, ENGLISH)
    shown = list(released.aspects.values())
    assert [trace.x[0] for trace in traces(drawn, "mean")] == [figure.mean for figure in shown]
    assert [tuple(trace.x) for trace in traces(drawn, "interval")] == [figure.interval_90 for figure in shown]
    assert [tuple(trace.x) for trace in traces(drawn, "bounds")] == [figure.bounds for figure in shown]


def test_aspects_stand_below_each_other_in_the_order_given():
    heights = [trace.y[0] for trace in traces(figures.aspects(cast.atlas(), ENGLISH), "mean")]
    assert heights == sorted(heights)


def test_split_views_and_few_answers_are_grey():
    (mean, *_) = traces(figures.aspects(cast.split(), ENGLISH), "mean")
    assert mean.marker.color == GREY
    (mean, *_) = traces(figures.aspects(cast.team(answered=8, invited=20), ENGLISH), "mean")
    assert mean.marker.color == GREY


def test_a_coarse_team_has_open_marks_and_no_squares():
    drawn = figures.aspects(cast.cygnus(), ENGLISH)
    assert not traces(drawn, "people")
    assert {trace.marker.color for trace in traces(drawn, "mean")} == {PAPER}
    drawn = figures.ladders(cast.cygnus(), ENGLISH)
    assert not traces(drawn, "raters")


def test_an_open_end_points_to_the_end_of_the_scale_and_says_so():
    released = replace(
        cast.cygnus(),
        aspects={
            "cooperation": cast.aspect([7.0] * 6, invited=7, coarse=True),
            "novelty": cast.aspect([1.0] * 6, invited=7, coarse=True),
        },
    )
    drawn = figures.aspects(released, ENGLISH)
    arrows = [trace for trace in traces(drawn, "open end") if trace.mode == "markers"]
    assert [(trace.x[0], trace.marker.symbol) for trace in arrows] == [(7, "triangle-right"), (1, "triangle-left")]
    assert "6.7 or above" in texts(drawn)
    assert "mean 1.3 or below" in drawn.alt


def test_a_withheld_row_gives_its_reason():
    released = replace(cast.atlas(), aspects=dict(cast.atlas().aspects) | {"novelty": Withheld(Reason.TOO_FEW)})
    drawn = figures.aspects(released, ENGLISH)
    assert "withheld: fewer than 5 answers" in drawn.alt
    assert len(traces(drawn, "mean")) == 5
    open_link = replace(released, way="open_link")
    assert "fewer than 8 answers" in figures.aspects(open_link, ENGLISH).alt


COUNTS = re.compile(r"answers? on rung|\d+ (low|middle|high|pathological|bureaucratic|generative)|more for rung")


@pytest.mark.parametrize("narrow", [False, True])
def test_nothing_of_a_coarse_figure_tells_counts(narrow):
    released = cast.cygnus()
    drawn = [figures.aspects(released, ENGLISH, narrow=narrow), figures.ladders(released, ENGLISH, narrow=narrow)]
    drawn += [figures.choice(released, key, ENGLISH, narrow=narrow) for key in released.choices]
    for one in drawn:
        everything = one.alt + plotly.io.to_json(one.figure, engine="json")
        assert not COUNTS.search(everything)
        assert not traces(one, "people")
        assert not traces(one, "raters")


def test_each_choice_is_a_square_in_the_field_of_its_description():
    drawn = figures.choice(replace(cast.atlas(), choices={"novelty": cast.choice((1, 3, 8))}), "novelty", ENGLISH)
    found = {trace.name: (trace.xaxis, len(trace.x), trace.marker.symbol) for trace in drawn.figure.data}
    assert found == {
        "pathological": ("x", 1, "square"),
        "bureaucratic": ("x2", 3, "diamond"),
        "generative": ("x3", 8, "circle"),
    }
    assert drawn.alt == "Room for novelty: 1 pathological, 3 bureaucratic, 8 generative; mostly generative."


def test_a_coarse_choice_is_said_in_words():
    released = replace(cast.cygnus(), choices={"novelty": cast.choice((0, 1, 5), coarse=True)})
    assert figures.choice(released, "novelty", ENGLISH).alt == "Room for novelty: mostly generative."
    released = replace(cast.cygnus(), choices={"novelty": cast.choice((2, 2, 2), coarse=True)})
    assert "mixed: none has two thirds" in texts(figures.choice(released, "novelty", ENGLISH))


def test_many_choices_become_lines_as_long_as_their_counts():
    released = replace(cast.atlas(), choices={"novelty": cast.choice((50, 100, 200))})
    first, second, third = (trace.x[1] for trace in figures.choice(released, "novelty", ENGLISH).figure.data)
    assert (second / first, third / first) == (pytest.approx(2), pytest.approx(4))


def test_a_ladder_marks_reached_and_majority():
    released = replace(cast.atlas(), ladders={"review": cast.ladder([0, 1, 1, 1, 2, 2, 2, 2, 2, 3])})
    drawn = figures.ladders(released, ENGLISH)
    (raters,) = traces(drawn, "raters")
    assert len(raters.x) == 10
    (reached,) = traces(drawn, "reached")
    assert (reached.x[0], reached.marker.color) == (1, INK)
    (hollow,) = [trace for trace in drawn.figure.data if trace.marker.color == PAPER]
    assert hollow.x[0] == 2
    assert "reached 1, a majority sees 2; 1 more for rung 2" in drawn.alt
    assert "5 answers on rung 2" in drawn.alt


def test_since_last_time_puts_focus_first_and_joins_what_is_comparable():
    released = replace(cast.atlas(), focus=("novelty",))
    drawn = figures.since_last_time(released, ENGLISH)
    assert drawn.alt.split(". ")[1].startswith("Room for novelty")
    assert len(traces(drawn, "slope")) == 6
    lone = {
        key: replace(figure, change=replace(figure.change, status=Status.NOT_COMPARABLE, before_scale=(1, 5)))
        for key, figure in released.aspects.items()
        if isinstance(figure, ReleasedAspect)
    }
    drawn = figures.since_last_time(replace(released, aspects=lone), ENGLISH)
    assert not traces(drawn, "slope")
    assert len(traces(drawn, "mean")) == 6
    assert "not comparable" in drawn.alt


def test_no_figure_draws_an_arrow():
    drawn = figures.since_last_time(cast.atlas(), ENGLISH)
    assert not any(annotation.showarrow for annotation in drawn.figure.layout.annotations)
    assert not {"↑", "↓", "→"} & set(" ".join(texts(drawn)))


def test_a_trend_has_a_point_for_every_quarter():
    drawn = figures.trend(cast.series(), ENGLISH)
    assert len(traces(drawn, "mean")) == 30
    assert "from 2025-Q3 to 2026-Q3" in drawn.alt


def test_teams_are_in_the_order_given_and_coarse_ones_open():
    organisation = cast.organisation()
    drawn = figures.strips(organisation.whole, organisation.teams, GERMAN)
    told = [text for text in texts(drawn) if text.replace("<br>", " ") in {"Atlas", "Cygnus", "Nova", "Unison"}]
    assert told == ["Atlas", "Cygnus", "Nova", "Unison"]
    assert "Borealis: zurückgehalten." in drawn.alt
    colors = {trace.marker.color == PAPER for trace in traces(drawn, "mean")}
    assert colors == {True, False}


def test_rungs_count_teams_and_leave_out_withheld_ones():
    organisation = cast.organisation()
    drawn = figures.rungs(organisation.whole, organisation.teams, ENGLISH)
    assert sum(len(trace.x) for trace in traces(drawn, "teams")) == 5 * 24


def test_participation_draws_everybody_invited():
    drawn = figures.participation(cast.atlas(), ENGLISH)
    assert (len(traces(drawn, "answered")[0].x), len(traces(drawn, "did not answer")[0].x)) == (12, 2)
    assert drawn.alt == "12 of 14 people answered."
    assert figures.participation(replace(cast.atlas(), n_invited=None), ENGLISH).alt == "12 answers."
    crowd = figures.participation(replace(cast.atlas(), n_invited=400, n_answered=300), ENGLISH)
    assert list(traces(crowd, "answered")[0].x) == [0, 300]


def test_markup_in_a_name_is_only_text():
    organisation = cast.organisation()
    team = replace(organisation.teams[0], name="<b>A & B</b>")
    drawn = figures.strips(organisation.whole, (team,), ENGLISH)
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in texts(drawn)


def test_a_figure_is_the_same_json_twice():
    once, twice = (plotly.io.to_json(figures.aspects(cast.atlas(), ENGLISH).figure, engine="json") for _ in range(2))
    assert once == twice
    assert json.loads(once)["layout"]["template"]
