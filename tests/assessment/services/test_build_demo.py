from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assessment.config import Settings
from assessment.domain.campaign import Participation
from assessment.services.actor import Actor
from assessment.services.build_demo import Demo, build_demo
from assessment.services.build_report import list_reports, released_organisation, released_team
from assessment.services.campaigns import CampaignView, list_campaigns
from assessment.services.coaches import sign_in
from assessment.services.demo.people import rosters
from assessment.services.demo.teams import Story, chosen, sample
from assessment.services.organisation import get_organisation
from assessment.services.platform import Platform, connect
from assessment.services.submit_ballot import submit_ballot
from questionnaires.loader import questionnaire
from reports.canonical import measured_hash
from reports.released import Agreement, ReleasedAspect, ReleasedRole, RoleVerdict, Status
from tests.conftest import Clock, Databases

OPERATOR = Actor.operator()
FEW = ("Payouts", "Datenbanken & Speicher", "Streaming")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[tuple[Platform, Demo]]:
    """The whole sample organisation, built once."""
    folder = tmp_path_factory.mktemp("demo")
    with databases.sqlite(folder) as url:
        environ = {"DATABASE_URL": url, "ASSESSMENT_KEY_DIRECTORY": str(tmp_path_factory.mktemp("keys"))}
        settings = Settings.load(folder, environ)
        platform = connect(settings, Clock(datetime(2026, 11, 21, 12, 0, tzinfo=UTC)))
        yield platform, build_demo(platform)
        platform.database.dispose()


def closed(platform: Platform) -> list[CampaignView]:
    return [view for view in list_campaigns(platform, OPERATOR) if view.state == "closed"]


def team_of(story: Story) -> str:
    return next(team.name for team in sample().teams if team.story is story)


def test_it_has_25_teams_in_5_departments(whole: tuple[Platform, Demo]) -> None:
    organisation = get_organisation(whole[0])
    assert organisation is not None
    assert [len(department.teams) for department in organisation.departments] == [5] * 5
    sizes = [team.n_members for team in organisation.teams]
    assert (min(sizes), max(sizes)) == (4, 14)
    assert sum(len(team.name) > 40 for team in organisation.teams) >= 3


def test_it_has_four_closed_quarters_and_the_present_one_open(whole: tuple[Platform, Demo]) -> None:
    platform, demo = whole
    assert demo.closed_quarters == ("2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")
    assert [view.quarter for view in closed(platform)][::-1] == [*demo.closed_quarters]
    (open_one,) = [view for view in list_campaigns(platform, OPERATOR) if view.state == "open"]
    assert open_one.quarter == demo.open_quarter == "2026-Q4"
    bands = {node.participation for node in open_one.teams if (node.n_invited or 0) >= 8}
    assert bands <= set(Participation)
    assert None not in bands


def test_response_rates_are_between_55_and_100_percent(whole: tuple[Platform, Demo]) -> None:
    for view in closed(whole[0]):
        rates = [(node.n_answered or 0) / (node.n_invited or 1) for node in view.teams]
        assert min(rates) >= 0.55
        assert max(rates) == 1


def test_one_team_is_withheld_in_every_quarter(whole: tuple[Platform, Demo]) -> None:
    withheld = {row.name for row in list_reports(whole[0], OPERATOR) if row.is_withheld}
    assert withheld == {team_of(Story.TINY)}


def test_one_team_is_unanimous_and_one_is_split(whole: tuple[Platform, Demo]) -> None:
    platform, _ = whole
    teams = {released.name: released for released in released_organisation(platform, OPERATOR).teams}
    unanimous = list(teams[team_of(Story.UNANIMOUS)].aspects.values())
    assert all(isinstance(aspect, ReleasedAspect) and aspect.agreement is Agreement.SHARED for aspect in unanimous)
    split = list(teams[team_of(Story.SPLIT)].aspects.values())
    n_split = sum(isinstance(aspect, ReleasedAspect) and aspect.agreement is Agreement.SPLIT for aspect in split)
    assert n_split >= 4


def test_one_team_is_all_new_in_the_latest_closed_quarter(whole: tuple[Platform, Demo]) -> None:
    latest = closed(whole[0])[0]
    all_new = [node.name for node in latest.teams if node.n_joined == node.n_invited]
    assert all_new == [team_of(Story.ALL_NEW)]


def test_a_few_teams_rise_and_one_falls(whole: tuple[Platform, Demo]) -> None:
    platform, demo = whole
    organisation = get_organisation(platform)
    assert organisation is not None
    ids = {team.name: team.id for team in organisation.teams}
    for team in sample().teams:
        if team.story not in {Story.RISES, Story.FALLS}:
            continue
        first = released_team(platform, OPERATOR, ids[team.name], demo.closed_quarters[0])
        last = released_team(platform, OPERATOR, ids[team.name], demo.closed_quarters[-1])
        for part in team.moves:
            if part not in first.aspects:
                continue
            before, after = first.aspects[part], last.aspects[part]
            assert isinstance(before, ReleasedAspect)
            assert isinstance(after, ReleasedAspect)
            assert after.mean > before.mean if team.story is Story.RISES else after.mean < before.mean


