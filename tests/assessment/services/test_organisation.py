"""Setting up, and the organisation as it is today."""

from __future__ import annotations

import pytest

from assessment.domain.error_kinds import Invalid
from assessment.services.organisation import get_organisation, set_up
from assessment.services.platform import Platform
from tests.builders import Cast


def test_there_is_none_before_set_up(platform: Platform):
    assert get_organisation(platform) is None


def test_it_lists_departments_and_teams_by_name(platform: Platform, cast: Cast):
    found = get_organisation(platform)
    assert found is not None
    assert [department.name for department in found.departments] == ["Infrastructure", "Products"]
    assert [(team.name, team.n_members) for team in found.teams] == [("Atlas", 12), ("Borealis", 4), ("Cygnus", 5)]


def test_it_can_be_renamed(platform: Platform, cast: Cast):
    set_up(platform, name=" Nordwind ", language="de", timezone="Europe/Zurich")
    found = get_organisation(platform)
    assert found is not None
    assert (found.name, found.language, found.timezone) == ("Nordwind", "de", "Europe/Zurich")
    assert len(found.teams) == 3


@pytest.mark.parametrize(
    "values", [{"name": " "}, {"language": "fr"}, {"timezone": "Berlin"}, {"timezone": "../etc/passwd"}]
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_is_refused(platform: Platform, values: dict[str, str]):
    with pytest.raises(Invalid):
        set_up(platform, **({"name": "Northwind", "language": "en", "timezone": "UTC"} | values))
