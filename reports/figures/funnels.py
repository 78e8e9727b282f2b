"""Funnels: the means of teams without names against their numbers of answers, with the limits that chance keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from reports import words
from reports.figures.canvas import (
    FAINT,
    GREY,
    INK,
    LABEL,
    LINE,
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
from reports.funnel import INNER, OUTER, Dot, Funnel, limits, n_beyond
from reports.languages import Language
from reports.lettering import wrap
from reports.released import Released

PLOT = 108.0
GAP = 26.0
AXIS_ROOM = 14.0
STEPS = 24
"""Straight pieces of one limit."""
NUDGE = 0.3
"""How far apart, in answers, teams are drawn that have the same mean and number of answers."""


def funnels(whole: Released, found: Mapping[str, Funnel], language: Language, *, narrow: bool = False) -> Drawn:
    """Draw a funnel for every aspect that has one, all on the same scales.

    :param found: at least one funnel, by aspect.
    """
    width = (NARROW_MM if narrow else WIDE_MM) * MM
    columns = 2 if narrow else 3
    pane = (width - (columns - 1) * GAP) / columns
    heads = [wrap(words.aspect_name(whole, aspect, language), LABEL, pane, 2) for aspect in found]
    tallest = [max(map(len, heads[i : i + columns])) * LABEL * LINE for i in range(0, len(heads), columns)]
    heights = [head + 10 + PLOT + 42 for head in tallest]
    canvas = Canvas(width, sum(heights) - 8)
    sizes = [dot.n for funnel in found.values() for dot in funnel.dots]
    ends = (min(sizes) - 1.0, max(sizes) + 1.0)
    for index, (head, funnel) in enumerate(zip(heads, found.values(), strict=True)):
        row, column = divmod(index, columns)
        left, top = column * (pane + GAP), sum(heights[:row])
        canvas.words(head, left, top, size=LABEL, weight=600)
        plot = top + tallest[row] + 10
        axis = canvas.scale(index + 1, left + AXIS_ROOM, left + pane, ends, [], showgrid=False, visible=False)
        _plot(canvas, funnel, axis, ends, (left, plot, pane), language)
    return canvas.finish(_alt(whole, found, language), 0, canvas.height)


def _plot(
    canvas: Canvas,
    funnel: Funnel,
    axis: str,
    ends: tuple[float, float],
    place: tuple[float, float, float],
    language: Language,
) -> None:
    left, top, pane = place
    lowest, highest = funnel.scale

    def height(value: float) -> float:
        return top + PLOT * (highest - value) / (highest - lowest)

    for value in (lowest, (lowest + highest) / 2, highest):
        canvas.rule(left + AXIS_ROOM, height(value), left + pane, height(value), FAINT)
        canvas.words(f"{value:g}", left, height(value), size=TINY, color=MUTED, vertical="middle")
    sizes = [ends[0] + (ends[1] - ends[0]) * step / STEPS for step in range(STEPS + 1)]
    for share, dash, color in ((INNER, "dash", GREY), (OUTER, "solid", GREY)):
        for side in (0, 1):
            edge = [limits(funnel.mean, funnel.deviation, size, share, funnel.scale)[side] for size in sizes]
            canvas.line(sizes, [height(value) for value in edge], axis=axis, color=color, width=1.2, dash=dash)
    canvas.line(ends, [height(funnel.mean)] * 2, axis=axis, color=MIDDLE, width=1.4, name="mean")
    _dots(canvas, funnel.dots, axis, height)
    foot = top + PLOT + 6
    least, most = round(ends[0]) + 1, round(ends[1]) - 1
    for size in sorted({least, most}):
        x = left + AXIS_ROOM + (size - ends[0]) / (ends[1] - ends[0]) * (pane - AXIS_ROOM)
        canvas.words(str(size), x, foot, size=TINY, color=MUTED, anchor="center")
    canvas.words(language.gettext("answers"), left + pane, foot + 13, size=SMALL, color=MUTED, anchor="right")


def _dots(canvas: Canvas, dots: tuple[Dot, ...], axis: str, height: Callable[[float], float]) -> None:
    seen: Counter[tuple[int, float]] = Counter()
    for symbol, size, beyond in (("circle", 6.0, 0), ("circle", 8.0, 1), ("diamond", 10.0, 2)):
        xs, ys = [], []
        for dot in dots:
            if dot.beyond != beyond:
                continue
            alike = seen[dot.n, dot.mean]
            seen[dot.n, dot.mean] += 1
            xs.append(dot.n + NUDGE * (-(-alike // 2)) * (1 if alike % 2 else -1))
            ys.append(height(dot.mean))
        if xs:
            canvas.marks(
                xs,
                ys,
                axis=axis,
                symbol=symbol,
                size=size,
                color=PAPER if beyond == 1 else INK,
                edge=INK if beyond == 1 else PAPER,
                edge_width=1.6 if beyond == 1 else 0.6,
                name=("within", "beyond inner", "beyond outer")[beyond],
            )


def _alt(whole: Released, found: Mapping[str, Funnel], language: Language) -> str:
    told = [language.gettext("Team means against their numbers of answers, without names.")]
    for aspect, funnel in found.items():
        told.append(
            language.ngettext(
                "%(name)s: %(n)s team around %(mean)s; %(inner)s beyond the inner limits, "
                "%(outer)s of them beyond the outer ones.",
                "%(name)s: %(n)s teams around %(mean)s; %(inner)s beyond the inner limits, "
                "%(outer)s of them beyond the outer ones.",
                len(funnel.dots),
                name=words.aspect_name(whole, aspect, language),
                mean=language.number(funnel.mean),
                inner=n_beyond(funnel.dots, 1),
                outer=n_beyond(funnel.dots, 2),
            )
        )
    return " ".join(told)
