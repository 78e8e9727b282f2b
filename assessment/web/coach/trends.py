"""Trends: up to eight quarters of a team or the organisation, as a page, a PDF and JSON. All of it is `Released`."""

from __future__ import annotations

import json

from flask import url_for
from flask.typing import ResponseReturnValue

from assessment.services.build_trend import trend_of
from assessment.web.coach.blueprint import blueprint
from assessment.web.coach.downloads import save
from assessment.web.coach.guards import signed_in, signed_in_actor, signed_in_for_everything
from assessment.web.coach.reports import shown
from assessment.web.context import now, platform
from assessment.web.i18n import request_language
from reports import pdf, schema_trend
from reports.naming import file_name
from reports.released import Released, Series
from reports.trend_document import to_json, trend_document


@blueprint.get("/reports/teams/<int:team_id>/trend")
def team_trend(team_id: int) -> ResponseReturnValue:
    """Show a team over its quarters."""
    series = _team(team_id)
    return shown(
        trend_document(series, request_language(), now().date()),
        bar_of="coach/trend_bar.html",
        report=url_for("coach.team_report", quarter=_latest(series).quarter, team_id=team_id),
        roadmap=url_for("coach.team_roadmap", team_id=team_id),
        pdf=url_for("coach.team_trend_pdf", team_id=team_id),
        json=url_for("coach.team_trend_json", team_id=team_id),
    )


@blueprint.get("/reports/teams/<int:team_id>/trend.pdf")
def team_trend_pdf(team_id: int) -> ResponseReturnValue:
    """Send a team over its quarters as a PDF."""
    return _pdf(_team(team_id))


@blueprint.get("/reports/teams/<int:team_id>/trend.json")
def team_trend_json(team_id: int) -> ResponseReturnValue:
    """Send a team over its quarters as JSON."""
    return _json(_team(team_id))


@blueprint.get("/reports/organisation/trend")
def organisation_trend() -> ResponseReturnValue:
    """Show the organisation over its quarters, to coaches who see all teams."""
    series = _organisation()
    latest = _latest(series)
    return shown(
        trend_document(series, request_language(), now().date()),
        bar_of="coach/trend_bar.html",
        report=url_for("coach.organisation_report", quarter=latest.quarter, campaign_id=latest.campaign),
        roadmap=url_for("coach.organisation_roadmap"),
        pdf=url_for("coach.organisation_trend_pdf"),
        json=url_for("coach.organisation_trend_json"),
    )


@blueprint.get("/reports/organisation/trend.pdf")
def organisation_trend_pdf() -> ResponseReturnValue:
    """Send the organisation over its quarters as a PDF."""
    return _pdf(_organisation())


@blueprint.get("/reports/organisation/trend.json")
def organisation_trend_json() -> ResponseReturnValue:
    """Send the organisation over its quarters as JSON."""
    return _json(_organisation())


@blueprint.get("/reports/trend-schema.json")
def trend_schema() -> ResponseReturnValue:
    """Send what the keys of trends mean, as a JSON Schema."""
    signed_in()
    return save(schema_trend.FILE.read_bytes(), schema_trend.FILE.name, "json")


def _team(team_id: int) -> Series:
    return trend_of(platform(), signed_in_actor(), team_id)


def _organisation() -> Series:
    signed_in_for_everything()
    return trend_of(platform(), signed_in_actor(), None)


def _latest(series: Series) -> Released:
    return series.quarters[-1]


def _name(series: Series, form: str) -> str:
    latest = _latest(series)
    return file_name(f"{latest.name} trend", latest.quarter, form)


def _pdf(series: Series) -> ResponseReturnValue:
    document = trend_document(series, request_language(), now().date())
    return save(pdf.write(document), _name(series, "pdf"), "pdf")


def _json(series: Series) -> ResponseReturnValue:
    values = to_json(series, request_language())
    return save(json.dumps(values, ensure_ascii=False, indent=2) + "\n", _name(series, "json"), "json")
