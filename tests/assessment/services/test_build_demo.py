from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from assessment.config import Settings
from assessment.domain.campaign import Participation
from assessment.domain.ready_rule import check
from assessment.services.actor import Actor
from assessment.services.build_demo import Demo, build_demo
from assessment.services.build_report import list_reports, released_organisation, released_team
from assessment.services.campaigns import CampaignView, list_campaigns
from assessment.services.coaches import sign_in
from assessment.services.demo import following
from assessment.services.demo.people import rosters
from assessment.services.demo.teams import Story, chosen, sample
from assessment.services.follow_up import follow_up
from assessment.services.list_health import list_health
from assessment.services.organisation import get_organisation
from assessment.services.organisation_follow_up import organisation_follow_up
from assessment.services.platform import Platform, connect
from assessment.services.submit_ballot import submit_ballot
from questionnaires.loader import questionnaire
from reports.canonical import measured_hash
from reports.follow_up import AgreedState
from reports.health import is_lopsided
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


def test_teams_follow_up_over_three_quarters(whole: tuple[Platform, Demo]) -> None:
    platform, demo = whole
    told = follow_up(platform, OPERATOR, demo.team_id)
    latest = demo.closed_quarters[-1]
    assert [(one.change, one.state.value) for one in told.before(latest)] == [
        ("C15", "done"),
        ("C16", "done"),
        ("C04", "dropped"),
    ]
    assert {one.change for one in told.in_flight()} == {"C18", "C04"}
    assert told.next_focus == ("inquiry", "novelty")
    assert all(one.ended_on is None or one.agreed_on < one.ended_on <= told.as_of for one in told.agreed)
    assert all(one.due > one.agreed_on for one in told.agreed)
    open_one = next(view for view in list_campaigns(platform, OPERATOR) if view.quarter == demo.open_quarter)
    assert next(node.focus for node in open_one.teams if node.name == demo.team) == ("inquiry", "novelty")
    whole_story = organisation_follow_up(platform, OPERATOR)
    states = {state for counts in whole_story.agreed.values() for state in counts}
    assert states == set(AgreedState)
    assert [(one.change, one.state.value) for one in whole_story.own.agreed] == [("C01", "done"), ("C03", "agreed")]


def test_focus_aspects_moved_in_some_teams_and_cannot_be_told_in_others(whole: tuple[Platform, Demo]) -> None:
    platform, _ = whole
    organisation = get_organisation(platform)
    assert organisation is not None
    found = {}
    for team in organisation.teams:
        if any(one.state is AgreedState.DONE for one in follow_up(platform, OPERATOR, team.id).agreed):
            released = released_team(platform, OPERATOR, team.id)
            figures = [released.aspects[aspect] for aspect in released.focus]
            found[team.name] = {f.change.status for f in figures if isinstance(f, ReleasedAspect)}
    assert sum(Status.CHANGED in statuses for statuses in found.values()) >= 2
    assert sum(statuses == {Status.NOT_DISTINGUISHABLE} for statuses in found.values()) >= 1


def test_most_teams_count_their_health_over_all_quarters(whole: tuple[Platform, Demo]) -> None:
    platform, demo = whole
    organisation = get_organisation(platform)
    assert organisation is not None
    quarters = {team.name: list_health(platform, OPERATOR, team.id) for team in organisation.teams}
    counted = {name: found for name, found in quarters.items() if found}
    assert len(organisation.teams) / 2 < len(counted) < len(organisation.teams)
    assert all([one.quarter for one in found][-1] == demo.open_quarter for found in counted.values())
    assert {len(found) for found in counted.values()} == {5}
    toil = {name: found[-1].facts["toil"] - found[0].facts["toil"] for name, found in counted.items()}
    assert min(toil.values()) < -0.1
    assert max(toil.values()) > 0.1
    lopsided = [name for name, found in counted.items() if found[-1].page_shares and is_lopsided(found[-1].page_shares)]
    assert lopsided == ["Search & Discovery"]


def test_what_teams_agree_is_told_in_both_languages_and_ready() -> None:
    story = yaml.safe_load((Path(following.__file__).with_name("follow_up.yaml")).read_text(encoding="utf-8"))
    steps = [*story["organisation"], *(step for team in story["teams"].values() for step in team.get("steps", []))]
    for step in steps:
        texts = {"role": story["roles"][step["role"]], "sign": step["sign"], "evidence": step.get("evidence")}
        for field, text in texts.items():
            assert text is None or set(text) == {"en", "de"}
            assert not [words for words in (text or {}).values() if check(words, field)]
    assert {*story["teams"], *story["health"]} <= {team.name for team in sample().teams}
