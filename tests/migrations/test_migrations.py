"""Migrations are numbered, go forward only, import nothing of ours, and end where the models are."""

from __future__ import annotations

import ast
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.orm import Session

import migrations
from assessment.services.frozen import kept_of
from assessment.storage import schema
from assessment.storage.base import Base
from assessment.storage.database import Database
from assessment.storage.models import Campaign
from questionnaires.loader import questionnaire
from reports.histograms import Histogram
from reports.kept import Figure, KeptRole, KeptRoles
from tests.conftest import Databases

VERSIONS = Path(migrations.__file__).parent / "versions"
FILES = sorted(path for path in VERSIONS.glob("*.py") if path.name != "__init__.py")


def test_the_head_is_what_the_models_say(database_url: str):
    database = Database(database_url)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
        checks = {
            table: {str(check["name"]) for check in sa.inspect(connection).get_check_constraints(table)}
            for table in Base.metadata.tables
        }
    database.dispose()
    assert differences == []
    for name, table in Base.metadata.tables.items():
        wanted = {str(check.name) for check in table.constraints if isinstance(check, sa.CheckConstraint)}
        assert wanted <= checks[name]


def test_the_files_are_numbered_without_gaps():
    assert [path.name[:4] for path in FILES] == [f"{number:04}" for number in range(1, len(FILES) + 1)]
    assert schema.numbers() == [path.name[:4] for path in FILES]
    assert schema.head() == FILES[-1].name[:4]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_migration_stands_alone_and_goes_forward_only(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name) or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert not [name for name in imported if re.match("assessment|reports|questionnaires|migrations", name)]
    assert "downgrade" not in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.fixture
def empty(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path, database_url: str
) -> Callable[[], Database]:
    """Return a maker of `Database` objects of one database without tables."""
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}" if database_url.startswith("sqlite") else database_url
    made: list[Database] = []

    def make() -> Database:
        made.append(Database(url))
        request.addfinalizer(made[-1].dispose)
        return made[-1]

    if not url.startswith("sqlite"):
        with make().connection() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    return make


def test_an_empty_database_comes_up_to_date(empty: Callable[[], Database]):
    database = empty()
    assert schema.current(database) is None
    assert schema.upgrade(database) == schema.head() == schema.current(database)
    assert schema.upgrade(database) == schema.head()


