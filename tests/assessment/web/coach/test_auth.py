from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assessment.web import create_app
from tests import builders
from tests.assessment.web.coach.browsing import ONE_DATABASE, send, text, token
from tests.conftest import Clock

SIGN_IN = "/coach/sign-in"


def test_it_signs_in(client: FlaskClient, cast: builders.Cast):
    reply = send(client, SIGN_IN, {"email": " ADA@example.org ", "password": cast.password})
    assert (reply.status_code, reply.headers["Location"]) == (303, "/coach")
    assert "Ada" in text(client.get("/coach"))


@ONE_DATABASE
@pytest.mark.parametrize(("email", "password"), [("ada@example.org", "wrong"), ("nobody@example.org", "wrong")])
def test_it_refuses_without_saying_what_was_wrong(client: FlaskClient, cast: builders.Cast, email: str, password: str):
    reply = send(client, SIGN_IN, {"email": email, "password": password})
    assert reply.status_code == 422
    assert "This address and password do not belong together." in text(reply)
    assert client.get("/coach").status_code == 303


@ONE_DATABASE
def test_it_names_the_field_that_is_empty(client: FlaskClient, cast: builders.Cast):
    reply = send(client, SIGN_IN, {"email": "", "password": ""})
    assert reply.status_code == 422
    assert "Write your e-mail address." in text(reply)


def test_it_throttles(client: FlaskClient, cast: builders.Cast, clock: Clock):
    for _ in range(5):
        send(client, SIGN_IN, {"email": cast.ada_email, "password": "wrong"})
    refused = send(client, SIGN_IN, {"email": cast.ada_email, "password": cast.password})
    assert refused.status_code == 429
    assert "Too many attempts" in text(refused)
    clock.move(hours=1)
    assert send(client, SIGN_IN, {"email": cast.ada_email, "password": cast.password}).status_code == 303


@ONE_DATABASE
def test_it_signs_out(ada: FlaskClient):
    reply = send(ada, "/coach", to="/coach/sign-out")
    assert "You are signed out." in text(ada.get(reply.headers["Location"]))
    assert ada.get("/coach").status_code == 303


@ONE_DATABASE
def test_a_session_ends_after_twelve_hours(ada: FlaskClient, clock: Clock):
    clock.move(hours=11, minutes=59)
    assert ada.get("/coach").status_code == 200
    clock.move(minutes=2)
    assert ada.get("/coach").status_code == 303


@ONE_DATABASE
def test_signing_in_leads_to_the_page_that_was_asked_for(client: FlaskClient, cast: builders.Cast):
    asked = client.get("/coach/reports?x=1")
    assert asked.headers["Location"] == "/coach/sign-in?next=/coach/reports?x%3D1"
    form = {"email": cast.ada_email, "password": cast.password, "next": "/coach/reports?x=1"}
    assert send(client, SIGN_IN, form).headers["Location"] == "/coach/reports?x=1"


@ONE_DATABASE
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/coach/",
        "//evil.example/coach/",
        "/\\evil.example/coach/",
        "/coach/../result/x",
        "/coachless",
        "javascript:alert(1)",
        "/coach/\r\nSet-Cookie: x=y",
        "\thttps://evil.example",
        "",
    ],
)
def test_signing_in_leads_nowhere_else(client: FlaskClient, cast: builders.Cast, target: str):
    form = {"email": cast.ada_email, "password": cast.password, "next": target}
    assert send(client, SIGN_IN, form).headers["Location"] == "/coach"


@ONE_DATABASE
def test_the_cookie_is_for_coaches_only_and_out_of_reach_of_scripts(client: FlaskClient, cast: builders.Cast):
    cookie = send(client, SIGN_IN, {"email": cast.ada_email, "password": cast.password}).headers["Set-Cookie"]
    for part in ("Path=/coach", "HttpOnly", "SameSite=Lax"):
        assert part in cookie
    assert "Secure" not in cookie


@ONE_DATABASE
def test_the_cookie_needs_https_where_the_installation_has_it(app: Flask, cast: builders.Cast):
    platform = app.extensions["platform"]
    settings = replace(platform.settings, base_url="https://assessment.example.org")
    client = create_app(replace(platform, settings=settings)).test_client()
    page = client.get(SIGN_IN, base_url="https://assessment.example.org")
    assert "Secure" in page.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in page.headers


@ONE_DATABASE
def test_signing_in_starts_a_new_session(client: FlaskClient, cast: builders.Cast):
    client.get(SIGN_IN)
    with client.session_transaction("/coach") as session:
        session["planted"] = "yes"
        session["language"] = "de"
    send(client, SIGN_IN, {"email": cast.ada_email, "password": cast.password})
    with client.session_transaction("/coach") as session:
        assert "planted" not in session
        assert session["language"] == "de"


@ONE_DATABASE
def test_a_coach_keeps_the_language_they_chose(ada: FlaskClient):
    assert 'lang="en"' in ada.get("/coach").get_data(as_text=True)
    ada.get("/coach?lang=de")
    assert 'lang="de"' in ada.get("/coach/organisation").get_data(as_text=True)
    ada.get("/coach?lang=xx")
    assert 'lang="de"' in ada.get("/coach").get_data(as_text=True)


@ONE_DATABASE
def test_somebody_signed_in_skips_the_form(ada: FlaskClient):
    assert ada.get(SIGN_IN).headers["Location"] == "/coach"


@ONE_DATABASE
@pytest.mark.parametrize("cookie", ["kept", "lost"])
def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(
    ada: FlaskClient, cast: builders.Cast, clock: Clock, cookie: str
):
    given = token(ada.get("/coach/campaigns/new").get_data(as_text=True))
    clock.move(hours=13)
    if cookie == "lost":
        ada.delete_cookie("coach", path="/coach")
    reply = ada.post("/coach/campaigns/new", data={"csrf_token": given, "quarter": "2026-Q3"})
    assert reply.headers["Location"] == "/coach/sign-in?next=/coach/campaigns/new"
    assert "Your session had ended. Nothing was changed" in text(ada.get(reply.headers["Location"]))
    form = {"email": cast.ada_email, "password": cast.password, "next": "/coach/campaigns/new"}
    assert send(ada, SIGN_IN, form).headers["Location"] == "/coach/campaigns/new"


@ONE_DATABASE
def test_a_button_without_a_page_of_its_own_leads_to_the_first_page(ada: FlaskClient, clock: Clock):
    given = token(ada.get("/coach").get_data(as_text=True))
    clock.move(hours=13)
    assert ada.post("/coach/campaigns/1/open", data={"csrf_token": given}).headers["Location"] == SIGN_IN
