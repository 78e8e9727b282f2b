"""The application as a whole: sessions, errors, logs, health, proxies."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

import pytest
from flask import Flask, request, session
from flask.testing import FlaskClient

from assessment.services.platform import Platform
from assessment.web import create_app
from assessment.web.sessions import is_coach_path
from tests import builders
from tests.assessment.web.coach.browsing import ONE_DATABASE, text


def test_healthz_reads_the_database(client: FlaskClient):
    assert client.get("/healthz").get_json() == {"status": "ok", "database": "reachable"}


@ONE_DATABASE
def test_healthz_fails_without_a_database(app: Flask, tmp_path):
    platform = app.extensions["platform"]
    from assessment.storage.database import Database

    lost = Database(f"sqlite:///{tmp_path / 'nowhere' / 'lost.sqlite'}")
    client = create_app(replace(platform, database=lost)).test_client()
    assert client.get("/healthz").status_code == 500


@ONE_DATABASE
def test_the_application_connects_by_itself(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    app = create_app()
    assert app.test_client().get("/healthz").status_code == 200
    app.extensions["platform"].database.dispose()


@pytest.mark.parametrize(
    ("path", "is_theirs"), [("/coach", True), ("/coach/x", True), ("/coachless", False), ("/a/coach/", False)]
)
def test_it_knows_the_coaches_door(path: str, is_theirs: bool):
    assert is_coach_path(path) is is_theirs


@ONE_DATABASE
def test_a_respondents_page_cannot_use_a_session(app: Flask):
    with app.test_request_context("/"), pytest.raises(RuntimeError):
        session["x"] = 1


@ONE_DATABASE
@pytest.mark.parametrize(("address", "leads_to"), [("/nothing", 'href="/"'), ("/coach/nothing", "/coach/sign-in")])
def test_what_does_not_exist_reads_the_same_everywhere(client: FlaskClient, cast, address: str, leads_to: str):
    reply = client.get(address)
    assert reply.status_code == 404
    assert "There is nothing here" in text(reply)
    assert leads_to in reply.get_data(as_text=True)


@ONE_DATABASE
@pytest.mark.parametrize(("method", "address", "status"), [("PUT", "/coach/sign-in", 405), ("POST", "/healthz", 400)])
def test_what_is_asked_wrongly_gets_a_page(client: FlaskClient, method: str, address: str, status: int):
    reply = client.open(address, method=method)
    assert reply.status_code in {status, 405}
    assert "<h1>" in reply.get_data(as_text=True)


@ONE_DATABASE
def test_a_body_that_is_too_large_is_refused(app: Flask, client: FlaskClient, cast: builders.Cast):
    app.config["MAX_CONTENT_LENGTH"] = 1000
    reply = client.post("/coach/sign-in", data={"email": "x" * 2000})
    assert reply.status_code == 413
    assert "Nothing was stored." in text(reply)


@pytest.fixture
def breaking(platform: Platform) -> FlaskClient:
    """An application with a page that breaks at each door, quoting what was typed."""
    app = create_app(platform)

    def broken(secret: str) -> str:
        raise ValueError(f"cannot use {secret}")

    app.add_url_rule("/breaks/<secret>", "breaks", broken)
    app.add_url_rule("/coach/breaks/<secret>", "coach_breaks", broken)
    return app.test_client()


@ONE_DATABASE
def test_an_unexpected_error_reads_500_without_details(breaking: FlaskClient):
    reply = breaking.get("/coach/breaks/CARD-CODE")
    assert reply.status_code == 500
    assert "Something broke on our side" in text(reply)
    assert "CARD-CODE" not in reply.get_data(as_text=True)


@ONE_DATABASE
def test_of_respondents_nothing_is_logged_that_they_typed(
    breaking: FlaskClient, cast: builders.Cast, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.DEBUG):
        breaking.get("/a/CARD-CODE?x=CARD-CODE")
        breaking.get("/breaks/CARD-CODE")
    assert "CARD-CODE" not in caplog.text
    assert "Unexpected ValueError at a respondent's page" in caplog.text
    assert "in broken" in caplog.text


@ONE_DATABASE
def test_of_coaches_the_path_is_logged_and_no_query(
    breaking: FlaskClient, cast: builders.Cast, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.INFO):
        breaking.get("/coach/sign-in?next=/coach/of-the-query")
        breaking.get("/coach/breaks/x?y=of-the-query")
    assert "GET /coach/sign-in 200" in caplog.text
    assert "cannot use x" in caplog.text
    assert "of-the-query" not in caplog.text
    assert "127.0.0.1" not in caplog.text


@ONE_DATABASE
@pytest.mark.parametrize(("proxies", "seen"), [(0, "10.0.0.1"), (1, "203.0.113.9")])
def test_a_proxy_is_believed_only_when_there_is_one(platform: Platform, proxies: int, seen: str):
    app = create_app(replace(platform, settings=replace(platform.settings, proxies=proxies)))
    app.add_url_rule("/coach/who", "who", lambda: request.remote_addr or "")
    reply = app.test_client().get(
        "/coach/who", headers={"X-Forwarded-For": "203.0.113.9"}, environ_base={"REMOTE_ADDR": "10.0.0.1"}
    )
    assert reply.get_data(as_text=True) == seen


@ONE_DATABASE
@pytest.mark.parametrize(
    ("address", "accepted", "code"),
    [("/", "de-DE,de;q=0.9", "de"), ("/", "fr", "en"), ("/?lang=de", "en", "de"), ("/?lang=xx", "de", "de")],
)
def test_a_page_speaks_the_language_that_was_asked_for(client: FlaskClient, address: str, accepted: str, code: str):
    page = client.get(address, headers={"Accept-Language": accepted}).get_data(as_text=True)
    assert re.search(f'<html lang="?{code}', page)
