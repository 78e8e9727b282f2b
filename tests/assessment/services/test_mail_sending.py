"""Invitations leave once, in any order, and what cannot be delivered is tried again or given up."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from assessment.domain.credentials import fingerprint, named_key, token_digest
from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import NoMail
from assessment.domain.words import fingerprint_words
from assessment.mail import MailTrouble
from assessment.services.find_invitation import find_invitation
from assessment.services.list_invitees import count_mails, list_invitees, team_key
from assessment.services.platform import Platform
from assessment.services.send_mail import MOST_FAILURES, is_due, send_waiting
from assessment.services.send_test_mail import send_test_mail
from assessment.services.void_campaign import void_campaign
from assessment.storage import invitations
from assessment.storage.sending_lock import sending
from tests import builders
from tests.builders import Cast, Opened
from tests.conftest import Clock
from tests.mail_server import LINK, free_port, in_folder, mail_server, token_of, with_mail


@pytest.fixture
def campaign(platform: Platform, cast: Cast) -> Opened:
    """A campaign that asks Cygnus' five people by mail."""
    return builders.opened(platform, cast, teams=["Cygnus"], way="email")


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    """The folder of the dry run."""
    return tmp_path / "mail"


def states(platform: Platform, cast: Cast, campaign: Opened) -> Counter[str]:
    people = list_invitees(platform, cast.operator, campaign.id, campaign.node("Cygnus"))
    return Counter(person.mail for person in people)


def test_everybody_gets_one_mail_whose_link_collects_for_their_team(
    platform: Platform, cast: Cast, campaign: Opened, outbox: Path
):
    seen: list[tuple[int, int]] = []
    sent = send_waiting(platform, lambda done, total: seen.append((done, total)))
    assert (sent.n_sent, sent.n_failed, sent.n_waiting, sent.trouble) == (5, 0, 0, None)
    assert seen == [(number, 5) for number in range(1, 6)]
    mails = in_folder(outbox)
    assert sorted(mail["To"] for mail in mails) == [f"cygnus{number}@example.org" for number in range(5)]
    assert len({token_of(mail) for mail in mails}) == 5
    key = team_key(platform, cast.operator, campaign.id, campaign.node("Cygnus"))
    for mail in mails:
        text = mail.get_content()
        link = LINK.search(text)
        assert link is not None
        assert (link[1], link[3]) == ("en", fingerprint(key))
        door = find_invitation(platform, link[2])
        assert (named_key(campaign.id, campaign.node("Cygnus"), door.public_key), door.is_collected) == (key, False)
        assert " ".join(fingerprint_words(key)) in " ".join(text.split())
        assert campaign.view.teams[0].result_url is not None
        assert campaign.view.teams[0].result_url in text
        assert "15 September 2026, 11:00 CEST" in text
    assert send_waiting(platform).n_sent == 0
    assert len(in_folder(outbox)) == 5


def test_a_mail_names_nobody_and_all_mails_of_a_team_are_alike_but_for_the_link(
    platform: Platform, cast: Cast, campaign: Opened, outbox: Path
):
    send_waiting(platform)
    mails = in_folder(outbox)
    assert len({LINK.sub("LINK", mail.get_content()) for mail in mails}) == 1
    assert len({mail["Subject"] for mail in mails}) == 1
    assert all("Person" not in mail.as_string() for mail in mails)


def test_a_german_campaign_writes_german_mails(platform: Platform, cast: Cast, outbox: Path):
    builders.opened(platform, cast, teams=["Cygnus"], way="email", language="de")
    send_waiting(platform)
    links = [LINK.search(mail.get_content()) for mail in in_folder(outbox)]
    assert {link[1] for link in links if link} == {"de"}
    assert all(mail.get_content().startswith("Guten Tag,") for mail in in_folder(outbox))
    assert all("Ihre Einladung" in mail["Subject"] for mail in in_folder(outbox))


def test_only_the_digest_of_a_token_is_stored(platform: Platform, cast: Cast, campaign: Opened, outbox: Path):
    send_waiting(platform)
    for mail in in_folder(outbox):
        with platform.reading() as session:
            found = invitations.find(session, token_digest(token_of(mail)))
        assert found is not None
        assert found.campaign_id == campaign.id


def test_mails_leave_in_any_order(platform: Platform, cast: Cast):
    builders.opened(platform, cast, teams=["Atlas"], way="email")
    with mail_server() as box:
        send_waiting(with_mail(platform, box.url))
    assert sorted(box.recipients) != box.recipients
    assert len(set(box.recipients)) == 12


