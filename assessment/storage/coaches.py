"""Coaches, the teams they may see, and failed sign-ins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from assessment.storage.models import Coach, CoachTeam, SignInFailure


def add(session: Session, *, name: str, email: str, password_hash: str, sees_all: bool, teams: Iterable[int]) -> int:
    """Store a coach and return the id."""
    coach = Coach(name=name, email=email, password_hash=password_hash, sees_all=sees_all)
    session.add(coach)
    session.flush()
    session.add_all(CoachTeam(coach_id=coach.id, team_id=team) for team in sorted(set(teams)))
    session.flush()
    return coach.id


def get(session: Session, coach_id: int) -> Coach | None:
    """Return a coach, or None if there is no such coach."""
    return session.get(Coach, coach_id)


def by_email(session: Session, email: str) -> Coach | None:
    """Return the coach with this address, or None if there is none."""
    return session.scalar(sa.select(Coach).where(Coach.email == email))


def every(session: Session) -> Sequence[Coach]:
    """Return all coaches by name."""
    return session.scalars(sa.select(Coach).order_by(Coach.name, Coach.id)).all()


def team_ids(session: Session, coach_id: int) -> frozenset[int]:
    """Return the ids of the teams a coach was given."""
    return frozenset(session.scalars(sa.select(CoachTeam.team_id).where(CoachTeam.coach_id == coach_id)))


def set_password_hash(session: Session, coach_id: int, password_hash: str) -> None:
    """Replace a coach's password hash."""
    session.execute(sa.update(Coach).where(Coach.id == coach_id).values(password_hash=password_hash))


def failures(session: Session, keys: Sequence[str]) -> dict[str, tuple[int, datetime]]:
    """Return, for those of the keys that have failed sign-ins, how many and when the last was."""
    rows = session.scalars(sa.select(SignInFailure).where(SignInFailure.key.in_(keys)))
    return {row.key: (row.n_failures, row.last_at) for row in rows}


def record_failure(session: Session, key: str, n_failures: int, at: datetime) -> None:
    """Store how often in a row a key has failed, and when last."""
    row = session.get(SignInFailure, key)
    if row is None:
        session.add(SignInFailure(key=key, n_failures=n_failures, last_at=at))
    else:
        row.n_failures, row.last_at = n_failures, at


def forget_failures(session: Session, keys: Sequence[str]) -> None:
    """Forget the failed sign-ins of these keys."""
    session.execute(sa.delete(SignInFailure).where(SignInFailure.key.in_(keys)))


def forget_failures_outside(session: Session, since: datetime, until: datetime) -> None:
    """Forget every failed sign-in from before or after a span of time.

    Addresses are kept no longer than they slow anybody down, and not because the clock once was wrong.
    """
    session.execute(sa.delete(SignInFailure).where(~SignInFailure.last_at.between(since, until)))
