"""Reminders go to everybody; an address is corrected without touching the roster and without silence."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import (
    CampaignClosed,
    CampaignNotOpen,
    CredentialTaken,
    InvitationUnknown,
    NoAddress,
    NoMail,
    OtherTeams,
    RemindedToday,
    UnknownCampaign,
    UnknownTeam,
)
from assessment.mail import MailTrouble, TryLater
from assessment.services.audit import list_audit
from assessment.services.campaigns import get_campaign
from assessment.services.correct_address import correct_address
from assessment.services.find_invitation import find_invitation
from assessment.services.finish_openings import finish_openings
from assessment.services.issue_credential import issue_credential
from assessment.services.list_invitees import list_invitees
from assessment.services.open_campaign import open_campaign
from assessment.services.platform import Platform
from assessment.services.remind import remind
from assessment.services.send_mail import send_waiting
from assessment.storage import campaigns, organisation
from tests import builders
from tests.anonymity.blind_client import collect
from tests.builders import Cast, Opened
from tests.conftest import Clock
from tests.mail_server import free_port, in_folder, mail_server, token_of, with_mail

NEW = "cygnus.zero@example.org"


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    """The folder of the dry run."""
    return tmp_path / "mail"


@pytest.fixture
def campaign(platform: Platform, cast: Cast) -> Opened:
    """A campaign that asks Cygnus' five people by mail; the mails were sent."""
    opened = builders.opened(platform, cast, teams=["Cygnus"], way="email")
    send_waiting(platform)
    return opened


def tokens(outbox: Path) -> dict[str, str]:
    """Take the mails out of the folder: tokens by address."""
    found = {mail["To"]: token_of(mail) for mail in in_folder(outbox) if "#t." in mail.get_content()}
    shutil.rmtree(outbox, ignore_errors=True)
    return found


def person(platform: Platform, cast: Cast, campaign: Opened, email: str = "cygnus0@example.org") -> int:
    people = list_invitees(platform, cast.operator, campaign.id, campaign.node("Cygnus"))
    return next(someone.member_id for someone in people if someone.email == email)


def test_a_reminder_goes_to_everybody_also_to_those_who_collected(
    platform: Platform, cast: Cast, campaign: Opened, clock: Clock, outbox: Path
):
    first = tokens(outbox)
    collect(platform, first["cygnus0@example.org"])
    assert remind(platform, cast.ada, campaign.id) == 5
    assert send_waiting(platform).n_sent == 5
    mails = in_folder(outbox)
    assert all("reminder that goes to everybody" in " ".join(mail.get_content().split()) for mail in mails)
    second = tokens(outbox)
    assert second.keys() == first.keys()
    assert not set(second.values()) & set(first.values())
    assert find_invitation(platform, second["cygnus0@example.org"]).is_collected
    with pytest.raises(CredentialTaken):
        issue_credential(platform, second["cygnus0@example.org"], b"\x01" * 256)
    # Both links of somebody who has not collected work, once.
    collect(platform, first["cygnus1@example.org"])
    with pytest.raises(CredentialTaken):
        issue_credential(platform, second["cygnus1@example.org"], b"\x01" * 256)


def test_everybody_is_reminded_once_a_day(platform: Platform, cast: Cast, campaign: Opened, clock: Clock):
    remind(platform, cast.ada, campaign.id)
    with pytest.raises(RemindedToday, match="2026-09-02"):
        remind(platform, cast.ada, campaign.id)
    clock.move(days=1)
    assert remind(platform, cast.ada, campaign.id) == 5
    assert get_campaign(platform, cast.ada, campaign.id).reminded_on is not None
    actions = [line.action for line in list_audit(platform, cast.hedy)]
    assert actions.count("everybody reminded") == 2
    assert "refused: remind everybody" in actions


def test_only_who_may_decide_about_an_open_campaign_by_mail_can_remind(platform: Platform, cast: Cast, clock: Clock):
    both = builders.opened(platform, cast, teams=["Atlas", "Borealis"], way="email")
    cards = builders.opened(platform, cast, teams=["Cygnus"])
    with pytest.raises(OtherTeams):
        remind(platform, cast.ada, both.id)
    with pytest.raises(UnknownCampaign):
        remind(platform, cast.bruno, both.id)
    with pytest.raises(Invalid, match="invited by e-mail"):
        remind(platform, cast.ada, cards.id)
    with pytest.raises(NoMail):
        remind(with_mail(platform, ""), cast.hedy, both.id)
    with pytest.raises(CampaignNotOpen):
        remind(platform, cast.hedy, builders.draft(platform, cast, teams=["Atlas"], way="email", quarter="2026-Q4"))
    clock.set(both.view.closes_at)
    with pytest.raises(CampaignClosed):
        remind(platform, cast.hedy, both.id)


def test_a_corrected_address_gets_a_link_of_its_own_and_the_old_ones_stop_working(
    platform: Platform, cast: Cast, campaign: Opened, outbox: Path
):
    before = tokens(outbox)
    node, someone = campaign.node("Cygnus"), person(platform, cast, campaign)
    correct_address(platform, cast.ada, campaign.id, node, someone, f" {NEW.upper()} ")
    (note,) = in_folder(outbox)
    assert note["To"] == "cygnus0@example.org"
    assert "#t." not in note.get_content()
    assert NEW not in note.as_string()
    assert "corrected yours" in " ".join(note.get_content().split())
    assert send_waiting(platform).n_sent == 1
    assert [*tokens(outbox)] == [NEW]
    with pytest.raises(InvitationUnknown):
        find_invitation(platform, before["cygnus0@example.org"])
    assert not find_invitation(platform, before["cygnus1@example.org"]).is_collected
    with platform.reading() as session:
        assert len(campaigns.roster(session, node)) == 5
        assert NEW in {member.email for member in organisation.members(session, cast.teams["Cygnus"])}