def test_the_latest_quarters_ask_for_the_role_and_some_roles_differ(whole: tuple[Platform, Demo]) -> None:
    platform, demo = whole
    asking = {view.quarter for view in list_campaigns(platform, OPERATOR) if view.questionnaire.role is not None}
    assert asking == {demo.closed_quarters[-1], demo.open_quarter}
    compared = released_organisation(platform, OPERATOR).roles
    assert {comparison.verdict for comparison in compared.values()} == {
        RoleVerdict.DIFFERENT,
        RoleVerdict.NOT_DISTINGUISHABLE,
    }
    assert all(isinstance(role, ReleasedRole) for one in compared.values() for role in one.roles.values())


def test_the_report_that_is_shown_has_a_change_that_is_more_than_chance(whole: tuple[Platform, Demo]) -> None:
    platform, demo = whole
    messengers = released_team(platform, OPERATOR, demo.team_id).aspects["messengers"]
    assert isinstance(messengers, ReleasedAspect)
    assert (messengers.change.status, messengers.change.direction) == (Status.CHANGED, 1)


def test_most_teams_move_by_chance_only(whole: tuple[Platform, Demo]) -> None:
    steady = {team.name for team in sample().teams if team.story is Story.STEADY}
    found = [
        figure.change.status
        for team in released_organisation(whole[0], OPERATOR).teams
        for figure in team.aspects.values()
        if team.name in steady and isinstance(figure, ReleasedAspect)
    ]
    assert found.count(Status.CHANGED) <= 0.1 * (found.count(Status.CHANGED) + found.count(Status.NOT_DISTINGUISHABLE))


def test_no_small_change_comes_first_for_more_than_a_third_of_the_teams(whole: tuple[Platform, Demo]) -> None:
    teams = released_organisation(whole[0], OPERATOR).teams
    first = [team.suggestions.changes[0].change for team in teams if team.suggestions.changes]
    most = max(first.count(change) for change in set(first))
    assert most <= len(teams) / 3, sorted(first)


def test_the_coach_signs_in_and_the_cards_answer(whole: tuple[Platform, Demo]) -> None:
    platform, demo = whole
    coach = sign_in(platform, demo.coach_email, demo.coach_password, "127.0.0.1")
    assert coach.sees_all
    asked = questionnaire()
    receipt = submit_ballot(platform, door_key=demo.cards[-1].code, answers={asked.questions[0].key: 5})
    assert receipt.closes_at > platform.clock()
    assert demo.cards[0].url.startswith(platform.settings.base_url)


def hashes(platform: Platform) -> list[str]:
    rows = [row for row in list_reports(platform, OPERATOR) if row.team_id is not None]
    return [measured_hash(released_team(platform, OPERATOR, row.team_id or 0, row.quarter)) for row in rows]


def test_the_same_seed_and_quarter_give_the_same_histograms(
    platform: Platform, clock: Clock, databases: Databases, tmp_path: Path
) -> None:
    build_demo(platform, n_closed=2, teams=FEW)
    (tmp_path / "second").mkdir()
    found = []
    for seed in (1, 2):
        (tmp_path / f"seed{seed}").mkdir()
        with databases.sqlite(tmp_path / f"seed{seed}") as url:
            settings = replace(platform.settings, database_url=url, key_directory=tmp_path / f"keys{seed}")
            # Two days later in the same quarter.
            other = connect(settings, Clock(clock.now.replace(day=3)))
            build_demo(other, n_closed=2, teams=FEW, seed=seed)
            found.append(hashes(other))
            other.database.dispose()
    assert found[0] == hashes(platform)
    assert found[1] != found[0]


def test_it_fills_an_empty_installation_only(platform: Platform, cast: object) -> None:
    with pytest.raises(ValueError, match="already"):
        build_demo(platform)


def test_progress_names_every_quarter(platform: Platform) -> None:
    told: list[tuple[int, int, str]] = []
    build_demo(platform, n_closed=1, teams=["Payouts"], progress=lambda *now: told.append(now))
    assert told == [(0, 2, "2026-Q2"), (1, 2, "2026-Q3"), (2, 2, "")]


def test_people_have_names_and_addresses_of_their_own() -> None:
    quarters = rosters(sample().teams, 5, seed=1)
    everyone = {person for quarter in quarters for team in quarter.values() for person in team}
    assert len({person.email for person in everyone}) == len({person.name for person in everyone}) == len(everyone)
    assert all(person.email.isascii() for person in everyone)


def test_a_team_that_is_not_in_the_sample_is_refused() -> None:
    with pytest.raises(KeyError, match="Draco"):
        chosen(["Draco"])
