"""Ending what was agreed: done with what was seen, or dropped without blame."""

from __future__ import annotations

from assessment.domain.error_kinds import Invalid
from assessment.domain.follow_up_errors import AlreadyEnded
from assessment.domain.roadmap import EVIDENCE, EVIDENCE_LENGTH, checked_text
from assessment.services.actor import Actor
from assessment.services.platform import Platform
from assessment.services.roadmap_scope import agreement_of, check_ready, subject_of, today
from assessment.storage import audit
from reports.follow_up import AgreedState
from reports.languages import phrase

ENDED = (AgreedState.DONE, AgreedState.DROPPED)


def end_agreement(platform: Platform, actor: Actor, agreement_id: int, *, state: str, evidence: str = "") -> None:
    """Note that an agreed change is done, or dropped; nobody has to say why.

    :param state: `done` or `dropped`.
    :param evidence: what was seen.
    :raise UnknownAgreement: when there is none, or it is not the actor's.
    :raise AlreadyEnded: when it is done or dropped already.
    :raise Invalid: for another state or a longer text.
    :raise NotReady: when the evidence names a person or lays blame.
    """
    if state not in ENDED:
        raise Invalid(phrase("state"), state, phrase("choose from %(known)s"), known=", ".join(ENDED))
    with platform.transaction() as session:
        agreement = agreement_of(session, actor, agreement_id)
        if agreement.state != AgreedState.AGREED:
            raise AlreadyEnded(change=agreement.change_id, state=agreement.state, ended_on=agreement.ended_on)
        seen = checked_text(EVIDENCE, evidence, EVIDENCE_LENGTH, may_be_empty=True)
        check_ready(session, actor, agreement.team_id, "evidence", EVIDENCE, seen, override=True)
        day = today(platform, session)
        agreement.state, agreement.ended_on, agreement.evidence = AgreedState(state).value, day, seen
        subject, detail = subject_of(agreement.team_id), f"{agreement.change_id}, {agreement.quarter}"
        audit.record(session, platform.clock(), actor.name, f"change {state}", subject, detail)
