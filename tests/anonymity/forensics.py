"""What somebody has who reads everything that is stored: rows with the database's own columns, its log, its files."""

from __future__ import annotations

import base64
import hashlib
import io
import sqlite3
import struct
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from assessment.services.platform import Platform
from assessment.storage.key_files import PLAIN
from assessment.storage.private_keys import Unreadable, open_sealed
from questionnaires.answers import InvalidAnswers, decode
from questionnaires.instrument import Questionnaire

# Who was asked, by what tells one row of it from another; and what was answered.
PEOPLE = {"card": ("digest",), "invitee": ("node_id", "member_id"), "invitation": ("digest",)}
BALLOT = {"ballot": ("id",)}
KEYS = PEOPLE | BALLOT
Row = dict[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Commit:
    """What one transaction wrote: the keys of new and changed rows by table."""

    changed: Mapping[str, frozenset[Key]]


def tables(platform: Platform) -> list[str]:
    return sorted(sa.inspect(platform.database.engine).get_table_names())


def rows(platform: Platform, table: str) -> list[Row]:
    """Return a table in the order in which it is stored, with what the database notes beside every row."""
    with platform.reading() as session:
        if platform.database.is_sqlite:
            made = session.scalar(sa.text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table})
            more = "" if "WITHOUT ROWID" in str(made) else "rowid AS _rowid, "
            query = f"SELECT {more}* FROM {table}"
        else:
            query = (
                "SELECT xmin::text::bigint AS _xmin, xmax::text::bigint AS _xmax, "
                f"(ctid::text::point)[0] * 1000 + (ctid::text::point)[1] AS _ctid, * FROM {table}"
            )
        return [
            {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}
            for row in session.execute(sa.text(query)).mappings()
        ]


def key_of(table: str, row: Row) -> Key:
    return tuple(row[name] for name in KEYS.get(table, row))


def orders(platform: Platform, table: str, node_id: int | None = None) -> dict[str, list[Key]]:
    """Return the keys of a table's rows in every order in which they can be brought."""
    found = [row for row in rows(platform, table) if node_id in (None, row["node_id"])]
    arranged = {"as stored": [key_of(table, row) for row in found]}
    for name in found[0] if found else ():
        by = sorted((row for row in found if row[name] is not None), key=lambda row: row[name])
        if len(by) == len(found):
            arranged[name] = [key_of(table, row) for row in by]
    return arranged


