"""Taking back that an agreed change is done or dropped, which was a wrong click or came too early."""

from __future__ import annotations

from assessment.domain.follow_up_errors import AlreadyAgreed, AlreadyInPlace, NotEnded
from assessment.domain.roadmap import check_room, known_change
from assessment.services.actor import Actor
from assessment.services.platform import Platform
from assessment.services.roadmap_scope import agreement_of, subject_of
from assessment.storage import audit, roadmap
from questionnaires.changes import catalogue
from reports.follow_up import AgreedState


def reopen_agreement(platform: Platform, actor: Actor, agreement_id: int) -> None:
    """Let what was done or dropped be under way again; what was noted as seen stays until it ends anew.

    :raise UnknownAgreement: when there is none, or it is not the actor's.
    :raise NotEnded: when it is under way.
    :raise AlreadyAgreed, AlreadyInPlace: when the same change was agreed on once more, or done or said to be in place.
    :raise TooMuchInFlight: when there is no room for it any more.
    """
    with platform.transaction() as session:
        agreement = agreement_of(session, actor, agreement_id)
        shelf = catalogue()
        change = known_change(agreement.change_id, shelf)
        if agreement.state == AgreedState.AGREED:
            raise NotEnded(change=change.id)
        others = [one for one in roadmap.agreements(session, agreement.team_id) if one.id != agreement.id]
        same = {one.state for one in others if one.change_id == change.id}
        if AgreedState.AGREED in same:
            raise AlreadyAgreed(change=change.id)
        said = {row.change_id for row in roadmap.in_place(session, agreement.team_id)}
        if AgreedState.DONE in same or change.id in said:
            raise AlreadyInPlace(change=change.id)
        in_flight = [one.change_id for one in others if one.state == AgreedState.AGREED]
        check_room(change, [shelf.get(name) for name in in_flight if name in shelf.by_id])
        agreement.state, agreement.ended_on = AgreedState.AGREED.value, None
        detail = f"{change.id}, {agreement.quarter}"
        audit.record(session, platform.clock(), actor.name, "change reopened", subject_of(agreement.team_id), detail)
