"""Noting a team's health facts of a quarter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from assessment.domain.campaign import Quarter
from assessment.domain.error_kinds import Invalid
from assessment.domain.health_facts import check_fact, check_pages, check_together, known_fact
from assessment.services.actor import Actor
from assessment.services.platform import Platform
from assessment.services.roadmap_scope import check_scope, subject_of, today
from assessment.storage import audit, health
from reports.follow_up import facts_of
from reports.languages import phrase


def record_health(
    platform: Platform,
    actor: Actor,
    team_id: int,
    quarter: str,
    values: Mapping[str, float | None],
    page_shares: Sequence[int] | None = None,
) -> None:
    """Store health facts of a team and quarter; what is not named stays as it is.

    :param values: by the ids of `HealthFact`; None forgets a fact.
    :param page_shares: pages per member of the rotation, without names, in any order; none forgets them, and None
        leaves them as they are.
    :raise UnknownTeam: when there is none, or it is not the actor's.
    :raise Invalid: for a quarter in the future, an unknown fact, or a value that cannot be.
    :raise PersonalData: for pages of a rotation of fewer than 8 people.
    """
    with platform.transaction() as session:
        check_scope(session, actor, team_id)
        wanted = checked_quarter(platform, session, quarter)
        store_health(session, team_id, wanted, values, page_shares)
        audit.record(session, platform.clock(), actor.name, "health recorded", subject_of(team_id), wanted)


def checked_quarter(platform: Platform, session: Session, quarter: str) -> str:
    """Return a quarter as it is written.

    :raise Invalid: for one that is none, or has not begun.
    """
    wanted = Quarter.parse(quarter)
    if wanted > Quarter.of(today(platform, session)):
        raise Invalid(phrase("quarter"), str(wanted), phrase("choose one that has begun"))
    return str(wanted)


def store_health(
    session: Session,
    team_id: int,
    quarter: str,
    values: Mapping[str, float | None],
    page_shares: Sequence[int] | None,
) -> None:
    """Check and store facts in place of what was known.

    :raise Invalid, PersonalData: as `record_health`.
    """
    for fact, value in values.items():
        known_fact(fact)
        if value is not None:
            check_fact(fact, value)
    before = facts_of(health.of(session, [team_id]).get(team_id, ()), quarter)
    together = {**(before.facts if before is not None else {}), **values}
    check_together({fact: value for fact, value in together.items() if value is not None})
    if page_shares is not None:
        check_pages(page_shares)
        health.set_page_shares(session, team_id, quarter, page_shares)
    health.set_facts(session, team_id, quarter, values)
