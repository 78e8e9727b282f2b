"""Kept histograms: what is left of a closed campaign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from assessment.storage.base import Base
from assessment.storage.models import Cover, HistogramRow, Node
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


def of(session: Session, campaign_id: int) -> dict[tuple[int, str], Figure]:
    """Return the figures of a campaign, by node id and measure."""
    counts: dict[tuple[int, str], dict[int, int]] = defaultdict(dict)
    query = (
        sa.select(HistogramRow.node_id, HistogramRow.measure, HistogramRow.value, HistogramRow.count)
        .join(Node, Node.id == HistogramRow.node_id)
        .where(Node.campaign_id == campaign_id)
    )
    for node_id, measure, value, count in session.execute(query):
        counts[node_id, measure][value] = count
    covers = sa.select(Cover).join(Node, Node.id == Cover.node_id).where(Node.campaign_id == campaign_id)
    return {
        (cover.node_id, cover.measure): Figure(Histogram.of(counts[cover.node_id, cover.measure]), cover.n_teams)
        for cover in session.scalars(covers)
    }


def destroy(session: Session, campaign_id: int) -> None:
    """Destroy the figures of a campaign: only an import can be undone."""
    nodes = sa.select(Node.id).where(Node.campaign_id == campaign_id)
    session.execute(sa.delete(HistogramRow).where(HistogramRow.node_id.in_(nodes)))
    session.execute(sa.delete(Cover).where(Cover.node_id.in_(nodes)))


def nodes_with_figures(session: Session, campaign_id: int) -> frozenset[int]:
    """Return the ids of a campaign's nodes that have at least one figure."""
    query = sa.select(Cover.node_id).join(Node, Node.id == Cover.node_id).where(Node.campaign_id == campaign_id)
    return frozenset(session.scalars(query.distinct()))
