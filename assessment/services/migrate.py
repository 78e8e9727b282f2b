"""Bringing the database's schema up to date; on SQLite after an automatic backup."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assessment.domain.error_kinds import Refused
from assessment.services.backup import backup
from assessment.services.platform import Platform
from assessment.storage import dump, schema
from reports.languages import phrase

BACKUPS = "backups"
LOCK = "migrate.lock"
NEWER = phrase("The database is at schema %(current)s, which this version does not know; install the newer version.")


class NewerSchema(Refused):
    """The database was migrated by a newer version; there is no way back but a backup."""

    sentence = NEWER


@dataclass(frozen=True)
class Migrated:
    """Which migration the database was at and is at now."""

    before: str | None
    """None for a database that had no tables."""
    after: str
    backup: Path | None
    """The automatic backup, where one was made."""


def migrate(platform: Platform) -> Migrated:
    """Run the migrations that are pending, forward only; doing it twice changes nothing.

    Several processes may start together: one migrates and the others wait. On SQLite a backup is written to the
    instance first, unless nothing is pending or the database has no rows; it is deleted when a campaign whose ballots
    it holds closes (`forget_backups`).

    :raise NewerSchema: when the database is at a migration this version does not have.
    """
    with migration_lock(platform):
        before, newest = schema.current(platform.database), schema.head()
        if before == newest:
            return Migrated(before, newest, None)
        if before is not None and before not in schema.numbers():
            raise NewerSchema(current=before)
        saved = None
        if platform.settings.is_sqlite and before is not None and not dump.is_empty(platform.database):
            saved = _save(platform, before)
        return Migrated(before, schema.upgrade(platform.database), saved)


def _save(platform: Platform, before: str) -> Path:
    folder = platform.settings.instance / BACKUPS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    moment = platform.clock().strftime("%Y%m%d-%H%M%S-%f")
    return backup(platform, folder / f"before-migration-from-{before}-{moment}.tar.gz").path


@contextmanager
def migration_lock(platform: Platform) -> Iterator[None]:
    """Let one process at a time migrate a SQLite file; PostgreSQL has a lock of its own inside the migration."""
    if not platform.settings.is_sqlite:
        yield
        return
    platform.settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(platform.settings.instance / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
