"""What every service is given first: the settings, the database and the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from assessment.config import Settings
from assessment.storage.database import Database
from assessment.storage.driver import Driver
from reports.languages import register_catalogue

# Here, because mails are written in background work and by the command as well, where there are no pages.
register_catalogue(Path(__file__).parents[1] / "locale")


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
    def answering(self) -> Iterator[Driver]:
        """Give a connection for the path that every answer takes: look-ups, then `storing`."""
        with self.database.answering() as driver:
            yield driver

    @contextmanager
    def storing(self, driver: Driver) -> Iterator[None]:
        """Let that connection write, as `transaction` lets a session."""
        with self.database.storing(driver):
            yield


def connect(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Platform:
    """Return the platform of these settings; the database is reached when first needed."""
    return Platform(settings, Database(settings.database_url), clock)
