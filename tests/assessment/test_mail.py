"""Mail leaves encrypted, refused addresses are told apart from trouble, and a dry run leaves files."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest

from assessment import mail
from assessment.mail import AddressRefused, Folder, MailTrouble, Smtp, TryLater, read_url
from tests.mail_server import LOGIN, free_port, in_folder, mail_server, trusting

NOON = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
LONG = f"https://assessment.example.org/e/de#t.{'A' * 22}.{'B' * 22}"


def written(to: str = "grace@example.org", text: str = f"Grüße\n\n{LONG}\n") -> EmailMessage:
    return mail.written(sender="assessment@example.org", to=to, subject="Für alle", text=text, at=NOON)


def test_a_mail_is_plain_text_with_an_id_by_chance_and_nothing_to_load():
    first, second = written(), written()
    assert first.get_content_type() == "text/plain"
    assert not first.is_multipart()
    assert first["Message-ID"] != second["Message-ID"]
    assert first["Message-ID"].endswith("@example.org>")
    assert {name.lower() for name in first} == {
        "from", "to", "subject", "date", "message-id", "auto-submitted", "x-auto-response-suppress",
        "content-type", "content-transfer-encoding", "mime-version",
    }  # fmt: skip


def test_many_mails_leave_over_one_connection_and_arrive_as_they_were_written():
    with mail_server() as box, read_url(box.url).posting() as send:
        for number in range(3):
            send(written(f"person{number}@example.org"))
    assert box.n_connections == 1
    assert box.recipients == [f"person{number}@example.org" for number in range(3)]
    assert box.mails[0].get_content().replace("\r\n", "\n") == f"Grüße\n\n{LONG}\n"
    assert box.mails[0]["Subject"] == "Für alle"


def test_an_address_that_is_refused_for_good_is_told_apart_from_one_that_is_not_taken_now():
    with mail_server() as box:
        box.refusals = {"gone@example.org": "550 no such user here", "full@example.org": "452 mailbox full"}
        with read_url(box.url).posting() as send:
            with pytest.raises(AddressRefused, match="550 no such user"):
                send(written("gone@example.org"))
            with pytest.raises(TryLater, match="452 mailbox full"):
                send(written("full@example.org"))
            send(written())
    assert box.recipients == ["grace@example.org"]


@pytest.mark.parametrize("reply", ["451 try again", "554 looks like spam"])
def test_a_mail_that_is_not_taken_may_be_taken_later(reply: str):
    with mail_server() as box:
        box.data_reply = reply
        with read_url(box.url).posting() as send, pytest.raises(TryLater, match=reply):
            send(written())


@pytest.mark.parametrize(
    "to",
    [
        "grace@example.org\nBcc: eve@example.org",
        "<>",
        "a b@c.de",
        "a@b.de, c@d.de",
        "a@b.de (x)",
        "a@[ü",
        "a\0@b.de",
        "",
    ],
)
def test_what_is_not_one_address_is_not_written_at_all(to: str):
    with pytest.raises(AddressRefused, match="not one address"):
        written(to)


@pytest.mark.parametrize("to", ["grace@!.ä", "gr'ace@example.org", "grace..hopper@example.org", "{@b.de", "*@b.de"])
def test_an_address_is_written_as_it_is_or_refused_and_never_as_another(to: str):
    try:
        message = written(to)
    except AddressRefused:
        return
    assert [found.addr_spec for found in message["To"].addresses] == [to]


@pytest.mark.parametrize("url", ["smtp://a..b", "smtp://ada:p%C3%A4ss@127.0.0.1:{port}"])
def test_settings_with_letters_that_cannot_be_sent_are_trouble_that_quotes_nothing(url: str):
    with mail_server(login=True) as box:
        post = replace(read_url(url.format(port=box.port)), needs_starttls=False)
        with pytest.raises(MailTrouble, match="letters that cannot be sent") as caught, post.posting():
            pass
    assert "ä" not in str(caught.value)


def test_an_address_with_letters_of_any_language_arrives_where_the_server_knows_them():
    with mail_server() as box:
        with read_url(box.url).posting() as send:
            send(written("grüße@example.org"))
        assert box.recipients == ["grüße@example.org"]


def test_over_a_network_nothing_is_said_to_a_server_that_offers_no_encryption():
    with mail_server(login=True) as box:
        post = Smtp("127.0.0.1", box.port, "ada", "open sesame: ?#@", needs_starttls=True)
        with pytest.raises(MailTrouble, match="STARTTLS"), post.posting():
            pass
    assert box.mails == []


def test_the_connection_is_encrypted_and_its_certificate_checked():
    with mail_server(starttls=True) as box:
        post = Smtp("127.0.0.1", box.port, needs_starttls=True)
        with pytest.raises(MailTrouble, match="certificate is not trusted"), post.posting():
            pass
        with replace(post, tls=trusting()).posting() as send:
            send(written())
    assert box.was_encrypted == [True]


def test_smtps_is_encrypted_from_the_first_byte():
    with mail_server(encrypted=True) as box:
        post = Smtp("127.0.0.1", box.port, is_encrypted=True, tls=trusting())
        with post.posting() as send:
            send(written())
    assert box.was_encrypted == [True]


def test_it_signs_in_and_never_shows_the_password():
    user, password = LOGIN.login.decode(), LOGIN.password.decode()
    with mail_server(login=True) as box:
        url = f"smtp://{user}:{quote(password, safe='')}@127.0.0.1:{box.port}"
        with read_url(url).posting() as send:
            send(written())
        with pytest.raises(MailTrouble) as caught, read_url(url.replace("sesame", "barley")).posting():
            pass
    assert len(box.mails) == 1
    assert "user name or password refused (535)" in str(caught.value)
    assert "barley" not in str(caught.value)
    assert password not in repr(read_url(url))


def test_a_server_that_is_down_is_trouble_that_may_pass():
    with pytest.raises(MailTrouble, match="Connection refused"), read_url(f"smtp://127.0.0.1:{free_port()}").posting():
        pass


def test_a_sender_that_the_server_refuses_is_trouble_of_the_settings():
    with mail_server() as box:
        box.sender_reply = "550 not from here"
        with read_url(box.url).posting() as send, pytest.raises(MailTrouble, match="550 not from here") as caught:
            send(written())
    assert not isinstance(caught.value, TryLater)


def test_a_dry_run_leaves_one_file_a_mail_that_its_owner_alone_may_read(tmp_path: Path):
    folder = tmp_path / "mail"
    with read_url(f"folder://{folder}").posting() as send:
        send(written())
        send(written("ada@example.org"))
    assert sorted(message["To"] for message in in_folder(folder)) == ["ada@example.org", "grace@example.org"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert LONG in next(folder.glob("*.eml")).read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_trouble(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(MailTrouble, match="file"), read_url(f"folder://{tmp_path / 'file' / 'mail'}").posting():
        pass
    with Folder(tmp_path / "mail").posting() as send:
        (tmp_path / "mail").rmdir()
        with pytest.raises(MailTrouble, match="mail"):
            send(written())


def test_the_settings_choose_port_and_encryption():
    far, near = read_url("smtp://ada:pw@mail.example.org"), read_url("smtp://localhost")
    assert isinstance(far, Smtp)
    assert isinstance(near, Smtp)
    assert (far.port, far.needs_starttls, far.is_encrypted) == (587, True, False)
    assert (near.port, near.needs_starttls) == (25, False)
    secure = read_url("smtps://mail.example.org")
    assert isinstance(secure, Smtp)
    assert (secure.port, secure.needs_starttls, secure.is_encrypted) == (465, False, True)
