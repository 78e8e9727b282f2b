"""The trend of a team or the organisation as a file: HTML, PDF or JSON of its last quarters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assessment.cli.documents import Form, json_bytes
from assessment.cli.frame import put

if TYPE_CHECKING:
    from assessment.services.platform import Platform

TRENDS = ("pdf", "html", "json")


def write_trend(platform: Platform, team_id: int | None, form: Form, path: Path) -> None:
    """Write the trend of a team, or of the organisation for None.

    :raise UnknownReport: before the first campaign has closed.
    :raise reports.pdf.PdfUnavailable: when a library for PDFs is missing.
    """
    from assessment.services.actor import Actor
    from assessment.services.build_trend import trend_of
    from reports.languages import language as speak
    from reports.trend_document import to_json, trend_document

    series, spoken = trend_of(platform, Actor.operator(), team_id), speak(form.language)
    if form.name == "json":
        put(path, json_bytes(to_json(series, spoken)))
        return
    document = trend_document(series, spoken, platform.clock().date())
    if form.name == "html":
        from reports.html import render

        put(path, render(document, script="inline").encode())
    else:
        from reports.pdf import write

        put(path, write(document))
