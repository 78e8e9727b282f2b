from __future__ import annotations

import csv
import io
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from assessment.services.organisation import get_organisation
from assessment.services.platform import Platform
from assessment.services.release_quarter import released_quarter
from reports import schema
from tests import builders
from tests.assessment.web.coach.browsing import ONE_DATABASE, addresses
from tests.conftest import Clock, signed_in

ALL = "/coach/reports/2026-Q3.csv"


@pytest.fixture
def ada(app: Flask, closed: builders.Opened, cast: builders.Cast) -> FlaskClient:
    """Has Atlas and Cygnus; signed in once the campaign has closed."""
    return signed_in(app, cast.ada_email, cast.password)


@pytest.fixture
def hedy(app: Flask, closed: builders.Opened, cast: builders.Cast) -> FlaskClient:
    return signed_in(app, cast.hedy_email, cast.password)


def rows(reply: TestResponse) -> list[dict[str, str]]:
    assert reply.status_code == 200
    assert reply.content_type == "text/csv; charset=utf-8"
    assert reply.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"), newline="")))


def test_one_report_as_csv_and_as_json(ada: FlaskClient, cast: builders.Cast):
    atlas = f"/coach/reports/2026-Q3/teams/{cast.teams['Atlas']}"
    found = ada.get(f"{atlas}.csv")
    assert found.headers["Content-Disposition"] == 'attachment; filename="2026-Q3-atlas.csv"'
    report = json.loads(ada.get(f"{atlas}.json").data)
    long = {(row["measure"], row["statistic"]): row["value"] for row in rows(found)}
    assert float(long["aspect:inquiry", "mean"]) == report["aspects"]["inquiry"]["mean"]
    (wide,) = rows(ada.get(f"{atlas}.csv?shape=wide"))
    assert wide["aspect_inquiry_mean"] == long["aspect:inquiry", "mean"]
    assert ada.get(f"{atlas}.csv?shape=round").status_code == 404
    schema.Report.validate_json(json.dumps(report))
    assert [quarter["quarter"] for quarter in report["series"]] == ["2026-Q3"]


@ONE_DATABASE
def test_all_reports_of_a_quarter_are_those_the_coach_may_see(
    app: Flask, ada: FlaskClient, hedy: FlaskClient, cast: builders.Cast
):
    assert [row["node"] for row in rows(ada.get(f"{ALL}?shape=wide"))] == ["Atlas", "Cygnus"]
    assert "Borealis" not in ada.get(ALL).get_data(as_text=True)
    seen = [(row["kind"], row["node"]) for row in rows(hedy.get(f"{ALL}?shape=wide"))]
    assert seen[0] == ("organisation", "Northwind")
    assert [name for kind, name in seen if kind == "team"] == ["Atlas", "Borealis", "Cygnus"]
    assert {kind for kind, _ in seen} == {"organisation", "department", "team"}
    bruno = signed_in(app, cast.bruno_email, cast.password)
    assert bruno.get(ALL).status_code == 404
    assert hedy.get("/coach/reports/2020-Q1.csv").status_code == 404
    assert hedy.get("/coach/reports/2020-Q7.csv").status_code == 404


@ONE_DATABASE
def test_each_row_of_a_quarter_is_the_report_of_its_team(hedy: FlaskClient, cast: builders.Cast):
    together = rows(hedy.get(ALL))
    for name, team_id in cast.teams.items():
        alone = rows(hedy.get(f"/coach/reports/2026-Q3/teams/{team_id}.csv"))
        assert [row for row in together if row["node"] == name and row["kind"] == "team"] == alone


@ONE_DATABASE
def test_a_team_that_sat_a_quarter_out_is_compared_with_its_own_last_one(
    platform: Platform, clock: Clock, cast: builders.Cast
):
    builders.closed(platform, clock, cast, quarter="2026-Q1")
    builders.closed(platform, clock, cast, quarter="2026-Q2", teams=["Cygnus"])
    builders.closed(platform, clock, cast, quarter="2026-Q3")
    found = {row.released.name: row.released for row in released_quarter(platform, cast.hedy, "2026-Q3")}
    assert found["Atlas"].previous_quarter == "2026-Q1"
    assert found["Cygnus"].previous_quarter == "2026-Q2"
    organisation = get_organisation(platform)
    assert organisation is not None
    assert found[organisation.name].previous_quarter == "2026-Q2"


@ONE_DATABASE
def test_two_campaigns_of_a_quarter_are_told_apart(app: Flask, platform: Platform, clock: Clock, cast: builders.Cast):
    first, _ = builders.closed(platform, clock, cast, quarter="2026-Q2", teams=["Atlas"])
    second, _ = builders.closed(platform, clock, cast, quarter="2026-Q2", teams=["Cygnus"])
    hedy = signed_in(app, cast.hedy_email, cast.password)
    found = rows(hedy.get("/coach/reports/2026-Q2.csv?shape=wide"))
    organisations = [row["campaign"] for row in found if row["kind"] == "organisation"]
    assert sorted(organisations) == [str(first.id), str(second.id)]
    keys = [(row["kind"], row["node"], row["quarter"], row["campaign"]) for row in found]
    assert len(keys) == len(set(keys))
    assert {row["node"]: row["campaign"] for row in found if row["kind"] == "team"} == {
        "Atlas": str(first.id),
        "Cygnus": str(second.id),
    }


@ONE_DATABASE
def test_the_list_of_reports_leads_to_every_file(hedy: FlaskClient, closed: builders.Opened):
    linked = addresses(hedy.get("/coach/reports").get_data(as_text=True))
    whole = f"/coach/reports/2026-Q3/organisation/{closed.id}"
    assert {ALL, f"{ALL}?shape=wide", f"{whole}.csv", f"{whole}.json"} <= linked
    assert {"/coach/reports/codebook.csv", "/coach/reports/schema.json"} <= linked
    assert {row["kind"] for row in rows(hedy.get(f"{whole}.csv"))} == {"organisation", "department", "team"}


@ONE_DATABASE
def test_what_the_files_hold_can_be_read(ada: FlaskClient):
    assert {"column", "meaning", "unit", "source"} <= set(rows(ada.get("/coach/reports/codebook.csv"))[0])
    reply = ada.get("/coach/reports/schema.json")
    assert reply.headers["Content-Disposition"] == 'attachment; filename="report-1.json"'
    assert json.loads(reply.data) == schema.schema()
