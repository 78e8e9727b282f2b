from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from assessment.config import Settings
from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import AllAnswered, CampaignNotOpen, CredentialSpent
from assessment.services.agree_focus import agree_focus
from assessment.services.backup import backup
from assessment.services.campaigns import get_campaign
from assessment.services.close_campaign import close_campaign, close_due
from assessment.services.import_organisation import import_organisation
from assessment.services.migrate import NewerSchema
from assessment.services.platform import Platform, connect
from assessment.services.record_health import record_health
from assessment.services.restore import NotEmpty, restore
from assessment.services.set_in_place import set_in_place
from assessment.services.submit_ballot import submit_ballot
from assessment.storage import dump, histograms, schema
from tests import builders
from tests.anonymity.blind_client import collect
from tests.assessment.services.agreeing import agreed


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, databases: Any, tmp_path: Path, platform: Platform) -> Iterator[Settings]:
    """The settings of another, empty installation with a key directory of its own."""
    folder = tmp_path / "restored"
    folder.mkdir()
    keys = tmp_path / "restored-keys"
    made = databases.sqlite(folder) if request.param == "sqlite" else databases.postgresql()
    with made as url:
        yield replace(platform.settings, instance=folder, database_url=url, key_directory=keys)


@pytest.fixture
def empty(platform: Platform, tmp_path: Path) -> Settings:
    """The settings of another installation whose database has no tables yet."""
    url = f"sqlite:///{tmp_path / 'other.sqlite'}"
    return replace(platform.settings, database_url=url, key_directory=tmp_path / "restored-keys")


def rows_of(platform: Platform) -> dict[str, list[str]]:
    with dump.snapshot(platform.database) as connection:
        tables = {table.name: list(dump.lines(connection, table)) for table in dump.tables(connection)}
    del tables["audit"]
    return tables


def test_everything_is_there_again_on_either_database(
    platform: Platform, cast: Any, clock: Any, target: Settings, tmp_path: Path
):
    campaign, _ = builders.closed(platform, clock, cast)
    atlas = cast.teams["Atlas"]
    agreed(platform, cast.ada, atlas, "C14")
    set_in_place(platform, cast.hedy, None, "C01", True)
    agree_focus(platform, cast.ada, atlas, "latest", ["inquiry"])
    record_health(platform, cast.ada, atlas, "2026-Q3", {"toil": 0.4}, range(8))
    saved = backup(platform, tmp_path / "backup.tar.gz")
    restored = restore(target, saved.path)
    assert restored.lost == restored.resumed == ()
    assert restored.rows["campaign"] == 1
    follow_up = ("agreement", "change_in_place", "next_focus", "health_fact", "page_share")
    assert [restored.rows[table] for table in follow_up] == [1, 1, 1, 1, 8]
    there = connect(target, clock)
    assert rows_of(there) == rows_of(platform)
    with platform.reading() as here, there.reading() as session:
        assert histograms.of(session, campaign.id) == histograms.of(here, campaign.id) != {}
    there.database.dispose()


def test_numbers_go_on_after_the_highest_one_ever_given(
    platform: Platform, cast: Any, clock: Any, target: Settings, tmp_path: Path
):
    campaign = builders.opened(platform, cast)
    people = b"department,team,name\nInfrastructure,Atlas,Last\n"
    import_organisation(platform, people, actor=cast.operator)
    import_organisation(platform, b"department,team,name\nInfrastructure,Atlas,One\n", actor=cast.operator,
                        remove_missing=True)  # fmt: skip
    saved = backup(platform, tmp_path / "backup.tar.gz")
    restore(target, saved.path)
    with dump.snapshot(platform.database) as connection:
        before = dump.highest_ids(connection)
    there = connect(target, clock)
    import_organisation(there, people, actor=cast.operator)
    again = builders.draft(there, cast, quarter="2026-Q4")
    with dump.snapshot(there.database) as connection:
        after = dump.highest_ids(connection)
    assert again > campaign.id
    assert after["member"] == before["member"] + 1
    there.database.dispose()


def test_an_open_campaign_becomes_void_and_is_named(
    platform: Platform, cast: Any, clock: Any, target: Settings, tmp_path: Path
):
    campaign = builders.opened(platform, cast)
    builders.answer(platform, campaign, "Atlas")
    saved = backup(platform, tmp_path / "backup.tar.gz", with_keys=True)
    (lost,) = restore(target, saved.path).lost
    assert (lost.campaign_id, lost.quarter, lost.n_invited, lost.has_key) == (campaign.id, "2026-Q3", 21, True)
    assert lost.teams == ("Atlas", "Borealis", "Cygnus")
    there = connect(target, clock)
    assert get_campaign(there, cast.operator, campaign.id).state == "void"
    rows = rows_of(there)
    assert rows["ballot"] == rows["card"] == rows["roster"] == []
    assert not target.key_directory.exists()
    with pytest.raises(CampaignNotOpen):
        close_campaign(there, campaign.id)
    there.database.dispose()


def test_it_never_takes_the_key_of_the_installation_it_came_from(
    platform: Platform, cast: Any, clock: Any, empty: Settings, tmp_path: Path
):
    campaign = builders.opened(platform, cast)
    saved = backup(platform, tmp_path / "backup.tar.gz")
    beside = replace(empty, key_directory=platform.settings.key_directory)
    restore(beside, saved.path)
    clock.set(campaign.view.closes_at)
    there = connect(beside, clock)
    assert close_due(there) == []
    there.database.dispose()
    assert close_campaign(platform, campaign.id).campaign_id == campaign.id


