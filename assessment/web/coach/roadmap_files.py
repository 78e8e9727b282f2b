"""A roadmap to take along: Markdown, CSV and iCalendar."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from assessment.web.coach.blueprint import blueprint
from assessment.web.coach.downloads import save
from assessment.web.coach.roadmap_owner import owner_of
from assessment.web.context import platform
from assessment.web.i18n import request_language
from questionnaires.changes import catalogue
from reports.naming import file_name
from reports.roadmap_calendar import calendar_file
from reports.roadmap_export import csv_file, markdown


@blueprint.get("/roadmaps/organisation.<form>")
@blueprint.get("/teams/<int:team_id>/roadmap.<form>")
def roadmap_file(form: str, team_id: int | None = None) -> ResponseReturnValue:
    """Send a roadmap as `md`, `csv` or `ics`."""
    owner = owner_of(team_id)
    if owner is None:
        raise NotFound
    language, shelf = request_language(), catalogue()
    content: str | bytes
    if form == "md":
        content = markdown(owner.roadmap, language, shelf)
    elif form == "csv":
        content = csv_file(owner.roadmap, language, shelf, with_mark=True)
    elif form == "ics":
        content = calendar_file(owner.roadmap, language, shelf, origin=platform().settings.base_url)
    else:
        raise NotFound
    return save(content, file_name(f"{owner.name} roadmap", owner.released.quarter, form), form)
