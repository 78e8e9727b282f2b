"""Invited by mail: opening makes a key for each team, an invitation gets one signature, a credential answers once."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from assessment.domain.campaign import State
from assessment.domain.credentials import Credential, read_credential
from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import (
    CampaignClosed,
    CredentialRefused,
    CredentialSpent,
    CredentialTaken,
    Frozen,
    InvitationUnknown,
    KeyAway,
    NoAddress,
    NoMail,
    NotSecure,
    OpeningUnderWay,
)
from assessment.services.ask_opening import ask_opening
from assessment.services.backup import backup
from assessment.services.build_report import released_team
from assessment.services.campaigns import get_campaign
from assessment.services.close_campaign import close_campaign
from assessment.services.draft_campaign import delete_draft, update_draft
from assessment.services.find_door import credential_door
from assessment.services.find_invitation import find_invitation
from assessment.services.finish_openings import finish_openings
from assessment.services.issue_credential import issue_credential
from assessment.services.open_campaign import open_campaign
from assessment.services.platform import Platform
from assessment.services.restore import restore
from assessment.services.submit_ballot import submit_ballot
from assessment.services.void_campaign import void_campaign
from tests import builders
from tests.builders import Cast, Opened
from tests.conftest import Clock


@pytest.fixture
def campaign(platform: Platform, cast: Cast) -> Opened:
    return builders.opened(platform, cast, teams=["Atlas", "Cygnus"], way="email")


def blinded() -> bytes:
    """Return a number such as blinding makes."""
    return (2 + secrets.randbelow(2**2040)).to_bytes(256, "big")


def key_files(platform: Platform) -> list[str]:
    return sorted(path.suffix for path in platform.settings.key_directory.iterdir())


def rows(platform: Platform, table: str) -> int:
    with platform.reading() as session:
        return session.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0


def test_an_invitation_says_who_is_asked_and_with_which_key(platform: Platform, campaign: Opened):
    atlas, cygnus = (builders.invited(platform, campaign, team)[0] for team in ("Atlas", "Cygnus"))
    found = find_invitation(platform, atlas)
    assert (found.door.team, found.door.way, found.door.n_invited, found.is_collected) == ("Atlas", "email", 12, False)
    assert len(found.door.roster) == 12
    assert found.public_key != find_invitation(platform, cygnus).public_key


def test_a_lost_reply_is_given_again_and_nothing_else(platform: Platform, campaign: Opened):
    token, other = builders.invited(platform, campaign, "Atlas")[:2]
    message = blinded()
    signature = issue_credential(platform, token, message)
    assert len(signature) == 256
    assert issue_credential(platform, token, message) == signature
    with pytest.raises(CredentialTaken):
        issue_credential(platform, token, blinded())
    assert find_invitation(platform, token).is_collected
    assert not find_invitation(platform, other).is_collected


def test_a_newer_mail_collects_the_same_one_credential(platform: Platform, campaign: Opened):
    first = builders.invited(platform, campaign, "Atlas")[0]
    reminder = builders.invited(platform, campaign, "Atlas")[0]
    message = blinded()
    assert issue_credential(platform, first, message) == issue_credential(platform, reminder, message)
    with pytest.raises(CredentialTaken):
        issue_credential(platform, reminder, blinded())


@pytest.mark.parametrize("nonsense", [b"", b"\0" * 256, b"\xff" * 256, b"\1" * 255])
def test_what_cannot_be_signed_uses_nothing_up(platform: Platform, campaign: Opened, nonsense: bytes):
    token = builders.invited(platform, campaign, "Atlas")[0]
    with pytest.raises(Invalid):
        issue_credential(platform, token, nonsense)
    issue_credential(platform, token, blinded())


def test_a_token_nobody_was_sent_opens_nothing(platform: Platform, campaign: Opened):
    with pytest.raises(InvitationUnknown):
        find_invitation(platform, "A" * 22)
    with pytest.raises(InvitationUnknown):
        issue_credential(platform, "A" * 22, blinded())


def test_a_credential_answers_once(platform: Platform, campaign: Opened):
    credential = builders.credential(platform, campaign, "Atlas")
    assert credential_door(platform, credential).team == "Atlas"
    given = builders.answers(campaign.questionnaire)
    submit_ballot(platform, door_key=credential, answers=given)
    with pytest.raises(CredentialSpent):
        submit_ballot(platform, door_key=credential, answers=given)
    with pytest.raises(CredentialSpent):
        credential_door(platform, credential)
    assert rows(platform, "ballot") == 1


def test_a_credential_of_another_team_campaign_or_nobody_opens_nothing(
    platform: Platform, cast: Cast, campaign: Opened
):
    other = builders.opened(platform, cast, teams=["Borealis"], way="cards")
    mine = builders.credential(platform, campaign, "Atlas")
    wrong = [
        replace(mine, node_id=campaign.node("Cygnus")),
        replace(mine, campaign_id=other.id),
        replace(mine, campaign_id=other.id, node_id=other.node("Borealis")),
        replace(mine, node_id=2**31 - 1),
        replace(mine, nonce=bytes(32)),
        replace(mine, signature=bytes(256)),
    ]
    for credential in wrong:
        with pytest.raises(CredentialRefused):
            credential_door(platform, credential)
        with pytest.raises(CredentialRefused):
            submit_ballot(platform, door_key=credential, answers=builders.answers(campaign.questionnaire))


def test_a_credential_is_read_back_from_its_text(platform: Platform, campaign: Opened):
    credential = builders.credential(platform, campaign, "Atlas")
    assert read_credential(credential.text) == credential
    first, second, content = credential.text.split(".")
    # The last character has spare bits: another spelling of the same bytes is none.
    spelled = [
        content[:-1] + character for character in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    ]
    assert sum(read_credential(f"{first}.{second}.{text}") == credential for text in spelled) == 1
    for broken in ("", "1.2", f"0.{second}.{content}", f"{first}.{second}.{content}=", f"{2**31}.{second}.{content}"):
        assert read_credential(broken) is None


def test_after_closing_the_report_is_there_and_everything_else_is_gone(
    platform: Platform, cast: Cast, clock: Clock, campaign: Opened
):
    builders.invited(platform, campaign, "Atlas")
    late = builders.credential(platform, campaign, "Cygnus")
    builders.answer(platform, campaign, "Atlas")
    assert key_files(platform) == [".key", ".signing"]
    clock.set(campaign.view.closes_at)
    close_campaign(platform, campaign.id)
    assert released_team(platform, cast.hedy, cast.teams["Atlas"], "2026-Q3").n_answered == 12
    assert key_files(platform) == []
    assert [rows(platform, table) for table in ("ballot", "invitee", "invitation", "signing_key")] == [0, 0, 0, 0]
    with pytest.raises(CampaignClosed):
        submit_ballot(platform, door_key=late, answers=builders.answers(campaign.questionnaire))


def test_voiding_leaves_nothing_either(platform: Platform, cast: Cast, campaign: Opened):
    token = builders.invited(platform, campaign, "Atlas")[0]
    credential = builders.credential(platform, campaign, "Atlas")
    void_campaign(platform, cast.operator, campaign.id)
    assert key_files(platform) == []
    assert [rows(platform, table) for table in ("invitee", "invitation", "signing_key")] == [0, 0, 0]
    with pytest.raises(CredentialRefused):
        credential_door(platform, credential)
    with pytest.raises(InvitationUnknown):
        find_invitation(platform, token)


def test_after_the_closing_time_nothing_is_signed_and_nothing_is_taken(
    platform: Platform, clock: Clock, campaign: Opened
):
    token, credential = (
        builders.invited(platform, campaign, "Atlas")[0],
        builders.credential(platform, campaign, "Atlas"),
    )
    clock.set(campaign.view.closes_at)
    with pytest.raises(CampaignClosed):
        issue_credential(platform, token, blinded())
    with pytest.raises(CampaignClosed):
        submit_ballot(platform, door_key=credential, answers=builders.answers(campaign.questionnaire))


def test_a_signing_key_written_into_the_database_signs_nothing(platform: Platform, cast: Cast, campaign: Opened):
    token = builders.invited(platform, campaign, "Atlas")[0]
    with platform.transaction() as session:
        theirs = "UPDATE signing_key SET public_key = :key WHERE node_id = :node"
        session.execute(sa.text(theirs), {"key": b"another", "node": campaign.node("Atlas")})
    with pytest.raises(KeyAway):
        find_invitation(platform, token)
    with pytest.raises(KeyAway):
        issue_credential(platform, token, blinded())


def test_without_the_signing_keys_nothing_is_taken(platform: Platform, campaign: Opened):
    credential = builders.credential(platform, campaign, "Atlas")
    credential_door(platform, credential)
    next(platform.settings.key_directory.glob("*.signing")).unlink()
    with pytest.raises(KeyAway):
        credential_door(platform, credential)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [({"base_url": "http://assessment.example.org"}, NotSecure), ({"mail_url": "", "mail_from": ""}, NoMail)],
)
def test_opening_refuses_what_would_be_weaker(
    platform: Platform, cast: Cast, settings: dict[str, str], problem: type[Exception]
):
    other = replace(platform, settings=replace(platform.settings, **settings))
    draft = builders.draft(other, cast, teams=["Atlas"], way="email")
    with pytest.raises(problem):
        open_campaign(other, cast.operator, draft)
    with pytest.raises(problem):
        ask_opening(other, cast.operator, draft)
    assert not platform.settings.key_directory.exists()


def test_opening_names_who_has_no_address(platform: Platform, cast: Cast):
    with platform.transaction() as session:
        session.execute(sa.text("UPDATE member SET email = NULL WHERE name = 'Atlas Person 03'"))
    with pytest.raises(NoAddress, match="Atlas Person 03"):
        open_campaign(platform, cast.operator, builders.draft(platform, cast, teams=["Atlas"], way="email"))


def test_keys_are_made_in_the_background_and_shown_as_they_are(platform: Platform, cast: Cast):
    draft = builders.draft(platform, cast, teams=["Atlas", "Cygnus"], way="email")
    view = ask_opening(platform, cast.hedy, draft)
    assert (view.state, view.n_keys_made) == (State.DRAFT, 0)
    with pytest.raises(OpeningUnderWay):
        ask_opening(platform, cast.hedy, draft)
    with pytest.raises(OpeningUnderWay):
        update_draft(platform, cast.hedy, draft, focus=["novelty"])
    with pytest.raises(OpeningUnderWay):
        delete_draft(platform, cast.hedy, draft)
    assert [finished.problem for finished in finish_openings(platform)] == [None]
    view = get_campaign(platform, cast.hedy, draft)
    assert (view.state, view.n_keys_made) == (State.OPEN, None)
    assert finish_openings(platform) == []


def test_an_opening_that_fails_leaves_a_draft_and_no_key(platform: Platform, cast: Cast, clock: Clock):
    draft = builders.draft(platform, cast, teams=["Atlas"], way="email")
    closes_at = ask_opening(platform, cast.hedy, draft).closes_at
    clock.set(closes_at)
    assert isinstance(finish_openings(platform)[0].problem, Invalid)
    view = get_campaign(platform, cast.hedy, draft)
    assert (view.state, view.n_keys_made) == (State.DRAFT, None)
    assert key_files(platform) == [] if platform.settings.key_directory.exists() else True


def test_other_ways_open_at_once(platform: Platform, cast: Cast):
    assert ask_opening(platform, cast.hedy, builders.draft(platform, cast)).state is State.OPEN


def test_progress_counts_the_teams(platform: Platform, cast: Cast):
    seen: list[tuple[int, int]] = []
    draft = builders.draft(platform, cast, teams=["Atlas", "Cygnus"], way="email")
    open_campaign(platform, cast.operator, draft, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_what_opening_froze_stays(platform: Platform, cast: Cast, campaign: Opened):
    with pytest.raises(Frozen):
        update_draft(platform, cast.hedy, campaign.id, way="cards")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_with_keys_carries_those_that_sign(platform: Platform, cast: Cast, campaign: Opened, tmp_path: Path):
    credential: Credential = builders.credential(platform, campaign, "Atlas")
    token = builders.invited(platform, campaign, "Atlas")[0]
    backup(platform, tmp_path / "with.tar.gz", with_keys=True)
    elsewhere = replace(
        platform.settings,
        instance=tmp_path / "new",
        key_directory=tmp_path / "new-keys",
        database_url=f"sqlite:///{tmp_path}/new.sqlite",
    )
    (tmp_path / "new").mkdir()
    restored = restore(elsewhere, tmp_path / "with.tar.gz", resume_open=True)
    assert [resumed.campaign_id for resumed in restored.resumed] == [campaign.id]
    from assessment.services.platform import connect

    there = connect(elsewhere, platform.clock)
    issue_credential(there, token, blinded())
    submit_ballot(there, door_key=credential, answers=builders.answers(campaign.questionnaire))
    there.database.dispose()


def test_the_draft_says_why_it_could_not_be_opened(platform: Platform, cast: Cast):
    draft = builders.draft(platform, cast, teams=["Atlas"], way="email")
    ask_opening(platform, cast.hedy, draft)
    platform.settings.key_directory.write_text("a file where a folder should be")
    finish_openings(platform)
    assert "cannot be stored" in (get_campaign(platform, cast.hedy, draft).opening_problem or "")
    platform.settings.key_directory.unlink()
    ask_opening(platform, cast.hedy, draft)
    finish_openings(platform)
    assert get_campaign(platform, cast.hedy, draft).state is State.OPEN
