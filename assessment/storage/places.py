"""Where answers go: a team in its campaign, found by what somebody brings. Core statements only, made once.

Every answer takes this path, so what is long (the questionnaire's frozen copy) is left out and read once for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from assessment.storage.base import Base
from assessment.storage.database import Asking
from assessment.storage.models import Campaign, Card, Node

CAMPAIGN = Base.metadata.tables[Campaign.__tablename__]
NODE = Base.metadata.tables[Node.__tablename__]
CARD = Base.metadata.tables[Card.__tablename__]


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """The short columns of a campaign."""

    id: int
    quarter: str
    state: str
    reporting_size: int
    closes_at: datetime
    timezone: str
    language: str
    fingerprint: str
    public_key: bytes | None


@dataclass(frozen=True, slots=True)
class NodeRow:
    """What answering needs of a team's node."""

    id: int
    name: str
    way: str | None
    n_invited: int | None
    reading_key: str | None
    cards_reprinted_on: date | None


@dataclass(frozen=True, slots=True)
class Place:
    """A team in its campaign, as it is at this moment."""

    campaign: CampaignRow
    node: NodeRow


_CAMPAIGN_COLUMNS = [CAMPAIGN.c[name] for name in CampaignRow.__dataclass_fields__]
_NODE_COLUMNS = [NODE.c[name] for name in NodeRow.__dataclass_fields__]
_ANY = sa.select(*_CAMPAIGN_COLUMNS, *_NODE_COLUMNS).join_from(NODE, CAMPAIGN, CAMPAIGN.c.id == NODE.c.campaign_id)
_OF_NODE = _ANY.where(NODE.c.id == sa.bindparam("node"), NODE.c.campaign_id == sa.bindparam("campaign"))
_OF_LINK = _ANY.where(NODE.c.link_token == sa.bindparam("token"))
_OF_CARD = _ANY.join(CARD, sa.and_(CARD.c.node_id == NODE.c.id, CARD.c.campaign_id == CAMPAIGN.c.id)).where(
    CARD.c.digest == sa.bindparam("digest")
)
_PRESENT = sa.select(
    CAMPAIGN.c.state, CAMPAIGN.c.closes_at, sa.exists().where(CARD.c.digest == sa.bindparam("digest"))
).where(CAMPAIGN.c.id == sa.bindparam("campaign"))
_INSTRUMENTS = sa.select(CAMPAIGN.c.instruments).where(CAMPAIGN.c.id == sa.bindparam("campaign"))


def of_card(session: Asking, digest: bytes) -> Place | None:
    """Return the place a card is of, or None."""
    return _place(session, _OF_CARD, digest=digest)


def of_link(session: Asking, link_token: str) -> Place | None:
    """Return the place an open link is of, or None."""
    return _place(session, _OF_LINK, token=link_token)


def of_node(session: Asking, campaign_id: int, node_id: int) -> Place | None:
    """Return a node in its campaign, or None when there is no such node in this campaign."""
    return _place(session, _OF_NODE, campaign=campaign_id, node=node_id)


def state_and_card(session: Asking, campaign_id: int, digest: bytes) -> tuple[str, datetime, bool] | None:
    """Return a campaign's state, its closing time, and whether a card is still there; None if there is no campaign."""
    row = session.execute(_PRESENT, {"campaign": campaign_id, "digest": digest}).first()
    return None if row is None else (row[0], row[1], bool(row[2]))


def instruments(session: Asking, campaign_id: int) -> str:
    """Return the frozen copy of a campaign's questionnaire.

    :raise LookupError: when there is no such campaign.
    """
    found = session.execute(_INSTRUMENTS, {"campaign": campaign_id}).first()
    if found is None:
        raise LookupError(f"there is no campaign {campaign_id}")
    return str(found[0])


def _place(session: Asking, query: sa.Select[Any], **values: object) -> Place | None:
    row = session.execute(query, values).first()
    if row is None:
        return None
    n = len(_CAMPAIGN_COLUMNS)
    return Place(CampaignRow(*row[:n]), NodeRow(*row[n:]))
