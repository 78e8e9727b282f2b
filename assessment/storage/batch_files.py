"""The files of batches: one folder each below the instance folder, for its owner alone, deleted after a day."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

FOLDER = "batches"
LOCK = ".making"
# Seconds; storing a batch takes far less.
YOUNG = 600.0
# Of one step, so that whoever writes into the database can have no other file sent or deleted, least of all a key.
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


class NotOurs(OSError):
    """A name in the database that no batch was ever given."""


def make_folder(instance: Path) -> str:
    """Make a new folder and return its name.

    :raise OSError: when it cannot be made.
    """
    name = secrets.token_hex(16)
    (instance / FOLDER).mkdir(mode=0o700, exist_ok=True)
    (instance / FOLDER / name).mkdir(mode=0o700)
    return name


def folders(instance: Path) -> list[str]:
    """Return the names of the folders that are here."""
    try:
        return sorted(path.name for path in (instance / FOLDER).iterdir() if path.is_dir())
    except FileNotFoundError:
        return []


def path_of(instance: Path, folder: str, name: str = "") -> Path:
    """Return where a folder, or a file in it, lies or would.

    :raise NotOurs: for a name that leads elsewhere.
    """
    if not _PLAIN.fullmatch(folder) or (name and not _PLAIN.fullmatch(name)):
        raise NotOurs(errno.EINVAL, "no name of a report or of its folder")
    return instance / FOLDER / folder / name


def is_here(instance: Path, folder: str) -> bool:
    """Whether a folder is among those of this instance."""
    return folder in folders(instance)


def write(instance: Path, folder: str, name: str, content: bytes) -> None:
    """Write a file whole or not at all, synced, for its owner alone.

    :raise FileNotFoundError: when the folder was deleted meanwhile.
    :raise OSError: when it cannot be written.
    """
    path = path_of(instance, folder, name)
    draft = path.with_name(f".{name}.part")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def delete(instance: Path, folder: str) -> None:
    """Delete a folder; what somebody just writes into it goes when `delete_others` next looks."""
    with suppress(NotOurs):
        shutil.rmtree(path_of(instance, folder), ignore_errors=True)


def delete_others(instance: Path, known: Mapping[str, frozenset[str]]) -> int:
    """Delete files that belong to no report, and folders that belong to no batch; return how many.

    Whoever calls this holds the lock. A young folder's batch may be stored only now.
    """
    n = 0
    for folder in folders(instance):
        path = instance / FOLDER / folder
        if folder not in known:
            if time.time() - path.stat().st_mtime > YOUNG:
                delete(instance, folder)
                n += 1
            continue
        for file in path.iterdir():
            if file.name not in known[folder]:
                file.unlink(missing_ok=True)
                n += 1
    return n


@contextmanager
def making(instance: Path) -> Iterator[bool]:
    """Give True while nobody else makes reports for this instance folder, False when somebody does.

    Held by the open file, so that it ends with a process that crashes.
    """
    if not (instance / FOLDER).is_dir():
        # Nobody has asked for anything yet.
        yield False
        return
    descriptor = os.open(instance / FOLDER / LOCK, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        yield False
        return
    try:
        yield True
    finally:
        os.close(descriptor)
