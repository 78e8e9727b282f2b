"""The schema's version, and bringing it up to date with the numbered migrations, forward only."""

from __future__ import annotations

from importlib.resources import files

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from assessment.storage.base import Base
from assessment.storage.database import MIGRATION_LOCK, Database


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = Base.metadata
    return config


def head() -> str:
    """Return the number of the newest migration, such as `0001`."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    if newest is None:
        raise RuntimeError("there are no migrations")
    return newest


def numbers() -> list[str]:
    """Return the numbers of all migrations, oldest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()][::-1]


def current(database: Database) -> str | None:
    """Return the number the database is at, None for an empty one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database, to: str = "head") -> str:
    """Bring the database to a migration, in one transaction and under a lock; return the number it is at now."""
    with database.connection() as connection:
        if not database.is_sqlite:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:purpose, 0)"), {"purpose": MIGRATION_LOCK})
        command.upgrade(_config(connection), to)
        reached = MigrationContext.configure(connection).get_current_revision()
    if reached is None:
        raise RuntimeError("no migration ran")
    return reached
