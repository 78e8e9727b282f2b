"""Pages in a real browser against the rules of axe, on a phone and on a desk, in light and dark; nothing runs over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from questionnaires.loader import USUAL, WITH_ROLE
from tests import builders
from tests.browsers import DESKTOP, PHONE, collect

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PHONE_LIGHT = {"viewport": PHONE, "color_scheme": "light"}
DESK_DARK = {"viewport": DESKTOP, "color_scheme": "dark"}
LOOKS = pytest.mark.parametrize("look", [PHONE_LIGHT, DESK_DARK], ids=["phone, light", "desk, dark"])


def faults(page: Page) -> list[str]:
    """Return what axe finds, and whether the page is wider than the screen."""
    found = Axe().run(page)
    told = [
        f"{page.url} {violation['id']}: {violation['help']} {[node['html'][:120] for node in violation['nodes'][:3]]}"
        for violation in found.response["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return told + ([f"{page.url} is {wide} pixels too wide"] if wide > 0 else [])


@LOOKS
def test_the_invitation_and_what_is_kept_of_it(mailed, open_context: Callable[..., BrowserContext], look):
    page = open_context(**look).new_page()
    page.goto(mailed[1][0].partition("#")[0])
    found = faults(page)
    page.goto("about:blank")
    page.goto(mailed[1][0])
    page.get_by_role("button", name="Look at the invitation").click()
    page.locator("#door").wait_for()
    found += faults(page)
    page.goto("about:blank")
    collect(page, mailed[1][0])
    page.get_by_text("Answer later, or on another device").click()
    page.get_by_role("button", name="Keep as a QR code").click()
    page.locator(".kept svg").wait_for()
    found += faults(page)
    page.get_by_role("button", name="Keep as a link").click()
    page.locator(".kept input.code").wait_for()
    assert found + faults(page) == []


@LOOKS
def test_the_door_of_the_cards(live_server, clock, cast, open_context: Callable[..., BrowserContext], look):
    campaign, _ = builders.closed(live_server.platform, clock, cast, teams=["Cygnus"])
    clock.move(days=90)
    asked = (*USUAL, WITH_ROLE)
    running = builders.opened(live_server.platform, cast, quarter="2026-Q4", instruments=asked)
    page = open_context(**look).new_page()
    found = []
    for path in (
        "/",
        "/trust",
        f"/a/{running.codes('Atlas')[0]}",
        f"/thanks/{running.sheets['Atlas'].reading_key}",
        f"/result/{campaign.sheets['Cygnus'].reading_key}",
    ):
        page.goto(live_server.url + path)
        found += faults(page)
    assert found == []


@LOOKS
def test_the_coaches_first_pages(live_server, cast, open_context: Callable[..., BrowserContext], look):
    builders.opened(live_server.platform, cast, teams=["Atlas"], way="email")
    page = open_context(**look).new_page()
    page.goto(f"{live_server.url}/coach/sign-in")
    found = faults(page)
    page.locator("input[name=email]").fill(cast.ada_email)
    page.locator("input[name=password]").fill(cast.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Sign in").wait_for(state="detached")
    found += faults(page)
    page.goto(f"{live_server.url}/coach/campaigns/new")
    page.get_by_label("Ask for the role").check()
    assert found + faults(page) == []