def test_a_refused_address_is_given_up_and_a_full_mailbox_is_tried_again(
    platform: Platform, cast: Cast, campaign: Opened, clock: Clock
):
    with mail_server() as box:
        ours = with_mail(platform, box.url)
        box.refusals = {"cygnus0@example.org": "550 no such user", "cygnus1@example.org": "452 mailbox full"}
        sent = send_waiting(ours)
        assert (sent.n_sent, sent.n_failed, sent.n_waiting) == (3, 1, 1)
        counts = count_mails(platform, cast.operator, campaign.id)[campaign.node("Cygnus")]
        assert (counts.n_sent, counts.n_failed, counts.n_waiting) == (3, 1, 1)
        box.refusals = {}
        clock.set(datetime(2026, 9, 1, 9, 2, tzinfo=UTC))
        assert send_waiting(ours).n_sent == 1
    assert sorted(box.recipients) == [f"cygnus{number}@example.org" for number in range(1, 5)]


def test_pauses_grow_and_end(platform: Platform, cast: Cast, campaign: Opened, clock: Clock):
    with mail_server() as box:
        ours = with_mail(platform, box.url)
        box.refusals = {"cygnus1@example.org": "452 mailbox full"}
        tried, failed_at = [], None
        for minute in range(60 * 24):
            before = box.n_connections
            sent = send_waiting(ours)
            if box.n_connections > before:
                tried.append(minute)
            if sent.n_failed:
                failed_at = minute
                break
            clock.move(minutes=1)
    assert len(tried) == MOST_FAILURES
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert all(later <= 2 ** (number + 1) for number, later in enumerate(pauses))
    assert failed_at is not None
    assert 64 <= failed_at <= 256
    assert states(platform, cast, campaign) == {"sent": 4, "failed": 1}


@pytest.mark.parametrize("n_failures", range(MOST_FAILURES))
def test_a_mail_is_due_once_in_as_many_minutes_as_its_failures_double(n_failures: int):
    start = datetime(2026, 9, 1, 9, 13, tzinfo=UTC)
    due = [is_due(n_failures, start + timedelta(minutes=minute)) for minute in range(256)]
    assert sum(due) == 256 // 2**n_failures


def test_a_server_that_is_down_is_nobodys_failure(platform: Platform, cast: Cast, campaign: Opened, clock: Clock):
    down = with_mail(platform, f"smtp://127.0.0.1:{free_port()}")
    for _ in range(MOST_FAILURES + 1):
        sent = send_waiting(down)
        assert (sent.n_sent, sent.n_failed, sent.n_waiting) == (0, 0, 5)
        assert isinstance(sent.trouble, MailTrouble)
        clock.move(minutes=1)
    assert send_waiting(platform).n_sent == 5


def test_two_workers_at_once_send_each_mail_once(platform: Platform, cast: Cast, campaign: Opened, outbox: Path):
    threads = [threading.Thread(target=send_waiting, args=[platform]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(in_folder(outbox)) == 5


def test_while_somebody_sends_nobody_else_does(platform: Platform, cast: Cast, campaign: Opened, outbox: Path):
    with sending(platform.database) as ours:
        assert ours
        assert send_waiting(platform).n_waiting == 5
        assert not outbox.exists()
    assert send_waiting(platform).n_sent == 5


def test_a_run_ends_in_time_and_the_next_goes_on(platform: Platform, cast: Cast, campaign: Opened):
    assert send_waiting(platform, seconds=0).n_waiting == 5
    assert send_waiting(platform, seconds=60).n_sent == 5


def test_nothing_is_sent_once_no_answers_are_taken(
    platform: Platform, cast: Cast, campaign: Opened, clock: Clock, outbox: Path
):
    clock.set(campaign.view.closes_at)
    assert send_waiting(platform).n_waiting == 0
    assert not outbox.exists()


def test_a_campaign_that_is_voided_while_mails_leave_keeps_no_token(
    platform: Platform, cast: Cast, campaign: Opened, outbox: Path
):
    send_waiting(platform, lambda done, _: void_campaign(platform, cast.operator, campaign.id) if done == 2 else None)
    assert len(in_folder(outbox)) == 2
    for mail in in_folder(outbox):
        with platform.reading() as session:
            assert invitations.find(session, token_digest(token_of(mail))) is None


def test_an_installation_without_mail_leaves_everything_waiting(platform: Platform, cast: Cast, campaign: Opened):
    assert send_waiting(with_mail(platform, "")).n_waiting == 5


def test_a_test_mail_arrives_and_holds_no_invitation(platform: Platform, outbox: Path):
    send_test_mail(platform, "ada@example.org", "de")
    (mail,) = in_folder(outbox)
    assert mail["To"] == "ada@example.org"
    assert mail.get_content().startswith("Dies ist ein Test.")
    assert "#t." not in mail.get_content()


def test_a_test_mail_says_what_is_wrong(platform: Platform):
    with pytest.raises(Invalid, match="such as ada"):
        send_test_mail(platform, "ada")
    with pytest.raises(NoMail):
        send_test_mail(with_mail(platform, ""), "ada@example.org")
    with pytest.raises(MailTrouble, match="Connection refused"):
        send_test_mail(with_mail(platform, f"smtp://127.0.0.1:{free_port()}"), "ada@example.org")
