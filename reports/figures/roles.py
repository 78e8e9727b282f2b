"""How roles see each aspect: a row for each role, with a mark of its own shape, its name and its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from reports import role_words, words
from reports.figures.canvas import (
    FAINT,
    INK,
    LABEL,
    LINE,
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
from reports.languages import Language
from reports.lettering import width as length
from reports.lettering import wrap
from reports.released import ReleasedRole, RoleComparison, RoleVerdict, Withheld

SYMBOLS: Mapping[str, str] = {
    "building": "square",
    "running": "circle",
    "deciding": "diamond",
    "leading": "triangle-up",
}
"""Shapes that differ without colour."""
GAP = 34.0
ROW = 15.5
AXIS = 15.0
BOLD = 1.05
"""How much wider than plain letters those of names and means are."""
FOOT = 14.0
N_ROOM = 28.0


def roles(
    compared: Mapping[str, RoleComparison], names: role_words.Names, language: Language, *, narrow: bool = False
) -> Drawn:
    """Draw the mean of every role on every aspect with its interval; a role that is not shown says so.

    :param compared: at least one comparison, by aspect.
    """
    width = (NARROW_MM if narrow else WIDE_MM) * MM
    columns = 1 if narrow else 2
    pane = (width - (columns - 1) * GAP) / columns
    heads = [wrap(names.aspects[aspect], LABEL, pane, 2) for aspect in compared]
    told = [wrap(role_words.verdict(one, language), SMALL, pane, 2) for one in compared.values()]
    tops = [(len(head) * LABEL + len(verdict) * SMALL) * LINE + 6 for head, verdict in zip(heads, told, strict=True)]
    tallest = [max(tops[i : i + columns]) for i in range(0, len(tops), columns)]
    body = AXIS + ROW * len(names.roles) + FOOT
    canvas = Canvas(width, sum(tallest) + body * len(tallest) - FOOT + 4)
    values = (
        words.mean(one, language)
        for each in compared.values()
        for one in each.roles.values()
        if isinstance(one, ReleasedRole)
    )
    room = max((length(value, SMALL) for value in values), default=0.0) + N_ROOM + 12
    before = max((length(name, SMALL) for name in names.roles.values()), default=0.0) * BOLD + 6
    top = 0.0
    for index, comparison in enumerate(compared.values()):
        row, column = divmod(index, columns)
        if column == 0 and row:
            top += tallest[row - 1] + body
        left = column * (pane + GAP)
        canvas.words(heads[index], left, top, size=LABEL, weight=600)
        color = INK if comparison.verdict is RoleVerdict.DIFFERENT else MUTED
        below = top + len(heads[index]) * LABEL * LINE + 1
        canvas.words(told[index], left, below, size=SMALL, color=color, weight=400)
        place = left, top + tallest[row], pane, (before, pane - room)
        _panel(canvas, index, comparison, names, place, language)
    return canvas.finish(_alt(compared, names, language), 0, canvas.height)


def _panel(
    canvas: Canvas,
    index: int,
    comparison: RoleComparison,
    names: role_words.Names,
    place: tuple[float, float, float, tuple[float, float]],
    language: Language,
) -> None:
    left, top, pane, (before, until) = place
    start, end = left + before, left + until
    first = next((one for one in comparison.roles.values() if isinstance(one, ReleasedRole)), None)
    axis = ""
    if first is not None:
        low, high = first.scale
        ticks = [low, (low + high) // 2, high]
        axis = canvas.scale(index + 1, start, end, (low - 0.3, high + 0.3), ticks, showgrid=False, visible=False)
        shown = [isinstance(figure, ReleasedRole) for figure in comparison.roles.values()]
        for tick in ticks:
            x = start + (tick - low + 0.3) / (high - low + 0.6) * (end - start)
            canvas.words(str(tick), x, top, size=TINY, color=MUTED, anchor="center")
            canvas.rule(x, top + AXIS - 3, x, top + AXIS, FAINT)
            # The words of a role that is not shown would be struck through.
            for is_shown, rows in groupby(range(len(shown)), key=shown.__getitem__):
                first_row, *others = rows
                if is_shown:
                    canvas.rule(
                        x, top + AXIS + ROW * first_row, x, top + AXIS + ROW * (first_row + 1 + len(others)), FAINT
                    )
        canvas.words(language.gettext("answers"), left + pane, top, size=TINY, color=MUTED, anchor="right")
    for row, (role, figure) in enumerate(comparison.roles.items()):
        y = top + AXIS + (row + 0.5) * ROW
        color = MUTED if isinstance(figure, Withheld) else INK
        canvas.words(names.roles[role], left, y, size=SMALL, color=color, vertical="middle", weight=500)
        if isinstance(figure, Withheld):
            canvas.words(language.gettext("not shown"), start + 14, y, size=SMALL, color=MUTED, vertical="middle")
            continue
        canvas.line(figure.interval_90, [y, y], axis=axis, color=INK, width=2, name="interval")
        canvas.marks(
            [figure.mean],
            [y],
            axis=axis,
            symbol=SYMBOLS[role],
            size=9,
            color=PAPER,
            edge=INK,
            edge_width=1.6,
            hover=[f"{names.roles[role]}: {words.mean(figure, language)}"],
            name="mean",
        )
        canvas.words(words.mean(figure, language), end + 10, y, size=SMALL, vertical="middle", weight=600)
        canvas.words(str(figure.n), left + pane, y, size=SMALL, color=MUTED, vertical="middle", anchor="right")


def _alt(compared: Mapping[str, RoleComparison], names: role_words.Names, language: Language) -> str:
    told = [language.gettext("Means of each role on each aspect, with 90 % intervals.")]
    for aspect, comparison in compared.items():
        parts = [role_words.in_words(names.roles[role], figure, language) for role, figure in comparison.roles.items()]
        told.append(f"{names.aspects[aspect]}: {role_words.verdict(comparison, language)}; {', '.join(parts)}.")
    return " ".join(told)
