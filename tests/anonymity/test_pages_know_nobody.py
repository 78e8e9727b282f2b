"""Promise: respondents' pages recognise nobody: no cookie is set or read, and nothing comes from or goes elsewhere.

What a browser would do with these pages is tried in a real one elsewhere; here is everything that can be seen in what
the server says. The one page that may hold a script is the one that collects an invitation's credential.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from assessment.services.platform import Platform
from assessment.web import create_app
from tests import builders
from tests.anonymity.doors import plain
from tests.anonymity.leaks_doors import session_for_everybody
from tests.builders import Cast, Opened
from tests.conftest import signed_in

ANSWERS = {f"q{number:02}": "2" for number in range(1, 30)}
# A browser that says as much about itself as one can.
KNOWN = {
    "User-Agent": "Canary/7.31 (somebody's own browser)",
    "Referer": "https://chat.example/somebody",
    "X-Forwarded-For": "203.0.113.77",
    "From": "somebody@example.org",
    "If-None-Match": '"somebody"',
}
ELSEWHERE = re.compile(r"""(?:src|href|action|formaction|data|poster)=["']?((?:https?:)?//[^"'\s>]+)""")
Request = tuple[str, str, dict[str, str] | None]


def requests(campaign: Opened, link: Opened) -> Iterator[Request]:
    """Yield what a respondent sends, and what goes wrong, without storing anything."""
    code, key = campaign.codes("Atlas")[0], campaign.sheets["Atlas"].reading_key
    yield "GET", "/", None
    yield "POST", "/", {"code": code}
    yield "POST", "/", {"code": "mistyped"}
    yield "GET", f"/a/{code}", None
    yield "GET", "/a/0000-0000-0000-0000", None
    yield "GET", f"/l/{link.link('Atlas')}", None
    yield "GET", "/l/unknown-link", None
    for to in ("review", "change", "lang-de", "send"):
        # Sent without answers, the last is refused, so that everybody may send it.
        yield "POST", "/answer", {"code": code, "to": to} | (ANSWERS if to != "send" else {})
    yield "POST", "/answer", {"code": code, "to": "send", "q01": "9"}
    yield "GET", "/answer", None
    yield "GET", f"/thanks/{key}", None
    yield "GET", f"/result/{key}", None
    yield "GET", "/result/unknown", None
    yield "GET", "/trust", None
    yield "GET", "/nothing/here", None
    yield "GET", "/e/en", None
    yield "GET", "/e/de", None
    yield "POST", "/e/door", {"token": "A" * 22}
    yield "POST", "/e/collect", {"token": "A" * 22, "blinded": "A" * 342}
    yield "POST", "/answer", {"credential": "1.1.made-up", "to": "send"} | ANSWERS


def recognised(app: Flask, cast: Cast, asked: Iterator[Request]) -> list[str]:
    """Ask as a stranger and as somebody whom everything gives away; return where the server knew, or could."""
    stranger, somebody = app.test_client(), signed_in(app, cast.ada_email, cast.password)
    session = somebody.get_cookie("coach", path="/coach")
    assert session is not None
    # A browser sends the coaches' cookie below /coach only; here it goes everywhere.
    somebody.set_cookie("coach", session.value)
    somebody.set_cookie("visit", "1")
    found = []
    for method, address, body in asked:
        one = stranger.open(address, method=method, data=body)
        two = somebody.open(address, method=method, data=body, headers=KNOWN)
        place = f"{method} {address}"
        found += [f"{place}: {trace}" for reply in (one, two) for trace in traces(reply)]
        if (one.status_code, plain(one.get_data())) != (two.status_code, plain(two.get_data())):
            found.append(f"{place}: somebody reads something else than a stranger")
        if {name for name, _ in one.headers} != {name for name, _ in two.headers}:
            found.append(f"{place}: somebody gets other headers than a stranger")
    return found


def traces(reply: TestResponse) -> Iterator[str]:
    """Yield what in a reply could recognise a browser, or tell anybody else about it."""
    if "Set-Cookie" in reply.headers:
        yield "sets a cookie"
    if "cookie" in reply.headers.get("Vary", "").lower():
        yield "depends on a cookie"
    if "ETag" in reply.headers or "Last-Modified" in reply.headers:
        yield "can be asked for again by a mark of its own"
    if reply.headers.get("Referrer-Policy") != "no-referrer":
        yield "tells other pages where somebody came from"
    if "no-store" not in reply.headers.get("Cache-Control", ""):
        yield "may be kept"
    page = reply.get_data(as_text=True)
    if ELSEWHERE.search(page):
        yield "loads or leads elsewhere"
    if "<script" in page and not reply.request.path.startswith("/e/"):
        yield "holds a script"
    if reply.status_code >= 500:
        yield "is broken"


@pytest.fixture
def campaign(platform: Platform, cast: Cast) -> Opened:
    return builders.opened(platform, cast, teams=["Atlas"])


@pytest.fixture
def link(platform: Platform, cast: Cast, campaign: Opened) -> Opened:
    return builders.opened(platform, cast, teams=["Atlas"], quarter="2026-Q4", way="open_link")


@pytest.mark.attack("T9")
def test_nobody_is_recognised_by_anything_that_a_browser_sends(app: Flask, cast: Cast, campaign: Opened, link: Opened):
    assert recognised(app, cast, requests(campaign, link)) == []


@pytest.mark.leaky("T9")
def test_a_session_for_everybody_would_be_noticed(platform: Platform, cast: Cast, campaign: Opened, link: Opened):
    leaky = create_app(platform)
    session_for_everybody(leaky)
    found = recognised(leaky, cast, requests(campaign, link))
    assert len([trace for trace in found if trace.endswith("sets a cookie")]) == 2 * len([*requests(campaign, link)])


@pytest.mark.attack("T9")
def test_sending_an_answer_sets_no_cookie_and_leads_everybody_to_the_same_page(app: Flask, campaign: Opened):
    client = app.test_client()
    places = set()
    for code, headers in zip(campaign.codes("Atlas"), ({}, KNOWN), strict=False):
        reply = client.post("/answer", data={"code": code, "to": "send"} | ANSWERS, headers=headers)
        assert reply.status_code == 303
        assert "Set-Cookie" not in reply.headers
        places.add(reply.headers["Location"].partition("?")[0])
    assert len(places) == 1
