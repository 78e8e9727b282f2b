"""The practice areas: five rungs each, a square per rater, a filled mark for reached, a hollow one for the majority."""

from __future__ import annotations

from reports import words
from reports.figures.canvas import (
    FAINT,
    HIGH,
    INK,
    LABEL,
    LINE,
    MID,
    MIDDLE,
    MM,
    MUTED,
    NARROW_MM,
    PAPER,
    SMALL,
    TINY,
    WASH,
    WIDE_MM,
    Canvas,
    Drawn,
)
from reports.languages import Language
from reports.lettering import wrap
from reports.released import Released, ReleasedLadder, Withheld

LEVELS = 5
PITCH = 9.6
BAR_ROOM = 40.0
MOST_SQUARES = 40


def ladders(released: Released, language: Language, *, narrow: bool = False) -> Drawn:
    """Draw all practice areas of a node below each other, over the same five rungs."""
    width = (NARROW_MM if narrow else WIDE_MM) * MM
    left, right = (0.0, width) if narrow else (176.0, width - 134)
    step = (right - left) / LEVELS
    columns = int((step - 8) / PITCH)
    heights = [_room(figure, columns, narrow) for figure in released.ladders.values()]
    top = 34.0
    canvas = Canvas(width, top + sum(heights) + 2)
    canvas.scale(1, left, right, (-0.5, LEVELS - 0.5), range(LEVELS), showgrid=False, visible=False)
    for level, name in enumerate(words.LEVEL_NAMES):
        place = left + (level + 0.5) * step
        canvas.words(str(level), place, 0, size=LABEL, anchor="center", weight=600)
        label = wrap(language.gettext(name), TINY, step - 4, 1)
        canvas.words(label, place, 16, size=TINY, color=MUTED, anchor="center")
    y = top
    for (area, figure), height in zip(released.ladders.items(), heights, strict=True):
        canvas.rule(0, y, width, y, FAINT)
        _row(canvas, released, area, figure, language, (y, height, left, right, columns), narrow)
        y += height
    return canvas.finish(_alt(released, language), 0, canvas.height)


def _room(figure: ReleasedLadder | Withheld, columns: int, narrow: bool) -> float:
    head = 46.0 if narrow else 0.0
    if isinstance(figure, Withheld):
        return head + (8 if narrow else 48)
    if figure.histogram is None:
        return head + (32 if narrow else 68)
    if figure.histogram.n > MOST_SQUARES:
        return head + BAR_ROOM + 42
    most = max(count for _, count in figure.histogram.pairs)
    return max(head + -(-most // columns) * PITCH + 42, 76)


def _row(
    canvas: Canvas,
    released: Released,
    area: str,
    figure: ReleasedLadder | Withheld,
    language: Language,
    place: tuple[float, float, float, float, int],
    narrow: bool,
) -> None:
    y, height, left, right, columns = place
    name = words.aspect_name(released, area, language)
    withheld = isinstance(figure, Withheld)
    if narrow:
        canvas.words(wrap(name, 12.5, canvas.width, 1), 0, y + 9, size=12.5, weight=600)
    else:
        label = wrap(name, LABEL + 0.5, left - 16, 3)
        canvas.words(label, 0, y + 11, size=LABEL + 0.5, weight=600, color=MUTED if withheld else INK)
    if isinstance(figure, Withheld):
        lines = wrap(words.reason(figure, released, language), SMALL, right - left - 24)
        if narrow:
            canvas.words(lines, 0, y + 29, size=SMALL, color=MUTED)
            return
        canvas.box(left, y + 8, right, y + height - 8, WASH)
        middle = (left + right) / 2
        canvas.words(lines, middle, y + height / 2, size=SMALL, color=MUTED, anchor="center", vertical="middle")
        return
    lines = [words.ladder(figure, language), words.missing(figure, language)]
    if narrow:
        line = " · ".join(part for part in lines if part)
        canvas.words(wrap(line, SMALL, canvas.width, 1), 0, y + 28, size=SMALL, color=MUTED)
    else:
        answered = words.counted(figure, released, language)
        canvas.words(answered, 0, y + 14 + len(label) * (LABEL + 0.5) * LINE, size=SMALL, color=MUTED)
        first = language.gettext("rung %(reached)s", reached=figure.reached)
        canvas.words(first, right + 18, y + 9, size=15, weight=600)
        rest = []
        if figure.majority is not None and figure.majority > figure.reached:
            rest.append(language.gettext("a majority sees rung %(majority)s", majority=figure.majority))
        rest.append(words.missing(figure, language))
        wrapped = [part for line in rest if line for part in wrap(line, SMALL, canvas.width - right - 18, 2)]
        canvas.words(wrapped[:4], right + 18, y + 30, size=SMALL, color=MUTED)
    _marks(canvas, figure, y + height - 14, columns, language, (right - left) / LEVELS)


def _marks(canvas: Canvas, figure: ReleasedLadder, rail: float, columns: int, language: Language, step: float) -> None:
    """Draw the rail of five rungs with its two marks, and the raters standing on it."""
    canvas.line([-0.4, LEVELS - 0.6], [rail, rail], color=MIDDLE, width=1.2)
    canvas.marks(list(range(LEVELS)), [rail] * LEVELS, symbol="circle", size=4, color=MIDDLE)
    base = rail - 11
    if figure.histogram is not None and figure.histogram.n > MOST_SQUARES:
        most = max(count for _, count in figure.histogram.pairs)
        canvas.bars(
            [value for value, _ in figure.histogram.pairs],
            [count / most * BAR_ROOM for _, count in figure.histogram.pairs],
            base,
            width=0.6,
            color=[_color(value, figure) for value, _ in figure.histogram.pairs],
            hover=[language.number(count, 0) for _, count in figure.histogram.pairs],
        )
    elif figure.histogram is not None:
        points = []
        for rung, count in figure.histogram.pairs:
            for index in range(count):
                row, column = divmod(index, columns)
                across = min(columns, count - row * columns)
                points.append((rung + (column - (across - 1) / 2) * PITCH / step, base - PITCH * (row + 0.5), rung))
        canvas.marks(
            [x for x, _, _ in points],
            [y for _, y, _ in points],
            size=PITCH - 1.4,
            color=[_color(rung, figure) for _, _, rung in points],
            hover=[str(rung) for _, _, rung in points],
            name="raters",
        )
    if figure.majority is not None and figure.majority != figure.reached:
        canvas.marks([figure.majority], [rail], symbol="circle", size=13, color=PAPER, edge=INK, edge_width=2)
    canvas.marks([figure.reached], [rail], symbol="circle", size=13, color=INK, edge=INK, edge_width=2, name="reached")


def _color(rung: int, figure: ReleasedLadder) -> str:
    """Raters at or above the reached rung carry it; the others are drawn lighter."""
    return HIGH if rung >= figure.reached else MID


def _alt(released: Released, language: Language) -> str:
    told = [language.gettext("Rungs from 0 to 4 that each practice area has reached.")]
    for area, figure in released.ladders.items():
        name = words.aspect_name(released, area, language)
        if isinstance(figure, Withheld):
            told.append(f"{name}: {words.reason(figure, released, language)}.")
            continue
        parts = [words.ladder(figure, language)]
        if words.missing(figure, language):
            parts.append(words.missing(figure, language))
        if figure.histogram is not None:
            counts = ", ".join(
                language.ngettext("%(n)s answer on rung %(rung)s", "%(n)s answers on rung %(rung)s", count, rung=rung)
                for rung, count in figure.histogram.pairs
            )
            parts.append(counts)
        told.append(f"{name}: {'; '.join(parts)}.")
    return " ".join(told)
