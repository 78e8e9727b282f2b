"""What respondents do, in a real browser: on a phone, without scripts where none is needed, on two devices."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from assessment.services.build_report import released_by_reading_key
from assessment.services.close_campaign import close_campaign
from questionnaires.loader import USUAL, WITH_ROLE
from tests import builders
from tests.browsers import DESKTOP, collect, fill_in, kept

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Contexts = Callable[..., "BrowserContext"]


def test_a_credential_collected_on_one_device_answers_on_another_and_counts(
    mailed: tuple[builders.Opened, list[str]], live_server, clock, open_context: Contexts
):
    campaign, links = mailed
    for link in links[1:]:
        page = open_context().new_page()
        collect(page, link)
        page.get_by_role("button", name="Answer now").click()
        fill_in(page, q01=6)
    laptop = open_context(viewport=DESKTOP).new_page()
    collect(laptop, links[0])
    assert "#" not in laptop.url
    laptop.get_by_text("Answer later, or on another device").click()
    laptop.get_by_role("button", name="Keep as a QR code").click()
    laptop.locator(".kept svg").wait_for()
    laptop.get_by_role("button", name="Keep as a link").click()
    laptop.get_by_text("Paste it where only you read it").or_(laptop.get_by_text("Copy this link")).wait_for()
    link = laptop.get_by_label("The link with your credential").input_value()
    laptop.on("dialog", lambda dialog: dialog.accept())
    laptop.get_by_role("button", name="Erase from this device").click()
    assert kept(laptop) == {}
    phone = open_context().new_page()
    phone.goto(link)
    assert "#" not in phone.url
    phone.get_by_role("button", name="Answer now").click()
    fill_in(phone, q01=7)
    reading_key = phone.locator(".next code").inner_text()
    clock.set(campaign.view.closes_at)
    close_campaign(live_server.platform, campaign.id)
    assert released_by_reading_key(live_server.platform, reading_key).n_answered == 5
    phone.goto(link)
    phone.get_by_role("button", name="Answer now").click()
    phone.get_by_role("heading", name="This campaign has closed").wait_for()


def test_a_reply_that_is_lost_is_asked_for_again_with_the_same_message(mailed, open_context):
    page = open_context().new_page()
    bodies: list[str] = []

    def lose(route, request):
        bodies.append(request.post_data)
        reply = route.fetch()
        assert reply.status == 200
        if len(bodies) == 1:
            route.abort()
        else:
            route.fulfill(response=reply)

    page.route("**/e/collect", lose)
    page.goto(mailed[1][0])
    page.get_by_role("button", name="Look at the invitation").click()
    page.get_by_role("button", name="Collect my credential").click()
    page.get_by_text("The server could not be reached. Nothing is lost").wait_for()
    # The mail again, as somebody does who has closed the tab.
    page.goto("about:blank")
    collect(page, mailed[1][0])
    assert len(bodies) == 2
    assert len(set(bodies)) == 1
    assert [name.partition(".")[0] for name in kept(page)] == ["kept"]
    record = json.loads(next(iter(kept(page).values())))
    assert set(record) == {"credential", "team", "quarter", "until"}, "nothing that ties it to the invitation"


def test_an_invitation_that_was_collected_elsewhere_says_so(mailed, open_context):
    collect(open_context().new_page(), mailed[1][0])
    page = open_context().new_page()
    page.goto(mailed[1][0])
    page.get_by_role("button", name="Look at the invitation").click()
    page.get_by_text("was collected already, and there is only one").wait_for()
    assert not page.get_by_role("button", name="Collect my credential").is_visible()


def test_problems_are_told_in_words(mailed, clock, tab):
    tab.goto(mailed[1][0][:-6])
    tab.get_by_text("This link is not whole").wait_for()
    tab.goto("about:blank")
    tab.goto(mailed[1][0].replace("#t.", "#t.AAAA").replace("AAAA" + mailed[1][0].partition("#t.")[2][:4], "AAAA"))
    tab.get_by_role("button", name="Look at the invitation").click()
    tab.get_by_text("This invitation opens nothing").wait_for()
    clock.set(mailed[0].view.closes_at)
    tab.goto("about:blank")
    tab.goto(mailed[1][0])
    tab.get_by_role("button", name="Look at the invitation").click()
    tab.get_by_text("closed").first.wait_for()


@pytest.mark.parametrize(
    ("lack", "said"),
    [
        ("delete window.BigInt", "older than 2020"),
        ("Object.defineProperty(window, 'isSecureContext', {value: false})", "does not begin with https"),
        ("Object.defineProperty(Crypto.prototype, 'subtle', {value: undefined})", "no Web Cryptography"),
        ("Object.defineProperty(window, 'localStorage', {get() { throw new Error('off') }})", "would be lost"),
    ],
)
def test_a_browser_that_cannot_do_it_is_told_why_and_offered_no_weaker_way(mailed, tab, lack, said):
    tab.add_init_script(lack)
    tab.goto(mailed[1][0])
    tab.get_by_text(said).wait_for()
    assert not tab.get_by_role("button", name="Look at the invitation").is_visible()


def test_without_javascript_the_invitation_says_what_to_do(mailed, open_context):
    page = open_context(java_script_enabled=False).new_page()
    page.goto(mailed[1][0])
    assert "This page needs JavaScript, and it is switched off here." in page.locator("main").inner_text()
    assert page.get_by_role("button").count() == 0


def test_the_language_can_change_before_collecting(mailed, tab):
    tab.goto(mailed[1][0])
    tab.get_by_role("link", name="Deutsch").click()
    tab.locator("html[lang=de] #invited:visible").wait_for()
    assert "#" not in tab.url


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without"])
def test_a_role_is_given_and_taken_back_and_never_counted(live_server, cast, open_context: Contexts, has_scripts):
    campaign = builders.opened(live_server.platform, cast, instruments=(*USUAL, WITH_ROLE))
    page = open_context(java_script_enabled=has_scripts).new_page()
    page.goto(f"{live_server.url}/a/{campaign.codes('Atlas')[0]}")
    role = page.get_by_role("group", name="Which of these was nearest to most of your work")
    assert role.get_by_label("I would rather not say").is_checked()
    role.get_by_text("Leading").click()
    page.get_by_role("button", name="Review before sending").click()
    page.get_by_text("Nothing is answered yet").wait_for()
    assert role.get_by_label("Leading").is_checked()
    fill_in(page, send=False, q01=6)
    page.get_by_text("You answered 1 of 29 questions").wait_for()
    review = page.get_by_role("region", name="Your role")
    assert "Leading" in review.inner_text()
    review.get_by_role("button", name="Change").click()
    role.get_by_label("I would rather not say").check()
    page.get_by_role("button", name="Review before sending").click()
    assert "not said" in review.inner_text()
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("heading", name="Thank you. Your answers are in.").wait_for()


def test_a_card_answers_on_a_phone_without_javascript(live_server, cast, open_context):
    campaign = builders.opened(live_server.platform, cast, teams=["Atlas"])
    page = open_context(java_script_enabled=False).new_page()
    page.goto(live_server.url)
    page.get_by_label("The code on your card").fill(campaign.codes("Atlas")[0].lower())
    page.get_by_role("button", name="Continue").click()
    fill_in(page, send=False)
    page.get_by_role("button", name="Change").first.click()
    page.locator("label:has(input[name=q01][value='7'])").click()
    page.get_by_role("button", name="Review before sending").click()
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("heading", name="Thank you. Your answers are in.").wait_for()
