from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assessment.services.platform import Platform
from tests import builders
from tests.assessment.web.coach.browsing import ONE_DATABASE, addresses, text
from tests.conftest import Clock, signed_in


@pytest.fixture
def ada(app: Flask, closed: builders.Opened, cast: builders.Cast) -> FlaskClient:
    """Signed in once the campaign has closed."""
    return signed_in(app, cast.ada_email, cast.password)


@pytest.fixture
def hedy(app: Flask, closed: builders.Opened, cast: builders.Cast) -> FlaskClient:
    return signed_in(app, cast.hedy_email, cast.password)


@pytest.fixture
def atlas(cast: builders.Cast) -> str:
    return f"/coach/reports/2026-Q3/teams/{cast.teams['Atlas']}"


def test_a_closed_campaign_leads_to_page_pdf_json_and_csv(ada: FlaskClient, closed: builders.Opened, atlas: str):
    page = ada.get(f"/coach/campaigns/{closed.id}")
    assert "12 of 12" in text(page)
    assert {atlas, f"{atlas}.pdf", f"{atlas}.json", f"{atlas}.csv"} <= addresses(page.get_data(as_text=True))
    report = ada.get(atlas)
    assert report.status_code == 200
    assert "Atlas" in text(report)
    assert "Download PDF" in text(report)
    pdf = ada.get(f"{atlas}.pdf")
    assert pdf.data.startswith(b"%PDF")
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="2026-Q3-atlas.pdf"'
    values = json.loads(ada.get(f"{atlas}.json").data)
    assert (values["quarter"], values["n_answered"]) == ("2026-Q3", 12)
    assert {f"{atlas}.{form}" for form in ("pdf", "json", "csv")} <= addresses(report.get_data(as_text=True))


@ONE_DATABASE
def test_it_lists_reports_by_quarter_without_ranking(hedy: FlaskClient, ada: FlaskClient):
    page = text(hedy.get("/coach/reports"))
    places = [page.index(name) for name in ("Northwind", "Atlas", "Borealis", "Cygnus")]
    assert places == sorted(places)
    assert "Withheld: why Borealis" in page
    assert "Northwind" not in text(ada.get("/coach/reports"))


@ONE_DATABASE
def test_it_says_where_reports_will_be(client: FlaskClient, cast: builders.Cast):
    ada = signed_in(client.application, cast.ada_email, cast.password)
    assert "Reports appear here once a campaign has closed." in text(ada.get("/coach/reports"))


@ONE_DATABASE
def test_the_organisation_report_is_for_those_who_see_all(hedy: FlaskClient, ada: FlaskClient, closed: builders.Opened):
    address = f"/coach/reports/2026-Q3/organisation/{closed.id}"
    assert "Northwind" in text(hedy.get(address))
    assert hedy.get(f"{address}.pdf").headers["Content-Disposition"].endswith('"2026-Q3-northwind.pdf"')
    assert json.loads(hedy.get(f"{address}.json").data)["schema_version"]
    for ending in ("", ".pdf", ".json", ".csv"):
        assert ada.get(address + ending).status_code == 404


@ONE_DATABASE
def test_a_withheld_report_says_why(hedy: FlaskClient, cast: builders.Cast):
    reply = hedy.get(f"/coach/reports/2026-Q3/teams/{cast.teams['Borealis']}")
    assert reply.status_code == 200
    assert "Borealis" in text(reply)


@ONE_DATABASE
def test_a_quarter_without_a_report_reads_404(ada: FlaskClient, cast: builders.Cast):
    assert ada.get(f"/coach/reports/2020-Q1/teams/{cast.teams['Atlas']}").status_code == 404


@ONE_DATABASE
def test_a_report_does_not_change_with_later_quarters(
    app: Flask, platform: Platform, clock: Clock, cast: builders.Cast, ada: FlaskClient, atlas: str
):
    def body() -> str:
        return ada.get(atlas).get_data(as_text=True).partition("<main")[2].partition("</main")[0]

    before = body()
    builders.closed(platform, clock, cast, quarter="2026-Q4", level=lambda _person: 0.1)
    ada = signed_in(app, cast.ada_email, cast.password)
    assert body() == before


@ONE_DATABASE
def test_a_report_page_allows_its_own_scripts_and_no_others(ada: FlaskClient, atlas: str):
    reply = ada.get(atlas)
    policy = dict(part.split(" ", 1) for part in reply.headers["Content-Security-Policy"].split("; "))
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    assert re.fullmatch(r"'self'( 'sha256-[\w+/]+=')+", policy["script-src"])
    assert policy["default-src"] == "'none'"
    other = ada.get("/coach/reports").headers["Content-Security-Policy"]
    assert "unsafe" not in other


@ONE_DATABASE
def test_plotly_comes_from_here_and_may_be_kept(ada: FlaskClient, atlas: str):
    page = ada.get(atlas).get_data(as_text=True)
    found = re.search(r'src="(/coach/static/plotly\.min\.js\?v=\w{8})"', page)
    assert found is not None
    packed = ada.get(found[1], headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "immutable" in packed.headers["Cache-Control"]
    assert "Set-Cookie" not in packed.headers
    assert gzip.decompress(packed.data) == ada.get(found[1]).data


@ONE_DATABASE
def test_no_page_names_another_origin(hedy: FlaskClient, closed: builders.Opened, atlas: str):
    for address in ("/coach", "/coach/reports", "/coach/organisation", "/coach/campaigns/new", atlas):
        for named in addresses(hedy.get(address).get_data(as_text=True)):
            assert named.startswith(("/", "#", "?")), (address, named)


@pytest.fixture
def no_weasyprint(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without Pango: importing WeasyPrint fails as it does there."""
    import builtins

    real = builtins.__import__

    def broken(name: str, *args: object, **more: object) -> object:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", broken)
    return


@ONE_DATABASE
def test_without_system_packages_it_names_the_command(ada: FlaskClient, atlas: str, no_weasyprint: None):
    reply = ada.get(f"{atlas}.pdf")
    assert reply.status_code == 503
    assert "apt-get install -y --no-install-recommends libpango-1.0-0" in text(reply)
