"""The release of an organisation of 500 teams with a quarter before, against the time allowed.

Seconds of one core are counted, the least of some rounds: what else goes on in the machine can only add to it. What
PostgreSQL's own processes take is not in them.

Once from what was kept in memory, for mixed teams and for those that took longest of all that were tried; once from the
database, up to the organisation report's JSON and HTML.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from assessment.services.build_report import organisation_series, released_organisation
from assessment.services.keep_counted import keep_counted
from assessment.services.organisation import set_up
from assessment.services.platform import Platform
from assessment.services.release_quarter import released_quarter
from assessment.storage import campaigns, organisation
from assessment.storage.models import Campaign, Node
from benchmarks.instance import DATABASES, OPERATOR, new_platform
from benchmarks.measuring import Result, in_turns, seconds_of_one_core
from questionnaires.instrument import Questionnaire
from questionnaires.loader import questionnaire
from reports import kept
from reports.canonical import to_json
from reports.carry_up import keep
from reports.counting import collapse
from reports.disclosure import release_organisation
from reports.document import organisation_document
from reports.histograms import Histogram
from reports.html import render
from reports.languages import language

SECONDS = 2.0
# With the series of quarters, all numbers as text, and drawings of every team.
DOCUMENT = 6.0
QUARTERS = ("2026-Q2", "2026-Q3")


@dataclass(frozen=True)
class Shape:
    """What an organisation is like."""

    name: str
    smallest: int
    largest: int
    a_department: int
    spread: float | None
    """The standard deviation of the answers of a team, in parts of the scale; None for answers by chance."""
    accepted: float = 1.0
    """How much of the time allowed it may take."""


MIXED = Shape("4 to 14 people", 4, 14, 10, 0.18)
# Many small teams are one crowd, in which each has to have answers that another one could have given. Where all 500 are
# that small, a release takes longest of all that were tried, and more than the time allowed on a busy machine.
CROWDED = 1.5
SHAPES = (
    MIXED,
    Shape("4 to 14 people, answers by chance", 4, 14, 10, None),
    Shape("8 to 14 people", 8, 14, 10, 0.18),
    Shape("5 to 7 people, three a department, by chance", 5, 7, 3, None, CROWDED),
    Shape("5 to 7 people, one department", 5, 7, 500, 0.18, CROWDED),
)


@dataclass(frozen=True)
class Team:
    """One team's place and answers of one quarter."""

    name: str
    department: str
    n_invited: int
    n_answered: int
    counted: dict[str, Histogram]


def teams_of(shape: Shape, asked: Questionnaire, n_teams: int, seed: int) -> list[Team]:
    """Return teams with answers of the same people, or one or two more or fewer, whatever the seed."""
    sizes, draw = random.Random(1), np.random.default_rng(seed)
    teams = []
    for number in range(n_teams):
        size = sizes.randint(shape.smallest, shape.largest)
        size = min(max(size + int(draw.integers(-1, 2)), shape.smallest), shape.largest)
        middle, columns = draw.normal(0.55, 0.15), []
        for question in asked.questions:
            lowest, width = question.lowest, question.highest - question.lowest
            if shape.spread is None:
                answers = draw.integers(0, width + 1, size)
            else:
                answers = np.clip(np.rint(width * draw.normal(middle, shape.spread, size)), 0, width)
            columns.append((answers + lowest + 1).astype(np.uint8))
        counted = collapse(np.stack(columns, axis=1), asked)
        department = f"Department {number // shape.a_department:03}"
        teams.append(Team(f"Team {number:03}", department, size + 1, size, counted))
    return teams


def closed(teams: list[Team], asked: Questionnaire, quarter: str) -> kept.Kept:
    """Return the campaign of these teams as it is kept."""
    focus, n = tuple(asked.aspects)[:2], sum(team.n_answered for team in teams)
    nodes = [kept.Node(1, "organisation", "Organisation", None, n + len(teams), n_answered=n)]
    names = sorted({team.department for team in teams})
    ids = {name: 10 + number for number, name in enumerate(names)}
    for name, node in ids.items():
        inside = [team for team in teams if team.department == name]
        answered, invited = (sum(sizes) for sizes in zip(*((t.n_answered, t.n_invited) for t in inside), strict=True))
        nodes.append(kept.Node(node, "department", name, 1, invited, n_answered=answered, team=node))
    counted = {}
    for node, team in enumerate(teams, start=10_000):
        parent = ids[team.department]
        one = kept.Node(node, "team", team.name, parent, team.n_invited, "cards", n_answered=team.n_answered, team=node)
        nodes.append(one)
        counted[node] = team.counted
    nodes = [replace(node, focus=focus) for node in nodes]
    return keep(nodes, counted, reporting_size=5, questionnaire=asked, quarter=quarter)


