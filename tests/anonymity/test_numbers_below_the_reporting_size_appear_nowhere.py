"""Promise: what fewer than five people said changes nothing that anybody can get, by no door and in no form.

The attack compares two worlds that differ only in what a group below the reporting size answered. Everything that the
doors give out must be the same in both to the last byte, which takes in texts, pictures, their alternative texts, JSON,
CSV, PDFs, explanations, errors and sizes. At the reporting size the worlds differ, so the attack does see answers where
there are any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from werkzeug.routing import Rule

from assessment.cli import main
from assessment.cli.frame import Here
from assessment.config import Settings
from assessment.services.close_campaign import close_campaign
from assessment.services.platform import Platform, connect
from assessment.web import create_app
from tests import builders
from tests.anonymity.doors import addresses, for_coaches, plain, read_all
from tests.anonymity.leaks_doors import a_lower_reporting_size, database_without_checks
from tests.builders import Cast, Opened
from tests.conftest import Clock, Databases, signed_in

World = dict[str, object]
Make = Callable[..., World]
Wanted = Callable[[Rule], bool]


def without_pdf(rule: Rule) -> bool:
    """Whether a route is of the coaches' door and writes no PDF, which takes most of the time."""
    return for_coaches(rule) and not rule.endpoint.endswith("_pdf")


def given_out(
    platform: Platform, cast: Cast, campaign: Opened, clock: Clock, environ: Mapping[str, str], wanted: Wanted
) -> World:
    """Return all that anybody can get of a closed campaign: every address for every team, and every command."""
    app = create_app(platform)
    coach = signed_in(app, cast.hedy_email, cast.password)
    said: World = {}
    for team in campaign.view.teams:
        places = {"campaign_id": campaign.id, "quarter": "2026-Q3", "node_id": team.id, "team_id": team.team_id}
        places |= {"change_id": "C04", "agreement_id": 1, "batch_id": 1, "form": "md"}
        # The organisation's are the same for every team.
        found = addresses(app, places, wanted=wanted)
        said |= read_all(coach, (pair for pair in found if " ".join(pair) not in said))
        said |= read_all(coach, (("GET", f"/coach/teams/{team.team_id}/roadmap.{form}") for form in ("csv", "ics")))
        said[f"result {team.name}"] = plain(coach.get(f"/result/{team.reading_key}").get_data())
    runner = CliRunner(env=dict(environ))
    for words in (
        ["campaign", "status", "--json"],
        ["report", "--list", "--json"],
        ["report", "--organisation", "--format", "json", "-o", "-"],
        *(["report", "--organisation", "--format", "csv", "--shape", shape, "-o", "-"] for shape in ("long", "wide")),
        *(["report", "--team", team.name, "--format", form, "-o", "-"]
          for team in campaign.view.teams for form in ("json", "html", "csv")),
        *(["report", "--team", team.name, "--explain", measure]
          for team in campaign.view.teams for measure in ("inquiry", "choice:inquiry", "ladder:review")),
    ):  # fmt: skip
        here = Here(clock=clock)
        result = runner.invoke(main, words, obj=here)
        here.bare_platform.database.dispose()
        said[" ".join(words)] = (result.exit_code, result.output)
    return said


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path, clock: Clock) -> Iterator[Make]:
    """Make a world in a database of its own, in which people answer at these levels; return what it gives out."""
    began: datetime = clock.now
    with ExitStack() as stack:

        def make(
            name: str,
            answered: Mapping[str, tuple[int, float]],
            prepare: Callable[[Platform], None] = lambda _: None,
            wanted: Wanted = for_coaches,
            **values: object,
        ) -> World:
            clock.set(began)
            folder = tmp_path / name
            folder.mkdir()
            made = databases.sqlite(folder) if request.param == "sqlite" else databases.postgresql()
            environ = {
                "ASSESSMENT_INSTANCE": str(folder),
                "ASSESSMENT_KEY_DIRECTORY": f"{folder}-keys",
                "DATABASE_URL": stack.enter_context(made),
            }
            platform = connect(Settings.load(environ=environ), clock)
            stack.callback(platform.database.dispose)
            prepare(platform)
            cast = builders.organisation(platform)
            campaign = builders.opened(platform, cast, teams=list(answered), **values)
            for team, (n, level) in answered.items():
                builders.answer(platform, campaign, team, n=n, level=lambda _, level=level: level)  # type: ignore[misc]
            clock.set(campaign.view.closes_at)
            close_campaign(platform, campaign.id)
            return given_out(platform, cast, campaign, clock, environ, wanted)

        yield make


def differences(world: Make, one: Mapping[str, tuple[int, float]], two: Mapping[str, tuple[int, float]],
                **values: object) -> list[str]:  # fmt: skip
    """Make both worlds; return by which door they can be told apart."""
    first, second = world("one", one, **values), world("two", two, **values)
    assert len(first) > 20
    assert first.keys() == second.keys()
    return [place for place in first if first[place] != second[place]]


@pytest.mark.attack("T25")
def test_four_answers_of_twelve_show_nowhere(world: Make):
    assert differences(world, {"Atlas": (4, 0.0)}, {"Atlas": (4, 1.0)}) == []


@pytest.mark.attack("T25")
@pytest.mark.parametrize("world", ["sqlite"], indirect=True)
def test_a_team_of_four_shows_nowhere_also_beside_a_large_one(world: Make):
    one, two = ({"Atlas": (12, 0.5), "Borealis": (4, level)} for level in (0.0, 1.0))
    # What PDFs draw are the same documents as the pages.
    assert differences(world, one, two, wanted=without_pdf) == []


@pytest.mark.attack("T25")
@pytest.mark.parametrize("world", ["sqlite"], indirect=True)
def test_seven_answers_by_an_open_link_show_nowhere(world: Make):
    assert differences(world, {"Atlas": (7, 0.0)}, {"Atlas": (7, 1.0)}, way="open_link") == []


@pytest.mark.parametrize("world", ["sqlite"], indirect=True)
def test_from_the_reporting_size_on_something_shows(world: Make):
    one, two = {"Cygnus": (5, 0.0), "Atlas": (6, 0.0)}, {"Cygnus": (5, 1.0), "Atlas": (6, 1.0)}
    found = differences(world, one, two, wanted=without_pdf)
    for team in ("Cygnus", "Atlas"):
        assert f"report --team {team} --format json -o -" in found
        assert f"report --team {team} --format csv -o -" in found
        assert f"result {team}" in found


@pytest.mark.leaky("T25")
@pytest.mark.parametrize("world", ["sqlite"], indirect=True)
def test_a_lower_reporting_size_would_be_noticed(world: Make, monkeypatch: pytest.MonkeyPatch):
    a_lower_reporting_size(monkeypatch, 4)
    one, two = {"Atlas": (4, 0.0)}, {"Atlas": (4, 1.0)}
    found = differences(world, one, two, prepare=database_without_checks, wanted=without_pdf)
    assert "report --team Atlas --format json -o -" in found
    assert "result Atlas" in found
