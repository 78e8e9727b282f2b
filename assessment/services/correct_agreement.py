"""Correcting what is under way: another role, day or sign, because it was mistyped or because it takes longer."""

from __future__ import annotations

from datetime import date

from assessment.domain.follow_up_errors import AlreadyEnded
from assessment.domain.roadmap import ROLE, ROLE_LENGTH, SIGN, SIGN_LENGTH, check_due, checked_text
from assessment.services.actor import Actor
from assessment.services.platform import Platform
from assessment.services.roadmap_scope import agreement_of, check_ready, subject_of, today
from assessment.storage import audit
from reports.follow_up import AgreedState


def correct_agreement(
    platform: Platform,
    actor: Actor,
    agreement_id: int,
    *,
    role: str | None = None,
    due: date | None = None,
    sign: str | None = None,
    override: bool = False,
) -> None:
    """Note another role, day or sign for a change that is under way; what is None stays, and since when it is agreed.

    :param override: let vague words pass, though never names or blame.
    :raise UnknownAgreement: when there is none, or it is not the actor's.
    :raise AlreadyEnded: when it is done or dropped.
    :raise Invalid: for a role, day or sign that cannot be.
    :raise NotReady: when role or sign do not pass the ready rule.
    """
    with platform.transaction() as session:
        agreement = agreement_of(session, actor, agreement_id)
        if agreement.state != AgreedState.AGREED:
            raise AlreadyEnded(change=agreement.change_id, state=agreement.state, ended_on=agreement.ended_on)
        role = checked_text(ROLE, agreement.role if role is None else role, ROLE_LENGTH)
        sign = checked_text(SIGN, agreement.sign if sign is None else sign, SIGN_LENGTH)
        due = agreement.due if due is None else due
        # A day that has passed may stay as it was, so that a typing error elsewhere can be put right.
        if due != agreement.due:
            check_due(due, today(platform, session))
        check_ready(session, actor, agreement.team_id, "role", ROLE, role, override=override)
        # Words that passed once, perhaps vague on purpose, need not be let pass again.
        if sign != agreement.sign:
            check_ready(session, actor, agreement.team_id, "sign", SIGN, sign, override=override)
        agreement.role, agreement.due, agreement.sign = role, due, sign
        subject, detail = subject_of(agreement.team_id), f"{agreement.change_id}, {agreement.quarter}"
        audit.record(session, platform.clock(), actor.name, "change corrected", subject, detail)
