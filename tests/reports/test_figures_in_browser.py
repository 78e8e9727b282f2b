"""Both ways of drawing a figure show the same: our own writer, and Plotly in Chromium, which is the oracle.

All figures are drawn in one page. What is compared: which labels there are and in which order, where each stands, and
the place, size and colour of every mark, line, bar and field, in the order of painting.
"""

from __future__ import annotations

import inspect
import json
import typing
from pathlib import Path
from typing import Any

import plotly.io
import pytest

from reports import figures, svg
from reports.figures import Drawn
from tests.reports.figure_states import STATES, State

pytestmark = pytest.mark.slow

NEAR = 1.0
"""Pixels between the two for marks, lines, bars and fields: about a quarter of a millimetre on paper."""
NEAR_LABELS = 2.5
"""Pixels for labels: Plotly rounds where text begins and measures its lines in the browser."""

DRAW = Path(__file__).with_name("both_ways.js").read_text(encoding="utf-8")


def pictures() -> list[tuple[str, State, bool]]:
    """Every figure in every state, wide, and narrow where it has that shape."""
    return [
        (f"{state.figure}, {state.name}, {'narrow' if narrow else 'wide'}", state, narrow)
        for state in STATES
        for narrow in (False, True)
        if not (narrow and state.figure == "strips")
    ]


@pytest.fixture(scope="module")
def drawn(browser: Any, request: pytest.FixtureRequest) -> dict[str, tuple[Drawn, dict[str, Any]]]:
    """Each picture, as built and as both ways draw it.

    Plotly takes its time over all of them in slow tests only, else over the first state of every figure in both shapes
    and over the last one, which is the oddest.
    """
    from plotly.offline import get_plotlyjs

    built = {name: state.build(narrow) for name, state, narrow in pictures()}
    is_slow = request.config.getoption("--slow")
    first = {state.figure: state.name for state in reversed(STATES)}
    last = {state.figure: state.name for state in STATES}
    usual = {f"{figure}, {name}, {shape}" for figure, name in first.items() for shape in ("wide", "narrow")}
    usual |= {f"{figure}, {name}, wide" for figure, name in last.items()}
    items = [
        {
            "figure": json.loads(plotly.io.to_json(one.figure, engine="json")),
            "svg": svg.draw(one.figure),
            "is_compared": is_slow or name in usual,
        }
        for name, one in built.items()
    ]
    page = browser.new_page()
    page.set_content("<!doctype html><meta charset=utf-8><style>body{margin:0}</style>")
    page.add_script_tag(content=get_plotlyjs())
    answers = page.evaluate(DRAW, items)
    page.close()
    told = [answer | {"is_compared": item["is_compared"]} for answer, item in zip(answers, items, strict=True)]
    return dict(zip(built, zip(built.values(), told, strict=True), strict=True))


def compared(drawn: dict[str, tuple[Drawn, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    return [(name, both) for name, (_, both) in drawn.items() if both["is_compared"]]


def test_every_figure_that_ships_is_looked_at():
    shipped = {
        name
        for name in figures.__all__
        if inspect.isfunction(getattr(figures, name))
        and typing.get_type_hints(getattr(figures, name))["return"] is Drawn
    }
    assert {state.figure for state in STATES} == shipped


def apart(one: list[Any], other: list[Any]) -> float:
    """Return how far two parts lie apart at most, in place and in size; infinite where their colours differ."""
    if one[:2] != other[:2]:
        return float("inf")
    return max(abs(a - b) for a, b in zip(one[2:], other[2:], strict=True))


def test_marks_and_lines_are_the_same_and_painted_in_the_same_order(drawn):
    for name, both in compared(drawn):
        ours, theirs = both["ours"]["marks"], both["theirs"]["marks"]
        assert len(ours) == len(theirs), name
        for one, other in zip(ours, theirs, strict=True):
            assert apart(one, other) <= NEAR, f"{name}: ours {one}, theirs {other}"


def test_bars_fields_and_rules_are_the_same(drawn):
    for name, both in compared(drawn):
        ours, theirs = list(both["ours"]["fields"]), both["theirs"]["bars"] + both["theirs"]["fields"]
        assert len(ours) == len(theirs), name
        for other in theirs:
            nearest = min(ours, key=lambda one: apart(one, other))
            assert apart(nearest, other) <= NEAR, f"{name}: ours {nearest}, theirs {other}"
            ours.remove(nearest)


def test_labels_say_the_same_in_the_same_order_at_the_same_place(drawn):
    for name, both in compared(drawn):
        labels, ticks = both["theirs"]["labels"], both["theirs"]["ticks"]
        ours, n = both["ours"]["labels"], len(ticks)
        assert [one[0] for one in ours] == [other[0] for other in ticks + labels], name
        for one, other in zip(ours[n:] + ours[:n], labels + ticks, strict=True):
            assert one[5:] == other[5:], f"{name}: {one[0]!r} in {one[5:]}, theirs in {other[5:]}"
            middle = abs((one[1] + one[3] / 2) - (other[1] + other[3] / 2))
            height = abs((one[2] + one[4] / 2) - (other[2] + other[4] / 2))
            assert max(middle, height) <= NEAR_LABELS, f"{name}: ours {one}, theirs {other}"


def test_labels_lie_inside_of_the_figure_and_none_on_another(drawn):
    wrong = []
    for name, (one, both) in drawn.items():
        width, height = one.figure.layout.width, one.figure.layout.height
        labels = both["ours"]["labels"]
        for text, left, top, across, along, *_ in labels:
            if left < -1 or top < -2 or left + across > width + 1 or top + along > height + 2:
                wrong.append(f"{name}: {text!r} leaves the figure")
        for index, (text, left, top, across, along, *_) in enumerate(labels):
            for other, left2, top2, across2, along2, *_ in labels[index + 1 :]:
                wide = min(left + across, left2 + across2) - max(left, left2)
                high = min(top + along, top2 + along2) - max(top, top2)
                if wide > 1 and high > 0.25 * min(along, along2):
                    wrong.append(f"{name}: {text!r} lies on {other!r}")
    assert wrong == []
