"""Mails, the order they leave in, bounces, reminders and a coach's pages tell nobody who collected or answered.

The search for tokens reads what an operator's logs, queue, database and files hold after everything was mailed; a dry
run stands in for the mail server, whose own logs are out of our hands.
"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from assessment.jobs import enqueue_mail, make_queue, register
from assessment.services.correct_address import correct_address
from assessment.services.list_invitees import list_invitees
from assessment.services.platform import Platform
from assessment.services.remind import remind
from assessment.services.send_mail import send_waiting
from assessment.services.submit_ballot import submit_ballot
from tests import builders
from tests.anonymity import leaks_mail
from tests.anonymity.blind_client import collect
from tests.anonymity.leaks_mail import Leak
from tests.builders import Cast, Opened
from tests.conftest import signed_in
from tests.mail_server import in_folder, mail_server, token_of, with_mail

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def campaign(platform: Platform, cast: Cast) -> Opened:
    """A campaign that asks Atlas' twelve people by mail; nothing was sent yet."""
    return builders.opened(platform, cast, teams=["Atlas"], way="email")


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    """Where a dry run puts the mails."""
    return tmp_path / "mail"


def tokens(outbox: Path) -> dict[str, str]:
    """Return the tokens of the latest mails by address."""
    return {mail["To"]: token_of(mail) for mail in in_folder(outbox) if "#t." in mail.get_content()}


# The attack: find a token anywhere but in its mail.


def tokens_anywhere(wanted: Iterable[str], contents: Iterable[tuple[str, bytes]]) -> list[str]:
    """Return where a token lies as text, as bytes or in hexadecimal."""
    forms = [
        form
        for token in wanted
        for raw in [base64.urlsafe_b64decode(token + "==")]
        for form in (token.encode(), raw, raw.hex().encode())
    ]
    return sorted({place for place, content in contents if any(form in content for form in forms)})


def everything(platform: Platform, folders: Sequence[Path], log: str) -> Iterable[tuple[str, bytes]]:
    """Yield every file of these folders, every value of every table, and the log."""
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                yield path.name, path.read_bytes()
    tables = sa.MetaData()
    tables.reflect(platform.database.engine)
    with platform.database.engine.connect() as connection:
        for table in tables.sorted_tables:
            for row in connection.execute(sa.select(table)):
                for value in row:
                    yield table.name, bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
    yield "log", log.encode()


def mailed_and_collected(platform: Platform, client: FlaskClient, cast: Cast, campaign: Opened, outbox: Path) -> None:
    """Let the queue send, everybody look, some collect and answer, and one address be corrected."""
    enqueue_mail(platform.settings)
    queue = make_queue(platform.settings)
    register(queue, platform)
    task = queue.dequeue()
    assert task is not None
    queue.execute(task)
    enqueue_mail(platform.settings)
    queue.storage.close()
    people = tokens(outbox)
    for token in people.values():
        client.post("/e/door", data={"token": token, "lang": "en"})
    client.post("/e/door", data={"token": people["atlas1@example.org"][:-1], "lang": "en"})
    credential = collect(platform, people["atlas1@example.org"])
    submit_ballot(platform, door_key=credential, answers=builders.answers(campaign.questionnaire))
    node = campaign.node("Atlas")
    someone = list_invitees(platform, cast.ada, campaign.id, node)[0].member_id
    correct_address(platform, cast.ada, campaign.id, node, someone, "new@example.org")
    send_waiting(platform)