def run(*, quick: bool, full: bool) -> Iterator[Result]:
    asked = questionnaire()
    n_teams, rounds = (20, 1) if quick else (500, 3)
    seeds = (1,) if quick else (1, 2, 3, 4, 5) if full else (1, 2)
    for shape in SHAPES[:1] if quick else SHAPES:
        longest = max(_release(shape, asked, n_teams, seed, rounds) for seed in seeds)
        found = _result(f"release of {n_teams} teams of {shape.name}", longest, quick)
        yield replace(found, accepted=None if quick else shape.accepted)
    for database in DATABASES[:1] if quick else DATABASES:
        yield from _from_the_database(database, asked, n_teams, rounds, quick)


def _result(name: str, spent: float, quick: bool, allowed: float = SECONDS) -> Result:
    return Result(name, allowed, spent, "s", spent / allowed, None if quick else 1.0)


def _release(shape: Shape, asked: Questionnaire, n_teams: int, seed: int, rounds: int) -> float:
    """Return the seconds that a release with the quarter before takes."""
    before, now = (
        closed(teams_of(shape, asked, n_teams, 10 * seed + number), asked, quarter)
        for number, quarter in enumerate(QUARTERS)
    )
    works = {"release": lambda: seconds_of_one_core(lambda: release_organisation(now, previous=before))}
    return min(in_turns(works, rounds)["release"])


def _from_the_database(database: str, asked: Questionnaire, n_teams: int, rounds: int, quick: bool) -> Iterator[Result]:
    with new_platform(database) as platform:
        set_up(platform, name="Benchmark", language="en", timezone="UTC")
        for number, quarter in enumerate(QUARTERS):
            _store(platform, teams_of(MIXED, asked, n_teams, 10 + number), asked, quarter)
        english = language("en")

        def whole() -> object:
            return released_organisation(platform, OPERATOR, QUARTERS[1])

        def as_json() -> object:
            released = released_organisation(platform, OPERATOR, QUARTERS[1])
            return json.dumps(to_json(released, english, organisation_series(platform, OPERATOR)))

        def as_html() -> object:
            released = released_organisation(platform, OPERATOR, QUARTERS[1])
            series = organisation_series(platform, OPERATOR)
            return render(organisation_document(released, english, date(2026, 10, 1), series))

        works: dict[str, Callable[[], object]] = {
            "organisation released": whole,
            "all reports of the quarter released": lambda: released_quarter(platform, OPERATOR, QUARTERS[1]),
            "organisation report as JSON": as_json,
            "organisation report as HTML": as_html,
        }
        times = in_turns({name: (lambda work=work: seconds_of_one_core(work)) for name, work in works.items()}, rounds)
    for name, spent in times.items():
        allowed = DOCUMENT if "report as" in name else SECONDS
        yield _result(f"{database}, {n_teams} teams: {name}", min(spent), quick, allowed)


def _store(platform: Platform, teams: list[Team], asked: Questionnaire, quarter: str) -> None:
    """Store a closed campaign as closing leaves it."""
    focus = json.dumps(list(asked.aspects)[:2])
    with platform.transaction() as session:
        campaign = campaigns.add(
            session,
            Campaign(quarter=quarter, state="closed", source="answered", reporting_size=5, timezone="UTC",
                     closes_at=platform.clock() - timedelta(days=100 if quarter == QUARTERS[0] else 1),
                     language="en", instruments=asked.canonical(), fingerprint=asked.fingerprint, focus=focus,
                     n_unreadable=0),
        )  # fmt: skip
        n_invited = sum(team.n_invited for team in teams)
        top = Node(campaign_id=campaign.id, kind="organisation", name="Benchmark", n_invited=n_invited)
        nodes = [campaigns.add_node(session, top)]
        departments = {row.name: row.id for row in organisation.departments(session)}
        known = {row.name: row.id for row in organisation.teams(session)}
        below: dict[str, Node] = {}
        counted, n_answered = {}, {}
        for team in teams:
            name = team.department
            if name not in below:
                department = departments.get(name) or organisation.add_department(session, name).id
                departments[name] = department
                invited = sum(other.n_invited for other in teams if other.department == name)
                below[name] = campaigns.add_node(session, Node(campaign_id=campaign.id, kind="department", name=name,
                                                               parent_id=top.id, department_id=department,
                                                               n_invited=invited))  # fmt: skip
                nodes.append(below[name])
            ours = known.get(team.name)
            if ours is None:
                ours = organisation.add_team(session, name=team.name, department_id=departments[name]).id
            node = campaigns.add_node(session, Node(campaign_id=campaign.id, kind="team", parent_id=below[name].id,
                                                    team_id=ours, name=team.name, way="cards",
                                                    n_invited=team.n_invited))  # fmt: skip
            nodes.append(node)
            counted[node.id], n_answered[node.id] = team.counted, team.n_answered
        keep_counted(session, campaign, nodes, counted, n_answered)
