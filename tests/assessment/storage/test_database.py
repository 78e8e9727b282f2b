"""Transactions, the SQLite settings that durability and destruction rest on, and moments in time."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from assessment.storage import audit, organisation
from assessment.storage.database import Database
from assessment.storage.models import Audit


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    yield made
    made.dispose()


sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
postgresql_only = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def names(database: Database) -> list[str]:
    with database.reading() as session:
        return [department.name for department in organisation.departments(session)]


def test_a_transaction_is_all_or_nothing(database: Database):
    with database.transaction() as session:
        organisation.add_department(session, "Kept")

    def fail() -> None:
        with database.transaction() as session:
            organisation.add_department(session, "Lost")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert names(database) == ["Kept"]


def test_reading_never_writes(database: Database):
    with database.reading() as session:
        organisation.add_department(session, "Lost")
    assert names(database) == []


def test_a_new_file_may_be_opened_while_somebody_else_has_just_begun_with_it(tmp_path: Path):
    path = tmp_path / "new.sqlite"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.1, other.rollback)
    timer.start()
    database = Database(f"sqlite:///{path}")
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    timer.join()
    other.close()
    database.dispose()


def test_many_writers_stand_in_line(database: Database):
    def write(number: int) -> None:
        with database.transaction() as session:
            n_before = len(organisation.departments(session))
            organisation.add_department(session, f"{number:02} after {n_before}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = names(database)
    assert len(found) == 20
    if database.is_sqlite:
        assert sorted(int(name.split()[-1]) for name in found) == list(range(20))


def test_reading_goes_on_while_somebody_writes(database: Database):
    with database.transaction() as session:
        organisation.add_department(session, "Not yet")
        assert names(database) == []
    assert names(database) == ["Not yet"]


def test_moments_come_back_aware_and_in_utc(database: Database):
    at = datetime(2026, 9, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    with database.transaction() as session:
        audit.record(session, at, "Ada", "test", "nothing")
    with database.reading() as session:
        found = session.scalars(sa.select(Audit)).one().at
    assert found == at
    assert found.utcoffset() == timedelta(0)
    assert found.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(database: Database):
    with pytest.raises(sa.exc.StatementError, match="time zone"), database.transaction() as session:
        audit.record(session, datetime(2026, 9, 1, 12, 0), "Ada", "test", "nothing")


@sqlite_only
def test_sqlite_syncs_overwrites_and_checks(database: Database):
    with database.reading() as session:
        found = {
            name: session.execute(sa.text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
    assert database.unsafe_settings() == []


@sqlite_only
def test_the_log_is_emptied_once_no_reader_holds_it(database: Database):
    assert database.path is not None
    log = database.path.with_name(f"{database.path.name}-wal")
    with database.transaction() as session:
        organisation.add_department(session, "Kept")
    assert log.stat().st_size > 0
    with database.reading() as session:
        organisation.departments(session)
        with database.transaction() as other:
            organisation.add_department(other, "Later")
        assert not database.forget_log(patience=0.1)
    assert database.forget_log()
    assert log.stat().st_size == 0


@postgresql_only
@pytest.mark.parametrize(
    "setting",
    [
        "log_statement = all",
        "log_statement = mod",
        "log_duration = on",
        "log_min_duration_statement = 0",
        "log_min_duration_statement = 1s",
        "log_min_duration_sample = 500ms",
        "log_transaction_sample_rate = 0.1",
        "auto_explain.log_min_duration = 250ms",
        "pgaudit.log = write",
    ],
)
def test_a_postgresql_that_records_answering_is_found(database: Database, setting: str):
    assert database.unsafe_settings() == []
    assert database.path is None
    assert database.forget_log()
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = sa.make_url(database.url).database
        wanted, _, value = setting.partition(" = ")
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET {wanted} = '{value}'")
    database.dispose()
    assert database.unsafe_settings() == [setting]


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (
            "campaign",
            "1, '2026-Q3', 'reopened', 'answered', 5, '2026-09-01', 'UTC', 'en', '[]', '', '[]', NULL, {no}, {nulls}",
        ),
        (
            "campaign",
            "1, '2026-Q3', 'draft', 'guessed', 5, '2026-09-01', 'UTC', 'en', '[]', '', '[]', NULL, {no}, {nulls}",
        ),
        (
            "campaign",
            "1, '2026-Q3', 'draft', 'answered', 4, '2026-09-01', 'UTC', 'en', '[]', '', '[]', NULL, {no}, {nulls}",
        ),
        (
            "campaign",
            "1, '2026-Q3', 'open', 'answered', 5, '2026-09-01', 'UTC', 'en', '[]', '', '[]', NULL, {no}, {nulls}",
        ),
        ("organisation", "2, 'Another', 'en', 'UTC'"),
        ("ballot", "{long}, 1, 1, {short}"),
        ("card", "{short}, 1, 1"),
        ("cover", "1, 'aspect:novelty', 4, 1"),
        ("cover", "1, 'aspect:novelty', 5, 0"),
        ("histogram", "1, 'aspect:novelty', 6, 0"),
    ],
)
def test_the_database_itself_keeps_the_rules(database: Database, table: str, values: str):
    binary = "x'{0}'" if database.is_sqlite else "'\\x{0}'::bytea"
    given = values.format(
        no="false", nulls="NULL, NULL, NULL", long=binary.format("00" * 32), short=binary.format("00" * 8)
    )
    with pytest.raises(sa.exc.IntegrityError, match=r"(?i)check"), database.transaction() as session:
        session.connection().exec_driver_sql(f"INSERT INTO {table} VALUES ({given})")