@pytest.mark.attack("T8")
def test_no_token_is_left_outside_its_mail(
    platform: Platform,
    client: FlaskClient,
    cast: Cast,
    campaign: Opened,
    outbox: Path,
    tmp_path: Path,
    instance: Path,
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level(logging.DEBUG)
    mailed_and_collected(platform, client, cast, campaign, outbox)
    wanted = {token_of(mail) for mail in in_folder(outbox) if "#t." in mail.get_content()}
    assert len(wanted) == 13
    assert tokens_anywhere(wanted, everything(platform, [instance, tmp_path / "keys"], caplog.text)) == []


@ONE_DATABASE
@pytest.mark.leaky("T8")
@pytest.mark.parametrize(
    ("leak", "place"), [(leaks_mail.tokens_stored, "invitation"), (leaks_mail.tokens_logged, "log")]
)
def test_a_token_that_is_stored_or_logged_is_found(
    platform: Platform,
    cast: Cast,
    campaign: Opened,
    outbox: Path,
    instance: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    leak: Leak,
    place: str,
):
    caplog.set_level(logging.DEBUG)
    leak(monkeypatch)
    send_waiting(platform)
    assert place in tokens_anywhere(tokens(outbox).values(), everything(platform, [instance], caplog.text))


# The attack: the mail server's log, read beside the roster, says who stands where on it.


def follows_the_roster(recipients: Sequence[str], roster: Sequence[str]) -> bool:
    """Whether the mails left in the order of the roster, forwards or backwards."""
    return list(recipients) in (list(roster), list(reversed(roster)))


def order_of_mails(platform: Platform) -> list[str]:
    with mail_server() as box:
        send_waiting(with_mail(platform, box.url))
    return box.recipients


def roster(platform: Platform, cast: Cast, campaign: Opened) -> list[str]:
    return [one.email for one in list_invitees(platform, cast.operator, campaign.id, campaign.node("Atlas"))]


@pytest.mark.attack("T8")
def test_mails_do_not_leave_in_the_order_of_the_roster(platform: Platform, cast: Cast, campaign: Opened):
    recipients = order_of_mails(platform)
    assert len(recipients) == 12
    assert not follows_the_roster(recipients, roster(platform, cast, campaign))


@ONE_DATABASE
@pytest.mark.leaky("T8")
def test_mails_in_the_order_of_the_table_are_noticed(
    platform: Platform, cast: Cast, campaign: Opened, monkeypatch: pytest.MonkeyPatch
):
    leaks_mail.mails_in_order(monkeypatch)
    assert follows_the_roster(order_of_mails(platform), roster(platform, cast, campaign))


# The attack: whoever reads the mail server's log sees who is reminded, and infers who need not be.


def left_out(reminded: Iterable[str], everybody: Iterable[str]) -> set[str]:
    """Return who was not reminded, and has therefore collected."""
    return set(everybody) - set(reminded)


def reminded_after_two_collected(platform: Platform, cast: Cast, campaign: Opened, outbox: Path) -> list[str]:
    send_waiting(platform)
    for address in ("atlas3@example.org", "atlas7@example.org"):
        collect(platform, tokens(outbox)[address])
    remind(platform, cast.ada, campaign.id)
    return order_of_mails(platform)


@pytest.mark.attack("T8")
def test_a_reminder_leaves_nobody_out(platform: Platform, cast: Cast, campaign: Opened, outbox: Path):
    reminded = reminded_after_two_collected(platform, cast, campaign, outbox)
    assert left_out(reminded, roster(platform, cast, campaign)) == set()
    assert len(reminded) == 12


@ONE_DATABASE
@pytest.mark.leaky("T8")
def test_a_reminder_to_those_who_have_not_collected_names_the_others(
    platform: Platform, cast: Cast, campaign: Opened, outbox: Path, monkeypatch: pytest.MonkeyPatch
):
    leaks_mail.reminders_to_some(monkeypatch)
    reminded = reminded_after_two_collected(platform, cast, campaign, outbox)
    assert left_out(reminded, roster(platform, cast, campaign)) == {"atlas3@example.org", "atlas7@example.org"}


# The attack: a coach who fakes a bounce corrects addresses and compares what happens to each.


def treated_unlike(platform: Platform, cast: Cast, campaign: Opened, members: Iterable[int]) -> set[int]:
    """Correct each person's address; return those whose mail then stands differently from most."""
    node = campaign.node("Atlas")
    for member in members:
        correct_address(platform, cast.ada, campaign.id, node, member, f"new{member}@example.org")
    states = {one.member_id: one.mail for one in list_invitees(platform, cast.ada, campaign.id, node)}
    return {member for member in members if states[member] != "waiting"}


def collected_by(platform: Platform, cast: Cast, campaign: Opened, outbox: Path, address: str) -> int:
    send_waiting(platform)
    collect(platform, tokens(outbox)[address])
    people = list_invitees(platform, cast.ada, campaign.id, campaign.node("Atlas"))
    return next(one.member_id for one in people if one.email == address)


@pytest.mark.attack("T8")
def test_correcting_an_address_treats_everybody_alike(platform: Platform, cast: Cast, campaign: Opened, outbox: Path):
    someone = collected_by(platform, cast, campaign, outbox, "atlas3@example.org")
    assert treated_unlike(platform, cast, campaign, [someone, someone + 1, someone + 2]) == set()


@ONE_DATABASE
@pytest.mark.leaky("T8")
def test_a_correction_that_spares_who_collected_names_them(
    platform: Platform, cast: Cast, campaign: Opened, outbox: Path, monkeypatch: pytest.MonkeyPatch
):
    someone = collected_by(platform, cast, campaign, outbox, "atlas3@example.org")
    leaks_mail.no_link_for_who_collected(monkeypatch)
    assert treated_unlike(platform, cast, campaign, [someone, someone + 1, someone + 2]) == {someone}


# The attack: a coach loads every page before and after each step of somebody else.


def pages_that_change(read: Callable[[], dict[str, str]], steps: Iterable[Callable[[], object]]) -> set[str]:
    """Return the addresses of pages that a step changes by a single byte; the form's token aside."""
    before, changed = read(), set()
    for step in steps:
        step()
        after = read()
        changed |= {address for address, page in after.items() if page != before[address]}
    return changed


def coach_pages(app: Flask, cast: Cast, campaign: Opened) -> Callable[[], dict[str, str]]:
    ada = signed_in(app, cast.ada_email, cast.password)
    here, team = f"/coach/campaigns/{campaign.id}", f"/teams/{campaign.node('Atlas')}"
    places = ["/coach", "/coach/reports", "/coach/organisation", here, f"{here}/void", f"{here}{team}/addresses",
              f"{here}{team}/poster"]  # fmt: skip

    def read() -> dict[str, str]:
        replies = {place: ada.get(place) for place in places}
        assert {reply.status_code for reply in replies.values()} == {200}
        return {
            place: re.sub(r'name="csrf_token" value="[^"]+"', "", reply.get_data(as_text=True))
            for place, reply in replies.items()
        }

    return read


def collecting_and_answering(platform: Platform, campaign: Opened, outbox: Path) -> Iterable[Callable[[], object]]:
    given = builders.answers(campaign.questionnaire)
    for token in list(tokens(outbox).values())[:2]:
        yield lambda token=token: submit_ballot(platform, door_key=collect(platform, token), answers=given)


@pytest.mark.attack("T17")
def test_no_page_of_a_coach_changes_when_somebody_collects_or_answers(
    platform: Platform, app: Flask, cast: Cast, campaign: Opened, outbox: Path
):
    send_waiting(platform)
    steps = collecting_and_answering(platform, campaign, outbox)
    assert pages_that_change(coach_pages(app, cast, campaign), steps) == set()


@ONE_DATABASE
@pytest.mark.leaky("T17")
def test_a_page_that_shows_whose_link_was_used_is_noticed(
    platform: Platform,
    app: Flask,
    cast: Cast,
    campaign: Opened,
    outbox: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    send_waiting(platform)
    leaks_mail.collected_shown(monkeypatch)
    steps = collecting_and_answering(platform, campaign, outbox)
    changed = pages_that_change(coach_pages(app, cast, campaign), steps)
    assert {address.rpartition("/")[2] for address in changed} == {"addresses"}
