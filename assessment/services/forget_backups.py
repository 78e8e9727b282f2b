"""Deleting the automatic backups that hold ballots of a campaign, as soon as it is closed or void."""

from __future__ import annotations

from pathlib import Path

from assessment.domain.errors import Invalid
from assessment.services.backup import read_manifest
from assessment.services.migrate import BACKUPS
from assessment.services.platform import Platform


def forget_backups(platform: Platform, campaign_id: int) -> list[Path]:
    """Delete every automatic backup in which this campaign is open, and return which.

    Backups made by hand lie elsewhere and are the operator's. An automatic backup that cannot be read is deleted too,
    because nobody can say what it holds.
    """
    deleted = []
    for path in sorted((platform.settings.instance / BACKUPS).glob("before-migration-*.tar.gz")):
        try:
            holds = campaign_id in {entry["id"] for entry in read_manifest(path)["open_campaigns"]}
        except Invalid:
            holds = True
        if holds:
            path.unlink()
            deleted.append(path)
    return deleted
