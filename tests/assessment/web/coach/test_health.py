"""Health facts typed by coaches, and imported from their spreadsheets."""

from __future__ import annotations

import csv
import io
import re

from flask.testing import FlaskClient

from assessment.services.list_health import list_health
from assessment.services.platform import Platform
from tests.assessment.services.agreeing import QUARTER
from tests.assessment.web.coach.browsing import ONE_DATABASE, follow, send, text
from tests.builders import Cast

IMPORT = "/coach/health/import"


def place(cast: Cast, team: str = "Atlas", quarter: str = QUARTER) -> str:
    return f"/coach/teams/{cast.teams[team]}/health/{quarter}"


def test_facts_are_typed_as_people_type_them_and_may_stay_empty(ada: FlaskClient, platform: Platform, cast: Cast):
    page = place(cast)
    first = text(ada.get(page))
    assert "Pages per engineer on call and week" in first
    assert "target: under 2" in first
    typed = {"pages_per_week": "2,5", "toil": "40 %", "reviews_due": "4", "page_shares": "1 9 7 4 4 2 1 0"}
    stored = follow(ada, send(ada, page, typed))
    assert "The facts of 2026-Q3 are stored." in text(stored)
    assert "2.5 under 2 ! outside" in text(stored)
    assert "40 % under 50 %, and not rising ✓ within" in text(stored)
    (known,) = list_health(platform, cast.ada, cast.teams["Atlas"])
    assert known.facts == {"pages_per_week": 2.5, "toil": 0.4, "reviews_due": 4}
    assert known.page_shares == (9, 7, 4, 4, 2, 1, 1, 0)
    again = stored.get_data(as_text=True)
    assert {'value="2.5"', 'value="40 %"', 'value="4"', 'value="9 7 4 4 2 1 1 0"'} <= set(
        re.findall(r'value="[^"]*"', again)
    )
    send(ada, page, dict.fromkeys(typed, "") | {"toil": "40 %"})
    (known,) = list_health(platform, cast.ada, cast.teams["Atlas"])
    assert (known.facts, known.page_shares) == ({"toil": 0.4}, ())


@ONE_DATABASE
def test_what_cannot_be_says_so_at_its_field_and_keeps_the_rest(ada: FlaskClient, platform: Platform, cast: Cast):
    page = place(cast)
    wrong = send(ada, page, {"toil": "much", "reviews_due": "1.5", "night_pages": "0,5", "page_shares": "3 2 1"})
    assert wrong.status_code == 422
    shown = wrong.get_data(as_text=True)
    for name in ("toil", "reviews_due", "page_shares"):
        assert f'id="{name}-error"' in shown
    assert "would be data about single people" in text(wrong)
    assert 'value="0,5"' in shown
    more = send(ada, page, {"reviews_due": "1", "reviews_written": "2"})
    assert "it cannot be more than" in text(more)
    assert list_health(platform, cast.ada, cast.teams["Atlas"]) == ()


@ONE_DATABASE
def test_quarters_that_have_begun_can_be_chosen(ada: FlaskClient, cast: Cast):
    atlas = cast.teams["Atlas"]
    assert ada.get(f"/coach/teams/{atlas}/health").headers["Location"].endswith("/health/2026-Q3")
    assert ada.get(place(cast, quarter="2026-Q4")).status_code == 404
    assert ada.get(place(cast, quarter="x")).status_code == 404
    assert ada.get(place(cast, quarter="2024-Q1")).status_code == 200
    assert ada.get(place(cast, "Borealis")).status_code == 404
    german = ada.get(place(cast) + "?lang=de")
    assert "Atlas" in text(german)


@ONE_DATABASE
def test_a_table_is_downloaded_filled_in_checked_and_imported(ada: FlaskClient, platform: Platform, cast: Cast):
    template = ada.get("/coach/health/template.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(template)))
    assert [row["team"] for row in rows] == ["Atlas", "Cygnus"]
    rows[0] |= {"toil": "0.3", "pages_per_week": "1.5"}
    filled = io.StringIO()
    writer = csv.DictWriter(filled, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    checked = send(ada, IMPORT, {"pasted": filled.getvalue(), "quarter": "2026-Q2"})
    assert "Nothing is stored yet." in text(checked)
    assert "Toil: 30 %" in text(checked)
    assert list_health(platform, cast.ada, cast.teams["Atlas"]) == ()
    fields = dict(re.findall(r'name="(\w+)" value="([^"]+)"', checked.get_data(as_text=True)))
    done = ada.post(f"{IMPORT}/confirm", data=fields)
    assert "Facts of 2 teams are stored." in text(follow(ada, done))
    (known,) = list_health(platform, cast.ada, cast.teams["Atlas"])
    assert (known.quarter, known.facts) == ("2026-Q2", {"toil": 0.3, "pages_per_week": 1.5})


@ONE_DATABASE
def test_problems_are_told_by_line_and_nothing_is_stored(ada: FlaskClient, platform: Platform, cast: Cast):
    table = "team,toil,page_shares\nAtlas,0.3,\nBorealis,0.4,\nCygnus,much,3 2 1\n"
    checked = send(ada, IMPORT, {"pasted": table, "quarter": QUARTER})
    assert checked.status_code == 422
    assert "3 problems to solve first" in text(checked)
    assert "there is no such team" in text(checked)
    assert "Borealis,0.4" in checked.get_data(as_text=True)
    assert list_health(platform, cast.ada, cast.teams["Atlas"]) == ()
    empty = send(ada, IMPORT, {"quarter": QUARTER})
    assert "Paste the table or choose a file first." in text(empty)
    for pasted, quarter in (("people\nAtlas\n", QUARTER), ("team\nAtlas\n", "2099-Q1")):
        assert send(ada, IMPORT, {"pasted": pasted, "quarter": quarter}).status_code == 422
    garbled = send(ada, IMPORT, {"content": "%%%", "quarter": QUARTER}, to=f"{IMPORT}/confirm")
    assert garbled.status_code == 400


@ONE_DATABASE
def test_somebody_without_a_team_has_an_empty_table(bruno: FlaskClient):
    assert bruno.get("/coach/health/template.csv").data.decode("utf-8-sig").count("\r\n") == 1
    assert "No team is yours yet." in text(bruno.get("/coach/roadmaps"))
    checked = send(bruno, IMPORT, {"pasted": "team,toil\nAtlas,0.3\n", "quarter": QUARTER})
    assert "there is no such team" in text(checked)
