"""Promise: who writes into the database has no answers sealed to a key of their own, and none is taken in vain."""

from __future__ import annotations

import shutil

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from assessment.domain.errors import KeyAway
from assessment.services.find_door import card_door, link_door
from assessment.services.platform import Platform
from assessment.services.submit_ballot import submit_ballot
from assessment.storage.key_files import path_of
from tests import builders
from tests.builders import Cast, Opened


def swap_key(platform: Platform) -> None:
    """Do what a database administrator can: write a public key of which they hold the private one."""
    mine = X25519PrivateKey.generate().public_key().public_bytes_raw()
    with platform.transaction() as session:
        session.execute(sa.text("UPDATE campaign SET public_key = :mine"), {"mine": mine})


def n_ballots(platform: Platform) -> int | None:
    with platform.reading() as session:
        return session.scalar(sa.text("SELECT count(*) FROM ballot"))


def answer_once(platform: Platform, campaign: Opened) -> None:
    builders.answer(platform, campaign, "Atlas", n=1)


@pytest.mark.parametrize("way", ["cards", "open_link"])
def test_answers_are_not_sealed_to_a_key_that_was_written_into_the_database(platform: Platform, cast: Cast, way: str):
    campaign = builders.opened(platform, cast, way=way)
    swap_key(platform)
    with pytest.raises(KeyAway):
        answer_once(platform, campaign)
    assert n_ballots(platform) == 0


def test_a_door_says_so_before_anybody_answers(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast)
    swap_key(platform)
    with pytest.raises(KeyAway):
        card_door(platform, campaign.codes("Atlas")[0])


def test_no_answer_is_taken_that_nobody_could_count(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast, way="open_link")
    away = platform.settings.key_directory.with_name("away")
    platform.settings.key_directory.rename(away)
    with pytest.raises(KeyAway):
        link_door(platform, campaign.link("Atlas"))
    with pytest.raises(KeyAway):
        submit_ballot(
            platform,
            door_key=(campaign.link("Atlas"), "form-number-one"),
            answers=builders.answers(campaign.questionnaire),
        )
    shutil.move(away, platform.settings.key_directory)
    answer_once(platform, campaign)
    assert n_ballots(platform) == 1


def test_a_key_of_another_campaign_does_not_stand_in(platform: Platform, cast: Cast):
    atlas = builders.opened(platform, cast, teams=["Atlas"])
    cygnus = builders.opened(platform, cast, teams=["Cygnus"])
    with platform.transaction() as session:
        theirs = sa.text("UPDATE campaign SET public_key = (SELECT public_key FROM campaign WHERE id = :other)")
        session.execute(theirs, {"other": cygnus.id})
    with pytest.raises(KeyAway):
        answer_once(platform, atlas)


def test_the_name_of_a_key_file_holds_too_much_of_the_key_to_be_met_by_trying(platform: Platform):
    name = path_of(platform.settings.key_directory, 1, bytes(32)).stem
    assert len(bytes.fromhex(name.rpartition("-")[2])) >= 16
