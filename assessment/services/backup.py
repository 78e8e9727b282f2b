"""One file with everything an installation has stored, the same from SQLite and from PostgreSQL.

The file is a tar.gz: `manifest.json` says what is in it, `tables/<name>.jsonl` has one row a line in the order of the
primary key. Ballots in it are sealed; without the keys, which are only in it when asked for, nobody can open them.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from assessment.domain.error_kinds import Invalid
from assessment.services.actor import Actor
from assessment.services.platform import Platform
from assessment.storage import audit, dump, key_copies, schema

FORMAT = 1
MANIFEST = "manifest.json"
DRAFT = ".unfinished-backup-"


@dataclass(frozen=True)
class Backup:
    """What was written."""

    path: Path
    schema: str
    n_rows: int
    n_bytes: int
    open_campaigns: tuple[int, ...]
    """Campaigns whose sealed ballots are in it."""
    keys_of: tuple[int, ...]
    """Campaigns whose private keys are in it: whoever has this file can read their ballots."""


def backup(platform: Platform, path: Path, *, with_keys: bool = False) -> Backup:
    """Write everything into one new file that its owner alone may read; answers may come in meanwhile.

    :param with_keys: put the key files of open campaigns in too. Whoever has such a file can read the ballots in it,
        also after the campaign was closed here.
    :raise Invalid: when the file exists already or its folder does not, or when there is nothing to back up.
    """
    if path.exists():
        raise Invalid("path", str(path).replace("%", "%%"), "it exists already; choose another name")
    if not path.parent.is_dir():
        raise Invalid("path", str(path).replace("%", "%%"), "there is no such folder; make it first")
    number = schema.current(platform.database)
    if number is None:
        raise Invalid("database", "", "it is empty; there is nothing to back up")
    if with_keys:
        with platform.transaction() as session:
            operator = Actor.operator().name
            audit.record(session, at=platform.clock(), actor=operator, action="backup with keys made", subject="backup")
    draft = path.with_name(f"{DRAFT}{path.name}")
    try:
        with dump.snapshot(platform.database) as connection, _new(draft) as target:
            written = _write(platform, connection, target, path.parent, number, with_keys=with_keys)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return Backup(path, number, sum(written["rows"].values()), path.stat().st_size,
                  tuple(entry["id"] for entry in written["open_campaigns"]), tuple(written["keys_of"]))  # fmt: skip


def read_manifest(path: Path) -> dict[str, Any]:
    """Return what a backup says about itself.

    :raise Invalid: when the file is no backup of ours.
    """
    try:
        with tarfile.open(path, "r:gz") as archive:
            first = archive.next()
            file = archive.extractfile(first) if first is not None and first.name == MANIFEST else None
            manifest = json.load(file) if file is not None else None
    except (OSError, tarfile.TarError, EOFError, ValueError) as error:
        raise Invalid("backup", str(path), "it cannot be read; check that this is a whole backup") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise Invalid("backup", str(path), "it is no backup of this program, or of a newer version of it")
    return manifest


def forget_drafts(folder: Path) -> None:
    """Delete what a crash left of unfinished backups in a folder where none is being made."""
    for path in folder.glob(f"{DRAFT}*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _new(path: Path) -> io.FileIO:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return io.FileIO(descriptor, "w")


def _write(
    platform: Platform, connection: Connection, target: io.FileIO, folder: Path, number: str, *, with_keys: bool
) -> dict[str, Any]:
    """Write the archive and return its manifest."""
    opened = dump.open_campaigns(connection)
    keys: dict[str, bytes] = {}
    for campaign in opened if with_keys else ():
        for place, name in zip(key_copies.PLACES, key_copies.FOLDERS, strict=True):
            content = key_copies.read(place(platform.settings.key_directory, campaign.id, campaign.public_key))
            if content is not None:
                keys[f"{name}/{campaign.id}"] = content
    at = platform.clock()
    # Rows go through a folder beside the target, because the manifest comes first and says how many there are.
    with tempfile.TemporaryDirectory(prefix=DRAFT, dir=folder) as on:
        rows: dict[str, int] = {}
        for table in dump.tables(connection):
            with (Path(on) / table.name).open("w", encoding="utf-8", newline="\n") as file:
                rows[table.name] = sum(1 for line in dump.lines(connection, table) if file.write(line + "\n"))
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "schema": number,
            "made_at": at.isoformat(),
            "rows": rows,
            "highest_ids": dump.highest_ids(connection),
            "open_campaigns": [{"id": campaign.id, "quarter": campaign.quarter} for campaign in opened],
            "keys_of": [campaign.id for campaign in opened if f"{key_copies.FOLDERS[0]}/{campaign.id}" in keys],
        }
        with tarfile.open(fileobj=target, mode="w:gz") as archive:
            _add(archive, MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False).encode(), at)
            for name in rows:
                with (Path(on) / name).open("rb") as stored:
                    archive.addfile(_entry(f"tables/{name}.jsonl", os.fstat(stored.fileno()).st_size, at), stored)
            for name, content in keys.items():
                _add(archive, name, content, at)
    os.fsync(target.fileno())
    return manifest


def _add(archive: tarfile.TarFile, name: str, content: bytes, at: datetime) -> None:
    archive.addfile(_entry(name, len(content), at), io.BytesIO(content))


def _entry(name: str, size: int, at: datetime) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(at.timestamp())
    return entry
