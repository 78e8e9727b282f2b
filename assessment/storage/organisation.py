"""The organisation as it is today: departments, teams and members."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from assessment.storage.models import Department, Member, Organisation, Team


def get(session: Session) -> Organisation | None:
    """Return the organisation, None before set-up."""
    return session.get(Organisation, 1)


def set_up(session: Session, name: str, language: str, timezone: str) -> Organisation:
    """Name the organisation, or name it anew."""
    found = get(session)
    if found is None:
        found = Organisation(id=1, name=name, language=language, timezone=timezone)
        session.add(found)
    found.name, found.language, found.timezone = name, language, timezone
    session.flush()
    return found


def departments(session: Session) -> Sequence[Department]:
    """Return all departments by name."""
    return session.scalars(sa.select(Department).order_by(Department.name)).all()


def teams(session: Session) -> Sequence[Team]:
    """Return all teams by name."""
    return session.scalars(sa.select(Team).order_by(Team.name)).all()


def team(session: Session, team_id: int) -> Team | None:
    """Return a team, or None."""
    return session.get(Team, team_id)


def department(session: Session, department_id: int) -> Department | None:
    """Return a department, or None."""
    return session.get(Department, department_id)


def members(session: Session, team_id: int | None = None) -> Sequence[Member]:
    """Return the members of a team, or of all teams, by name."""
    query = sa.select(Member).order_by(Member.name, Member.id)
    return session.scalars(query if team_id is None else query.where(Member.team_id == team_id)).all()


def n_members(session: Session) -> dict[int, int]:
    """Return how many members each team has; teams without any are missing."""
    query = sa.select(Member.team_id, sa.func.count()).group_by(Member.team_id)
    return {row[0]: row[1] for row in session.execute(query)}


def team_ids(session: Session) -> dict[str, int]:
    """Return the ids of all teams by name."""
    return {row[0]: row[1] for row in session.execute(sa.select(Team.name, Team.id))}


def add_department(session: Session, name: str) -> Department:
    """Add a department and return it with its id."""
    added = Department(name=name)
    session.add(added)
    session.flush()
    return added


def add_team(session: Session, department_id: int, name: str) -> Team:
    """Add a team and return it with its id."""
    added = Team(department_id=department_id, name=name)
    session.add(added)
    session.flush()
    return added


def add_member(session: Session, team_id: int, name: str, email: str | None = None) -> Member:
    """Add a member and return it with its id."""
    added = Member(team_id=team_id, name=name, email=email)
    session.add(added)
    session.flush()
    return added


def remove_member(session: Session, member_id: int) -> None:
    """Remove a member; the rosters of earlier campaigns keep their own copy."""
    session.execute(sa.delete(Member).where(Member.id == member_id))


def members_called(session: Session, who: str) -> Sequence[Member]:
    """Return the members with this e-mail address; without any, those with exactly this name."""
    by_email = session.scalars(sa.select(Member).where(sa.func.lower(Member.email) == who.lower())).all()
    return by_email or session.scalars(sa.select(Member).where(Member.name == who)).all()
