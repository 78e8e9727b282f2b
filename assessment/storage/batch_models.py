"""The tables of reports that a coach asked for all at once; the files lie in the instance folder, for a short time.

Nothing here is about respondents: who asked for which reports, and how far they are.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from assessment.storage.base import Base, Moment


class Batch(Base):
    """All reports of a quarter that a coach may see, in one language."""

    __tablename__ = "batch"
    # What was deleted must not come back behind an address that somebody kept.
    __table_args__ = (
        sa.CheckConstraint("state IN ('making', 'ended', 'cancelled')", name="state"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    coach_id: Mapped[int] = mapped_column(sa.ForeignKey("coach.id", ondelete="CASCADE"), index=True)
    quarter: Mapped[str]
    language: Mapped[str]
    folder: Mapped[str] = mapped_column(unique=True)
    """Its name below the instance folder; where it is missing, another installation makes the files."""
    state: Mapped[str]
    until: Mapped[datetime] = mapped_column(Moment)
    """When row and files are deleted."""
    seconds: Mapped[float] = mapped_column(sa.Float)
    """How long was worked on it so far."""


class BatchReport(Base):
    """One report among them."""

    __tablename__ = "batch_report"
    __table_args__ = (
        sa.CheckConstraint("state IN ('waiting', 'made', 'broken')", name="state"),
        sa.CheckConstraint("(state = 'broken') = (problem <> '')", name="problem"),
    )
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batch.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id", ondelete="CASCADE"))
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("team.id", ondelete="CASCADE"))
    """None for the organisation."""
    name: Mapped[str]
    file: Mapped[str]
    state: Mapped[str]
    problem: Mapped[str]
    """What kind of problem it was, without any value of the report."""
