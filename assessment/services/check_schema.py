"""Whether the database has the shape that this version works with."""

from __future__ import annotations

from assessment.domain.error_kinds import Refused
from assessment.services.platform import Platform
from assessment.storage import schema


class NotMigrated(Refused):
    """The database has another version's shape."""

    sentence = "The database is at schema %(current)s and this version needs %(newest)s; run `assessment migrate`."


def check_schema(platform: Platform) -> None:
    """Pass when the database is at the newest migration.

    :raise NotMigrated: when it is empty, older or newer.
    """
    current, newest = schema.current(platform.database), schema.head()
    if current != newest:
        raise NotMigrated(current=current or "none", newest=newest)
