"""Health measures in words: their names, targets and values, the same on pages and in documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.follow_up import Health
from reports.health import Measure, facts_before, is_within, measured
from reports.languages import Language, phrase

NAMES: Mapping[Measure, str] = {
    Measure.PAGES_PER_WEEK: phrase("Pages per engineer on call and week"),
    Measure.NIGHT_PAGES: phrase("Pages at night per rotation"),
    Measure.OVER_30_MINUTES: phrase("Pages that took longer than 30 minutes"),
    Measure.TOIL: phrase("Toil"),
    Measure.REVIEWS: phrase("Reviews written"),
    Measure.ACTIONS: phrase("Actions closed on time"),
    Measure.BUSIEST_SHARE: phrase("Pages that the busiest fifth takes"),
}
TARGETS: Mapping[Measure, str] = {
    Measure.PAGES_PER_WEEK: phrase("under 2"),
    Measure.NIGHT_PAGES: phrase("under 1"),
    Measure.OVER_30_MINUTES: phrase("no target, shown only"),
    Measure.TOIL: phrase("under 50 %, and not rising"),
    Measure.REVIEWS: phrase("all of them"),
    Measure.ACTIONS: phrase("70 % or more"),
    Measure.BUSIEST_SHARE: phrase("under 60 %"),
}
SHARES = frozenset(Measure) - {Measure.PAGES_PER_WEEK, Measure.NIGHT_PAGES}


@dataclass(frozen=True)
class Point:
    """One measure in one quarter."""

    quarter: str
    value: float
    is_within: bool | None
    """None for a measure without a target."""


def shown(measure: Measure, value: float, language: Language) -> str:
    """Write a value with its unit."""
    if measure in SHARES:
        return f"{language.number(100 * value, 0)} %"
    return language.number(value)


def standing(measure: Measure, point: Point, language: Language) -> str:
    """Say in words whether a value is within its target."""
    _ = language.gettext
    target = _(TARGETS[measure])
    if point.is_within is None:
        return target
    return (
        _("within target: %(target)s", target=target)
        if point.is_within
        else _("not within target: %(target)s", target=target)
    )


def courses(quarters: Sequence[Health]) -> dict[Measure, tuple[Point, ...]]:
    """Return every measure that some quarter knows, with its values, oldest first."""
    found: dict[Measure, list[Point]] = {}
    for health in quarters:
        before = facts_before(quarters, health.quarter)
        earlier = measured(before) if before is not None else {}
        for measure, value in measured(health).items():
            point = Point(health.quarter, value, is_within(measure, value, earlier.get(measure)))
            found.setdefault(measure, []).append(point)
    return {measure: tuple(found[measure]) for measure in NAMES if measure in found}
