"""Deleting the automatic backups that hold ballots of a campaign, as soon as it is closed or void."""

from __future__ import annotations

from pathlib import Path

from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import NotDestroyed
from assessment.services.backup import forget_drafts, read_manifest
from assessment.services.migrate import BACKUPS, migration_lock
from assessment.services.platform import Platform


def forget_backups(platform: Platform, campaign_id: int) -> list[Path]:
    """Delete every automatic backup in which this campaign is open, and return which.

    Backups made by hand lie elsewhere and are the operator's. An automatic backup that cannot be read is deleted too,
    because nobody can say what it holds; so is what a crash left of one.

    :raise NotDestroyed: when one of them stays; the others are deleted.
    """
    deleted: list[Path] = []
    stuck: dict[str, OSError] = {}
    folder = platform.settings.instance / BACKUPS
    if not folder.is_dir():
        return deleted
    with migration_lock(platform):
        for path in sorted(folder.glob("before-migration-*.tar.gz")):
            try:
                if _holds(path, campaign_id):
                    path.unlink()
                    deleted.append(path)
            except OSError as error:
                stuck[path.name] = error
        try:
            forget_drafts(folder)
        except OSError as error:
            stuck[Path(error.filename or folder).name] = error
    if stuck:
        reasons = {error.strerror or str(error) for error in stuck.values()}
        raise NotDestroyed(campaign=campaign_id, files=", ".join(stuck), reason=", ".join(sorted(reasons)))
    return deleted


def _holds(path: Path, campaign_id: int) -> bool:
    try:
        return campaign_id in {entry["id"] for entry in read_manifest(path)["open_campaigns"]}
    except (Invalid, LookupError, TypeError):
        return True
