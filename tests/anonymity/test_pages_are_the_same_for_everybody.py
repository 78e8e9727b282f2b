"""Opening an invitation tells nobody anything, and changes nothing: the page is one for all, and waits for a click.

In a real browser: what it sends and receives on a whole visit, and what a mail scanner does that opens links and runs
their scripts. The other pages' headers and cookies are looked at without a browser, beside their own tests.
"""

from __future__ import annotations

import gzip
import hashlib
import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from assessment.services.platform import Platform
from assessment.storage.base import Base
from tests import builders
from tests.browsers import collect, fill_in, without_integrity

if TYPE_CHECKING:
    from flask import Response
    from playwright.sync_api import BrowserContext, Page, Request
    from playwright.sync_api import Response as Received

Contexts = Callable[..., "BrowserContext"]
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def told(open_context: Contexts, links: Sequence[str]) -> list[str]:
    """Return what tells visitors apart, or tells others of them, while each collects and answers."""
    found, pages = [], set()
    for link in links:
        context = open_context()
        found += seen(context.new_page(), link)
        found += [f"cookie kept: {cookie['name']}" for cookie in context.cookies()]
        # As the browser got it: without the fragment, which it never sends.
        pages.add(hashlib.sha256(context.request.get(link.partition("#")[0]).body()).hexdigest())
    return found + ([f"{len(pages)} different pages"] if len(pages) > 1 else [])


def seen(page: Page, link: str) -> list[str]:
    """Return what a whole visit sends and receives besides the pages."""
    sent: list[Request] = []
    received: list[Received] = []
    page.on("request", lambda request: sent.append(request))
    page.on("response", lambda response: received.append(response))
    collect(page, link)
    page.get_by_role("button", name="Answer now").click()
    fill_in(page, q01=3)
    host, token = urlsplit(link).netloc, link.partition("#t.")[2].partition(".")[0]
    found = [f"elsewhere: {request.url}" for request in sent if urlsplit(request.url).netloc != host]
    found += [f"token in an address: {request.url}" for request in sent if token in request.url.partition("#")[0]]
    found += [f"cookie set: {response.url}" for response in received if "set-cookie" in response.all_headers()]
    for name in ("cookie", "referer"):
        found += [f"{name} sent: {request.url}" for request in sent if request.all_headers().get(name)]
    return found


@ONE_DATABASE
@pytest.mark.attack("T9")
def test_a_visit_sets_no_cookie_asks_nobody_else_and_gets_the_page_that_all_get(mailed, open_context):
    assert told(open_context, mailed[1][:2]) == []


@ONE_DATABASE
@pytest.mark.leaky("T9")
def test_a_cookie_and_a_page_with_a_number_are_caught(app, mailed, open_context):
    numbers = itertools.count()

    @app.after_request
    def mark(response: Response) -> Response:
        response.headers["Set-Cookie"] = f"visit={next(numbers)}"
        if response.mimetype == "text/html" and response.headers.pop("Content-Encoding", ""):
            response.set_data(gzip.decompress(response.get_data()) + f"<!-- {next(numbers)} -->".encode())
        return response

    found = told(open_context, mailed[1][:2])
    assert any(trace.startswith("cookie set") for trace in found)
    assert any(trace.startswith("cookie sent") for trace in found)
    assert "2 different pages" in found


def changed_by_scanner(platform: Platform, page: Page, link: str) -> list[str]:
    """Open a link as a mail scanner does, by all means but a click; return the tables that changed."""
    before = stored(platform)
    for method in ("HEAD", "GET", "OPTIONS"):
        page.context.request.fetch(link.partition("#")[0], method=method, headers={"Purpose": "prefetch"})
    page.goto(link)
    # Scanners scroll and wait for what loads late.
    page.mouse.wheel(0, 2000)
    page.wait_for_timeout(1200)
    after = stored(platform)
    return [table for table in before if before[table] != after[table]]


def stored(platform: Platform) -> dict[str, list[str]]:
    """Return the rows of every table."""
    with platform.reading() as session:
        return {
            table.name: sorted(str(tuple(row)) for row in session.execute(sa.select(table)))
            for table in Base.metadata.tables.values()
        }


@pytest.mark.attack("T30")
def test_a_scanner_that_runs_scripts_changes_nothing(mailed, live_server, tab):
    requests: list[str] = []
    tab.on("request", lambda request: requests.append(request.method))
    assert changed_by_scanner(live_server.platform, tab, mailed[1][0]) == []
    assert set(requests) == {"GET"}
    collect(tab, mailed[1][0])


@pytest.mark.leaky("T30")
def test_a_page_that_collects_when_it_is_opened_is_caught(
    mailed: tuple[builders.Opened, list[str]], live_server, open_context: Contexts
):
    page = open_context().new_page()
    without_integrity(
        page, "collect.js", lambda script: script + "\n$('look').click(); setTimeout(() => $('collect').click(), 600)"
    )
    assert changed_by_scanner(live_server.platform, page, mailed[1][0]) == ["invitee"]
