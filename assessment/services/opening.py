"""What opening freezes, and what stands in its way. Drafts show it beforehand; opening does exactly this."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from assessment.config import Settings
from assessment.domain.campaign import (
    OPEN_LINK_REPORTING_SIZE,
    REPORTING_SIZE,
    Way,
    check_closing_time,
    check_focus,
    check_reporting_size,
    check_role_question,
    check_way,
)
from assessment.domain.error_kinds import AssessmentError
from assessment.domain.errors import EmptyTeam, NoAddress, NoMail, NoTeams, NotSecure, QuarterTaken, SamePeople
from assessment.domain.follow_up_errors import FocusNotAsked
from assessment.domain.overlap import leaves_few
from assessment.services.frozen import focus_of, questionnaire_of
from assessment.storage import campaigns, organisation, roadmap
from assessment.storage.models import Campaign, Node


@dataclass(frozen=True)
class FrozenTeam:
    """A team as opening freezes it."""

    node_id: int
    team_id: int
    name: str
    department_id: int
    people: tuple[tuple[int, str], ...]
    """Member ids and names, by name."""
    addresses: Mapping[int, str]
    """E-mail addresses by member id, of those who have one."""
    way: Way
    n_joined: int | None
    n_left: int | None
    smallest: int
    """How many answers its own report needs."""
    focus: tuple[str, ...] | None = None
    """The aspects agreed on its report before, and None where the campaign's count."""
    focus_from: str = ""
    """The quarter of that report."""

    @property
    def n_invited(self) -> int:
        """How many people are asked."""
        return len(self.people)

    @property
    def without_address(self) -> tuple[str, ...]:
        """Who cannot be invited by mail."""
        return tuple(name for member_id, name in self.people if member_id not in self.addresses)

    @property
    def is_small(self) -> bool:
        """Whether even everybody's answers are too few for a report of its own."""
        return self.n_invited < self.smallest


@dataclass(frozen=True)
class Freezing:
    """Everything that opening a draft would freeze, and the errors it would end with now."""

    teams: tuple[FrozenTeam, ...]
    obstacles: tuple[AssessmentError, ...]


def smallest_of(way: Way, reporting_size: int) -> int:
    """Return how many answers a team's report needs: more on an open link, where one person may answer twice."""
    return max(reporting_size, OPEN_LINK_REPORTING_SIZE) if way is Way.OPEN_LINK else reporting_size


def freezing(
    session: Session, campaign: Campaign, nodes: Sequence[Node], now: datetime, settings: Settings
) -> Freezing:
    """Return what opening this draft now would freeze."""
    teams = tuple(_frozen_team(session, campaign, node) for node in nodes if node.kind == "team")
    obstacles: list[AssessmentError] = []

    def look(check: object, *values: object) -> None:
        try:
            check(*values)  # type: ignore[operator]
        except AssessmentError as error:
            obstacles.append(error)

    if not teams:
        obstacles.append(NoTeams(campaign=campaign.id))
    obstacles.extend(EmptyTeam(team=team.name) for team in teams if not team.people)
    look(check_closing_time, campaign.closes_at, now)
    look(check_reporting_size, campaign.reporting_size)
    questionnaire = questionnaire_of(campaign.instruments)
    look(check_focus, focus_of(campaign), questionnaire.aspects)
    known = set(questionnaire.aspects)
    obstacles.extend(_not_asked(team, known) for team in teams if not set(team.focus or ()) <= known)
    if questionnaire.role is not None:
        look(check_role_question, [team.n_invited for team in teams], campaign.reporting_size)
    for way in sorted({node.way for node in nodes if node.way}):
        look(check_way, Way(way))
    obstacles.extend(_mail_obstacles([team for team in teams if team.way is Way.EMAIL], settings))
    taken = campaigns.taken(session, [team.team_id for team in teams], campaign.quarter)
    obstacles.extend(QuarterTaken(team=node.name, quarter=campaign.quarter) for node in taken)
    asked = campaigns.rosters_of_quarter(session, campaign.quarter)
    obstacles.extend(SamePeople(team=team.name, quarter=campaign.quarter) for team in teams if _is_copy(team, asked))
    return Freezing(teams, tuple(obstacles))


def _mail_obstacles(teams: Sequence[FrozenTeam], settings: Settings) -> list[AssessmentError]:
    """Return what keeps these teams from being invited by mail; there is no weaker way that would take its place."""
    if not teams:
        return []
    obstacles: list[AssessmentError] = []
    if not settings.is_secure:
        obstacles.append(NotSecure(base_url=settings.base_url))
    if not settings.can_mail:
        obstacles.append(NoMail())
    for team in teams:
        if team.without_address:
            obstacles.append(NoAddress(team=team.name, names=", ".join(team.without_address)))
    return obstacles


def _not_asked(team: FrozenTeam, aspects: Collection[str]) -> FocusNotAsked:
    missing = ", ".join(aspect for aspect in team.focus or () if aspect not in aspects)
    return FocusNotAsked(team=team.name, aspects=missing, quarter=team.focus_from)


def _is_copy(team: FrozenTeam, asked: Mapping[int, Collection[int]]) -> bool:
    """Whether subtracting reports of teams that the quarter asked already would leave a few people of this one.

    :param asked: member ids by the id of the team that they were asked in.
    """
    people = [member_id for member_id, _ in team.people]
    others = [members for team_id, members in asked.items() if team_id != team.team_id]
    return leaves_few(people, others, REPORTING_SIZE)


def _frozen_team(session: Session, campaign: Campaign, node: Node) -> FrozenTeam:
    team = organisation.team(session, node.team_id or 0)
    if team is None:
        raise LookupError(f"node {node.id} has no team")
    members = organisation.members(session, team.id)
    people = tuple((member.id, member.name) for member in members)
    addresses = {member.id: member.email for member in members if member.email}
    way = Way(node.way or Way.CARDS)
    joined = left = None
    earlier = campaigns.earlier_rosters(session, team.id, campaign.id)
    if earlier:
        before = {row.member_id for row in campaigns.roster(session, earlier[0][1].id)}
        today = {member_id for member_id, _ in people}
        joined, left = len(today - before), len(before - today)
    smallest = smallest_of(way, campaign.reporting_size)
    agreed = roadmap.focus_for(session, team.id, campaign.quarter)
    return FrozenTeam(
        node_id=node.id,
        team_id=team.id,
        name=team.name,
        department_id=team.department_id,
        people=people,
        addresses=addresses,
        way=way,
        n_joined=joined,
        n_left=left,
        smallest=smallest,
        focus=agreed[1] if agreed else None,
        focus_from=agreed[0] if agreed else "",
    )
