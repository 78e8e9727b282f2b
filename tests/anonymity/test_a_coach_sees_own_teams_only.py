"""Promise: a coach finds nothing about teams that are not theirs, not even whether they exist.

"Not yours" and "there is none" are one answer: the same status and the same bytes, whatever is asked for. That holds
for reports, roadmaps with what was agreed on, health facts, trends and files that another coach asked for.
"""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from assessment.services import batches
from assessment.services import import_health as import_health_file
from assessment.services.actor import Scope
from assessment.services.ask_batch import ask_batch
from assessment.services.import_health import import_health
from assessment.services.platform import Platform
from assessment.services.record_health import record_health
from assessment.storage.batch_models import Batch, BatchReport
from assessment.storage.models import CoachTeam
from assessment.storage.roadmap_models import Agreement, ChangeInPlace, HealthFactRow, NextFocus, PageShare
from tests import builders
from tests.anonymity.doors import SAME, addresses, for_coaches, plain, read_all
from tests.anonymity.leaks_doors import reports_for_every_coach
from tests.assessment.services.agreeing import ROLE, SIGN, agreed
from tests.assessment.web.coach.browsing import token
from tests.builders import Cast, Opened
from tests.conftest import Clock, signed_in

NOWHERE = 4711
# Of no team in particular.
SHARED: dict[str, object] = {"change_id": "C04", "form": "md"}
WRITTEN = (Agreement, ChangeInPlace, NextFocus, HealthFactRow, PageShare, Batch, BatchReport)
# Of no team in particular: what they show depends on who asks.
OWN = {"home", "report_list", "organisation", "new_draft", "sign_in", "sign_out"}
OWN |= {"roadmaps", "health_import_form", "health_dry_run", "health_confirmed", "health_template"}
# What the forms of all pages take, so that none is refused for want of something.
FILLED = {
    "state": "done",
    "evidence": "",
    "role": ROLE,
    "sign": SIGN,
    "due": "2027-01-15",
    "is_in_place": "y",
    "aspects": "inquiry",
    "toil": "0.4",
    "language": "en",
    "format": "pdf",
}
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
        form = {"csrf_token": given, **FILLED} if method == "POST" else None
        reply = client.open(address, method=method, data=form)
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
    numbers = ("campaign_id", "node_id", "team_id", "agreement_id", "batch_id")
    return {**dict.fromkeys(numbers, NOWHERE), "quarter": "2026-Q3", **SHARED}


def of_borealis(cast: Cast, campaign: Opened, **more: object) -> Places:
    return {
        "agreement_id": NOWHERE,
        "batch_id": NOWHERE,
        **SHARED,
        "campaign_id": campaign.id,
        "node_id": campaign.node("Borealis"),
        "team_id": cast.teams["Borealis"],
        "quarter": "2026-Q3",
        **more,
    }


@pytest.fixture
def theirs(platform: Platform, cast: Cast, clock: Clock) -> Opened:
    """A closed campaign of a team that is not Ada's."""
    campaign, _ = builders.closed(platform, clock, cast, teams=["Borealis"])
    return campaign


def followed(platform: Platform, cast: Cast) -> Places:
    """Let the team of others agree on a change, note health facts, and have its reports asked for at once."""
    borealis = cast.teams["Borealis"]
    record_health(platform, cast.hedy, borealis, "2026-Q3", {"toil": 0.4})
    return {
        "agreement_id": agreed(platform, cast.hedy, borealis),
        "batch_id": ask_batch(platform, cast.hedy, "2026-Q3", "en"),
    }


def noted(platform: Platform) -> dict[str, list[tuple[object, ...]]]:
    """Return everything that coaches have written after reports."""
    with platform.reading() as session:
        return {table.__tablename__: [tuple(row) for row in session.execute(sa.select(*table.__table__.columns))]
                for table in WRITTEN}  # fmt: skip


def test_every_address_with_a_variable_is_tried(app: Flask, places: Places):
    named = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("coach.") and rule.arguments]
    passed = {rule.endpoint for rule in named if not foreign(rule)}
    assert passed == set()
    assert {name for rule in named if rule.endpoint not in SAME for name in rule.arguments} == places.keys()


@pytest.mark.attack("T26")
def test_a_closed_campaign_of_others_reads_like_none(
    platform: Platform, app: Flask, cast: Cast, theirs: Opened, places: Places
):
    named = of_borealis(cast, theirs, **followed(platform, cast))
    before = noted(platform)
    ada = signed_in(app, cast.ada_email, cast.password)
    assert told_apart(app, ada, named, places) == []
    assert noted(platform) == before


@pytest.mark.attack("T26")
def test_an_own_roadmap_is_no_way_to_what_others_agreed_on(platform: Platform, app: Flask, cast: Cast, clock: Clock):
    builders.closed(platform, clock, cast)
    theirs, own = (agreed(platform, cast.hedy, cast.teams[team]) for team in ("Borealis", "Atlas"))
    before = noted(platform)
    ada = signed_in(app, cast.ada_email, cast.password)
    assert ended_through(ada, cast.teams["Atlas"], theirs) == ended_through(ada, cast.teams["Atlas"], NOWHERE)
    assert noted(platform) == before
    assert ended_through(ada, cast.teams["Atlas"], own)[0] == 303
    assert noted(platform) != before


def ended_through(client: FlaskClient, team_id: int, agreement_id: int) -> tuple[int, bytes]:
    """End an agreement by the form of a team's roadmap; return what was said."""
    form = {"csrf_token": token(client.get("/coach").get_data(as_text=True)), **FILLED}
    reply = client.post(f"/coach/teams/{team_id}/roadmap/agreements/{agreement_id}/end", data=form)
    return reply.status_code, plain(reply.get_data())


def facts_by_file(platform: Platform, cast: Cast, team: str) -> list[str]:
    """Import health facts for a team by its name, twice; return what is said, without the name."""
    table = f"team,toil\nAtlas,0.5\n{team},0.3\n{team},7\n"
    found = import_health(platform, cast.ada, "2026-Q3", table)
    said = [problem.template for problem in found.problems]
    return [*said, *(f"line {line.line} is stored" for line in found.lines if line.team != "Atlas")]


@pytest.mark.attack("T26")
def test_a_file_of_health_facts_does_not_say_which_teams_there_are(platform: Platform, cast: Cast):
    assert facts_by_file(platform, cast, "Borealis") == facts_by_file(platform, cast, "Nobodys")


@pytest.mark.leaky("T26")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_knows_all_teams_would_be_noticed(platform: Platform, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(import_health_file, "scope_of", lambda *_: Scope(True, frozenset()))
    assert facts_by_file(platform, cast, "Borealis") != facts_by_file(platform, cast, "Nobodys")


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
    assert "GET /coach/reports/#-Q#/teams/#.csv" in found
    assert "GET /coach/reports/teams/#/trend.json" in found


@pytest.mark.leaky("T26")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_files_that_every_coach_can_have_would_be_noticed(
    platform: Platform, app: Flask, cast: Cast, theirs: Opened, places: Places, monkeypatch: pytest.MonkeyPatch
):
    usual = batches.batch_of
    monkeypatch.setattr(
        batches, "batch_of", lambda platform, session, _, number: usual(platform, session, cast.hedy, number)
    )
    named = of_borealis(cast, theirs, **followed(platform, cast))
    ada = signed_in(app, cast.ada_email, cast.password)
    assert "GET /coach/reports/batches/#" in told_apart(app, ada, named, places)


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
