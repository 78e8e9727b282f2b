"""Each check of the audit sees exactly the leak that it is for, with a remedy, and nothing in a clean installation."""

from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest

from assessment.services.audit_anonymity import audit_anonymity
from assessment.services.backup import backup
from assessment.services.close_campaign import close_campaign
from assessment.services.platform import Platform, utc_now
from assessment.storage import batch_files, key_files
from tests import builders
from tests.assessment.services.auditing import Look, assert_one, notes, run, with_settings
from tests.builders import Cast
from tests.conftest import Clock

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_clean_installation_has_no_finding_before_while_and_after(live: Platform, clock: Clock, look: Look) -> None:
    assert look() == []
    cast = builders.organisation(live)
    campaign = builders.opened(live, cast)
    builders.answer(live, campaign, "Atlas")
    assert look() == []
    clock.set(campaign.view.closes_at)
    close_campaign(live, campaign.id)
    clock.set(utc_now())
    assert [each for each in look() if each.area != "clock"] == []


@ON_SQLITE
def test_what_it_says_is_the_same_whoever_answered(live: Platform, cast: Cast, clock: Clock) -> None:
    campaign = builders.opened(live, cast)
    before = audit_anonymity(live, environ={})
    builders.answer(live, campaign, "Atlas", n=7)
    clock.move(seconds=1)
    after = audit_anonymity(live, environ={})
    assert [each for each in after if each.area != "clock"] == [each for each in before if each.area != "clock"]


@ON_SQLITE
@pytest.mark.parametrize("path", ["", "secret.key", "config.toml", "assessment.sqlite"])
def test_files_that_others_may_read_are_found(live: Platform, look: Look, path: str) -> None:
    instance = live.settings.instance
    (instance / "config.toml").write_text('key_passphrase = "a long enough one"\n')
    for each in instance.iterdir():
        each.chmod(0o600)
    place = instance / path
    if not place.exists():
        return
    instance.chmod(0o755)
    place.chmod(0o755 if place == instance else 0o644)
    found = [each for each in look() if str(place) in each.what]
    assert "chmod" in found[0].remedy


@ON_SQLITE
def test_reports_that_others_may_read_or_that_should_be_gone_are_found(live: Platform, look: Look) -> None:
    folder = live.settings.instance / batch_files.FOLDER
    name = batch_files.make_folder(live.settings.instance)
    (folder / name / "2026-Q3-atlas.pdf").write_bytes(b"%PDF")
    assert look() == []
    live.settings.instance.chmod(0o755)
    folder.chmod(0o755)
    assert_one([each for each in look() if "Reports" in each.what], "files", "may be read by others")
    live.settings.instance.chmod(0o700)
    folder.chmod(0o700)
    os.utime(folder / name, (0, 0))
    assert_one(look(), "files", "longer than they are kept")


@ON_SQLITE
def test_a_key_and_copies_in_the_instance_are_found(live: Platform, cast: Cast, look: Look) -> None:
    builders.opened(live, cast)
    key = next(live.settings.key_directory.glob("*.key"))
    copy = live.settings.instance / "harmless.bin"
    copy.write_bytes(key.read_bytes())
    assert_one(look(), "files", "harmless.bin")
    copy.write_bytes(b"SQLite format 3\x00" + bytes(100))
    assert_one(look(), "files", "Another SQLite file")


def test_backups_with_keys_and_of_ended_campaigns_are_found(
    live: Platform, cast: Cast, clock: Clock, look: Look
) -> None:
    instance = live.settings.instance
    campaign = builders.opened(live, cast)
    backup(live, instance / "by-hand.tar.gz")
    backup(live, instance / "keys.tar.gz", with_keys=True)
    assert_one(look(), "files", "backup with keys", "keys.tar.gz")
    (instance / "keys.tar.gz").unlink()
    clock.set(campaign.view.closes_at)
    close_campaign(live, campaign.id)
    clock.set(utc_now())
    found = [each for each in look() if each.area == "files"]
    assert found == []
    assert "by-hand.tar.gz" in notes(live)
    (instance / "backups").mkdir(mode=0o700)
    (instance / "by-hand.tar.gz").rename(instance / "backups" / "before-migration-from-0001-x.tar.gz")
    (instance / "backups" / "before-migration-odd.tar.gz").write_bytes(b"no backup")
    found = [each for each in look() if each.area == "files"]
    assert len(found) == 2
    assert "sealed ballots of an ended campaign" in found[0].what


