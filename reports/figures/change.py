"""Aspects over quarters: one small slope graph per aspect, with the interval of every quarter, focus aspects first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from reports import words
from reports.figures.canvas import (
    FAINT,
    GREY,
    INK,
    LABEL,
    LINE,
    MEAN,
    MIDDLE,
    MM,
    MUTED,
    NARROW_MM,
    PAPER,
    SMALL,
    TINY,
    UNCERTAIN,
    WIDE_MM,
    Canvas,
    Drawn,
)
from reports.languages import Language
from reports.lettering import shorten, wrap
from reports.lettering import width as text_width
from reports.released import OpenEnd, Released, ReleasedAspect, Series, Status, Tier

PLOT = 74.0
GAP = 26.0
HEAD_GAP = 18.0


@dataclass(frozen=True)
class Point:
    """One aspect in one quarter, as released then."""

    place: int
    mean: float
    interval: tuple[float, float] | None
    is_open: bool
    is_grey: bool
    is_joined: bool
    """Whether it can be compared with the point before it."""
    is_partial: bool
    """Whether it counts only some of the node's teams, which no line may join to others."""
    text: str
    label: str
    """The value as it stands beside its mark: an open end as a sign, for which there is room."""
    why_grey: str = ""


@dataclass(frozen=True)
class Panel:
    """One aspect over the quarters."""

    name: str
    is_focus: bool
    verdict: str
    is_changed: bool
    scale: tuple[int, int]
    points: tuple[Point, ...]


def since_last_time(released: Released, language: Language, *, narrow: bool = False) -> Drawn:
    """Draw every aspect of the previous quarter and of this one; a line joins them where they are comparable."""
    quarters = [released.previous_quarter or "", released.quarter]
    panels = []
    for aspect in _focus_first(released):
        figure = released.aspects[aspect]
        if not isinstance(figure, ReleasedAspect):
            continue
        change = figure.change
        old, new = words.both_means(figure, language)
        points = [_now(figure, released, 1, new, language)]
        # A mean on another scale has no place on this one; the table beside the figure has it.
        if change.before is not None and change.before_scale in (None, figure.scale):
            is_open, is_partial = change.before_tier is Tier.COARSE, change.is_before_partial
            interval = change.before_interval_90
            label = _label(change.before, change.before_open_end, old, language)
            points.insert(0, Point(0, change.before, interval, is_open, False, False, is_partial, old, label))
        verdict = words.verdict(change, released, language)
        name, is_changed = words.aspect_name(released, aspect, language), change.status is Status.CHANGED
        panels.append(Panel(name, aspect in released.focus, verdict, is_changed, figure.scale, tuple(points)))
    return _draw(panels, quarters, language, narrow, language.gettext("Each aspect last quarter and this quarter."))


def trend(series: Series, language: Language, *, narrow: bool = False, of_all: bool = False) -> Drawn:
    """Draw every aspect over all quarters of a series; a quarter without a released mean leaves its place empty.

    :param of_all: draw also an aspect that the last quarter withholds.
    """
    latest = series.quarters[-1]
    quarters = [released.quarter for released in series.quarters]
    panels = []
    for aspect in _focus_first(latest):
        last = latest.aspects[aspect]
        if of_all:
            shown = (released.aspects.get(aspect) for released in reversed(series.quarters))
            last = next((figure for figure in shown if isinstance(figure, ReleasedAspect)), last)
        if not isinstance(last, ReleasedAspect):
            continue
        figures = [(i, released, released.aspects.get(aspect)) for i, released in enumerate(series.quarters)]
        points = tuple(
            _now(figure, released, i, words.mean(figure, language), language)
            for i, released, figure in figures
            if isinstance(figure, ReleasedAspect) and figure.scale == last.scale
        )
        name = words.aspect_name(latest, aspect, language)
        panels.append(Panel(name, aspect in latest.focus, "", False, last.scale, points))
    alt = language.gettext("Each aspect from %(first)s to %(last)s.", first=quarters[0], last=quarters[-1])
    return _draw(panels, quarters, language, narrow, alt)


def _focus_first(released: Released) -> list[str]:
    return sorted(released.aspects, key=lambda aspect: aspect not in released.focus)


def _now(figure: ReleasedAspect, released: Released, place: int, text: str, language: Language) -> Point:
    is_joined = figure.change.status not in (Status.NOT_COMPARABLE, Status.FIRST_QUARTER)
    is_open, is_grey = figure.tier is Tier.COARSE, words.is_grey(figure)
    is_partial = words.is_partial(figure, released)
    label = _label(figure.mean, figure.open_end, text, language)
    return Point(
        place,
        figure.mean,
        figure.interval_90,
        is_open,
        is_grey,
        is_joined,
        is_partial,
        text,
        label,
        words.why_grey(figure, language),
    )


def _label(mean: float, open_end: OpenEnd | None, text: str, language: Language) -> str:
    """Write a value as short as there is room for: an open end as a sign, anything else as the text does."""
    if open_end is None:
        return text
    return {OpenEnd.TOP: "≥ ", OpenEnd.BOTTOM: "≤ "}[open_end] + language.number(mean)


