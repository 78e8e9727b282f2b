from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient

from assessment.services.organisation import get_organisation
from assessment.services.platform import Platform
from tests import builders
from tests.assessment.web.coach.browsing import ONE_DATABASE, follow, send, text, token

IMPORT = "/coach/organisation/import"
GOOD = "department;team;name;email\nProducts;Delphinus;Zoë Åberg;zoe@example.org\nProducts;Delphinus;Max;\n"
BAD = "department;team;name;email\n;Delphinus;Zoë;zoe@example.org\nProducts;Delphinus;;\nProducts;D;Max;no-address\n"


def n_teams(platform: Platform) -> int:
    found = get_organisation(platform)
    return len(found.teams) if found else 0


@ONE_DATABASE
def test_it_counts_people_and_names_none(hedy: FlaskClient, cast: builders.Cast):
    page = text(hedy.get("/coach/organisation"))
    assert "2 departments, 3 teams, 21 people" in page
    assert "Person" not in page
    assert "Borealis 4 below 5" in page


@ONE_DATABASE
def test_it_shows_a_coach_their_own_teams(ada: FlaskClient, cast: builders.Cast):
    page = text(ada.get("/coach/organisation"))
    assert "your teams only" in page
    assert "Borealis" not in page


@ONE_DATABASE
def test_only_who_sees_all_teams_imports(ada: FlaskClient, cast: builders.Cast):
    assert ada.get(IMPORT).status_code == 404
    assert IMPORT not in ada.get("/coach/organisation").get_data(as_text=True)


def test_a_dry_run_stores_nothing_and_the_confirmed_one_everything(
    hedy: FlaskClient, cast: builders.Cast, platform: Platform
):
    checked = send(hedy, IMPORT, {"pasted": GOOD})
    page = checked.get_data(as_text=True)
    assert "New teams 1" in text(checked)
    assert "In the organisation, but not in this table 21" in text(checked)
    assert n_teams(platform) == 3
    content = re.search(r'name="content" value="([^"]+)"', page)
    assert content is not None
    reply = hedy.post(f"{IMPORT}/confirm", data={"csrf_token": token(page), "content": content[1]})
    assert "The organisation was brought up to date." in text(follow(hedy, reply))
    assert n_teams(platform) == 4


@ONE_DATABASE
def test_people_who_are_missing_go_only_when_asked(hedy: FlaskClient, cast: builders.Cast, platform: Platform):
    page = send(hedy, IMPORT, {"pasted": GOOD}).get_data(as_text=True)
    content = re.search(r'name="content" value="([^"]+)"', page)
    assert content is not None
    form = {"csrf_token": token(page), "content": content[1], "remove_missing": "y"}
    hedy.post(f"{IMPORT}/confirm", data=form)
    assert "2 people" in text(hedy.get("/coach/organisation"))


@ONE_DATABASE
def test_it_lists_every_problem_by_its_line_and_keeps_what_was_pasted(
    hedy: FlaskClient, cast: builders.Cast, platform: Platform
):
    reply = send(hedy, IMPORT, {"pasted": BAD})
    page = text(reply)
    assert reply.status_code == 422
    assert "3 problems to solve first" in page
    assert [line for line in ("Line 2 ", "Line 3 ", "Line 4 ") if line in page] == ["Line 2 ", "Line 3 ", "Line 4 "]
    assert "Zoë" in page
    assert "/confirm" not in reply.get_data(as_text=True)
    assert n_teams(platform) == 3


@ONE_DATABASE
def test_a_file_counts_before_pasted_text(hedy: FlaskClient, cast: builders.Cast):
    given = token(hedy.get(IMPORT).get_data(as_text=True))
    data = {"csrf_token": given, "pasted": BAD, "file": (io.BytesIO(GOOD.encode("utf-16")), "people.csv")}
    reply = hedy.post(IMPORT, data=data, content_type="multipart/form-data")
    assert "Zoë Åberg Delphinus" in text(reply)


@ONE_DATABASE
@pytest.mark.parametrize(
    ("pasted", "words"),
    [("", "Paste the table or choose a file first."), ("one;two\n1;2\n", "Import the organisation")],
)
def test_it_says_what_is_wrong_with_the_table(hedy: FlaskClient, cast: builders.Cast, pasted: str, words: str):
    reply = send(hedy, IMPORT, {"pasted": pasted})
    assert reply.status_code == 422
    assert words in text(reply)


@ONE_DATABASE
def test_a_garbled_confirmation_stores_nothing(hedy: FlaskClient, cast: builders.Cast, platform: Platform):
    reply = send(hedy, IMPORT, {"content": "%%%"}, to=f"{IMPORT}/confirm")
    assert reply.status_code == 400
    assert n_teams(platform) == 3


@ONE_DATABASE
def test_a_confirmation_with_problems_shows_them(hedy: FlaskClient, cast: builders.Cast, platform: Platform):
    import base64

    reply = send(hedy, IMPORT, {"content": base64.b64encode(BAD.encode()).decode()}, to=f"{IMPORT}/confirm")
    assert reply.status_code == 422
    assert "3 problems to solve first" in text(reply)
    assert n_teams(platform) == 3
