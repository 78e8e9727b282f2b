from __future__ import annotations

import json
from pathlib import Path

import pytest

from assessment.services.platform import Platform
from tests import builders
from tests.assessment.cli.conftest import Run
from tests.builders import Cast
from tests.conftest import Clock

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def quarters(platform: Platform, clock: Clock, cast: Cast) -> None:
    for quarter in ("2026-Q3", "2026-Q4"):
        builders.closed(platform, clock, cast, quarter=quarter)


def test_a_trend_is_written_in_each_form(run: Run, quarters: None, tmp_path: Path) -> None:
    for form, begins in (("pdf", b"%PDF"), ("html", b"<!DOCTYPE"), ("json", b"{")):
        path = tmp_path / f"atlas.{form}"
        run("report", "--team", "Atlas", "--trend", "--format", form, "-o", path)
        assert path.read_bytes().startswith(begins)
    printed = run("report", "--organisation", "--trend", "--format", "json", "-o", "-").stdout
    values = json.loads(printed)
    assert (values["node"]["kind"], len(values["quarters"])) == ("organisation", 2)


@ON_SQLITE
@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("--all", "--trend"), "--team NAME and --organisation"),
        (("--trend",), "--team NAME and --organisation"),
        (("--team", "Atlas", "--organisation", "--trend"), "--team NAME and --organisation"),
        (("--team", "Atlas", "--trend", "--format", "csv"), "pdf, html, json"),
        (("--team", "Atlas", "--trend", "--quarter", "2026-Q3"), "leave --quarter out"),
    ],
)
def test_what_does_not_go_with_a_trend_is_refused(run: Run, cast: Cast, words: tuple[str, ...], remedy: str) -> None:
    assert remedy in run("report", *words, "-o", "out", code=2).stderr


@ON_SQLITE
def test_before_the_first_report_it_says_so(run: Run, cast: Cast) -> None:
    refused = run("report", "--team", "Atlas", "--trend", "--format", "json", "-o", "-", code=3)
    assert "reports exist from the moment a campaign closes" in refused.stderr
