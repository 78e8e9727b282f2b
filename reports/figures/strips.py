"""Teams of an organisation: one row per team on one scale, in alphabetical order, and squares of teams per rung."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from reports import words
from reports.figures.canvas import (
    FAINT,
    GREY,
    HIGH,
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
    WASH,
    WIDE_MM,
    Canvas,
    Drawn,
)
from reports.languages import Language
from reports.lettering import wrap
from reports.naming import in_line
from reports.released import OpenEnd, Released, ReleasedAspect, ReleasedLadder, Tier, Withheld

LABEL_ROOM = 152.0
LINE_HEIGHT = 13.0


def strips(whole: Released, teams: Sequence[Released], language: Language) -> Drawn:
    """Draw the aspect means of teams; a coarse mean is an open mark, a withheld team says so in words."""
    width = WIDE_MM * MM
    aspects = list(whole.aspects)
    gap = 12.0
    pane = (width - LABEL_ROOM - gap * len(aspects)) / max(1, len(aspects))
    heads = [wrap(words.aspect_name(whole, aspect, language), TINY, pane + gap - 4, 3) for aspect in aspects]
    top = max((len(head) for head in heads), default=1) * TINY * LINE + 10
    names = [wrap(team.name, SMALL, LABEL_ROOM - 8, 2) for team in teams]
    heights = [len(name) * LINE_HEIGHT + 9 for name in names]
    canvas = Canvas(width, top + sum(heights) + 22)
    bottom = canvas.height - 22
    scale = next(
        (f.scale for team in (whole, *teams) for f in team.aspects.values() if isinstance(f, ReleasedAspect)), (1, 7)
    )
    ticks = [scale[0], (scale[0] + scale[1]) // 2, scale[1]]
    ends = (scale[0] - 0.3, scale[1] + 0.3)
    axes, grid = [], []
    for index, head in enumerate(heads):
        left = LABEL_ROOM + gap + index * (pane + gap)
        canvas.words(head, left - gap + 4, top - 8, size=TINY, color=INK, weight=600, vertical="bottom")
        axes.append(canvas.scale(index + 1, left, left + pane, ends, ticks, showgrid=False, tickfont={"size": TINY}))
        grid += [left + pane * (tick - ends[0]) / (ends[1] - ends[0]) for tick in ticks]
    y = top
    for index, (team, name, height) in enumerate(zip(teams, names, heights, strict=True)):
        if index % 2 == 0:
            canvas.box(0, y, width, y + height, WASH)
        middle = y + height / 2
        color = MUTED if team.is_withheld else INK
        canvas.words(name, 5, middle, size=SMALL, color=color, vertical="middle", weight=500)
        if team.is_withheld:
            why = next(iter(team.aspects.values()), None)
            text = words.reason(why, team, language) if isinstance(why, Withheld) else language.gettext("withheld")
            canvas.words(
                wrap(text, SMALL, width - LABEL_ROOM - 20, 1),
                LABEL_ROOM + gap,
                middle,
                size=SMALL,
                color=MUTED,
                vertical="middle",
            )
        else:
            for axis, aspect in zip(axes, aspects, strict=True):
                _cell(canvas, team, aspect, axis, middle, language)
        y += height
    y = top
    # The grid leaves out the rows of withheld teams, whose words it would strike through.
    for is_withheld, rows in groupby(zip(teams, heights, strict=True), key=lambda row: row[0].is_withheld):
        height = sum(height for _, height in rows)
        for x in () if is_withheld else grid:
            canvas.rule(x, y, x, y + height, FAINT)
        y += height
    return canvas.finish(_alt(whole, teams, language), top, bottom)


def _cell(canvas: Canvas, team: Released, aspect: str, axis: str, y: float, language: Language) -> None:
    figure = team.aspects.get(aspect)
    if not isinstance(figure, ReleasedAspect):
        canvas.marks([(1 + 7) / 2], [y], axis=axis, symbol="line-ew", size=8, color=GREY, edge=GREY, edge_width=1)
        return
    color = GREY if words.is_grey(figure) else INK
    if figure.interval_90 is not None:
        canvas.line(figure.interval_90, [y, y], axis=axis, color=color, width=2, name="interval")
    mean = UNCERTAIN if words.is_grey(figure) else MEAN
    symbol = {OpenEnd.TOP: "triangle-right", OpenEnd.BOTTOM: "triangle-left", None: mean}[figure.open_end]
    is_open = figure.tier is Tier.COARSE
    canvas.marks(
        [figure.mean],
        [y],
        axis=axis,
        symbol=symbol,
        size=9.5 if symbol == UNCERTAIN else 9,
        color=PAPER if is_open else color,
        edge=color if is_open else PAPER,
        edge_width=1.6 if is_open else 0.8,
        hover=[f"{in_line(team.name)}: {words.mean(figure, language)}"],
        name="mean",
    )


def rungs(whole: Released, teams: Sequence[Released], language: Language, *, narrow: bool = False) -> Drawn:
    """Draw how many teams have reached each rung of each practice area: a square per team."""
    width = (NARROW_MM if narrow else WIDE_MM) * MM
    left = 0.0 if narrow else 176.0
    step = (width - left) / 5
    pitch = 11.0
    columns = int((step - 22) / pitch)
    counts = {area: _counted(teams, area) for area in whole.ladders}
    head = 20.0 if narrow else 0.0
    names = {
        area: wrap(words.aspect_name(whole, area, language), LABEL + 0.5, width if narrow else left - 16, 2)
        for area in counts
    }
    heights = [
        max(
            head + max(1, -(-max(count) // columns)) * pitch + 18,
            head + 34,
            0 if narrow else len(names[area]) * (LABEL + 0.5) * LINE + 18,
        )
        for area, count in counts.items()
    ]
    top = 34.0
    canvas = Canvas(width, top + sum(heights) + 2)
    canvas.scale(1, left, width, (-0.5, 4.5), range(5), showgrid=False, visible=False)
    for level, name in enumerate(words.LEVEL_NAMES):
        place = left + level * step + 10
        canvas.words(str(level), place, 0, size=LABEL, weight=600)
        canvas.words(wrap(language.gettext(name), TINY, step - 10, 1), place, 16, size=TINY, color=MUTED)
    y = top
    for (area, count), height in zip(counts.items(), heights, strict=True):
        canvas.rule(0, y, width, y, FAINT)
        canvas.words(names[area], 0, y + 9, size=LABEL + 0.5, weight=600)
        for rung, number in enumerate(count):
            if not number:
                canvas.words("–", left + rung * step + 10, y + head + 9, size=SMALL, color=MIDDLE)
                continue
            places = [divmod(index, columns) for index in range(number)]
            canvas.marks(
                [rung - 0.5 + (10 + 4.5 + column * pitch) / step for _, column in places],
                [y + head + 15 + row * pitch for row, _ in places],
                size=9,
                color=HIGH,
                hover=[str(number)] * number,
                name="teams",
            )
            after = left + rung * step + 10 + min(number, columns) * pitch + 2
            canvas.words(str(number), after, y + head + 8.5, size=SMALL, color=MUTED, weight=600)
        y += height
    return canvas.finish(_rungs_alt(whole, counts, language), 0, canvas.height)


def _counted(teams: Sequence[Released], area: str) -> list[int]:
    counts = [0] * 5
    for team in teams:
        figure = team.ladders.get(area)
        if isinstance(figure, ReleasedLadder):
            counts[figure.reached] += 1
    return counts


def _rungs_alt(whole: Released, counts: dict[str, list[int]], language: Language) -> str:
    told = [language.gettext("How many teams have reached each rung.")]
    for area, count in counts.items():
        parts = [
            language.ngettext("%(n)s team on rung %(rung)s", "%(n)s teams on rung %(rung)s", number, rung=rung)
            for rung, number in enumerate(count)
            if number
        ]
        told.append(f"{words.aspect_name(whole, area, language)}: {', '.join(parts) or '–'}.")
    return " ".join(told)


def _alt(whole: Released, teams: Sequence[Released], language: Language) -> str:
    told = [language.gettext("Means of every team in alphabetical order.")]
    for team in teams:
        if team.is_withheld:
            told.append(f"{team.name}: {language.gettext('withheld')}.")
            continue
        parts = [
            f"{words.aspect_name(whole, aspect, language)} {words.mean(figure, language)}"
            + words.why_grey(figure, language)
            for aspect, figure in team.aspects.items()
            if isinstance(figure, ReleasedAspect)
        ]
        told.append(f"{team.name}: {', '.join(parts)}.")
    return " ".join(told)
