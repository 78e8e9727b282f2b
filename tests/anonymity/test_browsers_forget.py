"""After sending, a browser holds no answer and nothing that could answer: not in storage, not behind "back".

In a real browser, for whoever sits down at it afterwards. What a forensic look at its files may find is another
matter: a browser writes what a tab has sent into its session files, so the pages advise a private window.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from assessment.web.respond import wire
from tests import builders
from tests.browsers import Live, collect, fill_in, kept

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STORAGE = """async () => ({
  local: Object.entries(localStorage), session: Object.entries(sessionStorage), cookies: document.cookie,
  databases: await indexedDB.databases(), caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
# Chosen answers and typed text of the page that is shown, and its words; of an error page of the browser nothing.
SHOWN = """() => ({
  chosen: [...document.querySelectorAll('input:checked')].length,
  typed: [...document.querySelectorAll('input')].map(input => input.value).filter(value => value.length > 10),
  answers: [...document.querySelectorAll('.review dd')].length,
})"""


def remains(page: Page) -> list[str]:
    """Return what the browser still has after sending: its storage, then each page that "back" leads to."""
    # The page that says "your answers are in" erases as it loads.
    page.wait_for_load_state()
    found = [f"{name}: {value}" for name, value in page.evaluate(STORAGE).items() if value]
    found += [f"cookie: {cookie}" for cookie in page.context.cookies()]
    for step in range(1, page.evaluate("history.length")):
        page.evaluate("void setTimeout(() => history.back())")
        page.wait_for_timeout(300)
        shown = page.evaluate(SHOWN)
        found += [f"{step} back, {name}: {value}" for name, value in shown.items() if value]
    return found


def answer_with_card(live: Live, cast: builders.Cast, page: Page) -> None:
    campaign = builders.opened(live.platform, cast, teams=["Atlas"])
    page.goto(f"{live.url}/a/{campaign.codes('Atlas')[0]}")
    fill_in(page, q01=7, q04=1, q20=1)


def answer_by_mail(page: Page, link: str) -> str:
    """Collect and answer; return the credential."""
    collect(page, link)
    credential = str(json.loads(next(iter(kept(page).values())))["credential"])
    page.get_by_role("button", name="Answer now").click()
    fill_in(page, q01=7, q04=1, q20=1)
    return credential


@pytest.mark.attack("T29")
def test_a_browser_that_answered_with_a_credential_keeps_nothing(mailed, tab):
    credential = answer_by_mail(tab, mailed[1][0])
    assert remains(tab) == []
    tab.goto(mailed[1][0].partition("#")[0])
    assert tab.get_by_role("heading", name="Nothing is kept here").is_visible()
    assert credential not in tab.content()


@pytest.mark.attack("T29")
def test_a_browser_that_answered_with_a_card_keeps_nothing(live_server, cast, tab):
    answer_with_card(live_server, cast, tab)
    assert remains(tab) == []


@pytest.mark.attack("T29")
def test_somebody_who_sends_again_what_back_leads_to_reads_no_answer(mailed, tab):
    answer_by_mail(tab, mailed[1][0])
    tab.evaluate("void setTimeout(() => history.back())")
    tab.wait_for_timeout(300)
    # "Reload" sends the form of the review once more.
    with tab.expect_navigation():
        tab.evaluate("void setTimeout(() => location.reload())")
    shown = tab.evaluate(SHOWN)
    assert (shown["chosen"], shown["answers"]) == (0, 0)
    assert kept(tab) == {}


@pytest.mark.leaky("T29")
def test_a_form_that_keeps_a_draft_is_caught(live_server, cast, tab):
    tab.add_init_script(
        """addEventListener('change', () => localStorage.setItem(
             'draft', [...document.querySelectorAll('input:checked')].map(input => input.name + input.value)))"""
    )
    answer_with_card(live_server, cast, tab)
    assert any("q20" in trace for trace in remains(tab))


@pytest.mark.leaky("T29")
def test_a_thanks_page_that_does_not_erase_is_caught(mailed, tab):
    tab.route("**/erase.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    credential = answer_by_mail(tab, mailed[1][0])
    assert any(credential in trace for trace in remains(tab))


@pytest.mark.leaky("T29")
def test_pages_that_the_browser_is_not_asked_to_drop_are_caught(live_server, cast, tab, monkeypatch):
    monkeypatch.setattr(wire, "FORGET", {})
    answer_with_card(live_server, cast, tab)
    assert any("back, chosen" in trace for trace in remains(tab))


def test_an_answer_is_kept_for_the_way_back_until_it_is_sent(
    mailed: tuple[builders.Opened, list[str]], open_context: Callable[..., BrowserContext]
):
    """What is collected survives a form that is left: only sending erases."""
    page = open_context().new_page()
    collect(page, mailed[1][0])
    page.get_by_role("button", name="Answer now").click()
    page.get_by_role("heading", name="Cygnus").wait_for()
    page.goto(mailed[1][0].partition("#")[0])
    assert page.get_by_role("button", name="Answer now").is_visible()
    assert [name.partition(".")[0] for name in kept(page)] == ["kept"]


def test_a_credential_that_was_brought_along_is_erased_when_its_campaign_turns_out_to_be_closed(
    live_server, mailed, tab, clock
):
    """Its link does not tell until when it is good, so the browser cannot know by itself."""
    campaign = mailed[0]
    credential = builders.credential(live_server.platform, campaign, "Cygnus")
    tab.goto(f"{live_server.url}/e/en#c.{credential.text}")
    tab.get_by_role("button", name="Keep on this device").click()
    assert len(kept(tab)) == 1
    clock.set(campaign.view.closes_at)
    tab.get_by_role("button", name="Answer now").click()
    tab.get_by_role("heading", name="closed").wait_for()
    assert kept(tab) == {}


def test_what_else_is_stored_under_this_address_keeps_nobody_from_collecting(mailed, tab):
    tab.goto(mailed[1][0])
    tab.evaluate(
        "() => ['kept.a', 'kept.b', 'pending.c'].forEach((name, i) => localStorage[name] = ['{', 'null', '7'][i])"
    )
    tab.goto("about:blank")
    collect(tab, mailed[1][0])
    assert len(kept(tab)) == 4
