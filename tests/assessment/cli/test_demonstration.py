from __future__ import annotations

import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from assessment.services.platform import Platform
from tests.assessment.cli.conftest import Run
from tests.builders import Cast

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def password(said: str) -> str:
    found = re.search(r"password (\S+)", said)
    assert found is not None, said
    return found[1]


@ON_SQLITE
def test_the_demo_is_built_once_and_used_again(run: Run, instance: Path) -> None:
    first = run("demo", "--no-serve")
    assert "2026-Q3 open" in first.stdout
    assert re.search(r"Card:\s+[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\s+http://127\.0\.0\.1:8000/a/", first.stdout)
    report = PdfReader(instance / "team-report.pdf")
    assert str(instance / "team-report.pdf") in first.stdout
    assert "Anmeldung, Identität" in report.pages[0].extract_text()
    assert (instance / "demo.txt").stat().st_mode & 0o777 == 0o600
    second = run("demo", "--no-serve")
    assert "--fresh" in second.stdout
    assert password(second.stdout) == password(first.stdout)
    (instance / "demo.txt").unlink()
    (instance / "demo.building").touch()
    third = run("demo", "--no-serve", "--seed", "7")
    assert "was interrupted" in third.stdout
    assert password(third.stdout) != password(first.stdout)
    assert not (instance / "demo.building").exists()


def test_somebodys_own_organisation_is_left_alone(run: Run, cast: Cast, platform: Platform) -> None:
    wanted = "--instance DIR" if platform.settings.is_sqlite else "DATABASE_URL"
    for words in (("demo", "--no-serve"), ("demo", "--no-serve", "--fresh")):
        assert wanted in run(*words, code=1).stderr


@ON_SQLITE
def test_fresh_destroys_the_keys_of_the_demo_that_was_there(run: Run, tmp_path: Path) -> None:
    run("demo", "--no-serve")
    before = {path.name for path in (tmp_path / "keys").iterdir()}
    run("demo", "--no-serve", "--fresh")
    after = {path.name for path in (tmp_path / "keys").iterdir()}
    assert len(before) == len(after) == 1
    assert before != after
