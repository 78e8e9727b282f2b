"""What is left to destroy after a campaign has ended and that is committed."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from assessment.domain.errors import NotDestroyed
from assessment.services.forget_backups import forget_backups
from assessment.services.platform import Platform
from assessment.storage import key_files, signing_files


def clean_up(platform: Platform, campaign_id: int, public_key: bytes | None) -> None:
    """Empty the write-ahead log, delete automatic backups with the campaign's ballots, then destroy its keys.

    The key that opens ballots goes last: while it is there, this was not finished, and the next start does it again.
    It goes also when the rest fails, because without it nobody can read what is left.

    :raise NotDestroyed: when something stays; everything else is destroyed.
    """
    platform.database.forget_log()
    try:
        forget_backups(platform, campaign_id)
    finally:
        if public_key is not None:
            _destroy_keys(platform.settings.key_directory, campaign_id, public_key)


def _destroy_keys(directory: Path, campaign_id: int, public_key: bytes) -> None:
    try:
        _destroy(directory, campaign_id, public_key, signing_files)
    finally:
        found = _destroy(directory, campaign_id, public_key, key_files)
    others = [] if found else key_files.others(directory, campaign_id)
    if others:
        # Somebody may have written another public key into the database, so that the real one would stay for good. It
        # is not destroyed here, because another installation may share the directory.
        reason = "the database names another key; delete them unless another installation shares the key directory"
        raise NotDestroyed(campaign=campaign_id, files=", ".join(others), reason=reason)


def _destroy(directory: Path, campaign_id: int, public_key: bytes, files: ModuleType) -> bool:
    try:
        return bool(files.destroy(directory, campaign_id, public_key))
    except OSError as error:
        name = files.path_of(directory, campaign_id, public_key).name
        raise NotDestroyed(campaign=campaign_id, files=name, reason=error.strerror or str(error)) from error


def is_unfinished(platform: Platform, campaign_id: int, public_key: bytes | None) -> bool:
    """Whether a campaign that has ended was not cleaned up after: a key of it is still there."""
    if public_key is None:
        return False
    directory = platform.settings.key_directory
    return any(files.exists(directory, campaign_id, public_key) for files in (key_files, signing_files))
