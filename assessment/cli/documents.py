"""Reports as files: HTML, PDF, JSON or CSV of what was released, and what the last two mean."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assessment.cli.frame import put
from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import UnknownReport

if TYPE_CHECKING:
    from assessment.services.platform import Platform
    from assessment.services.report_material import Material
    from reports.released import Released, ReleasedOrganisation

REPORTS = ("html", "pdf", "json", "csv")
MEANINGS = ("codebook", "schema")


@dataclass(frozen=True)
class Form:
    """How a report is written."""

    name: str
    """One of REPORTS."""
    language: str
    shape: Literal["long", "wide"] = "long"
    """Of a CSV."""
    with_mark: bool = False
    """Whether a CSV begins with a byte order mark."""


def write_meaning(name: str, path: Path, *, with_mark: bool = False) -> None:
    """Write what the columns of a CSV (`codebook`) or the keys of a JSON report (`schema`) mean."""
    if name == "codebook":
        from reports.csv_export import codebook_file

        put(path, codebook_file(with_mark=with_mark))
    else:
        from reports.schema import text

        put(path, text().encode())


def explain(platform: Platform, team_id: int | None, quarter: str, measure: str, department: str | None = None) -> str:
    """Return the steps from a histogram to the printed numbers: of a team, a department, or else the organisation.

    :param department: by name; it has no report by itself, but a part of the organisation's.
    :raise UnknownReport: when there is none for the quarter.
    :raise Invalid: when the report has no such measure.
    """
    from assessment.services.actor import Actor
    from assessment.services.build_report import released_organisation, released_team
    from reports.explaining import UnknownMeasure
    from reports.steps_in_words import in_words

    report: Released | ReleasedOrganisation
    if team_id is not None:
        report = released_team(platform, Actor.operator(), team_id, quarter)
    else:
        report = released_organisation(platform, Actor.operator(), quarter)
        if department is not None:
            by_name = {part.name: part for part in report.departments}
            if department not in by_name:
                raise UnknownReport(node=department, quarter=report.whole.quarter)
            report = by_name[department]
    try:
        return in_words(report, measure)
    except UnknownMeasure as error:
        raise Invalid("--explain", measure, f"choose one of {', '.join(error.choices)}") from None


def write_team(platform: Platform, team_id: int, quarter: str, form: Form, path: Path) -> None:
    """Write one team's report.

    :raise UnknownReport: when the team has none for the quarter.
    :raise reports.pdf.PdfUnavailable: when a library for PDFs is missing.
    """
    from assessment.services.actor import Actor
    from assessment.services.report_material import report_material

    material = report_material(platform, Actor.operator(), team_id, quarter)
    put(path, content(material, form, platform.clock().date()))


def write_organisation(
    platform: Platform, quarter: str, form: Form, path: Path, campaign_id: int | None = None
) -> None:
    """Write the organisation's report.

    :param campaign_id: which campaign of the quarter, when several were held.
    :raise UnknownReport: when there is none for the quarter.
    :raise AmbiguousQuarter: when there are several and none is named.
    :raise reports.pdf.PdfUnavailable: when a library for PDFs is missing.
    """
    from assessment.services.actor import Actor
    from assessment.services.report_material import report_material

    material = report_material(platform, Actor.operator(), None, quarter, campaign_id=campaign_id)
    put(path, content(material, form, platform.clock().date()))


def content(material: Material, form: Form, as_of: date) -> bytes:
    """Return a report as a file's bytes: one self-contained HTML file, a PDF, JSON or CSV."""
    if form.name == "csv":
        from reports.csv_export import export, rows_of

        return export(rows_of(material.released), form.shape, with_mark=form.with_mark)
    from reports.languages import language as speak

    spoken = speak(form.language)
    if form.name == "json":
        from reports.canonical import to_json

        return json_bytes(to_json(material.released, spoken, material.series, material.follow_up))
    from assessment.services.report_document import document_of

    document = document_of(material, spoken, as_of)
    if form.name == "html":
        from reports.html import render

        return render(document, script="inline").encode()
    from reports.pdf import write

    return write(document)


def json_bytes(value: object) -> bytes:
    """Return JSON as it is written to a file."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
