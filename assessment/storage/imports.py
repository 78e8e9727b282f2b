"""What the import of an organisation changes beyond adding: people and teams that move."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from assessment.storage.models import Member, Team


def move_team(session: Session, team_id: int, department_id: int) -> None:
    """Put a team into another department; campaigns keep the department it had."""
    session.execute(sa.update(Team).where(Team.id == team_id).values(department_id=department_id))


def change_member(session: Session, member_id: int, *, team_id: int, name: str, email: str | None) -> None:
    """Change a member's team, name or address; rosters that were frozen keep what they have."""
    values = {"team_id": team_id, "name": name, "email": email}
    session.execute(sa.update(Member).where(Member.id == member_id).values(**values))


def remove_members(session: Session, member_ids: Collection[int]) -> None:
    """Remove people from the organisation of today; rosters that were frozen keep them."""
    session.execute(sa.delete(Member).where(Member.id.in_(member_ids)))
