"""Files: who may read the instance folder, and what lies in it that should not."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from assessment.config import FILE, SECRET_FILE, Settings
from assessment.domain.error_kinds import Invalid
from assessment.services.anonymity_checks.checked import Area, Checked
from assessment.services.anonymity_checks.stand import Standing, is_exposed, is_shared, rights
from assessment.services.backup import DRAFT, read_manifest
from assessment.services.batches import KEPT
from assessment.services.platform import Platform
from assessment.storage import batch_files
from assessment.storage.key_files import PLAIN, WRAPPED

SECRETS = {"secret_key", "key_passphrase", "database_url", "queue_url", "mail_url"}
SQLITE = b"SQLite format 3\x00"
QUEUE = "jobs.sqlite"
AUTOMATIC = "before-migration-"
# How late the background work may be with deleting.
GRACE = timedelta(hours=1)
# Longer than any key file's beginning.
HEAD = 64


def check(platform: Platform, campaigns: Sequence[Standing]) -> list[Checked]:
    """Look at the instance folder and the database file."""
    area = Area("files")
    settings, database = platform.settings, platform.database.path
    folders = {settings.instance} | ({database.parent} if database is not None else set())
    for folder in sorted(folders):
        if is_shared(folder):
            area.finding(
                f"{folder} may be entered by others than its owner ({rights(folder)}).", f"`chmod 700 {folder}`"
            )
    private = [settings.instance / SECRET_FILE, settings.instance / QUEUE]
    if _has_secrets(settings.instance / FILE):
        private.append(settings.instance / FILE)
    if database is not None:
        private += [database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))]
    for path in private:
        if path.exists() and is_exposed(path):
            area.finding(f"{path} may be read by others than its owner ({rights(path)}).", f"`chmod 600 {path}`")
    area.no_finding("The instance folder, its secrets and the database file are their owner's alone.")
    _reports(area, platform)
    ended = {campaign.id for campaign in campaigns if campaign.has_ended}
    for path in _files(settings.instance):
        _look_at(area, settings, database, path, ended)
    return area.checked


def _reports(area: Area, platform: Platform) -> None:
    """Look at reports that coaches asked for all at once: released values, but for them alone, and for a day."""
    folder = platform.settings.instance / batch_files.FOLDER
    if not folder.is_dir():
        return
    if is_exposed(folder):
        area.finding(
            f"Reports in {folder} may be read by others than its owner ({rights(folder)}).", f"`chmod -R go= {folder}`"
        )
    oldest = (platform.clock() - KEPT - GRACE).timestamp()
    for name in batch_files.folders(platform.settings.instance):
        if (folder / name).stat().st_mtime < oldest:
            area.finding(
                f"Reports that a coach asked for lie in {folder / name} longer than they are kept.",
                "Run `assessment serve`, whose background work deletes them, or delete the folder.",
            )


def _has_secrets(path: Path) -> bool:
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        return False
    urls = {name for name, value in given.items() if name in SECRETS and "://" in str(value)}
    with_password = {name for name in urls if urlsplit(str(given[name])).password}
    return bool((set(given) & SECRETS) - urls | with_password)


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder; links are not followed out of it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


def _look_at(area: Area, settings: Settings, database: Path | None, path: Path, ended: set[int]) -> None:
    name = path.relative_to(settings.instance)
    with path.open("rb") as file:
        head = file.read(HEAD)
    if (path.suffix in {".key", ".signing"} and path.name != SECRET_FILE) or head.startswith((PLAIN, WRAPPED)):
        area.finding(
            f"A campaign's key lies inside the instance folder: {name}.",
            "Move it into the key directory and make new backups; whoever had a copy of the folder can read ballots.",
        )
    elif DRAFT in path.name:
        area.note(f"An unfinished backup: {name}.", "If no backup is being made now, delete it.")
    elif path.name.endswith((".tar.gz", ".tgz")):
        _backup(area, path, name, ended)
    elif head.startswith(SQLITE) and path not in {database, settings.instance / QUEUE}:
        area.finding(
            f"Another SQLite file: {name}; a copy keeps what closing destroys.",
            "Delete copies of the database; `assessment backup` makes backups without keys, to lie elsewhere.",
        )


def _backup(area: Area, path: Path, name: Path, ended: set[int]) -> None:
    is_automatic = path.name.startswith(AUTOMATIC)
    try:
        manifest = read_manifest(path)
        held = {int(entry["id"]) for entry in manifest["open_campaigns"]}
        keys = {int(number) for number in manifest["keys_of"]}
    except (Invalid, LookupError, TypeError, ValueError):
        if is_automatic:
            area.finding(f"An automatic backup that cannot be read: {name}.", "Delete it.")
        else:
            area.note(f"An archive that is no backup of ours: {name}.", "Look at what it is, and move it elsewhere.")
        return
    if is_shared(path) and is_shared(path.parent):
        area.finding(f"The backup {name} may be read by others ({rights(path)}).", f"`chmod 600 {path}`")
    if keys:
        area.finding(
            f"A backup with keys lies in the instance folder: {name}. Whoever has it reads the ballots in it.",
            "Delete it as soon as nobody needs to resume from it, and all its copies.",
        )
    elif is_automatic and held & ended:
        area.finding(
            f"An automatic backup still holds sealed ballots of an ended campaign: {name}.",
            "Restart `assessment serve`, or delete the file.",
        )
    elif held & ended:
        area.note(
            f"A backup made by hand holds sealed ballots of an ended campaign: {name}.",
            "Delete it; its key is gone, so it only takes up room.",
        )
