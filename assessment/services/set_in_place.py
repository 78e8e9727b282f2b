"""Saying that a small change is there already, or that it is not."""

from __future__ import annotations

from assessment.domain.follow_up_errors import AlreadyAgreed, StillDone
from assessment.domain.roadmap import known_change
from assessment.services.actor import Actor
from assessment.services.platform import Platform
from assessment.services.roadmap_scope import check_scope, subject_of, today
from assessment.storage import audit, roadmap
from questionnaires.changes import catalogue
from reports.follow_up import AgreedState


def set_in_place(platform: Platform, actor: Actor, team_id: int | None, change_id: str, is_in_place: bool) -> None:
    """Note that a team, or the organisation for None, has a change already, or take that back.

    Saying the same twice changes nothing.

    :raise UnknownTeam, NotFound: when there is none, or it is not the actor's.
    :raise UnknownChange: when the catalogue has no such change.
    :raise AlreadyAgreed: for a change that is under way; it ends as done.
    :raise StillDone: for taking back what was agreed and is done.
    """
    with platform.transaction() as session:
        check_scope(session, actor, team_id)
        change = known_change(change_id, catalogue())
        roadmap.hold(session, team_id)
        states = {one.state for one in roadmap.agreements(session, team_id) if one.change_id == change.id}
        said = {row.change_id for row in roadmap.in_place(session, team_id)}
        if is_in_place and AgreedState.AGREED in states:
            raise AlreadyAgreed(change=change.id)
        if not is_in_place and change.id not in said and AgreedState.DONE in states:
            raise StillDone(change=change.id)
        if is_in_place == (change.id in said) or (is_in_place and AgreedState.DONE in states):
            return
        if is_in_place:
            roadmap.set_in_place(session, team_id, change.id, today(platform, session))
        else:
            roadmap.take_in_place_back(session, team_id, change.id)
        action = "change in place" if is_in_place else "change not in place"
        audit.record(session, platform.clock(), actor.name, action, subject_of(team_id), change.id)
