"""Sealed ballots. Core statements only: this is the path every answer takes."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from assessment.storage.base import Base
from assessment.storage.database import Asking
from assessment.storage.models import Ballot

BALLOT = Base.metadata.tables[Ballot.__tablename__]


_INSERT = {
    "sqlite": sqlite.insert(BALLOT).on_conflict_do_nothing(),
    # Without the option PostgreSQL's count of inserted rows is not kept.
    "postgresql": postgresql.insert(BALLOT).on_conflict_do_nothing().execution_options(preserve_rowcount=True),
}


_IS_THERE = sa.select(sa.literal(1)).where(BALLOT.c.id == sa.bindparam("id"))
_N_OF_NODE = sa.select(sa.func.count()).where(
    BALLOT.c.campaign_id == sa.bindparam("campaign"), BALLOT.c.node_id == sa.bindparam("node")
)


def add(session: Asking, *, ballot_id: bytes, campaign_id: int, node_id: int, sealed: bytes) -> bool:
    """Store a sealed ballot; return False, and store nothing, when this ballot is there already."""
    row = {"id": ballot_id, "campaign_id": campaign_id, "node_id": node_id, "sealed": sealed}
    dialect = (session.get_bind() if isinstance(session, Session) else session).dialect
    result = session.execute(_INSERT[dialect.name], row)
    return cast("CursorResult[tuple[()]]", result).rowcount == 1


def is_there(session: Asking, ballot_ids: Iterable[bytes]) -> bool:
    """Whether one of these ballots was stored."""
    return any(session.execute(_IS_THERE, {"id": ballot_id}).first() is not None for ballot_id in ballot_ids)


def n_of_node(session: Asking, campaign_id: int, node_id: int) -> int:
    """Return how many ballots a team has; for rules only, never for a page."""
    row = session.execute(_N_OF_NODE, {"campaign": campaign_id, "node": node_id}).first()
    return 0 if row is None else int(row[0])


def n_of_campaign(session: Session, campaign_id: int) -> int:
    """Return how many ballots a campaign has; for rules only, never for a page."""
    return session.scalar(sa.select(sa.func.count()).where(BALLOT.c.campaign_id == campaign_id)) or 0


def n_by_node(session: Session, campaign_id: int) -> dict[int, int]:
    """Return how many ballots each node of a campaign has, by node id; for rules only, never for a page."""
    query = sa.select(BALLOT.c.node_id, sa.func.count().label("n")).where(BALLOT.c.campaign_id == campaign_id)
    return {row.node_id: row.n for row in session.execute(query.group_by(BALLOT.c.node_id))}


def sealed_of_node(session: Session, campaign_id: int, node_id: int, chunk: int) -> Generator[list[bytes]]:
    """Yield a team's sealed ballots in lists of at most `chunk`, without ever holding more.

    Close the iterator when it is left early: PostgreSQL keeps a cursor open for it.
    """
    query = sa.select(BALLOT.c.sealed).where(BALLOT.c.campaign_id == campaign_id, BALLOT.c.node_id == node_id)
    result = session.scalars(query.execution_options(yield_per=chunk))
    try:
        for rows in result.partitions():
            yield list(rows)
    finally:
        result.close()


def destroy(session: Session, campaign_id: int) -> int:
    """Destroy all ballots of a campaign; return how many they were."""
    # The sign keeps SQLite from following the index: team by team it would write every page again for every team.
    result = session.execute(sa.delete(BALLOT).where(sa.literal_column("+campaign_id") == campaign_id))
    return cast("CursorResult[tuple[()]]", result).rowcount