def test_processes_that_start_together_migrate_once(empty: Callable[[], Database]):
    reached: list[str] = []

    def migrate(database: Database) -> None:
        reached.append(schema.upgrade(database))

    threads = [threading.Thread(target=migrate, args=(empty(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reached == [schema.head()] * 4


def test_a_campaign_of_the_first_version_goes_on_after_the_second(empty: Callable[[], Database]):
    database = empty()
    schema.upgrade(database, "0001")
    columns = "quarter, state, source, reporting_size, closes_at, timezone, language, instruments, fingerprint, focus"
    values = "'2026-Q3', 'open', 'answered', 5, '2026-09-01 00:00:00+00', 'UTC', 'en', '[]', 'f', '[]'"
    with database.connection() as connection:
        insert = f"INSERT INTO campaign ({columns}, public_key, key_wrapped) VALUES ({values}, :key, :no)"
        connection.execute(sa.text(insert), {"key": b"k" * 32, "no": False})
        ballot = "INSERT INTO ballot (id, campaign_id, node_id, sealed) VALUES (:id, 1, 2, :sealed)"
        connection.execute(sa.text(ballot), {"id": b"i" * 32, "sealed": b"s" * 304})
    schema.upgrade(database)
    with database.engine.connect() as connection:
        row = connection.execute(sa.text("SELECT state, public_key, n_keys_made, reminded_on FROM campaign")).one()
        assert connection.scalar(sa.text("SELECT count(*) FROM ballot")) == 1
        assert connection.scalar(sa.text("SELECT count(*) FROM invitee")) == 0
    database.dispose()
    assert (row.state, bytes(row.public_key), row.n_keys_made, row.reminded_on) == ("open", b"k" * 32, None, None)


def test_a_campaign_closed_by_the_second_version_is_read_by_the_third(empty: Callable[[], Database]):
    database = empty()
    schema.upgrade(database, "0002")
    asked = questionnaire(("westrum",))
    columns = "quarter, state, source, reporting_size, closes_at, timezone, language, instruments, fingerprint, focus"
    values = "'2026-Q3', 'closed', 'answered', 5, '2026-09-01 00:00:00+00', 'UTC', 'en', :frozen, 'f', '[]'"
    with database.connection() as connection:
        insert = f"INSERT INTO campaign ({columns}, public_key, key_wrapped) VALUES ({values}, :key, :no)"
        connection.execute(sa.text(insert), {"key": b"k" * 32, "no": False, "frozen": asked.canonical()})
        node = "INSERT INTO node (campaign_id, kind, name, n_answered) VALUES (1, 'organisation', 'Northwind', 12)"
        connection.exec_driver_sql(node)
        connection.exec_driver_sql("INSERT INTO cover VALUES (1, 'aspect:novelty', 12, 2)")
        connection.exec_driver_sql("INSERT INTO histogram VALUES (1, 'aspect:novelty', 30, 12)")
    schema.upgrade(database)
    with database.connection() as connection:
        connection.exec_driver_sql("INSERT INTO role_figure VALUES (1, 'novelty', 'running', 10, 3, 42)")
        connection.exec_driver_sql("INSERT INTO role_test VALUES (1, 'novelty', 17)")
    with Session(database.engine) as session:
        row = session.get(Campaign, 1)
        assert row is not None
        found = kept_of(session, row)
    database.dispose()
    assert found.questionnaire == asked
    assert found.figures == {(1, "aspect:novelty"): Figure(Histogram.of({30: 12}), 2)}
    assert found.roles == {"novelty": KeptRoles({"running": KeptRole(10, 3, 42)}, 17)}


def test_a_closed_campaign_of_the_release_before_gets_a_roadmap(empty: Callable[[], Database]):
    database = empty()
    schema.upgrade(database, "0003")
    columns = "quarter, state, source, reporting_size, closes_at, timezone, language, instruments, fingerprint, focus"
    values = "'2026-Q3', 'closed', 'answered', 5, '2026-09-01 00:00:00+00', 'UTC', 'en', '[]', 'f', '[\"novelty\"]'"
    with database.connection() as connection:
        connection.exec_driver_sql("INSERT INTO department (name) VALUES ('Products')")
        connection.exec_driver_sql("INSERT INTO team (department_id, name) VALUES (1, 'Atlas')")
        insert = f"INSERT INTO campaign ({columns}, public_key, key_wrapped) VALUES ({values}, :key, :no)"
        connection.execute(sa.text(insert), {"key": b"k" * 32, "no": False})
        node = "INSERT INTO node (campaign_id, kind, team_id, name, way) VALUES (1, 'team', 1, 'Atlas', 'cards')"
        connection.exec_driver_sql(node)
        connection.exec_driver_sql(
            "INSERT INTO cover (node_id, measure, n, n_teams) VALUES (1, 'aspect:novelty', 9, 1)"
        )
        connection.exec_driver_sql(
            "INSERT INTO histogram (node_id, measure, value, count) VALUES (1, 'aspect:novelty', 24, 9)"
        )
    schema.upgrade(database)
    agreement = (
        "INSERT INTO agreement (team_id, quarter, change_id, state, role, due, sign, evidence, agreed_on) "
        "VALUES (:team, '2026-Q3', 'C04', 'agreed', 'owner', '2026-12-01', 'seen', '', '2026-10-01')"
    )
    said = "INSERT INTO change_in_place (team_id, change_id, since) VALUES (:team, 'C09', '2026-10-01')"
    for statement in (agreement, said):
        for team in (1, None):
            with database.connection() as connection:
                connection.execute(sa.text(statement), {"team": team})
            with pytest.raises(sa.exc.IntegrityError), database.connection() as connection:
                connection.execute(sa.text(statement), {"team": team})
    with database.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT name, focus FROM node")).all() == [("Atlas", None)]
        assert connection.scalar(sa.text("SELECT count FROM histogram")) == 9
        assert connection.scalar(sa.text("SELECT count(*) FROM agreement")) == 2


def test_a_coach_of_the_release_before_can_ask_for_all_reports(empty: Callable[[], Database]):
    database = empty()
    schema.upgrade(database, "0004")
    columns = "quarter, state, source, reporting_size, closes_at, timezone, language, instruments, fingerprint, focus"
    values = "'2026-Q3', 'closed', 'imported', 5, '2026-09-01 00:00:00+00', 'UTC', 'en', '[]', 'f', '[]'"
    with database.connection() as connection:
        connection.exec_driver_sql("INSERT INTO department (name) VALUES ('Products')")
        connection.exec_driver_sql("INSERT INTO team (department_id, name) VALUES (1, 'Atlas')")
        insert = f"INSERT INTO campaign ({columns}, key_wrapped) VALUES ({values}, :no)"
        connection.execute(sa.text(insert), {"no": False})
        coach = "INSERT INTO coach (name, email, password_hash, sees_all) VALUES ('Ada', 'a@example.org', 'h', :yes)"
        connection.execute(sa.text(coach), {"yes": True})
        health = "INSERT INTO health_fact (team_id, quarter, fact, value) VALUES (1, '2026-Q3', 'toil', 0.4)"
        connection.exec_driver_sql(health)
    schema.upgrade(database)
    batch = (
        "INSERT INTO batch (coach_id, quarter, language, folder, state, until, seconds) "
        "VALUES (1, '2026-Q3', 'en', 'f', '{state}', '2026-10-01 00:00:00+00', 0)"
    )
    report = (
        "INSERT INTO batch_report (batch_id, place, campaign_id, team_id, name, file, state, problem) "
        "VALUES (1, {place}, 1, {team}, 'Atlas', 'atlas.pdf', '{state}', '{problem}')"
    )
    with database.connection() as connection:
        connection.exec_driver_sql(batch.format(state="making"))
        connection.exec_driver_sql(report.format(place=0, team="NULL", state="waiting", problem=""))
        connection.exec_driver_sql(report.format(place=1, team=1, state="broken", problem="died"))
    refused = [
        batch.format(state="elsewhere"),
        report.format(place=2, team=1, state="broken", problem=""),
        report.format(place=2, team=1, state="made", problem="died"),
    ]
    for statement in refused:
        with pytest.raises(sa.exc.IntegrityError), database.connection() as connection:
            connection.exec_driver_sql(statement)
    with database.connection() as connection:
        assert connection.scalar(sa.text("SELECT value FROM health_fact")) == 0.4
        # As docs/privacy.md says how to remove a coach.
        connection.exec_driver_sql("DELETE FROM coach WHERE id = 1")
        assert connection.scalar(sa.text("SELECT count(*) FROM batch")) == 0
        assert connection.scalar(sa.text("SELECT count(*) FROM batch_report")) == 0
