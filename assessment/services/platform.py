"""What every service is given first: the settings, the database and the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from assessment.config import Settings
from assessment.storage.database import Database


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Platform:
    """One running installation."""

    settings: Settings
    database: Database
    clock: Callable[[], datetime] = utc_now

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session that may write: one commit at its end, nothing when anything is raised."""
        with self.database.transaction() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that only reads and waits for no writer."""
        with self.database.reading() as session:
            yield session

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """Give a connection for single look-ups, each of which sees what is there at that moment."""
        with self.database.looking() as connection:
            yield connection

    @contextmanager
    def storing(self) -> Iterator[Connection]:
        """Give a connection that may write, as `transaction` gives a session: for the path that every answer takes."""
        with self.database.connection() as connection:
            yield connection


def connect(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Platform:
    """Return the platform of these settings; the database is reached when first needed."""
    return Platform(settings, Database(settings.database_url), clock)
