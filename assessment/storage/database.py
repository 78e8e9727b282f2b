"""Connections and transactions: SQLite (WAL, synced at every commit, one writer at a time) or PostgreSQL.

A writing transaction on SQLite takes the file's write lock at its start (`BEGIN IMMEDIATE`), after a lock of this
process: threads then wait in line instead of polling, and no transaction fails half way because another wrote.
"""

from __future__ import annotations

import select
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import Session

from assessment.storage.driver import Driver

# For every SQLite connection. FULL: an acknowledged answer is on the disk. secure_delete: destroyed is overwritten.
SQLITE_PRAGMAS = {
    "busy_timeout": "30000",
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "secure_delete": "ON",
    "foreign_keys": "ON",
    "temp_store": "MEMORY",
}
# Seconds in which a new SQLite file gets its journal, while others open it too.
PATIENCE = 30.0
# First numbers of PostgreSQL's two-number advisory locks, one for each purpose.
CAMPAIGN_LOCK = 7301
OPENING_LOCK = 7302
MIGRATION_LOCK = 7303
SIGN_IN_LOCK = 7304
WRITING = "assessment_writing"
# Seconds after which a connection to PostgreSQL is tried before it is used.
IDLE = 5.0
# What PostgreSQL may be set to without recording when an answer is stored: neither in the table, nor in the log as a
# statement or its duration, where a slow one would stand with its time and its values. One that is not there is safe.
SAFE_SETTINGS = {
    "auto_explain.log_min_duration": {"-1"},
    "debug_print_parse": {"off"},
    "debug_print_plan": {"off"},
    "debug_print_raw_parse": {"off"},
    "debug_print_rewritten": {"off"},
    "log_duration": {"off"},
    "log_executor_stats": {"off"},
    "log_min_duration_sample": {"-1"},
    "log_min_duration_statement": {"-1"},
    "log_parser_stats": {"off"},
    "log_planner_stats": {"off"},
    "log_statement": {"none", "ddl"},
    "log_statement_stats": {"off"},
    "log_transaction_sample_rate": {"0"},
    "pgaudit.log": {"none", "ddl", "role", "role, ddl", "ddl, role"},
    "track_commit_timestamp": {"off"},
}

# What takes a statement: objects are asked for through a session, answers take the quicker way past it.
Asking = Session | Connection | Driver
_LOCKS = {
    shared: sa.text(f"SELECT pg_advisory_xact_lock{'_shared' if shared else ''}(:purpose, :campaign)")
    for shared in (False, True)
}


