"""How many answered: a square for everybody invited, filled for every answer."""

from __future__ import annotations

from reports.figures.canvas import FAINT, HIGH, MIDDLE, MM, NARROW_MM, PAPER, WIDE_MM, Canvas, Drawn
from reports.languages import Language
from reports.released import Released

PITCH = 15.0
MOST_SQUARES = 80


def participation(released: Released, language: Language, *, narrow: bool = False) -> Drawn:
    """Draw who answered of all invited, as counts only: the squares stand in no order of people."""
    width = (NARROW_MM if narrow else WIDE_MM) * MM
    answered, invited = released.n_answered, max(released.n_invited or 0, released.n_answered)
    alt = language.ngettext(
        "%(answered)s of %(n)s person answered.", "%(answered)s of %(n)s people answered.", invited, answered=answered
    )
    if released.n_invited is None:
        alt = language.ngettext("%(n)s answer.", "%(n)s answers.", answered)
    if invited > MOST_SQUARES:
        canvas = Canvas(width, 16)
        canvas.scale(1, 0, width, (0, invited), [], showgrid=False, visible=False)
        canvas.box(0, 2, width, 14, FAINT)
        canvas.line([0, answered], [8, 8], color=HIGH, width=12, name="answered")
        return canvas.finish(alt)
    columns = int(width / PITCH)
    canvas = Canvas(width, max(1, -(-invited // columns)) * PITCH + 2)
    canvas.scale(1, 0, width, (0, width), [], showgrid=False, visible=False)
    places = [(8 + i % columns * PITCH, 8 + i // columns * PITCH) for i in range(invited)]
    filled, hollow = places[:answered], places[answered:]
    canvas.marks([x for x, _ in filled], [y for _, y in filled], size=12, color=HIGH, name="answered")
    if hollow:
        canvas.marks(
            [x for x, _ in hollow],
            [y for _, y in hollow],
            size=10.6,
            color=PAPER,
            edge=MIDDLE,
            edge_width=1.4,
            name="did not answer",
        )
    return canvas.finish(alt)
