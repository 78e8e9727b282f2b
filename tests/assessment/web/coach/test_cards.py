from __future__ import annotations

import re

from flask.testing import FlaskClient

from assessment.services.find_door import card_door
from assessment.services.platform import Platform
from assessment.web.coach.cards import qr
from tests import builders
from tests.assessment.web.coach.browsing import ONE_DATABASE, send, text
from tests.assessment.web.coach.test_campaigns import NEW, form

CODE = re.compile(r'class="code typed">([0-9A-Z-]{19})<')


def an_open_one(client: FlaskClient, cast: builders.Cast, **others: object) -> str:
    address = send(client, NEW, form(cast, **others)).headers["Location"]
    send(client, address, {"checked": "y"}, to=f"{address}/open")
    return address


def place(client: FlaskClient, campaign: str, what: str) -> str:
    """Return the address of the first team's cards or poster."""
    found = re.search(rf'href="({campaign}/teams/\d+/{what})"', client.get(campaign).get_data(as_text=True))
    assert found is not None
    return found[1]


def test_it_prints_as_many_cards_as_people_and_they_open_the_form(
    ada: FlaskClient, cast: builders.Cast, platform: Platform
):
    address = place(ada, an_open_one(ada, cast, teams=[cast.teams["Atlas"]]), "cards")
    assert "12 cards, one for each person of the team. 2 pages of A4 to cut." in text(ada.get(address))
    page = send(ada, address).get_data(as_text=True)
    codes = CODE.findall(page)
    assert len(set(codes)) == 12
    assert page.count("<section") == 2
    assert card_door(platform, codes[0]).team == "Atlas"
    assert page.count("http://127.0.0.1:8000") == 0
    assert "15. September 2026, 18:00 MESZ" in page
    assert "Back to the campaign" in page


@ONE_DATABASE
def test_the_sheet_is_kept_nowhere(ada: FlaskClient, cast: builders.Cast):
    address = place(ada, an_open_one(ada, cast), "cards")
    reply = send(ada, address)
    assert reply.headers["Cache-Control"] == "no-store"
    assert not CODE.findall(ada.get(address).get_data(as_text=True))


@ONE_DATABASE
def test_printing_again_voids_the_cards_before_and_is_possible_once_a_day(
    ada: FlaskClient, cast: builders.Cast, platform: Platform
):
    address = place(ada, an_open_one(ada, cast), "cards")
    before = CODE.findall(send(ada, address).get_data(as_text=True))
    after = CODE.findall(send(ada, address).get_data(as_text=True))
    assert not set(before) & set(after)
    refused = send(ada, address)
    assert refused.status_code == 409
    assert "print again from 2026-09-02 on" in text(refused)
    assert card_door(platform, after[0]).team == "Atlas"


@ONE_DATABASE
def test_an_open_link_has_a_poster_in_the_language_of_the_campaign(ada: FlaskClient, cast: builders.Cast):
    campaign = an_open_one(ada, cast, way="open_link", teams=[cast.teams["Atlas"]])
    address = place(ada, campaign, "poster")
    page = ada.get(address)
    assert 'lang="de"' in page.get_data(as_text=True)
    assert re.search(r"http://127\.0\.0\.1:8000/l/[\w-]{22}", text(page))
    assert ada.get(address.replace("poster", "cards")).status_code == 404


@ONE_DATABASE
def test_cards_have_no_poster(ada: FlaskClient, cast: builders.Cast):
    address = place(ada, an_open_one(ada, cast), "cards")
    assert ada.get(address.replace("cards", "poster")).status_code == 404
    assert ada.get(address.replace("/teams/", "/teams/99")).status_code == 404


def test_a_qr_code_is_a_picture_with_a_name_and_no_styles():
    picture = str(qr("https://example.org/a/X", "Opens <it>"))
    assert picture.startswith("<svg")
    assert "<title>Opens &lt;it&gt;</title>" in picture
    assert "style" not in picture
