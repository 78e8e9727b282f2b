"""Imports, reports, backups: what comes in and goes out as files."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from assessment.cli import documents
from assessment.cli.batch import STATE
from assessment.services.platform import Platform
from tests import builders
from tests.assessment.cli.conftest import Run
from tests.builders import Cast
from tests.conftest import Clock

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DATA = Path(documents.__file__).parents[1] / "data"
EXPORT, MAPPING = DATA / "sample-export.csv", DATA / "sample-mapping.yaml"
IMPORT = ("import", EXPORT, "--mapping", MAPPING, "--quarter", "2026-Q1")


@pytest.fixture
def quarter(platform: Platform, clock: Clock, cast: Cast) -> str:
    """A closed quarter of the fixed cast."""
    builders.closed(platform, clock, cast)
    return "2026-Q3"


def test_an_import_is_looked_at_decided_reported_and_undone(run: Run, cast: Cast, tmp_path: Path) -> None:
    looked = json.loads(run(*IMPORT, "--dry-run", "--json", code=1).stdout)
    assert looked["campaign_id"] is None
    assert looked["n_bad"] == len(looked["problems"]) > 0
    assert {"line", "field", "value", "message"} == set(looked["problems"][0])
    refused = run(*IMPORT, code=1)
    assert "Nothing was imported" in refused.stderr
    assert "--skip-bad-rows" in refused.stderr
    stored = run(*IMPORT, "--skip-bad-rows").output
    assert "only histograms were kept" in stored
    assert "already has a campaign" in run(*IMPORT, "--skip-bad-rows", code=1).stderr
    run("report", "--team", "Atlas", "--format", "json", "-o", tmp_path / "atlas.json")
    atlas = json.loads((tmp_path / "atlas.json").read_text())
    counted = next(team for team in looked["teams"] if team["name"] == "Atlas")
    assert atlas["quarter"] == "2026-Q1"
    assert atlas["n_answered"] == counted["n_answered"]
    assert "Removed the import of 2026-Q1" in run("import", "undo", "--quarter", "2026-Q1").output
    assert "Nothing was imported" in run("import", "undo", "--quarter", "2026-Q1", code=3).stderr


@ON_SQLITE
def test_import_guesses_a_mapping_from_the_header(run: Run, cast: Cast) -> None:
    assert "westrum-short" in run("import", EXPORT, "--guess").stdout


@ON_SQLITE
def test_import_creates_teams_when_told_to(run: Run) -> None:
    run("init", "--name", "Northwind")
    told = run(*IMPORT, "--create-teams", "--skip-bad-rows").output
    assert "Atlas (new)" in told


@ON_SQLITE
def test_import_names_what_is_missing(run: Run, cast: Cast, tmp_path: Path) -> None:
    assert "--guess" in run("import", EXPORT, code=2).stderr
    run("import", tmp_path / "missing.csv", "--guess", code=2)
    assert "2026-Q3" in run("import", EXPORT, "--mapping", MAPPING, "--quarter", "soon", code=2).stderr
    broken = tmp_path / "mapping.yaml"
    broken.write_text("columns: {mood: Mood}\n")
    told = run("import", EXPORT, "--mapping", broken, "--quarter", "2026-Q1", code=1).stderr
    assert "mapping.yaml" in told
    assert "--campaign" in run("import", "undo", code=2).stderr


@ON_SQLITE
def test_undo_leaves_what_was_answered_here(run: Run, quarter: str) -> None:
    assert "was answered here" in run("import", "undo", "--campaign", 1, code=1).stderr
    assert "Nothing was imported" in run("import", "undo", "--quarter", quarter, code=3).stderr


@ON_SQLITE
def test_import_help_shows_both_forms(run: Run) -> None:
    told = run("import", "--help").output
    assert "--skip-bad-rows" in told
    assert "undo" in told


@ON_SQLITE
def test_a_report_in_each_format(run: Run, quarter: str, tmp_path: Path) -> None:
    for form in ("html", "pdf", "json"):
        path = tmp_path / "new folder" / f"atlas.{form}"
        told = run("report", "--team", "Atlas", "--quarter", quarter, "--format", form, "-o", path)
        assert told.stdout.strip() == str(path)
        assert path.stat().st_size > 1000
    page = (tmp_path / "new folder" / "atlas.html").read_text(encoding="utf-8")
    assert "Atlas" in page
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=[\"']?https?:", page)
    assert "Atlas" in PdfReader(tmp_path / "new folder" / "atlas.pdf").pages[0].extract_text()


@ON_SQLITE
def test_a_report_is_printed_where_the_file_is_a_dash(run: Run, quarter: str) -> None:
    printed = run("report", "--team", "Atlas", "--format", "json", "-o", "-").stdout
    assert json.loads(printed)["node"]["name"] == "Atlas"
    assert not Path("-").exists()
    run("report", "--all", "-o", "-", code=2)
    run("report", "--team", "Atlas", "-o", "-", "--json", code=2)


def test_the_organisations_report_in_german(run: Run, quarter: str, tmp_path: Path) -> None:
    run("report", "--organisation", "--format", "html", "--language", "de", "-o", tmp_path / "o.html", "--json")
    assert '<html lang="de"' in (tmp_path / "o.html").read_text(encoding="utf-8")


@ON_SQLITE
def test_released_numbers_as_csv_in_both_shapes(run: Run, quarter: str, tmp_path: Path) -> None:
    run("report", "--team", "Atlas", "--format", "csv", "-o", tmp_path / "long.csv")
    wide = ("--format", "csv", "--shape", "wide", "--bom", "-o", tmp_path / "wide.csv")
    run("report", "--organisation", *wide)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "long.csv").read_text(encoding="utf-8"))))
    (mean,) = [row for row in rows if (row["measure"], row["statistic"]) == ("aspect:inquiry", "mean")]
    printed = json.loads(run("report", "--team", "Atlas", "--format", "json", "-o", "-").stdout)
    assert float(mean["value"]) == printed["aspects"]["inquiry"]["mean"]
    assert (tmp_path / "wide.csv").read_bytes().startswith(b"\xef\xbb\xbfkind,")
    whole = list(csv.DictReader(io.StringIO((tmp_path / "wide.csv").read_text(encoding="utf-8-sig"))))
    assert {row["node"] for row in whole} >= {"Atlas", "Borealis", "Cygnus"}


@ON_SQLITE
def test_what_csv_and_json_hold_needs_no_report(run: Run, cast: Cast, tmp_path: Path) -> None:
    assert run("report", "--format", "codebook", "-o", "-").stdout.startswith("column,measure,statistic,")
    run("report", "--format", "codebook", "--bom", "-o", tmp_path / "codebook.csv")
    assert (tmp_path / "codebook.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    schema = json.loads(run("report", "--format", "schema", "-o", "-").stdout)
    assert schema["$schema"].endswith("2020-12/schema")
    assert "-o alone" in run("report", "--team", "Atlas", "--format", "schema", "-o", "-", code=2).stderr
    assert "Give -o" in run("report", "--format", "codebook", code=2).stderr


@ON_SQLITE
def test_a_number_is_explained_from_its_histogram(run: Run, quarter: str, tmp_path: Path) -> None:
    told = run("report", "--team", "Atlas", "--explain", "inquiry").stdout
    assert "1. Histogram" in told
    assert "printed:" in told
    assert "2. Reached" in run("report", "--team", "Atlas", "--explain", "ladder:review").stdout
    assert "Below 8 answers" in run("report", "--team", "Cygnus", "--explain", "inquiry").stdout
    assert "Fewer than 5" in run("report", "--team", "Borealis", "--explain", "inquiry").stdout
    run("report", "--organisation", "--explain", "inquiry", "-o", tmp_path / "steps.txt")
    assert "Northwind" in (tmp_path / "steps.txt").read_text(encoding="utf-8")
    steps = (tmp_path / "steps.txt").read_text(encoding="utf-8")
    assert "Change within teams" in steps
    assert "Reliability" in steps
    assert "Infrastructure, 2026-Q3" in run("report", "--department", "Infrastructure", "--explain", "inquiry").stdout
    assert run("report", "--department", "Nowhere", "--explain", "inquiry", code=3).stderr
    assert "part of the organisation" in run("report", "--department", "Infrastructure", "-o", "-", code=2).stderr
    assert "ladder:review" in run("report", "--team", "Atlas", "--explain", "mood", code=2).stderr
    assert "--explain goes with" in run("report", "--all", "--explain", "inquiry", "-o", tmp_path, code=2).stderr


@ON_SQLITE
def test_all_reports_into_a_folder(run: Run, quarter: str, tmp_path: Path) -> None:
    told = json.loads(run("report", "--all", "--format", "json", "-o", tmp_path / "out", "--json").stdout)
    names = {Path(path).name for path in told["written"]}
    assert names == {f"{quarter}-{name}.json" for name in ("atlas", "borealis", "cygnus", "organisation")}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names | {STATE}


@ON_SQLITE
def test_one_report_that_cannot_be_written_does_not_stop_the_others(run: Run, quarter: str, tmp_path: Path) -> None:
    (tmp_path / "out" / f"{quarter}-borealis.json").mkdir(parents=True)
    done = run("report", "--all", "--format", "json", "-o", tmp_path / "out", code=1)
    assert "3 reports" in done.stdout
    assert "Borealis" in done.stderr
    assert (tmp_path / "out" / f"{quarter}-cygnus.json").is_file()


@ON_SQLITE
def test_the_list_of_reports_says_what_is_withheld(run: Run, cast: Cast, quarter: str) -> None:
    listed = json.loads(run("report", "--list", "--json").stdout)
    assert {row["name"]: row["is_withheld"] for row in listed if row["kind"] == "team"} == {
        "Atlas": False,
        "Borealis": True,
        "Cygnus": False,
    }
    assert "Borealis  (withheld)" in run("report", "--list").output


@ON_SQLITE
@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--team", "Atlas"), 2, "-o"),
        (("-o", "x.pdf"), 2, "--organisation"),
        (("--team", "Atlas", "--all", "-o", "x"), 2, "--organisation"),
        (("--team", "Draco", "-o", "x.pdf"), 3, "no team 'Draco'"),
        (("--team", "Atlas", "-o", "x.pdf"), 3, "no report of Atlas"),
        (("--team", "Atlas", "--quarter", "soon", "-o", "x.pdf"), 2, "2026-Q3"),
        (("--all", "-o", "x"), 3, "no report of any team"),
        (("--organisation", "--quarter", "2026-Q2", "-o", "x.pdf"), 3, "2026-Q2"),
        (("--team", "Atlas", "--format", "docx", "-o", "x"), 2, "html"),
    ],
)
def test_a_report_that_cannot_be_had_says_why(
    run: Run, cast: Cast, words: tuple[str, ...], code: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert told in run("report", *words, code=code).stderr
    assert not any(path.name.startswith("x") for path in tmp_path.iterdir())


@ON_SQLITE
def test_a_place_that_cannot_be_written_is_named(run: Run, quarter: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    told = run("report", "--team", "Atlas", "--format", "json", "-o", tmp_path / "file" / "x.json", code=4).stderr
    assert "cannot be written" in told
    assert "-o" in told


def test_a_backup_goes_into_an_empty_instance_of_either_database(
    run: Run, cast: Cast, platform: Platform, quarter: str, tmp_path: Path
) -> None:
    campaign = builders.opened(platform, cast, quarter="2026-Q4")
    told = run("backup", "-o", tmp_path / "all.tar.gz").output
    assert "without their keys" in told
    assert "exists already" in run("backup", "-o", tmp_path / "all.tar.gz", code=2).stderr
    assert "not empty" in run("restore", tmp_path / "all.tar.gz", code=1).stderr
    new = ("--instance", tmp_path / "new")
    sqlite = {"DATABASE_URL": "", "ASSESSMENT_KEY_DIRECTORY": str(tmp_path / "other keys")}
    restored = run(*new, "restore", tmp_path / "all.tar.gz", env=sqlite).output
    assert f"Void: campaign {campaign.id} (2026-Q4, 3 teams, 21 invited)." in restored
    assert "2026-Q3  closed" in run(*new, "campaign", "status", env=sqlite).output


@ON_SQLITE
def test_a_backup_with_keys_is_resumed_on_purpose(run: Run, cast: Cast, platform: Platform, tmp_path: Path) -> None:
    campaign = builders.opened(platform, cast)
    assert "guard this file" in run("backup", "-o", tmp_path / "all.tar.gz", "--with-keys").output
    sqlite = {"DATABASE_URL": "", "ASSESSMENT_KEY_DIRECTORY": str(tmp_path / "other keys")}
    words = ("--instance", tmp_path / "new", "restore", tmp_path / "all.tar.gz", "--resume", "--json")
    resumed = json.loads(run(*words, env=sqlite).stdout)["resumed"]
    assert [entry["campaign_id"] for entry in resumed] == [campaign.id]


@ON_SQLITE
def test_a_file_that_is_no_backup_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "no.tar.gz").write_bytes(b"not a backup")
    words = ("--instance", tmp_path / "new", "restore", tmp_path / "no.tar.gz")
    assert "cannot be read" in run(*words, code=2, env={"DATABASE_URL": ""}).stderr
