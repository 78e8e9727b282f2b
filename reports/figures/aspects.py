"""The aspects: one square per person, the mean with its interval, and the bounds of those who did not answer."""

from __future__ import annotations

from collections.abc import Sequence

from reports import words
from reports.figures.canvas import (
    FAINT,
    GREY,
    HIGH,
    INK,
    LABEL,
    LINE,
    LOW,
    MEAN,
    MID,
    MIDDLE,
    MM,
    MUTED,
    NARROW_MM,
    PAPER,
    SMALL,
    UNCERTAIN,
    WASH,
    WIDE_MM,
    Canvas,
    Drawn,
)
from reports.histograms import Histogram
from reports.languages import Language
from reports.lettering import width as text_width
from reports.lettering import wrap
from reports.released import OpenEnd, Released, ReleasedAspect, Tier, Withheld

MOST_SQUARES = 30
"""Above this many answers, bars stand for the squares."""
PITCH = 9.6
BAR_ROOM = 46.0
GUTTER = 16.0


def aspects(released: Released, language: Language, *, narrow: bool = False) -> Drawn:
    """Draw all aspects of a node below each other, on the scale of the campaign's instrument."""
    width = (NARROW_MM if narrow else WIDE_MM) * MM
    left, right = (16.0, width - 16) if narrow else (176.0, width - 134)
    scale = _scale(released)
    half_point = (right - left) / (scale[1] - scale[0] + 0.6) / 2
    pitch = min(PITCH, half_point / 3)
    heights = [
        _room(figure, words.aspect_name(released, aspect, language), left, pitch, half_point, narrow)
        for aspect, figure in released.aspects.items()
    ]
    top, foot = 2.0, 40.0
    canvas = Canvas(width, top + sum(heights) + foot)
    bottom = canvas.height - foot
    middle = (scale[0] + scale[1]) / 2
    ticks = range(scale[0], scale[1] + 1)
    canvas.scale(1, left, right, (scale[0] - 0.3, scale[1] + 0.3), ticks, showgrid=False)

    def grid(above: float, below: float) -> None:
        for tick in (*ticks, middle) if middle not in ticks else ticks:
            place = left + (tick - scale[0] + 0.3) / (scale[1] - scale[0] + 0.6) * (right - left)
            canvas.rule(place, above, place, below, MIDDLE if tick == middle else FAINT, 1.2 if tick == middle else 1)

    y = top
    for (aspect, figure), height in zip(released.aspects.items(), heights, strict=True):
        name = words.aspect_name(released, aspect, language)
        if y > top:
            canvas.rule(0, y, width, y, FAINT)
        if not (narrow and isinstance(figure, Withheld)):
            grid(y + 46 if narrow else y, y + height)
        if isinstance(figure, Withheld):
            _withheld(canvas, name, words.reason(figure, released, language), y, height, left, right, narrow)
        else:
            _row(
                canvas,
                figure,
                name,
                words.counted(figure, released, language),
                language,
                y,
                height,
                pitch,
                half_point,
                left,
                right,
                narrow,
            )
        y += height
    _ends(canvas, released, language, left, right, bottom)
    return canvas.finish(_alt(released, language), top, bottom)


def _scale(released: Released) -> tuple[int, int]:
    for figure in released.aspects.values():
        if isinstance(figure, ReleasedAspect):
            return figure.scale
    for instrument, _ in released.questionnaire.aspects.values():
        if instrument.scale is not None:
            return (instrument.scale.lowest, instrument.scale.highest)
    return (1, 7)