class SqliteLog:
    """SQLite's write-ahead log, read beside a copy of the file that was made before it was written."""

    def __init__(self, platform: Platform) -> None:
        self.path = platform.database.path
        if self.path is not None:
            # The log is read from its beginning, so SQLite may not begin it anew once it is long.
            sa.event.listen(platform.database.engine, "connect", _keep_whole_log)
            platform.database.dispose()
            platform.database.forget_log()
            self.before = self.path.read_bytes()

    def commits(self) -> list[Commit]:
        """Return what each transaction since then wrote, in order; nothing on PostgreSQL, whose rows say it."""
        if self.path is None:
            return []
        found = []
        seen = _contents(self.before)
        for version in self._versions():
            now = _contents(version)
            changed = {name: frozenset(now[name] - seen.get(name, set())) for name in now}
            found.append(Commit({name: frozenset(key for key, _ in new) for name, new in changed.items() if new}))
            seen = now
        return found

    def last_written(self, table: str) -> dict[Key, int]:
        """Return by key in which commit the log wrote a row last."""
        last: dict[Key, int] = {}
        for number, commit in enumerate(self.commits()):
            last |= dict.fromkeys(commit.changed.get(table, ()), number)
        return last

    def _versions(self) -> Iterator[bytes]:
        """Yield the whole file as it was after each commit (SQLite's file format, sections 1.3 and 4.1)."""
        assert self.path is not None
        log = self.path.with_name(f"{self.path.name}-wal").read_bytes()
        size = struct.unpack(">I", log[8:12])[0] if log else 1
        pages = {number: self.before[number * size : (number + 1) * size] for number in range(len(self.before) // size)}
        for start in range(32, len(log) - size - 23, size + 24):
            page, n_pages = struct.unpack(">II", log[start : start + 8])
            if log[start + 8 : start + 16] != log[16:24]:
                return  # Left over from an earlier round of the log.
            pages[page - 1] = log[start + 24 : start + 24 + size]
            if n_pages:
                yield b"".join(pages.get(number, bytes(size)) for number in range(n_pages))


def _keep_whole_log(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA wal_autocheckpoint=0")


def _contents(file: bytes) -> dict[str, set[tuple[Key, Key]]]:
    # Bytes 18 and 19 say that there is a log; this copy has none.
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    connection.deserialize(file[:18] + b"\1\1" + file[20:])
    found = {}
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in names:
        content = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
        found[table] = {(key_of(table, row), tuple(row.values())) for row in content}
    connection.close()
    return found


def spellings(needle: bytes) -> list[bytes]:
    """Return the ways in which these bytes may be written down: raw, hexadecimal, base64 at every alignment, a list."""
    found = [needle, needle.hex().encode(), needle.hex().upper().encode()]
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + needle)
        # The characters at either end also depend on the bytes beside these.
        inner = coded[(0, 2, 3)[shift] :][: len(needle) * 4 // 3 - 3]
        found += [inner, inner.replace(b"+", b"-").replace(b"/", b"_")]
    return [*found, ", ".join(map(str, needle)).encode(), ",".join(map(str, needle)).encode()]


def files(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file below folders by name, and every file inside their archives."""
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        try:
            content = path.read_bytes()
        except OSError:
            continue  # A folder, a socket, or gone meanwhile.
        yield path.name, content
        if path.name.endswith(".tar.gz"):
            with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
                for entry in archive:
                    file = archive.extractfile(entry)
                    if file is not None:
                        yield f"{path.name}/{entry.name}", file.read()


class PostgresFiles:
    """The files of one PostgreSQL database: its tables and the write-ahead log since it was first looked at."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.folder = Path("/", self._ask("SHOW data_directory"))
        self.own = (
            self.folder / "base" / self._ask("SELECT oid::text FROM pg_database WHERE datname = current_database()")
        )
        self.first = self._ask("SELECT pg_walfile_name(pg_current_wal_lsn())")

    def _ask(self, query: str) -> str:
        with self.platform.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return str(connection.exec_driver_sql(query).scalar())

    def tables(self) -> Iterator[tuple[str, bytes]]:
        """Yield the files of tables and indexes."""
        self._write_out()
        yield from files(self.own)

    def log(self) -> Iterator[tuple[str, bytes]]:
        """Yield the segments of the write-ahead log and the server's own log."""
        self._write_out()
        for path in sorted((self.folder / "pg_wal").iterdir()):
            if path.is_file() and path.name >= self.first:
                yield f"pg_wal/{path.name}", path.read_bytes()
        yield "log", (self.folder / "log").read_bytes()

    def _write_out(self) -> None:
        with self.platform.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("CHECKPOINT")


def hits(contents: Iterable[tuple[str, bytes]], needles: Mapping[str, Iterable[bytes]]) -> set[tuple[str, str]]:
    """Return which needles stand in which file."""
    return {
        (name, file)
        for file, content in contents
        for name, ways in needles.items()
        if any(way in content for way in ways)
    }


def every_value(platform: Platform) -> Iterator[Any]:
    for table in tables(platform):
        for row in rows(platform, table):
            yield from row.values()


def keys_in(values: Iterable[Any], *folders: Path) -> list[X25519PrivateKey]:
    """Return everything among stored values and files that may be a key that opens ballots."""
    found = {value[-32:] for value in values if isinstance(value, bytes) and len(value) >= 32}
    for _, content in files(*folders):
        found |= {part[:32] for part in content.split(PLAIN)[1:] if len(part) >= 32}
    found |= {hashlib.sha256(each).digest() for each in found} | {bytes(32)}
    return [X25519PrivateKey.from_private_bytes(each) for each in found]


def readable(
    ballots: Iterable[Row], keys: Iterable[X25519PrivateKey], questionnaire: Questionnaire
) -> dict[Key, dict[str, int | None]]:
    """Return the answers in every ballot that is readable as it is or opens with one of the keys."""
    width = len(questionnaire.questions)
    found = {}
    for row in ballots:
        plain = [row["sealed"]]
        for key in keys:
            with suppress(Unreadable):
                plain.append(open_sealed(row["sealed"], key, row["campaign_id"], row["node_id"]))
        for content in plain:
            with suppress(InvalidAnswers):
                answers = decode(content[:width], questionnaire)
                if answers and not any(content[width:]):
                    found[key_of("ballot", row)] = answers
    return found
