"""Every view of this door asks who is there and whether it is theirs; the routes are walked, not listed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from assessment.services.platform import Platform
from assessment.storage.models import CoachTeam
from tests import builders
from tests.assessment.web.coach.browsing import ONE_DATABASE, send, text, token
from tests.conftest import Clock, signed_in

# Open to everybody: the way in, the way out, files that are the same for all.
OPEN = {"coach.sign_in", "coach.sign_out", "coach.static", "coach.plotly_js"}
# Of no team in particular: what they show depends on who asks.
OWN = {"coach.home", "coach.report_list", "coach.organisation", "coach.new_draft"}
# What files hold, the same for every coach.
OWN |= {"coach.codebook", "coach.json_schema", "coach.trend_schema"}
# Lists and imports the coach's own teams, whichever they are.
OWN |= {"coach.roadmaps", "coach.health_import_form", "coach.health_dry_run", "coach.health_template"}
OWN |= {"coach.health_confirmed"}

OF_A_BATCH: dict[str, object] = {"batch_id": 1}
OF_A_ROADMAP: dict[str, object] = OF_A_BATCH | {"change_id": "C04", "agreement_id": 1, "form": "md"}


def routes(app: Flask, leave_out: set[str], values: dict[str, object]) -> Iterator[tuple[str, str, str]]:
    """Yield endpoint, method and address of the coaches' routes."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint.startswith("coach.") and rule.endpoint not in leave_out:
                address = rule.build({name: values[name] for name in rule.arguments})
                assert address is not None
                for method in sorted(rule.methods & {"GET", "POST"}):
                    yield rule.endpoint, method, address[1]


@pytest.fixture
def closed(platform: Platform, clock: Clock, cast: builders.Cast) -> builders.Opened:
    campaign, _ = builders.closed(platform, clock, cast, teams=["Atlas"])
    return campaign


def places(cast: builders.Cast, campaign: builders.Opened) -> dict[str, object]:
    return {
        "campaign_id": campaign.id,
        "node_id": campaign.node("Atlas"),
        "team_id": cast.teams["Atlas"],
        "quarter": "2026-Q3",
    } | OF_A_ROADMAP


@ONE_DATABASE
def test_every_route_leads_anonymous_visitors_to_the_sign_in_page(
    app: Flask, client: FlaskClient, cast: builders.Cast, closed: builders.Opened
):
    walked = list(routes(app, OPEN, places(cast, closed)))
    assert len(walked) > 20
    with client:
        given = token(client.get("/coach/sign-in").get_data(as_text=True))
    for endpoint, method, address in walked:
        reply = client.open(address, method=method, data={"csrf_token": given} if method == "POST" else None)
        assert reply.status_code == 303, endpoint
        assert reply.headers["Location"].startswith("/coach/sign-in"), endpoint


@ONE_DATABASE
@pytest.mark.parametrize("state", ["draft", "open", "closed"])
def test_what_is_not_theirs_reads_404(
    app: Flask,
    cast: builders.Cast,
    platform: Platform,
    clock: Clock,
    state: str,
):
    if state == "draft":
        values = {
            "campaign_id": builders.draft(platform, cast, teams=["Atlas"]),
            "node_id": 1,
            "team_id": cast.teams["Atlas"],
            "quarter": "2026-Q3",
        } | OF_A_ROADMAP
    elif state == "open":
        values = places(cast, builders.opened(platform, cast, teams=["Atlas"]))
    else:
        values = places(cast, builders.closed(platform, clock, cast, teams=["Atlas"])[0])
    # Signed in only now: moving the clock to the closing time ends every session.
    bruno = signed_in(app, cast.bruno_email, cast.password)
    given = token(bruno.get("/coach").get_data(as_text=True))
    for endpoint, method, address in routes(app, OPEN | OWN, values):
        reply = bruno.open(address, method=method, data={"csrf_token": given} if method == "POST" else None)
        assert reply.status_code == 404, endpoint
        assert "Atlas" not in text(reply), endpoint


@ONE_DATABASE
def test_a_coach_without_teams_sees_nobodys(bruno: FlaskClient, cast: builders.Cast, platform: Platform):
    builders.opened(platform, cast)
    for address in ("/coach", "/coach/reports", "/coach/organisation", "/coach/campaigns/new"):
        page = text(bruno.get(address))
        assert not any(team in page for team in builders.SIZES), address


@ONE_DATABASE
def test_a_coach_of_some_teams_sees_these(ada: FlaskClient, cast: builders.Cast, platform: Platform):
    campaign = builders.opened(platform, cast)
    page = text(ada.get(f"/coach/campaigns/{campaign.id}"))
    assert "Atlas" in page
    assert "Cygnus" in page
    assert "Borealis" not in page
    borealis = f"/coach/campaigns/{campaign.id}/teams/{campaign.node('Borealis')}/cards"
    assert ada.get(borealis).status_code == 404


@ONE_DATABASE
def test_a_coach_of_some_teams_does_not_decide_about_the_others(
    ada: FlaskClient, cast: builders.Cast, platform: Platform
):
    campaign = builders.opened(platform, cast)
    reply = send(ada, f"/coach/campaigns/{campaign.id}/void", {"quarter": "2026-Q3"})
    assert reply.status_code == 409
    assert "has teams of other coaches" in text(reply)


@ONE_DATABASE
def test_a_withdrawn_right_ends_at_once(ada: FlaskClient, cast: builders.Cast, platform: Platform):
    campaign = builders.opened(platform, cast, teams=["Atlas"])
    assert ada.get(f"/coach/campaigns/{campaign.id}").status_code == 200
    with platform.transaction() as session:
        session.execute(sa.delete(CoachTeam))
    assert ada.get(f"/coach/campaigns/{campaign.id}").status_code == 404


@ONE_DATABASE
def test_every_form_needs_its_token(app: Flask, cast: builders.Cast, closed: builders.Opened):
    ada = signed_in(app, cast.ada_email, cast.password)
    walked = [route for route in routes(app, {"coach.static"}, places(cast, closed)) if route[1] == "POST"]
    assert len(walked) > 7
    for endpoint, method, address in walked:
        reply = ada.open(address, method=method, data={"csrf_token": "made-up"})
        assert reply.status_code == 400, endpoint
        assert "This form has expired" in text(reply), endpoint


@ONE_DATABASE
@pytest.mark.parametrize("quarter", ["2026-Q5", "latest", "x"])
def test_a_quarter_that_is_none_reads_404(hedy: FlaskClient, cast: builders.Cast, quarter: str):
    assert hedy.get(f"/coach/reports/{quarter}/teams/{cast.teams['Atlas']}").status_code == 404


@ONE_DATABASE
def test_every_page_shows_which_place_it_belongs_to(hedy: FlaskClient, cast: builders.Cast, platform: Platform):
    campaign = builders.opened(platform, cast, teams=["Atlas"])
    for address, place, current in (
        ("/coach/reports", "/coach/reports", "page"),
        ("/coach/organisation/import", "/coach/organisation", "true"),
        (f"/coach/campaigns/{campaign.id}", "/coach", "true"),
        ("/coach/roadmaps", "/coach/roadmaps", "page"),
        (f"/coach/teams/{cast.teams['Atlas']}/roadmap", "/coach/roadmaps", "true"),
        ("/coach/health/import", "/coach/roadmaps", "true"),
    ):
        marked = re.findall(r'<a href="([^"]+)" aria-current="(\w+)"', hedy.get(address).get_data(as_text=True))
        assert marked == [(place, current)], address
