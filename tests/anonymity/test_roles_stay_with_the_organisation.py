"""Promise: a role says something of the whole organisation, from ten answers in three teams on, and nothing of a part.

Here from the form to the database and the reports; what could be subtracted is in `test_roles_tell_nobody`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from assessment.services.build_report import released_organisation, released_team
from assessment.services.close_campaign import close_campaign
from assessment.services.platform import Platform
from assessment.services.submit_ballot import submit_ballot
from assessment.storage.base import Base
from questionnaires.loader import USUAL, WITH_ROLE
from questionnaires.roles import ROLES
from reports.canonical import to_json
from reports.languages import phrase
from reports.released import Released, ReleasedOrganisation, ReleasedRole, Withheld
from tests import builders
from tests.assessment.web.respond.browsing import read
from tests.conftest import Clock

SIZES = {"Atlas": 14, "Borealis": 12, "Cygnus": 10, "Draco": 10}
BUILDING, RUNNING, DECIDING, LEADING = 1, 2, 3, 4
# As people are spread over teams: every role in several of them, and some who would rather not say.
SPREAD: Mapping[str, Sequence[int | None]] = {
    "Atlas": [BUILDING] * 5 + [RUNNING] * 4 + [LEADING] + [None] * 4,
    "Borealis": [BUILDING] * 4 + [RUNNING] * 3 + [DECIDING] + [None] * 4,
    "Cygnus": [BUILDING] * 3 + [RUNNING] * 3 + [LEADING] + [None] * 3,
    "Draco": [BUILDING] * 3 + [RUNNING] * 3 + [DECIDING] + [None] * 3,
}
ONLY_THERE = phrase(
    "Only the overview of the whole organisation compares roles, from %(n)s answers in %(teams)s teams on: rounded "
    "averages per aspect, and whether they differ beyond chance."
)
NOT_KEPT = phrase(
    "No role is kept of a team or a department, and nothing that leaves fewer than %(n)s people when it is subtracted."
)
RECOGNISED = phrase("If you are the only one of your role there, whoever could read ballots would know which is yours")


@dataclass(frozen=True)
class Closed:
    """What is published of a closed campaign."""

    whole: ReleasedOrganisation
    teams: Mapping[str, Released]


@pytest.fixture
def closed(platform: Platform, clock: Clock) -> Closed:
    """Ask people of four teams for their roles, and close."""
    cast = builders.organisation(platform, sizes=SIZES)
    campaign = builders.opened(platform, cast, teams=[*SIZES], instruments=(*USUAL, WITH_ROLE))
    for team, people in SPREAD.items():
        for person, (code, role) in enumerate(zip(campaign.codes(team), people, strict=True)):
            answers = builders.answers(campaign.questionnaire, (person % 7) / 6)
            del answers["role"]
            submit_ballot(platform, door_key=code, answers=answers | ({} if role is None else {"role": role}))
    clock.set(campaign.view.closes_at)
    close_campaign(platform, campaign.id)
    teams = {team: released_team(platform, cast.operator, cast.teams[team]) for team in SIZES}
    return Closed(released_organisation(platform, cast.operator), teams)


def test_a_role_of_fewer_than_ten_answers_or_three_teams_is_not_shown(closed: Closed) -> None:
    compared = closed.whole.roles["messengers"].roles

    assert {role: isinstance(figure, ReleasedRole) for role, figure in compared.items()} == {
        "building": True,
        "running": True,
        "deciding": False,
        "leading": False,
    }
    assert isinstance(compared["leading"], Withheld)


def test_no_row_and_no_report_of_a_team_or_a_department_says_anything_of_roles(
    platform: Platform, closed: Closed
) -> None:
    kinds, words = set(), []
    with platform.reading() as session:
        node = Base.metadata.tables["node"]
        for table in Base.metadata.sorted_tables:
            for row in session.execute(sa.select(table)).mappings():
                if table.name.startswith("role_"):
                    kinds.add(session.scalar(sa.select(node.c.kind).where(node.c.id == row["node_id"])))
                elif table.name != "campaign":
                    words += [f"{table.name}: {value}" for value in row.values() if str(value).startswith("role")]
    assert kinds == {"organisation"}
    assert words == []
    for part in [*closed.teams.values(), closed.whole.whole, *closed.whole.departments, *closed.whole.teams]:
        told = json.dumps(to_json(part))
        assert not any(f'"{role}"' in told for role in ("role", *ROLES))


def test_who_is_asked_for_the_role_reads_all_this_before_the_first_question(
    platform: Platform, client: FlaskClient
) -> None:
    cast = builders.organisation(platform, sizes=SIZES)
    plain = builders.opened(platform, cast, teams=["Atlas"], quarter="2026-Q2")
    asking = builders.opened(platform, cast, instruments=(*USUAL, WITH_ROLE), teams=[*SIZES])
    sentences = [ONLY_THERE % {"n": 10, "teams": 3}, NOT_KEPT % {"n": 5}, RECOGNISED]

    for campaign, is_asked in ((plain, False), (asking, True)):
        page = client.get(f"/a/{campaign.codes('Atlas')[0]}", headers={"Accept-Language": "en"}).text
        before = read(page.partition("<fieldset")[0]).text
        assert [sentence in before for sentence in sentences] == [is_asked] * 3
