"""Deleting the automatic backups that hold ballots of a campaign, as soon as it is closed or void."""

from __future__ import annotations

from pathlib import Path

from assessment.domain.errors import Invalid
from assessment.services.backup import forget_drafts, read_manifest
from assessment.services.migrate import BACKUPS, migration_lock
from assessment.services.platform import Platform


def forget_backups(platform: Platform, campaign_id: int) -> list[Path]:
    """Delete every automatic backup in which this campaign is open, and return which.

    Backups made by hand lie elsewhere and are the operator's. An automatic backup that cannot be read is deleted too,
    because nobody can say what it holds; so is what a crash left of one.
    """
    deleted: list[Path] = []
    folder = platform.settings.instance / BACKUPS
    if not folder.is_dir():
        return deleted
    with migration_lock(platform):
        for path in sorted(folder.glob("before-migration-*.tar.gz")):
            try:
                holds = campaign_id in {entry["id"] for entry in read_manifest(path)["open_campaigns"]}
            except Invalid:
                holds = True
            if holds:
                path.unlink()
                deleted.append(path)
        forget_drafts(folder)
    return deleted
