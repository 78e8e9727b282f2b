"""Drafting, opening, voiding: what a coach meets on the way."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assessment.services.campaigns import get_campaign
from assessment.services.coaches import add_coach
from assessment.services.platform import Platform
from tests import builders
from tests.assessment.web.coach.browsing import ONE_DATABASE, follow, send, text
from tests.conftest import Clock, signed_in

NEW = "/coach/campaigns/new"


def form(cast: builders.Cast, **others: Any) -> dict[str, Any]:
    return {
        "quarter": "2026-Q3",
        "teams": [cast.teams["Atlas"], cast.teams["Cygnus"]],
        "instruments": ["westrum", "blameless"],
        "way": "cards",
        "closes_on": "2026-09-15",
        "closes_at": "18:00",
        "reporting_size": "5",
        "focus": ["messengers"],
        "language": "de",
    } | others


def test_it_drafts_changes_and_opens(ada: FlaskClient, cast: builders.Cast, platform: Platform):
    reply = send(ada, NEW, form(cast))
    address = reply.headers["Location"]
    campaign_id = int(address.rpartition("/")[2])
    page = text(follow(ada, reply))
    for words in ("15 September 2026, 18:00 CEST", "17 people in 2 teams", "Messengers", "report from 5 answers"):
        assert words in page
    changed = send(ada, f"{address}/edit", form(cast, way="open_link", teams=[cast.teams["Cygnus"]]))
    page = text(follow(ada, changed))
    assert "The draft was changed." in page
    assert "1 team is too small for a report of its own" in page
    assert "no report of its own: below 8" in page
    opened = send(ada, address, {"checked": "y"}, to=f"{address}/open")
    assert "The campaign for 2026-Q3 is open." in text(follow(ada, opened))
    view = get_campaign(platform, cast.ada, campaign_id)
    assert (view.state, view.way, view.reporting_size, view.focus) == ("open", "open_link", 5, ("messengers",))
    assert view.closes_at.isoformat() == "2026-09-15T16:00:00+00:00"


@ONE_DATABASE
def test_a_new_draft_proposes_what_most_want(ada: FlaskClient, cast: builders.Cast):
    page = ada.get(NEW).get_data(as_text=True)
    assert 'value="2026-Q3" selected' in page
    assert 'name="closes_on" value="2026-09-15"' in page
    assert 'name="closes_at" value="18:00"' in page
    assert 'name="reporting_size" min="5" max="50" inputmode="numeric" value="5"' in page
    assert "24 questions, about 5 minutes" in text(ada.get(NEW))
    assert "Borealis" not in page


@ONE_DATABASE
def test_the_role_is_asked_for_only_when_its_box_is_ticked(hedy: FlaskClient, cast: builders.Cast, platform: Platform):
    page = hedy.get(NEW).get_data(as_text=True)
    assert 'name="role" value="y">' in page, "not unless somebody ticks it"
    assert 'value="roles"' not in page
    assert "compared for the whole organisation only, from 10 answers of a role in 3 teams on" in text(hedy.get(NEW))
    every = form(cast, teams=[*cast.teams.values()])
    address = send(hedy, NEW, every | {"role": "y"}).headers["Location"]
    assert "Role asked, optional" in text(hedy.get(address))
    campaign_id = int(address.rpartition("/")[2])
    assert get_campaign(platform, cast.hedy, campaign_id).instruments == ("westrum", "blameless", "roles")
    assert 'name="role" value="y" checked' in hedy.get(f"{address}/edit").get_data(as_text=True)
    assert "Role not asked" in text(follow(hedy, send(hedy, f"{address}/edit", every)))
    assert get_campaign(platform, cast.hedy, campaign_id).instruments == ("westrum", "blameless")


@ONE_DATABASE
def test_the_role_is_refused_where_it_could_never_be_shown(ada: FlaskClient, cast: builders.Cast):
    reply = send(ada, NEW, form(cast) | {"role": "y"})
    assert reply.status_code == 422
    assert "choose more teams, or do not ask for the role" in text(reply)
    assert 'name="role" value="y" checked' in reply.get_data(as_text=True)


@ONE_DATABASE
@pytest.mark.parametrize(
    ("others", "words"),
    [
        ({"teams": []}, "Choose at least one team."),
        ({"instruments": []}, "Choose at least one questionnaire."),
        ({"instruments": ["westrum", "westrum-short"]}, "Two of the chosen questionnaires ask about the same thing"),
        ({"reporting_size": "4"}, "The reporting size is 5 to 50"),
        ({"reporting_size": "many"}, "Write the reporting size as a whole number."),
        ({"closes_on": "2026-08-01"}, "The closing time has passed already"),
        ({"closes_on": "soon"}, "Write the day as year, month and day, such as 2026-09-30."),
        ({"closes_at": ""}, "Choose the time at which the campaign closes."),
        ({"focus": ["messengers", "novelty", "inquiry"]}, "Choose one or two focus aspects, or none."),
        ({"instruments": ["blameless"]}, "focus"),
        ({"way": "imported"}, "Choose one of the values that are offered."),
    ],
)
def test_it_names_what_is_wrong_and_keeps_the_rest(
    ada: FlaskClient, cast: builders.Cast, platform: Platform, others: dict[str, Any], words: str
):
    reply = send(ada, NEW, form(cast, **others))
    assert reply.status_code == 422
    assert words in text(reply)
    assert "Q3 2026" in text(reply)


@ONE_DATABASE
def test_somebody_elses_team_cannot_be_chosen(ada: FlaskClient, cast: builders.Cast):
    reply = send(ada, NEW, form(cast, teams=[cast.teams["Borealis"]]))
    assert reply.status_code == 422


@ONE_DATABASE
def test_it_says_what_stands_in_the_way_of_opening(ada: FlaskClient, cast: builders.Cast, platform: Platform):
    builders.opened(platform, cast, teams=["Atlas"])
    address = send(ada, NEW, form(cast)).headers["Location"]
    page = text(ada.get(address))
    assert "Before it can be opened Atlas already has a campaign for 2026-Q3" in page
    reply = send(ada, address, {"checked": "y"}, to=f"{address}/open")
    assert reply.status_code == 409


@ONE_DATABASE
def test_opening_needs_the_box(ada: FlaskClient, cast: builders.Cast, platform: Platform):
    address = send(ada, NEW, form(cast)).headers["Location"]
    reply = send(ada, address, to=f"{address}/open")
    assert reply.status_code == 422
    assert "Tick the box" in text(reply)


@ONE_DATABASE
def test_it_deletes_a_draft(ada: FlaskClient, cast: builders.Cast):
    address = send(ada, NEW, form(cast)).headers["Location"]
    page = text(follow(ada, send(ada, address, to=f"{address}/delete")))
    assert "The draft for 2026-Q3 was deleted." in page
    assert ada.get(address).status_code == 404


@ONE_DATABASE
def test_what_is_open_cannot_be_changed(ada: FlaskClient, cast: builders.Cast, platform: Platform):
    address = f"/coach/campaigns/{builders.opened(platform, cast, teams=['Atlas']).id}"
    assert ada.get(f"{address}/edit").status_code == 404
    for step in ("open", "delete"):
        assert send(ada, f"{address}/void", {"checked": "y"}, to=f"{address}/{step}").status_code == 404


def test_it_voids_once_the_quarter_is_typed(ada: FlaskClient, cast: builders.Cast, platform: Platform):
    campaign = builders.opened(platform, cast, teams=["Atlas"])
    address = f"/coach/campaigns/{campaign.id}"
    refused = send(ada, f"{address}/void", {"quarter": "2026-Q2"})
    assert refused.status_code == 422
    assert "nothing was destroyed" in text(refused)
    assert get_campaign(platform, cast.ada, campaign.id).state == "open"
    page = text(follow(ada, send(ada, f"{address}/void", {"quarter": " 2026-q3 "})))
    assert "This campaign was voided." in page
    assert get_campaign(platform, cast.ada, campaign.id).state == "void"


@ONE_DATABASE
def test_after_the_closing_time_it_waits_for_the_closing_job(
    client: FlaskClient, cast: builders.Cast, platform: Platform, clock: Clock
):
    campaign = builders.opened(platform, cast, teams=["Atlas"])
    clock.set(campaign.view.closes_at)
    ada = signed_in(client.application, cast.ada_email, cast.password)
    page = text(ada.get(f"/coach/campaigns/{campaign.id}"))
    assert "No more answers are taken." in page
    assert "Print cards" not in page


@ONE_DATABASE
def test_a_coach_of_one_team_finds_it_chosen(app: Flask, ada: FlaskClient, cast: builders.Cast, platform: Platform):
    add_coach(platform, cast.operator, name="Cleo", email="cleo@example.org", password=cast.password, teams=["Cygnus"])
    cleo = signed_in(app, "cleo@example.org", cast.password)
    boxes = re.compile(r'name="teams" value="(\d+)"( checked)?')
    assert boxes.findall(cleo.get(NEW).get_data(as_text=True)) == [(str(cast.teams["Cygnus"]), " checked")]
    assert not any(checked for _, checked in boxes.findall(ada.get(NEW).get_data(as_text=True)))
