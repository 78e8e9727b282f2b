"""Promise: backups and keys of an ended campaign are destroyed whatever lies in the way, and what stays is named."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from assessment.domain.errors import NotDestroyed
from assessment.services.backup import backup
from assessment.services.close_campaign import close_campaign, close_due
from assessment.services.platform import Platform
from assessment.services.void_campaign import void_campaign
from tests import builders
from tests.anonymity.respondents import asked
from tests.builders import Cast, Opened
from tests.conftest import Clock


def answered(platform: Platform, cast: Cast, *teams: str) -> Opened:
    campaign = builders.opened(platform, cast, teams=teams or ("Atlas",))
    builders.answer(platform, campaign, (teams or ("Atlas",))[0])
    return campaign


def keys(platform: Platform) -> list[Path]:
    return sorted(platform.settings.key_directory.glob("*.key"))


def automatic_backups(platform: Platform) -> list[str]:
    return sorted(path.name for path in (platform.settings.instance / "backups").iterdir())


def automatic_backup(platform: Platform) -> None:
    folder = platform.settings.instance / "backups"
    folder.mkdir(exist_ok=True)
    backup(platform, folder / "before-migration-from-0001-x.tar.gz")


@pytest.mark.parametrize("manifest", [b'{"format": 1}', b'{"format": 1, "open_campaigns": [7]}', b"[]", b"\xff"])
def test_an_odd_file_among_the_backups_saves_no_key(platform: Platform, cast: Cast, clock: Clock, manifest: bytes):
    campaign = answered(platform, cast)
    folder = platform.settings.instance / "backups"
    folder.mkdir()
    with tarfile.open(folder / "before-migration-odd.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(manifest)
        archive.addfile(entry, io.BytesIO(manifest))
    clock.set(campaign.view.closes_at)
    assert [view.problem for view in close_due(platform)] == [None]
    assert keys(platform) == []
    assert automatic_backups(platform) == []


def test_backups_go_also_when_the_key_is_missing(platform: Platform, cast: Cast):
    campaign = answered(platform, cast)
    automatic_backup(platform)
    keys(platform)[0].unlink()
    void_campaign(platform, cast.operator, campaign.id)
    assert automatic_backups(platform) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_log_is_emptied_also_when_the_key_is_missing(platform: Platform, cast: Cast):
    campaign = answered(platform, cast)
    keys(platform)[0].unlink()
    void_campaign(platform, cast.operator, campaign.id)
    path = platform.database.path
    assert path is not None
    assert path.with_name(f"{path.name}-wal").stat().st_size == 0


def test_a_key_that_comes_back_with_its_disk_is_destroyed_at_the_next_look(platform: Platform, cast: Cast):
    campaign = answered(platform, cast)
    away = platform.settings.key_directory.with_name("away")
    platform.settings.key_directory.rename(away)
    void_campaign(platform, cast.operator, campaign.id)
    away.rename(platform.settings.key_directory)
    close_due(platform)
    assert keys(platform) == []


def test_a_key_that_cannot_be_destroyed_is_named_and_holds_up_no_other_campaign(
    platform: Platform, cast: Cast, clock: Clock
):
    stuck, other = answered(platform, cast, "Atlas"), answered(platform, cast, "Cygnus")
    clock.set(other.view.closes_at)
    path = next(path for path in keys(platform) if path.name.startswith(f"campaign-{stuck.id}-"))
    close_campaign(platform, stuck.id)
    path.mkdir()
    views = close_due(platform)
    assert [(view.campaign_id, type(view.problem)) for view in views] == [
        (stuck.id, NotDestroyed),
        (other.id, type(None)),
    ]
    assert path.name in str(views[0].problem)
    with platform.reading() as session:
        assert set(session.scalars(sa.text("SELECT state FROM campaign"))) == {"closed"}


def test_signing_keys_that_cannot_be_destroyed_are_named_and_save_no_other_key(platform: Platform, cast: Cast):
    campaign, _ = asked(platform, cast, "email", teams=["Atlas"])
    stuck = next(platform.settings.key_directory.glob("*.signing"))
    stuck.unlink()
    stuck.mkdir()
    with pytest.raises(NotDestroyed, match=stuck.name):
        void_campaign(platform, cast.operator, campaign.id)
    assert keys(platform) == []
    stuck.rmdir()
    stuck.write_bytes(b"it came back with its disk")
    close_due(platform)
    assert list(platform.settings.key_directory.iterdir()) == []


def test_a_backup_that_cannot_be_deleted_saves_no_key(platform: Platform, cast: Cast, clock: Clock):
    campaign = answered(platform, cast)
    automatic_backup(platform)
    stuck = platform.settings.instance / "backups" / "before-migration-stuck.tar.gz"
    stuck.mkdir()
    clock.set(campaign.view.closes_at)
    with pytest.raises(NotDestroyed, match=stuck.name):
        close_campaign(platform, campaign.id)
    assert keys(platform) == []
    assert automatic_backups(platform) == [stuck.name]


def test_a_key_whose_name_was_changed_in_the_database_is_named(platform: Platform, cast: Cast):
    campaign = answered(platform, cast)
    with platform.transaction() as session:
        session.execute(sa.text("UPDATE campaign SET public_key = :mine"), {"mine": b"m" * 32})
    with pytest.raises(NotDestroyed, match=keys(platform)[0].name):
        void_campaign(platform, cast.operator, campaign.id)
