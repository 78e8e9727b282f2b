"""Sending mail: by SMTP, or into a folder that stands in for it.

`read_url` reads the setting `mail_url`; `Post.posting` opens one connection for many mails. An address that the server
refuses for good is told apart from trouble that may pass. Neither error quotes what was being sent.
"""

from __future__ import annotations

import os
import secrets
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.policy import SMTP as LINES
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from assessment.domain.addresses import LOCAL_HOSTS, is_address
from assessment.domain.error_kinds import Refused
from reports.languages import phrase

# Seconds that one answer of the server may take.
TIMEOUT = 20.0
FORMS = (
    "write smtp://USER:PASSWORD@HOST:587, smtps://USER:PASSWORD@HOST:465 or folder:///WHOLE/PATH; "
    "percent-encode what is neither letter nor digit in a password"
)
Send = Callable[[EmailMessage], None]


class MailTrouble(Refused):
    """Mail cannot be sent now; later it may."""

    sentence = phrase(
        "The mail could not be handed over: %(reason)s. Check the settings mail_url and mail_from and the mail server."
    )


class TryLater(MailTrouble):
    """This one mail is not taken now; the next may be."""

    # Servers quote the address that they do not take.
    personal = frozenset({"reason"})


class AddressRefused(Refused):
    """The server refuses this recipient for good: the address does not exist, or cannot be written."""

    personal = frozenset({"reason"})
    sentence = phrase("The mail server refuses this address: %(reason)s. Correct the address.")


class Post(Protocol):
    """A way for mail to leave."""

    def posting(self) -> AbstractContextManager[Send]:
        """Open the connection and give a function that sends one mail to the one recipient of its `To`.

        :raise MailTrouble: when the server cannot be reached, is not safe enough or takes no mail from us.
        :raise TryLater: from the function, when this one mail is not taken now.
        :raise AddressRefused: from the function, when the recipient is refused for good.
        """


@dataclass(frozen=True)
class Smtp:
    """A mail server. Over a network nothing is said to it before the connection is encrypted and its name checked."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    is_encrypted: bool = False
    """Whether TLS is spoken from the first byte (`smtps`)."""
    needs_starttls: bool = True
    """Whether the connection has to become encrypted; only a server on this machine may do without."""
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False, compare=False)
    timeout: float = TIMEOUT

    @contextmanager
    def posting(self) -> Iterator[Send]:
        """Open the connection; see `Post`."""
        server = self._connected()
        try:
            yield lambda message: _send(server, message)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _connected(self) -> smtplib.SMTP:
        server: smtplib.SMTP | None = None
        try:
            if self.is_encrypted:
                server = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=self.tls)
            else:
                server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
                server.ehlo()
                if self.needs_starttls:
                    # Raises where the server does not offer it: a password or a token never goes out in the clear.
                    server.starttls(context=self.tls)
            if self.user:
                server.login(self.user, self.password)
        except (OSError, UnicodeError, smtplib.SMTPException) as error:
            if server is not None:
                server.close()
            raise MailTrouble(reason=_reason(error)) from None
        return server


def _send(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        reason = _reply(code, said)
        raise (AddressRefused if 500 <= code < 600 else TryLater)(reason=reason) from None
    except smtplib.SMTPDataError as error:
        raise TryLater(reason=_reason(error)) from None
    except smtplib.SMTPNotSupportedError:
        raise AddressRefused(reason="its letters need SMTPUTF8, which the server does not speak") from None
    except (OSError, smtplib.SMTPException) as error:
        raise MailTrouble(reason=_reason(error)) from None


def _reason(error: Exception) -> str:
    """Return what went wrong in one line; of a failed login not what the server said, which may quote the name."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"user name or password refused ({error.smtp_code})"
    if isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error)
    if isinstance(error, UnicodeError):
        # It quotes a letter of the password, or the name that no host can have.
        return "host, user name or password have letters that cannot be sent"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def _reply(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"[:200]


@dataclass(frozen=True)
class Folder:
    """A dry run: every mail becomes a file that its owner alone may read."""

    path: Path

    @contextmanager
    def posting(self) -> Iterator[Send]:
        """Make the folder; see `Post`."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise MailTrouble(reason=f"{self.path}: {error.strerror}") from None
        yield self._write

    def _write(self, message: EmailMessage) -> None:
        # As it is, so that a person who opens the file can copy the link.
        message.set_content(message.get_content(), cte="8bit")
        # A name by chance: the order of mails is nobody's business.
        name = secrets.token_hex(16)
        draft = self.path / f".{name}.part"
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(message.as_bytes())
            draft.replace(self.path / f"{name}.eml")
        except OSError as error:
            raise MailTrouble(reason=f"{self.path}: {error.strerror}") from None


def read_url(url: str) -> Post:
    """Return the way that a `mail_url` names.

    :raise ValueError: with the remedy and without the value, which may hold a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(FORMS) from None
    if parts.scheme == "folder":
        return _folder(parts)
    is_other = parts.scheme not in {"smtp", "smtps"} or parts.path not in {"", "/"} or parts.query or parts.fragment
    if is_other or not parts.hostname:
        raise ValueError(FORMS)
    if bool(parts.username) != bool(parts.password):
        raise ValueError("write user name and password, or neither")
    is_encrypted = parts.scheme == "smtps"
    is_local = parts.hostname in LOCAL_HOSTS
    return Smtp(
        host=parts.hostname,
        port=port or (465 if is_encrypted else 25 if is_local else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_encrypted=is_encrypted,
        needs_starttls=not is_encrypted and not is_local,
    )


def _folder(parts: SplitResult) -> Folder:
    path = Path(unquote(parts.path))
    if parts.netloc or parts.query or parts.fragment or not path.is_absolute() or path == Path("/"):
        raise ValueError("write the whole path of a folder after folder://, from the root")
    return Folder(path)


def written(*, sender: str, to: str, subject: str, text: str, at: datetime) -> EmailMessage:
    """Return a mail of plain text to one recipient: no HTML, nothing to load, an id by chance.

    :raise AddressRefused: for an address that cannot stand in a mail's head.
    """
    if not is_address(to):
        raise AddressRefused(reason="it is not one address")
    message = EmailMessage(policy=LINES)
    message["From"] = sender
    try:
        message["To"] = to
        is_alone = [found.addr_spec for found in message["To"].addresses] == [to]
    except (AttributeError, LookupError, ValueError, HeaderParseError):
        # The parser of the standard library stumbles over some heads, and one address must not stop all mail.
        is_alone = False
    if not is_alone:
        raise AddressRefused(reason="it cannot stand in a mail's head")
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{secrets.token_hex(16)}@{sender.rpartition('@')[2]}>"
    # Asks mail programs not to answer by themselves: an absence note tells who reads.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    # Survives every server on the way, whatever letters and however long the link.
    message.set_content(text, cte="quoted-printable")
    return message
