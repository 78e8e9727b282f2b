"""Released values for programs: JSON and CSV of one report, CSV of all reports of a quarter, and what they mean."""

from __future__ import annotations

import json
from typing import Literal

from flask import request
from flask.typing import ResponseReturnValue

from assessment.domain.error_kinds import NotFound
from assessment.services.build_report import organisation_series, team_series
from assessment.services.follow_up import follow_up
from assessment.services.organisation_follow_up import organisation_follow_up
from assessment.services.release_quarter import released_quarter
from assessment.web.coach.blueprint import blueprint
from assessment.web.coach.downloads import download, save
from assessment.web.coach.guards import quarter_of, signed_in, signed_in_actor, signed_in_for_everything
from assessment.web.coach.reports import organisation_of_quarter, team_of_quarter
from assessment.web.context import platform
from assessment.web.i18n import request_language
from reports import schema
from reports.canonical import to_json
from reports.csv_export import codebook_file, export, rows_of


@blueprint.get("/reports/<quarter>/teams/<int:team_id>.json")
def team_json(quarter: str, team_id: int) -> ResponseReturnValue:
    """Send a team's released values as JSON."""
    released = team_of_quarter(quarter, team_id)
    series = team_series(platform(), signed_in_actor(), team_id)
    agreed = follow_up(platform(), signed_in_actor(), team_id, released=released)
    return download(_json(to_json(released, request_language(), series, agreed)), released, "json")


@blueprint.get("/reports/<quarter>/teams/<int:team_id>.csv")
def team_csv(quarter: str, team_id: int) -> ResponseReturnValue:
    """Send a team's released values as CSV."""
    released = team_of_quarter(quarter, team_id)
    return download(export(rows_of(released), _shape(), with_mark=True), released, "csv")


@blueprint.get("/reports/<quarter>/organisation/<int:campaign_id>.json")
def organisation_json(quarter: str, campaign_id: int) -> ResponseReturnValue:
    """Send the organisation's released values as JSON, those of its departments and teams within."""
    released = organisation_of_quarter(quarter, campaign_id)
    series = organisation_series(platform(), signed_in_for_everything())
    counted = organisation_follow_up(platform(), signed_in_for_everything(), released=released)
    return download(_json(to_json(released, request_language(), series, counted)), released.whole, "json")


@blueprint.get("/reports/<quarter>/organisation/<int:campaign_id>.csv")
def organisation_csv(quarter: str, campaign_id: int) -> ResponseReturnValue:
    """Send the released values of the organisation, its departments and teams as CSV."""
    released = organisation_of_quarter(quarter, campaign_id)
    return download(export(rows_of(released), _shape(), with_mark=True), released.whole, "csv")


@blueprint.get("/reports/<quarter>.csv")
def quarter_csv(quarter: str) -> ResponseReturnValue:
    """Send every report of a quarter that the coach may see as one CSV."""
    wanted = quarter_of(quarter)
    rows = released_quarter(platform(), signed_in_actor(), wanted)
    return save(export(rows, _shape(), with_mark=True), f"{wanted}.csv", "csv")


@blueprint.get("/reports/codebook.csv")
def codebook() -> ResponseReturnValue:
    """Send what the columns of the CSV files mean."""
    signed_in()
    return save(codebook_file(with_mark=True), "codebook.csv", "csv")


@blueprint.get("/reports/schema.json")
def json_schema() -> ResponseReturnValue:
    """Send what the keys of the JSON reports mean, as a JSON Schema."""
    signed_in()
    return save(schema.FILE.read_bytes(), schema.FILE.name, "json")


def _shape() -> Literal["long", "wide"]:
    """Return the shape that the address asks for.

    :raise NotFound: for one there is not.
    """
    match request.args.get("shape", "long"):
        case "long":
            return "long"
        case "wide":
            return "wide"
    raise NotFound


def _json(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"