class Database:
    """One database: its engine, its transactions and the few things that differ between SQLite and PostgreSQL."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite:")
        self._writer = threading.Lock()

    @cached_property
    def engine(self) -> Engine:
        """The engine; connects when first used."""
        if self.is_sqlite:
            if self.path is not None:
                own(self.path)
            engine = sa.create_engine(self.url, pool_size=10, max_overflow=40, pool_use_lifo=True)
            sa.event.listen(engine, "connect", _prepare_sqlite)
            sa.event.listen(engine, "begin", _begin_sqlite)
        else:
            engine = sa.create_engine(self.url, pool_size=10, max_overflow=20, pool_use_lifo=True)
            sa.event.listen(engine, "checkout", partial(_check_alive, engine.dialect))
        # Connections close with the database that nobody holds any more. Not at exit, when a forked process would
        # end the connections of its parent.
        weakref.finalize(self, engine.dispose).atexit = False
        return engine

    @cached_property
    def _writing_engine(self) -> Engine:
        return self.engine.execution_options(**{WRITING: True})

    @property
    def path(self) -> Path | None:
        """The SQLite file, None on PostgreSQL."""
        name = sa.make_url(self.url).database
        return Path(name) if self.is_sqlite and name else None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session that may write; one commit at the end, none when anything is raised."""
        with self._line(), Session(self._writing_engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that only reads; it waits for no writer. Nothing is committed."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Give a bare writing connection in a transaction, for migrations."""
        with self._line(), self._writing_engine.begin() as connection:
            yield connection

    @contextmanager
    def answering(self) -> Iterator[Driver]:
        """Give the driver's own connection for look-ups, each of the database as it is then, and for `storing`."""
        pooled = self.engine.raw_connection()
        try:
            yield Driver(pooled.driver_connection, self.engine.dialect)
        finally:
            pooled.close()

    @contextmanager
    def storing(self, driver: Driver) -> Iterator[None]:
        """Let a connection of `answering` write: one commit at the end, none when anything is raised."""
        with self._line():
            driver.begin()
            try:
                yield
            except BaseException:
                driver.rollback()
                raise
            driver.commit()

    @contextmanager
    def _line(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        with self._writer:
            yield

    def lock_campaign(self, session: Asking, campaign_id: int, *, shared: bool = False) -> None:
        """Hold a campaign until the transaction's end: shared by answers, alone for closing and voiding.

        On SQLite the write lock, taken at the transaction's start, does this already.
        """
        if not self.is_sqlite:
            session.execute(_LOCKS[shared], {"purpose": CAMPAIGN_LOCK, "campaign": campaign_id})

    def lock_opening(self, session: Session) -> None:
        """Let one campaign be opened or drafted at a time, so that two cannot take the same team and quarter."""
        self._lock_all(session, OPENING_LOCK)

    def lock_sign_in(self, session: Session) -> None:
        """Let one sign-in at a time count its failures."""
        self._lock_all(session, SIGN_IN_LOCK)

    def _lock_all(self, session: Session, purpose: int) -> None:
        if not self.is_sqlite:
            session.execute(sa.text("SELECT pg_advisory_xact_lock(:purpose, 0)"), {"purpose": purpose})

    def forget_log(self, patience: float = 5.0) -> bool:
        """Empty SQLite's write-ahead log after something was destroyed; return whether it is empty.

        A reader may hold it back for a moment, so this tries for `patience` seconds. PostgreSQL needs nothing here:
        what its log still holds is sealed, and the key is gone.
        """
        if not self.is_sqlite:
            return True
        until = time.monotonic() + patience
        while not self._empty_log():
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def _empty_log(self) -> bool:
        with self._writer:
            raw = self.engine.raw_connection()
            try:
                # Waiting is done by the caller, who lets other writers pass meanwhile.
                raw.cursor().execute("PRAGMA busy_timeout=20")
                busy = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                raw.cursor().execute(f"PRAGMA busy_timeout={SQLITE_PRAGMAS['busy_timeout']}")
            finally:
                raw.close()
        return not busy

    def unsafe_settings(self) -> list[str]:
        """Return what in the database's own configuration would record when somebody answered; best an empty list."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                ask = connection.exec_driver_sql
                found = []
                if ask("PRAGMA secure_delete").scalar() != 1:
                    found.append("secure_delete is off")
                if ask("PRAGMA synchronous").scalar() != 2:
                    found.append("synchronous is not FULL")
                return found
            setting = sa.text("SELECT current_setting(:name, true)")
            values = {name: connection.scalar(setting, {"name": name}) for name in SAFE_SETTINGS}
            unsafe = {name: value for name, value in values.items() if value and value not in SAFE_SETTINGS[name]}
            return [f"{name} = {value}" for name, value in unsafe.items()]

    def dispose(self) -> None:
        """Close every connection, for example before the file is replaced."""
        self.engine.dispose()


def own(path: Path) -> None:
    """Make a file that its owner alone may read, if it is not there; SQLite gives its log the mode of the file."""
    if path.parent.is_dir() and not path.exists():
        path.touch(mode=0o600)


def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    # The driver's own way of starting transactions would start them late and without the lock.
    dbapi_connection.isolation_level = None
    until = time.monotonic() + PATIENCE
    for name, value in SQLITE_PRAGMAS.items():
        while True:
            try:
                dbapi_connection.execute(f"PRAGMA {name}={value}")
                break
            except sqlite3.OperationalError as error:
                # Of several that open a new file at once, each of which wants its journal to be the other kind, SQLite
                # lets none but one wait, whatever it is told about waiting.
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
            time.sleep(0.01)


def _check_alive(dialect: Dialect, connection: Any, record: Any, _proxy: object) -> None:
    """Ask the server once more when a connection was idle for a while or has something to say, such as its end.

    :raise InvalidatePoolError: when it is gone; the pool then makes a new one.
    """
    now, line = time.monotonic(), select.poll()
    line.register(connection.fileno(), select.POLLIN)
    if now - record.info.get("seen", -IDLE) >= IDLE or line.poll(0):
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise sa.exc.InvalidatePoolError from error
    record.info["seen"] = now


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
