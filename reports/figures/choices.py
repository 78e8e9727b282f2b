"""The three-way choice of one aspect: a square per answer over each of the three descriptions, or words."""

from __future__ import annotations

from questionnaires.instrument import CULTURES
from reports import words
from reports.figures.canvas import HIGH, LOW, MID, MM, MUTED, SMALL, WIDE_MM, Canvas, Drawn
from reports.languages import Language
from reports.lettering import width as text_width
from reports.released import Released, ReleasedChoice, Withheld

COLORS = (LOW, MID, HIGH)
SYMBOLS = ("square", "diamond", "circle")
"""A second cue beside colour and place."""
NAME_MM = 36.0
NARROW_CHOICE_MM = 90.0


def choice(released: Released, aspect: str, language: Language, *, narrow: bool = False) -> Drawn:
    """Draw one aspect's choice as a strip of three fields, as wide as the three descriptions below it."""
    width = (NARROW_CHOICE_MM if narrow else WIDE_MM - NAME_MM) * MM
    figure = released.choices[aspect]
    third = width / 3
    pitch, columns = 10.0, int((third - 24) / 10)
    counts = figure.counts if isinstance(figure, ReleasedChoice) else None
    many = counts is not None and max(counts) > 3 * columns
    rows = max(1, -(-max(counts) // columns)) if counts and not many else 1
    canvas = Canvas(width, rows * pitch + 6)
    for index in range(3):
        canvas.scale(
            index + 1,
            index * third,
            (index + 1) * third,
            (0, third),
            [],
            showgrid=False,
            visible=False,
        )
    if isinstance(figure, Withheld):
        canvas.words(words.reason(figure, released, language), 0, 2, size=SMALL, color=MUTED)
    elif counts is None:
        for index, culture in enumerate(CULTURES):
            if figure.name == culture:
                canvas.marks([5.5], [8.5], axis=_axis(index), symbol=SYMBOLS[index], size=10, color=COLORS[index])
                text = language.gettext("at least two thirds")
                if text_width(text, SMALL) < third - 22:
                    canvas.words(text, index * third + 18, 2, size=SMALL, color=MUTED)
        if figure.name is None:
            canvas.words(language.gettext("mixed: none has two thirds"), 0, 2, size=SMALL, color=MUTED)
    elif many:
        _bars(canvas, counts, third, language)
    else:
        for index, count in enumerate(counts):
            if count:
                canvas.marks(
                    [5 + (i % columns) * pitch for i in range(count)],
                    [6 + (i // columns) * pitch for i in range(count)],
                    axis=_axis(index),
                    symbol=SYMBOLS[index],
                    size=8.4 if index != 1 else 9.2,
                    color=COLORS[index],
                    hover=[str(count)] * count,
                    name=CULTURES[index],
                )
                after = 8 + min(count, columns) * pitch
                canvas.words(str(count), index * third + after, 0, size=SMALL, color=MUTED, weight=600)
            else:
                canvas.words("0", index * third, 0, size=SMALL, color=MUTED)
    return canvas.finish(_alt(released, aspect, language), 0, canvas.height)


def _bars(canvas: Canvas, counts: tuple[int, int, int], third: float, language: Language) -> None:
    """Draw bars instead of squares where answers are many."""
    room = third - 56
    for index, count in enumerate(counts):
        canvas.line([0, count / max(counts) * room], [8, 8], axis=_axis(index), color=COLORS[index], width=9)
        place = index * third + count / max(counts) * room + 6
        canvas.words(language.number(count, 0), place, 1, size=SMALL, color=MUTED, weight=600)


def _axis(index: int) -> str:
    return "x" if index == 0 else f"x{index + 1}"


def _alt(released: Released, aspect: str, language: Language) -> str:
    name = words.aspect_name(released, aspect, language)
    figure = released.choices[aspect]
    if isinstance(figure, Withheld):
        return f"{name}: {words.reason(figure, released, language)}."
    if figure.counts is None:
        return f"{name}: {words.choice(figure, language)}."
    low, middle, high = figure.counts
    counts = language.gettext(
        "%(low)s pathological, %(middle)s bureaucratic, %(high)s generative", low=low, middle=middle, high=high
    )
    return f"{name}: {counts}; {words.choice(figure, language)}."
