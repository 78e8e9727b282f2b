"""Whose roadmap it is, which report it belongs to, and what day it is there; shared by everything that follows up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from assessment.domain.campaign import Quarter
from assessment.domain.error_kinds import NotFound
from assessment.domain.errors import UnknownReport, UnknownTeam
from assessment.domain.follow_up_errors import NotReady, UnknownAgreement
from assessment.domain.ready_rule import Field, check, is_ready
from assessment.services.actor import Actor, scope_of
from assessment.services.build_report import LATEST
from assessment.services.footing import from_organisation, in_place_of
from assessment.services.frozen import kept_of
from assessment.services.platform import Platform
from assessment.storage import campaigns, organisation, roadmap
from assessment.storage.roadmap_models import Agreement
from questionnaires.changes import catalogue
from reports import ranking
from reports.disclosure import release_series
from reports.kept import NodeKind
from reports.released import Released


@dataclass(frozen=True)
class Place:
    """A report that something is agreed on, as far as that needs it."""

    campaign_id: int
    name: str
    quarter: str
    aspects: tuple[str, ...]
    """What the campaign asks about."""
    implied: frozenset[str]
    """What the report's rungs imply to be in place."""


def place_of(
    platform: Platform, actor: Actor, team_id: int | None, quarter: str = LATEST, *, campaign_id: int | None = None
) -> Place:
    """Return the report of a team, or of the organisation for None, that something is agreed on.

    :param quarter: such as `2026-Q3`, or `latest`.
    :param campaign_id: which of a quarter's campaigns the organisation means; the one with most teams unless given.
    :raise UnknownTeam, UnknownReport, Invalid: as `released_team`.
    :raise NotFound: for the organisation, when the actor does not see all teams.
    """
    with platform.reading() as session:
        check_scope(session, actor, team_id)
        kind: NodeKind = "organisation" if team_id is None else "team"
        closed = campaigns.closed_with(session, kind=kind, team_id=team_id)
        wanted = quarter if quarter == LATEST else str(Quarter.parse(quarter))
        fitting = [
            (campaign, node)
            for campaign, node in closed
            if (wanted in (LATEST, campaign.quarter)) and campaign_id in (None, campaign.id)
        ]
        fitting = [pair for pair in fitting if pair[0].quarter == fitting[0][0].quarter]
        if not fitting:
            raise UnknownReport(node=closed[0][1].name if closed else "this team", quarter=quarter)
        campaign, _ = max(fitting, key=lambda pair: pair[1].n_invited or 0)
        # Alone, since comparing with the quarter before takes long, and rungs do not need it.
        (alone,) = release_series([kept_of(session, campaign)], team_id, kind).quarters
        return _place(alone, campaign.id)


def place_shown(platform: Platform, actor: Actor, team_id: int | None, released: Released) -> Place:
    """Return the place of a report that the caller has already, without releasing it again.

    :raise UnknownTeam, NotFound: when it is not the actor's.
    :raise ValueError: when it is the report of another team.
    """
    with platform.reading() as session:
        check_scope(session, actor, team_id)
        node = campaigns.node(session, released.node)
        if node is None or node.team_id != team_id:
            raise ValueError(f"the report of node {released.node} is not that of team {team_id}")
        return _place(released, node.campaign_id)


def _place(released: Released, campaign_id: int) -> Place:
    return Place(
        campaign_id=campaign_id,
        name=released.name,
        quarter=released.quarter,
        aspects=tuple(released.questionnaire.aspects),
        implied=ranking.in_place((), released.ladders, catalogue()),
    )


def check_scope(session: Session, actor: Actor, team_id: int | None) -> None:
    """Pass for a team that is the actor's, and for the organisation when the actor sees all teams.

    :raise UnknownTeam, NotFound: otherwise.
    """
    scope = scope_of(session, actor)
    if team_id is None:
        if not scope.sees_all:
            raise NotFound("There is nothing here.")
    elif organisation.team(session, team_id) is None or not scope.has(team_id):
        raise UnknownTeam(team=team_id)


def agreement_of(session: Session, actor: Actor, agreement_id: int) -> Agreement:
    """Return an agreement of a team that is the actor's, and let nobody else agree for the team meanwhile.

    :raise UnknownAgreement: when there is none, or it is not the actor's to see.
    """
    found = roadmap.get(session, agreement_id)
    if found is None:
        raise UnknownAgreement(agreement=agreement_id)
    try:
        check_scope(session, actor, found.team_id)
    except NotFound:
        raise UnknownAgreement(agreement=agreement_id) from None
    roadmap.hold(session, found.team_id)
    session.refresh(found)
    return found


def startable_from(session: Session, team_id: int | None, place: Place) -> frozenset[str]:
    """Return everything that counts as in place today when a team, or the organisation, agrees on a change."""
    has = in_place_of(session, team_id)
    return has | place.implied if team_id is None else has | place.implied | from_organisation(session)


def today(platform: Platform, session: Session) -> date:
    """Return the organisation's own date."""
    home = organisation.get(session)
    zone = home.timezone if home is not None else platform.settings.timezone
    return platform.clock().astimezone(ZoneInfo(zone)).date()


def subject_of(team_id: int | None) -> str:
    """Return what the audit calls a team or the organisation."""
    return "organisation" if team_id is None else f"team {team_id}"


def check_ready(
    session: Session, actor: Actor, team_id: int | None, field: Field, name: str, text: str, *, override: bool
) -> None:
    """Pass for a text that the ready rule lets pass.

    :param name: what people call the field.
    :raise NotReady: otherwise, with its findings.
    """
    names = [member.name for member in organisation.members(session, team_id)]
    if actor.coach_id is not None:
        names.append(actor.name)
    findings = check(text, field, names=names)
    if not is_ready(findings, override=override):
        raise NotReady(name, findings)
