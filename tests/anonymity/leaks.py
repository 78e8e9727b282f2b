"""Our own code made leaky on purpose: every attack must find something here, or it would find nothing anywhere.

Each is a context manager that takes the platform and pytest's monkeypatch and brings one convenience in that programs
like this one are known to grow: a time, a number, a mark, a count, a kept key.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from assessment.domain.ballots import SEALED_LENGTH
from assessment.services import clean_up, close_campaign, migrate, open_campaign, submit_ballot
from assessment.services import keep_counted as counting
from assessment.services.backup import backup
from assessment.services.platform import Platform
from assessment.storage import ballots, database, key_files, signing_files
from assessment.storage.driver import Driver
from questionnaires.answers import Answers
from tests.anonymity.forensics import KEYS
from tests.anonymity.respondents import ANSWERING

Patch = pytest.MonkeyPatch
Leak = Callable[[Platform, Patch], Any]
MARKED = ("card", "invitee")


def execute(platform: Platform, *statements: str) -> None:
    with platform.database.connection() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def rebuild(platform: Platform, table: str, change: Callable[[str], str]) -> None:
    """Make an empty table of SQLite anew from its own statement, changed."""
    with platform.reading() as session:
        query = sa.text("SELECT sql FROM sqlite_master WHERE tbl_name = :name AND sql IS NOT NULL ORDER BY type DESC")
        made, *indexes = session.scalars(query, {"name": table}).all()
    execute(platform, f"DROP TABLE {table}", change(str(made)), *map(str, indexes))


def add_column(platform: Platform, table: str, *, sqlite: str, postgresql: str) -> None:
    if platform.database.is_sqlite:
        rebuild(platform, table, lambda made: made.replace("(", f"({sqlite}, ", 1))
    else:
        execute(platform, f"ALTER TABLE {table} ADD COLUMN {postgresql}")


@contextmanager
def ballots_with_a_time(platform: Platform, _patch: Patch) -> Iterator[None]:
    """A ballot keeps when it came."""
    now = "(strftime('%Y-%m-%d %H:%M:%f', 'now'))"
    column = "created_at timestamptz NOT NULL DEFAULT clock_timestamp()"
    add_column(platform, "ballot", sqlite=f"created_at TEXT NOT NULL DEFAULT {now}", postgresql=column)
    yield


@contextmanager
def ballots_with_a_number(platform: Platform, _patch: Patch) -> Iterator[None]:
    """Ballots are numbered as they come."""
    if platform.database.is_sqlite:
        numbered = "(number INTEGER PRIMARY KEY AUTOINCREMENT, "
        rebuild(
            platform,
            "ballot",
            lambda made: (
                made.replace("(", numbered, 1)
                .replace("CONSTRAINT pk_ballot PRIMARY KEY (id)", "UNIQUE (id)")
                .replace("WITHOUT ROWID", "")
            ),
        )
    else:
        execute(platform, "ALTER TABLE ballot ADD COLUMN number bigserial")
    yield


@contextmanager
def ballots_with_row_ids(platform: Platform, _patch: Patch) -> Iterator[None]:
    """SQLite numbers the rows by itself; PostgreSQL always has a place, which sealing makes worthless."""
    assert platform.database.is_sqlite
    rebuild(platform, "ballot", lambda made: made.replace("WITHOUT ROWID", ""))
    yield


@contextmanager
def ballots_that_point_at_teams(platform: Platform, _patch: Patch) -> Iterator[None]:
    """A foreign key takes a lock on the team's row with every answer, and PostgreSQL notes who took it."""
    if platform.database.is_sqlite:
        rebuild(platform, "ballot", lambda made: made.replace("node_id INTEGER", "node_id INTEGER REFERENCES node(id)"))
    else:
        execute(platform, "ALTER TABLE ballot ADD FOREIGN KEY (node_id) REFERENCES node(id)")
    yield


