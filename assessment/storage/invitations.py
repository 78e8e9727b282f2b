"""Tokens that were mailed, people who were asked, and the keys that sign for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from assessment.storage.base import Base
from assessment.storage.models import Invitation, Invitee, SigningKey

INVITEE = Base.metadata.tables[Invitee.__tablename__]


def invite(session: Session, campaign_id: int, node_id: int, addresses: Mapping[int, str]) -> None:
    """Store who of a team is asked at which address, by member id; their mails wait to be sent."""
    rows = [
        {
            "node_id": node_id,
            "member_id": member_id,
            "campaign_id": campaign_id,
            "email": email,
            "mail": "waiting",
            "n_failures": 0,
            "is_issued": False,
            "blinded": None,
        }
        for member_id, email in addresses.items()
    ]
    session.execute(sa.insert(INVITEE), rows)


def invitee(session: Session, node_id: int, member_id: int, *, lock: bool = False) -> Invitee | None:
    """Return somebody who is asked, or None; with `lock` nobody else may change it until the transaction's end."""
    query = sa.select(Invitee).where(Invitee.node_id == node_id, Invitee.member_id == member_id)
    # SQLite writes one transaction at a time and knows no such lock.
    return session.scalar(query.with_for_update() if lock else query)


def invitees(session: Session, campaign_id: int) -> Sequence[Invitee]:
    """Return everybody a campaign asks by mail, by node and member."""
    query = sa.select(Invitee).where(Invitee.campaign_id == campaign_id)
    return session.scalars(query.order_by(Invitee.node_id, Invitee.member_id)).all()


def add_token(session: Session, digest: bytes, campaign_id: int, node_id: int, member_id: int) -> None:
    """Store the digest of a token for somebody."""
    session.add(Invitation(digest=digest, campaign_id=campaign_id, node_id=node_id, member_id=member_id))


def find(session: Session, digest: bytes) -> Invitation | None:
    """Return the invitation of a token, or None."""
    return session.get(Invitation, digest)


def forget_tokens(session: Session, node_id: int, member_id: int) -> None:
    """Delete the tokens of somebody whose address was wrong."""
    theirs = (Invitation.node_id == node_id, Invitation.member_id == member_id)
    session.execute(sa.delete(Invitation).where(*theirs))


def add_signing_keys(session: Session, campaign_id: int, keys: Iterable[tuple[int, bytes]]) -> None:
    """Store the public signing keys of a campaign: team node and SubjectPublicKeyInfo."""
    session.add_all(
        SigningKey(node_id=node_id, campaign_id=campaign_id, public_key=public_key) for node_id, public_key in keys
    )
    session.flush()


def signing_key(session: Session, node_id: int) -> bytes | None:
    """Return the public signing key of a team in a campaign (SubjectPublicKeyInfo, DER), or None."""
    return session.scalar(sa.select(SigningKey.public_key).where(SigningKey.node_id == node_id))


def destroy(session: Session, campaign_id: int) -> None:
    """Destroy everything of a campaign's invitations."""
    for table in (Invitation, Invitee, SigningKey):
        session.execute(sa.delete(table).where(table.campaign_id == campaign_id))
