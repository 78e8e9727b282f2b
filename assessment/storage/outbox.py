"""Mails that wait, were sent or could not be delivered. Nothing here reads whether somebody collected a credential."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from assessment.storage.base import Base
from assessment.storage.models import Campaign, Invitee, Member, Roster

INVITEE = Base.metadata.tables[Invitee.__tablename__]
ROSTER = Base.metadata.tables[Roster.__tablename__]
CAMPAIGN = Base.metadata.tables[Campaign.__tablename__]


@dataclass(frozen=True)
class Waiting:
    """A mail that waits to be sent."""

    campaign_id: int
    node_id: int
    member_id: int
    email: str
    n_failures: int


@dataclass(frozen=True)
class Addressee:
    """Somebody of a frozen roster, with the address their mails go to and what became of the last one."""

    member_id: int
    name: str
    email: str
    mail: str


def waiting(session: Session, now: datetime) -> list[Waiting]:
    """Return the mails that wait in campaigns that take answers."""
    columns = (INVITEE.c.campaign_id, INVITEE.c.node_id, INVITEE.c.member_id, INVITEE.c.email, INVITEE.c.n_failures)
    query = (
        sa.select(*columns)
        .join(CAMPAIGN, CAMPAIGN.c.id == INVITEE.c.campaign_id)
        .where(INVITEE.c.mail == "waiting", CAMPAIGN.c.state == "open", CAMPAIGN.c.closes_at > now)
    )
    return [Waiting(*row) for row in session.execute(query)]


def still_waits(session: Session, mail: Waiting) -> bool:
    """Whether a mail still has to be sent to this address; holds the row until the transaction's end."""
    query = sa.select(INVITEE.c.mail).where(*_is(mail)).with_for_update()
    return session.scalar(query) == "waiting"


def settle(session: Session, mail: Waiting, state: str, n_failures: int) -> None:
    """Note what became of a mail, unless its address was corrected or everybody was reminded meanwhile."""
    change = sa.update(INVITEE).where(*_is(mail), INVITEE.c.mail == "waiting")
    session.execute(change.values(mail=state, n_failures=n_failures))


def _is(mail: Waiting) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        INVITEE.c.node_id == mail.node_id,
        INVITEE.c.member_id == mail.member_id,
        INVITEE.c.email == mail.email,
    )


def wait_again(session: Session, campaign_id: int) -> int:
    """Let a mail to everybody of a campaign wait, whatever became of the last one; return to how many."""
    people = INVITEE.c.campaign_id == campaign_id
    session.execute(sa.update(INVITEE).where(people).values(mail="waiting", n_failures=0))
    return session.scalar(sa.select(sa.func.count()).where(people)) or 0


def readdress(session: Session, node_id: int, member_id: int, email: str) -> None:
    """Send somebody's mails to another address from now on; the next one waits."""
    person = (INVITEE.c.node_id == node_id, INVITEE.c.member_id == member_id)
    session.execute(sa.update(INVITEE).where(*person).values(email=email, mail="waiting", n_failures=0))
    session.execute(sa.update(Member).where(Member.id == member_id).values(email=email))


def has_address(session: Session, email: str, but_for: int) -> bool:
    """Whether somebody else has an address already, in the organisation or among those who are asked."""
    in_organisation = sa.exists().where(sa.func.lower(Member.email) == email, Member.id != but_for)
    asked = sa.exists().where(sa.func.lower(INVITEE.c.email) == email, INVITEE.c.member_id != but_for)
    return bool(session.scalar(sa.select(sa.or_(in_organisation, asked))))


def addressees(session: Session, node_id: int) -> Sequence[Addressee]:
    """Return everybody whom a team's campaign asks by mail, by name."""
    query = (
        sa.select(INVITEE.c.member_id, ROSTER.c.name, INVITEE.c.email, INVITEE.c.mail)
        .join(ROSTER, sa.and_(ROSTER.c.node_id == INVITEE.c.node_id, ROSTER.c.member_id == INVITEE.c.member_id))
        .where(INVITEE.c.node_id == node_id)
        .order_by(ROSTER.c.name, INVITEE.c.member_id)
    )
    return [Addressee(*row) for row in session.execute(query)]


def counts(session: Session, campaign_id: int) -> dict[tuple[int, str], int]:
    """Return how many mails of each team are in each state."""
    query = (
        sa.select(INVITEE.c.node_id, INVITEE.c.mail, sa.func.count())
        .where(INVITEE.c.campaign_id == campaign_id)
        .group_by(INVITEE.c.node_id, INVITEE.c.mail)
    )
    return {(row[0], row[1]): row[2] for row in session.execute(query)}
