"""Batches of reports: which were asked for, how far they are, and which are to be deleted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from assessment.storage.batch_models import Batch, BatchReport
from assessment.storage.models import Coach


def add(session: Session, batch: Batch, reports: Sequence[BatchReport]) -> Batch:
    """Add a batch with its reports and return it with its id."""
    session.add(batch)
    session.flush()
    for place, report in enumerate(reports):
        report.batch_id, report.place = batch.id, place
        session.add(report)
    session.flush()
    return batch


def hold(session: Session, coach_id: int) -> None:
    """Keep the same coach from asking a second time until this transaction ends."""
    session.get(Coach, coach_id, with_for_update=True)


def get(session: Session, batch_id: int, *, alone: bool = False) -> Batch | None:
    """Return a batch, or None.

    :param alone: let nobody else change it until this transaction ends.
    """
    return session.get(Batch, batch_id, with_for_update=alone)


def of_coach(session: Session, coach_id: int) -> Sequence[Batch]:
    """Return a coach's batches, the newest first."""
    return session.scalars(sa.select(Batch).where(Batch.coach_id == coach_id).order_by(Batch.id.desc())).all()


def reports(session: Session, batch_id: int) -> Sequence[BatchReport]:
    """Return the reports of a batch, the organisation first, then teams by name."""
    query = sa.select(BatchReport).where(BatchReport.batch_id == batch_id)
    return session.scalars(query.order_by(BatchReport.place)).all()


def report(session: Session, batch_id: int, place: int) -> BatchReport | None:
    """Return one report of a batch, or None."""
    return session.get(BatchReport, (batch_id, place))


def n_waiting(session: Session, batch_id: int) -> int:
    """Return how many reports of a batch are still to be made."""
    query = sa.select(sa.func.count()).where(BatchReport.batch_id == batch_id, BatchReport.state == "waiting")
    return session.scalar(query) or 0


def waiting(
    session: Session, folders: Collection[str], given: Collection[tuple[int, int]]
) -> tuple[Batch, BatchReport] | None:
    """Return the next report to be made, of the batch that was asked for first; None for none.

    :param folders: the folders that are here; batches with others are made elsewhere.
    :param given: reports that somebody makes at the moment, by batch and place.
    """
    query = (
        sa.select(Batch, BatchReport)
        .join(BatchReport, BatchReport.batch_id == Batch.id)
        .where(Batch.state == "making", BatchReport.state == "waiting", Batch.folder.in_(list(folders)))
        .order_by(Batch.id, BatchReport.place)
        .limit(len(given) + 1)
    )
    for batch, found in session.execute(query):
        if (batch.id, found.place) not in given:
            return batch, found
    return None


def take_up(session: Session, batch_id: int) -> None:
    """Let the broken reports of a batch be tried again."""
    query = sa.update(BatchReport).where(BatchReport.batch_id == batch_id, BatchReport.state == "broken")
    session.execute(query.values(state="waiting", problem=""))


def delete(session: Session, batch_id: int) -> None:
    """Delete a batch with its reports."""
    session.execute(sa.delete(BatchReport).where(BatchReport.batch_id == batch_id))
    session.execute(sa.delete(Batch).where(Batch.id == batch_id))


def delete_until(session: Session, now: datetime | None) -> list[str]:
    """Delete the batches whose time is over, all of them for None; return the names of their folders."""
    over = sa.true() if now is None else Batch.until <= now
    gone = session.execute(sa.select(Batch.id, Batch.folder).where(over)).all()
    for batch_id, _ in gone:
        delete(session, batch_id)
    return [folder for _, folder in gone]


def files(session: Session) -> dict[str, frozenset[str]]:
    """Return the folder of every batch with the names of the files that are or will be in it."""
    found: dict[str, set[str]] = {folder: set() for folder in session.scalars(sa.select(Batch.folder))}
    query = sa.select(Batch.folder, BatchReport.file).join(BatchReport, BatchReport.batch_id == Batch.id)
    for folder, name in session.execute(query):
        found[folder].add(name)
    return {folder: frozenset(names) for folder, names in found.items()}
