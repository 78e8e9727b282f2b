"""Promise: after closing no answer of anybody is left, in no file, and no backup of before can be opened."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from assessment.domain.cards import card_digest, read_code
from assessment.services.close_campaign import close_campaign
from assessment.services.platform import Platform
from assessment.services.void_campaign import void_campaign
from questionnaires.answers import encode
from tests import builders
from tests.builders import Cast, Opened
from tests.conftest import Clock

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def files_with(folder: Path, needles: dict[str, bytes]) -> dict[str, str]:
    """Return which of the byte strings stand in which file below a folder."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        found.update({name: path.name for name, needle in needles.items() if needle in content})
    return found


def needles(campaign: Opened, platform: Platform) -> dict[str, bytes]:
    """Return what must not be found: codes, their digests, sealed ballots, and the coded answers."""
    wanted = {"coded answers": encode(builders.answers(campaign.questionnaire, 1.0), campaign.questionnaire)}
    for number, code in enumerate(campaign.codes("Atlas")):
        wanted[f"printed code {number}"] = code.encode()
        wanted[f"code {number}"] = (read_code(code) or "").encode()
        wanted[f"digest {number}"] = card_digest(read_code(code) or "")
    with platform.reading() as session:
        for number, row in enumerate(session.execute(sa.text("SELECT id, sealed FROM ballot"))):
            wanted[f"ballot id {number}"] = bytes(row.id)
            wanted[f"sealed ballot {number}"] = bytes(row.sealed)
    return wanted


def answered(platform: Platform, cast: Cast) -> Opened:
    campaign = builders.opened(platform, cast)
    builders.answer(platform, campaign, "Atlas", level=lambda _: 1.0)
    return campaign


@sqlite_only
def test_while_open_only_sealed_ballots_and_digests_are_there(platform: Platform, cast: Cast, tmp_path: Path):
    wanted = needles(answered(platform, cast), platform)
    found = files_with(tmp_path, wanted)
    assert {name.rstrip(" 0123456789") for name in found} == {"digest", "ballot id", "sealed ballot"}


@sqlite_only
def test_after_closing_nothing_of_them_is_in_any_file(platform: Platform, cast: Cast, clock: Clock, tmp_path: Path):
    campaign = answered(platform, cast)
    wanted = needles(campaign, platform)
    key = next(platform.settings.key_directory.glob("*.key")).read_bytes()
    clock.set(campaign.view.closes_at)
    close_campaign(platform, campaign.id)
    assert files_with(tmp_path, wanted | {"private key": key[-32:]}) == {}


@sqlite_only
def test_after_voiding_nothing_of_them_is_in_any_file(platform: Platform, cast: Cast, tmp_path: Path):
    campaign = answered(platform, cast)
    wanted = needles(campaign, platform)
    void_campaign(platform, cast.operator, campaign.id)
    assert files_with(tmp_path, wanted) == {}


def test_a_copy_made_before_closing_cannot_be_opened_after_it(
    platform: Platform, cast: Cast, clock: Clock, tmp_path: Path
):
    campaign = answered(platform, cast)
    with platform.reading() as session:
        copied = [bytes(row.sealed) for row in session.execute(sa.text("SELECT sealed FROM ballot"))]
    copy = tmp_path / "copy"
    shutil.copytree(platform.settings.instance, copy)
    clock.set(campaign.view.closes_at)
    close_campaign(platform, campaign.id)
    assert len(copied) == 12
    assert list(platform.settings.key_directory.iterdir()) == []
    # Keys lie outside the instance folder, so whoever copied that has none.
    assert not list(copy.rglob("*.key")) or [path.name for path in copy.rglob("*.key")] == ["secret.key"]
