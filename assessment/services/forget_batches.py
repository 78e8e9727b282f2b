"""Deleting batches of reports whose time is over, and files that belong to none."""

from __future__ import annotations

from collections.abc import Sequence

from assessment.services.platform import Platform
from assessment.storage import batch_files, batches


def forget_batches(platform: Platform) -> int:
    """Delete what is kept no longer; return how many batches that were."""
    with platform.transaction() as session:
        gone = batches.delete_until(session, platform.clock())
    delete_files(platform, gone)
    return len(gone)


def delete_files(platform: Platform, folders: Sequence[str]) -> None:
    """Delete the files of batches that are deleted and committed as such."""
    for folder in folders:
        batch_files.delete(platform.settings.instance, folder)


def sweep(platform: Platform) -> int:
    """Delete files that belong to no batch: of a team that was removed, or of a crash; return how many.

    Whoever calls this has the lock of those who make reports.
    """
    with platform.reading() as session:
        known = batches.files(session)
    return batch_files.delete_others(platform.settings.instance, known)
