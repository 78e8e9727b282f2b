"""Drafts can change; opening freezes."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from assessment.domain.campaign import State
from assessment.domain.error_kinds import AssessmentError, Invalid
from assessment.domain.errors import (
    EmptyTeam,
    Frozen,
    NoKeyDirectory,
    NotADraft,
    NoTeams,
    NotSetUp,
    OtherTeams,
    QuarterTaken,
    UnknownCampaign,
    UnknownTeam,
)
from assessment.services.actor import Actor
from assessment.services.audit import list_audit
from assessment.services.campaigns import get_campaign, list_campaigns
from assessment.services.draft_campaign import delete_draft, draft_campaign, update_draft
from assessment.services.open_campaign import open_campaign
from assessment.services.platform import Platform
from assessment.services.void_campaign import void_campaign
from assessment.storage import campaigns, key_files, organisation
from tests import builders
from tests.builders import Cast
from tests.conftest import Clock


def test_a_draft_shows_what_opening_will_freeze(platform: Platform, cast: Cast):
    view = get_campaign(platform, cast.ada, builders.draft(platform, cast, teams=["Atlas", "Cygnus"]))
    assert view.state is State.DRAFT
    assert view.freezing is not None
    assert [(team.name, team.n_invited, team.is_small) for team in view.freezing.teams] == [
        ("Atlas", 12, False),
        ("Cygnus", 5, False),
    ]
    assert view.freezing.obstacles == ()
    assert (view.instruments, view.reporting_size, view.detail_size) == (("westrum", "blameless"), 5, 8)


def test_an_open_link_makes_small_teams_of_more(platform: Platform, cast: Cast):
    view = get_campaign(platform, cast.hedy, builders.draft(platform, cast, way="open_link"))
    assert {node.name: node.is_small for node in view.teams} == {"Atlas": False, "Borealis": True, "Cygnus": True}


@pytest.mark.parametrize(
    "values",
    [
        {"quarter": "autumn"},
        {"reporting_size": 4},
        {"focus": ["kindness"]},
        {"focus": ["novelty", "inquiry", "bridging"]},
        {"language": "fr"},
        {"timezone": "Berlin"},
        {"instruments": []},
        {"instruments": ["nonsense"]},
        {"instruments": ["westrum", "westrum-short"]},
        {"way": "pigeon"},
        {"way": "imported"},
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_values_that_cannot_be_are_refused(platform: Platform, cast: Cast, values: dict[str, Any]):
    with pytest.raises(Invalid):
        builders.draft(platform, cast, **values)
    assert list_campaigns(platform, cast.operator) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_closing_time_is_aware_and_ahead(platform: Platform, cast: Cast, clock: Clock):
    for moment in (clock.now - timedelta(1), (clock.now + timedelta(1)).replace(tzinfo=None)):
        with pytest.raises(Invalid, match="closing time"):
            builders.draft(platform, cast, closes_at=moment)


def test_a_coach_drafts_for_their_own_teams(platform: Platform, cast: Cast, clock: Clock):
    closes_at = clock.now + timedelta(days=7)
    mine = [cast.teams["Atlas"], cast.teams["Cygnus"]]
    assert draft_campaign(platform, cast.ada, quarter="2026-Q3", teams=mine, closes_at=closes_at)
    for teams in ([cast.teams["Borealis"]], [999]):
        with pytest.raises(UnknownTeam):
            draft_campaign(platform, cast.ada, quarter="2026-Q3", teams=teams, closes_at=closes_at)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_can_be_drafted_before_set_up(platform: Platform, clock: Clock):
    with pytest.raises(NotSetUp):
        draft_campaign(platform, Actor.operator(), quarter="2026-Q3", teams=[], closes_at=clock.now + timedelta(1))


def test_a_draft_can_change_and_go(platform: Platform, cast: Cast):
    campaign_id = builders.draft(platform, cast)
    update_draft(
        platform,
        cast.operator,
        campaign_id,
        teams=[cast.teams["Atlas"]],
        reporting_size=6,
        focus=["novelty"],
        way="open_link",
        instruments=["westrum-short"],
    )
    view = get_campaign(platform, cast.operator, campaign_id)
    assert [(node.name, node.way) for node in view.nodes] == [("Atlas", "open_link")]
    assert (view.reporting_size, view.focus, view.instruments) == (6, ("novelty",), ("westrum-short",))
    assert view.quarter == "2026-Q3"
    delete_draft(platform, cast.operator, campaign_id)
    with pytest.raises(UnknownCampaign):
        get_campaign(platform, cast.operator, campaign_id)


def test_opening_freezes_people_sizes_and_makes_keys(platform: Platform, cast: Cast):
    view = builders.opened(platform, cast).view
    nodes = {node.name: node for node in view.nodes}
    assert view.state is State.OPEN
    assert {name: node.n_invited for name, node in nodes.items()} == {
        "Northwind": 21,
        "Infrastructure": 16,
        "Products": 5,
        "Atlas": 12,
        "Borealis": 4,
        "Cygnus": 5,
    }
    assert nodes["Atlas"].parent == nodes["Infrastructure"].id
    assert nodes["Infrastructure"].parent == nodes["Northwind"].id
    assert len({node.reading_key for node in view.teams}) == 3
    assert all(node.link_url is None for node in view.nodes)
    with platform.reading() as session:
        campaign = campaigns.get(session, view.id)
        assert campaign is not None
        assert campaign.public_key is not None
        path = key_files.path_of(platform.settings.key_directory, view.id, campaign.public_key)
        assert path.stat().st_mode & 0o777 == 0o600
        assert len(campaigns.roster(session, nodes["Atlas"].id)) == 12


def test_members_who_come_later_are_not_of_this_campaign(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast)
    with platform.transaction() as session:
        organisation.add_member(session, cast.teams["Borealis"], "Late Person")
    node = next(node for node in get_campaign(platform, cast.operator, campaign.id).nodes if node.name == "Borealis")
    assert node.n_invited == 4
    with platform.reading() as session:
        assert "Late Person" not in {person.name for person in campaigns.roster(session, node.id)}


def test_what_is_frozen_cannot_change_and_the_attempt_is_noted(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast)
    with pytest.raises(Frozen, match="reporting_size"):
        update_draft(platform, cast.operator, campaign.id, reporting_size=7)
    with pytest.raises(Frozen):
        delete_draft(platform, cast.operator, campaign.id)
    with pytest.raises(NotADraft, match="open"):
        open_campaign(platform, cast.operator, campaign.id)
    assert get_campaign(platform, cast.operator, campaign.id).reporting_size == 5
    lines = list_audit(platform, cast.operator)
    refused = [f"refused: {asked}" for asked in ("open campaign", "delete draft", "change draft")]
    assert [line.action for line in lines[:3]] == refused
    assert lines[2].detail.startswith("Frozen: reporting_size was frozen")


def test_a_campaign_without_people_is_not_opened(platform: Platform, cast: Cast):
    nobody = builders.draft(platform, cast, teams=[])
    with pytest.raises(NoTeams):
        open_campaign(platform, cast.operator, nobody)
    with platform.transaction() as session:
        for member in organisation.members(session, cast.teams["Borealis"]):
            organisation.remove_member(session, member.id)
    empty = builders.draft(platform, cast)
    with pytest.raises(EmptyTeam, match="Borealis"):
        open_campaign(platform, cast.operator, empty)
    assert get_campaign(platform, cast.operator, empty).state is State.DRAFT
    assert not list(platform.settings.key_directory.glob("*"))


def test_a_closing_time_that_has_passed_since_is_refused(platform: Platform, cast: Cast, clock: Clock):
    campaign_id = builders.draft(platform, cast)
    clock.move(days=15)
    with pytest.raises(Invalid, match="future"):
        open_campaign(platform, cast.operator, campaign_id)


def test_a_team_answers_once_a_quarter(platform: Platform, cast: Cast, clock: Clock):
    first, second = builders.draft(platform, cast), builders.draft(platform, cast, teams=["Atlas"])
    open_campaign(platform, cast.operator, first)
    with pytest.raises(QuarterTaken, match="Atlas"):
        open_campaign(platform, cast.operator, second)
    void_campaign(platform, cast.operator, first)
    assert open_campaign(platform, cast.operator, second).state is State.OPEN


def test_two_openings_at_the_same_moment_take_a_quarter_once(platform: Platform, cast: Cast):
    drafts = [builders.draft(platform, cast, teams=["Atlas"]) for _ in range(4)]
    results: list[object] = []

    def try_opening(campaign_id: int) -> None:
        try:
            results.append(open_campaign(platform, cast.operator, campaign_id).state)
        except AssessmentError as error:
            results.append(type(error))

    threads = [threading.Thread(target=try_opening, args=(campaign_id,)) for campaign_id in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == sorted(map(str, [State.OPEN] + [QuarterTaken] * 3))
    assert len(list(platform.settings.key_directory.glob("*.key"))) == 1


def test_joined_and_left_are_counted_against_the_campaign_before(platform: Platform, cast: Cast, clock: Clock):
    first, _ = builders.closed(platform, clock, cast)
    assert {node.n_joined for node in first.view.teams} == {None}
    with platform.transaction() as session:
        old = organisation.members(session, cast.teams["Atlas"])
        organisation.remove_member(session, old[0].id)
        for name in ("New One", "New Two"):
            organisation.add_member(session, cast.teams["Atlas"], name)
    second = builders.opened(platform, cast, quarter="2026-Q4")
    nodes = {node.name: node for node in second.view.teams}
    assert (nodes["Atlas"].n_joined, nodes["Atlas"].n_left) == (2, 1)
    assert (nodes["Cygnus"].n_joined, nodes["Cygnus"].n_left) == (0, 0)
    with platform.reading() as session:
        assert campaigns.roster(session, first.node("Atlas")) == []
        assert len(campaigns.roster(session, second.node("Atlas"))) == 13


def test_a_person_who_comes_after_somebody_left_is_new(platform: Platform, cast: Cast, clock: Clock):
    builders.closed(platform, clock, cast)
    with platform.transaction() as session:
        last = max(organisation.members(session), key=lambda member: member.id)
        team = last.team_id
        organisation.remove_member(session, last.id)
        organisation.add_member(session, team, "Successor")
    second = builders.opened(platform, cast, quarter="2026-Q4")
    changed = next(node for node in second.view.teams if node.team_id == team)
    assert (changed.n_joined, changed.n_left) == (1, 1)


def test_a_campaign_before_that_still_runs_keeps_showing_its_roster(platform: Platform, cast: Cast):
    first = builders.opened(platform, cast)
    second = builders.opened(platform, cast, quarter="2026-Q4")
    assert {node.n_joined for node in second.view.teams} == {0}
    with platform.reading() as session:
        assert len(campaigns.roster(session, first.node("Atlas"))) == 12


def test_not_yours_reads_like_not_there(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast)
    assert list_campaigns(platform, cast.bruno) == []
    for campaign_id in (campaign.id, 999):
        with pytest.raises(UnknownCampaign, match=str(campaign_id)):
            get_campaign(platform, cast.bruno, campaign_id)
    with pytest.raises(UnknownCampaign):
        void_campaign(platform, cast.bruno, campaign.id)


def test_a_coach_of_some_teams_sees_those_and_decides_nothing_for_the_others(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast)
    assert [node.name for node in get_campaign(platform, cast.ada, campaign.id).nodes] == ["Atlas", "Cygnus"]
    assert [view.id for view in list_campaigns(platform, cast.ada)] == [campaign.id]
    with pytest.raises(OtherTeams):
        void_campaign(platform, cast.ada, campaign.id)
    assert get_campaign(platform, cast.hedy, campaign.id).state is State.OPEN


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_campaign_keeps_its_copy_of_the_instruments(platform: Platform, cast: Cast):
    view = builders.opened(platform, cast).view
    with platform.reading() as session:
        campaign = campaigns.get(session, view.id)
        assert campaign is not None
        assert campaign.instruments == view.questionnaire.canonical()
        assert campaign.fingerprint == view.questionnaire.fingerprint == view.fingerprint


def test_without_a_place_for_the_key_nothing_is_opened(platform: Platform, cast: Cast):
    campaign = builders.draft(platform, cast)
    platform.settings.key_directory.touch()
    with pytest.raises(NoKeyDirectory, match="File exists"):
        open_campaign(platform, cast.operator, campaign)
    assert get_campaign(platform, cast.operator, campaign).state is State.DRAFT
    platform.settings.key_directory.unlink()
    assert open_campaign(platform, cast.operator, campaign).state is State.OPEN
