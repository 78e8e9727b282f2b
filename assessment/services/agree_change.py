"""Agreeing on a small change: a role, a day, a sign that can be seen, and nothing that it needs missing."""

from __future__ import annotations

from datetime import date

from assessment.domain.follow_up_errors import AlreadyAgreed, AlreadyInPlace
from assessment.domain.roadmap import (
    ROLE,
    ROLE_LENGTH,
    SIGN,
    SIGN_LENGTH,
    check_due,
    check_room,
    check_startable,
    checked_text,
    known_change,
)
from assessment.services.actor import Actor
from assessment.services.footing import in_place_of
from assessment.services.platform import Platform
from assessment.services.roadmap_scope import check_ready, check_scope, place_of, startable_from, subject_of, today
from assessment.storage import audit, roadmap
from assessment.storage.roadmap_models import Agreement
from questionnaires.changes import catalogue
from reports.follow_up import AgreedState


def agree_change(
    platform: Platform,
    actor: Actor,
    team_id: int | None,
    quarter: str,
    change_id: str,
    *,
    role: str,
    due: date,
    sign: str,
    override: bool = False,
) -> int:
    """Note that a team, or the organisation for None, agreed on a change with a report; return the agreement's id.

    :param quarter: the report's, such as `2026-Q3`, or `latest`.
    :param role: who looks after it, by role and never by name.
    :param override: let vague words pass, though never names or blame.
    :raise UnknownTeam, NotFound, UnknownReport: when there is no such report, or it is not the actor's.
    :raise UnknownChange: when the catalogue has no such change.
    :raise Invalid: for a role, day or sign that cannot be.
    :raise NotReady: when role or sign do not pass the ready rule.
    :raise AlreadyAgreed, AlreadyInPlace: when it is under way or there.
    :raise OnlyOrganisation, OnlyTeams, MissingPrerequisites, MissingOrganisationChange: when it cannot start.
    :raise TooMuchInFlight: beside two small changes or one medium.
    """
    place = place_of(platform, actor, team_id, quarter)
    shelf = catalogue()
    change = known_change(change_id, shelf)
    with platform.transaction() as session:
        check_scope(session, actor, team_id)
        roadmap.hold(session, team_id)
        day = today(platform, session)
        in_flight = [one for one in roadmap.agreements(session, team_id) if one.state == AgreedState.AGREED]
        if any(one.change_id == change.id for one in in_flight):
            raise AlreadyAgreed(change=change.id)
        if change.id in in_place_of(session, team_id):
            raise AlreadyInPlace(change=change.id)
        check_startable(change, startable_from(session, team_id, place), shelf, for_organisation=team_id is None)
        check_room(change, [shelf.get(one.change_id) for one in in_flight if one.change_id in shelf.by_id])
        role = checked_text(ROLE, role, ROLE_LENGTH)
        sign = checked_text(SIGN, sign, SIGN_LENGTH)
        check_due(due, day)
        check_ready(session, actor, team_id, "role", ROLE, role, override=override)
        check_ready(session, actor, team_id, "sign", SIGN, sign, override=override)
        added = roadmap.add(
            session,
            Agreement(
                team_id=team_id,
                quarter=place.quarter,
                change_id=change.id,
                state=AgreedState.AGREED,
                role=role,
                due=due,
                sign=sign,
                evidence="",
                agreed_on=day,
                ended_on=None,
            ),
        )
        detail = f"{change.id}, {place.quarter}"
        audit.record(session, platform.clock(), actor.name, "change agreed", subject_of(team_id), detail)
        return added.id
