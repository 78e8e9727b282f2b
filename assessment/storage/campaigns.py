"""Campaigns with their nodes and frozen rosters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from assessment.storage.base import Base
from assessment.storage.database import Asking
from assessment.storage.models import Campaign, Node, Roster

CAMPAIGN = Base.metadata.tables[Campaign.__tablename__]
# Made once: every answer asks it.
_STATE = sa.select(CAMPAIGN.c.state, CAMPAIGN.c.closes_at).where(CAMPAIGN.c.id == sa.bindparam("campaign"))
_OPEN = sa.select(CAMPAIGN.c.id).where(CAMPAIGN.c.state == "open").order_by(CAMPAIGN.c.id)


def add(session: Session, campaign: Campaign) -> Campaign:
    """Add a campaign and return it with its id."""
    session.add(campaign)
    session.flush()
    return campaign


def get(session: Session, campaign_id: int) -> Campaign | None:
    """Return a campaign, or None."""
    return session.get(Campaign, campaign_id)


def state_of(session: Asking, campaign_id: int) -> tuple[str, datetime] | None:
    """Return a campaign's state and closing time without the rest of the row, which is long; None if there is none."""
    row = session.execute(_STATE, {"campaign": campaign_id}).first()
    return None if row is None else (row[0], row[1])


def listed(session: Session) -> Sequence[Campaign]:
    """Return all campaigns, the newest quarter first."""
    return session.scalars(sa.select(Campaign).order_by(Campaign.quarter.desc(), Campaign.id.desc())).all()


def in_state(session: Session, *states: str) -> Sequence[Campaign]:
    """Return the campaigns in one of these states, oldest first."""
    return session.scalars(sa.select(Campaign).where(Campaign.state.in_(states)).order_by(Campaign.id)).all()


def ids_of_open(session: Asking) -> list[int]:
    """Return the ids of the open campaigns, oldest first."""
    return [row[0] for row in session.execute(_OPEN, {})]


def delete(session: Session, campaign_id: int) -> None:
    """Delete a campaign with its nodes; for drafts and undone imports."""
    session.execute(sa.update(Node).where(Node.campaign_id == campaign_id).values(parent_id=None))
    session.execute(sa.delete(Node).where(Node.campaign_id == campaign_id))
    session.execute(sa.delete(Campaign).where(Campaign.id == campaign_id))


def add_node(session: Session, node: Node) -> Node:
    """Add a node and return it with its id."""
    session.add(node)
    session.flush()
    return node


def remove_nodes(session: Session, campaign_id: int) -> None:
    """Remove all nodes of a draft."""
    session.execute(sa.delete(Node).where(Node.campaign_id == campaign_id))


def nodes(session: Session, campaign_id: int) -> Sequence[Node]:
    """Return a campaign's nodes: the organisation, departments, teams, each by name."""
    rank = sa.case({"organisation": 0, "department": 1}, value=Node.kind, else_=2)
    return session.scalars(sa.select(Node).where(Node.campaign_id == campaign_id).order_by(rank, Node.name)).all()


def node(session: Session, node_id: int) -> Node | None:
    """Return a node, or None."""
    return session.get(Node, node_id)


def node_by_reading_key(session: Session, reading_key: str) -> Node | None:
    """Return the node of a reading key, or None."""
    return session.scalar(sa.select(Node).where(Node.reading_key == reading_key))


def taken(session: Session, team_ids: Iterable[int], quarter: str) -> Sequence[Node]:
    """Return the nodes of open and closed campaigns that already have one of these teams in this quarter."""
    query = (
        sa.select(Node)
        .join(Campaign, Campaign.id == Node.campaign_id)
        .where(Campaign.quarter == quarter, Campaign.state.in_(("open", "closed")), Node.team_id.in_(list(team_ids)))
    )
    return session.scalars(query.order_by(Node.name)).all()


