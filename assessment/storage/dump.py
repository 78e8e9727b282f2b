"""Every row of a database as lines of JSON, and back: the same lines whether it is SQLite or PostgreSQL.

Tables are read from the database itself and not from our models, so that a backup can be made just before a migration
changes them. Rows come in the order of the primary key, which says nothing about when they were written.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assessment.storage.database import Database

VERSION_TABLE = "alembic_version"
CHUNK = 1000

Row = dict[str, Any]


@dataclass(frozen=True)
class OpenCampaign:
    """An open campaign, as much as every version of the schema knows about it."""

    id: int
    quarter: str
    public_key: bytes


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """Give a connection that sees one moment of the database, whatever is written meanwhile."""
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def tables(connection: Connection) -> list[sa.Table]:
    """Return the tables, those that others point at first; the one with the schema's number is left out."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != VERSION_TABLE]


def is_empty(database: Database) -> bool:
    """Whether no table has a row; also where there are no tables yet."""
    with database.engine.connect() as connection:
        return not any(connection.execute(sa.select(table).limit(1)).first() for table in tables(connection))


def lines(connection: Connection, table: sa.Table) -> Iterator[str]:
    """Yield each row of a table as one line of JSON, in the order of the primary key."""
    order: list[sa.ColumnElement[Any]] = list(table.primary_key.columns)
    if connection.dialect.name == "postgresql":
        order = [sa.collate(key, "C") if isinstance(key.type, sa.String) else key for key in order]
    query = sa.select(table).order_by(*order).execution_options(yield_per=CHUNK)
    for row in connection.execute(query).mappings():
        content = {name: _written(value) for name, value in row.items()}
        yield json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(connection: Connection, table: sa.Table, rows: Iterable[Row]) -> int:
    """Store rows as `lines` wrote them; return how many.

    :raise KeyError: for a column that the table does not have.
    :raise ValueError: when the database refuses a row.
    """
    try:
        return _load(connection, table, rows)
    except (sa.exc.IntegrityError, sa.exc.DataError, sa.exc.StatementError) as error:
        raise ValueError(f"the table {table.name} refuses a row") from error


def _load(connection: Connection, table: sa.Table, rows: Iterable[Row]) -> int:
    # A row may point at one of its own table that comes later, so these columns are filled in afterwards.
    inward = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    later: list[Row] = []
    n_rows = 0
    chunk: list[Row] = []
    for row in rows:
        values = {name: _read(table.columns[name], value) for name, value in row.items()}
        if any(values.get(name) is not None for name in inward):
            keys = {key.name: values[key.name] for key in table.primary_key.columns}
            later.append({f"key_{name}": value for name, value in keys.items()} | {n: values[n] for n in inward})
            values |= dict.fromkeys(inward)
        chunk.append(values)
        n_rows += 1
        if len(chunk) == CHUNK:
            connection.execute(sa.insert(table), chunk)
            chunk = []
    if chunk:
        connection.execute(sa.insert(table), chunk)
    if later:
        one = [key == sa.bindparam(f"key_{key.name}") for key in table.primary_key.columns]
        filled: Row = {name: sa.bindparam(name) for name in inward}
        connection.execute(sa.update(table).where(*one).values(filled), later)
    return n_rows


def binary(written: str) -> bytes:
    """Return the bytes of a cell as `lines` wrote it."""
    return base64.b64decode(written, validate=True)


def open_campaigns(connection: Connection) -> list[OpenCampaign]:
    """Return the open campaigns, oldest first; none where there is no such table yet."""
    table = next((table for table in tables(connection) if table.name == "campaign"), None)
    if table is None:
        return []
    columns = table.c.id, table.c.quarter, table.c.public_key
    query = sa.select(*columns).where(table.c.state == "open").order_by(table.c.id)
    return [OpenCampaign(number, quarter, key) for number, quarter, key in connection.execute(query)]


def highest_ids(connection: Connection) -> dict[str, int]:
    """Return the highest number each table ever gave to a row, deleted rows included where the database knows."""
    found: dict[str, int] = {}
    for table in _numbered(connection):
        query = sa.select(sa.func.max(table.c.id))
        found[table.name] = connection.execute(query).scalar() or 0
        if connection.dialect.name == "postgresql":
            name = _sequence(connection, table)
            last = connection.exec_driver_sql(f"SELECT last_value, is_called FROM {name}").one()  # noqa: S608
            found[table.name] = max(found[table.name], last[0] if last[1] else 0)
    if connection.dialect.name == "sqlite" and _has_sequences(connection):
        for name, last in connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence"):
            found[name] = max(found.get(name, 0), last)
    return {name: number for name, number in found.items() if number}


def continue_after(connection: Connection, highest: Mapping[str, int]) -> None:
    """Let every table number its next row after these, so that no number comes back for something else."""
    for table in _numbered(connection):
        last = max(highest.get(table.name, 0), connection.execute(sa.select(sa.func.max(table.c.id))).scalar() or 0)
        if not last:
            continue
        if connection.dialect.name == "postgresql":
            setting = sa.text("SELECT setval(CAST(:name AS regclass), :last)")
            connection.execute(setting, {"name": _sequence(connection, table), "last": last})
        elif _has_sequences(connection):
            named = {"name": table.name, "last": last}
            known = sa.text("UPDATE sqlite_sequence SET seq = :last WHERE name = :name")
            if not connection.execute(known, named).rowcount and _is_autoincrement(connection, table):
                connection.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), named)


def _numbered(connection: Connection) -> list[sa.Table]:
    """Return the tables whose rows the database numbers."""
    found = [table for table in tables(connection) if "id" in table.c and isinstance(table.c.id.type, sa.Integer)]
    if connection.dialect.name == "postgresql":
        found = [table for table in found if _sequence(connection, table)]
    return found


def _sequence(connection: Connection, table: sa.Table) -> str | None:
    name: str | None = connection.execute(sa.select(sa.func.pg_get_serial_sequence(table.name, "id"))).scalar()
    return name


def _has_sequences(connection: Connection) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'"
    return connection.exec_driver_sql(query).first() is not None


def _is_autoincrement(connection: Connection, table: sa.Table) -> bool:
    query = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    return "AUTOINCREMENT" in str(connection.execute(query, {"name": table.name}).scalar()).upper()


def _written(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        # SQLite gives moments back without their zone; all of ours are in UTC.
        aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _read(column: sa.Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, sa.LargeBinary):
        return binary(value)
    if isinstance(column.type, sa.DateTime):
        moment = datetime.fromisoformat(value)
        return moment if column.type.timezone else moment.replace(tzinfo=None)
    if isinstance(column.type, sa.Date):
        return date.fromisoformat(value)
    return value
