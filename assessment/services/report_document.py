"""A report's pages, from what it is made of."""

from __future__ import annotations

from datetime import date

from assessment.services.report_material import Material, TeamMaterial
from reports.document import Document, organisation_document, team_document
from reports.languages import Language


def document_of(material: Material, language: Language, as_of: date) -> Document:
    """Return the report in a language."""
    if isinstance(material, TeamMaterial):
        return team_document(material.released, language, as_of, material.series, follow_up=material.follow_up)
    return organisation_document(material.released, language, as_of, material.series, follow_up=material.follow_up)
