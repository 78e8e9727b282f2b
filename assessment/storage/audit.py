"""The audit: who changed what about campaigns and access. Nothing about respondents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from assessment.storage.models import Audit


def record(session: Session, at: datetime, actor: str, action: str, subject: str, detail: str = "") -> None:
    """Write one line of the audit."""
    session.add(Audit(at=at, actor=actor, action=action, subject=subject, detail=detail))
    session.flush()


def last_of(session: Session, subject: str) -> Audit | None:
    """Return the latest line about something, or None."""
    return session.scalar(sa.select(Audit).where(Audit.subject == subject).order_by(Audit.id.desc()).limit(1))


def latest(session: Session, limit: int) -> Sequence[Audit]:
    """Return the latest lines, newest first."""
    return session.scalars(sa.select(Audit).order_by(Audit.id.desc()).limit(limit)).all()
