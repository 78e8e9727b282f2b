"""Which small changes stand on which: a line a change, below what it builds on, with how far a team has come.

What a change mainly builds on is joined to it by a solid line, further prerequisites by a dotted one. For the
organisation, what teams start is counted: a bar of how many have it, and how many are on their way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from questionnaires.changes import Catalogue
from reports.accumulation import Standing, Step, depths, in_words, trunks
from reports.figures.canvas import (
    FAINT,
    GREY,
    HIGH,
    INK,
    LINE,
    LOW,
    MID,
    MIDDLE,
    MM,
    MUTED,
    NARROW_MM,
    PAPER,
    SMALL,
    TINY,
    WIDE_MM,
    Canvas,
    Drawn,
)
from reports.languages import Language, phrase
from reports.lettering import width as text_width
from reports.lettering import wrap
from reports.words import listed

MARKS: Mapping[Standing | None, dict[str, Any]] = {
    Standing.DONE: {"symbol": "circle", "size": 11, "color": HIGH, "edge": HIGH, "edge_width": 1},
    Standing.IMPLIED: {"symbol": "circle", "size": 10, "color": PAPER, "edge": HIGH, "edge_width": 2.5},
    Standing.IN_FLIGHT: {"symbol": "diamond", "size": 11, "color": LOW, "edge": LOW, "edge_width": 1},
    Standing.SUGGESTED: {"symbol": "triangle-right", "size": 11, "color": INK, "edge": INK, "edge_width": 1},
    Standing.LATER: {"symbol": "circle", "size": 7, "color": PAPER, "edge": GREY, "edge_width": 1.5},
    None: {"symbol": "square", "size": 7, "color": PAPER, "edge": GREY, "edge_width": 1.5},
}
KEY: Mapping[Standing | None, str] = {
    Standing.DONE: phrase("in place"),
    Standing.IMPLIED: phrase("counts as in place"),
    Standing.IN_FLIGHT: phrase("under way"),
    Standing.SUGGESTED: phrase("suggested now"),
    Standing.LATER: phrase("later"),
    None: phrase("counted over teams"),
}
EDGE, APART, BAR = 8.0, 5.5, 5.0


@dataclass(frozen=True)
class _Row:
    step: Step
    title: list[str]
    state: list[str]
    top: float
    height: float


@dataclass(frozen=True)
class _Shape:
    """Where things stand across the figure, in pixels."""

    width: float
    indent: float
    label: float
    state: float | None
    """Where the state begins; None puts it below the title."""

    def x(self, depth: int) -> float:
        return EDGE + depth * self.indent


def accumulation(steps: Sequence[Step], catalogue: Catalogue, language: Language, *, narrow: bool = False) -> Drawn:
    """Draw every small change below what it builds on, with how far a team or the organisation has come."""
    depth = depths(catalogue)
    deepest = max((depth[step.change.id] for step in steps), default=0)
    full = (NARROW_MM if narrow else WIDE_MM) * MM
    indent = 9.0 if narrow else 15.0
    label = EDGE + deepest * indent + (12 if narrow else 18)
    shape = _Shape(full, indent, label, None if narrow else round(label + 0.66 * (full - label)))
    key, below = _key(steps, shape, language)
    rows = _rows(steps, shape, below, language)
    bottom = rows[-1].top + rows[-1].height if rows else below
    canvas = Canvas(full, bottom + 2)
    axis = canvas.scale(1, 0, full, (0, full), [], showgrid=False, visible=False)
    middle = {row.step.change.id: row.top + SMALL * LINE / 2 for row in rows}
    for row in rows:
        here = depth[row.step.change.id]
        canvas.rule(shape.x(here) + 8, middle[row.step.change.id], shape.label - 4, middle[row.step.change.id], FAINT)
    _joints(canvas, axis, shape, rows, middle, catalogue)
    for standing, x, y in key:
        canvas.marks([x], [y], axis=axis, name="key", **MARKS[standing])
        canvas.words(language.gettext(KEY[standing]), x + 10, y, size=TINY, color=MUTED, vertical="middle")
    for row in rows:
        _row(canvas, axis, shape, row, (shape.x(depth[row.step.change.id]), middle[row.step.change.id]))
    return canvas.finish(_told(steps, language), 0, canvas.height)


def _key(
    steps: Sequence[Step], shape: _Shape, language: Language
) -> tuple[list[tuple[Standing | None, float, float]], float]:
    """Place the marks that occur with their meanings; return them and where the rows begin."""
    used = {step.standing for step in steps}
    x, y, placed = EDGE, 8.0, []
    for standing, meaning in KEY.items():
        if standing not in used:
            continue
        room = 10 + text_width(language.gettext(meaning), TINY) + 16
        if x > EDGE and x + room > shape.width:
            x, y = EDGE, y + TINY * LINE + 4
        placed.append((standing, x, y))
        x += room
    return placed, y + 20


def _rows(steps: Sequence[Step], shape: _Shape, top: float, language: Language) -> list[_Row]:
    rows = []
    line = SMALL * LINE
    for step in steps:
        title = f"{step.change.id} {language.text(step.change.title)}"
        words = in_words(step, language)
        if shape.state is None:
            lines = wrap(title, SMALL, shape.width - shape.label, 3)
            state = wrap(words, SMALL, shape.width - shape.label, 2)
            height = (len(lines) + len(state)) * line
        else:
            lines = wrap(title, SMALL, shape.state - shape.label - 12, 2)
            state = wrap(words, SMALL, shape.width - shape.state, 2)
            height = max(len(lines), len(state)) * line
        if _has_bar(step):
            height = max(height, len(state) * line + BAR + 2 + (len(lines) * line if shape.state is None else 0))
        rows.append(_Row(step, lines, state, top, height))
        top += height + APART
    return rows


def _joints(
    canvas: Canvas, axis: str, shape: _Shape, rows: Sequence[_Row], middle: Mapping[str, float], catalogue: Catalogue
) -> None:
    """Join each change to what it builds on."""
    depth, trunk = depths(catalogue), trunks(catalogue)
    standing = {row.step.change.id: row.step.standing for row in rows}
    # Dotted lines of neighbouring columns keep apart: the first runs on the left of its lane, the next on its right.
    further = {other: None for row in rows for other in row.step.change.after if other != trunk[row.step.change.id]}
    part = {other: (1 + number % 2) / 3 for number, other in enumerate(further)}
    for row in rows:
        name = row.step.change.id
        x, y = shape.x(depth[name]), middle[name]
        for other in row.step.change.after:
            if other not in middle:
                continue
            left, above = shape.x(depth[other]), middle[other]
            if other == trunk[name]:
                is_there = standing[other] in (Standing.DONE, Standing.IMPLIED)
                color, width = (HIGH, 2.0) if is_there else (MIDDLE, 1.2)
                canvas.line([left, left, x], [above, y, y], axis=axis, color=color, width=width, name="builds on")
            else:
                lane = left + part[other] * shape.indent
                canvas.line(
                    [left, lane, lane, x],
                    [above, above, y, y],
                    axis=axis,
                    color=GREY,
                    width=1.2,
                    dash="dot",
                    name="builds on too",
                )


def _row(canvas: Canvas, axis: str, shape: _Shape, row: _Row, place: tuple[float, float]) -> None:
    x, y = place
    hover = f"{' '.join(row.title)}: {' '.join(row.state)}"
    canvas.marks([x], [y], axis=axis, hover=[hover], name="change", **MARKS[row.step.standing])
    is_now = row.step.standing in (Standing.IN_FLIGHT, Standing.SUGGESTED)
    canvas.words(row.title, shape.label, row.top, size=SMALL, weight=600 if is_now else 400)
    left, top = shape.state, row.top
    if left is None:
        left, top = shape.label, row.top + len(row.title) * SMALL * LINE
    canvas.words(row.state, left, top, size=SMALL, color=MUTED)
    counts = row.step.counts
    if counts is not None and _has_bar(row.step):
        foot = top + len(row.state) * SMALL * LINE + 1
        room = min(shape.width - left, 150.0)
        ends = [room * n / counts.n_teams for n in (counts.n_in_place, counts.n_in_flight)]
        canvas.box(left, foot, left + room, foot + BAR, FAINT)
        if counts.n_in_place:
            canvas.box(left, foot, left + ends[0], foot + BAR, HIGH)
        # Beside the teams that have it, with a gap, so that the two are told apart in grey as well.
        if counts.n_in_flight:
            canvas.box(left + ends[0] + 1, foot, min(left + room, left + ends[0] + ends[1]), foot + BAR, MID)


def _has_bar(step: Step) -> bool:
    return step.counts is not None and step.counts.n_in_place + step.counts.n_in_flight > 0


def _told(steps: Sequence[Step], language: Language) -> str:
    _ = language.gettext
    told = [_("Which small changes build on which.")]
    sentences = {
        Standing.DONE: phrase("In place: %(names)s."),
        Standing.IMPLIED: phrase("Counts as in place: %(names)s."),
        Standing.IN_FLIGHT: phrase("Under way: %(names)s."),
        Standing.SUGGESTED: phrase("Suggested now: %(names)s."),
    }
    for standing, sentence in sentences.items():
        found = [_named(step, language) for step in steps if step.standing is standing]
        if found:
            told.append(_(sentence, names=listed(found, language)))
    for step in steps:
        if step.counts is not None and (step.counts.n_in_place or step.counts.n_in_flight):
            told.append(f"{_named(step, language)}: {in_words(step, language)}.")
    n_later = sum(step.standing is Standing.LATER for step in steps)
    if n_later:
        told.append(language.ngettext("%(n)s comes later.", "%(n)s come later.", n_later))
    pairs = [
        _("%(change)s on %(others)s", change=step.change.id, others=listed(step.change.after, language))
        for step in steps
        if step.change.after
    ]
    if pairs:
        told.append(_("What builds on what: %(pairs)s.", pairs="; ".join(pairs)))
    return " ".join(told)


def _named(step: Step, language: Language) -> str:
    return step.change.id + " " + language.gettext("“%(name)s”", name=language.text(step.change.title))
