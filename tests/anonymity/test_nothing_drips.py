"""Promise: while a campaign is open nobody can watch answers come in, whatever they ask for and however often.

The one thing that changes is a team's band, "under half" or "half or more", at a fixed hour and from 8 invited on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from assessment.cli import main
from assessment.cli.frame import Here
from assessment.services.platform import Platform
from assessment.services.refresh_participation import refresh_participation
from assessment.services.submit_ballot import submit_ballot
from tests import builders
from tests.anonymity.doors import addresses, for_coaches, read_all
from tests.anonymity.leaks_doors import band_at_any_time, live_counts
from tests.builders import Cast, Opened
from tests.conftest import Clock, signed_in

COMMANDS = (
    ["campaign", "status"],
    ["campaign", "status", "--json"],
    ["campaign", "status", "1", "--json"],
    ["report", "--list", "--json"],
    ["report", "--team", "Atlas", "--format", "json", "-o", "-"],
    ["report", "--organisation", "--format", "json", "-o", "-"],
    ["report", "--organisation", "--format", "csv", "-o", "-"],
    ["report", "--team", "Atlas", "--explain", "inquiry"],
    ["close", "1"],
)
Look = Callable[[], dict[str, object]]


@pytest.fixture
def campaign(platform: Platform, cast: Cast) -> Opened:
    return builders.opened(platform, cast)


@pytest.fixture
def look(app: Flask, cast: Cast, campaign: Opened, runner: CliRunner, clock: Clock) -> Look:
    """Ask for everything that a coach who sees all, and an operator who only types commands, can ask for."""
    places = {"node_id": campaign.node("Atlas"), "team_id": cast.teams["Atlas"]}
    places |= {"agreement_id": 1, "batch_id": 1}
    values: dict[str, object] = {"campaign_id": campaign.id, "quarter": "2026-Q3", **places}
    values |= {"change_id": "C04", "form": "md"}
    unused = campaign.codes("Atlas")[-1]
    clients: dict[object, FlaskClient] = {}

    def poll() -> dict[str, object]:
        # A session ends after some hours.
        client = clients.setdefault(clock.now, signed_in(app, cast.hedy_email, cast.password))
        said: dict[str, object] = {}
        said |= read_all(client, addresses(app, values, wanted=for_coaches))
        result = f"/result/{campaign.sheets['Atlas'].reading_key}"
        said |= read_all(client, [("GET", result), ("GET", f"/a/{unused}"), ("GET", "/healthz")])
        for words in COMMANDS:
            here = Here(clock=clock)
            result = runner.invoke(main, words, obj=here)
            here.bare_platform.database.dispose()
            said[" ".join(words)] = (result.exit_code, result.output)
        return said

    return poll


def drips(platform: Platform, campaign: Opened, look: Look, n: int = 2) -> dict[int, list[str]]:
    """Look after every single answer; return by its number what had changed since before it."""
    found = {}
    before = look()
    for number, code in enumerate(campaign.codes("Atlas")[:n]):
        submit_ballot(platform, door_key=code, answers=builders.answers(campaign.questionnaire, number / n))
        now = look()
        changed = sorted(place for place in before if before[place] != now[place])
        if changed or before.keys() != now.keys():
            found[number] = changed
        before = now
    return found


@pytest.mark.attack("T17")
def test_nothing_changes_with_an_answer(platform: Platform, campaign: Opened, look: Look):
    seen = look()
    assert len(seen) > 25
    assert drips(platform, campaign, look) == {}


@pytest.mark.leaky("T17")
@pytest.mark.parametrize("leak", [live_counts, band_at_any_time])
def test_a_live_count_would_be_noticed(
    platform: Platform, campaign: Opened, look: Look, monkeypatch: pytest.MonkeyPatch, leak: Callable[..., None]
):
    leak(monkeypatch)
    found = drips(platform, campaign, look, n=1)
    assert "campaign status --json" in found[0]


@pytest.mark.attack("T17")
def test_only_the_band_changes_and_only_at_its_hour(platform: Platform, clock: Clock, campaign: Opened, look: Look):
    for code in campaign.codes("Atlas")[:11]:
        submit_ballot(platform, door_key=code, answers=builders.answers(campaign.questionnaire))
    # 06:00 to 06:59 in Berlin is 04:00 to 04:59 in UTC.
    night = clock.now.replace(hour=3, minute=59) + timedelta(days=1)
    for moment in (clock.now + timedelta(hours=1), night, night + timedelta(hours=1, minutes=1)):
        clock.set(moment)
        assert refresh_participation(platform) == 0
    clock.set(night + timedelta(days=1, minutes=1))
    before = look()
    assert refresh_participation(platform) == 1
    after = look()
    changed = {place for place in before if before[place] != after[place]}
    assert "campaign status 1 --json" in changed
    assert not [place for place in changed if "report" in place or "result" in place or "/a/" in place]
    builders.answer(platform, campaign, "Cygnus")
    assert refresh_participation(platform) == 0
    assert look() == after
