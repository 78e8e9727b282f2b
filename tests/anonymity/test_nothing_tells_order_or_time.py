"""Promise: what is stored of an answer says nothing about when it came, in which order, from where or of whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from assessment.domain.ballots import SEALED_LENGTH
from assessment.domain.errors import UnsafeDatabase
from assessment.services.platform import Platform
from assessment.storage.base import Base
from assessment.storage.database import SAFE_SETTINGS, SQLITE_PRAGMAS
from tests import builders
from tests.anonymity import leaks
from tests.anonymity.forensics import PostgresFiles, SqliteLog
from tests.anonymity.leaks import Leak
from tests.builders import Cast

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
postgresql_only = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

# Whoever adds a column or a table here must be able to say why it tells nothing about when, in which order or by whom
# something was answered.
ALLOWED = {
    "ballot": {"id": "bytes", "campaign_id": "int", "node_id": "int", "sealed": "bytes"},
    "card": {"digest": "bytes", "campaign_id": "int", "node_id": "int"},
    "invitation": {"digest": "bytes", "campaign_id": "int", "node_id": "int", "member_id": "int"},
    "invitee": {
        "node_id": "int",
        "member_id": "int",
        "campaign_id": "int",
        "email": "str",
        "mail": "str",
        "n_failures": "int",
        "is_issued": "bool",
        "blinded": "bytes",
    },
    "signing_key": {"node_id": "int", "campaign_id": "int", "public_key": "bytes"},
}
# Tables that no request of a respondent writes into; test_dumps_tell_nothing sees to that.
OTHERS = {
    *("alembic_version", "audit", "campaign", "coach", "coach_team", "cover", "department", "histogram", "member"),
    *("node", "organisation", "role_figure", "role_test", "roster", "sign_in_failure", "team"),
    *("agreement", "batch", "batch_report", "change_in_place", "health_fact", "next_focus", "page_share"),
}


def told_by_schema(platform: Platform) -> set[str]:
    """Return everything in the schema that keeps a time, an order or a link beside an answer or somebody asked."""
    inspector = sa.inspect(platform.database.engine)
    found = {f"table {name}" for name in inspector.get_table_names() if name not in ALLOWED.keys() | OTHERS}
    for table, columns in ALLOWED.items():
        for column in inspector.get_columns(table):
            place = f"{table}.{column['name']}"
            if columns.get(column["name"]) != column["type"].python_type.__name__:
                found.add(f"column {place}")
            if column["default"] is not None or column.get("autoincrement") is True or column.get("identity"):
                found.add(f"default of {place}")
        for key in inspector.get_foreign_keys(table):
            found.add(f"foreign key {table} to {key['referred_table']}")
    for table in OTHERS & {*inspector.get_table_names()}:
        towards = {key["referred_table"] for key in inspector.get_foreign_keys(table)}
        found |= {f"foreign key {table} to {name}" for name in towards & ALLOWED.keys()}
    with platform.reading() as session:
        return found | set(session.scalars(sa.text(SQLITE if platform.database.is_sqlite else POSTGRESQL)))


SQLITE = f"""
SELECT 'trigger ' || name FROM sqlite_master WHERE type = 'trigger'
UNION SELECT 'row ids of ' || name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%WITHOUT ROWID%'
    AND name IN ({", ".join(f"'{table}'" for table in ALLOWED)})
"""
POSTGRESQL = f"""
SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
UNION SELECT 'rule ' || rulename FROM pg_rules WHERE schemaname = 'public'
UNION SELECT 'publication ' || pubname FROM pg_publication
UNION SELECT 'samples of ' || relname || '.' || attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relname IN ({", ".join(f"'{table}'" for table in ALLOWED)}) AND attnum > 0 AND NOT attisdropped
    AND atttypid NOT IN ('integer'::regtype, 'bigint'::regtype) AND coalesce(attstattarget, -1) <> 0
