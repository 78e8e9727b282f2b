"""Erasing somebody, or the names in old rosters: nothing of them is left, and what protects others stays."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from assessment.domain.errors import SamePeople
from assessment.services.audit import list_audit
from assessment.services.draft_campaign import draft_campaign
from assessment.services.erase_people import StillAsked, UnknownMember, erase_member, erase_rosters
from assessment.services.find_door import card_door
from assessment.services.import_organisation import import_organisation
from assessment.services.open_campaign import open_campaign
from assessment.services.organisation import get_organisation
from assessment.services.platform import Platform
from tests import builders
from tests.builders import Cast
from tests.conftest import Clock

EMAIL = "atlas3@example.org"
NAME = "Atlas Person 03"


def names(platform: Platform) -> set[str]:
    with platform.reading() as session:
        found = session.scalars(sa.text("SELECT name FROM roster UNION SELECT name FROM member")).all()
    return set(found) - {""}


def test_somebody_is_erased_from_the_organisation_and_from_rosters_of_ended_campaigns(
    platform: Platform, cast: Cast, clock: Clock
) -> None:
    builders.closed(platform, clock, cast)
    done = erase_member(platform, cast.operator, EMAIL.upper())
    assert done.n_rosters == 1
    assert NAME not in names(platform)
    assert len(names(platform)) == 20
    line = list_audit(platform, cast.operator)[0]
    assert line.action == "member erased"
    assert NAME not in f"{line}"
    assert EMAIL not in f"{line}"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_of_them_is_left_in_any_file(platform: Platform, cast: Cast, clock: Clock, tmp_path: Path) -> None:
    builders.closed(platform, clock, cast)
    erase_member(platform, cast.operator, NAME)
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Atlas Person 04" in content
    assert NAME.encode() not in content
    assert EMAIL.encode() not in content


def test_nobody_is_erased_while_a_campaign_asks_them(platform: Platform, cast: Cast) -> None:
    campaign = builders.opened(platform, cast, teams=["Atlas"])
    with pytest.raises(StillAsked, match="after it has closed"):
        erase_member(platform, cast.operator, EMAIL)
    assert erase_member(platform, cast.operator, "cygnus0@example.org").n_rosters == 0
    door = card_door(platform, campaign.codes("Atlas")[0])
    assert NAME in door.roster


@pytest.mark.parametrize("who", ["nobody@example.org", "Same Name"])
def test_nobody_or_several_are_not_erased(platform: Platform, cast: Cast, who: str) -> None:
    source = b"department,team,name,email\nP,Draco,Same Name,one@example.org\nP,Draco,Same Name,two@example.org\n"
    import_organisation(platform, source, actor=cast.hedy)
    with pytest.raises(UnknownMember, match="e-mail"):
        erase_member(platform, cast.operator, who)


def test_names_in_old_rosters_are_erased_and_those_of_an_open_campaign_stay(
    platform: Platform, cast: Cast, clock: Clock
) -> None:
    builders.closed(platform, clock, cast, teams=["Atlas"])
    campaign = builders.opened(platform, cast, teams=["Cygnus"], quarter="2026-Q4")
    assert erase_rosters(platform, cast.operator) == 12
    assert erase_rosters(platform, cast.operator) == 0
    assert len(card_door(platform, campaign.codes("Cygnus")[0]).roster) == 5


def test_a_copy_of_a_team_is_refused_also_after_its_names_were_erased(
    platform: Platform, cast: Cast, clock: Clock
) -> None:
    builders.closed(platform, clock, cast, teams=["Atlas"])
    erase_rosters(platform, cast.operator)
    lines = [f"Infrastructure,Atlas II,Atlas Person {number:02},atlas{number}@example.org" for number in range(11)]
    import_organisation(platform, "\n".join(["department,team,name,email", *lines]).encode(), actor=cast.hedy)
    found = get_organisation(platform)
    assert found is not None
    team = next(each.id for each in found.teams if each.name == "Atlas II")
    closes_at = clock.now.replace(year=clock.now.year + 1)
    copy = draft_campaign(platform, cast.hedy, quarter="2026-Q3", teams=[team], closes_at=closes_at)
    with pytest.raises(SamePeople):
        open_campaign(platform, cast.hedy, copy)


def test_joined_and_left_are_counted_after_names_were_erased(platform: Platform, cast: Cast, clock: Clock) -> None:
    builders.closed(platform, clock, cast, teams=["Atlas"])
    erase_rosters(platform, cast.operator)
    erase_member(platform, cast.operator, EMAIL)
    campaign = builders.opened(platform, cast, teams=["Atlas"], quarter="2026-Q4")
    team = campaign.view.teams[0]
    assert (team.n_joined, team.n_left) == (0, 1)
