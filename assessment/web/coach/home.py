"""The first page after signing in: what is going on now, what is prepared, what has ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import render_template
from flask.typing import ResponseReturnValue

from assessment.domain.campaign import Participation, State
from assessment.services.build_report import ReportRow, list_reports
from assessment.services.campaigns import CampaignView, list_campaigns
from assessment.services.organisation import get_organisation
from assessment.web.coach.blueprint import blueprint
from assessment.web.coach.guards import signed_in_actor
from assessment.web.context import platform


@dataclass(frozen=True)
class Going:
    """An open campaign in one glance: how many of its teams are in which coarse band."""

    campaign: CampaignView
    n_teams: int
    n_half_or_more: int
    n_under_half: int
    n_unsaid: int
    """Teams with fewer than 8 invited, and those not refreshed yet."""
    as_of: date | None


@blueprint.get("/")
@blueprint.get("")
def home() -> ResponseReturnValue:
    """Show open campaigns, drafts and closed quarters; to a newcomer, the first steps."""
    actor = signed_in_actor()
    campaigns = list_campaigns(platform(), actor)
    by_state = {state: [campaign for campaign in campaigns if campaign.state == state] for state in State}
    rows = list_reports(platform(), actor)
    organisation = get_organisation(platform())
    return render_template(
        "coach/home.html",
        organisation=organisation,
        n_teams=len(organisation.teams) if organisation else 0,
        going=[at_a_glance(campaign) for campaign in by_state[State.OPEN]],
        drafts=by_state[State.DRAFT],
        closed=by_state[State.CLOSED],
        void=by_state[State.VOID],
        quarters=by_quarter(rows),
    )


def at_a_glance(campaign: CampaignView) -> Going:
    """Count the bands of a campaign's teams."""
    bands = [team.participation for team in campaign.teams]
    return Going(
        campaign,
        len(bands),
        bands.count(Participation.HALF_OR_MORE),
        bands.count(Participation.UNDER_HALF),
        bands.count(None),
        max((team.participation_on for team in campaign.teams if team.participation_on), default=None),
    )


def by_quarter(rows: list[ReportRow]) -> list[tuple[str, list[ReportRow]]]:
    """Return the reports of each quarter, the latest first."""
    newest = sorted(rows, key=lambda row: row.quarter, reverse=True)
    return [(quarter, list(group)) for quarter, group in groupby(newest, key=lambda row: row.quarter)]
