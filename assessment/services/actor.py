"""Who does something, for the audit and for what they may see."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from assessment.storage import coaches


@dataclass(frozen=True)
class Actor:
    """A coach, or the operator at the command line."""

    name: str
    coach_id: int | None = None
    """None for the operator."""

    @classmethod
    def operator(cls) -> Actor:
        """Return the one at the command line, who sees everything."""
        return cls("operator")


@dataclass(frozen=True)
class Scope:
    """The teams somebody may see; looked up anew for every request, so that a withdrawn right ends at once."""

    sees_all: bool
    teams: frozenset[int]

    def has(self, team_id: int | None) -> bool:
        """Whether a team is among them."""
        return self.sees_all or team_id in self.teams


def scope_of(session: Session, actor: Actor) -> Scope:
    """Return what an actor may see; a coach who was removed sees nothing."""
    if actor.coach_id is None:
        return Scope(True, frozenset())
    coach = coaches.get(session, actor.coach_id)
    if coach is None:
        return Scope(False, frozenset())
    return Scope(coach.sees_all, coaches.team_ids(session, coach.id))
