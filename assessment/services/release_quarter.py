"""All reports of a quarter that somebody may have, in one go."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy.orm import Session

from assessment.domain.campaign import State
from assessment.domain.errors import UnknownReport
from assessment.services.actor import Actor, scope_of
from assessment.services.build_report import campaign_before
from assessment.services.footing import Footing, footings
from assessment.services.frozen import COMPARED, kept_of
from assessment.services.platform import Platform
from assessment.storage import campaigns
from assessment.storage.models import Campaign, Node
from reports.csv_export import Row
from reports.disclosure import release_organisation
from reports.released import ReleasedOrganisation


@dataclass
class _Releases:
    """One campaign's releases, made once for every campaign that nodes of it are compared with."""

    session: Session
    campaign: Campaign
    made: dict[int | None, ReleasedOrganisation] = field(default_factory=dict)
    befores: dict[tuple[int, ...], Campaign | None] = field(default_factory=dict)

    @cached_property
    def closed_of_teams(self) -> dict[int | None, list[tuple[Campaign, Node]]]:
        """The closed campaigns of every team, latest first: asked for once, not team by team."""
        found: dict[int | None, list[tuple[Campaign, Node]]] = {}
        for campaign, node in campaigns.closed_with(self.session, kind="team"):
            found.setdefault(node.team_id, []).append((campaign, node))
        return found

    @cached_property
    def grounds(self) -> dict[int, Footing]:
        """What each team and the organisation stand on."""
        return footings(self.session, self.campaign.quarter, campaigns.nodes(self.session, self.campaign.id))

    def of(self, kind: str, team_id: int | None = None) -> ReleasedOrganisation:
        """Return the release that compares as the report of this node does, with the node's own campaign before."""
        is_team = kind == "team"
        closed = self.closed_of_teams.get(team_id, []) if is_team else campaigns.closed_with(self.session, kind=kind)
        choice = tuple(campaign.id for campaign, _ in closed)
        if choice not in self.befores:
            self.befores[choice] = campaign_before(self.session, closed, self.campaign)
        before = self.befores[choice]
        key = None if before is None else before.id
        if key not in self.made:
            earlier = None if before is None else kept_of(self.session, before, COMPARED)
            self.made[key] = release_organisation(
                kept_of(self.session, self.campaign),
                previous=earlier,
                done={node_id: ground.has for node_id, ground in self.grounds.items()},
                health={node_id: ground.health for node_id, ground in self.grounds.items()},
            )
        return self.made[key]


def released_quarter(platform: Platform, actor: Actor, quarter: str) -> tuple[Row, ...]:
    """Return the reports of a quarter as each is shown by itself: organisation, departments, then teams by name.

    :raise UnknownReport: when the actor may see no report of this quarter.
    """
    found: list[Row] = []
    with platform.reading() as session:
        scope = scope_of(session, actor)
        for campaign in campaigns.listed(session):
            if campaign.state != State.CLOSED or campaign.quarter != quarter:
                continue
            mine: list[Node] = [
                node
                for node in campaigns.nodes(session, campaign.id)
                if node.kind == "team" and scope.has(node.team_id)
            ]
            if not mine and not scope.sees_all:
                continue
            releases = _Releases(session, campaign)
            if scope.sees_all:
                whole = releases.of("organisation")
                found += [Row(whole.whole, whole), *map(Row, whole.departments)]
            releases_by_node = {node.id: releases.of("team", node.team_id) for node in mine}
            teams = {id(made): {team.node: team for team in made.teams} for made in releases_by_node.values()}
            own = [teams[id(made)][node] for node, made in releases_by_node.items()]
            found += map(Row, sorted(own, key=lambda team: (team.name.casefold(), team.node)))
    if not found:
        raise UnknownReport(node="any team", quarter=quarter)
    return tuple(found)
