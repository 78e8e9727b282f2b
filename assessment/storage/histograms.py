"""Kept histograms: what is left of a closed campaign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from assessment.storage.base import Base
from assessment.storage.kept_models import Cover, HistogramRow
from assessment.storage.models import Node
from reports.collecting import nothing_collected
from reports.histograms import Histogram
from reports.kept import Figure

COVER = Base.metadata.tables[Cover.__tablename__]
HISTOGRAM = Base.metadata.tables[HistogramRow.__tablename__]


def save(session: Session, figures: Mapping[tuple[int, str], Figure]) -> None:
    """Store the figures of a campaign, by node id and measure."""
    covers: list[dict[str, object]] = []
    rows: list[dict[str, object]] = []
    for (node_id, measure), figure in sorted(figures.items()):
        cover: dict[str, object] = {"node_id": node_id, "measure": measure}
        covers.append(cover | {"n": figure.histogram.n, "n_teams": figure.n_teams})
        rows.extend(cover | {"value": value, "count": count} for value, count in figure.histogram.pairs)
    if covers:
        # Into the tables themselves: as objects the thousands of rows would take longer than counting them.
        session.execute(sa.insert(COVER), covers)
        session.execute(sa.insert(HISTOGRAM), rows)


@nothing_collected()
def of(session: Session, campaign_id: int, kind: str = "") -> dict[tuple[int, str], Figure]:
    """Return the figures of a campaign, by node id and measure.

    :param kind: what the measures begin with, such as `aspect:`; all by default.
    """
    values = sa.select(HISTOGRAM.c.node_id, HISTOGRAM.c.measure, HISTOGRAM.c.value, HISTOGRAM.c.count)
    covers = sa.select(COVER.c.node_id, COVER.c.measure, COVER.c.n_teams)
    # Plain rows: as objects the thousands of figures would take longer than all that is computed of them.
    counts: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    for node_id, measure, value, count in session.execute(_wanted(values, HISTOGRAM, campaign_id, kind)).all():
        counts[node_id, measure].append((value, count))
    return {
        (node_id, measure): Figure(Histogram(tuple(sorted(counts[node_id, measure]))), n_teams)
        for node_id, measure, n_teams in session.execute(_wanted(covers, COVER, campaign_id, kind)).all()
    }


def _wanted(query: sa.Select[Any], table: sa.Table, campaign_id: int, kind: str) -> sa.Select[Any]:
    query = query.join(Node, Node.id == table.c.node_id).where(Node.campaign_id == campaign_id)
    return query.where(table.c.measure.startswith(kind, autoescape=True)) if kind else query


def destroy(session: Session, campaign_id: int) -> None:
    """Destroy the figures of a campaign: only an import can be undone."""
    nodes = sa.select(Node.id).where(Node.campaign_id == campaign_id)
    session.execute(sa.delete(HistogramRow).where(HistogramRow.node_id.in_(nodes)))
    session.execute(sa.delete(Cover).where(Cover.node_id.in_(nodes)))


def nodes_with_figures(session: Session, campaign_id: int) -> frozenset[int]:
    """Return the ids of a campaign's nodes that have at least one figure."""
    query = sa.select(Cover.node_id).join(Node, Node.id == Cover.node_id).where(Node.campaign_id == campaign_id)
    return frozenset(session.scalars(query.distinct()))
