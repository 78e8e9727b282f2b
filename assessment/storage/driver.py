"""The path that every answer takes: Core statements, compiled once and run on the driver's own connection.

What SQLAlchemy does around each statement costs more than most of these statements themselves. Types are read and
written by its own types, so that a row looks the same whichever way it was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

Row = Sequence[Any]
# What a value passes on its way, by its name in the statement or its place in the row.
Converters = Sequence[tuple[Any, Callable[[Any], Any]]]
DIALECTS: dict[str, Dialect] = {
    "sqlite": sqlite.dialect(paramstyle="named"),
    "postgresql": postgresql.psycopg.dialect(),  # type: ignore[no-untyped-call]
}


class Found:
    """What a statement found or did."""

    def __init__(self, cursor: Any, readers: Converters) -> None:
        self._cursor, self._readers = cursor, readers

    @property
    def rowcount(self) -> int:
        """How many rows were written."""
        return int(self._cursor.rowcount)

    def first(self) -> Row | None:
        """Return the first row, or None."""
        row = self._cursor.fetchone()
        return None if row is None else self._read(row)

    def __iter__(self) -> Iterator[Row]:
        """Yield every row."""
        return map(self._read, self._cursor)

    def _read(self, row: Row) -> Row:
        if not self._readers:
            return row
        values = list(row)
        for place, read in self._readers:
            values[place] = read(values[place])
        return values


class Driver:
    """One connection of the driver; takes statements made once with `bindparam`, without lists."""

    def __init__(self, connection: Any, dialect: Dialect) -> None:
        self._connection, self._error = connection, dialect.loaded_dbapi.Error
        self.dialect = DIALECTS[dialect.name]

    def execute(self, statement: sa.Executable, values: Mapping[str, object] = MappingProxyType({})) -> Found:
        """Run a statement.

        :raise sqlalchemy.exc.DBAPIError: when the database refuses it; without the values.
        """
        text, fill, writers, readers = _compiled(statement, self.dialect.name)
        given = fill(values)
        for name, write in writers:
            given[name] = write(given[name])
        try:
            return Found(self._connection.execute(text, given), readers)
        except self._error as error:
            raise sa.exc.DBAPIError(text, None, error) from error

    def begin(self) -> None:
        """Start to write: on SQLite with the file's write lock; PostgreSQL's driver has started before the look-ups."""
        if self.dialect.name == "sqlite":
            self.execute(BEGIN)

    def commit(self) -> None:
        """Return when what was written is on the disk."""
        try:
            self._connection.commit()
        except self._error as error:
            raise sa.exc.DBAPIError("COMMIT", None, error) from error

    def rollback(self) -> None:
        """Undo what was written."""
        self._connection.rollback()


BEGIN = sa.text("BEGIN IMMEDIATE")


@lru_cache(maxsize=64)
def _compiled(
    statement: sa.Executable, name: str
) -> tuple[str, Callable[[Mapping[str, object]], dict[str, Any]], Converters, Converters]:
    """Return a statement's text, what gives its values, and what writes these and reads its rows."""
    dialect = DIALECTS[name]
    compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    writers = [
        (key, write)
        for key, bound in compiled.binds.items()
        # Bytes go to both drivers as they are.
        if not isinstance(bound.type, sa.LargeBinary)
        and (write := bound.type.dialect_impl(dialect).bind_processor(dialect)) is not None
    ]
    columns = statement.selected_columns if isinstance(statement, sa.Select) else ()
    readers = [
        (place, read)
        for place, column in enumerate(columns)
        if (read := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
    ]
    return str(compiled), compiled.construct_params, writers, readers
