"""What the database itself says about its shape and its configuration; nothing here reads a row of respondents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from assessment.storage.base import Base
from assessment.storage.database import Database

# Tables that are about single respondents, with every column they may have and its kind. Whoever adds one here must
# be able to say why it tells nothing about who answered what.
RESPONDENTS: dict[str, dict[str, str]] = {
    "ballot": {"id": "bytes", "campaign_id": "int", "node_id": "int", "sealed": "bytes"},
    "card": {"digest": "bytes", "campaign_id": "int", "node_id": "int"},
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
    "invitation": {"digest": "bytes", "campaign_id": "int", "node_id": "int", "member_id": "int"},
    "signing_key": {"node_id": "int", "campaign_id": "int", "public_key": "bytes"},
}
TIMES = {"datetime", "date", "time", "timedelta"}
# Tables of others in our database: the migrations' own, and the queue's.
BESIDE = {"alembic_version", "huey_kv", "huey_schedule", "huey_task", "huey_counter", "sqlite_sequence"}


@dataclass(frozen=True)
class Replication:
    """What of PostgreSQL's changes leaves the database, as far as this role may see."""

    publications: tuple[str, ...]
    slots: tuple[str, ...]
    n_replicas: int
    wal_level: str
    archives: bool


def clock(database: Database) -> datetime:
    """Return the present moment by the database's clock; SQLite has this machine's."""
    if database.is_sqlite:
        return datetime.now(UTC)
    moment: datetime = _scalar(database, "SELECT clock_timestamp()")
    return moment.astimezone(UTC)


def strange_columns(database: Database) -> list[str]:
    """Return what of the tables' columns is not ours, such as `ballot.created_at (datetime)`."""
    found = []
    inspector = sa.inspect(database.engine)
    present = set(inspector.get_table_names())
    for name, table in Base.metadata.tables.items():
        if name not in present:
            found.append(f"{name} is missing")
            continue
        allowed = RESPONDENTS.get(name)
        known = set(allowed) if allowed is not None else {column.name for column in table.columns}
        for column in inspector.get_columns(name):
            kind = _kind(column["type"])
            if column["name"] not in known:
                found.append(f"{name}.{column['name']} ({kind}) is not ours")
            elif allowed is not None and allowed[column["name"]] != kind:
                found.append(f"{name}.{column['name']} is of another type ({kind})")
            elif allowed is not None and (column["default"] is not None or column.get("identity")):
                found.append(f"{name}.{column['name']} has a default")
    return found


def strange_keys(database: Database) -> list[str]:
    """Return foreign keys from or to the tables of respondents."""
    inspector = sa.inspect(database.engine)
    return [
        f"{name} refers to {key['referred_table']}"
        for name in inspector.get_table_names()
        for key in inspector.get_foreign_keys(name)
        if name in RESPONDENTS or key["referred_table"] in RESPONDENTS
    ]


def strange_tables(database: Database) -> list[str]:
    """Return tables and views that are not ours, in every schema but the database's own."""
    known = set(Base.metadata.tables) | BESIDE
    if database.is_sqlite:
        made = _rows(database, "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')")
        return [f"{kind} {name}" for name, kind in made if name not in known and not name.startswith("sqlite_stat")]
    kinds = {"v": "view", "m": "materialised view", "f": "foreign table"}
    home = _scalar(database, "SELECT current_schema()")
    extensions = {row[0] for row in _rows(database, _OF_EXTENSIONS)}
    return [
        f"{kinds.get(kind, 'table')} {schema}.{name}"
        for schema, name, kind in _rows(database, _TABLES)
        if (schema != home or name not in known) and f"{schema}.{name}" not in extensions
    ]


_TABLES = (
    "SELECT n.nspname, c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^(pg_|information_schema$)'"
)
_OF_EXTENSIONS = (
    "SELECT n.nspname || '.' || c.relname FROM pg_depend d JOIN pg_class c ON c.oid = d.objid "
    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'e'"
)


