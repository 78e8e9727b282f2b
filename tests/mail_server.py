"""A real mail server for tests: takes mail on this machine, refuses what a test tells it to."""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from assessment.services.platform import Platform

# The link that collects: language, token and fingerprint.
LINK = re.compile(r"https?://\S+/e/(\w\w)#t\.([\w-]{22})\.([\w-]{22})")
LOGIN = LoginPassword(b"ada", b"open sesame: ?#@")


@dataclass
class Mailbox:
    """What the server does with mail: keeps it, or answers as a test wants for a recipient."""

    refusals: dict[str, str] = field(default_factory=dict)
    """Replies to RCPT, by recipient."""
    data_reply: str = "250 taken"
    sender_reply: str = "250 OK"
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    n_connections: int = 0
    was_encrypted: list[bool] = field(default_factory=list)
    port: int = 0

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.n_connections += 1
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        return self.sender_reply

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.data_reply.startswith("250"):
            self.mails.append(read(envelope.content))
            self.recipients += envelope.rcpt_tos
            self.was_encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        return self.data_reply

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def in_folder(folder: Path) -> list[EmailMessage]:
    """Return the mails that a dry run wrote, in no order."""
    return [read(path.read_bytes()) for path in folder.glob("*.eml")]


def token_of(message: EmailMessage) -> str:
    """Return the token in a mail's link."""
    found = LINK.search(message.get_content())
    assert found is not None
    return found[2]


def with_mail(platform: Platform, url: str) -> Platform:
    """Return the platform with another `mail_url`."""
    return replace(platform, settings=replace(platform.settings, mail_url=url))


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def mail_server(*, encrypted: bool = False, starttls: bool = False, login: bool = False) -> Iterator[Mailbox]:
    """Serve on a free port of this machine until the end of the block."""
    box = Mailbox(port=free_port())
    options: dict[str, Any] = {}
    if encrypted:
        options["ssl_context"] = _tls()
    if starttls:
        options |= {"tls_context": _tls(), "require_starttls": True}
    if login:
        options |= {"authenticator": _authenticate, "auth_require_tls": False}
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def _authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
    return AuthResult(success=data == LOGIN, handled=False)


@cache
def certificate() -> tuple[bytes, bytes]:
    """Return a certificate for 127.0.0.1, signed by itself, and its key; PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM), private


def _tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"".join(certificate()))
        file.flush()
        context.load_cert_chain(file.name)
    return context


def trusting() -> ssl.SSLContext:
    """Return a client's side that trusts the server's own certificate."""
    return ssl.create_default_context(cadata=certificate()[0].decode())