def closed_with(
    session: Session, *, kind: str, team_id: int | None = None, department_id: int | None = None
) -> Sequence[tuple[Campaign, Node]]:
    """Return every closed campaign that has this team, department or the organisation, latest quarter first."""
    query = (
        sa.select(Campaign, Node)
        .join(Node, Node.campaign_id == Campaign.id)
        .where(Campaign.state == "closed", Node.kind == kind)
        .order_by(Campaign.quarter.desc(), Campaign.id.desc())
    )
    if team_id is not None:
        query = query.where(Node.team_id == team_id)
    if department_id is not None:
        query = query.where(Node.department_id == department_id)
    return [(campaign, found) for campaign, found in session.execute(query)]


def next_closed(session: Session, quarter: str) -> dict[int | None, date]:
    """Return the day on which each team's next campaign after a quarter closed; None stands for the organisation.

    Teams without a later closed campaign are missing.
    """
    query = (
        sa.select(Node.team_id, Campaign.closes_at, Campaign.timezone)
        .join(Campaign, Campaign.id == Node.campaign_id)
        .where(Campaign.state == "closed", Campaign.quarter > quarter, Node.kind.in_(("team", "organisation")))
        .order_by(Campaign.quarter.desc(), Campaign.id.desc())
    )
    return {team_id: at.astimezone(ZoneInfo(zone)).date() for team_id, at, zone in session.execute(query)}


def freeze_roster(session: Session, node_id: int, people: Iterable[tuple[int, str]]) -> None:
    """Keep who is in a team at opening: member ids and names."""
    session.add_all(Roster(node_id=node_id, member_id=member_id, name=name) for member_id, name in people)
    session.flush()


def roster(session: Session, node_id: int) -> Sequence[Roster]:
    """Return a node's roster by name; empty once the team's next campaign was opened."""
    return session.scalars(sa.select(Roster).where(Roster.node_id == node_id).order_by(Roster.name)).all()


def earlier_rosters(session: Session, team_id: int, campaign_id: int) -> list[tuple[Campaign, Node]]:
    """Return the other campaigns of which a roster of this team is still there, latest first."""
    query = (
        sa.select(Campaign, Node)
        .join(Node, Node.campaign_id == Campaign.id)
        .where(Node.team_id == team_id, Campaign.id != campaign_id)
        .where(sa.exists().where(Roster.node_id == Node.id))
        .order_by(Campaign.quarter.desc(), Campaign.id.desc())
    )
    return [(campaign, found) for campaign, found in session.execute(query)]


def rosters_of_quarter(session: Session, quarter: str) -> dict[int, set[int]]:
    """Return who was asked in a quarter's open and closed campaigns: member ids by team id, of rosters still there."""
    query = (
        sa.select(Node.team_id, Roster.member_id)
        .join(Node, Node.id == Roster.node_id)
        .join(Campaign, Campaign.id == Node.campaign_id)
        .where(Campaign.quarter == quarter, Campaign.state.in_(("open", "closed")))
    )
    found: dict[int, set[int]] = {}
    for team_id, member_id in session.execute(query):
        if team_id is not None:
            found.setdefault(team_id, set()).add(member_id)
    return found


def forget_roster(session: Session, node_id: int) -> None:
    """Delete a node's roster."""
    session.execute(sa.delete(Roster).where(Roster.node_id == node_id))


def open_with_member(session: Session, member_id: int) -> Campaign | None:
    """Return an open campaign that asks this member, or None."""
    query = (
        sa.select(Campaign)
        .join(Node, Node.campaign_id == Campaign.id)
        .join(Roster, Roster.node_id == Node.id)
        .where(Campaign.state == "open", Roster.member_id == member_id)
    )
    return session.scalars(query.limit(1)).first()


def erase_names(session: Session, member_id: int | None = None) -> int:
    """Blank the names in rosters of campaigns that are not open, all or one member's; return how many.

    The members' numbers stay: they keep a copy of a team from being asked again in the same quarter.
    """
    still = sa.select(Node.id).join(Campaign, Campaign.id == Node.campaign_id).where(Campaign.state == "open")
    wanted = [Roster.node_id.not_in(still), Roster.name != ""]
    if member_id is not None:
        wanted.append(Roster.member_id == member_id)
    found = session.execute(sa.select(Roster.node_id, Roster.member_id).where(*wanted)).all()
    session.execute(sa.update(Roster).where(*wanted).values(name=""), execution_options={"synchronize_session": False})
    return len(found)
