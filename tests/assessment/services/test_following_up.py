"""What follows a report reaches the next one: suggestions, focus aspects, counts, and never the measured part."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assessment.domain.error_kinds import Invalid, NotFound
from assessment.domain.errors import UnknownTeam
from assessment.domain.follow_up_errors import FocusFrozen, FocusNotAsked
from assessment.services.agree_focus import agree_focus
from assessment.services.build_report import (
    list_reports,
    organisation_series,
    released_by_reading_key,
    released_organisation,
    released_team,
)
from assessment.services.campaigns import get_campaign
from assessment.services.end_agreement import end_agreement
from assessment.services.follow_up import follow_up
from assessment.services.next_test import next_test
from assessment.services.open_campaign import open_campaign
from assessment.services.organisation_follow_up import organisation_follow_up
from assessment.services.platform import Platform
from assessment.services.record_health import record_health
from assessment.services.release_quarter import released_quarter
from assessment.services.set_in_place import set_in_place
from assessment.services.void_campaign import void_campaign
from reports.canonical import measured_hash
from reports.follow_up import AgreedState
from reports.released import Released, ReleasedAspect, Status
from tests import builders
from tests.assessment.services.agreeing import QUARTER, agreed, day, quarter_of
from tests.builders import Cast
from tests.conftest import Clock

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEXT = "2026-Q4"


def suggested(released: Released) -> list[str]:
    return [suggestion.change for suggestion in released.suggestions.changes]


def test_what_is_in_place_makes_room_for_what_builds_on_it(platform: Platform, clock: Clock, cast: Cast):
    quarter_of(platform, clock, cast)
    atlas = cast.teams["Atlas"]
    before = released_team(platform, cast.ada, atlas)
    for change in suggested(before):
        set_in_place(platform, cast.ada, atlas, change, True)
    after = released_team(platform, cast.ada, atlas)
    assert suggested(before)
    assert not set(suggested(before)) & set(suggested(after))
    assert measured_hash(after) == measured_hash(before)
    whole = released_organisation(platform, cast.hedy)
    (listed,) = [row.released for row in released_quarter(platform, cast.hedy, QUARTER) if row.released.name == "Atlas"]
    (team,) = [team for team in whole.teams if team.name == "Atlas"]
    key = next(node.reading_key for node in get_campaign(platform, cast.hedy, 1).teams if node.name == "Atlas")
    read = released_by_reading_key(platform, key or "")
    assert suggested(team) == suggested(listed) == suggested(read) == suggested(after)
    untouched = released_team(platform, cast.ada, cast.teams["Cygnus"])
    assert suggested(untouched) == suggested(before)


@ON_SQLITE
def test_an_old_report_goes_on_suggesting_what_it_suggested(platform: Platform, clock: Clock, cast: Cast):
    quarter_of(platform, clock, cast)
    atlas = cast.teams["Atlas"]
    first = suggested(released_team(platform, cast.ada, atlas))
    quarter_of(platform, clock, cast, NEXT)
    clock.move(days=1)
    for change in first:
        set_in_place(platform, cast.ada, atlas, change, True)
    assert suggested(released_team(platform, cast.ada, atlas, QUARTER)) == first
    assert not set(first) & set(suggested(released_team(platform, cast.ada, atlas, NEXT)))
    assert follow_up(platform, cast.ada, atlas, QUARTER).in_place == ()
    assert set(follow_up(platform, cast.ada, atlas, NEXT).in_place) == set(first)


@ON_SQLITE
def test_what_the_organisation_has_unblocks_its_teams(platform: Platform, clock: Clock, cast: Cast):
    quarter_of(platform, clock, cast)
    waiting = {
        one.change: one.n_waiting for one in released_organisation(platform, cast.hedy).whole.suggestions.changes
    }
    assert waiting["C01"]
    for change in ("C01", "C02", "C03"):
        set_in_place(platform, cast.hedy, None, change, True)
    after = released_organisation(platform, cast.hedy).whole.suggestions.changes
    assert not {"C01", "C02", "C03"} & {one.change for one in after}


@ON_SQLITE
def test_health_facts_raise_what_concerns_them(platform: Platform, clock: Clock, cast: Cast):
    quarter_of(platform, clock, cast)
    atlas = cast.teams["Atlas"]
    before = released_team(platform, cast.ada, atlas)
    record_health(platform, cast.ada, atlas, QUARTER, {"reviews_due": 3, "reviews_written": 3})
    calm = released_team(platform, cast.ada, atlas)
    record_health(platform, cast.ada, atlas, QUARTER, {"reviews_written": 0})
    worse = released_team(platform, cast.ada, atlas)
    assert (suggested(before), suggested(calm), suggested(worse)) == (["C04", "C15"], ["C04", "C15"], ["C15", "C04"])
    assert measured_hash(before) == measured_hash(calm) == measured_hash(worse)
    released = [team for team in released_organisation(platform, cast.hedy).teams if team.name == "Atlas"]
    assert suggested(released[0]) == suggested(worse)


def test_the_next_campaign_takes_the_focus_of_each_team(platform: Platform, clock: Clock, cast: Cast):
    quarter_of(platform, clock, cast, focus=["novelty"])
    atlas, cygnus = cast.teams["Atlas"], cast.teams["Cygnus"]
    agree_focus(platform, cast.ada, atlas, QUARTER, ["cooperation"])
    agree_focus(platform, cast.ada, atlas, "latest", ["inquiry", "messengers"])
    assert follow_up(platform, cast.ada, atlas).next_focus == ("inquiry", "messengers")
    draft = get_campaign(platform, cast.hedy, builders.draft(platform, cast, quarter=NEXT, focus=["bridging"]))
    told = {node.name: node.focus for node in draft.teams}
    assert told == {"Atlas": ("inquiry", "messengers"), "Borealis": ("bridging",), "Cygnus": ("bridging",)}
    quarter_of(platform, clock, cast, NEXT, focus=["bridging"], level=lambda _: 0.9)
    report = released_team(platform, cast.ada, atlas)
    assert report.focus == ("inquiry", "messengers")
    tested = {
        name: figure.change.status for name, figure in report.aspects.items() if isinstance(figure, ReleasedAspect)
    }
    assert {name for name, status in tested.items() if status is Status.CHANGED} == {"inquiry", "messengers"}
    assert tested["bridging"] is Status.NOT_TESTED
    assert released_team(platform, cast.ada, cygnus).focus == ("bridging",)
    # What was taken is used up: the campaign after falls back to its own.
    later = get_campaign(platform, cast.hedy, builders.draft(platform, cast, quarter="2027-Q1", focus=["novelty"]))
    assert {node.focus for node in later.teams} == {("novelty",)}


def test_focus_is_agreed_until_the_next_campaign_opens(platform: Platform, clock: Clock, cast: Cast):
    quarter_of(platform, clock, cast)
    atlas = cast.teams["Atlas"]
    for aspects, what in ((["courage"], "courage"), (["novelty", "novelty"], "one or two")):
        with pytest.raises(Invalid, match=what):
            agree_focus(platform, cast.ada, atlas, QUARTER, aspects)
    with pytest.raises(UnknownTeam):
        agree_focus(platform, cast.ada, cast.teams["Borealis"], QUARTER, ["novelty"])
    agree_focus(platform, cast.ada, atlas, QUARTER, ["novelty"])
    agree_focus(platform, cast.ada, atlas, QUARTER, [])
    assert follow_up(platform, cast.ada, atlas).next_focus == ()
    campaign = open_campaign(platform, cast.operator, builders.draft(platform, cast, quarter=NEXT))
    frozen = next_test(platform, cast.ada, cast.teams["Atlas"], QUARTER)
    assert frozen is not None
    assert frozen.quarter == NEXT
    with pytest.raises(FocusFrozen):
        agree_focus(platform, cast.ada, atlas, QUARTER, ["novelty"])
    void_campaign(platform, cast.operator, campaign.id)
    agree_focus(platform, cast.ada, atlas, QUARTER, ["novelty"])


@ON_SQLITE
def test_opening_refuses_a_focus_that_is_not_asked(platform: Platform, clock: Clock, cast: Cast):
    quarter_of(platform, clock, cast)
    agree_focus(platform, cast.ada, cast.teams["Atlas"], QUARTER, ["novelty"])
    draft = builders.draft(platform, cast, quarter=NEXT, instruments=["blameless"])
    view = get_campaign(platform, cast.hedy, draft)
    assert view.freezing is not None
    assert [type(obstacle) for obstacle in view.freezing.obstacles] == [FocusNotAsked]
    with pytest.raises(FocusNotAsked, match=r"Atlas .* \(novelty\)"):
        open_campaign(platform, cast.operator, draft)


def test_the_organisation_counts_without_naming(platform: Platform, clock: Clock, cast: Cast):
    quarter_of(platform, clock, cast)
    atlas, cygnus, borealis = (cast.teams[name] for name in ("Atlas", "Cygnus", "Borealis"))
    end_agreement(platform, cast.ada, agreed(platform, cast.ada, atlas), state="done")
    agreed(platform, cast.ada, cygnus)
    end_agreement(platform, cast.hedy, agreed(platform, cast.hedy, borealis), state="dropped")
    agreed(platform, cast.hedy, borealis)
    set_in_place(platform, cast.ada, cygnus, "C09", True)
    agreed(platform, cast.hedy, None, "C01", role="head of engineering")
    record_health(platform, cast.ada, atlas, "2026-Q2", {"toil": 0.6, "pages_per_week": 1})
    record_health(platform, cast.ada, atlas, QUARTER, {"toil": 0.4, "pages_per_week": 3, "over_30_minutes": 0.2})
    record_health(platform, cast.ada, cygnus, QUARTER, {"toil": 0.7})
    assert organisation_follow_up(platform, cast.hedy).health == {}, "two teams would know how the other stands"
    record_health(platform, cast.hedy, borealis, QUARTER, {"toil": 0.6, "pages_per_week": 1})
    told = organisation_follow_up(platform, cast.hedy)
    assert told == organisation_follow_up(platform, cast.hedy, QUARTER, campaign_id=1)
    shown = released_organisation(platform, cast.hedy)
    assert told == organisation_follow_up(platform, cast.hedy, released=shown)
    (report,) = [team for team in shown.teams if team.name == "Atlas"]
    assert follow_up(platform, cast.ada, atlas, released=report) == follow_up(platform, cast.ada, atlas)
    with pytest.raises(ValueError, match="is not that of team"):
        follow_up(platform, cast.ada, cygnus, released=report)
    assert told.n_teams == 3
    assert told.agreed == {"C04": {AgreedState.DONE: 1, AgreedState.AGREED: 2}}
    assert told.in_place == {"C04": 1, "C09": 1}
    assert [one.change for one in told.own.agreed] == ["C01"]
    counts = {
        name: (one.n_known, one.n_within, one.n_better, one.n_worse, one.n_same) for name, one in told.health.items()
    }
    assert counts == {"toil": (3, 1, 1, 0, 0)}
    assert not {"Atlas", "Borealis", "Cygnus"} & set(str(told).split("'"))
    with pytest.raises(NotFound):
        organisation_follow_up(platform, cast.ada)


@ON_SQLITE
def test_a_team_is_followed_over_three_quarters(platform: Platform, clock: Clock, cast: Cast):
    atlas = cast.teams["Atlas"]
    quarter_of(platform, clock, cast, "2026-Q2")
    number = agreed(platform, cast.ada, atlas, quarter="2026-Q2")
    agree_focus(platform, cast.ada, atlas, "2026-Q2", ["inquiry"])
    clock.move(days=40)
    end_agreement(platform, cast.ada, number, state="done", evidence="Held 6 weeks in a row")
    quarter_of(platform, clock, cast, QUARTER, level=lambda _: 0.9)
    opening = follow_up(platform, cast.ada, atlas, QUARTER)
    assert [(one.change, one.state) for one in opening.before(QUARTER)] == [("C04", AgreedState.DONE)]
    moved = released_team(platform, cast.ada, atlas, QUARTER).aspects["inquiry"]
    assert isinstance(moved, ReleasedAspect)
    assert (moved.change.status, moved.change.direction) == (Status.CHANGED, 1)
    second = agreed(platform, cast.ada, atlas, "C05", due=day(platform) + timedelta(days=60))
    agree_focus(platform, cast.ada, atlas, QUARTER, ["novelty"])
    clock.move(days=30)
    end_agreement(platform, cast.ada, second, state="dropped")
    quarter_of(platform, clock, cast, NEXT, level=lambda _: 0.9)
    still = released_team(platform, cast.ada, atlas, NEXT).aspects["novelty"]
    assert isinstance(still, ReleasedAspect)
    assert still.change.status is Status.NOT_DISTINGUISHABLE
    last = follow_up(platform, cast.ada, atlas)
    assert [(one.change, one.quarter, one.state.value) for one in last.before(NEXT)] == [
        ("C04", "2026-Q2", "done"),
        ("C05", QUARTER, "dropped"),
    ]
    assert [one.change for one in follow_up(platform, cast.ada, atlas, "2026-Q2").agreed] == ["C04"]
    assert len(organisation_series(platform, cast.hedy).quarters) == 3
    assert len(list_reports(platform, cast.ada)) == 6
