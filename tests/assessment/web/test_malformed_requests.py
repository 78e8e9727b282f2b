"""What no browser sends: it gets a page that says so, is never stored, costs little and is no error of the server."""

from __future__ import annotations

import re
import time
from base64 import b64encode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assessment.services.organisation import get_organisation
from assessment.services.platform import Platform
from assessment.web.limits import LARGEST_FORM, LARGEST_IMPORT
from tests.builders import Cast
from tests.conftest import signed_in

FORM = "application/x-www-form-urlencoded"
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    # As in production: what is unexpected is answered with 500 instead of reaching the test.
    app.config["TESTING"] = app.config["PROPAGATE_EXCEPTIONS"] = False
    return app.test_client()


@pytest.fixture
def hedy(client: FlaskClient, app: Flask, cast: Cast) -> FlaskClient:
    return signed_in(app, cast.hedy_email, cast.password)


def token(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="?csrf_token"?[^>]*value="?([^"\s>]+)', client.get(path).get_data(as_text=True))
    assert found is not None
    return found[1]


@pytest.mark.parametrize("path", ["/l/%00", "/a/%00", "/thanks/%00", "/result/a%00b", "/%00", "/?lang=%00"])
def test_a_null_character_in_an_address_opens_nothing(client: FlaskClient, path: str):
    assert client.get(path).status_code in {400, 404}


def test_nor_does_one_in_a_form(client: FlaskClient, cast: Cast):
    form = {"email": "ada\0@example.org", "password": "\0", "csrf_token": token(client, "/coach/sign-in")}
    assert client.post("/coach/sign-in", data=form).status_code == 400
    for form in ({"code": "\0"}, {"link": "\0" * 22, "nonce": "\0" * 22}):
        assert client.post("/answer", data=form).status_code == 404


def test_in_a_table_it_means_nothing(hedy: FlaskClient, platform: Platform):
    content = b64encode(b"department,team,name,email\nSales,Dr\0aco,Di\0ana,diana@example.org\n").decode()
    form = {"csrf_token": token(hedy, "/coach/organisation/import"), "content": content}
    assert hedy.post("/coach/organisation/import/confirm", data=form).status_code == 303
    found = get_organisation(platform)
    assert found is not None
    assert "Draco" in {team.name for team in found.teams}


@pytest.mark.parametrize(
    "path",
    [
        "/coach/campaigns/{n}",
        "/coach/campaigns/{n}/teams/{n}/cards",
        "/coach/reports/2026-Q3/teams/{n}",
        "/coach/reports/2026-Q3/teams/{n}.pdf",
        "/coach/reports/2026-Q3/organisation/{n}.json",
    ],
)
def test_a_number_beyond_every_id_finds_nothing(hedy: FlaskClient, path: str):
    for n in (2**31, 2**63, 10**30):
        assert hedy.get(path.format(n=n)).status_code == 404


@sqlite_only
@pytest.mark.parametrize("path", ["/coach/sign-in", "/coach/organisation/import", "/coach/organisation/import/confirm"])
def test_a_stranger_cannot_keep_the_server_busy_with_one_large_form(client: FlaskClient, cast: Cast, path: str):
    before = time.process_time()
    reply = client.post(path, data=b"a&" * (LARGEST_IMPORT // 2 - 8), content_type=FORM)
    assert reply.status_code == 413
    assert time.process_time() - before < 1


@sqlite_only
def test_a_coach_of_some_teams_sends_no_large_form_either(client: FlaskClient, coach_client: FlaskClient):
    reply = coach_client.post("/coach/organisation/import", data=b"pasted=" + b"a" * LARGEST_FORM, content_type=FORM)
    assert reply.status_code == 413


@sqlite_only
def test_who_sees_all_teams_imports_a_large_table(hedy: FlaskClient):
    people = "".join(f"Sales,Draco,Person {n},person{n}@example.org\n" for n in range(6000))
    table = f"department,team,name,email\n{people}"
    assert len(table) > LARGEST_FORM
    form = {"csrf_token": token(hedy, "/coach/organisation/import"), "pasted": table}
    assert hedy.post("/coach/organisation/import", data=form).status_code == 200
    form = {"csrf_token": form["csrf_token"], "content": b64encode(table.encode()).decode()}
    assert hedy.post("/coach/organisation/import/confirm", data=form).status_code == 303
