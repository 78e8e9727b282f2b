"""Agreements, changes in place, and the focus aspects that teams agreed on for their next campaign."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from assessment.storage.models import Campaign, Node, Organisation, Team
from assessment.storage.roadmap_models import Agreement, ChangeInPlace, NextFocus


def hold(session: Session, team_id: int | None) -> None:
    """Keep others from agreeing for the same team, or the organisation, until this transaction ends."""
    if team_id is None:
        session.get(Organisation, 1, with_for_update=True)
    else:
        session.get(Team, team_id, with_for_update=True)


def add(session: Session, agreement: Agreement) -> Agreement:
    """Add an agreement and return it with its id."""
    session.add(agreement)
    session.flush()
    return agreement


def get(session: Session, agreement_id: int) -> Agreement | None:
    """Return an agreement, or None."""
    return session.get(Agreement, agreement_id)


def agreements(session: Session, team_id: int | None) -> Sequence[Agreement]:
    """Return a team's agreements, or the organisation's own for None, in the order of quarters and of agreeing."""
    query = sa.select(Agreement).where(_whose(Agreement.team_id, team_id))
    return session.scalars(query.order_by(Agreement.quarter, Agreement.agreed_on, Agreement.id)).all()


def agreements_of_teams(session: Session, team_ids: Collection[int]) -> Sequence[Agreement]:
    """Return the agreements of several teams, in the same order."""
    query = sa.select(Agreement).where(Agreement.team_id.in_(list(team_ids)))
    return session.scalars(query.order_by(Agreement.quarter, Agreement.agreed_on, Agreement.id)).all()


def in_place(session: Session, team_id: int | None) -> Sequence[ChangeInPlace]:
    """Return what a team, or the organisation for None, says it has."""
    query = sa.select(ChangeInPlace).where(_whose(ChangeInPlace.team_id, team_id))
    return session.scalars(query.order_by(ChangeInPlace.change_id)).all()


def in_place_of_teams(session: Session, team_ids: Collection[int]) -> Sequence[ChangeInPlace]:
    """Return what several teams say they have."""
    query = sa.select(ChangeInPlace).where(ChangeInPlace.team_id.in_(list(team_ids)))
    return session.scalars(query.order_by(ChangeInPlace.team_id, ChangeInPlace.change_id)).all()


def set_in_place(session: Session, team_id: int | None, change_id: str, since: date) -> None:
    """Note that a change is in place; it must not be noted yet."""
    session.add(ChangeInPlace(team_id=team_id, change_id=change_id, since=since))
    session.flush()


def take_in_place_back(session: Session, team_id: int | None, change_id: str) -> None:
    """Forget that a change was said to be in place."""
    whose = _whose(ChangeInPlace.team_id, team_id)
    session.execute(sa.delete(ChangeInPlace).where(whose, ChangeInPlace.change_id == change_id))


def set_focus(session: Session, team_id: int, quarter: str, focus: Sequence[str]) -> None:
    """Note the focus aspects agreed on with a report; none takes them back."""
    session.execute(sa.delete(NextFocus).where(NextFocus.team_id == team_id, NextFocus.quarter == quarter))
    if focus:
        session.add(NextFocus(team_id=team_id, quarter=quarter, focus=json.dumps(list(focus))))
    session.flush()


def focus_after(session: Session, team_id: int, quarter: str) -> tuple[str, ...]:
    """Return the focus aspects agreed on with the report of a quarter; empty where none were."""
    found = session.get(NextFocus, (team_id, quarter))
    return () if found is None else tuple(json.loads(found.focus))


def focus_for(session: Session, team_id: int, quarter: str) -> tuple[str, tuple[str, ...]] | None:
    """Return what a campaign of a quarter takes: the aspects agreed before, and with which report; None for none.

    Each is taken once, by the team's next campaign after the report: what an earlier one took is used up.
    """
    query = sa.select(NextFocus).where(NextFocus.team_id == team_id, NextFocus.quarter < quarter)
    agreed = session.scalars(query.order_by(NextFocus.quarter.desc()).limit(1)).first()
    if agreed is None or campaign_between(session, team_id, agreed.quarter, quarter):
        return None
    return agreed.quarter, tuple(json.loads(agreed.focus))


def campaign_between(session: Session, team_id: int, after: str, before: str | None = None) -> bool:
    """Whether a team has an open or closed campaign after a quarter, and before another where one is given."""
    found = campaign_after(session, team_id, after)
    return found is not None and (before is None or found[0].quarter < before)


def campaign_after(session: Session, team_id: int, after: str) -> tuple[Campaign, Node] | None:
    """Return a team's first open or closed campaign after a quarter, with its node; None without one.

    Imports take no focus, so they do not count.
    """
    query = (
        sa.select(Campaign, Node)
        .join(Node, Node.campaign_id == Campaign.id)
        .where(
            Node.team_id == team_id,
            Campaign.state.in_(("open", "closed")),
            Campaign.source == "answered",
            Campaign.quarter > after,
        )
        .order_by(Campaign.quarter)
    )
    found = session.execute(query.limit(1)).first()
    return None if found is None else (found[0], found[1])


def _whose(column: sa.orm.InstrumentedAttribute[int | None], team_id: int | None) -> sa.ColumnElement[bool]:
    return column.is_(None) if team_id is None else column == team_id
