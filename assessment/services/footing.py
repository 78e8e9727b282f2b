"""What a team or the organisation stands on when its report suggests changes: what is in place, and its health facts.

A report's suggestions are those of the weeks after it: what is done or said before the next campaign closes counts, and
what comes later belongs to the next report. So an old report goes on suggesting what it suggested.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from assessment.storage import campaigns, health, roadmap
from assessment.storage.models import Node
from assessment.storage.roadmap_models import Agreement, ChangeInPlace
from questionnaires.changes import catalogue
from reports.follow_up import AgreedState, Health, facts_of
from reports.health import Standings, facts_before, standings


@dataclass(frozen=True)
class Footing:
    """What counts as in place, and which health measures are within their targets."""

    has: frozenset[str] = frozenset()
    """Done, said to be in place, and for teams also what only the organisation can start and has."""
    health: Standings = field(default_factory=dict)


def footings(session: Session, quarter: str, nodes: Iterable[Node]) -> dict[int, Footing]:
    """Return the footing of every team among the nodes, and of the organisation, by node id; of a quarter's reports."""
    nodes = [node for node in nodes if node.kind != "department"]
    teams = [node.team_id for node in nodes if node.team_id is not None]
    ends = campaigns.next_closed(session, quarter)
    own = in_place_by_team(session, teams, ends)
    facts = health.of(session, teams)
    agreed, said = roadmap.agreements(session, None), roadmap.in_place(session, None)
    found: dict[int, Footing] = {}
    for node in nodes:
        whole = _has(agreed, said, ends.get(node.team_id))
        if node.team_id is None:
            found[node.id] = Footing(whole)
            continue
        has = own[node.team_id] | _for_leadership(whole)
        found[node.id] = Footing(has, standings_in(facts.get(node.team_id, ()), quarter))
    return found


def in_place_by_team(
    session: Session, team_ids: Sequence[int], until: Mapping[int | None, date]
) -> dict[int, frozenset[str]]:
    """Return what each team itself has done or said to be in place, up to a day where one is given."""
    agreed: dict[int | None, list[Agreement]] = {}
    said: dict[int | None, list[ChangeInPlace]] = {}
    for agreement in roadmap.agreements_of_teams(session, team_ids):
        agreed.setdefault(agreement.team_id, []).append(agreement)
    for row in roadmap.in_place_of_teams(session, team_ids):
        said.setdefault(row.team_id, []).append(row)
    return {team: _has(agreed.get(team, ()), said.get(team, ()), until.get(team)) for team in team_ids}


def in_place_of(session: Session, team_id: int | None, quarter: str | None = None) -> frozenset[str]:
    """Return what a team or the organisation itself has done or said to be in place.

    :param quarter: as the report of this quarter counts it; as of today unless given.
    """
    until = None if quarter is None else campaigns.next_closed(session, quarter).get(team_id)
    return _has(roadmap.agreements(session, team_id), roadmap.in_place(session, team_id), until)


def from_organisation(session: Session, quarter: str | None = None) -> frozenset[str]:
    """Return what the organisation has of the changes that only leadership can start, which teams build on."""
    return _for_leadership(in_place_of(session, None, quarter))


def standings_in(quarters: Sequence[Health], quarter: str) -> Standings:
    """Return which measures are within their targets in a quarter; those that are not known are missing."""
    now = facts_of(quarters, quarter)
    return {} if now is None else standings(now, facts_before(quarters, quarter))


def _has(agreed: Iterable[Agreement], said: Iterable[ChangeInPlace], until: date | None) -> frozenset[str]:
    def counts(day: date | None) -> bool:
        return day is not None and (until is None or day <= until)

    done = {one.change_id for one in agreed if one.state == AgreedState.DONE and counts(one.ended_on)}
    return frozenset(done | {row.change_id for row in said if counts(row.since)})


def _for_leadership(has: Iterable[str]) -> frozenset[str]:
    shelf = catalogue().by_id
    return frozenset(name for name in has if name in shelf and shelf[name].organisation)
