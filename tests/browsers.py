"""A real browser in front of a live server, for what only a browser can show.

The server runs in a thread of the test itself, so that the test's platform and movable clock are the server's. Its
address begins with 127.0.0.1, which browsers trust like an encrypted connection.
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from assessment.services.platform import Platform
from tests import builders

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser, BrowserContext, Page, Request, Route

    from tests.conftest import Clock

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
# Pages that were left may be shown again on "back", as outside of tests.
AS_PEOPLE_HAVE_IT = ["--disable-back-forward-cache"]


def chromium() -> str:
    """Return the path of Debian's Chromium."""
    path = shutil.which("chromium")
    assert path is not None, "Chromium is missing; install it with: sudo apt-get install chromium"
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a worker; every test has contexts of its own."""
    from playwright.sync_api import sync_playwright

    driver = sync_playwright().start()
    started = driver.chromium.launch(
        executable_path=chromium(), args=["--no-sandbox"], ignore_default_args=AS_PEOPLE_HAVE_IT
    )
    yield started
    started.close()
    driver.stop()


@pytest.fixture
def open_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Open browser contexts, each like another device: nothing is shared between them."""
    opened: list[BrowserContext] = []

    def start(**options: Any) -> BrowserContext:
        opened.append(browser.new_context(**{"viewport": PHONE, "locale": "en-GB"} | options))
        opened[-1].set_default_timeout(8_000)
        return opened[-1]

    yield start
    for context in opened:
        context.close()


@pytest.fixture
def tab(open_context: Callable[..., BrowserContext]) -> Page:
    """A tab of a phone's browser."""
    return open_context().new_page()


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log(self, *_: Any) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Live:
    """A server that browsers can reach."""

    url: str
    platform: Platform

    def invitation(self, campaign: builders.Opened, team: str, token: str, language: str = "en") -> str:
        """Return the link that a mail with this token has, to this server."""
        link = urlsplit(builders.invitation_link(self.platform, campaign, team, token, language))
        return f"{self.url}{link.path}#{link.fragment}"


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application in threads; yields its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def live_server(app: Flask, platform: Platform, clock: Clock) -> Iterator[Live]:
    """Serve this test's application; its clock shows the browser's time, until it is moved."""
    clock.set(datetime.now(UTC).replace(microsecond=0))
    with serving(app) as url:
        yield Live(url, platform)


@pytest.fixture
def mailed(live_server: Live, cast: builders.Cast) -> tuple[builders.Opened, list[str]]:
    """An open campaign of Cygnus that invites by mail, and the links of its five mails."""
    campaign = builders.opened(live_server.platform, cast, teams=["Cygnus"], way="email")
    tokens = builders.invited(live_server.platform, campaign, "Cygnus")
    return campaign, [live_server.invitation(campaign, "Cygnus", token) for token in tokens]


def collect(page: Page, link: str) -> None:
    """Collect a credential as an invited person does."""
    page.goto(link)
    page.get_by_role("button", name="Look at the invitation").click()
    page.get_by_role("button", name="Collect my credential").click()
    page.get_by_role("button", name="Answer now").wait_for()


def fill_in(page: Page, *, send: bool = True, **chosen: int) -> None:
    """Choose answers on the form, the same for all questions unless said otherwise, review them, and send."""
    if not chosen:
        n = page.locator("fieldset").count()
        chosen = {f"q{number:02}": 2 for number in range(1, n + 1)}
    for name, value in chosen.items():
        page.locator(f"fieldset#{name} label:has(input[value='{value}'])").click()
    page.get_by_role("button", name="Review before sending").click()
    if send:
        page.get_by_role("button", name="Send", exact=True).click()
        page.get_by_role("heading", name="Thank you. Your answers are in.").wait_for()


def kept(page: Page) -> Mapping[str, str]:
    """Return what this site keeps in the local storage of a page's browser."""
    return dict(page.evaluate("() => Object.fromEntries(Object.entries(localStorage))"))


def picture(page: Page, name: str, folder: Path) -> None:
    """Write a picture of the whole page, to be looked at by people."""
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def without_integrity(page: Page, script: str, change: Callable[[str], str]) -> None:
    """Serve a script changed, and the pages that load it without the hash that would keep it from running."""

    def altered(route: Route, request: Request) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=change(reply.text()))

    def unhashed(route: Route, request: Request) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=re.sub(r' integrity="[^"]+"', "", reply.text()))

    page.route(f"**/{script}*", altered)
    page.route(re.compile(r"/e/(en|de)$"), unhashed)
