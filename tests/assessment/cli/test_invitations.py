"""Invitations by mail from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assessment.services.platform import Platform
from assessment.services.send_mail import send_waiting
from tests import builders
from tests.assessment.cli.conftest import Run
from tests.mail_server import in_folder, mail_server

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_campaign_by_mail_is_drafted_opened_reminded_and_corrected(
    run: Run, cast: builders.Cast, platform: Platform, tmp_path: Path
) -> None:
    drafted = run("campaign", "draft", "--quarter", "2026-Q3", "--team", "Cygnus", "--closes", "2026-09-15 18:00",
                  "--way", "email", "--json")  # fmt: skip
    number = json.loads(drafted.stdout)["id"]
    assert "the mails go out" in run("campaign", "open", number).output
    assert send_waiting(platform).n_sent == 5
    assert "5 mails wait" in run("campaign", "remind", number).output
    assert "reminded today already" in run("campaign", "remind", number, code=1).output
    people = json.loads(run("campaign", "addresses", number, "--json").stdout)
    assert [person["mail"] for person in people] == ["waiting"] * 5
    assert "Cygnus Person 00" in run("campaign", "addresses", number, "--team", "Cygnus").output
    assert run("campaign", "addresses", number, "--team", "Atlas", code=3)
    someone = people[0]["person"]
    run("campaign", "correct-address", number, someone, "new@example.org")
    run("campaign", "correct-address", number, someone + 1000, "new@example.org", code=3)
    run("campaign", "correct-address", number, someone, "nobody", code=2)
    assert "new@example.org" in run("campaign", "addresses", number).output
    assert len(in_folder(tmp_path / "mail")) == 6


def test_a_test_mail_says_whether_it_left(run: Run, cast: builders.Cast, tmp_path: Path) -> None:
    assert "was written into the folder" in run("mail", "test", "--to", "ada@example.org").output
    assert [mail["To"] for mail in in_folder(tmp_path / "mail")] == ["ada@example.org"]
    with mail_server() as box:
        url = f"smtp://127.0.0.1:{box.port}"
        taken = run("mail", "test", "--to", "ada@example.org", env={"ASSESSMENT_MAIL_URL": url})
    assert "has taken a test mail" in taken.output
    assert len(box.mails) == 1
    refused = run("mail", "test", "--to", "ada@example.org", code=1, env={"ASSESSMENT_MAIL_URL": "smtp://127.0.0.1:1"})
    assert "Connection refused" in refused.output


def test_losing_the_passphrase_is_said_where_it_is_typed(run: Run) -> None:
    assert "can only be voided" in " ".join(run("campaign", "open", "--help").output.split())
