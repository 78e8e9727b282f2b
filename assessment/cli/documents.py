"""Reports as files: HTML, PDF or JSON of what was released."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from assessment.cli.frame import put
from assessment.services.actor import Actor

if TYPE_CHECKING:
    from assessment.services.platform import Platform
    from reports.document import Document


def write_team(platform: Platform, team_id: int, quarter: str, form: str, language: str, path: Path) -> None:
    """Write one team's report.

    :raise UnknownReport: when the team has none for the quarter.
    :raise reports.pdf.PdfUnavailable: when a library for PDFs is missing.
    """
    from assessment.services.build_report import released_team, team_series
    from reports.canonical import to_json
    from reports.document import team_document
    from reports.languages import language as speak

    released = released_team(platform, Actor.operator(), team_id, quarter)
    if form == "json":
        put(path, json_bytes(to_json(released, speak(language))))
        return
    series = team_series(platform, Actor.operator(), team_id)
    document = team_document(released, speak(language), platform.clock().date(), series)
    put(path, rendered(document, form))


def write_organisation(
    platform: Platform, quarter: str, form: str, language: str, path: Path, campaign_id: int | None = None
) -> None:
    """Write the organisation's report.

    :param campaign_id: which campaign of the quarter, when several were held.
    :raise UnknownReport: when there is none for the quarter.
    :raise AmbiguousQuarter: when there are several and none is named.
    :raise reports.pdf.PdfUnavailable: when a library for PDFs is missing.
    """
    from assessment.services.build_report import organisation_series, released_organisation
    from reports.canonical import to_json
    from reports.document import organisation_document
    from reports.languages import language as speak

    organisation = released_organisation(platform, Actor.operator(), quarter, campaign_id=campaign_id)
    if form == "json":
        put(path, json_bytes(to_json(organisation, speak(language))))
        return
    series = organisation_series(platform, Actor.operator())
    document = organisation_document(organisation, speak(language), platform.clock().date(), series)
    put(path, rendered(document, form))


def rendered(document: Document, form: str) -> bytes:
    """Return a document as one self-contained HTML file or as a PDF."""
    if form == "html":
        from reports.html import render

        return render(document, script="inline").encode()
    from reports.pdf import write

    return write(document)


def json_bytes(value: object) -> bytes:
    """Return JSON as it is written to a file."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
