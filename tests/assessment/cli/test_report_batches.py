"""`report --all`: several at once, only what is missing, whole files, and a way on after anything that stops it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assessment.cli.batch import STATE
from assessment.services.agree_focus import agree_focus
from assessment.services.platform import Platform
from tests import builders
from tests.assessment.cli.conftest import Run
from tests.builders import Cast
from tests.conftest import Clock

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = ON_SQLITE
ALL = ("report", "--all", "--workers", "1")


@pytest.fixture
def quarter(platform: Platform, clock: Clock, cast: Cast) -> str:
    """A closed quarter of the fixed cast, in which Atlas alone has a result."""
    builders.closed(platform, clock, cast, answered={"Borealis": 3, "Cygnus": 3})
    return "2026-Q3"


def written(run: Run, folder: Path, *words: object, code: int = 0) -> tuple[set[str], set[str]]:
    """Run the command; return the names of what it wrote and of what was there unchanged."""
    told = json.loads(run(*ALL, "-o", folder, "--json", *words, code=code).stdout)
    made, kept = ({Path(path).stem.partition("-Q3-")[2] for path in told[key]} for key in ("written", "unchanged"))
    return made, kept


def test_a_second_run_makes_only_what_is_missing_or_changed(
    run: Run, quarter: str, platform: Platform, cast: Cast, tmp_path: Path, clock: Clock
) -> None:
    folder, four = tmp_path / "out", {"atlas", "borealis", "cygnus", "organisation"}
    json_ = ("--format", "json")
    assert written(run, folder, *json_) == (four, set())
    clock.move(days=3)
    assert written(run, folder, *json_) == (set(), four), "another day alone makes no other report"
    (folder / f"{quarter}-cygnus.json").unlink()
    (folder / f"{quarter}-borealis.json").write_bytes(b"{")
    assert written(run, folder, *json_) == ({"borealis", "cygnus"}, {"atlas", "organisation"})
    agree_focus(platform, cast.ada, cast.teams["Atlas"], quarter, ["inquiry"])
    assert written(run, folder, *json_)[0] == {"atlas"}
    (folder / STATE).write_bytes((folder / STATE).read_bytes()[:-5])
    assert written(run, folder, *json_)[0] == {"atlas"}, "a line that was cut off is no promise"
    assert written(run, folder, *json_, "--language", "de") == (four, set())
    assert written(run, folder, *json_, "--language", "de", "--fresh") == (four, set())
    assert "4 reports in" in run(*ALL, *json_, "--language", "de", "-o", folder).stdout


def test_two_processes_make_the_same_bytes_as_one(
    run: Run, platform: Platform, clock: Clock, cast: Cast, tmp_path: Path
) -> None:
    builders.closed(platform, clock, cast, answered=dict.fromkeys(builders.SIZES, 3))
    for workers in (1, 2):
        told = run("report", "--all", "--workers", workers, "-o", tmp_path / str(workers))
        assert "4 reports" in told.stdout
        assert all(f"Writing reports: {name} (" in told.stderr for name in (*builders.SIZES, "Northwind"))
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / n).glob("*.pdf")} for n in ("1", "2"))
    assert one == two
    assert len(one) == 4


def test_teams_whose_names_are_alike_as_files_have_one_each(
    platform: Platform, clock: Clock, run: Run, tmp_path: Path
) -> None:
    alike = builders.organisation(platform, sizes={"Lager & Büro": 5, "Lager Büro": 5, "Organisation": 5})
    builders.closed(platform, clock, alike, teams=list(alike.teams), answered=dict.fromkeys(alike.teams, 3))
    assert len(written(run, tmp_path, "--format", "json")[0]) == 4
    assert len(list(tmp_path.glob("2026-Q3-*.json"))) == 4


def test_workers_and_fresh_go_with_all_alone(run: Run, quarter: str, tmp_path: Path) -> None:
    for words in (("--workers", "2"), ("--fresh",)):
        said = run("report", "--team", "Atlas", "-o", tmp_path / "x.pdf", *words, code=2).stderr
        assert "--workers and --fresh go with --all" in said


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_interruption_leaves_whole_files_and_says_how_to_go_on(
    platform: Platform, clock: Clock, environ: dict[str, str], tmp_path: Path, run: Run, workers: str
) -> None:
    # Withheld reports are one page each; there are enough to interrupt.
    many = builders.organisation(platform, sizes={f"Team {number}": 5 for number in range(6)})
    builders.closed(platform, clock, many, teams=list(many.teams), answered=dict.fromkeys(many.teams, 1))
    folder = tmp_path / "out"
    command = [sys.executable, "-m", "assessment.cli", "report", "--all", "--workers", workers, "-o", str(folder)]
    process = subprocess.Popen(
        command, env=os.environ | environ, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    until = time.monotonic() + 60
    while not list(folder.glob("*.pdf")):
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.005)
    # As a terminal does: to all processes of the command.
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert "The same command goes on with the others" in said
    assert "Traceback" not in said
    there = {path.name for path in folder.iterdir()} - {STATE}
    assert there == {path.name for path in folder.glob("2026-Q3-*.pdf")}
    assert all(path.read_bytes().rstrip().endswith(b"%%EOF") for path in folder.glob("*.pdf"))
    made, kept = written(run, folder, "--format", "pdf")
    assert len(kept) == len(there) < 7
    assert len(made) + len(kept) == 7
