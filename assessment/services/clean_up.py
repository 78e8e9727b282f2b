"""What is left to destroy after a campaign has ended and that is committed."""

from __future__ import annotations

from assessment.services.forget_backups import forget_backups
from assessment.services.platform import Platform
from assessment.storage import key_files


def clean_up(platform: Platform, campaign_id: int, public_key: bytes | None) -> bool:
    """Empty the write-ahead log, delete automatic backups with the campaign's ballots, then destroy its key.

    The key goes last: while it is there, this was not finished, and the next start does it again.

    :return: whether there was anything left to do.
    """
    directory = platform.settings.key_directory
    if public_key is None or not key_files.exists(directory, campaign_id, public_key):
        return False
    platform.database.forget_log()
    forget_backups(platform, campaign_id)
    return key_files.destroy(directory, campaign_id, public_key)
