"""Promise: no second campaign of the same quarter asks almost the same people, which a subtraction would tell apart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from assessment.domain.errors import SamePeople
from assessment.services.campaigns import get_campaign
from assessment.services.draft_campaign import draft_campaign
from assessment.services.import_organisation import import_organisation
from assessment.services.open_campaign import open_campaign
from assessment.services.organisation import get_organisation
from assessment.services.platform import Platform
from assessment.services.void_campaign import void_campaign
from tests import builders
from tests.builders import Cast
from tests.conftest import Clock


def move(platform: Platform, cast: Cast, people: Iterable[int], team: str = "Atlas II") -> int:
    """Move people of Atlas into another team by an import; return the team's id."""
    lines = [f"Infrastructure,{team},Atlas Person {number:02},atlas{number}@example.org" for number in people]
    import_organisation(platform, "\n".join(["department,team,name,email", *lines]).encode(), actor=cast.hedy)
    found = get_organisation(platform)
    assert found is not None
    return next(each.id for each in found.teams if each.name == team)


def draft(platform: Platform, cast: Cast, team: int, quarter: str = "2026-Q3") -> int:
    closes_at = platform.clock() + timedelta(days=7)
    return draft_campaign(platform, cast.hedy, quarter=quarter, teams=[team], closes_at=closes_at)


@pytest.mark.parametrize("n_moved", [12, 11, 8])
def test_a_copy_of_a_team_without_a_few_people_cannot_be_asked_again(
    platform: Platform, cast: Cast, clock: Clock, n_moved: int
):
    builders.closed(platform, clock, cast, teams=["Atlas"])
    copy = draft(platform, cast, move(platform, cast, range(n_moved)))
    with pytest.raises(SamePeople):
        open_campaign(platform, cast.hedy, copy)


def test_nor_while_the_first_campaign_is_open(platform: Platform, cast: Cast):
    builders.opened(platform, cast, teams=["Atlas"])
    copy = draft(platform, cast, move(platform, cast, range(11)))
    with pytest.raises(SamePeople):
        open_campaign(platform, cast.hedy, copy)


def test_a_copy_with_a_few_newcomers_is_refused_too(platform: Platform, cast: Cast, clock: Clock):
    builders.closed(platform, clock, cast, teams=["Atlas"])
    team = move(platform, cast, range(12))
    newcomer = b"department,team,name,email\nInfrastructure,Atlas II,Nora New,nora@example.org\n"
    import_organisation(platform, newcomer, actor=cast.hedy)
    with pytest.raises(SamePeople):
        open_campaign(platform, cast.hedy, draft(platform, cast, team))


def test_the_draft_says_so_beforehand(platform: Platform, cast: Cast, clock: Clock):
    builders.closed(platform, clock, cast, teams=["Atlas"])
    copy = draft(platform, cast, move(platform, cast, range(11)))
    freezing = get_campaign(platform, cast.hedy, copy).freezing
    assert freezing is not None
    assert [type(obstacle) for obstacle in freezing.obstacles] == [SamePeople]


def test_a_team_that_split_may_be_asked(platform: Platform, cast: Cast, clock: Clock):
    builders.closed(platform, clock, cast, teams=["Atlas"])
    half = draft(platform, cast, move(platform, cast, range(6)))
    assert open_campaign(platform, cast.hedy, half).state == "open"


def test_so_may_a_renamed_team_in_the_next_quarter_or_after_voiding(platform: Platform, cast: Cast, clock: Clock):
    campaign = builders.opened(platform, cast, teams=["Atlas"])
    void_campaign(platform, cast.operator, campaign.id)
    renamed = move(platform, cast, range(12))
    assert open_campaign(platform, cast.hedy, draft(platform, cast, renamed)).state == "open"
    again = move(platform, cast, range(12), "Atlas III")
    assert open_campaign(platform, cast.hedy, draft(platform, cast, again, "2026-Q4")).state == "open"
