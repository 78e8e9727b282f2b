"""A team over three quarters in a real browser: agreed, done, moved; then agreed, dropped, cannot be told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from assessment.domain.campaign import Quarter
from assessment.services.record_health import record_health
from assessment.services.set_in_place import set_in_place
from tests import builders
from tests.browsers import DESKTOP, PHONE
from tests.journeys.test_accessibility import faults

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from tests.browsers import Live
    from tests.builders import Cast
    from tests.conftest import Clock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LOOK = "Look at production together for 30 minutes a week"
REVIEW = "Hold a short review after each serious incident"
# On a phone nothing but HTML, as behind a strict browser.
PHONE_PLAIN = {"viewport": PHONE, "color_scheme": "light", "java_script_enabled": False}


def quarters(clock: Clock) -> list[str]:
    this = Quarter.of(clock().date())
    return [str(this.before(n)) for n in (2, 1, 0)]


def close(live: Live, clock: Clock, cast: Cast, quarter: str, level: float) -> None:
    """Close a quarter in which everybody of Atlas answers about the same."""
    builders.closed(
        live.platform,
        clock,
        cast,
        quarter=quarter,
        teams=["Atlas"],
        answered={"Atlas": 9},
        level=lambda person: level + 0.05 * (person % 2),
    )


def sign_in(page: Page, live: Live, email: str, password: str, target: str, language: str = "en") -> None:
    page.goto(f"{live.url}/coach/sign-in?lang={language}&next={target}")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("main button").click()
    page.wait_for_url(f"**{target}")


def section(page: Page, name: str) -> str:
    return " ".join(page.get_by_role("region", name=name, exact=True).first.inner_text().split())


def test_a_team_is_followed_over_three_quarters(
    live_server: Live, clock: Clock, cast: Cast, open_context: Callable[..., BrowserContext]
):
    first, second, third = quarters(clock)
    roadmap = f"/coach/teams/{cast.teams['Atlas']}/roadmap"
    page = open_context(**PHONE_PLAIN).new_page()

    close(live_server, clock, cast, first, 0.1)
    sign_in(page, live_server, cast.ada_email, cast.password, roadmap)
    assert "nothing to look back on yet" in section(page, "Since last time")
    # Words about a person come back marked, with what was typed.
    choice = page.get_by_role("article").filter(has_text=LOOK)
    choice.get_by_text("Agree on it").click()
    choice.get_by_label("Owning role").fill("Peter")
    choice.get_by_label("How you will know").fill("Held three weeks in a row")
    choice.get_by_role("button", name="Agree").click()
    assert page.locator("mark").inner_text() == "Peter"
    assert page.get_by_label("How you will know").input_value() == "Held three weeks in a row"
    page.get_by_label("Owning role").fill("engineer on call")
    page.get_by_role("button", name="Agree").click()
    page.get_by_text(f"Agreed: “{LOOK}”.").wait_for()
    assert "engineer on call" in section(page, "Under way")
    page.get_by_label("Messengers").check()
    page.get_by_role("button", name="Agree on the next focus").click()
    page.get_by_text("The next focus is agreed.").wait_for()
    # It takes a week more, and is done before the next report, with what was seen.
    page.get_by_text("Correct it, or choose another day").click()
    later = clock().date() + timedelta(days=91)
    page.locator(".going").get_by_label("Look again on").fill(later.isoformat())
    page.get_by_role("button", name="Correct").click()
    page.get_by_text("is corrected.").wait_for()
    assert str(later.year) in section(page, "Under way")
    page.get_by_text("Done, or drop it").click()
    page.get_by_label("What was seen").fill("Three entries in the calendar")
    page.get_by_role("button", name="Done").click()
    page.get_by_text(f"“{LOOK}” is done.").wait_for()

    close(live_server, clock, cast, second, 0.8)
    sign_in(page, live_server, cast.ada_email, cast.password, roadmap)
    opening = section(page, "Since last time")
    for told in (LOOK, "engineer on call", "done", "Three entries in the calendar", "Messengers moved up"):
        assert told in opening, told
    page.get_by_text("All small changes as a table").click()
    page.get_by_role("link", name=REVIEW).first.click()
    page.get_by_label("Owning role").fill("author of the review")
    page.get_by_label("Look again on").fill((clock().date() + timedelta(days=60)).isoformat())
    page.get_by_role("button", name="Agree").click()
    page.get_by_text("Done, or drop it").click()
    page.get_by_role("button", name="Drop it, without blame").click()
    page.get_by_text("That needs no reason.").wait_for()
    page.get_by_label("Messengers").check()
    page.get_by_role("button", name="Agree on the next focus").click()
    page.get_by_text("The next focus is agreed.").wait_for()

    close(live_server, clock, cast, third, 0.8)
    sign_in(page, live_server, cast.ada_email, cast.password, roadmap)
    opening = section(page, "Since last time")
    for told in (REVIEW, "dropped", "Messengers cannot be told", "may be chance"):
        assert told in opening, told
    history = page.get_by_role("region", name="Done, dropped and in place")
    # The quarter before last is folded away, and opens without a script.
    assert LOOK not in history.inner_text()
    history.get_by_text(f"Agreed with the report of {first}").click()
    assert LOOK in history.inner_text()
    history.get_by_role("listitem").filter(has_text=REVIEW).get_by_role("button").click()
    page.get_by_text(f"“{REVIEW}” is under way again.").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_roadmaps_and_health_facts_are_for_everybody(
    live_server: Live, clock: Clock, cast: Cast, open_context: Callable[..., BrowserContext]
):
    platform, atlas = live_server.platform, cast.teams["Atlas"]
    quarter = quarters(clock)[1]
    close(live_server, clock, cast, quarter, 0.3)
    record_health(platform, cast.hedy, atlas, quarter, {"toil": 0.6, "pages_per_week": 1.0})
    set_in_place(platform, cast.hedy, atlas, "C15", True)
    roadmap, found = f"/coach/teams/{atlas}/roadmap", []
    desk = open_context(viewport=DESKTOP, color_scheme="light").new_page()
    phone = open_context(viewport=PHONE, color_scheme="dark").new_page()
    for page, language in ((desk, "en"), (phone, "de")):
        sign_in(page, live_server, cast.hedy_email, cast.password, roadmap, language)
        for address in (
            f"{roadmap}/changes/C24",
            "/coach/roadmaps",
            "/coach/roadmaps/organisation",
            f"/coach/teams/{atlas}/health/{quarter}",
            "/coach/health/import",
        ):
            page.goto(live_server.url + address)
            found += faults(page)
        page.locator("textarea[name=pasted]").fill("team,toil\nAtlas,much\n")
        page.locator("main form button").click()
        page.locator("main table").wait_for()
        found += faults(page)
        # With everything unfolded, so that what is folded away is looked at too.
        page.goto(live_server.url + roadmap)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        if page is desk:
            page.locator("[data-live=yes]").wait_for()
        found += faults(page)
        page.locator("article.choice input[name=role]").first.fill("Peter")
        page.locator("article.choice form.agree button").first.click()
        page.locator("mark").first.wait_for()
        found += faults(page)
    desk.locator("input[name=role]").fill("product owner")
    desk.locator("textarea[name=sign]").fill("3 weeks in a row")
    desk.locator("form.agree button").click()
    desk.locator("article.going").wait_for()
    # Taken back as it was sent, on a projector, where large letters stay.
    phone.goto(f"{live_server.url}{roadmap}?large=1")
    phone.locator(".going summary").last.click()
    phone.locator(".going input[name=role]").fill("Peter")
    phone.locator(".going form.agree button").click()
    phone.locator("body.large mark").first.wait_for()
    assert found + faults(phone) == []
