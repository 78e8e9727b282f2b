"""Settings are typed, frozen and loud."""

from __future__ import annotations

import dataclasses
import stat
import threading
from pathlib import Path

import pytest

from assessment.config import BadSetting, Settings


def load(folder: Path, **environ: str) -> Settings:
    return Settings.load(folder, environ)


def test_a_first_start_needs_no_configuration(tmp_path: Path):
    settings = load(tmp_path / "new")
    assert settings.database_url == f"sqlite:///{tmp_path / 'new' / 'assessment.sqlite'}"
    assert settings.is_sqlite
    assert (settings.host, settings.port, settings.language) == ("127.0.0.1", 8000, "en")


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path):
    first, second = load(tmp_path), load(tmp_path)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.key"]


def test_processes_that_start_together_share_the_secret(tmp_path: Path):
    secrets: list[str] = []
    threads = [threading.Thread(target=lambda: secrets.append(load(tmp_path).secret_key)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(secrets) == 16
    assert len(set(secrets)) == 1


def test_a_secret_that_others_can_read_stops_the_start(tmp_path: Path):
    load(tmp_path)
    (tmp_path / "secret.key").chmod(0o644)
    with pytest.raises(BadSetting, match="chmod 600"):
        load(tmp_path)


def test_secrets_are_in_no_representation(tmp_path: Path):
    settings = load(tmp_path, ASSESSMENT_KEY_PASSPHRASE="a long passphrase", DATABASE_URL="postgresql://u:pass@h/d")
    shown = repr(settings)
    assert settings.secret_key not in shown
    assert "a long passphrase" not in shown
    assert "pass@" not in shown


def test_mail_is_set_whole_and_its_password_is_in_no_representation(tmp_path: Path):
    url, sender = "smtp://ada:geheim@mail.example.org", "assessment@example.org"
    settings = load(tmp_path, ASSESSMENT_MAIL_URL=url, ASSESSMENT_MAIL_FROM=sender)
    assert settings.can_mail
    assert "geheim" not in repr(settings)
    assert not load(tmp_path).can_mail
    for half in ({"ASSESSMENT_MAIL_URL": url}, {"ASSESSMENT_MAIL_FROM": sender}):
        with pytest.raises(BadSetting, match="together"):
            load(tmp_path, **half)


def test_settings_cannot_change(tmp_path: Path):
    with pytest.raises(dataclasses.FrozenInstanceError):
        load(tmp_path).port = 1  # type: ignore[misc]


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path):
    (tmp_path / "config.toml").write_text('port = 9000\nlanguage = "de"\n', encoding="utf-8")
    settings = load(tmp_path, ASSESSMENT_PORT="9001")
    assert (settings.port, settings.language) == (9001, "de")


def test_the_instance_folder_comes_from_the_environment(tmp_path: Path):
    settings = Settings.load(environ={"ASSESSMENT_INSTANCE": str(tmp_path / "there")})
    assert settings.instance == tmp_path / "there"


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("ASSESSMENT_PRT", "1", "ASSESSMENT_PORT"),
        ("ASSESSMENT_PORT", "eighty", "whole number"),
        ("ASSESSMENT_PORT", "70000", "65535"),
        ("ASSESSMENT_LANGUAGE", "fr", "en, de"),
        ("ASSESSMENT_TIMEZONE", "Berlin", "Europe/Berlin"),
        ("ASSESSMENT_BASE_URL", "example.org", "https://"),
        ("ASSESSMENT_KEY_DIRECTORY", "keys", "whole path"),
        ("ASSESSMENT_KEY_PASSPHRASE", "short", "12 characters"),
        ("ASSESSMENT_SECRET_KEY", "short", "16 characters"),
        ("ASSESSMENT_QUEUE_URL", "mysql://x", "redis://"),
        ("ASSESSMENT_HOST", " ", "not empty"),
        ("ASSESSMENT_MAIL_URL", "mail.example.org", "smtp://USER"),
        ("ASSESSMENT_MAIL_URL", "smtp://ada@mail.example.org", "password"),
        ("ASSESSMENT_MAIL_URL", "smtp://ada:geheim#1@mail.example.org", "percent-encode"),
        ("ASSESSMENT_MAIL_URL", "smtp://ada:geheim@mail.example.org:x", "smtp://USER"),
        ("ASSESSMENT_MAIL_URL", "smtp://mail.example.org/geheim", "smtp://USER"),
        ("ASSESSMENT_MAIL_URL", "folder://mail", "whole path"),
        ("ASSESSMENT_MAIL_FROM", "Ada <ada@example.org>", "bare address"),
        ("DATABASE_URL", "mysql://user:geheim@host/db", "postgresql://"),
        ("DATABASE_URL", "sqlite:///:memory:", "sqlite:///FILE"),
    ],
)
def test_a_bad_setting_names_field_and_remedy(tmp_path: Path, name: str, value: str, remedy: str):
    with pytest.raises(BadSetting) as caught:
        load(tmp_path, **{name: value})
    assert caught.value.field.upper().removeprefix("ASSESSMENT_") == name.removeprefix("ASSESSMENT_")
    assert remedy in str(caught.value)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("text", ["prt = 1", "port = ", "port = true", 'port = "x"', "language = 3"])
def test_a_bad_file_stops_the_start(tmp_path: Path, text: str):
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadSetting):
        load(tmp_path)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_addresses_name_our_driver(tmp_path: Path, scheme: str):
    assert load(tmp_path, DATABASE_URL=f"{scheme}://u@h/d").database_url == "postgresql+psycopg://u@h/d"


def test_keys_lie_outside_the_instance(tmp_path: Path):
    settings = load(tmp_path / "one")
    assert settings.instance not in settings.key_directory.parents
    assert settings.key_directory != load(tmp_path / "two").key_directory
    for inside in (tmp_path / "one", tmp_path / "one" / "keys"):
        with pytest.raises(BadSetting, match="outside"):
            load(tmp_path / "one", ASSESSMENT_KEY_DIRECTORY=str(inside))
