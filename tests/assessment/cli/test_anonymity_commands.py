from __future__ import annotations

import json
from pathlib import Path

import pytest

from assessment.services.platform import Platform, utc_now
from tests import builders
from tests.assessment.cli.conftest import Run
from tests.builders import Cast
from tests.conftest import Clock

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def clean(platform: Platform, clock: Clock) -> Platform:
    clock.set(utc_now())
    platform.settings.instance.chmod(0o700)
    return platform


def test_the_audit_of_a_clean_instance_ends_well_and_says_what_it_did_not_check(run: Run, clean: Platform) -> None:
    told = run("audit-anonymity").output
    for area in ("Settings", "Schema", "Database", "Files", "Keys", "Logs", "Pages", "Clock", "Code"):
        assert f"\n{area}\n" in f"\n{told}"
    assert "\n0 findings, " in told
    assert "--url" in told


def test_a_finding_ends_it_with_1_and_has_its_remedy_below(run: Run, clean: Platform, cast: Cast) -> None:
    builders.opened(clean, cast)
    with clean.database.connection() as connection:
        connection.exec_driver_sql("ALTER TABLE ballot ADD COLUMN created_at TIMESTAMP")
    lines = run("audit-anonymity", code=1).output.splitlines()
    at = next(number for number, line in enumerate(lines) if "FINDING" in line)
    assert "ballot.created_at" in lines[at]
    assert "→" in lines[at + 1]
    told = json.loads(run("audit-anonymity", "--json", code=1).stdout)
    assert told["numbers"]["finding"] == 1
    assert [each["area"] for each in told["checked"] if each["outcome"] == "finding"] == ["schema"]


@ON_SQLITE
def test_logs_and_configurations_are_named_on_the_command_line(run: Run, clean: Platform, tmp_path: Path) -> None:
    log, proxy = tmp_path / "access.log", tmp_path / "proxy.conf"
    log.write_text('"GET /a/0000000000000000 HTTP/1.1"\n')
    proxy.write_text("ProxyPass / http://127.0.0.1:8000/\nErrorLog /dev/null\nCustomLog logs/access.log combined\n")
    told = run("audit-anonymity", "--log", log, "--proxy-config", proxy, code=1).output
    assert "2 findings" in told
    assert "0000000000000000" not in told


@ON_SQLITE
def test_an_instance_that_is_not_there_is_not_taken_for_an_empty_one(run: Run, tmp_path: Path) -> None:
    told = run("--instance", tmp_path / "typo", "audit-anonymity", code=2, env={"DATABASE_URL": ""}).stderr
    assert "nothing is stored there" in told


def test_somebody_is_erased_after_a_question(run: Run, cast: Cast) -> None:
    assert "Aborted" in run("organisation", "erase-member", "atlas0@example.org", given="n\n", code=1).output
    assert "Erased member" in run("organisation", "erase-member", "atlas0@example.org", given="y\n").output
    told = run("organisation", "erase-member", "atlas0@example.org", "--yes", code=3).stderr
    assert "0 people have" in told
    assert "Erased 0 names" in run("organisation", "erase-rosters").output
