"""Invitations by e-mail as a coach meets them, from the draft to the reminder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from assessment.domain.words import fingerprint_words
from assessment.jobs import make_queue, register
from assessment.services.list_invitees import list_invitees, team_key
from assessment.services.platform import Platform
from assessment.services.send_mail import send_waiting
from assessment.storage.models import Member
from assessment.web import create_app
from tests import builders
from tests.assessment.web.coach.browsing import ONE_DATABASE, follow, send, text
from tests.assessment.web.coach.test_campaigns import NEW, form
from tests.conftest import signed_in
from tests.mail_server import free_port, in_folder, with_mail


@pytest.fixture
def campaign(platform: Platform, cast: builders.Cast) -> builders.Opened:
    opened = builders.opened(platform, cast, teams=["Atlas", "Cygnus"], way="email")
    send_waiting(platform)
    return opened


def work(platform: Platform) -> list[str]:
    """Do what the pages left in the queue; return the names of the tasks."""
    queue = make_queue(platform.settings)
    register(queue, platform)
    done = []
    while (task := queue.dequeue()) is not None:
        done.append(task.name)
        queue.execute(task)
    queue.storage.close()
    return done


def ada_at(platform: Platform, cast: builders.Cast) -> FlaskClient:
    return signed_in(create_app(platform), cast.ada_email, cast.password)


def test_it_is_drafted_opened_in_the_background_and_mailed(
    ada: FlaskClient, cast: builders.Cast, platform: Platform, tmp_path: Path
):
    address = send(ada, NEW, form(cast, way="email")).headers["Location"]
    assert "E-mail invitations" in text(ada.get(address))
    waiting = follow(ada, send(ada, address, {"checked": "y"}, to=f"{address}/open"))
    assert "The campaign is being opened: 0 of 2 keys made." in text(waiting)
    assert waiting.headers["Refresh"] == "2"
    assert send(ada, "/coach", to=f"{address}/delete").status_code == 409
    assert work(platform)[0] == "finish_openings"
    page = ada.get(address)
    assert "Refresh" not in page.headers
    assert "mails: 12 sent, 0 waiting" in text(page)
    assert len(in_folder(tmp_path / "mail")) == 17


@ONE_DATABASE
def test_what_it_needs_is_said_where_it_is_offered(platform: Platform, cast: builders.Cast):
    page = text(ada_at(platform, cast).get(NEW))
    assert "Needs HTTPS, mail settings and an address for every member." in page
    lacking = replace(platform.settings, mail_url="", mail_from="", base_url="http://assessment.example.org")
    reply = ada_at(replace(platform, settings=lacking), cast).get(NEW)
    assert 'name="way" value="email" disabled' in reply.get_data(as_text=True)
    assert "mail_url and mail_from are not set" in text(reply)
    assert "Set base_url to an address that begins with https://" in text(reply)


@ONE_DATABASE
def test_a_draft_says_what_keeps_its_mails_from_being_sent(platform: Platform, cast: builders.Cast):
    draft = f"/coach/campaigns/{builders.draft(platform, cast, teams=['Cygnus'], way='email')}"
    with platform.transaction() as session:
        session.query(Member).filter_by(email="cygnus0@example.org").one().email = None
    lacking = replace(platform.settings, mail_url="", mail_from="", base_url="http://assessment.example.org")
    ada = ada_at(replace(platform, settings=lacking), cast)
    page = text(ada.get(draft))
    for words in ("need HTTPS", "mail_url and mail_from are not set", "Cygnus has people without an e-mail address"):
        assert words in page
    assert "Send a test mail" not in page
    assert send(ada, draft, {"checked": "y"}, to=f"{draft}/open").status_code == 409


@ONE_DATABASE
def test_the_page_tells_what_became_of_the_mails(ada: FlaskClient, campaign: builders.Opened):
    page = text(ada.get(f"/coach/campaigns/{campaign.id}"))
    assert "mails: 12 sent, 0 waiting" in page
    assert "could not be delivered" not in page
    assert "This is a dry run" in page
    people = text(ada.get(f"/coach/campaigns/{campaign.id}/teams/{campaign.node('Cygnus')}/addresses"))
    assert people.count("@example.org") == 5
    assert "Cygnus Person 00 cygnus0@example.org sent" in people


def test_an_address_is_corrected(
    ada: FlaskClient, cast: builders.Cast, platform: Platform, campaign: builders.Opened, tmp_path: Path
):
    node = campaign.node("Cygnus")
    address = f"/coach/campaigns/{campaign.id}/teams/{node}/addresses"
    someone = list_invitees(platform, cast.ada, campaign.id, node)[0]
    refused = send(ada, address, {"member_id": someone.member_id, "email": "atlas1@example.org"})
    assert refused.status_code == 422
    assert "somebody else has this address" in text(refused)
    assert send(ada, address, {"member_id": someone.member_id, "email": ""}).status_code == 422
    reply = send(ada, address, {"member_id": someone.member_id, "email": "new@example.org"})
    assert "The address was corrected." in text(follow(ada, reply))
    assert work(platform) == ["send_mail"]
    recipients = sorted(mail["To"] for mail in in_folder(tmp_path / "mail"))
    assert recipients.count("new@example.org") == 1
    assert recipients.count("cygnus0@example.org") == 2


def test_everybody_is_reminded_once_a_day(
    ada: FlaskClient, platform: Platform, campaign: builders.Opened, tmp_path: Path
):
    address = f"/coach/campaigns/{campaign.id}"
    page = text(follow(ada, send(ada, address, to=f"{address}/remind")))
    assert "A reminder is on its way to everybody." in page
    assert "Everybody was reminded today." in page
    assert "mails: 0 sent, 12 waiting" in page
    work(platform)
    assert len(in_folder(tmp_path / "mail")) == 34
    again = send(ada, address, to=f"{address}/remind")
    assert again.status_code == 409
    assert "remind again from 2026-09-02 on" in text(again)


@ONE_DATABASE
def test_a_test_mail_goes_to_the_coach(
    platform: Platform, cast: builders.Cast, campaign: builders.Opened, tmp_path: Path
):
    address = f"/coach/campaigns/{campaign.id}"
    ada = ada_at(platform, cast)
    page = text(follow(ada, send(ada, address, to=f"{address}/test-mail")))
    assert "A test mail to ada@example.org was written into the folder of the dry run" in page
    assert [mail["To"] for mail in in_folder(tmp_path / "mail")].count("ada@example.org") == 1
    down = ada_at(with_mail(platform, f"smtp://127.0.0.1:{free_port()}"), cast)
    assert "Connection refused" in text(follow(down, send(down, address, to=f"{address}/test-mail")))


@ONE_DATABASE
def test_the_team_sheet_shows_the_words_in_the_language_of_the_campaign(
    ada: FlaskClient, cast: builders.Cast, platform: Platform
):
    campaign = builders.opened(platform, cast, teams=["Atlas"], way="email", language="de")
    node = campaign.node("Atlas")
    reply = ada.get(f"/coach/campaigns/{campaign.id}/teams/{node}/poster")
    assert 'lang="de"' in reply.get_data(as_text=True)
    assert " ".join(fingerprint_words(team_key(platform, cast.ada, campaign.id, node))) in text(reply)
    assert "15. September 2026" in text(reply)


@ONE_DATABASE
def test_cards_have_no_addresses_and_other_coaches_teams_show_none(
    ada: FlaskClient, cast: builders.Cast, platform: Platform
):
    cards = builders.opened(platform, cast, teams=["Atlas"])
    mails = builders.opened(platform, cast, teams=["Borealis"], way="email")
    assert ada.get(f"/coach/campaigns/{cards.id}/teams/{cards.node('Atlas')}/addresses").status_code == 404
    assert ada.get(f"/coach/campaigns/{mails.id}/teams/{mails.node('Borealis')}/addresses").status_code == 404
    assert "Remind everybody" not in text(ada.get(f"/coach/campaigns/{cards.id}"))


@ONE_DATABASE
def test_that_a_lost_key_leaves_only_voiding_is_said(ada: FlaskClient, cast: builders.Cast, platform: Platform):
    plain = builders.opened(platform, cast, teams=["Atlas"])
    wrapped = builders.opened(platform, cast, teams=["Cygnus"], passphrase="only the coach knows")
    assert "If its key is lost before the closing time" in text(ada.get(f"/coach/campaigns/{plain.id}"))
    assert "If the passphrase of its key is lost" in text(ada.get(f"/coach/campaigns/{wrapped.id}"))
