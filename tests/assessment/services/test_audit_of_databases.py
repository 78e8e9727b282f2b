"""The audit sees a database that tells more than ours, on both kinds, and says what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessment.services.platform import Platform
from assessment.storage.database import Database
from tests.assessment.services.auditing import Look, assert_one, notes, run
from tests.conftest import Clock

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("ALTER TABLE ballot ADD COLUMN created_at TIMESTAMP", "ballot.created_at"),
        ("ALTER TABLE card ADD COLUMN used BOOLEAN", "card.used"),
        ("ALTER TABLE invitee ADD COLUMN collected_on DATE", "invitee.collected_on (date)"),
        ("ALTER TABLE invitation ADD COLUMN serial INTEGER", "invitation.serial"),
        ("ALTER TABLE roster ADD COLUMN answered BOOLEAN", "roster.answered"),
        ("CREATE TABLE ballot_log (ballot_id INTEGER)", "ballot_log"),
        ("CREATE VIEW newest AS SELECT * FROM ballot", "newest"),
    ],
)
def test_a_schema_that_tells_more_is_found(live: Platform, look: Look, statement: str, word: str) -> None:
    run(live, statement)
    assert_one(look(), "schema", word)


@ON_SQLITE
def test_a_trigger_and_a_row_number_are_found_on_sqlite(live: Platform, look: Look) -> None:
    run(live, "CREATE TRIGGER spy AFTER INSERT ON ballot BEGIN UPDATE organisation SET name = name; END")
    assert_one(look(), "schema", "spy")
    run(live, "DROP TRIGGER spy")
    run(live, "DROP TABLE signing_key")
    run(live, "CREATE TABLE signing_key (node_id INTEGER, campaign_id INTEGER, public_key BLOB)")
    assert_one(look(), "schema", "signing_key", "order")


@ON_POSTGRESQL
@pytest.mark.parametrize(
    ("statements", "word"),
    [
        (["ALTER TABLE ballot ALTER COLUMN campaign_id SET DEFAULT 1"], "default"),
        (["CREATE SEQUENCE spy OWNED BY card.node_id"], "sequence spy of card"),
        (["ALTER TABLE card ADD FOREIGN KEY (node_id) REFERENCES node (id)"], "refers to node"),
        (["CREATE RULE spy AS ON INSERT TO ballot DO ALSO NOTIFY spy"], "rule spy"),
        (
            [
                "CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                "CREATE TRIGGER spy AFTER INSERT ON ballot EXECUTE FUNCTION spy()",
            ],
            "trigger spy on ballot",
        ),
        (["CREATE SCHEMA other", "CREATE TABLE other.ballot (id bytea)"], "other.ballot"),
    ],
)  # fmt: skip
def test_what_runs_or_points_is_found_on_postgresql(
    live: Platform, look: Look, statements: list[str], word: str
) -> None:
    for statement in statements:
        run(live, statement)
    assert_one(look(), "schema", word)


def test_an_older_schema_is_a_finding_and_not_an_error(live: Platform, look: Look) -> None:
    run(live, "UPDATE alembic_version SET version_num = '0001'")
    assert_one(look(), "schema", "0001", "assessment migrate")


@ON_POSTGRESQL
@pytest.mark.parametrize(
    "setting", ["log_statement = 'all'", "log_min_duration_statement = 0", "log_parameter_max_length_on_error = -1"]
)
def test_a_postgresql_that_logs_statements_is_found(live: Platform, look: Look, setting: str) -> None:
    run(live, f"ALTER DATABASE {live.database.engine.url.database} SET {setting}")
    live.database.dispose()
    assert_one(look(), "database", setting.partition(" ")[0])


@ON_POSTGRESQL
def test_publications_and_other_readers_are_told(live: Platform, look: Look) -> None:
    run(live, "CREATE PUBLICATION spy FOR TABLE ballot")
    name = f"reader_{live.database.engine.url.database}"
    run(live, f"CREATE ROLE {name} LOGIN")
    try:
        run(live, f"GRANT SELECT ON ballot TO {name}")
        assert look() == []
        told = notes(live)
        assert "spy" in told
        assert name in told
    finally:
        run(live, f"REVOKE ALL ON ballot FROM {name}")
        run(live, f"DROP ROLE {name}")


@ON_SQLITE
def test_a_sqlite_that_does_not_overwrite_is_found(live: Platform, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessment.storage.database.SQLITE_PRAGMAS", {"secure_delete": "OFF", "synchronous": "OFF"})
    found = look(replace(live, database=Database(live.settings.database_url)))
    assert {each.area for each in found} == {"database"}
    assert any("secure_delete" in each.what for each in found)


@ON_POSTGRESQL
def test_a_clock_that_is_not_the_databases_is_found(live: Platform, clock: Clock, look: Look) -> None:
    clock.move(minutes=10)
    assert_one(look(), "clock", "seconds apart", "timedatectl")