def test_a_correction_is_audited_without_name_and_address(platform: Platform, cast: Cast, campaign: Opened):
    someone = person(platform, cast, campaign)
    correct_address(platform, cast.ada, campaign.id, campaign.node("Cygnus"), someone, NEW)
    line = next(line for line in list_audit(platform, cast.hedy) if line.action == "address corrected")
    assert (line.actor, line.detail) == ("Ada", f"person {someone} of Cygnus")


def test_a_collected_credential_stays_the_only_one_after_a_correction(
    platform: Platform, cast: Cast, campaign: Opened, outbox: Path
):
    collect(platform, tokens(outbox)["cygnus0@example.org"])
    someone = person(platform, cast, campaign)
    correct_address(platform, cast.ada, campaign.id, campaign.node("Cygnus"), someone, NEW)
    send_waiting(platform)
    with pytest.raises(CredentialTaken):
        issue_credential(platform, tokens(outbox)[NEW], b"\x01" * 256)


def test_while_the_old_address_cannot_be_told_nothing_is_corrected(
    platform: Platform, cast: Cast, campaign: Opened, outbox: Path
):
    before, someone = tokens(outbox), person(platform, cast, campaign)
    down = with_mail(platform, f"smtp://127.0.0.1:{free_port()}")
    with pytest.raises(MailTrouble):
        correct_address(down, cast.ada, campaign.id, campaign.node("Cygnus"), someone, NEW)
    with pytest.raises(NoMail):
        correct_address(with_mail(platform, ""), cast.ada, campaign.id, campaign.node("Cygnus"), someone, NEW)
    assert person(platform, cast, campaign) == someone
    find_invitation(platform, before["cygnus0@example.org"])


def test_an_address_that_bounced_needs_no_note(platform: Platform, cast: Cast, campaign: Opened):
    someone = person(platform, cast, campaign)
    with mail_server() as box:
        box.refusals = {"cygnus0@example.org": "550 no such user"}
        correct_address(with_mail(platform, box.url), cast.ada, campaign.id, campaign.node("Cygnus"), someone, NEW)
        assert box.mails == []
    assert person(platform, cast, campaign, NEW) == someone


def test_the_same_address_again_sends_a_new_link_and_no_note(
    platform: Platform, cast: Cast, campaign: Opened, outbox: Path
):
    before, someone = tokens(outbox), person(platform, cast, campaign)
    correct_address(platform, cast.ada, campaign.id, campaign.node("Cygnus"), someone, "cygnus0@example.org")
    assert send_waiting(platform).n_sent == 1
    (again,) = tokens(outbox).items()
    assert again[0] == "cygnus0@example.org"
    assert again[1] != before["cygnus0@example.org"]


def test_what_cannot_be_corrected_is_said(platform: Platform, cast: Cast, campaign: Opened, clock: Clock):
    node, someone = campaign.node("Cygnus"), person(platform, cast, campaign)
    for wrong in ("nobody", "cygnus1@example.org", "atlas0@example.org", "a@b.de\nBcc: c@d.de"):
        with pytest.raises(Invalid):
            correct_address(platform, cast.ada, campaign.id, node, someone, wrong)
    with pytest.raises(UnknownTeam):
        correct_address(platform, cast.ada, campaign.id, node, someone + 1000, NEW)
    with pytest.raises(UnknownCampaign):
        correct_address(platform, cast.bruno, campaign.id, node, someone, NEW)
    with pytest.raises(UnknownTeam):
        list_invitees(platform, cast.ada, campaign.id, node + 1000)
    clock.set(campaign.view.closes_at + timedelta(minutes=1))
    with pytest.raises(CampaignClosed):
        correct_address(platform, cast.ada, campaign.id, node, someone, NEW)


def test_a_team_that_answers_by_cards_has_no_addresses(platform: Platform, cast: Cast):
    cards = builders.opened(platform, cast, teams=["Cygnus"])
    with pytest.raises(Invalid, match="invited by e-mail"):
        list_invitees(platform, cast.ada, cards.id, cards.node("Cygnus"))


def test_a_refusal_that_quotes_an_address_is_audited_without_it(platform: Platform, cast: Cast, campaign: Opened):
    node = campaign.node("Cygnus")
    person = list_invitees(platform, cast.operator, campaign.id, node)[0]
    with mail_server() as box:
        box.refusals = {person.email: f"452 <{person.email}> mailbox full"}
        with pytest.raises(TryLater, match=person.email):
            correct_address(
                with_mail(platform, box.url), cast.operator, campaign.id, node, person.member_id, "new@example.org"
            )
    entry = list_audit(platform, cast.operator)[0]
    assert entry.action == "refused: correct an address"
    assert "TryLater" in entry.detail
    assert person.email not in entry.detail


def test_people_without_an_address_are_named_to_the_coach_and_not_to_the_audit(platform: Platform, cast: Cast):
    with platform.transaction() as session:
        organisation.members(session, cast.teams["Cygnus"])[0].email = None
    draft = builders.draft(platform, cast, teams=["Cygnus"], way="email")
    with pytest.raises(NoAddress, match="Cygnus Person 00"):
        open_campaign(platform, cast.operator, draft)
    with platform.transaction() as session:
        stored = campaigns.get(session, draft)
        assert stored is not None
        stored.n_keys_made = 0
    problem = finish_openings(platform)[0].problem
    assert "Cygnus Person 00" in str(problem)
    entries = list_audit(platform, cast.operator)
    assert [entry.action for entry in entries[:2]] == ["opening failed", "refused: open campaign"]
    assert not [entry for entry in entries if "Person" in entry.detail]
