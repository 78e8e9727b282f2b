"""While a campaign is open, participation is a band that moves at one hour of the day."""

from __future__ import annotations

from datetime import UTC, date, datetime

from assessment.domain.campaign import Participation
from assessment.services.campaigns import NodeView, get_campaign
from assessment.services.platform import Platform
from assessment.services.refresh_participation import refresh_participation
from tests import builders
from tests.builders import Cast, Opened
from tests.conftest import Clock

# 06:20 in Berlin, where the campaign runs.
MORNING = datetime(2026, 9, 2, 4, 20, tzinfo=UTC)


def node(platform: Platform, cast: Cast, campaign: Opened, name: str) -> NodeView:
    return next(node for node in get_campaign(platform, cast.operator, campaign.id).nodes if node.name == name)


def test_nothing_is_shown_before_the_first_morning(platform: Platform, cast: Cast, clock: Clock):
    campaign = builders.opened(platform, cast)
    builders.answer(platform, campaign, "Atlas")
    assert refresh_participation(platform) == 0
    assert node(platform, cast, campaign, "Atlas").participation is None


def test_it_is_two_bands_and_small_teams_have_none(platform: Platform, cast: Cast, clock: Clock):
    campaign = builders.opened(platform, cast)
    builders.answer(platform, campaign, "Atlas", n=5)
    builders.answer(platform, campaign, "Cygnus")
    clock.set(MORNING)
    assert refresh_participation(platform) == 1
    view = node(platform, cast, campaign, "Atlas")
    assert (view.participation, view.participation_on) == (Participation.UNDER_HALF, date(2026, 9, 2))
    for name in ("Borealis", "Cygnus", "Infrastructure", "Products", "Northwind"):
        assert node(platform, cast, campaign, name).participation is None


def test_it_stays_as_it_is_until_the_next_morning(platform: Platform, cast: Cast, clock: Clock):
    campaign = builders.opened(platform, cast)
    clock.set(MORNING)
    refresh_participation(platform)
    builders.answer(platform, campaign, "Atlas")
    for move in ({"minutes": 10}, {"hours": 3}, {"hours": 12}):
        clock.move(**move)
        assert refresh_participation(platform) == 0
        view = get_campaign(platform, cast.operator, campaign.id)
        assert view == get_campaign(platform, cast.operator, campaign.id)
        assert node(platform, cast, campaign, "Atlas").participation is Participation.UNDER_HALF
        assert {node.n_answered for node in view.nodes} == {None}
    clock.set(MORNING)
    clock.move(days=1)
    assert refresh_participation(platform) == 1
    assert node(platform, cast, campaign, "Atlas").participation is Participation.HALF_OR_MORE


def test_everything_a_coach_can_ask_is_the_same_after_every_answer(platform: Platform, cast: Cast, clock: Clock):
    campaign = builders.opened(platform, cast)
    seen = {repr(get_campaign(platform, cast.hedy, campaign.id))}
    for code in campaign.codes("Cygnus"):
        builders.submit_ballot(platform, door_key=code, answers=builders.answers(campaign.questionnaire))
        seen.add(repr(get_campaign(platform, cast.hedy, campaign.id)))
    assert len(seen) == 1


def test_after_closing_it_is_a_count(platform: Platform, cast: Cast, clock: Clock):
    campaign, _ = builders.closed(platform, clock, cast, answered={"Atlas": 9})
    view = node(platform, cast, campaign, "Atlas")
    assert (view.n_answered, view.n_invited, view.participation) == (9, 12, None)
