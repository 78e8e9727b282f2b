"""One sender of mail at a time, whatever processes and machines work on one database.

Held by the connection or the open file, so that it ends with a process that crashes; nothing of it is stored.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from assessment.storage.database import Database

# Beside the numbers of `database`: the first of PostgreSQL's two-number advisory locks.
SENDING_LOCK = 7305


@contextmanager
def sending(database: Database) -> Iterator[bool]:
    """Give True while nobody else sends, False when somebody does."""
    if database.path is None:
        with database.engine.connect() as connection:
            taken = bool(connection.scalar(sa.text(f"SELECT pg_try_advisory_lock({SENDING_LOCK}, 0)")))
            # No transaction stays open while mails leave.
            connection.rollback()
            try:
                yield taken
            finally:
                if taken:
                    connection.execute(sa.text(f"SELECT pg_advisory_unlock({SENDING_LOCK}, 0)"))
        return
    with _file(database.path.with_name(f"{database.path.name}.sending")) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


@contextmanager
def _file(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
