"""Reports: what is kept of closed campaigns goes through disclosure control, and only what it releases comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from assessment.domain.campaign import Quarter, State
from assessment.domain.error_kinds import NotFound
from assessment.domain.errors import AmbiguousQuarter, UnknownReadingKey, UnknownReport, UnknownTeam
from assessment.services.actor import Actor, scope_of
from assessment.services.footing import footings
from assessment.services.frozen import COMPARED, kept_of
from assessment.services.platform import Platform
from assessment.storage import campaigns, histograms, organisation
from assessment.storage.models import Campaign, Node
from reports.disclosure import release, release_organisation, release_series
from reports.kept import Kept
from reports.released import Released, ReleasedOrganisation, Series

LATEST = "latest"
SERIES_LENGTH = 8
Closed = Sequence[tuple[Campaign, Node]]


@dataclass(frozen=True)
class ReportRow:
    """One report that can be had."""

    campaign_id: int
    quarter: str
    kind: str
    """`team` or `organisation`."""
    node_id: int
    team_id: int | None
    name: str
    department: str | None
    n_invited: int | None
    n_answered: int
    is_withheld: bool
    """Whether nothing of its own is kept; its page says why."""
    is_imported: bool


def released_team(platform: Platform, actor: Actor, team_id: int, quarter: str = LATEST) -> Released:
    """Return a team's report.

    :param quarter: such as `2026-Q3`, or `latest`: the team's latest closed one.
    :raise UnknownTeam: when there is no such team, or it is not the coach's.
    :raise UnknownReport: when no closed campaign has this team and quarter.
    :raise Invalid: for a quarter that is none.
    """
    with platform.reading() as session:
        name = _team_name(session, actor, team_id)
        closed = campaigns.closed_with(session, kind="team", team_id=team_id)
        return _release(session, closed, quarter, name)


def released_organisation(
    platform: Platform, actor: Actor, quarter: str = LATEST, *, campaign_id: int | None = None
) -> ReleasedOrganisation:
    """Return the organisation report.

    :param campaign_id: which campaign of the quarter, when several were held.
    :raise NotFound: for a coach who does not see all teams.
    :raise UnknownReport: when no closed campaign fits.
    :raise AmbiguousQuarter: when several do.
    """
    with platform.reading() as session:
        name = _organisation_name(session, actor)
        closed = campaigns.closed_with(session, kind="organisation")
        wanted = _wanted(closed, quarter)
        fitting = [pair for pair in closed if pair[0].quarter == wanted]
        if campaign_id is not None:
            fitting = [pair for pair in closed if pair[0].id == campaign_id and (quarter in (LATEST, pair[0].quarter))]
        if not fitting:
            raise UnknownReport(node=name, quarter=quarter)
        if len(fitting) > 1:
            listed = ", ".join(str(campaign.id) for campaign, _ in reversed(fitting))
            raise AmbiguousQuarter(quarter=wanted, campaigns=listed)
        campaign = fitting[0][0]
        grounds = footings(session, campaign.quarter, campaigns.nodes(session, campaign.id))
        return release_organisation(
            kept_of(session, campaign),
            previous=_kept_before(session, closed, campaign),
            done={node_id: ground.has for node_id, ground in grounds.items()},
            health={node_id: ground.health for node_id, ground in grounds.items()},
        )


def team_series(platform: Platform, actor: Actor, team_id: int, measures: str = COMPARED) -> Series:
    """Return a team over its last quarters, oldest first, each as it was released then; empty before the first.

    :param measures: what the measures that are read begin with; the empty text for all of them.
    :raise UnknownTeam: when there is no such team, or it is not the coach's.
    """
    with platform.reading() as session:
        _team_name(session, actor, team_id)
        closed = campaigns.closed_with(session, kind="team", team_id=team_id)
        return release_series(_kept_series(session, closed, measures), team_id, "team")


def organisation_series(platform: Platform, actor: Actor, measures: str = COMPARED) -> Series:
    """Return the organisation over its last quarters; of several campaigns in a quarter, the one with most teams.

    :param measures: what the measures that are read begin with; the empty text for all of them.
    :raise NotFound: for a coach who does not see all teams.
    """
    with platform.reading() as session:
        _organisation_name(session, actor)
        closed = campaigns.closed_with(session, kind="organisation")
        largest: dict[str, tuple[Campaign, Node]] = {}
        for pair in closed:
            before = largest.get(pair[0].quarter)
            if before is None or len(_team_ids(session, pair[0])) > len(_team_ids(session, before[0])):
                largest[pair[0].quarter] = pair
        return release_series(_kept_series(session, list(largest.values()), measures), None, "organisation")


def released_by_reading_key(platform: Platform, reading_key: str) -> Released:
    """Return the report of the team that a reading key was given to.

    :raise UnknownReadingKey: when it opens nothing, or nothing yet.
    """
    with platform.reading() as session:
        node = campaigns.node_by_reading_key(session, reading_key)
        campaign = campaigns.get(session, node.campaign_id) if node is not None else None
        if node is None or campaign is None or campaign.state != State.CLOSED:
            raise UnknownReadingKey
        closed = campaigns.closed_with(session, kind="team", team_id=node.team_id)
        return _release(session, closed, campaign.quarter, node.name)


def list_reports(platform: Platform, actor: Actor) -> list[ReportRow]:
    """Return the reports the actor may have: the latest quarter first, then the organisation, then teams by name."""
    rows: list[ReportRow] = []
    with platform.reading() as session:
        scope = scope_of(session, actor)
        for campaign in campaigns.listed(session):
            if campaign.state != State.CLOSED:
                continue
            kept = histograms.nodes_with_figures(session, campaign.id)
            nodes = campaigns.nodes(session, campaign.id)
            names = {node.id: node.name for node in nodes}
            rows.extend(
                ReportRow(
                    campaign_id=campaign.id,
                    quarter=campaign.quarter,
                    kind=node.kind,
                    node_id=node.id,
                    team_id=node.team_id,
                    name=node.name,
                    department=names.get(node.parent_id or 0),
                    n_invited=node.n_invited,
                    n_answered=node.n_answered or 0,
                    is_withheld=node.id not in kept,
                    is_imported=campaign.source == "imported",
                )
                for node in nodes
                if (node.kind == "team" and scope.has(node.team_id)) or (node.kind == "organisation" and scope.sees_all)
            )
    return rows


def _team_name(session: Session, actor: Actor, team_id: int) -> str:
    team = organisation.team(session, team_id)
    if team is None or not scope_of(session, actor).has(team_id):
        raise UnknownTeam(team=team_id)
    return team.name


def _organisation_name(session: Session, actor: Actor) -> str:
    home = organisation.get(session)
    if home is None or not scope_of(session, actor).sees_all:
        raise NotFound("There is nothing here.")
    return home.name


def _wanted(closed: Closed, quarter: str) -> str:
    """Return the quarter that is meant: the latest closed one for `latest`."""
    if quarter == LATEST:
        return closed[0][0].quarter if closed else quarter
    return str(Quarter.parse(quarter))


def _release(session: Session, closed: Closed, quarter: str, name: str) -> Released:
    wanted = _wanted(closed, quarter)
    for campaign, node in closed:
        if campaign.quarter == wanted:
            previous = _kept_before(session, closed, campaign)
            ground = footings(session, campaign.quarter, [node])[node.id]
            kept = kept_of(session, campaign)
            return release(kept, node.id, previous=previous, done=ground.has, health=ground.health)
    raise UnknownReport(node=name, quarter=quarter)


def campaign_before(session: Session, closed: Closed, campaign: Campaign) -> Campaign | None:
    """Return the campaign to compare with: of the latest earlier quarter, the one that shares most teams.

    Only what was there when a campaign closed: a report that people answered for never changes, and nobody can compare
    it with one invented answer after the other to find out what its coarse words round. Imports have no verdicts.

    :param closed: the closed campaigns that have the node, as `campaigns.closed_with` returns them.
    """
    is_answered = campaign.source == "answered"
    earlier = [
        before
        for before, _ in closed
        if before.quarter < campaign.quarter and not (is_answered and before.closes_at > campaign.closes_at)
    ]
    candidates = [before for before in earlier if before.quarter == earlier[0].quarter]
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    teams = _team_ids(session, campaign)
    return max(candidates, key=lambda before: len(teams & _team_ids(session, before)))


def _kept_before(session: Session, closed: Closed, campaign: Campaign) -> Kept | None:
    before = campaign_before(session, closed, campaign)
    return kept_of(session, before, COMPARED) if before is not None else None


def _kept_series(session: Session, closed: Closed, measures: str) -> list[Kept]:
    # One more than is shown, so that the oldest quarter shown has one before it to be compared with. A report draws
    # aspects only: all else of up to nine quarters would be read for nothing.
    return [kept_of(session, campaign, measures) for campaign, _ in reversed(closed[: SERIES_LENGTH + 1])]


def _team_ids(session: Session, campaign: Campaign) -> set[int | None]:
    return {node.team_id for node in campaigns.nodes(session, campaign.id) if node.kind == "team"}
