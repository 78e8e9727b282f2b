"""Key files as a whole, for backups that were asked to carry them; their content is neither opened nor looked at."""

from __future__ import annotations

from pathlib import Path

from assessment.storage import key_files, signing_files

# What a campaign has in the key directory: the key that opens its ballots, and those that sign credentials.
PLACES = (key_files.path_of, signing_files.path_of)
# Where a backup has them.
FOLDERS = ("keys", "signing")


def read(path: Path) -> bytes | None:
    """Return a key file as it is, wrapped or not; None when there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def write(path: Path, content: bytes) -> None:
    """Put a key file back, for the owner only and synced to disk; one that is there stays."""
    if not path.exists():
        key_files.write(path, content)
