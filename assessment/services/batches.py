"""Reports that a coach asked for all at once, as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from assessment.domain.batch_errors import UnknownBatch
from assessment.services.actor import Actor, Scope, scope_of
from assessment.services.platform import Platform
from assessment.storage import batch_files, batches
from assessment.storage.batch_models import Batch, BatchReport

# How long files are kept from when they were asked for; docs/privacy.md and the page say it too.
KEPT = timedelta(days=1)
MAKING, ENDED, CANCELLED = "making", "ended", "cancelled"
WAITING, MADE, BROKEN = "waiting", "made", "broken"


@dataclass(frozen=True)
class BatchReportView:
    """One report among them."""

    name: str
    team_id: int | None
    file: str
    state: str
    problem: str


@dataclass(frozen=True)
class BatchView:
    """A batch as far as its coach may see it today."""

    id: int
    quarter: str
    language: str
    state: str
    until: datetime
    reports: tuple[BatchReportView, ...]
    seconds: float
    folder: str
    is_here: bool
    """Whether its files are: not after a restore, nor where another installation on the same database has them."""

    @property
    def n_made(self) -> int:
        """How many can be downloaded."""
        return sum(report.state == MADE for report in self.reports)

    @property
    def n_done(self) -> int:
        """How many are made or cannot be."""
        return sum(report.state != WAITING for report in self.reports)

    @property
    def broken(self) -> tuple[BatchReportView, ...]:
        """Those that cannot be made, each with the kind of its problem."""
        return tuple(report for report in self.reports if report.state == BROKEN)

    @property
    def next_name(self) -> str:
        """Whose report is being made, or comes next; empty when none is left."""
        return next((report.name for report in self.reports if report.state == WAITING), "")

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes if it goes on as so far; None before the first report."""
        n = self.n_done
        return self.seconds / n * (len(self.reports) - n) if n else None

    @property
    def can_go_on(self) -> bool:
        """Whether it was cancelled before its end, or something in it could be tried again."""
        return self.is_here and self.state != MAKING and self.n_made < len(self.reports)


def get_batch(platform: Platform, actor: Actor, batch_id: int) -> BatchView:
    """Return a batch.

    :raise UnknownBatch: when there is none, its time is over, or another coach asked for it.
    """
    with platform.reading() as session:
        return view_of(platform, session, scope_of(session, actor), batch_of(platform, session, actor, batch_id))


def list_batches(platform: Platform, actor: Actor) -> list[BatchView]:
    """Return a coach's own batches, the newest first."""
    if actor.coach_id is None:
        return []
    with platform.reading() as session:
        scope = scope_of(session, actor)
        own = batches.of_coach(session, actor.coach_id)
        return [view_of(platform, session, scope, batch) for batch in own if batch.until > platform.clock()]


def batch_of(platform: Platform, session: Session, actor: Actor, batch_id: int, *, alone: bool = False) -> Batch:
    """Return a batch that the actor asked for.

    :param alone: let nobody else change it until this transaction ends.
    :raise UnknownBatch: when there is none, its time is over, or another coach asked for it.
    """
    batch = batches.get(session, batch_id, alone=alone)
    if batch is None or batch.coach_id != actor.coach_id or batch.until <= platform.clock():
        raise UnknownBatch
    return batch


def view_of(platform: Platform, session: Session, scope: Scope, batch: Batch) -> BatchView:
    """Return a batch without what its coach may not see any more."""
    mine = [report for report in batches.reports(session, batch.id) if _may_see(scope, report)]
    return BatchView(
        id=batch.id,
        quarter=batch.quarter,
        language=batch.language,
        state=batch.state,
        until=batch.until,
        reports=tuple(BatchReportView(row.name, row.team_id, row.file, row.state, row.problem) for row in mine),
        seconds=batch.seconds,
        folder=batch.folder,
        is_here=batch_files.is_here(platform.settings.instance, batch.folder),
    )


def _may_see(scope: Scope, report: BatchReport) -> bool:
    return scope.sees_all if report.team_id is None else scope.has(report.team_id)
