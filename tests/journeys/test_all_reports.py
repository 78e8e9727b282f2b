"""All reports at once in a real browser: the button, progress that moves by itself, one file to download."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from assessment.services.make_batches import make_batches
from tests import builders
from tests.browsers import DESKTOP, PHONE
from tests.journeys.test_accessibility import faults

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

    from tests.browsers import Live
    from tests.builders import Cast
    from tests.conftest import Clock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_coach_gets_all_reports_and_sees_how_far_they_are(
    live_server: Live, cast: Cast, clock: Clock, open_context: Callable[..., BrowserContext]
) -> None:
    builders.closed(live_server.platform, clock, cast, answered=dict.fromkeys(builders.SIZES, 3))
    page = open_context(viewport=DESKTOP, color_scheme="light").new_page()
    page.goto(f"{live_server.url}/coach/sign-in?next=/coach/reports")
    page.locator("input[name=email]").fill(cast.ada_email)
    page.locator("input[name=password]").fill(cast.password)
    page.locator("main button").click()
    page.wait_for_url("**/coach/reports")
    page.get_by_text("All reports at once").click()
    found = faults(page)
    page.get_by_label("Language").select_option("de")
    page.get_by_role("button", name="All reports").click()
    page.get_by_text("0 of 2 reports are made; now Atlas").wait_for()
    found += faults(page)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled: no further report is made.").wait_for()
    page.get_by_role("button", name="Make the missing ones").click()
    page.get_by_role("button", name="Cancel").wait_for()
    # Without a script the page is loaded anew, as a browser does that is told to.
    plain = open_context(
        viewport=PHONE, color_scheme="dark", java_script_enabled=False, storage_state=page.context.storage_state()
    ).new_page()
    plain.goto(page.url)
    plain.get_by_role("button", name="Cancel").wait_for()
    make_batches(live_server.platform)
    for one in (page, plain):
        link = one.get_by_role("link", name="Download 2 reports as ZIP")
        link.wait_for()
        with one.expect_download() as download:
            link.click()
        assert download.value.suggested_filename == "2026-Q3-reports-de.zip"
        assert zipfile.ZipFile(download.value.path()).namelist() == ["2026-Q3-atlas.pdf", "2026-Q3-cygnus.pdf"]
    assert found + faults(page) == []
