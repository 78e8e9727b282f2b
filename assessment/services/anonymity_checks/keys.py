"""Keys: apart from the database, their owner's alone, all there while a campaign is open and gone afterwards."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path

from assessment.services.anonymity_checks.checked import Area, Checked
from assessment.services.anonymity_checks.stand import Standing, is_shared, rights
from assessment.services.platform import Platform
from assessment.storage import key_files, signing_files


def check(platform: Platform, campaigns: Sequence[Standing]) -> list[Checked]:
    """Look at the key directory; no key is opened."""
    area = Area("keys")
    directory = platform.settings.key_directory
    _place(area, platform, directory)
    wanted = {path: campaign for campaign in campaigns if campaign.is_open for path in _paths(directory, campaign)}
    left = {path: campaign for campaign in campaigns if campaign.has_ended for path in _paths(directory, campaign)}
    ended = {campaign.id for campaign in campaigns if campaign.has_ended}
    present = sorted(directory.iterdir()) if directory.is_dir() else []
    for path in present:
        if path in left:
            area.finding(
                f"The key of campaign {left[path].id}, which has ended, is still there: {path.name}.",
                "Run `assessment close`, or restart `assessment serve`: both finish what closing began. "
                "If it stays, delete it (`shred -u`).",
            )
        elif path not in wanted and _number(path) in ended:
            area.finding(
                f"{path.name} may be the key of campaign {_number(path)}, which has ended: the database names another.",
                "If no other installation uses this directory, delete it (`shred -u`).",
            )
        elif path not in wanted:
            area.note(
                f"Not a key of this installation: {path.name} (changed {_day(path)}).",
                "If no other installation uses this directory, find out what it is and delete it.",
            )
        if path.is_file() and is_shared(path):
            area.finding(f"{path} may be read by others than its owner ({rights(path)}).", f"`chmod 600 {path}`")
    for path, campaign in wanted.items():
        if path not in present:
            area.finding(
                f"A key of the open campaign {campaign.id} is missing: {path.name}; nobody can answer.",
                "Put it back from where it was moved or copied to. If it is lost, the campaign can only be voided.",
            )
    for campaign in campaigns:
        if campaign.is_open and not campaign.key_wrapped:
            area.note(
                f"The key of campaign {campaign.id} is not wrapped by a passphrase.",
                "Whoever reads this directory and the database can read its ballots. Next time open with "
                "--ask-passphrase and let somebody else hold it, such as the works council.",
            )
    area.no_finding("Every open campaign has its key, and no key of an ended one is left.")
    return area.checked


def _place(area: Area, platform: Platform, directory: Path) -> None:
    instance, database = platform.settings.instance, platform.database.path
    if not directory.exists():
        area.ok(f"There is no key directory yet; opening makes {directory}.")
        return
    if is_shared(directory):
        area.finding(
            f"{directory} may be entered by others than its owner ({rights(directory)}).", f"`chmod 700 {directory}`"
        )
    real = directory.resolve()
    inside = real == instance or instance in real.parents or real in instance.parents
    with_database = database is not None and (real in database.resolve().parents or database.parent.resolve() == real)
    if inside or with_database:
        area.finding(
            f"The key directory {real} and the instance or the database lie one inside the other.",
            "Set key_directory to a place that no backup of the database or the instance takes along.",
        )
    elif real.parent == instance.parent:
        area.note(
            f"The key directory lies beside the instance folder, in {real.parent}.",
            "See that no backup takes both along, or set key_directory to another place.",
        )
    else:
        area.ok(f"Keys lie apart from the instance and the database, in {real}.")
    if directory.stat().st_uid != instance.stat().st_uid:
        area.note(
            "The key directory and the instance folder belong to different users.",
            "Check that the program's user alone owns both.",
        )


def _paths(directory: Path, campaign: Standing) -> list[Path]:
    if campaign.public_key is None:
        return []
    found = [key_files.path_of(directory, campaign.id, campaign.public_key)]
    if "email" in campaign.ways:
        found.append(signing_files.path_of(directory, campaign.id, campaign.public_key))
    return found


def _number(path: Path) -> int | None:
    """Return the campaign that a key file is named after, or None."""
    match = re.match(r"campaign-([0-9]+)-", path.name)
    return int(match[1]) if match else None


def _day(path: Path) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(path.lstat().st_mtime))
