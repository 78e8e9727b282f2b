"""The schema: nothing near an answer tells time, order or person, and nothing copies it elsewhere."""

from __future__ import annotations

from assessment.services.anonymity_checks.checked import Area, Checked
from assessment.services.platform import Platform
from assessment.storage import inspection, schema


def is_current(platform: Platform) -> bool:
    """Whether the database has this version's shape, so that the checks of campaigns can read it."""
    return schema.current(platform.database) == schema.head()


def check(platform: Platform) -> list[Checked]:
    """Compare the live database with what this version makes."""
    area = Area("schema")
    database = platform.database
    current, newest = schema.current(database), schema.head()
    if current == newest:
        area.ok(f"The database is at migration {current}, the newest.")
    else:
        area.finding(
            f"The database is at migration {current or 'none'} and this version needs {newest}; "
            "campaigns, keys and backups were not checked.",
            "Run `assessment migrate`, then this again.",
        )
    tables = ", ".join(inspection.RESPONDENTS)
    each = {
        "a column that is not as this version makes it": inspection.strange_columns(database),
        "a foreign key near respondents' tables": inspection.strange_keys(database),
        "a hidden row number, which tells the order": inspection.with_row_ids(database),
    }
    for what, found in each.items():
        for name in found:
            area.finding(
                f"{what[0].upper()}{what[1:]}: {name}.",
                "Find out who added it and why; void campaigns that are open, drop it, and open new ones. "
                "What it recorded is in backups and in the database's log too.",
            )
    for name in inspection.triggers(database):
        area.finding(
            f"Something runs when a row is stored: {name}.",
            "Drop it, look at what it wrote, and void the campaigns that were open meanwhile.",
        )
    for name in inspection.strange_tables(database):
        area.finding(
            f"In this database, and not ours: {name}.",
            "Move it to a database of its own, after looking whether answers were copied into it.",
        )
    area.no_finding(f"{tables}: the columns of this version and no others; no default, key, trigger or copy.")
    return area.checked
