from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from assessment.cli.demonstration import ADDRESS, clear, let_mails_become_files, note_for
from assessment.cli.frame import Here
from assessment.services.organisation import get_organisation
from assessment.services.platform import Platform
from tests import builders
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
    assert re.search(r"Invited: http://127\.0\.0\.1:8000/e/en#t\.\S+\.\S+\n", first.stdout)
    second = run("demo", "--no-serve")
    assert "--fresh" in second.stdout
    assert password(second.stdout) == password(first.stdout)
    assert not (instance / "demo.building").exists()


@ON_SQLITE
def test_a_demo_writes_its_mails_into_its_own_folder(instance: Path, platform: Platform) -> None:
    here = Here(instance, clock=platform.clock)
    here.settings = replace(platform.settings, mail_url="", mail_from="")
    assert here.platform
    let_mails_become_files(here)
    assert 'mail_url = "folder://' in (instance / "config.toml").read_text(encoding="utf-8")
    written = (instance / "config.toml").stat()
    let_mails_become_files(here)
    assert (instance / "config.toml").stat() == written
    here.platform.database.dispose()


@ON_SQLITE
@pytest.mark.parametrize("marker", ["demo.building", "demo.txt"])
def test_a_demo_is_cleared_whole_or_interrupted(instance: Path, cast: Cast, platform: Platform, marker: str) -> None:
    (instance / marker).touch()
    builders.opened(platform, cast)
    here = Here(clock=platform.clock)
    here.settings = platform.settings
    clear(here)
    assert get_organisation(here.platform) is None
    assert not any(platform.settings.key_directory.iterdir()), "the key of the open campaign is left"
    assert not (instance / "demo.txt").exists()
    clear(here)
    here.platform.database.dispose()


def test_the_note_follows_the_address_that_is_served_now() -> None:
    note = f"{ADDRESS}http://127.0.0.1:8000\nCoach: http://127.0.0.1:8000/coach\n"
    assert note_for(note, "http://127.0.0.1:9000").endswith("Coach: http://127.0.0.1:9000/coach")


def test_somebodys_own_organisation_is_left_alone(run: Run, cast: Cast, platform: Platform) -> None:
    wanted = "--instance DIR" if platform.settings.is_sqlite else "DATABASE_URL"
    for words in (("demo", "--no-serve"), ("demo", "--no-serve", "--fresh")):
        assert wanted in run(*words, code=1).stderr
