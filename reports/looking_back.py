"""What opens a roadmap in the next quarter: did the focus aspects move, or can that not be told."""

from __future__ import annotations

from dataclasses import dataclass

from reports import words
from reports.languages import Language, phrase
from reports.released import Released, ReleasedAspect, Status

CANNOT_TELL = {
    Status.NOT_DISTINGUISHABLE: phrase("A difference like this may be chance."),
    Status.TOO_FEW: phrase("Too few answered in one of the two quarters."),
    Status.NOT_COMPARABLE: phrase("The questions or the scale are not those of the quarter before."),
    Status.NOT_TESTED: phrase("It was not chosen as a focus before the campaign opened, so it was not tested."),
    Status.FIRST_QUARTER: phrase("There is no quarter before this one to compare with."),
}


@dataclass(frozen=True)
class Moved:
    """Whether one focus aspect moved."""

    aspect: str
    name: str
    is_told: bool
    """Whether a test said that it moved."""
    verdict: str
    """`moved up`, `moved down`, or that it cannot be told."""
    values: str
    """From which mean to which; empty where there are not two to compare."""
    why: str
    """Why it cannot be told; empty where it can."""
    direction: int = 0
    """1 or -1 beside a passed test, else 0."""


def moved(released: Released, language: Language) -> tuple[Moved, ...]:
    """Say of each focus aspect whether it moved since the quarter before."""
    return tuple(_moved(released, aspect, language) for aspect in released.focus if aspect in released.aspects)


def _moved(released: Released, aspect: str, language: Language) -> Moved:
    _ = language.gettext
    name, figure = words.aspect_name(released, aspect, language), released.aspects[aspect]
    unknown = _("cannot be told")
    if not isinstance(figure, ReleasedAspect):
        return Moved(aspect, name, False, unknown, "", words.reason(figure, released, language))
    change = figure.change
    values = ""
    if change.before is not None and change.before_scale in (None, figure.scale):
        values = _(
            "from %(before)s to %(now)s",
            before=words.before(change.before, change.before_open_end, language),
            now=words.mean(figure, language),
        )
    if change.status is not Status.CHANGED:
        return Moved(aspect, name, False, unknown, values, _(CANNOT_TELL[change.status]))
    way = {1: _("moved up"), -1: _("moved down")}.get(change.direction, _("moved"))
    return Moved(aspect, name, True, way, values, "", change.direction)
