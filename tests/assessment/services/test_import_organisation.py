from __future__ import annotations

from typing import Any

import pytest

from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import NotSetUp
from assessment.services.actor import Actor
from assessment.services.import_organisation import (
    Moved,
    NotForEveryTeam,
    OrganisationImport,
    Person,
    import_organisation,
)
from assessment.services.organisation import get_organisation, set_up
from assessment.services.platform import Platform
from assessment.storage import campaigns, organisation
from tests import builders

OPERATOR = Actor.operator()
HEADER = "department,team,name,e-mail\n"
PEOPLE = HEADER + (
    "Infrastructure,Atlas,Grace,grace@example.org\n"
    "Infrastructure,Atlas,Linus,\n"
    "Products,Cygnus,Margaret,margaret@example.org\n"
)


@pytest.fixture
def acme(platform: Platform) -> Platform:
    set_up(platform, name="Acme", language="en", timezone="UTC")
    return platform


@pytest.fixture
def filled(acme: Platform) -> Platform:
    assert run(acme, PEOPLE).is_stored
    return acme


def run(platform: Platform, text: str, **options: Any) -> OrganisationImport:
    return import_organisation(platform, text.encode(), actor=OPERATOR, **options)


def people(platform: Platform) -> set[tuple[str, str, str | None]]:
    with platform.reading() as session:
        teams = {team.id: team.name for team in organisation.teams(session)}
        return {(teams[member.team_id], member.name, member.email) for member in organisation.members(session)}


FILLED = {
    ("Atlas", "Grace", "grace@example.org"),
    ("Atlas", "Linus", None),
    ("Cygnus", "Margaret", "margaret@example.org"),
}


def test_it_adds_departments_teams_and_people(acme: Platform):
    done = run(acme, PEOPLE)
    assert (done.is_stored, done.n_people, done.n_unchanged, done.problems) == (True, 3, 0, ())
    assert done.added_departments == ["Infrastructure", "Products"]
    assert done.added_teams == ["Atlas", "Cygnus"]
    assert people(acme) == FILLED


def test_a_dry_run_says_the_same_and_stores_nothing(acme: Platform):
    would = run(acme, PEOPLE, dry_run=True)
    assert not would.is_stored
    assert people(acme) == set()
    assert get_organisation(acme).departments == ()  # type: ignore[union-attr]
    done = run(acme, PEOPLE)
    done.is_stored = False
    assert done == would


def test_columns_come_in_any_order_language_and_encoding(acme: Platform):
    text = "E-Mail-Adresse;Mitarbeiter;Abteilung\u00a0;TEAM\nJÜRGEN@example.org;Jürgen;Größe;Atlas\n"
    done = import_organisation(acme, text.encode("cp1252"), actor=OPERATOR)
    assert done.added_people == [Person("Jürgen", "jürgen@example.org", "Atlas")]


