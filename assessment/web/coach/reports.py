"""Reports: the list, the page, and the same as PDF. Everything shown here is `Released` already."""

from __future__ import annotations

import gzip
import importlib.util
from functools import cache
from pathlib import Path

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment.services.batches import list_batches
from assessment.services.build_report import (
    list_reports,
    organisation_series,
    released_organisation,
    released_team,
    team_series,
)
from assessment.services.follow_up import follow_up
from assessment.services.organisation_follow_up import organisation_follow_up
from assessment.web.assets import KEEP, digest
from assessment.web.coach.blueprint import blueprint
from assessment.web.coach.downloads import download
from assessment.web.coach.guards import quarter_of, signed_in_actor, signed_in_for_everything
from assessment.web.coach.home import by_quarter
from assessment.web.context import now, platform
from assessment.web.headers import allow_inline_styles
from assessment.web.i18n import request_language
from reports import pdf
from reports.document import Document, organisation_document, team_document
from reports.html import render
from reports.released import Released, ReleasedOrganisation


@blueprint.get("/reports")
def report_list() -> ResponseReturnValue:
    """List the reports of all closed campaigns by quarter and team."""
    actor = signed_in_actor()
    quarters = by_quarter(list_reports(platform(), actor))
    return render_template("coach/reports.html", quarters=quarters, batches=list_batches(platform(), actor))


@blueprint.get("/reports/<quarter>/teams/<int:team_id>")
def team_report(quarter: str, team_id: int) -> ResponseReturnValue:
    """Show a team's report."""
    released = team_of_quarter(quarter, team_id)
    return shown(
        _team_document(released, team_id),
        pdf=url_for("coach.team_pdf", quarter=released.quarter, team_id=team_id),
        json=url_for("coach.team_json", quarter=released.quarter, team_id=team_id),
        csv=url_for("coach.team_csv", quarter=released.quarter, team_id=team_id),
        roadmap=url_for("coach.team_roadmap", team_id=team_id),
        trend=url_for("coach.team_trend", team_id=team_id),
    )


@blueprint.get("/reports/<quarter>/teams/<int:team_id>.pdf")
def team_pdf(quarter: str, team_id: int) -> ResponseReturnValue:
    """Send a team's report as a PDF."""
    released = team_of_quarter(quarter, team_id)
    return download(pdf.write(_team_document(released, team_id)), released, "pdf")


@blueprint.get("/reports/<quarter>/organisation/<int:campaign_id>")
def organisation_report(quarter: str, campaign_id: int) -> ResponseReturnValue:
    """Show the organisation's report, to coaches who see all teams."""
    released = organisation_of_quarter(quarter, campaign_id)
    held = released.whole.quarter
    return shown(
        _organisation_document(released),
        pdf=url_for("coach.organisation_pdf", quarter=held, campaign_id=campaign_id),
        json=url_for("coach.organisation_json", quarter=held, campaign_id=campaign_id),
        csv=url_for("coach.organisation_csv", quarter=held, campaign_id=campaign_id),
        roadmap=url_for("coach.organisation_roadmap"),
        trend=url_for("coach.organisation_trend"),
    )


@blueprint.get("/reports/<quarter>/organisation/<int:campaign_id>.pdf")
def organisation_pdf(quarter: str, campaign_id: int) -> ResponseReturnValue:
    """Send the organisation's report as a PDF."""
    released = organisation_of_quarter(quarter, campaign_id)
    return download(pdf.write(_organisation_document(released)), released.whole, "pdf")


@blueprint.get("/static/plotly.min.js")
def plotly_js() -> ResponseReturnValue:
    """Serve plotly.js from the installed package; the address changes with its content."""
    packed = bool(request.accept_encodings["gzip"])
    response = Response(_plotly_packed() if packed else plotly_path().read_bytes(), content_type="text/javascript")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = KEEP
    return response


def team_of_quarter(quarter: str, team_id: int) -> Released:
    """Return a team's report, if it is one of the coach's.

    :raise SignInNeeded: when nobody is signed in.
    :raise NotFound: when there is none, or it is not theirs.
    """
    return released_team(platform(), signed_in_actor(), team_id, quarter_of(quarter))


def _team_document(released: Released, team_id: int) -> Document:
    series = team_series(platform(), signed_in_actor(), team_id)
    agreed = follow_up(platform(), signed_in_actor(), team_id, released=released)
    return team_document(released, request_language(), now().date(), series, follow_up=agreed)


def organisation_of_quarter(quarter: str, campaign_id: int) -> ReleasedOrganisation:
    """Return the organisation's report of one campaign, to coaches who see all teams.

    :raise SignInNeeded: when nobody is signed in.
    :raise NotFound: when there is none, or it is not theirs.
    """
    actor = signed_in_for_everything()
    return released_organisation(platform(), actor, quarter_of(quarter), campaign_id=campaign_id)


def _organisation_document(released: ReleasedOrganisation) -> Document:
    series = organisation_series(platform(), signed_in_for_everything())
    counted = organisation_follow_up(platform(), signed_in_for_everything(), released=released)
    return organisation_document(released, request_language(), now().date(), series, follow_up=counted)


def shown(document: Document, bar_of: str = "coach/report_bar.html", **files: str) -> ResponseReturnValue:
    """Return a document with our bar above it, which paper and saved copies do without."""
    page = render(document, script=url_for("coach.plotly_js", v=digest(plotly_path())))
    allow_inline_styles(page)
    head = render_template("coach/report_head.html")
    bar = render_template(bar_of, **files)
    return page.replace("</head>", f"{head}</head>", 1).replace("<body>", f"<body>{bar}", 1)


@cache
def plotly_path() -> Path:
    """Return where the installed package keeps plotly.js, without importing the package."""
    spec = importlib.util.find_spec("plotly")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("plotly is not installed; install the packages again with `make demo`")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


@cache
def _plotly_packed() -> bytes:
    return gzip.compress(plotly_path().read_bytes(), 6, mtime=0)
