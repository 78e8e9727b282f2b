"""Promise: a document that is passed on says nothing about who made it or when, and nothing about where it came from.

The one moment in it is the day it was made as of, which it shows, and the closing time that everybody was promised. So
two builds of one day are the same to the last byte, whoever asks and however.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from pypdf import PdfReader

from assessment.cli import main
from assessment.cli.frame import Here
from assessment.services.platform import Platform
from assessment.storage.models import Coach
from reports import pdf
from tests import builders
from tests.anonymity.leaks_doors import documents_with_a_date
from tests.builders import Cast, Opened
from tests.conftest import Clock, signed_in

# What the Info dictionary may say: the title is on the page, the program's name is the same everywhere.
INFO = {"/Title", "/Lang", "/Producer"}
XMP = {"pdfuaid:part", "pdf:Producer", "dc:title", "pdfaid:part", "dc:language"}
MOMENT = re.compile(rb"D:20\d{6}|20\d\d-\d\d-\d\dT\d\d|\b\d\d:\d\d:\d\d\b")
WHO = (b"Hedy", b"Ada", b"operator", b"example.org", b"Person 0", b"/tmp", b"root", b"localhost", b"127.0.0.1")
# Names under which JSON would carry a row's number, a person or a moment.
TRACE = re.compile(r"(^|_)(id|ids|uuid|at|on|date|time|made|created|generated|author|by|coach|actor|host|path)$")
Documents = dict[str, bytes]


@pytest.fixture
def closed(platform: Platform, clock: Clock, cast: Cast) -> Opened:
    campaign, _ = builders.closed(platform, clock, cast)
    return campaign


def downloaded(app: Flask, email: str, cast: Cast, campaign: Opened) -> Documents:
    """Return every document of the fixed cast's quarter, as a coach's browser saves it."""
    client = signed_in(app, email, cast.password)
    team = f"/coach/reports/2026-Q3/teams/{cast.teams['Atlas']}"
    whole = f"/coach/reports/2026-Q3/organisation/{campaign.id}"
    found = {}
    for address in (f"{team}.pdf", f"{team}.json", f"{whole}.json"):
        reply = client.get(address)
        assert reply.status_code == 200
        found[address.rpartition("/")[2]] = reply.get_data()
        found[f"headers of {address.rpartition('/')[2]}"] = "\n".join(
            f"{name}: {value}" for name, value in sorted(reply.headers) if name != "Content-Security-Policy"
        ).encode()
    return found


def traces(documents: Mapping[str, bytes]) -> list[str]:
    """Return what in documents says who made them, or when."""
    found = []
    for name, content in documents.items():
        if name.startswith("headers"):
            found += [f"{name}: {word}" for word in ("Last-Modified", "ETag") if word.encode() in content]
            continue
        text = content
        if name.endswith(".pdf"):
            reader = PdfReader(io.BytesIO(content))
            found += [f"{name}: {entry}" for entry in sorted(set(reader.metadata or {}) - INFO)]
            xmp = reader.trailer["/Root"]["/Metadata"].get_data()
            entries = set(re.findall(r"<(\w+:\w+)[ >]", xmp.decode())) - XMP
            found += [f"{name}: {entry}" for entry in sorted(entries) if entry.split(":")[0] not in {"x", "rdf"}]
            text = xmp + " ".join(page.extract_text() for page in reader.pages).encode() + content
        found += [f"{name}: {match.decode()}" for match in MOMENT.findall(text)]
        found += [f"{name}: {who.decode()}" for who in WHO if who in text]
    return found


@pytest.mark.attack("T28")
def test_documents_name_nobody_and_no_moment(app: Flask, cast: Cast, closed: Opened):
    assert traces(downloaded(app, cast.hedy_email, cast, closed)) == []


@pytest.mark.attack("T28")
def test_two_builds_by_two_people_hours_apart_are_the_same_bytes(
    app: Flask, cast: Cast, closed: Opened, clock: Clock, platform: Platform, runner: CliRunner
):
    first = downloaded(app, cast.hedy_email, cast, closed)
    clock.move(hours=5)
    with platform.transaction() as session:
        session.execute(sa.update(Coach).where(Coach.email == cast.ada_email).values(sees_all=True))
    second = downloaded(app, cast.ada_email, cast, closed)
    assert [name for name in first if first[name] != second[name]] == []
    here = Here(clock=clock)
    words = ["report", "--team", "Atlas", "--format", "pdf", "--language", "en", "-o", "-"]
    printed = runner.invoke(main, words, obj=here)
    here.bare_platform.database.dispose()
    assert printed.stdout_bytes == first[f"{cast.teams['Atlas']}.pdf"]


@pytest.mark.leaky("T28")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_date_of_making_would_be_noticed(
    app: Flask, cast: Cast, closed: Opened, monkeypatch: pytest.MonkeyPatch, clock: Clock
):
    documents_with_a_date(monkeypatch, pdf, clock)
    first = downloaded(app, cast.hedy_email, cast, closed)
    name = f"{cast.teams['Atlas']}.pdf"
    assert f"{name}: /CreationDate" in traces(first)
    clock.now += timedelta(seconds=1)
    assert downloaded(app, cast.hedy_email, cast, closed)[name] != first[name]


def keys(value: Any) -> set[str]:
    """Return every name in a JSON value, at any depth."""
    if isinstance(value, dict):
        return set(value) | {name for part in value.values() for name in keys(part)}
    if isinstance(value, list):
        return {name for part in value for name in keys(part)}
    return set()


@pytest.mark.attack("T28")
def test_json_has_no_number_of_a_row_and_no_moment(app: Flask, cast: Cast, closed: Opened):
    client = signed_in(app, cast.hedy_email, cast.password)
    for address in (f"teams/{cast.teams['Atlas']}.json", f"organisation/{closed.id}.json"):
        report = client.get(f"/coach/reports/2026-Q3/{address}").get_json()
        for part in (report, *report.get("teams", []), *report.get("departments", [])):
            # The ids of instruments and small changes are names in files, the same everywhere.
            assert part.pop("instruments")
            part.pop("roadmap")
        assert {name for name in keys(report) if TRACE.search(name)} == set()