@ON_SQLITE
def test_an_archive_that_is_no_backup_and_an_unfinished_one_are_told(live: Platform) -> None:
    manifest = json.dumps({"format": 1}).encode()
    with tarfile.open(live.settings.instance / "odd.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(manifest)
        archive.addfile(entry, io.BytesIO(manifest))
    (live.settings.instance / ".unfinished-backup-x").touch()
    told = notes(live)
    assert "no backup of ours: odd.tar.gz" in told
    assert "unfinished backup" in told


@ON_SQLITE
def test_a_key_directory_that_is_open_or_in_the_wrong_place_is_found(live: Platform, cast: Cast, look: Look) -> None:
    builders.opened(live, cast)
    keys = live.settings.key_directory
    keys.chmod(0o755)
    assert_one(look(), "keys", str(keys), "chmod 700")
    keys.chmod(0o700)
    key = next(keys.glob("*.key"))
    key.chmod(0o640)
    assert_one(look(), "keys", key.name, "chmod 600")
    key.chmod(0o600)
    outer = live.settings.instance.parent
    outer.chmod(0o700)
    found = look(with_settings(live, key_directory=outer))
    assert any("one inside the other" in each.what for each in found)


@ON_SQLITE
def test_a_key_that_is_missing_left_or_strange_is_found(live: Platform, cast: Cast, clock: Clock, look: Look) -> None:
    campaign = builders.opened(live, cast)
    key = next(live.settings.key_directory.glob("*.key"))
    content = key.read_bytes()
    key.unlink()
    assert_one(look(), "keys", "missing", key.name, "voided")
    key.write_bytes(content)
    key.chmod(0o600)
    clock.set(campaign.view.closes_at)
    close_campaign(live, campaign.id)
    clock.set(utc_now())
    key.write_bytes(content)
    key.chmod(0o600)
    assert_one([each for each in look() if each.area == "keys"], "keys", "has ended", key.name)
    key.unlink()
    key_files.create(live.settings.key_directory, 99)
    assert "Not a key of this installation: campaign-99" in notes(live)


@ON_SQLITE
def test_an_invitation_by_mail_has_two_keys_and_nothing_else_is_found(live: Platform, clock: Clock, look: Look) -> None:
    sending = with_settings(live, mail_url="smtps://mail.example.org", mail_from="assessment@example.org")
    campaign = builders.opened(sending, builders.organisation(live), teams=["Cygnus"], way="email")
    assert look(sending) == []
    signing = next(live.settings.key_directory.glob("*.signing"))
    content = signing.read_bytes()
    signing.unlink()
    assert_one(look(sending), "keys", signing.name, "missing")
    signing.write_bytes(content)
    signing.chmod(0o600)
    clock.set(campaign.view.closes_at)
    close_campaign(live, campaign.id)
    clock.set(utc_now())
    assert [each for each in look(sending) if each.area == "keys"] == []
    signing.write_bytes(content)
    signing.chmod(0o600)
    assert_one([each for each in look(sending) if each.area == "keys"], "keys", signing.name, "has ended")


@ON_SQLITE
def test_a_passphrase_is_recommended_where_there_is_none(live: Platform, cast: Cast) -> None:
    builders.opened(live, cast, teams=["Atlas"])
    assert "not wrapped by a passphrase" in notes(live)
    builders.opened(live, cast, teams=["Cygnus"], passphrase="a long enough one")
    assert notes(live).count("not wrapped by a passphrase") == 1


@ON_SQLITE
@pytest.mark.parametrize(
    ("values", "word"),
    [({"base_url": "http://assessment.example.org"}, "HTTPS")],
)
def test_settings_that_are_not_safe_are_found(live: Platform, look: Look, values: dict[str, Any], word: str) -> None:
    assert_one(look(with_settings(live, **values)), "settings", word)


@ON_SQLITE
def test_mail_that_goes_nowhere_is_found_while_people_wait_for_it(live: Platform, cast: Cast, look: Look) -> None:
    folder = {"mail_url": "folder:///nowhere", "mail_from": "a@example.org"}
    assert look(with_settings(live, **folder)) == []
    assert "dry run" in notes(with_settings(live, **folder))
    builders.opened(live, cast, teams=["Atlas"])
    run(live, "UPDATE node SET way = 'email' WHERE kind = 'team'")
    found = look(with_settings(live, mail_url="", mail_from=""))
    assert any("mail_url or mail_from" in each.what for each in found)
    assert any("folder instead of people" in each.what for each in look(with_settings(live, **folder)))


@ON_SQLITE
def test_a_server_without_its_proxy_is_told(live: Platform) -> None:
    told = notes(with_settings(live, base_url="https://a.example.org", host="0.0.0.0"))
    assert "every coach seems to come from the proxy" in told
    assert "without the proxy" in told


@ON_SQLITE
def test_programs_that_trace_requests_are_found_by_name_only(look: Look) -> None:
    found = look(environ={"SENTRY_DSN": "https://secret@example.org/1"})
    assert_one(found, "settings", "SENTRY_DSN")
    assert "secret" not in found[0].what


def test_clocks_that_disagree_and_campaigns_that_stay_open_are_found(
    live: Platform, cast: Cast, clock: Clock, look: Look
) -> None:
    campaign = builders.opened(live, cast)
    clock.set(campaign.view.closes_at)
    clock.move(hours=1)
    found = [each for each in look() if "closing time is over" in each.what]
    assert_one(found, "clock", str(campaign.id), "assessment close")
    clock.set(utc_now())
    clock.move(days=-1)
    assert any("behind the audit" in each.what for each in look())


@ON_SQLITE
def test_the_digests_of_what_browsers_get_are_printed(live: Platform) -> None:
    told = [each.what for each in audit_anonymity(live, environ=os.environ) if each.area == "code"]
    assert any(what.startswith("respond.css SHA-256 ") for what in told)
    assert any("program SHA-256" in what for what in told)


@ON_SQLITE
def test_a_program_that_was_changed_after_it_was_installed_is_found(
    look: Look, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from importlib import metadata

    (tmp_path / "assessment").mkdir()
    (tmp_path / "assessment" / "mail.py").write_text("print('altered')\n")
    folder = tmp_path / "blameless_assessment-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: blameless-assessment\nVersion: 1\n")
    (folder / "RECORD").write_text(f"assessment/mail.py,sha256={'A' * 43},10\n")
    installed = metadata.Distribution.at(folder)
    monkeypatch.setattr("assessment.services.anonymity_checks.code.metadata.distribution", lambda _: installed)
    assert_one(look(), "code", "assessment/mail.py")


@ON_SQLITE
def test_what_this_user_may_not_look_at_is_a_finding(
    live: Platform, cast: Cast, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.opened(live, cast)

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert_one(look(), "keys", "Permission denied", str(live.settings.key_directory), "user that the server runs as")