def _room(
    figure: ReleasedAspect | Withheld, name: str, left: float, pitch: float, half_point: float, narrow: bool
) -> float:
    """Return how high a row is: words, squares where they are released, and the mean's line."""
    head = 46.0 if narrow else 0.0
    if isinstance(figure, Withheld):
        return head + (10 if narrow else 56)
    beside = 0 if narrow else 32 + len(wrap(name, LABEL + 0.5, left - GUTTER, 3)) * (LABEL + 0.5) * LINE
    if figure.histogram is None:
        return max(head + (30 if narrow else 66), beside)
    if figure.histogram.n > MOST_SQUARES:
        return max(head + BAR_ROOM + 42, beside)
    columns = max(1, int(half_point / pitch + 0.01))
    tallest = max(len(scores) for scores in _bins(figure.histogram).values())
    return max(head + max(2, -(-tallest // columns)) * pitch + 42, 78, beside)


def _bins(histogram: Histogram) -> dict[float, list[float]]:
    """Return the scores in points, each in its nearest half point, low ones first."""
    found: dict[float, list[float]] = {}
    for value in histogram.expanded():
        found.setdefault(int(value / 3 + 0.5) / 2, []).append(value / 6)
    return found


def _color(score: float, scale: tuple[int, int]) -> str:
    third = (scale[1] - scale[0]) / 3
    return LOW if score <= scale[0] + third + 1e-9 else HIGH if score >= scale[1] - third - 1e-9 else MID


def _row(
    canvas: Canvas,
    figure: ReleasedAspect,
    name: str,
    answered: list[str],
    language: Language,
    y: float,
    height: float,
    pitch: float,
    half_point: float,
    left: float,
    right: float,
    narrow: bool,
) -> None:
    base = y + height - 26
    if figure.histogram is not None:
        _people(canvas, figure.histogram, figure.scale, base, pitch, half_point, language)
    _mean(canvas, figure, base + 11)
    beside = words.labels(figure, language)
    if narrow:
        canvas.words(wrap(name, 12.5, right - 70), 0, y + 9, size=12.5, weight=600)
        canvas.words(words.mean(figure, language), canvas.width, y + 8, size=15, anchor="right", weight=600)
        parts = [*beside, words.how_sure(figure, language), *answered]
        while len(parts) > 1 and text_width(" · ".join(parts), SMALL) > canvas.width:
            parts.pop()
        canvas.words(wrap(" · ".join(parts), SMALL, canvas.width, 1), 0, y + 28, size=SMALL, color=MUTED)
        return
    label = wrap(name, LABEL + 0.5, left - GUTTER, 3)
    canvas.words(label, 0, y + 11, size=LABEL + 0.5, weight=600)
    canvas.words(answered, 0, y + 14 + len(label) * (LABEL + 0.5) * LINE, size=SMALL, color=MUTED)
    value = words.mean(figure, language)
    canvas.words(value, right + 18, y + 9, size=17 if len(value) < 5 else 13.5, weight=600)
    lines = [words.how_sure(figure, language), *beside]
    room = canvas.width - right - 18
    wrapped = [part for line in lines for part in wrap(line, SMALL, room, 2)]
    canvas.words(wrapped[: max(2, int((height - 34) / (SMALL * LINE)))], right + 18, y + 32, size=SMALL, color=MUTED)


def _people(
    canvas: Canvas,
    histogram: Histogram,
    scale: tuple[int, int],
    base: float,
    pitch: float,
    half_point: float,
    language: Language,
) -> None:
    """Stack one square per person over the base line, or stand bars there where people are many."""
    bins = _bins(histogram)
    if histogram.n > MOST_SQUARES:
        most = max(len(scores) for scores in bins.values())
        canvas.bars(
            list(bins),
            [len(scores) / most * BAR_ROOM for scores in bins.values()],
            base,
            width=0.44,
            color=[_color(place, scale) for place in bins],
            hover=[language.ngettext("%(n)s answer", "%(n)s answers", len(scores)) for scores in bins.values()],
        )
        return
    columns = max(1, int(half_point / pitch + 0.01))
    points: list[tuple[float, float, float]] = []
    for place, scores in bins.items():
        for index, score in enumerate(scores):
            row, column = divmod(index, columns)
            across = min(columns, len(scores) - row * columns)
            shift = (column - (across - 1) / 2) * pitch / half_point / 2
            points.append((place + shift, base - pitch * (row + 0.5), score))
    canvas.marks(
        [x for x, _, _ in points],
        [y for _, y, _ in points],
        size=round(pitch - 1.4, 2),
        color=[_color(score, scale) for _, _, score in points],
        hover=[language.number(score, 2) for _, _, score in points],
        name="people",
    )


def _mean(canvas: Canvas, figure: ReleasedAspect, y: float) -> None:
    """Draw bounds as a hairline, the interval as a bold line, the mean as a diamond: open where it is coarse."""
    color = GREY if words.is_grey(figure) else INK
    if figure.bounds is not None and not figure.everyone_answered:
        low, high = figure.bounds
        canvas.line([low, high], [y, y], color=GREY, width=0.8, name="bounds")
        canvas.marks([low, high], [y, y], symbol="line-ns", size=7, color=GREY, edge=GREY, edge_width=0.8)
    if figure.interval_90 is not None:
        canvas.line(figure.interval_90, [y, y], color=color, width=3.2, name="interval")
    if figure.open_end is not None:
        end = figure.scale[1] if figure.open_end is OpenEnd.TOP else figure.scale[0]
        canvas.line([figure.mean, end], [y, y], color=color, width=3.2, name="open end")
        symbol = "triangle-right" if figure.open_end is OpenEnd.TOP else "triangle-left"
        canvas.marks([end], [y], symbol=symbol, size=10, color=color, name="open end")
    open_mark = figure.tier is Tier.COARSE
    canvas.marks(
        [figure.mean],
        [y],
        symbol=UNCERTAIN if words.is_grey(figure) else MEAN,
        size=11 if words.is_grey(figure) else 10.5,
        color=PAPER if open_mark else color,
        edge=color if open_mark else PAPER,
        edge_width=2 if open_mark else 1.2,
        name="mean",
    )


def _withheld(
    canvas: Canvas, name: str, why: str, y: float, height: float, left: float, right: float, narrow: bool
) -> None:
    if narrow:
        canvas.words(wrap(name, 12.5, right), 0, y + 9, size=12.5, color=MUTED, weight=600)
        canvas.words(wrap(why, SMALL, canvas.width), 0, y + 29, size=SMALL, color=MUTED)
        return
    canvas.box(left, y + 8, right, y + height - 8, WASH)
    canvas.words(wrap(name, LABEL + 0.5, left - GUTTER), 0, y + height / 2, color=MUTED, weight=600, vertical="middle")
    lines = wrap(why, SMALL, right - left - 24)
    canvas.words(lines, (left + right) / 2, y + height / 2, size=SMALL, color=MUTED, anchor="center", vertical="middle")


def _ends(canvas: Canvas, released: Released, language: Language, left: float, right: float, bottom: float) -> None:
    """Write the scale's own words under its two ends."""
    for instrument, _ in released.questionnaire.aspects.values():
        if instrument.scale is not None:
            first = language.text(instrument.scale.labels[instrument.scale.lowest])
            last = language.text(instrument.scale.labels[instrument.scale.highest])
            room = (right - left) / 2 - 12
            canvas.words(wrap(first, SMALL, room, 1), left, bottom + 21, size=SMALL, color=MUTED)
            canvas.words(wrap(last, SMALL, room, 1), right, bottom + 21, size=SMALL, color=MUTED, anchor="right")
            return


def _alt(released: Released, language: Language) -> str:
    scale = _scale(released)
    told = [language.gettext("Means of the aspects on a scale from %(low)s to %(high)s.", low=scale[0], high=scale[1])]
    for aspect, figure in released.aspects.items():
        told.append(describe(words.aspect_name(released, aspect, language), figure, released, language))
    return " ".join(told)


def describe(name: str, figure: ReleasedAspect | Withheld, released: Released, language: Language) -> str:
    """Say in one sentence what a row shows, from released values only."""
    if isinstance(figure, Withheld):
        return f"{name}: {words.reason(figure, released, language)}."
    parts: list[str] = [language.gettext("mean %(mean)s", mean=words.mean(figure, language))]
    if figure.interval_90 is not None:
        parts.append(language.gettext("90 % interval") + " " + words.interval(figure.interval_90, language))
    elif figure.everyone_answered:
        parts.append(language.gettext("everyone answered"))
    if figure.low_middle_high is not None:
        low, middle, high = figure.low_middle_high
        parts.append(
            language.gettext("%(low)s low, %(middle)s middle, %(high)s high", low=low, middle=middle, high=high)
        )
    return f"{name}: {_joined([*parts, *words.labels(figure, language)])}."


def _joined(parts: Sequence[str]) -> str:
    return ", ".join(parts)
