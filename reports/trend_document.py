"""The trend of a team or the organisation as plain data: up to eight quarters side by side, each as released then."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from reports import canonical, trend_pages
from reports.blocks import Document, Page
from reports.canonical import HASH_DIGITS, OUTSIDE_THE_HASH
from reports.languages import Language
from reports.naming import in_line
from reports.released import Released, Series
from reports.steady_words import movements

SCHEMA_VERSION = 1


def trend_document(series: Series, language: Language, as_of: date) -> Document:
    """Return the trend of one node: a summary, the aspects, and the practice areas with the cultures.

    :param series: the node's quarters with everything that was released, oldest first.
    :raise ValueError: when there is no quarter.
    """
    latest = _latest(series)
    _ = language.gettext
    first, last = series.quarters[0].quarter, latest.quarter
    pages: tuple[Page | None, ...] = (trend_pages.told(series, language),)
    if not all(released.is_withheld for released in series.quarters):
        pages += (trend_pages.aspects(series, language), trend_pages.practice(series, language))
    over = first if first == last else _("%(first)s to %(last)s", first=first, last=last)
    title = _("Team over the quarters") if latest.kind == "team" else _("Organisation over the quarters")
    parts = [title, over, *([latest.parent_name] if latest.parent_name else [])]
    owed = dict.fromkeys(
        language.text(instrument.source.credit)
        for released in reversed(series.quarters)
        for instrument in released.questionnaire.instruments
    )
    return Document(
        kind="trend",
        language=language.code,
        title=latest.name,
        eyebrow=" · ".join(parts),
        subject=f"{in_line(latest.name)} · {over}",
        sure=_("How sure is this?")
        + " "
        + _(
            "Every quarter stands as it was released then, with 90 % intervals; answers of two quarters cannot be "
            "paired, and a line between them only describes."
        ),
        hash=trend_hash(series),
        promise=_("For the team’s own learning, not for performance reviews."),
        as_of=_("As of %(day)s", day=language.date(as_of)),
        credit=" ".join(owed),
        pages=tuple(page for page in pages if page is not None),
    )


def trend_hash(series: Series) -> str:
    """Return the first 12 hexadecimal digits of the SHA-256 of all quarters' canonical JSON, one a line."""
    lines = "\n".join(canonical.canonical_json(released) for released in series.quarters)
    return hashlib.sha256(lines.encode()).hexdigest()[:HASH_DIGITS]


def to_json(series: Series, language: Language | None = None) -> dict[str, Any]:
    """Return a trend as plain values for `json.dumps`: each quarter as the measured part of its report.

    :raise ValueError: when there is no quarter.
    """
    latest = _latest(series)
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "trend",
        "node": {"kind": latest.kind, "name": latest.name, "parent": latest.parent_name},
        "measured_hash": trend_hash(series),
        "quarters": [
            {key: value for key, value in canonical.part(released, language).items() if key not in OUTSIDE_THE_HASH}
            for released in series.quarters
        ],
        "steady": {
            aspect: {"direction": one.direction, "n_quarters": one.n_quarters, "is_tested": one.is_tested}
            for aspect, one in movements(series).items()
        },
    }


def _latest(series: Series) -> Released:
    if not series.quarters:
        raise ValueError("a trend needs a quarter; ask for one after the first campaign has closed")
    return series.quarters[-1]