@pytest.mark.parametrize(
    ("lines", "problems"),
    [
        ("North,,Ada,\n", [(2, "team")]),
        (",Atlas,Ada,\n", [(2, "department")]),
        ("North,Atlas,,ada@example.org\n", [(2, "name")]),
        ("North,Atlas,Ada,ada at example.org\n", [(2, "e-mail")]),
        ("North,Atlas,Ada,ada@example\n", [(2, "e-mail")]),
        ("North,Atlas,Ada,a@example.org\nNorth,Atlas,Ada,A@example.org\n", [(3, "e-mail")]),
        ("North,Atlas,Ada,a@example.org\nNorth,Cygnus,Ada,a@example.org\n", [(3, "e-mail")]),
        ("North,Atlas,Ada,\nNorth,Atlas,ada,\n", [(3, "name")]),
        ("North,Atlas,Ada,\nSouth,Atlas,Bruno,\n", [(3, "department")]),
        ("North,Atlas,Ada,\nNorth,ATLAS,Bruno,\n", [(3, "team")]),
        ("North,Atlas,Ada,\nnorth,Cygnus,Bruno,\n", [(3, "department")]),
        ("North,Atlas,Ada,,surplus\n", [(2, "file")]),
        (f"North,Atlas,{'A' * 201},\n", [(2, "name")]),
        (',Atlas,"Ada\nLovelace",nothing\n\nNorth,,Bruno,\n', [(2, "department"), (2, "e-mail"), (5, "team")]),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_problem_is_named_by_line_and_nothing_is_stored(
    acme: Platform, lines: str, problems: list[tuple[int, str]]
):
    done = run(acme, HEADER + lines)
    assert [(problem.line, problem.field) for problem in done.problems] == problems
    assert all(problem.message for problem in done.problems)
    assert not done.is_stored
    assert people(acme) == set()


@pytest.mark.parametrize(
    ("header", "complaint"), [("team,name\n", "department"), ("department,team,name,Team \n", "both say this")]
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_table_without_its_columns_is_refused(acme: Platform, header: str, complaint: str):
    with pytest.raises(Invalid, match=complaint):
        run(acme, header)


def test_importing_again_changes_nothing(filled: Platform):
    again = run(filled, PEOPLE)
    assert (again.n_unchanged, again.added_people, again.missing_people) == (3, [], [])
    assert people(filled) == FILLED


def test_people_move_with_their_address(filled: Platform):
    done = run(filled, PEOPLE.replace("Infrastructure,Atlas,Grace", "Products,Cygnus,Grace Hopper"))
    assert done.moved_people == [Moved("Grace Hopper", "Atlas", "Cygnus")]
    assert [change.before for change in done.changed_people] == ["Grace grace@example.org"]
    assert ("Cygnus", "Grace Hopper", "grace@example.org") in people(filled)
    assert done.missing_people == []


def test_an_address_is_added_to_the_same_name_in_the_same_team(filled: Platform):
    done = run(filled, PEOPLE.replace("Linus,", "Linus,linus@example.org"))
    assert done.added_people == done.missing_people == []
    assert ("Atlas", "Linus", "linus@example.org") in people(filled)


def test_the_same_name_with_another_address_is_somebody_else(filled: Platform):
    done = run(filled, PEOPLE + "Infrastructure,Atlas,Grace,other@example.org\n")
    assert done.added_people == [Person("Grace", "other@example.org", "Atlas")]


def test_a_team_moves_to_another_department(filled: Platform):
    done = run(filled, PEOPLE.replace("Infrastructure", "Foundations"))
    assert done.moved_teams == [Moved("Atlas", "Infrastructure", "Foundations")]
    home = get_organisation(filled)
    assert home is not None
    assert {part.name: [team.name for team in part.teams] for part in home.departments}["Foundations"] == ["Atlas"]


def test_who_is_missing_is_named_and_removed_only_when_asked(filled: Platform):
    fewer = HEADER + "Infrastructure,Atlas,Grace,grace@example.org\n"
    named = run(filled, fewer)
    assert named.missing_people == [
        Person("Linus", None, "Atlas"),
        Person("Margaret", "margaret@example.org", "Cygnus"),
    ]
    assert (named.n_removed, people(filled)) == (0, FILLED)
    assert run(filled, fewer, remove_missing=True).n_removed == 2
    assert people(filled) == {("Atlas", "Grace", "grace@example.org")}


def test_an_open_campaign_keeps_its_roster(platform: Platform, cast: Any):
    campaign = builders.opened(platform, cast, teams=["Cygnus"])

    def roster() -> list[str]:
        with platform.reading() as session:
            return [row.name for row in campaigns.roster(session, campaign.node("Cygnus"))]

    before = roster()
    run(platform, HEADER + "Elsewhere,Cygnus,Somebody New,\n", remove_missing=True)
    assert roster() == before != []


def test_only_who_sees_all_teams_may_import(platform: Platform, cast: Any):
    for actor in (cast.ada, cast.bruno):
        with pytest.raises(NotForEveryTeam):
            import_organisation(platform, PEOPLE.encode(), actor=actor, dry_run=True)
    assert import_organisation(platform, PEOPLE.encode(), actor=cast.hedy, dry_run=True).problems == ()


def test_before_set_up_there_is_nothing_to_import_into(platform: Platform):
    with pytest.raises(NotSetUp):
        run(platform, PEOPLE)
