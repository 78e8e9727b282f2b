"""A whole quarter through the doors that people use, and the next one, which looks back at it."""

from __future__ import annotations

import re
from io import BytesIO

import huey
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from assessment.jobs import register
from assessment.services.actor import Actor
from assessment.services.coaches import add_coach
from assessment.services.organisation import set_up
from assessment.services.platform import Platform
from tests.assessment.web.coach.browsing import follow, send, text
from tests.assessment.web.respond.browsing import read
from tests.conftest import Clock, signed_in

EMAIL, PASSWORD = "ada@example.org", "correct-horse-battery"
PEOPLE = "department,team,name,e-mail\n" + "".join(
    f"Infrastructure,{team},{team} Person {number:02},{team.lower()}{number}@example.org\n"
    for team, size in (("Atlas", 12), ("Borealis", 4), ("Cygnus", 5))
    for number in range(size)
)
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\b")


@pytest.fixture
def coach(app: Flask, platform: Platform) -> FlaskClient:
    """Ada, who sees all teams of an organisation that nobody is in yet."""
    set_up(platform, name="Northwind", language="en", timezone="Europe/Berlin")
    add_coach(platform, Actor.operator(), name="Ada", email=EMAIL, password=PASSWORD, sees_all=True)
    return signed_in(app, EMAIL, PASSWORD)


def import_people(coach: FlaskClient) -> None:
    checked = send(coach, "/coach/organisation/import", {"pasted": PEOPLE})
    assert "21" in text(checked)
    page = checked.get_data(as_text=True)
    fields = {name: value for name, value in read(page).fields.items() if name in {"csrf_token", "content"}}
    fields["csrf_token"] = fields.get("csrf_token") or re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    assert "brought up to date" in text(follow(coach, coach.post("/coach/organisation/import/confirm", data=fields)))


def open_quarter(coach: FlaskClient, quarter: str, closes_on: str) -> int:
    """Draft and open a campaign of all teams; return its number."""
    page = coach.get("/coach/campaigns/new").get_data(as_text=True)
    teams = re.findall(r'name="teams"[^>]*value="(\d+)"', page)
    assert len(teams) == 3
    drafted = send(
        coach,
        "/coach/campaigns/new",
        {
            "quarter": quarter,
            "teams": teams,
            "instruments": ["westrum", "blameless"],
            "way": "cards",
            "closes_on": closes_on,
            "closes_at": "18:00",
            "reporting_size": "5",
            "focus": ["messengers"],
            "language": "en",
        },
    )
    address = drafted.headers["Location"]
    assert "Borealis" in text(follow(coach, drafted))
    opened = send(coach, address, {"checked": "y"}, to=f"{address}/open")
    assert opened.status_code == 303
    return int(address.rpartition("/")[2])


def print_cards(coach: FlaskClient, campaign: int) -> dict[str, list[str]]:
    """Print the cards of every team; return the codes on them by team."""
    page = coach.get(f"/coach/campaigns/{campaign}").get_data(as_text=True)
    addresses = sorted(set(re.findall(rf"/coach/campaigns/{campaign}/teams/\d+/cards", page)))
    found: dict[str, list[str]] = {}
    for address in addresses:
        sheet = send(coach, address).get_data(as_text=True)
        team = next(team for team in ("Atlas", "Borealis", "Cygnus") if team in sheet)
        found[team] = sorted(set(CODE.findall(sheet)))
    return found


def answer(app: Flask, code: str, value: int) -> str:
    """Answer with a card as a browser does, every item alike; return where the result will be."""
    browser = app.test_client()
    form = read(browser.get(f"/a/{code.replace('-', '')}").get_data(as_text=True))
    chosen = {name: str(min(value, len(offered) - 1)) for name, offered in form.offered.items()}
    review = read(browser.post("/answer", data=form.filled("review", **chosen)).get_data(as_text=True))
    sent = browser.post("/answer", data=review.filled("send"))
    assert sent.status_code == 303
    assert not sent.headers.getlist("Set-Cookie")
    return sent.headers["Location"].partition("?")[0].replace("/thanks/", "/result/")


def pdf_text(reply: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(reply)).pages).split())


def test_a_quarter_end_to_end_and_the_next_one_looks_back(
    app: Flask, coach: FlaskClient, platform: Platform, clock: Clock
) -> None:
    close = register(huey.MemoryHuey(immediate=True), platform)["close_due"].call_local
    import_people(coach)
    campaign = open_quarter(coach, "2026-Q3", "2026-09-15")
    cards = print_cards(coach, campaign)
    assert {team: len(codes) for team, codes in cards.items()} == {"Atlas": 12, "Borealis": 4, "Cygnus": 5}
    results = {team: [answer(app, code, 2 + n % 2) for n, code in enumerate(codes)] for team, codes in cards.items()}
    again = app.test_client().post("/", data={"code": cards["Atlas"][0]})
    assert "counted" in text(again)
    while_open = app.test_client().get(results["Atlas"][0])
    assert "15 September 2026" in text(while_open)
    close()
    assert "2026-Q3" not in text(coach.get("/coach/reports"))

    clock.move(days=15)
    close()
    coach = signed_in(app, EMAIL, PASSWORD)
    listed = coach.get("/coach/reports").get_data(as_text=True)
    reports = sorted(set(re.findall(r"/coach/reports/2026-Q3/teams/\d+", listed)))
    assert len(reports) == 3
    atlas, borealis = (coach.get(f"{report}.pdf").data for report in reports[:2])
    assert "All 12 people answered" in pdf_text(atlas)
    assert "Withheld" in pdf_text(borealis)
    assert "Cygnus" in text(coach.get(reports[2]))
    respondent = app.test_client().get(results["Atlas"][0])
    assert respondent.status_code == 200
    assert "Atlas" in text(respondent)

    clock.move(days=60)
    coach = signed_in(app, EMAIL, PASSWORD)
    campaign = open_quarter(coach, "2026-Q4", "2026-11-28")
    for codes in print_cards(coach, campaign).values():
        for n, code in enumerate(codes):
            answer(app, code, 5 + n % 2)
    clock.move(days=30)
    close()
    coach = signed_in(app, EMAIL, PASSWORD)
    report = reports[0].replace("2026-Q3", "2026-Q4")
    page = pdf_text(coach.get(f"{report}.pdf").data)
    assert "2026-Q3" in page
    assert "Since last time" in page
    told = coach.get(f"{report}.json").get_json()
    assert told["change"]["messengers"]["status"] == "changed"
    assert told["n_joined"] == told["n_left"] == 0
    assert told["previous_quarter"] == "2026-Q3"
    organisation = re.search(rf"/coach/reports/2026-Q4/organisation/{campaign}", text_of(coach, "/coach/reports"))
    assert organisation is not None
    assert coach.get(organisation[0]).status_code == 200


def text_of(client: FlaskClient, address: str) -> str:
    return client.get(address).get_data(as_text=True)
