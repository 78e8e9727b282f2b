"""The follow-up part of a team's report, or of what the organisation agreed itself, as of today."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from assessment.services.actor import Actor
from assessment.services.build_report import LATEST
from assessment.services.footing import from_organisation, in_place_of
from assessment.services.platform import Platform
from assessment.services.roadmap_scope import Place, check_scope, place_of, place_shown, today
from assessment.storage import campaigns, health, roadmap
from assessment.storage.roadmap_models import Agreement
from questionnaires.changes import catalogue
from reports.follow_up import Agreed, AgreedState, FollowUp
from reports.released import Released


def follow_up(
    platform: Platform,
    actor: Actor,
    team_id: int | None,
    quarter: str = LATEST,
    *,
    released: Released | None = None,
) -> FollowUp:
    """Return what a team, or the organisation itself for None, agreed and did up to a report, with its health facts.

    :param quarter: the report's, such as `2026-Q3`, or `latest`.
    :param released: that report, where the caller has it already; its quarter counts then.
    :raise UnknownTeam, NotFound, UnknownReport: when there is no such report, or it is not the actor's.
    """
    if released is None:
        place = place_of(platform, actor, team_id, quarter)
    else:
        place = place_shown(platform, actor, team_id, released)
    with platform.reading() as session:
        check_scope(session, actor, team_id)
        return of_place(platform, session, team_id, place)


def of_place(platform: Platform, session: Session, team_id: int | None, place: Place) -> FollowUp:
    """Return the follow-up part of a report that somebody may see."""
    has = in_place_of(session, team_id, place.quarter)
    others = frozenset[str]() if team_id is None else from_organisation(session, place.quarter)
    implied = (place.implied | others) - has
    facts = () if team_id is None else health.of(session, [team_id]).get(team_id, ())
    return FollowUp(
        as_of=today(platform, session),
        agreed=tuple(as_agreed(one) for one in roadmap.agreements(session, team_id) if one.quarter <= place.quarter),
        in_place=tuple(change.id for change in catalogue().changes if change.id in has),
        implied=tuple(change.id for change in catalogue().changes if change.id in implied),
        next_focus=() if team_id is None else roadmap.focus_after(session, team_id, place.quarter),
        health=tuple(one for one in facts if one.quarter <= place.quarter),
        since=_closed_before(session, team_id, place.quarter),
    )


def _closed_before(session: Session, team_id: int | None, quarter: str) -> date | None:
    """Return the day on which the campaign of the report before a quarter's closed, where it was held."""
    kind = "organisation" if team_id is None else "team"
    for campaign, _ in campaigns.closed_with(session, kind=kind, team_id=team_id):
        if campaign.quarter < quarter:
            return campaign.closes_at.astimezone(ZoneInfo(campaign.timezone)).date()
    return None


def as_agreed(row: Agreement) -> Agreed:
    """Return a stored agreement as reports know it."""
    return Agreed(
        change=row.change_id,
        quarter=row.quarter,
        state=AgreedState(row.state),
        role=row.role,
        due=row.due,
        sign=row.sign,
        evidence=row.evidence,
        agreed_on=row.agreed_on,
        ended_on=row.ended_on,
        id=row.id,
    )
