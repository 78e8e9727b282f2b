"""Cards: digests of single-use codes."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from assessment.storage.base import Base
from assessment.storage.models import Card

CARD = Base.metadata.tables[Card.__tablename__]


def add(session: Session, campaign_id: int, node_id: int, digests: Iterable[bytes]) -> None:
    """Store the digests of a team's cards, sorted, so that the order of printing is not kept."""
    rows = [{"digest": digest, "campaign_id": campaign_id, "node_id": node_id} for digest in sorted(digests)]
    session.execute(sa.insert(CARD), rows)


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
