from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assessment.services.platform import Platform
from tests import builders
from tests.assessment.web.coach.browsing import ONE_DATABASE, addresses, text
from tests.conftest import Clock, signed_in

ENDINGS = ("", ".pdf", ".json")
WHOLE = "/coach/reports/organisation/trend"


@pytest.fixture
def two_quarters(platform: Platform, clock: Clock, cast: builders.Cast) -> None:
    builders.closed(platform, clock, cast)
    builders.closed(platform, clock, cast, quarter="2026-Q4")


@pytest.fixture
def ada(app: Flask, two_quarters: None, cast: builders.Cast) -> FlaskClient:
    return signed_in(app, cast.ada_email, cast.password)


@pytest.fixture
def hedy(app: Flask, two_quarters: None, cast: builders.Cast) -> FlaskClient:
    return signed_in(app, cast.hedy_email, cast.password)


@pytest.fixture
def atlas(cast: builders.Cast) -> str:
    return f"/coach/reports/teams/{cast.teams['Atlas']}/trend"


@ONE_DATABASE
def test_a_report_leads_to_the_trend_as_page_pdf_and_json(ada: FlaskClient, cast: builders.Cast, atlas: str):
    for page in ("/coach/reports", f"/coach/reports/2026-Q4/teams/{cast.teams['Atlas']}"):
        assert atlas in addresses(ada.get(page).get_data(as_text=True))
    page = ada.get(atlas)
    assert page.status_code == 200
    assert "2 quarters, from 2026-Q3 to 2026-Q4." in text(page)
    assert {f"{atlas}.pdf", f"{atlas}.json"} <= addresses(page.get_data(as_text=True))
    sent = ada.get(f"{atlas}.pdf")
    assert sent.data.startswith(b"%PDF")
    assert sent.headers["Content-Disposition"] == 'attachment; filename="2026-Q4-atlas-trend.pdf"'
    values = json.loads(ada.get(f"{atlas}.json").data)
    assert [quarter["quarter"] for quarter in values["quarters"]] == ["2026-Q3", "2026-Q4"]
    assert "reached" in values["quarters"][0]["ladders"]["language"]
    assert "culture" in values["quarters"][0]["choices"]["novelty"]


@ONE_DATABASE
def test_a_trend_that_is_not_yours_reads_as_one_that_is_not_there(
    ada: FlaskClient, hedy: FlaskClient, cast: builders.Cast
):
    borealis = f"/coach/reports/teams/{cast.teams['Borealis']}/trend"
    for ending in ENDINGS:
        for address in (borealis, "/coach/reports/teams/99999/trend", WHOLE):
            assert ada.get(address + ending).status_code == 404
        assert hedy.get(WHOLE + ending).status_code == 200
    assert WHOLE in addresses(hedy.get("/coach/reports").get_data(as_text=True))
    assert "withheld" in text(hedy.get(borealis))


@ONE_DATABASE
def test_before_the_first_report_there_is_no_trend(app: Flask, cast: builders.Cast, atlas: str):
    assert signed_in(app, cast.ada_email, cast.password).get(atlas).status_code == 404
    assert signed_in(app, cast.hedy_email, cast.password).get(WHOLE).status_code == 404