UNION SELECT 'sequence ' || sequencename FROM pg_sequences WHERE sequencename ~ '^({"|".join(ALLOWED)})_'
"""


@pytest.mark.attack("T6")
def test_the_schema_has_no_place_for_time_order_or_link(platform: Platform):
    assert told_by_schema(platform) == set()


@pytest.mark.leaky("T6")
@pytest.mark.parametrize(
    ("leak", "told"),
    [
        (leaks.ballots_with_a_time, {"column ballot.created_at", "default of ballot.created_at"}),
        (leaks.ballots_with_a_number, {"column ballot.number"}),
        (leaks.ballots_that_point_at_teams, {"foreign key ballot to node"}),
        (leaks.a_trigger_that_counts, {"trigger counting"}),
        (leaks.people_marked_as_answered, {"column card.has_answered", "column invitee.has_answered"}),
        (leaks.key_in_the_database, {"table campaign_key"}),
    ],
)
def test_such_places_are_found(platform: Platform, monkeypatch: pytest.MonkeyPatch, leak: Leak, told: set[str]):
    with leak(platform, monkeypatch):
        assert told <= told_by_schema(platform)


@pytest.mark.leaky("T6")
@sqlite_only
def test_row_ids_are_found(platform: Platform, monkeypatch: pytest.MonkeyPatch):
    with leaks.ballots_with_row_ids(platform, monkeypatch):
        assert told_by_schema(platform) == {"row ids of ballot"}


@dataclass(frozen=True)
class Recording:
    """A setting that would record when answers are stored, and what the database says when it is on."""

    name: str
    value: str

    def switch_on(self, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
        if platform.database.is_sqlite:
            monkeypatch.setitem(SQLITE_PRAGMAS, self.name, self.value)
        else:
            name = sa.make_url(platform.database.url).database
            leaks.execute(platform, f"ALTER DATABASE {name} SET {self.name} = '{self.value}'")
        platform.database.dispose()

    def is_on(self, platform: Platform) -> bool:
        with platform.reading() as session:
            show = "PRAGMA" if platform.database.is_sqlite else "SHOW"
            return str(session.scalar(sa.text(f"{show} {self.name}"))) == self.value


RECORDINGS = [
    *(("sqlite", Recording(name, "0")) for name in ("secure_delete", "synchronous")),
    *(("postgresql", Recording(name, "on")) for name in ("log_duration", "log_executor_stats", "debug_print_plan")),
    *(("postgresql", Recording(f"log_{name}", "0")) for name in ("min_duration_statement", "min_duration_sample")),
    ("postgresql", Recording("log_statement", "all")),
]
each_recording = pytest.mark.parametrize(("database_url", "recording"), RECORDINGS, indirect=["database_url"])


def records_answering(platform: Platform, cast: Cast, monkeypatch: pytest.MonkeyPatch, recording: Recording) -> bool:
    """Switch something on that records; return whether a campaign opens with it on."""
    recording.switch_on(platform, monkeypatch)
    try:
        builders.opened(platform, cast, teams=["Cygnus"])
    except UnsafeDatabase as refused:
        return recording.name not in str(refused)
    return recording.is_on(platform)


@pytest.mark.leaky("T6")
@postgresql_only
def test_samples_are_found(platform: Platform, monkeypatch: pytest.MonkeyPatch):
    with leaks.samples_for_the_planner(platform, monkeypatch):
        assert told_by_schema(platform) == {
            "samples of ballot.id",
            "samples of ballot.sealed",
            "samples of invitee.blinded",
        }


@pytest.mark.attack("T7")
@each_recording
def test_no_campaign_opens_where_the_database_records_answering(
    platform: Platform, cast: Cast, monkeypatch: pytest.MonkeyPatch, recording: Recording
):
    assert not records_answering(platform, cast, monkeypatch, recording)


@pytest.mark.leaky("T7")
@each_recording
def test_it_would_open_if_nobody_looked(
    platform: Platform, cast: Cast, monkeypatch: pytest.MonkeyPatch, recording: Recording
):
    with leaks.settings_not_looked_at(platform, monkeypatch):
        assert records_answering(platform, cast, monkeypatch, recording)


@pytest.mark.attack("T7")
@postgresql_only
def test_commit_times_are_among_what_is_looked_at(platform: Platform):
    """PostgreSQL changes this one at a restart only, so the table of what is safe is asked instead of a server."""
    assert SAFE_SETTINGS["track_commit_timestamp"] == {"off"}
    assert platform.database.unsafe_settings() == []


# The log notes a commit's time as microseconds since 2000 (PostgreSQL) or would as text or seconds.
SINCE_2000 = datetime(2000, 1, 1, tzinfo=UTC)


def times_in(log: bytes, began: datetime, ended: datetime) -> int:
    """Return at how many places a moment between two others is written down, in one of the usual ways."""
    counted = (began - SINCE_2000) // timedelta(microseconds=1), (ended - SINCE_2000) // timedelta(microseconds=1)
    highest = counted[1].to_bytes(8, "little")[5:]
    places = (match.start() for match in re.finditer(re.escape(highest), log))
    binary = [int.from_bytes(log[place - 5 : place + 3], "little") for place in places if place >= 5]
    texts = {began.strftime(form).encode() for form in ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")}
    return sum(counted[0] <= value <= counted[1] for value in binary) + sum(log.count(text) for text in texts)


def times_of_answers(platform: Platform, cast: Cast) -> int:
    """Let five people answer; return how many moments between the first and the last stand in the log."""
    campaign = builders.opened(platform, cast, teams=["Cygnus"])
    log = SqliteLog(platform)
    postgres = None if platform.database.is_sqlite else PostgresFiles(platform)
    began = datetime.now(UTC)
    builders.answer(platform, campaign, "Cygnus")
    ended = datetime.now(UTC)
    if postgres is None:
        assert log.path is not None
        return times_in(log.path.with_name(f"{log.path.name}-wal").read_bytes(), began, ended)
    return sum(times_in(content, began, ended) for name, content in postgres.log() if name != "log")


@pytest.mark.attack("T6")
@sqlite_only
def test_the_log_of_sqlite_has_no_time_either(platform: Platform, cast: Cast):
    assert times_of_answers(platform, cast) == 0


@pytest.mark.leaky("T6")
@sqlite_only
def test_times_in_the_log_are_found(platform: Platform, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    with leaks.ballots_with_a_time(platform, monkeypatch):
        assert times_of_answers(platform, cast) >= 5


@postgresql_only
def test_the_log_of_postgresql_notes_when_something_was_committed(platform: Platform, cast: Cast):
    """Nothing can switch this off: SECURITY.md says so, and sealing is what makes it worthless."""
    assert times_of_answers(platform, cast) >= 5


def test_no_table_of_members_says_that_somebody_answered():
    person = {"member", "roster"}
    for table in person:
        assert {column.name for column in Base.metadata.tables[table].columns} <= {
            "id",
            "team_id",
            "node_id",
            "member_id",
            "name",
            "email",
        }


def test_what_is_stored_is_sealed_and_equally_long(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast)
    builders.answer(platform, campaign, "Atlas", level=lambda _: 1.0)
    with platform.reading() as session:
        rows = session.execute(sa.text("SELECT id, sealed FROM ballot")).all()
    assert {len(row.sealed) for row in rows} == {SEALED_LENGTH}
    assert len({bytes(row.sealed) for row in rows}) == len(rows)


def test_rows_come_back_in_an_order_that_is_not_the_order_of_answering(platform: Platform, cast: Cast):
    """On SQLite the table itself is ordered by the random key; on PostgreSQL sealing makes the order worthless."""
    if not platform.database.is_sqlite:
        return
    campaign = builders.opened(platform, cast)
    builders.answer(platform, campaign, "Atlas")
    with platform.reading() as session:
        stored = [bytes(row.id) for row in session.execute(sa.text("SELECT id FROM ballot NOT INDEXED"))]
    assert stored == sorted(stored)


def test_the_audit_says_nothing_about_respondents(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast)

    def lines() -> list[object]:
        with platform.reading() as session:
            return list(session.execute(sa.text("SELECT * FROM audit ORDER BY id")).all())

    before = lines()
    builders.answer(platform, campaign, "Atlas")
    assert lines() == before