def triggers(database: Database) -> list[str]:
    """Return triggers and rules on any table, event triggers, and sequences of the tables of respondents."""
    if database.is_sqlite:
        made = _rows(database, "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        return [f"trigger {name} on {table}" for name, table in made]
    found = [f"trigger {name} on {table}" for name, table in _rows(database, _TRIGGERS)]
    found += [f"rule {name} on {table}" for name, table in _rows(database, _RULES)]
    found += [f"event trigger {name}" for (name,) in _rows(database, "SELECT evtname FROM pg_event_trigger")]
    owned = _rows(database, _SEQUENCES)
    return found + [f"sequence {name} of {table}" for name, table in owned if table in RESPONDENTS]


_TRIGGERS = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
_RULES = (
    "SELECT r.rulename, c.relname FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class "
    "JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind NOT IN ('v', 'm') AND n.nspname !~ '^(pg_|information_schema$)'"
)
_SEQUENCES = (
    "SELECT s.relname, t.relname FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' "
    "JOIN pg_class t ON t.oid = d.refobjid WHERE d.deptype IN ('a', 'i')"
)


def with_row_ids(database: Database) -> list[str]:
    """Return the tables of respondents that have SQLite's hidden row number, which tells the order of rows."""
    if not database.is_sqlite:
        return []
    made = dict(_rows(database, "SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    return [name for name in RESPONDENTS if name in made and "WITHOUT ROWID" not in made[name].upper()]


def pragmas(database: Database, names: Iterable[str]) -> dict[str, str]:
    """Return what SQLite is set to."""
    return {name: str(_scalar(database, f"PRAGMA {name}")) for name in names}


def replication(database: Database) -> Replication:
    """Return which changes leave a PostgreSQL database; replicas only as far as this role may see them."""
    return Replication(
        publications=_names(database, "SELECT pubname FROM pg_publication"),
        slots=_names(
            database, "SELECT slot_name FROM pg_replication_slots WHERE database = current_database() OR datoid IS NULL"
        ),
        n_replicas=_scalar(database, "SELECT count(*) FROM pg_stat_replication"),
        wal_level=_scalar(database, "SELECT current_setting('wal_level')"),
        archives=_scalar(database, "SELECT current_setting('archive_mode')") != "off",
    )


def other_readers(database: Database) -> tuple[str, ...]:
    """Return the roles beside ours and beside superusers that may sign in and read ballots."""
    return _names(
        database,
        "SELECT rolname FROM pg_roles WHERE rolcanlogin AND NOT rolsuper AND rolname <> current_user "
        "AND has_table_privilege(rolname, 'ballot', 'SELECT') ORDER BY rolname",
    )


def is_superuser(database: Database) -> bool:
    """Whether the program's own role may do everything."""
    return bool(_scalar(database, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))


def statement_statistics(database: Database) -> bool:
    """Whether the server counts how often each statement ran."""
    loaded = str(_scalar(database, "SELECT current_setting('shared_preload_libraries')"))
    return "pg_stat_statements" in loaded or "pg_stat_monitor" in loaded


def logs_values_of_failures(database: Database) -> bool:
    """Whether the server logs the values of a statement that fails."""
    return bool(
        _scalar(database, "SELECT current_setting('log_parameter_max_length_on_error', true)") not in {None, "0"}
    )


def _kind(type_: Any) -> str:
    try:
        kind: str = type_.python_type.__name__
    except NotImplementedError:
        kind = str(type_).lower()
    return kind


def _rows(database: Database, query: str) -> list[Any]:
    with database.engine.connect() as connection:
        return list(connection.exec_driver_sql(query))


def _names(database: Database, query: str) -> tuple[str, ...]:
    return tuple(str(row[0]) for row in _rows(database, query))


def _scalar(database: Database, query: str) -> Any:
    return _rows(database, query)[0][0]