@contextmanager
def a_trigger_that_counts(platform: Platform, _patch: Patch) -> Iterator[None]:
    """The database itself counts answers as they come."""
    counted = "UPDATE node SET n_answered = coalesce(n_answered, 0) + 1 WHERE id = NEW.node_id"
    if platform.database.is_sqlite:
        execute(platform, f"CREATE TRIGGER counting AFTER INSERT ON ballot BEGIN {counted}; END")
    else:
        body = f"$$ BEGIN {counted}; RETURN NEW; END $$"
        execute(
            platform,
            f"CREATE FUNCTION counting() RETURNS trigger LANGUAGE plpgsql AS {body}",
            "CREATE TRIGGER counting AFTER INSERT ON ballot FOR EACH ROW EXECUTE FUNCTION counting()",
        )
    yield


@contextmanager
def a_live_count(_platform: Platform, patch: Patch) -> Iterator[None]:
    """The team's row counts answers while they come."""
    add = ballots.add

    def counted(session: Session, *, node_id: int, **values: Any) -> bool:
        is_new = add(session, node_id=node_id, **values)
        more = sa.text("UPDATE node SET n_answered = coalesce(n_answered, 0) + 1 WHERE id = :node")
        session.execute(more, {"node": node_id})
        return is_new

    patch.setattr(ballots, "add", counted)
    yield


@contextmanager
def people_marked_as_answered(platform: Platform, patch: Patch) -> Iterator[None]:
    """Who has answered is marked in the transaction that stores the ballot, so that only the others are reminded."""
    execute(platform, *(f"ALTER TABLE {table} ADD COLUMN has_answered INTEGER" for table in MARKED))
    add = ballots.add

    def marked(session: Session, **values: Any) -> bool:
        _mark(session)
        return add(session, **values)

    patch.setattr(ballots, "add", marked)
    yield


@contextmanager
def people_marked_afterwards(platform: Platform, patch: Patch) -> Iterator[None]:
    """Who has answered is marked too, but in a transaction of its own."""
    execute(platform, *(f"ALTER TABLE {table} ADD COLUMN has_answered INTEGER" for table in MARKED))
    store = submit_ballot._store

    def stored(*values: Any) -> None:
        store(*values)
        answered.append(True)

    @contextmanager
    def storing(self: Platform, driver: Driver) -> Iterator[None]:
        with self.database.storing(driver):
            yield
        if answered:
            answered.clear()
            with self.database.transaction() as later:
                _mark(later)

    answered: list[bool] = []
    patch.setattr(submit_ballot, "_store", stored)
    patch.setattr(Platform, "storing", storing)
    yield


def _mark(session: Session) -> None:
    for table, key in ANSWERING.get().items():
        if table in MARKED:
            where = " AND ".join(f"{name} = :{name}" for name in KEYS[table])
            statement = sa.text(f"UPDATE {table} SET has_answered = 1 WHERE {where}")
            session.execute(statement, dict(zip(KEYS[table], key, strict=True)))


@contextmanager
def one_digest_for_both(_platform: Platform, patch: Patch) -> Iterator[None]:
    """A ballot's key is the digest that the card table has."""

    def digest(_campaign_id: int, code: str) -> bytes:
        return submit_ballot.card_digest(code)

    patch.setattr(submit_ballot, "ballot_id_of_card", digest)
    yield


@contextmanager
def ballots_unsealed(_platform: Platform, patch: Patch) -> Iterator[None]:
    """Answers are padded and stored as they are."""

    def padded(coded: bytes, _public_key: bytes, _campaign_id: int, _node_id: int) -> bytes:
        return coded.ljust(SEALED_LENGTH, b"\0")

    patch.setattr(submit_ballot, "seal", padded)
    yield


