"""Promise: a coach finds nothing about teams that are not theirs, not even whether they exist.

"Not yours" and "there is none" are one answer: the same status and the same bytes, whatever is asked for.
"""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from assessment.services.platform import Platform
from assessment.storage.models import CoachTeam
from tests import builders
from tests.anonymity.doors import addresses, for_coaches, plain, read_all
from tests.anonymity.leaks_doors import reports_for_every_coach
from tests.assessment.web.coach.browsing import token
from tests.builders import Cast, Opened
from tests.conftest import Clock, signed_in

NOWHERE = 4711
# Of no team in particular: what they show depends on who asks.
OWN = {"home", "report_list", "organisation", "new_draft", "sign_in", "sign_out"}
Places = dict[str, object]


def foreign(rule: object) -> bool:
    """Whether a route is of the coaches' door and names a campaign, a team or a quarter."""
    endpoint = str(getattr(rule, "endpoint", ""))
    return endpoint.startswith("coach.") and endpoint.removeprefix("coach.") not in OWN


def answers(app: Flask, client: FlaskClient, places: Places) -> dict[str, tuple[int, bytes]]:
    """Ask for everything by these numbers, and send every form; return what came back, without the address."""
    given = token(client.get("/coach/sign-in").get_data(as_text=True) + client.get("/coach").get_data(as_text=True))
    said = {}
    for method, address in addresses(app, places, wanted=foreign, methods=("GET", "POST")):
        reply = client.open(address, method=method, data={"csrf_token": given} if method == "POST" else None)
        # The way out of an error page says which page it was, which whoever asked knows.
        said[f"{method} {re.sub('[0-9]+', '#', address)}"] = (reply.status_code, plain(reply.get_data()))
    return said


def told_apart(app: Flask, client: FlaskClient, theirs: Places, nowhere: Places) -> list[str]:
    """Return what of somebody else's reads other than what does not exist, or other than 404."""
    one, two = answers(app, client, theirs), answers(app, client, nowhere)
    assert one.keys() == two.keys()
    return [place for place in one if one[place][0] != 404 or one[place] != two[place]]


def everything(client: FlaskClient, app: Flask, places: Places) -> bytes:
    """Return all that a coach can read of their own, in one piece."""
    return b"".join(content for _, content in read_all(client, addresses(app, places, wanted=for_coaches)).values())


@pytest.fixture
def places() -> Places:
    return {"campaign_id": NOWHERE, "node_id": NOWHERE, "team_id": NOWHERE, "quarter": "2026-Q3"}


def of_borealis(cast: Cast, campaign: Opened) -> Places:
    return {
        "campaign_id": campaign.id,
        "node_id": campaign.node("Borealis"),
        "team_id": cast.teams["Borealis"],
        "quarter": "2026-Q3",
    }


@pytest.fixture
def theirs(platform: Platform, cast: Cast, clock: Clock) -> Opened:
    """A closed campaign of a team that is not Ada's."""
    campaign, _ = builders.closed(platform, clock, cast, teams=["Borealis"])
    return campaign


@pytest.mark.attack("T26")
def test_a_closed_campaign_of_others_reads_like_none(app: Flask, cast: Cast, theirs: Opened, places: Places):
    ada = signed_in(app, cast.ada_email, cast.password)
    assert told_apart(app, ada, of_borealis(cast, theirs), places) == []


@pytest.mark.attack("T26")
@pytest.mark.parametrize("state", ["draft", "open"])
def test_nor_does_one_that_is_going_on(platform: Platform, app: Flask, cast: Cast, places: Places, state: str):
    if state == "draft":
        number = builders.draft(platform, cast, teams=["Borealis"])
        named = places | {"campaign_id": number, "node_id": number, "team_id": cast.teams["Borealis"]}
    else:
        named = of_borealis(cast, builders.opened(platform, cast, teams=["Borealis"]))
    ada = signed_in(app, cast.ada_email, cast.password)
    assert told_apart(app, ada, named, places) == []


@pytest.mark.leaky("T26")
def test_a_guard_that_is_missing_would_be_noticed(
    app: Flask, cast: Cast, theirs: Opened, places: Places, monkeypatch: pytest.MonkeyPatch
):
    reports_for_every_coach(monkeypatch)
    ada = signed_in(app, cast.ada_email, cast.password)
    found = told_apart(app, ada, of_borealis(cast, theirs), places)
    assert "GET /coach/reports/#-Q#/teams/#.json" in found


@pytest.mark.attack("T26")
def test_the_pages_of_a_shared_campaign_say_nothing_about_the_others_in_it(
    platform: Platform, app: Flask, cast: Cast, clock: Clock
):
    shared, _ = builders.closed(platform, clock, cast)
    ada = signed_in(app, cast.ada_email, cast.password)
    own: Places = of_borealis(cast, shared) | {"node_id": shared.node("Atlas"), "team_id": cast.teams["Atlas"]}
    read = everything(ada, app, own)
    assert b"Atlas" in read
    assert b"Borealis" not in read
    found = told_apart(app, ada, of_borealis(cast, shared), own | {"node_id": NOWHERE, "team_id": NOWHERE})
    hers = {"GET /coach/campaigns/#", "GET /coach/reports/#-Q#.csv"}
    assert set(found) == hers, "only the page and the file that show her own teams"


@pytest.mark.attack("T26")
def test_a_team_that_was_taken_away_takes_its_history_along(app: Flask, platform: Platform, cast: Cast, clock: Clock):
    past, _ = builders.closed(platform, clock, cast, teams=["Cygnus"])
    ada = signed_in(app, cast.ada_email, cast.password)
    report = f"/coach/reports/2026-Q3/teams/{cast.teams['Cygnus']}"
    assert ada.get(report).status_code == 200
    with platform.transaction() as session:
        session.execute(sa.delete(CoachTeam).where(CoachTeam.team_id == cast.teams["Cygnus"]))
    assert ada.get(report).status_code == 404
    assert ada.get(f"/coach/campaigns/{past.id}").status_code == 404
    assert b"Cygnus" not in ada.get("/coach/reports").get_data()
