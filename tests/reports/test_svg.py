from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import plotly.graph_objects as go
import pytest

from reports import figures, svg
from reports.figures.canvas import TEMPLATE
from reports.languages import language
from reports.svg import UnknownAttribute, UnknownTrace
from tests.reports import document_fixtures as cast

NS = "{http://www.w3.org/2000/svg}"
LAYOUT = {
    "template": TEMPLATE,
    "width": 200,
    "height": 100,
    "xaxis": {"domain": [0.1, 0.9], "range": [0, 8], "tickvals": [0, 4, 8], "ticktext": ["0", "4", "8"]},
    "yaxis": {"domain": [0.2, 1], "range": [80, 0]},
}


def a_scatter(**more):
    marker = {"symbol": "square", "size": 10, "color": "#112233", "line": {"width": 0}}
    trace = {"type": "scatter", "mode": "markers", "x": [4], "y": [40], "xaxis": "x", "yaxis": "y", "marker": marker}
    return trace | more


def drawn(*traces, **layout):
    return ET.fromstring(svg.draw(go.Figure(data=list(traces), layout=LAYOUT | layout)))


def test_marks_stand_where_the_axes_put_them():
    (path,) = drawn(a_scatter()).findall(f"{NS}path")
    # x: 20 + 4/8 of 160 pixels; y: 40/80 of the 80 pixels below the top.
    assert path.get("d") == "M95 35h10v10h-10z"
    assert path.get("fill") == "#112233"


def test_lines_join_their_points():
    line = {"color": "#445566", "width": 2, "dash": "dot"}
    trace = {"type": "scatter", "mode": "lines", "x": [0, 8], "y": [0, 80], "xaxis": "x", "yaxis": "y", "line": line}
    (path,) = drawn(trace).findall(f"{NS}path")
    assert path.get("d") == "M20 0L180 80"
    assert (path.get("stroke-width"), path.get("stroke-dasharray")) == ("2", "1.5 3")


def test_bars_stand_on_their_base():
    bar = {"type": "bar", "x": [4], "y": [-30], "base": [70], "width": [2], "xaxis": "x", "yaxis": "y"}
    (rect,) = drawn(bar | {"marker": {"color": ["#112233"], "line": {"width": 0}}}).findall(f"{NS}rect")
    assert [rect.get(key) for key in ("x", "y", "width", "height")] == ["80", "40", "40", "30"]


def test_shapes_and_words_have_their_places():
    shape = {"type": "rect", "x0": 0, "x1": 0.5, "y0": 0.5, "y1": 1, "xref": "paper", "yref": "paper"}
    note = {"text": "a &amp; b<br>c", "x": 0.5, "y": 1, "xref": "paper", "yref": "paper", "showarrow": False}
    note |= {"xanchor": "center", "yanchor": "top", "font": {"size": 10, "color": "#000000", "weight": 600}}
    root = drawn(a_scatter(), shapes=[shape | {"fillcolor": "#eeeeee", "line": {"width": 0}}], annotations=[note])
    rect = root.find(f"{NS}rect")
    assert [rect.get(key) for key in ("x", "y", "width", "height")] == ["0", "0", "100", "50"]
    lines = [text for text in root.findall(f"{NS}text") if text.get("font-weight") == "600"]
    assert [(text.text, text.get("x"), text.get("y"), text.get("text-anchor")) for text in lines] == [
        ("a & b", "100", "10", "middle"),
        ("c", "100", "23", "middle"),
    ]


def test_printed_right_to_left_words_are_written_as_they_are_seen():
    note = {"text": "باب", "x": 0.5, "y": 1, "xref": "paper", "yref": "paper", "showarrow": False}
    figure = go.Figure(a_scatter(), LAYOUT | {"annotations": [note | {"xanchor": "left", "yanchor": "top"}]})
    for is_printed, written in ((False, "باب"), (True, "\ufe8f\ufe8e\ufe91")):
        root = ET.fromstring(svg.draw(figure, is_printed=is_printed))
        assert [text.text for text in root.findall(f"{NS}text")][-1] == written


def test_ticks_are_labelled_below_the_axis():
    labels = {text.text: (text.get("x"), text.get("text-anchor")) for text in drawn(a_scatter()).findall(f"{NS}text")}
    assert labels == {"0": ("20", "middle"), "4": ("100", "middle"), "8": ("180", "middle")}


def test_title_and_description_are_there_for_who_cannot_see():
    picture = svg.draw(go.Figure(a_scatter(), LAYOUT), title="Means <1>", description="One & two", name="f1")
    root = ET.fromstring(picture)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "f1-title"
    assert (root.find(f"{NS}title").text, root.find(f"{NS}desc").text) == ("Means <1>", "One & two")


