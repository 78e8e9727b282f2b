"""Health measures as rows of a table: value, target, and how it was the quarter before."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.web.i18n import request_language
from reports.follow_up import Health
from reports.health import is_within, measured
from reports.health_words import NAMES, TARGETS, shown


@dataclass(frozen=True)
class HealthRow:
    """One measure of one quarter, in words."""

    name: str
    value: str
    target: str
    is_within: bool | None
    """None for a measure without a target."""
    before: str
    """Empty where the quarter before is not known."""


def health_rows(now: Health, before: Health | None = None) -> list[HealthRow]:
    """Return what a quarter's facts say, measure by measure; what is unknown is left out."""
    language = request_language()
    earlier = measured(before) if before is not None else {}
    return [
        HealthRow(
            language.gettext(NAMES[measure]),
            shown(measure, value, language),
            language.gettext(TARGETS[measure]),
            is_within(measure, value, earlier.get(measure)),
            shown(measure, earlier[measure], language) if measure in earlier else "",
        )
        for measure, value in measured(now).items()
    ]
