"""The tables of what follows a report: agreements, changes in place, focus aspects, health facts.

None of them is about respondents: coaches type all of it. It stays when a campaign is voided and goes with its team.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from assessment.storage.base import Base

ROLE_LENGTH, SIGN_LENGTH, EVIDENCE_LENGTH = 80, 300, 600
IN_FLIGHT = "state = 'agreed'"


def _one_for_each(name: str, state: str | None) -> tuple[sa.Index, sa.Index]:
    """Return what lets a team have a change once, and the organisation too, whose team is null."""
    found = []
    for ending, columns, whose in (
        ("team", ("team_id", "change_id"), "team_id IS NOT NULL"),
        ("organisation", ("change_id",), "team_id IS NULL"),
    ):
        condition = sa.text(whose if state is None else f"{state} AND {whose}")
        found.append(
            sa.Index(f"{name}_{ending}", *columns, unique=True, sqlite_where=condition, postgresql_where=condition)
        )
    return found[0], found[1]


class Agreement(Base):
    """A small change that a team, or the organisation, agreed on for the quarter after a report."""

    __tablename__ = "agreement"
    __table_args__ = (
        sa.CheckConstraint("state IN ('agreed', 'done', 'dropped')", name="state"),
        sa.CheckConstraint("(state = 'agreed') = (ended_on IS NULL)", name="ended"),
        sa.CheckConstraint(f"length(role) BETWEEN 1 AND {ROLE_LENGTH}", name="role"),
        sa.CheckConstraint(f"length(sign) BETWEEN 1 AND {SIGN_LENGTH}", name="sign"),
        sa.CheckConstraint(f"length(evidence) <= {EVIDENCE_LENGTH}", name="evidence"),
        *_one_for_each("uq_agreement_in_flight", IN_FLIGHT),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("team.id", ondelete="CASCADE"), index=True)
    """None for the organisation."""
    quarter: Mapped[str]
    """Of the report it was agreed on."""
    change_id: Mapped[str]
    state: Mapped[str]
    role: Mapped[str]
    due: Mapped[date]
    sign: Mapped[str]
    evidence: Mapped[str]
    agreed_on: Mapped[date]
    ended_on: Mapped[date | None]


class ChangeInPlace(Base):
    """A small change that a team, or the organisation, says it has already."""

    __tablename__ = "change_in_place"
    __table_args__ = _one_for_each("uq_change_in_place", None)
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("team.id", ondelete="CASCADE"))
    change_id: Mapped[str]
    since: Mapped[date]


class NextFocus(Base):
    """The focus aspects that a team agreed on with a report; its next campaign takes them."""

    __tablename__ = "next_focus"
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    quarter: Mapped[str] = mapped_column(primary_key=True)
    focus: Mapped[str]
    """JSON list of one or two aspect ids."""


class HealthFactRow(Base):
    """One number about a team's work with production in one quarter."""

    __tablename__ = "health_fact"
    __table_args__ = (sa.CheckConstraint("value >= 0", name="value"),)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    quarter: Mapped[str] = mapped_column(primary_key=True)
    fact: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float] = mapped_column(sa.Float)


class PageShare(Base):
    """How many pages one member of a rotation got, by place and without a name; never of fewer than 8 members."""

    __tablename__ = "page_share"
    __table_args__ = (sa.CheckConstraint("place >= 1 AND pages >= 0", name="pages"),)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    quarter: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    pages: Mapped[int]
