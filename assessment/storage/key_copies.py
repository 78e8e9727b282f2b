"""Key files as a whole, for backups that were asked to carry them; their content is neither opened nor looked at."""

from __future__ import annotations

import os
from pathlib import Path

from assessment.storage.key_files import path_of


def read(directory: Path, campaign_id: int, public_key: bytes) -> bytes | None:
    """Return a campaign's key file as it is, wrapped or not; None when there is none."""
    try:
        return path_of(directory, campaign_id, public_key).read_bytes()
    except FileNotFoundError:
        return None


def write(directory: Path, campaign_id: int, public_key: bytes, content: bytes) -> None:
    """Put a campaign's key file back, for the owner only and synced to disk; one that is there stays."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = path_of(directory, campaign_id, public_key)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