@contextmanager
def key_in_the_database(platform: Platform, patch: Patch) -> Iterator[None]:
    """The private key is stored beside what it opens, so that backups are complete."""
    execute(platform, f"CREATE TABLE campaign_key (content {'BLOB' if platform.database.is_sqlite else 'bytea'})")
    create, add_node = key_files.create, open_campaign.campaigns.add_node
    made: list[bytes] = []

    def kept(directory: Path, campaign_id: int, passphrase: str | None = None) -> bytes:
        public_key = create(directory, campaign_id, passphrase)
        made.append(key_files.path_of(directory, campaign_id, public_key).read_bytes()[-32:])
        return public_key

    def stored(session: Session, node: Any) -> Any:
        while made:
            session.execute(sa.text("INSERT INTO campaign_key VALUES (:content)"), {"content": made.pop()})
        return add_node(session, node)

    patch.setattr(key_files, "create", kept)
    patch.setattr(open_campaign.campaigns, "add_node", stored)
    yield


@contextmanager
def keys_kept(_platform: Platform, patch: Patch) -> Iterator[None]:
    """Nobody destroys the keys."""
    for module in (clean_up.key_files, signing_files):
        patch.setattr(module, "destroy", lambda *_: False)
    patch.setattr(clean_up.key_files, "others", lambda *_: [])
    yield


@contextmanager
def backups_with_keys(_platform: Platform, patch: Patch) -> Iterator[None]:
    """Automatic backups hold the keys, and nobody deletes them."""
    patch.setattr(migrate, "backup", lambda platform, path: backup(platform, path, with_keys=True))
    patch.setattr(clean_up, "forget_backups", lambda *_: [])
    yield


@contextmanager
def samples_for_the_planner(platform: Platform, _patch: Patch) -> Iterator[None]:
    """PostgreSQL keeps samples of what it saw in every column, as it does where nobody tells it otherwise."""
    assert not platform.database.is_sqlite
    columns = {"ballot": ("id", "sealed"), "invitee": ("blinded",)}
    for table, names in columns.items():
        execute(platform, *(f"ALTER TABLE {table} ALTER COLUMN {name} SET STATISTICS -1" for name in names))
    yield


@contextmanager
def deleting_without_overwriting(platform: Platform, patch: Patch) -> Iterator[None]:
    """SQLite only takes deleted rows off its lists and leaves their bytes; nobody looks whether it does."""
    assert platform.database.is_sqlite
    patch.setitem(database.SQLITE_PRAGMAS, "secure_delete", "OFF")
    patch.setattr(database.Database, "unsafe_settings", lambda _: [])
    platform.database.dispose()
    yield


@contextmanager
def settings_not_looked_at(_platform: Platform, patch: Patch) -> Iterator[None]:
    """Opening does not ask what the database records."""
    patch.setattr(database.Database, "unsafe_settings", lambda _: [])
    yield


@contextmanager
def log_not_emptied(_platform: Platform, patch: Patch) -> Iterator[None]:
    """The write-ahead log stays as it is after closing."""
    patch.setattr(database.Database, "forget_log", lambda *_, **__: True)
    yield


@contextmanager
def closing_in_steps(_platform: Platform, patch: Patch) -> Iterator[None]:
    """What was counted is committed before what it was counted from is destroyed."""
    keep = counting.keep_counted

    def kept(session: Session, *values: Any) -> None:
        keep(session, *values)
        session.connection().exec_driver_sql("COMMIT")
        session.connection().exec_driver_sql("BEGIN")

    patch.setattr(close_campaign, "keep_counted", kept)
    yield


@contextmanager
def answers_in_the_log(_platform: Platform, patch: Patch) -> Iterator[None]:
    """A line for debugging says what was sent."""
    encode = submit_ballot.encode

    def logged(answers: Answers, questionnaire: Any) -> bytes:
        coded = encode(answers, questionnaire)
        logging.getLogger("assessment").warning("answers %s", coded.hex())
        return coded

    patch.setattr(submit_ballot, "encode", logged)
    yield
