"""A team's health facts over quarters: a small graph a measure, with its target as a line, and how even a rotation is.

A filled circle is within the target, an open diamond is not, a filled square has no target. Nothing here is averaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.figures.canvas import (
    FAINT,
    HIGH,
    INK,
    LABEL,
    LINE,
    LOW,
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
from reports.follow_up import Health
from reports.health import MEASURES, Measure, lorenz
from reports.health_words import NAMES, SHARES, Point, courses, shown, standing
from reports.languages import Language
from reports.lettering import wrap

PLOT, GAP, HEAD_GAP, FOOT = 52.0, 26.0, 8.0, 24.0
MOST_QUARTERS = 8


@dataclass(frozen=True)
class _Panel:
    """One small graph: its words and, but for the steps of a rotation, its points."""

    title: str
    below: str
    measure: Measure | None
    points: tuple[Point, ...] = ()
    pages: tuple[int, ...] = ()


def health(quarters: Sequence[Health], language: Language, *, narrow: bool = False) -> Drawn:
    """Draw every known measure over the last quarters, and the steps of the last rotation whose pages are known."""
    quarters = quarters[-MOST_QUARTERS:]
    panels = _panels(quarters, language)
    width = (NARROW_MM if narrow else WIDE_MM) * MM
    columns = 2 if narrow else 3
    pane = (width - (columns - 1) * GAP) / columns
    heads = [(wrap(one.title, LABEL, pane, 3), wrap(one.below, SMALL, pane, 3)) for one in panels]
    rows = range(0, len(panels), columns)
    tops = [
        max((len(title) * LABEL + len(below) * SMALL) * LINE for title, below in heads[i : i + columns]) for i in rows
    ]
    canvas = Canvas(width, sum(top + HEAD_GAP + PLOT + FOOT for top in tops))
    y = 0.0
    for row, head in zip(rows, tops, strict=True):
        for i, panel in enumerate(panels[row : row + columns]):
            left = i * (pane + GAP)
            title, below = heads[row + i]
            canvas.words(title, left, y, weight=600)
            canvas.words(below, left, y + len(title) * LABEL * LINE, size=SMALL, color=MUTED)
            place = (left, y + head + HEAD_GAP, left + pane, y + head + HEAD_GAP + PLOT)
            if panel.measure is None:
                _rotation(canvas, row + i + 1, panel, place, language)
            else:
                _course(canvas, row + i + 1, panel, place, [one.quarter for one in quarters], language)
        y += head + HEAD_GAP + PLOT + FOOT
    return canvas.finish(_told(panels, quarters, language), 0, canvas.height)


def _panels(quarters: Sequence[Health], language: Language) -> list[_Panel]:
    _ = language.gettext
    found = []
    for measure, points in courses(quarters).items():
        last = points[-1]
        words = [shown(measure, last.value, language), standing(measure, last, language)]
        found.append(_Panel(_(NAMES[measure]), " · ".join(words), measure, points))
    known = [one for one in quarters if any(one.page_shares)]
    if known:
        people = language.ngettext(
            "%(n)s person, busiest first", "%(n)s people, busiest first", len(known[-1].page_shares)
        )
        text = f"{known[-1].quarter} · {people}"
        found.append(_Panel(_("How even the rotation is"), text, None, pages=known[-1].page_shares))
    return found


def _course(
    canvas: Canvas,
    number: int,
    panel: _Panel,
    place: tuple[float, float, float, float],
    quarters: Sequence[str],
    language: Language,
) -> None:
    left, top, right, base = place
    measure = panel.measure
    assert measure is not None
    limit = MEASURES[measure].limit
    highest = max([1.0 if measure in SHARES else 0.1, *(one.value for one in panel.points)])
    highest = max(highest, limit * 1.15) if limit is not None and measure not in SHARES else highest

    def height(value: float) -> float:
        return base - value / highest * (base - top)

    axis = canvas.scale(
        number, left, right, (-0.5, len(quarters) - 0.5), range(len(quarters)), showgrid=False, visible=False
    )
    canvas.rule(left, base, right, base, FAINT)
    if limit is not None:
        ends = [-0.5, len(quarters) - 0.5]
        canvas.line(ends, [height(limit)] * 2, axis=axis, color=MIDDLE, width=1.5, dash="dash", name="target")
    x = [quarters.index(one.quarter) for one in panel.points]
    y = [height(one.value) for one in panel.points]
    canvas.line(x, y, axis=axis, color=MIDDLE, width=1.2, name="course")
    for at, to, one in zip(x, y, panel.points, strict=True):
        hover = [f"{one.quarter}: {shown(measure, one.value, language)}"]
        if one.is_within is None:
            canvas.marks([at], [to], axis=axis, symbol="square", size=7, color=INK, hover=hover, name="no target")
        elif one.is_within:
            canvas.marks([at], [to], axis=axis, symbol="circle", size=9, color=HIGH, hover=hover, name="within")
        else:
            mark = {"symbol": "diamond", "size": 9, "color": PAPER, "edge": LOW, "edge_width": 2.0}
            canvas.marks([at], [to], axis=axis, hover=hover, name="not within", **mark)  # type: ignore[arg-type]
    pitch = (right - left) / len(quarters)
    for at in {0, len(quarters) - 1}:
        canvas.words(quarters[at], left + (at + 0.5) * pitch, base + 5, size=TINY, color=MUTED, anchor="center")


def _rotation(
    canvas: Canvas, number: int, panel: _Panel, place: tuple[float, float, float, float], language: Language
) -> None:
    """Draw what share of the pages the busiest take, person by person, beside an even rotation."""
    _ = language.gettext
    left, top, right, base = place
    axis = canvas.scale(number, left, right, (0, 1), [0, 1], showgrid=False, visible=False)
    canvas.rule(left, base, right, base, FAINT)
    canvas.line([0, 1], [base, top], axis=axis, color=MIDDLE, width=1.2, dash="dash", name="even")
    steps = lorenz(panel.pages)
    x, y = [share for share, _pages in steps], [base - pages * (base - top) for _share, pages in steps]
    canvas.line(x, y, axis=axis, color=INK, width=1.5, name="pages")
    canvas.marks(x[1:], y[1:], axis=axis, symbol="circle", size=4, color=INK, name="pages")
    # Below the even line there is room, beside the other words there may be none.
    canvas.words(_("people"), right, base - 2, size=TINY, color=MUTED, anchor="right", vertical="bottom")
    canvas.words(_("pages, added up"), left, base + 5, size=TINY, color=MUTED)


def _told(panels: Sequence[_Panel], quarters: Sequence[Health], language: Language) -> str:
    _ = language.gettext
    told = [_("Health facts from %(first)s to %(last)s.", first=quarters[0].quarter, last=quarters[-1].quarter)]
    for panel in panels:
        before = [
            f"{one.quarter} {shown(panel.measure, one.value, language)}" for one in panel.points[:-1] if panel.measure
        ]
        then = f" {_('Before: %(values)s.', values=', '.join(before))}" if before else ""
        told.append(f"{panel.title}: {panel.below}.{then}")
    return " ".join(told)
