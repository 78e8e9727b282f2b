from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assessment.services.organisation import get_organisation
from assessment.services.platform import Platform
from questionnaires.loader import available
from tests.assessment.cli.conftest import Run
from tests.builders import Cast

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_init_names_the_organisation_once(run: Run, platform: Platform) -> None:
    first = run("init", "--name", "Northwind", "--language", "de", "--timezone", "Europe/Berlin")
    assert "is ready" in first.output
    found = get_organisation(platform)
    assert found is not None
    assert (found.name, found.language, found.timezone) == ("Northwind", "de", "Europe/Berlin")
    assert "holds Northwind already" in run("init", "--name", "Other").output


@ON_SQLITE
def test_init_names_a_value_that_cannot_be_and_what_to_write(run: Run) -> None:
    told = run("init", "--timezone", "Berlin", code=2).stderr
    assert "time zone 'Berlin'" in told
    assert "Europe/Berlin" in told


@ON_SQLITE
def test_an_unknown_setting_stops_every_command(run: Run, instance: Path) -> None:
    (instance / "config.toml").write_text('colour = "blue"\n')
    told = run("campaign", "status", code=2).stderr
    assert "colour 'blue'" in told
    assert "Traceback" not in told


@ON_SQLITE
def test_the_instance_option_wins_over_the_environment(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    other = tmp_path / "other"
    run("--instance", other, "init", "--name", "Elsewhere")
    assert (other / "secret.key").stat().st_mode & 0o777 == 0o600


@ON_SQLITE
@pytest.mark.parametrize(
    "words", [("close",), ("backup", "-o", "no.tar.gz"), ("campaign", "status"), ("serve", "--port", "0")]
)
def test_a_folder_without_an_instance_is_not_taken_for_an_empty_one(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    told = run("--instance", tmp_path / "typo", *words, code=2, env={"DATABASE_URL": ""}).stderr
    assert "typo" in told
    assert "assessment init" in told


@ON_SQLITE
def test_an_instance_that_cannot_be_made_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = run("--instance", tmp_path / "file" / "below", "init", code=2).stderr
    assert "file/below" in told
    assert "Not a directory" in told


def test_migrate_says_where_the_database_is(run: Run) -> None:
    assert "already" in run("migrate").output


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_postgresql_database_of_another_version_waits_for_migrate(run: Run, platform: Platform) -> None:
    with platform.database.connection() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    assert "run `assessment migrate`" in run("campaign", "status", code=1).stderr


def test_coach_add_prints_the_password_once(run: Run, cast: Cast) -> None:
    told = json.loads(run("coach", "add", "eve@example.org", "--name", "Eve", "--team", "Atlas", "--json").stdout)
    assert told["email"] == "eve@example.org"
    assert len(told["password"]) >= 12
    assert "exists already" in run("coach", "add", "eve@example.org", "--name", "Eve", "--all-teams", code=2).stderr


@ON_SQLITE
def test_coach_add_takes_a_typed_password(run: Run, cast: Cast) -> None:
    words = ("coach", "add", "eve@example.org", "--name", "Eve", "--all-teams", "--ask-password")
    assert "Password: " not in run(*words, given="a long enough one\na long enough one\n").stdout.splitlines()[-1]
    assert "at least 12" in run(*words, given="short\nshort\n", code=2).stderr


@ON_SQLITE
def test_coach_add_needs_teams_that_exist(run: Run, cast: Cast) -> None:
    assert "--all-teams" in run("coach", "add", "eve@example.org", "--name", "Eve", code=2).stderr
    told = run("coach", "add", "eve@example.org", "--name", "Eve", "--team", "Draco", code=3).stderr
    assert "no team 'Draco'" in told


def test_organisation_import_tells_before_it_stores(run: Run, cast: Cast, tmp_path: Path, platform: Platform) -> None:
    people = tmp_path / "people.csv"
    people.write_text("department,team,name,e-mail\nProducts,Draco,Mira,mira@example.org\n")
    assert "Nothing was stored" in run("organisation", "import", people, "--dry-run").output
    told = json.loads(run("organisation", "import", people, "--json").stdout)
    assert told["is_stored"]
    assert told["added_teams"] == ["Draco"]
    organisation = get_organisation(platform)
    assert organisation is not None
    assert "Draco" in {team.name for team in organisation.teams}
    assert "21 removed" in run("organisation", "import", people, "--remove-missing").output


@ON_SQLITE
def test_organisation_import_lists_problems_by_line_and_stores_nothing(run: Run, cast: Cast, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("department,team,name,e-mail\nProducts,Draco,Mira,mira@example.org\n,Draco,Noor,not an address\n")
    told = run("organisation", "import", people, code=1)
    assert "line 3" in told.stderr
    assert "Nothing was stored" in told.stdout
    problems = json.loads(run("organisation", "import", people, "--json", code=1).stdout)["problems"]
    assert {problem["line"] for problem in problems} == {3}
    assert all(problem["message"] for problem in problems)


@ON_SQLITE
def test_questionnaire_list_names_what_is_shipped(run: Run) -> None:
    assert {row["id"] for row in json.loads(run("questionnaire", "list", "--json").stdout)} == set(available())
    assert "westrum-short" in run("questionnaire", "list").output


@ON_SQLITE
def test_questionnaire_check_passes_what_is_shipped(run: Run) -> None:
    folder = Path(__file__).parents[3] / "questionnaires" / "data"
    assert "0 problems" in run("questionnaire", "check", *sorted(folder.glob("*.yaml"))).output


@ON_SQLITE
def test_questionnaire_check_names_file_line_key_and_remedy(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("id: mine\nversion: zero\n")
    problems = json.loads(run("questionnaire", "check", broken, "--json", code=1).stdout)
    assert {problem["file"] for problem in problems} == {"broken.yaml"}
    assert any(problem["key"] == "version" and problem["line"] == 2 for problem in problems)
    assert "broken.yaml" in run("questionnaire", "check", broken, code=1).stderr
    run("questionnaire", "check", tmp_path / "missing.yaml", code=2)


def test_the_installed_command_needs_no_services_for_help() -> None:
    source = "import sys; sys.argv = ['assessment', '--help']; from assessment.cli import main\n"
    source += "try: main()\nexcept SystemExit: pass\nprint('sqlalchemy' in sys.modules, 'pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.splitlines()[-1] == "False False"
    assert "Exit codes" in done.stdout