def test_colours_get_the_class_of_their_role():
    (path,) = ET.fromstring(
        svg.draw(go.Figure(a_scatter(), LAYOUT), roles={"#112233": "ink"}),
    ).findall(f"{NS}path")
    assert (path.get("class"), path.get("fill")) == ("fill-ink", "#112233")


@pytest.mark.parametrize(
    "symbol", ["circle", "diamond", "x", "triangle-left", "triangle-right", "triangle-up", "line-ns", "line-ew"]
)
def test_every_symbol_we_use_is_drawn_around_its_place(symbol):
    marker = {"symbol": symbol, "size": 10, "color": "#112233", "line": {"width": 1, "color": "#000000"}}
    (path,) = drawn(a_scatter(marker=marker)).findall(f"{NS}path")
    assert path.get("d").startswith("M")


@pytest.mark.parametrize(
    ("trace", "error"),
    [
        ({"type": "pie", "values": [1]}, UnknownTrace),
        (a_scatter(fill="tozeroy"), UnknownAttribute),
        (a_scatter(mode="markers+text"), UnknownAttribute),
        (a_scatter(marker={"symbol": "star", "size": 5, "color": "#000000"}), UnknownTrace),
        (
            a_scatter(marker={"symbol": "square", "size": 5, "color": "#000000", "gradient": {"type": "radial"}}),
            UnknownAttribute,
        ),
        (a_scatter(mode="lines", line={"color": "#000000", "width": 1, "dash": "longdash"}), UnknownAttribute),
        (a_scatter(mode="lines", line={"color": "#000000", "shape": "spline"}), UnknownAttribute),
    ],
)
def test_what_it_does_not_know_is_refused(trace, error):
    with pytest.raises(error):
        drawn(trace)


@pytest.mark.parametrize(
    "layout",
    [
        {"title": {"text": "T"}},
        {"annotations": [{"text": "x", "x": 0, "y": 0, "xref": "paper", "yref": "paper", "showarrow": True}]},
        {"annotations": [{"text": "<b>x</b>", "x": 0, "y": 0, "showarrow": False}]},
        {"xaxis": LAYOUT["xaxis"] | {"type": "log"}},
    ],
)
def test_what_the_layout_adds_is_refused_too(layout):
    with pytest.raises(UnknownAttribute):
        drawn(a_scatter(), **layout)


def test_a_circle_shape_is_refused():
    shape = {"type": "circle", "x0": 0, "x1": 1, "y0": 0, "y1": 1, "xref": "paper", "yref": "paper"}
    with pytest.raises(UnknownTrace):
        drawn(a_scatter(), shapes=[shape])


def all_figures():
    english = language("en")
    organisation = cast.organisation()
    for released in (cast.atlas(), cast.cygnus(), cast.unanimous(), cast.split(), organisation.whole):
        for narrow in (False, True):
            yield figures.aspects(released, english, narrow=narrow)
            yield figures.ladders(released, english, narrow=narrow)
            yield figures.since_last_time(released, english, narrow=narrow)
            yield figures.participation(released, english, narrow=narrow)
            yield figures.choice(released, "novelty", english, narrow=narrow)
    yield figures.trend(cast.series(), english)
    yield figures.strips(organisation.whole, organisation.teams, english)
    yield figures.rungs(organisation.whole, organisation.teams, english)


def test_every_figure_is_drawn_within_its_edges_and_the_same_twice():
    for one in all_figures():
        picture = svg.draw(one.figure)
        assert picture == svg.draw(one.plain)
        root = ET.fromstring(picture)
        wide, high = float(root.get("width")), float(root.get("height"))
        for text in root.findall(f"{NS}text"):
            assert 0 <= float(text.get("x")) <= wide + 0.5
            assert 0 <= float(text.get("y")) <= high + 1
        for path in root.findall(f"{NS}path"):
            for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path.get("d")):
                assert -1 <= float(x) <= wide + 1
                assert -1 <= float(y) <= high + 1


def test_the_mean_of_the_first_aspect_lies_where_its_scale_says():
    released = cast.atlas()
    drawn = figures.aspects(released, language("en"))
    axis = drawn.figure.layout.xaxis
    mean = next(iter(released.aspects.values())).mean
    left, right = (part * drawn.figure.layout.width for part in axis.domain)
    expected = left + (mean - axis.range[0]) / (axis.range[1] - axis.range[0]) * (right - left)
    assert f"M{svg.number(expected)} " in svg.draw(drawn.figure)
