from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from assessment.domain.error_kinds import Invalid
from assessment.services.audit import list_audit
from assessment.services.backup import backup, read_manifest
from assessment.services.platform import Platform, connect
from assessment.storage import schema
from tests import builders


def content(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive}  # type: ignore[union-attr]


def test_it_has_every_table_in_the_order_of_its_key(platform: Platform, cast: Any, tmp_path: Path):
    campaign = builders.opened(platform, cast)
    builders.answer(platform, campaign, "Atlas")
    done = backup(platform, tmp_path / "backup.tar.gz")
    files = content(done.path)
    manifest = json.loads(files["manifest.json"])
    assert next(iter(files)) == "manifest.json"
    assert manifest["schema"] == done.schema == schema.head()
    assert manifest["rows"]["team"] == 3
    assert manifest["rows"]["ballot"] == 12
    assert done.n_rows == sum(manifest["rows"].values())
    assert manifest["open_campaigns"] == [{"id": campaign.id, "quarter": "2026-Q3"}]
    for name, n_rows in manifest["rows"].items():
        rows = [json.loads(line) for line in files[f"tables/{name}.jsonl"].decode().splitlines()]
        assert len(rows) == n_rows
    teams = [json.loads(line) for line in files["tables/team.jsonl"].decode().splitlines()]
    assert [team["id"] for team in teams] == sorted(team["id"] for team in teams)


def test_its_owner_alone_may_read_it(platform: Platform, cast: Any, tmp_path: Path):
    done = backup(platform, tmp_path / "backup.tar.gz")
    assert done.path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob(".*")) == []


def test_keys_are_in_it_only_when_asked_for(platform: Platform, cast: Any, tmp_path: Path):
    campaign = builders.opened(platform, cast)
    key = next(platform.settings.key_directory.iterdir()).read_bytes()
    without = backup(platform, tmp_path / "without.tar.gz")
    assert without.keys_of == ()
    assert all(key not in part and key[-32:] not in part for part in content(without.path).values())
    assert list_audit(platform, cast.operator)[0].action != "backup with keys made"
    with_keys = backup(platform, tmp_path / "with.tar.gz", with_keys=True)
    assert with_keys.keys_of == (campaign.id,)
    assert content(with_keys.path)[f"keys/{campaign.id}"] == key
    assert list_audit(platform, cast.operator)[0].action == "backup with keys made"


def test_it_overwrites_nothing(platform: Platform, cast: Any, tmp_path: Path):
    path = tmp_path / "backup.tar.gz"
    path.write_text("precious")
    with pytest.raises(Invalid, match="exists already"):
        backup(platform, path)
    assert path.read_text() == "precious"
    with pytest.raises(Invalid, match="no such folder"):
        backup(platform, tmp_path / "nowhere" / "backup.tar.gz")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_empty_database_has_nothing_to_back_up(platform: Platform, tmp_path: Path):
    from dataclasses import replace

    empty = connect(replace(platform.settings, database_url=f"sqlite:///{tmp_path / 'empty.sqlite'}"))
    with pytest.raises(Invalid, match="nothing to back up"):
        backup(empty, tmp_path / "backup.tar.gz")
    empty.database.dispose()


@pytest.mark.parametrize("damage", [b"", b"not a tar", b"\x1f\x8b\x08\x00broken"])
def test_something_else_is_no_backup(damage: bytes, tmp_path: Path):
    path = tmp_path / "backup.tar.gz"
    path.write_bytes(damage)
    with pytest.raises(Invalid, match="backup"):
        read_manifest(path)


def test_a_format_of_a_newer_version_is_no_backup_yet(tmp_path: Path):
    (tmp_path / "manifest.json").write_text('{"format": 99}')
    with tarfile.open(tmp_path / "backup.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "manifest.json", "manifest.json")
    with pytest.raises(Invalid, match="newer version"):
        read_manifest(tmp_path / "backup.tar.gz")
