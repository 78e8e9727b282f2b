"""A backup into an empty installation, on either database, and what of it is lost.

Campaigns that were open are void afterwards: answers given since the backup are missing, and nobody could say which.
Somebody may decide to resume them, where their key is in the backup or still in the key directory.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from assessment.config import Settings
from assessment.domain.error_kinds import Invalid, Refused
from assessment.services.actor import Actor
from assessment.services.backup import read_manifest
from assessment.services.migrate import NewerSchema
from assessment.services.platform import Platform, connect
from assessment.storage import audit, dump, key_copies, schema
from reports.languages import phrase

# What a voided campaign loses: whole rows by campaign or by node, and what opened a door.
BY_CAMPAIGN = ("ballot", "card", "invitation", "invitee", "signing_key")
BY_NODE = ("roster",)
DOORS = ("link_token", "reading_key", "participation", "participation_on")


# What reading raises when rows or the manifest are not of the shape that `backup` writes.
MISSHAPEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class NotEmpty(Refused):
    """Restoring would mix two organisations."""

    sentence = phrase("The database is not empty; restore into a new instance folder or an empty database.")


@dataclass(frozen=True)
class Lost:
    """An open campaign that restoring made void."""

    campaign_id: int
    quarter: str
    teams: tuple[str, ...]
    n_invited: int
    """How many people may have answered in vain."""
    has_key: bool
    """Whether it could have been resumed."""


@dataclass(frozen=True)
class Resumed:
    """An open campaign that goes on; answers given after the backup are lost."""

    campaign_id: int
    quarter: str
    teams: tuple[str, ...]


@dataclass(frozen=True)
class Restored:
    """What was restored and what was lost."""

    made_at: str
    """When the backup was made; everything since is lost."""
    rows: dict[str, int]
    lost: tuple[Lost, ...]
    resumed: tuple[Resumed, ...]


def restore(settings: Settings, path: Path, *, resume_open: bool = False) -> Restored:
    """Fill an empty installation from a backup and bring it up to date.

    :param resume_open: keep campaigns open whose key is in the backup or in the key directory.
    :raise Invalid: when the file is no whole backup.
    :raise NewerSchema: when it was made by a newer version.
    :raise NotEmpty: when the database has anything in it.
    """
    manifest = read_manifest(path)
    number = str(manifest["schema"])
    if number not in schema.numbers():
        raise NewerSchema(current=number)
    platform = connect(settings)
    try:
        if not dump.is_empty(platform.database) or schema.current(platform.database) not in (None, number):
            raise NotEmpty
        schema.upgrade(platform.database, number)
        with tarfile.open(path, "r:gz") as archive:
            restored = _Restoring(platform, archive, manifest, resume=resume_open).restored
        schema.upgrade(platform.database)
        with platform.transaction() as session:
            note = f"backup of {restored.made_at}, {len(restored.lost)} void, {len(restored.resumed)} resumed"
            audit.record(session, at=platform.clock(), actor=Actor.operator().name, action="restored",
                         subject="backup", detail=note)  # fmt: skip
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, *MISSHAPEN) as error:
        raise Invalid("backup", str(path), "it is damaged; nothing was restored") from error
    finally:
        platform.database.dispose()
    return restored


class _Restoring:
    """One backup being stored in one transaction."""

    def __init__(self, platform: Platform, archive: tarfile.TarFile, manifest: dict[str, Any], *, resume: bool) -> None:
        self.platform, self.archive = platform, archive
        self.directory = platform.settings.key_directory
        opened = [row for row in self.rows("campaign") if row["state"] == "open"]
        keys = {row["id"]: self.keys(row) for row in opened}
        openable = {campaign_id for campaign_id, files in keys.items() if files[0] is not None}
        kept = openable if resume else set()
        void = {row["id"] for row in opened} - kept
        nodes = [row for row in self.rows("node") if row["campaign_id"] in kept | void]
        self.void, self.void_nodes = void, {row["id"] for row in nodes if row["campaign_id"] in void}
        self.collecting = {row["id"] for row in nodes if row["campaign_id"] in kept and row["way"] == "email"}
        self.made_on = str(manifest["made_at"])[:10]
        with platform.database.connection() as connection:
            counts = {table.name: self.load(connection, table) for table in dump.tables(connection)}
            dump.continue_after(connection, manifest["highest_ids"])
            # Keys before the commit, as at opening: a key without a campaign opens nothing.
            for row in opened:
                for place, content in zip(key_copies.PLACES, keys[row["id"]], strict=True):
                    if row["id"] in kept and content is not None:
                        key_copies.write(place(self.directory, row["id"], _public_key(row)), content)
        self.restored = Restored(
            str(manifest["made_at"]),
            counts,
            tuple(
                Lost(row["id"], row["quarter"], _teams(nodes, row), _invited(nodes, row), row["id"] in openable)
                for row in opened
                if row["id"] in void
            ),
            tuple(Resumed(row["id"], row["quarter"], _teams(nodes, row)) for row in opened if row["id"] in kept),
        )

    def load(self, connection: sa.Connection, table: sa.Table) -> int:
        """Store a table's rows, without what a voided campaign loses; return how many."""
        return dump.load(connection, table, self.without_lost(table.name))

    def without_lost(self, name: str) -> Iterator[dump.Row]:
        """Yield a table's rows as they are restored."""
        for row in self.rows(name):
            if name in BY_CAMPAIGN and row["campaign_id"] in self.void:
                continue
            if name in BY_NODE and row["node_id"] in self.void_nodes:
                continue
            if name == "campaign" and row["id"] in self.void:
                # Without its public key nothing here can ever take another installation's key for this campaign's.
                row |= {"state": "void", "public_key": None}
            elif name == "node" and row["id"] in self.void_nodes:
                row |= {key: None for key in DOORS if key in row}
            elif name == "node" and row["id"] in self.collecting:
                # Who collected after the backup can collect once more, so the ballots are counted from now on.
                row |= {"cards_reprinted_on": self.made_on}
            yield row

    def rows(self, name: str) -> Iterator[dump.Row]:
        """Yield the rows of a table in the backup; none where it has no such table."""
        file = self.file(f"tables/{name}.jsonl")
        if file is not None:
            with io.TextIOWrapper(file, encoding="utf-8") as lines:
                for line in lines:
                    yield json.loads(line)

    def keys(self, campaign: dump.Row) -> list[bytes | None]:
        """Return an open campaign's key files, from the backup or the key directory, None where there is none."""
        found = []
        for place, folder in zip(key_copies.PLACES, key_copies.FOLDERS, strict=True):
            file = self.file(f"{folder}/{campaign['id']}")
            path = place(self.directory, campaign["id"], _public_key(campaign))
            found.append(key_copies.read(path) if file is None else file.read())
        return found

    def file(self, name: str) -> IO[bytes] | None:
        """Open a file in the archive, or return None."""
        return self.archive.extractfile(name) if name in self.archive.getnames() else None


def _public_key(campaign: dump.Row) -> bytes:
    key: bytes = dump.binary(campaign["public_key"])
    return key


def _teams(nodes: Collection[dump.Row], campaign: dump.Row) -> tuple[str, ...]:
    found = (node["name"] for node in nodes if node["campaign_id"] == campaign["id"] and node["kind"] == "team")
    return tuple(sorted(found))


def _invited(nodes: Collection[dump.Row], campaign: dump.Row) -> int:
    return sum(
        node["n_invited"] or 0 for node in nodes if node["campaign_id"] == campaign["id"] and node["kind"] == "team"
    )