def _draw(panels: Sequence[Panel], quarters: Sequence[str], language: Language, narrow: bool, alt: str) -> Drawn:
    width = (NARROW_MM if narrow else WIDE_MM) * MM
    columns = 2 if narrow else 3
    pane = (width - (columns - 1) * GAP) / columns
    heads = [_head(panel, pane, language) for panel in panels]
    tallest = [
        max((len(name) * LABEL + len(below) * SMALL) * LINE for name, below in heads[i : i + columns])
        for i in range(0, len(panels), columns)
    ]
    heights = [head + HEAD_GAP + PLOT + 30 for head in tallest]
    canvas = Canvas(width, max(sum(heights) - 4, 1))
    for index, (panel, (name, below)) in enumerate(zip(panels, heads, strict=True)):
        row, column = divmod(index, columns)
        left, top = column * (pane + GAP), sum(heights[:row])
        canvas.words(name, left, top, size=LABEL, weight=600)
        if below:
            canvas.words(below, left, top + len(name) * LABEL * LINE + 1, size=SMALL, color=MUTED)
        plot = top + tallest[row] + HEAD_GAP
        axis = canvas.scale(index + 1, left + 14, left + pane, _ends(quarters), [], showgrid=False, visible=False)
        _plot(canvas, panel, quarters, axis, (left, plot, pane))
    told = [alt]
    for panel in panels:
        values = "; ".join(f"{quarters[point.place]} {point.text}{point.why_grey}" for point in panel.points)
        told.append(f"{panel.name}: {values}, {panel.verdict}." if panel.verdict else f"{panel.name}: {values}.")
    return canvas.finish(" ".join(told), 0, canvas.height)


def _ends(quarters: Sequence[str]) -> tuple[float, float]:
    """Return the range of the quarters' axis; two quarters leave room for a value on either side."""
    return (-0.6, 1.6) if len(quarters) == 2 else (-0.35, len(quarters) - 0.65)


def _head(panel: Panel, pane: float, language: Language) -> tuple[list[str], list[str]]:
    parts = [language.gettext("focus")] if panel.is_focus else []
    below = " · ".join([*parts, *([panel.verdict] if panel.verdict else [])])
    return wrap(panel.name, LABEL, pane, 2), wrap(below, SMALL, pane, 2) if below else []


def _plot(canvas: Canvas, panel: Panel, quarters: Sequence[str], axis: str, place: tuple[float, float, float]) -> None:
    left, top, pane = place
    lowest, highest = panel.scale

    def height(value: float) -> float:
        return top + PLOT * (highest - value) / (highest - lowest)

    middle = (lowest + highest) / 2
    for value in (lowest, middle, highest):
        canvas.rule(left + 14, height(value), left + pane, height(value), MIDDLE if value == middle else FAINT)
        canvas.words(f"{value:g}", left, height(value), size=TINY, color=MUTED, vertical="middle")
    first, last = _ends(quarters)

    def across(index: int) -> float:
        return left + 14 + (index - first) / (last - first) * (pane - 14)

    labels = [quarter if len(quarters) <= 3 else quarter[2:] for quarter in quarters]
    apart = (pane - 14) / (last - first)
    # From the last quarter backwards, as many as stand clear of each other.
    every = max(1, math.ceil((max(text_width(label, TINY) for label in labels) + 10) / apart))
    for index, label in enumerate(labels):
        if (len(labels) - 1 - index) % every:
            continue
        # The outermost labels end where the panel does.
        half = text_width(label, TINY) / 2
        middle_of_label = min(max(across(index), left + half), left + pane - half)
        canvas.words(
            shorten(label, TINY, pane), middle_of_label, top + PLOT + 8, size=TINY, color=MUTED, anchor="center"
        )
    color = INK if panel.is_changed else GREY
    for first_point, second in pairwise(panel.points):
        is_next = second.place == first_point.place + 1
        if is_next and second.is_joined and not (first_point.is_partial or second.is_partial):
            canvas.line(
                [first_point.place, second.place],
                [height(first_point.mean), height(second.mean)],
                axis=axis,
                color=color,
                width=2.4 if panel.is_changed else 1.4,
                name="slope",
            )
    for point in panel.points:
        y, mark = height(point.mean), GREY if point.is_grey else INK
        if point.interval is not None:
            ends = [height(end) for end in point.interval]
            canvas.line([point.place, point.place], ends, axis=axis, color=mark, width=2.6, name="interval")
        canvas.marks(
            [point.place],
            [y],
            axis=axis,
            symbol=UNCERTAIN if point.is_grey else MEAN,
            size=11.5 if point.is_grey else 11,
            color=PAPER if point.is_open else mark,
            edge=mark if point.is_open else PAPER,
            edge_width=2 if point.is_open else 1,
            hover=[f"{quarters[point.place]}: {point.text}"],
            name="mean",
        )
        if len(quarters) == 2:
            side, anchor = (-11, "right") if point.place == 0 else (11, "left")
            x = across(point.place) + side
            # A value on a rule would be struck through; it stands clear of it, on the side of its mark.
            rules = [height(value) for value in (lowest, middle, highest)]
            y = next((rule + (9 if y > rule else -9) for rule in rules if abs(y - rule) < 8), y)
            canvas.words(point.label, x, y, size=SMALL, vertical="middle", anchor=anchor, weight=600)