@pytest.mark.parametrize("from_backup", [True, False])
def test_an_open_campaign_is_resumed_on_purpose_with_its_key(
    platform: Platform, cast: Any, clock: Any, target: Settings, tmp_path: Path, from_backup: bool
):
    campaign = builders.opened(platform, cast)
    builders.answer(platform, campaign, "Atlas", n=6)
    saved = backup(platform, tmp_path / "backup.tar.gz", with_keys=from_backup)
    builders.answer(platform, campaign, "Cygnus")
    if not from_backup:
        shutil.copytree(platform.settings.key_directory, target.key_directory)
    result = restore(target, saved.path, resume_open=True)
    assert result.lost == ()
    assert [resumed.campaign_id for resumed in result.resumed] == [campaign.id]
    there = connect(target, clock)
    code = campaign.codes("Atlas")[-1]
    submit_ballot(there, door_key=code, answers=builders.answers(campaign.questionnaire))
    clock.set(campaign.view.closes_at)
    assert close_campaign(there, campaign.id).n_answered == 7
    assert list(target.key_directory.iterdir()) == []
    there.database.dispose()


def test_after_resuming_who_collects_once_more_adds_no_answer_to_those_of_the_invited(
    platform: Platform, cast: Any, clock: Any, empty: Settings, tmp_path: Path
):
    campaign = builders.opened(platform, cast, teams=["Cygnus"], way="email")
    tokens = builders.invited(platform, campaign, "Cygnus")
    saved = backup(platform, tmp_path / "backup.tar.gz", with_keys=True)
    before = [collect(platform, token) for token in tokens]
    assert len(restore(empty, saved.path, resume_open=True).resumed) == 1
    there = connect(empty, clock)
    given = builders.answers(campaign.questionnaire)
    for credential in before:
        submit_ballot(there, door_key=credential, answers=given)
    with pytest.raises(CredentialSpent):
        submit_ballot(there, door_key=before[0], answers=given)
    with pytest.raises(AllAnswered):
        submit_ballot(there, door_key=collect(there, tokens[0]), answers=given)
    clock.set(campaign.view.closes_at)
    assert close_campaign(there, campaign.id).n_answered == 5
    there.database.dispose()


def test_without_its_key_nothing_is_resumed(platform: Platform, cast: Any, empty: Settings, tmp_path: Path):
    builders.opened(platform, cast)
    saved = backup(platform, tmp_path / "backup.tar.gz")
    result = restore(empty, saved.path, resume_open=True)
    assert result.resumed == ()
    assert [lost.has_key for lost in result.lost] == [False]


def test_it_is_refused_where_something_is_already(platform: Platform, cast: Any, tmp_path: Path):
    saved = backup(platform, tmp_path / "backup.tar.gz")
    before = rows_of(platform)
    with pytest.raises(NotEmpty):
        restore(platform.settings, saved.path)
    assert rows_of(platform) == before


def altered(path: Path, name: str, change: Any) -> Path:
    """Write the backup anew with one of its files changed."""
    changed = path.with_name(f"changed-{path.name}")
    with tarfile.open(path) as old, tarfile.open(changed, "w:gz") as new:
        for entry in old:
            content = old.extractfile(entry).read()  # type: ignore[union-attr]
            if entry.name == name:
                content = change(content)
                entry.size = len(content)
            new.addfile(entry, BytesIO(content))
    return changed


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "change",
    [
        lambda content: content[:-10],
        lambda content: content + content,
        lambda content: content.replace(b'"name"', b'"nam"'),
        lambda content: content.replace(b'"department_id"', b'"id"'),
    ],
)
def test_a_damaged_backup_restores_nothing(
    platform: Platform, cast: Any, target: Settings, clock: Any, tmp_path: Path, change: Any
):
    saved = backup(platform, tmp_path / "backup.tar.gz")
    with pytest.raises(Invalid, match="damaged"):
        restore(target, altered(saved.path, "tables/team.jsonl", change))
    there = connect(target, clock)
    assert dump.is_empty(there.database)
    there.database.dispose()
    assert restore(target, saved.path).rows["team"] == 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tables/campaign.jsonl", b"[1]\n"),
        ("tables/campaign.jsonl", b"7\n"),
        ("tables/team.jsonl", b"null\n"),
        ("tables/team.jsonl", b'{"id": 99999999999999999999, "department_id": 1, "name": "x"}\n'),
        ("tables/team.jsonl", b"[" * 100_000 + b"\n"),
        ("tables/audit.jsonl", b'{"id": 1, "at": 7, "actor": "", "action": "", "subject": "", "detail": ""}\n'),
        ("manifest.json", f'{{"format": 1, "schema": "{schema.head()}", "made_at": "", "highest_ids": [1]}}'.encode()),
    ],
)
def test_a_backup_of_another_shape_restores_nothing(
    platform: Platform, cast: Any, target: Settings, clock: Any, tmp_path: Path, name: str, content: bytes
):
    saved = backup(platform, tmp_path / "backup.tar.gz")
    with pytest.raises(Invalid, match="damaged"):
        restore(target, altered(saved.path, name, lambda _: content))
    there = connect(target, clock)
    assert dump.is_empty(there.database)
    there.database.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_of_a_newer_version_is_refused(platform: Platform, cast: Any, empty: Settings, tmp_path: Path):
    saved = backup(platform, tmp_path / "backup.tar.gz")

    def newer(content: bytes) -> bytes:
        return json.dumps(json.loads(content) | {"schema": "9999"}).encode()

    with pytest.raises(NewerSchema, match="9999"):
        restore(empty, altered(saved.path, "manifest.json", newer))
