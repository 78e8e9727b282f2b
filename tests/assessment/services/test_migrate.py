from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from assessment.services.backup import backup, read_manifest
from assessment.services.forget_backups import forget_backups
from assessment.services.migrate import BACKUPS, NewerSchema, migrate
from assessment.services.platform import Platform, connect
from assessment.services.restore import restore
from assessment.storage import schema
from tests import builders


@pytest.fixture
def bare(platform: Platform, tmp_path: Path) -> Iterator[Platform]:
    """An installation on a new SQLite file without tables."""
    settings = replace(platform.settings, database_url=f"sqlite:///{tmp_path / 'bare.sqlite'}")
    connected = connect(settings, platform.clock)
    yield connected
    connected.database.dispose()


def set_number(platform: Platform, number: str) -> None:
    with platform.database.connection() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{number}'")


def automatic(platform: Platform) -> list[Path]:
    return sorted((platform.settings.instance / BACKUPS).glob("*"))


def test_an_empty_database_gets_its_tables_without_a_backup(bare: Platform):
    done = migrate(bare)
    assert (done.before, done.after, done.backup) == (None, schema.head(), None)
    assert automatic(bare) == []


def test_doing_it_again_changes_nothing(platform: Platform, cast: Any):
    done = migrate(platform)
    assert (done.before, done.after, done.backup) == (schema.head(), schema.head(), None)


def test_processes_that_start_together_wait_for_each_other(bare: Platform):
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: migrate(bare), range(4)))
    assert sorted(str(one.before) for one in done) == sorted(["None", *[schema.head()] * 3])
    assert {one.after for one in done} == {schema.head()}


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[str, str]:
    """The number of today and the next one, with the migrations that a next version would bring."""
    today = schema.head()
    folder = tmp_path / "migrations"
    shutil.copytree(str(files("migrations")), folder, ignore=shutil.ignore_patterns("__pycache__"))
    text = "from alembic import op\nimport sqlalchemy as sa\n\nrevision = '9000'\n"
    text += f"down_revision = '{today}'\n\ndef upgrade():\n"
    text += "    op.add_column('team', sa.Column('colour', sa.String(), nullable=True))\n"
    (folder / "versions" / "9000_colour.py").write_text(text)
    monkeypatch.setattr(schema, "files", lambda _package: folder)
    return today, "9000"


def test_before_a_migration_an_automatic_backup_is_made_on_sqlite(
    platform: Platform, cast: Any, next_version: tuple[str, str]
):
    campaign = builders.opened(platform, cast, teams=["Atlas"])
    done = migrate(platform)
    assert (done.before, done.after) == next_version
    if not platform.settings.is_sqlite:
        assert done.backup is None
        return
    assert done.backup is not None
    assert done.backup.stat().st_mode & 0o777 == 0o600
    assert done.backup.parent.stat().st_mode & 0o777 == 0o700
    manifest = read_manifest(done.backup)
    assert (manifest["schema"], manifest["keys_of"]) == (next_version[0], [])
    assert forget_backups(platform, campaign.id) == [done.backup]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_of_an_older_version_is_brought_up_to_date(
    platform: Platform, cast: Any, bare: Platform, next_version: tuple[str, str]
):
    saved = migrate(platform).backup
    assert saved is not None
    assert restore(bare.settings, saved).rows["team"] == 3
    assert schema.current(bare.database) == next_version[1]


def test_a_database_of_a_newer_version_is_refused(platform: Platform, cast: Any):
    set_number(platform, "9999")
    with pytest.raises(NewerSchema, match="9999"):
        migrate(platform)
    assert automatic(platform) == []


def test_without_automatic_backups_there_is_nothing_to_forget(platform: Platform):
    assert forget_backups(platform, 1) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_campaign_takes_its_automatic_backups_with_it(platform: Platform, cast: Any):
    campaign = builders.opened(platform, cast, teams=["Atlas"])
    folder = platform.settings.instance / BACKUPS
    folder.mkdir()
    holding = backup(platform, folder / "before-migration-from-0001-a.tar.gz").path
    broken = folder / "before-migration-from-0001-b.tar.gz"
    broken.write_bytes(b"cut off")
    by_hand = folder / "mine.tar.gz"
    backup(platform, by_hand)
    (folder / ".unfinished-backup-x.tar.gz").touch()
    (folder / ".unfinished-backup-y").mkdir()
    (folder / ".unfinished-backup-y" / "ballot").touch()
    assert forget_backups(platform, campaign.id + 1) == [broken]
    assert forget_backups(platform, campaign.id) == [holding]
    assert automatic(platform) == [by_hand]
