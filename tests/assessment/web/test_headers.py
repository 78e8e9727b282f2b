from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from assessment.web.headers import scripts
from tests import builders
from tests.assessment.web.coach.browsing import ONE_DATABASE


@ONE_DATABASE
@pytest.mark.parametrize("address", ["/", "/coach/sign-in", "/coach", "/healthz", "/nothing", "/coach/nothing"])
def test_nothing_from_elsewhere_no_frame_no_copy(client: FlaskClient, cast: builders.Cast, address: str):
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in headers


@ONE_DATABASE
def test_a_respondents_address_is_told_to_nobody(client: FlaskClient, cast: builders.Cast):
    assert client.get("/").headers["Referrer-Policy"] == "no-referrer"
    assert client.get("/coach/sign-in").headers["Referrer-Policy"] == "same-origin"


@ONE_DATABASE
def test_stylesheets_are_kept_under_an_address_that_changes_with_them(client: FlaskClient, cast: builders.Cast):
    page = client.get("/coach/sign-in").get_data(as_text=True)
    assert "/static/style.css?v=" in page
    reply = client.get("/static/style.css?v=1")
    assert "immutable" in reply.headers["Cache-Control"]
    reply.close()
    assert "no-store" in client.get("/static/nothing.css").headers["Cache-Control"]


def test_it_finds_the_scripts_that_run():
    page = '<script>a()</script><script nonce="">b()</script><script type="application/json">{}</script>'
    assert scripts(page + '<script src="/x.js"></script>') == ["a()", "b()"]
