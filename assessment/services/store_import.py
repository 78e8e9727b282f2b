"""Storing counted answers from a file as a closed campaign, with the tree of nodes that opening would have made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from assessment.domain.campaign import State, Way
from assessment.domain.cards import mint_token
from assessment.domain.errors import NotSetUp
from assessment.domain.spreadsheet import LineProblem
from assessment.services.keep_counted import keep_counted
from assessment.storage import campaigns, organisation
from assessment.storage.models import Campaign, Node
from questionnaires.instrument import Questionnaire
from reports.histograms import Histogram


@dataclass(frozen=True)
class TeamCount:
    """What of one team was or would be counted."""

    name: str
    department: str
    is_new: bool
    n_invited: int | None
    """None where the mapping does not say; then there is no response rate."""
    n_answered: int
    n_complete: int
    """Submissions without a gap; the others count with what they answered."""
    n_blank: int
    measures: Mapping[str, int]
    """How many answers each item, choice, ladder and aspect score has."""


@dataclass(frozen=True)
class AnswersImport:
    """What was or would be imported, and every row that was not."""

    quarter: str
    campaign_id: int | None
    """None for a dry run."""
    instruments: tuple[str, ...]
    encoding: str
    separator: str
    teams: tuple[TeamCount, ...]
    """By name."""
    n_rows: int
    n_answered: int
    n_blank: int
    n_bad: int
    problems: tuple[LineProblem, ...]
    """Why rows are not counted, in the order of lines; the first thousand."""
    unmentioned: tuple[str, ...]
    """Columns that the mapping neither uses nor ignores."""
    reworded: tuple[str, ...]
    """Keys of questions that the export words differently from the instrument: never tested against it."""
    new_teams: tuple[str, ...]
    taken: tuple[str, ...]
    """Teams that already have a campaign for the quarter; importing is refused then."""


def store_import(
    session: Session,
    result: AnswersImport,
    asked: Questionnaire,
    team_ids: Mapping[str, int],
    counted: Mapping[str, Mapping[str, Histogram]],
    at: datetime,
    reporting_size: int,
) -> Campaign:
    """Store a counted import as a closed campaign with its teams, departments and kept figures; return it.

    :param team_ids: ids of the teams that exist, by name; the others are created.
    :param counted: histograms by team name and measure.
    :raise NotSetUp: before the organisation has a name.
    """
    home = organisation.get(session)
    if home is None:
        raise NotSetUp
    campaign = campaigns.add(
        session,
        Campaign(
            quarter=result.quarter,
            state=State.CLOSED,
            source="imported",
            reporting_size=reporting_size,
            closes_at=at,
            timezone=home.timezone,
            language=home.language,
            instruments=asked.canonical(),
            fingerprint=asked.fingerprint,
            # A focus chosen after the answers are known would be no focus: nothing is tested on imports.
            focus=json.dumps([]),
            n_unreadable=0,
        ),
    )
    top = campaigns.add_node(session, Node(campaign_id=campaign.id, kind="organisation", name=home.name,
                                           n_invited=_total(result.teams)))  # fmt: skip
    nodes, n_answered = [top], {}
    found = {row.name: row.id for row in organisation.departments(session)}
    below: dict[str, Node] = {}
    by_node: dict[int, Mapping[str, Histogram]] = {}
    for team in result.teams:
        if team.department not in below:
            if team.department not in found:
                found[team.department] = organisation.add_department(session, team.department).id
            inside = [other for other in result.teams if other.department == team.department]
            department = Node(campaign_id=campaign.id, kind="department", parent_id=top.id, name=team.department,
                              department_id=found[team.department], n_invited=_total(inside))  # fmt: skip
            below[team.department] = campaigns.add_node(session, department)
            nodes.append(department)
        team_id = team_ids.get(team.name)
        if team_id is None:
            department_id = found[team.department]
            team_id = organisation.add_team(session, name=team.name, department_id=department_id).id
        node = Node(campaign_id=campaign.id, kind="team", parent_id=below[team.department].id, team_id=team_id,
                    name=team.name, way=Way.IMPORTED, n_invited=team.n_invited, reading_key=mint_token())  # fmt: skip
        nodes.append(campaigns.add_node(session, node))
        by_node[node.id] = counted.get(team.name, {})
        n_answered[node.id] = team.n_answered
    keep_counted(session, campaign, nodes, by_node, n_answered)
    return campaign


def _total(teams: Sequence[TeamCount]) -> int | None:
    """Return how many were asked in all, None as soon as one team does not say."""
    sizes = [team.n_invited for team in teams]
    return None if None in sizes else sum(size for size in sizes if size is not None)
