"""Cards: digests of single-use codes."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from assessment.storage.base import Base
from assessment.storage.database import Asking
from assessment.storage.models import Card

CARD = Base.metadata.tables[Card.__tablename__]
# Made once: every answer asks it.
_FIND = sa.select(CARD.c.campaign_id, CARD.c.node_id).where(CARD.c.digest == sa.bindparam("digest"))


def add(session: Session, campaign_id: int, node_id: int, digests: Iterable[bytes]) -> None:
    """Store the digests of a team's cards, sorted, so that the order of printing is not kept."""
    rows = [{"digest": digest, "campaign_id": campaign_id, "node_id": node_id} for digest in sorted(digests)]
    session.execute(sa.insert(CARD), rows)


def find(session: Asking, digest: bytes) -> tuple[int, int] | None:
    """Return the campaign and node a card is of, or None."""
    row = session.execute(_FIND, {"digest": digest}).first()
    return None if row is None else (row.campaign_id, row.node_id)


def n_of_node(session: Session, campaign_id: int, node_id: int) -> int:
    """Return how many cards a team has."""
    query = sa.select(sa.func.count()).where(CARD.c.campaign_id == campaign_id, CARD.c.node_id == node_id)
    return session.scalar(query) or 0


def destroy_of_node(session: Session, campaign_id: int, node_id: int) -> None:
    """Destroy the cards of a team; codes that were used stay counted, the others open nothing any more."""
    session.execute(sa.delete(CARD).where(CARD.c.campaign_id == campaign_id, CARD.c.node_id == node_id))


def destroy(session: Session, campaign_id: int) -> None:
    """Destroy all cards of a campaign."""
    session.execute(sa.delete(CARD).where(CARD.c.campaign_id == campaign_id))
