from __future__ import annotations

from datetime import UTC, datetime

from flask.testing import FlaskClient

from assessment.services import organisation as organisations
from assessment.services.coaches import add_coach
from assessment.services.platform import Platform
from assessment.services.refresh_participation import refresh_participation
from assessment.services.void_campaign import void_campaign
from tests import builders
from tests.assessment.web.coach.browsing import ONE_DATABASE, text
from tests.conftest import Clock, signed_in

pytestmark = ONE_DATABASE


def test_it_leads_a_newcomer_through_the_first_steps(app, platform: Platform, cast: builders.Cast, hedy: FlaskClient):
    page = text(hedy.get("/coach/"))
    assert "From here to the first answers takes four steps." in page
    assert "3 teams are there." in page


def test_it_starts_with_the_import_in_an_empty_organisation(app, platform: Platform):
    organisations.set_up(platform, name="Northwind", language="en", timezone="Europe/Berlin")
    add_coach(platform, builders.Actor.operator(), name="Ida", email="i@example.org", password="x" * 12, sees_all=True)
    ida = signed_in(app, "i@example.org", "x" * 12)
    page = ida.get("/coach").get_data(as_text=True)
    assert "/coach/organisation/import" in page
    assert "/coach/campaigns/new" not in page
    assert "First the teams" in text(ida.get("/coach/campaigns/new"))
    assert "No teams yet." in text(ida.get("/coach/organisation"))


def test_it_names_the_command_before_set_up(app, platform: Platform):
    add_coach(platform, builders.Actor.operator(), name="Ida", email="i@example.org", password="x" * 12, sees_all=True)
    ida = signed_in(app, "i@example.org", "x" * 12)
    for address in ("/coach", "/coach/organisation"):
        assert "assessment init" in text(ida.get(address))


def test_participation_is_told_in_halves_and_by_the_day(
    hedy: FlaskClient, platform: Platform, cast: builders.Cast, clock: Clock
):
    campaign = builders.opened(platform, cast)
    builders.answer(platform, campaign, "Atlas", n=7)
    builders.answer(platform, campaign, "Cygnus", n=5)
    page = text(hedy.get("/coach"))
    assert "Participation is counted once a day, the first time tomorrow." in page
    clock.set(datetime(2026, 9, 2, 4, 30, tzinfo=UTC))
    refresh_participation(platform)
    hedy = signed_in(hedy.application, cast.hedy_email, cast.password)
    page = text(hedy.get("/coach"))
    assert "half or more answered 1 under half answered 0 not told 2" in page
    assert "As of 2 September 2026; counted once a day." in page
    page = text(hedy.get(f"/coach/campaigns/{campaign.id}"))
    assert "Cygnus Products Invited" not in page
    assert "not told below 8 invited" in page
    assert "7" not in page.partition("Frozen at opening")[0].partition("Atlas")[2].partition("Borealis")[0]


def test_it_lists_what_is_prepared_closed_and_void(
    hedy: FlaskClient, platform: Platform, cast: builders.Cast, clock: Clock
):
    voided = builders.opened(platform, cast, teams=["Atlas"], quarter="2026-Q4")
    void_campaign(platform, cast.operator, voided.id)
    builders.closed(platform, clock, cast)
    builders.draft(platform, cast, quarter="2027-Q1")
    hedy = signed_in(hedy.application, cast.hedy_email, cast.password)
    page = text(hedy.get("/coach"))
    for words in ("No campaign is open.", "Q1 2027 3 teams would close", "Q3 2026 4 reports", "Q4 2026 Void 1 team"):
        assert words in page
    assert "12 of 12" in page
    assert "Withheld: why Borealis" in page
