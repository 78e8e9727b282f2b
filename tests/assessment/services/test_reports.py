"""Reports go through disclosure control, to those who may have them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assessment.domain.error_kinds import Invalid, NotFound
from assessment.domain.errors import AmbiguousQuarter, UnknownReadingKey, UnknownReport, UnknownTeam
from assessment.services.build_report import (
    list_reports,
    organisation_series,
    released_by_reading_key,
    released_organisation,
    released_team,
    team_series,
)
from assessment.services.close_campaign import close_campaign
from assessment.services.find_result import find_result
from assessment.services.platform import Platform
from reports.released import Reason, ReleasedAspect, Status, Tier, Withheld
from tests import builders
from tests.builders import Cast
from tests.conftest import Clock

QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3")


def test_a_team_well_above_is_exact_one_at_the_size_coarse_one_below_withheld(
    platform: Platform, cast: Cast, clock: Clock
):
    builders.closed(platform, clock, cast)
    atlas = released_team(platform, cast.ada, cast.teams["Atlas"])
    novelty = atlas.aspects["novelty"]
    assert isinstance(novelty, ReleasedAspect)
    assert (atlas.n_answered, atlas.n_invited, novelty.tier, novelty.n) == (12, 12, Tier.DETAIL, 12)
    assert novelty.mean == pytest.approx(43 / 12)
    cygnus = released_team(platform, cast.ada, cast.teams["Cygnus"]).aspects["novelty"]
    assert isinstance(cygnus, ReleasedAspect)
    assert (cygnus.tier, cygnus.histogram, cygnus.items and set(map(type, cygnus.items.values()))) in [
        (Tier.COARSE, None, {}),
        (Tier.COARSE, None, {Withheld}),
    ]
    borealis = released_team(platform, cast.operator, cast.teams["Borealis"])
    assert borealis.is_withheld
    assert borealis.aspects["novelty"] == Withheld(Reason.TOO_FEW)
    assert (borealis.n_answered, borealis.n_invited) == (4, 4)


def test_an_open_link_reports_from_eight(platform: Platform, cast: Cast, clock: Clock):
    builders.closed(platform, clock, cast, way="open_link", teams=["Atlas", "Cygnus"], answered={"Cygnus": 7})
    assert released_team(platform, cast.ada, cast.teams["Cygnus"]).is_withheld
    assert not released_team(platform, cast.ada, cast.teams["Atlas"]).is_withheld


def test_a_quarter_is_compared_with_the_teams_one_before(platform: Platform, cast: Cast, clock: Clock):
    for number, quarter in enumerate(QUARTERS):
        teams = ["Cygnus"] if quarter == "2026-Q2" else ["Atlas", "Cygnus"]
        builders.closed(
            platform,
            clock,
            cast,
            quarter=quarter,
            teams=teams,
            focus=["novelty"],
            level=lambda _, n=number: 0.2 + 0.3 * n,
        )
    atlas = released_team(platform, cast.ada, cast.teams["Atlas"])
    assert (atlas.quarter, atlas.previous_quarter) == ("2026-Q3", "2026-Q1")
    novelty = atlas.aspects["novelty"]
    assert isinstance(novelty, ReleasedAspect)
    assert (novelty.change.status, novelty.change.direction) == (Status.CHANGED, 1)
    assert (atlas.n_joined, atlas.n_left) == (0, 0)
    assert released_team(platform, cast.ada, cast.teams["Cygnus"]).previous_quarter == "2026-Q2"
    first = released_team(platform, cast.ada, cast.teams["Atlas"], "2026q1").aspects["novelty"]
    assert isinstance(first, ReleasedAspect)
    assert first.change.status is Status.FIRST_QUARTER
    assert [found.quarter for found in team_series(platform, cast.ada, cast.teams["Atlas"]).quarters] == [
        "2026-Q1",
        "2026-Q3",
    ]
    assert [found.quarter for found in organisation_series(platform, cast.hedy).quarters] == list(QUARTERS)


def test_a_report_never_changes(platform: Platform, cast: Cast, clock: Clock):
    builders.closed(platform, clock, cast)
    before = released_team(platform, cast.ada, cast.teams["Atlas"], "2026-Q3")
    builders.closed(platform, clock, cast, quarter="2026-Q4", level=lambda _: 0.9)
    assert released_team(platform, cast.ada, cast.teams["Atlas"], "2026-Q3") == before


def test_there_is_no_report_before_closing(platform: Platform, cast: Cast, clock: Clock):
    campaign = builders.opened(platform, cast)
    builders.answer(platform, campaign, "Atlas")
    assert list_reports(platform, cast.operator) == []
    for quarter in ("latest", "2026-Q3"):
        with pytest.raises(UnknownReport, match="Atlas"):
            released_team(platform, cast.ada, cast.teams["Atlas"], quarter)
        with pytest.raises(UnknownReport):
            released_organisation(platform, cast.hedy, quarter)
    assert team_series(platform, cast.ada, cast.teams["Atlas"]).quarters == ()
    with pytest.raises(Invalid, match="2026-Q3"):
        released_team(platform, cast.ada, cast.teams["Atlas"], "autumn")


def test_a_team_that_is_not_yours_reads_like_none(platform: Platform, cast: Cast, clock: Clock):
    builders.closed(platform, clock, cast)
    for actor, team in ((cast.bruno, cast.teams["Atlas"]), (cast.ada, cast.teams["Borealis"]), (cast.hedy, 999)):
        with pytest.raises(UnknownTeam):
            released_team(platform, actor, team)
        with pytest.raises(UnknownTeam):
            team_series(platform, actor, team)
    for actor in (cast.ada, cast.bruno):
        with pytest.raises(NotFound):
            released_organisation(platform, actor)
        with pytest.raises(NotFound):
            organisation_series(platform, actor)


def test_the_list_names_what_one_may_have(platform: Platform, cast: Cast, clock: Clock):
    builders.closed(platform, clock, cast)
    builders.closed(platform, clock, cast, quarter="2026-Q4", teams=["Atlas"])
    rows = [(row.quarter, row.name, row.is_withheld) for row in list_reports(platform, cast.hedy)]
    assert rows == [
        ("2026-Q4", "Northwind", False),
        ("2026-Q4", "Atlas", False),
        ("2026-Q3", "Northwind", False),
        ("2026-Q3", "Atlas", False),
        ("2026-Q3", "Borealis", True),
        ("2026-Q3", "Cygnus", False),
    ]
    assert {row.name for row in list_reports(platform, cast.ada)} == {"Atlas", "Cygnus"}
    assert list_reports(platform, cast.bruno) == []
    assert list_reports(platform, cast.ada)[0].department == "Infrastructure"


def test_two_campaigns_of_a_quarter_have_a_report_each(platform: Platform, cast: Cast, clock: Clock):
    one = builders.opened(platform, cast, teams=["Atlas"])
    two = builders.opened(platform, cast, teams=["Cygnus"])
    for campaign, team in ((one, "Atlas"), (two, "Cygnus")):
        builders.answer(platform, campaign, team)
    clock.move(days=20)
    for campaign in (one, two):
        close_campaign(platform, campaign.id)
    with pytest.raises(AmbiguousQuarter, match=f"{one.id}, {two.id}"):
        released_organisation(platform, cast.hedy)
    assert released_organisation(platform, cast.hedy, campaign_id=two.id).whole.n_answered == 5
    assert released_organisation(platform, cast.hedy, "2026-Q3", campaign_id=one.id).whole.n_answered == 12
    with pytest.raises(UnknownReport):
        released_organisation(platform, cast.hedy, "2026-Q2", campaign_id=one.id)
    assert len(organisation_series(platform, cast.hedy).quarters) == 1


def test_the_organisation_names_all_its_teams_in_alphabetical_order(platform: Platform, cast: Cast, clock: Clock):
    builders.closed(platform, clock, cast)
    report = released_organisation(platform, cast.hedy)
    assert [team.name for team in report.teams] == ["Atlas", "Borealis", "Cygnus"]
    assert [department.name for department in report.departments] == ["Infrastructure", "Products"]
    assert report.whole.n_answered == 21


def test_a_reading_key_opens_the_teams_result_after_closing(platform: Platform, cast: Cast, clock: Clock):
    campaign = builders.opened(platform, cast)
    key = builders.answer(platform, campaign, "Atlas")[0].reading_key
    with pytest.raises(UnknownReadingKey):
        released_by_reading_key(platform, key)
    before = find_result(platform, key)
    assert (before.team, before.quarter, before.is_there) == ("Atlas", "2026-Q3", False)
    clock.set(campaign.view.closes_at + timedelta(minutes=1))
    close_campaign(platform, campaign.id)
    assert find_result(platform, key).is_there
    assert released_by_reading_key(platform, key) == released_team(platform, cast.ada, cast.teams["Atlas"])
    for wrong in ("", "nonsense", key[:-1]):
        with pytest.raises(UnknownReadingKey):
            released_by_reading_key(platform, wrong)
        with pytest.raises(UnknownReadingKey):
            find_result(platform, wrong)
