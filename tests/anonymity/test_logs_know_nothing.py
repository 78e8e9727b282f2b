"""Promise: whoever reads the logs learns nothing about respondents, also when something goes wrong for them.

The server's own processes are started as operators start them, and everything they print is read, with every file that
they leave. What they would print at other levels is read inside one process.
"""

from __future__ import annotations

import contextlib
import http.client
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.domain.credentials import Credential, encoded
from assessment.services.platform import Platform
from tests import builders
from tests.anonymity.leaks_doors import server_with_an_access_log, whole_errors_logged
from tests.anonymity.mailed import Mailed, mailed
from tests.builders import Cast, Opened
from tests.conftest import Clock

SERVE = "from assessment.cli import main; main()"
ANSWERS = {f"q{number:02}": "2" for number in range(1, 30)}
# What gives somebody away beside the code: who sent it, with what, and from where.
CANARIES = {"address": "203.0.113.77", "agent": "CanaryAgent/7.31", "referrer": "canary-referrer.example"}
HEADERS = {
    "X-Forwarded-For": CANARIES["address"],
    "User-Agent": CANARIES["agent"],
    "Referer": f"https://{CANARIES['referrer']}/somebody",
}
FORM = {**HEADERS, "Content-Type": "application/x-www-form-urlencoded"}
# A blinded message as large as they are, and smaller than any modulus.
BLINDED = encoded(b"\x01" + bytes(range(255)))
Canaries = dict[str, str]


@dataclass(frozen=True)
class Asked:
    """A campaign for each way to answer, and what somebody made of their invitation."""

    cards: Opened
    link: Opened
    mail: Mailed
    credential: Credential

    @property
    def tokens(self) -> list[str]:
        """The tokens of three mails; the first has been collected with."""
        return self.mail.tokens["Borealis"]


def canaries(asked: Asked) -> Canaries:
    """Return what must stand in no log."""
    found = dict(CANARIES) | {f"token {number}": token for number, token in enumerate(asked.tokens)}
    found |= {"credential": asked.credential.text, "its number": encoded(asked.credential.nonce), "blinded": BLINDED}
    for number, code in enumerate(asked.cards.codes("Atlas")[:4]):
        found |= {f"code {number} as printed": code, f"code {number}": code.replace("-", "")}
    return found | {"link": asked.link.link("Cygnus"), "form": "the-id-of-canarys-form", "path": "/a/"}


def visits(asked: Asked) -> Iterator[tuple[str, str, dict[str, str] | None]]:
    """Yield what respondents do: the whole way by card and by link, and every mistake."""
    codes = [code.replace("-", "") for code in asked.cards.codes("Atlas")]
    key = asked.cards.sheets["Atlas"].reading_key
    form = {"link": asked.link.link("Cygnus"), "nonce": "the-id-of-canarys-form"}
    yield "GET", f"/a/{codes[0]}", None
    yield "POST", "/", {"code": codes[1]}
    yield "POST", "/answer", {"code": codes[0], "to": "review"} | ANSWERS
    yield "POST", "/answer", {"code": codes[0], "to": "send"} | ANSWERS
    yield "POST", "/answer", {"code": codes[0], "to": "send"} | ANSWERS
    yield "POST", "/answer", {"code": codes[1], "to": "send", "q01": "9"}
    yield "GET", f"/a/{codes[1]}x", None
    yield "PUT", f"/a/{codes[1]}", None
    yield "GET", f"/a/{codes[1]}/nothing", None
    yield "GET", f"/thanks/{key}", None
    yield "GET", f"/l/{form['link']}", None
    yield "POST", "/answer", form | {"to": "send"} | ANSWERS
    yield "POST", "/answer", form | {"to": "send", "q01": "1" * 40_000}
    yield "GET", "/e/en", None
    yield "POST", "/e/door", {"token": asked.tokens[1]}
    yield "POST", "/e/collect", {"token": asked.tokens[1], "blinded": BLINDED}
    yield "POST", "/e/collect", {"token": asked.tokens[0], "blinded": BLINDED}
    yield "POST", "/answer", {"credential": asked.credential.text, "to": "review"} | ANSWERS
    yield "POST", "/answer", {"credential": asked.credential.text, "to": "send"} | ANSWERS
    yield "POST", "/answer", {"credential": f"{asked.credential.text}x", "to": "send"} | ANSWERS


def after_the_break(asked: Asked) -> Iterator[tuple[str, str, dict[str, str] | None]]:
    """Yield what respondents do while the database does not work, so that every reply is an error."""
    code = asked.cards.codes("Atlas")[2].replace("-", "")
    yield "GET", f"/a/{code}", None
    yield "POST", "/answer", {"code": code, "to": "send"} | ANSWERS
    yield "POST", "/e/door", {"token": asked.tokens[2]}
    yield "POST", "/e/collect", {"token": asked.tokens[2], "blinded": BLINDED}
    yield "POST", "/answer", {"credential": asked.credential.text, "to": "send"} | ANSWERS


def broken(platform: Platform) -> None:
    """Break the database in a way that no program expects."""
    with platform.transaction() as session:
        for table in ("card", "ballot", "invitation"):
            session.execute(sa.text(f"ALTER TABLE {table} RENAME TO {table}_elsewhere"))


def known(said: str, wanted: Canaries) -> list[str]:
    """Return which canaries stand in a text."""
    return sorted(name for name, canary in wanted.items() if canary.lower() in said.lower())


@pytest.fixture
def asked(platform: Platform, cast: Cast, clock: Clock) -> Asked:
    clock.set(datetime.now(UTC))
    cards = builders.opened(platform, cast, teams=["Atlas"])
    link = builders.opened(platform, cast, teams=["Cygnus"], way="open_link")
    mail = mailed(platform, cast, teams=["Borealis"])
    return Asked(cards, link, mail, mail.collect("Borealis"))


@contextmanager
def server(environ: Mapping[str, str], output: Path) -> Iterator[tuple[str, int]]:
    """Run `assessment serve` behind a proxy that names visitors; all that its processes print goes to one file."""
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, "serve", "--port", "0", "--workers", "1"],
            env={**os.environ, **environ, "ASSESSMENT_PROXIES": "1", "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=file,
        )
        assert process.stdout is not None
        try:
            line = next(line.decode() for line in process.stdout if line.startswith(b"Serving"))
            address = urlsplit(next(word for word in line.split() if word.startswith("http")))
            yield str(address.hostname), int(address.port or 0)
            process.send_signal(signal.SIGTERM)
            file.write(process.stdout.read())
            process.wait(60)
        finally:
            process.stdout.close()
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            process.wait(30)


def read_by_a_log_reader(platform: Platform, environ: Mapping[str, str], folder: Path, asked: Asked) -> str:
    """Let respondents visit the real server, break it, and return all it printed and all its queue keeps."""
    output = folder / "printed"
    with server(environ, output) as (host, port):
        statuses = [sent(host, port, *visit) for visit in visits(asked)]
        # An HTTP version that there is not, and an address that is none.
        garbled(host, port, f"GET /a/{asked.cards.codes('Atlas')[3]} HTTP/9.9\r\nHost: x\r\n\r\n")
        garbled(host, port, f"/a/{asked.cards.codes('Atlas')[3]} \x01\r\n\r\n")
        assert statuses.count(303) == 3
        broken(platform)
        assert {sent(host, port, *visit) for visit in after_the_break(asked)} == {500}
        # A line that a coach's request leaves shows that logs are written at all.
        assert sent(host, port, "GET", "/coach/sign-in", None) == 200
    queue = b"".join(path.read_bytes() for path in sorted(platform.settings.instance.glob("jobs.sqlite*")))
    return output.read_text(errors="replace") + queue.decode("latin-1")


def sent(host: str, port: int, method: str, address: str, body: dict[str, str] | None) -> int:
    connection = http.client.HTTPConnection(host, port, timeout=60)
    try:
        connection.request(method, address, urlencode(body) if body else None, FORM if body else HEADERS)
        return connection.getresponse().status
    finally:
        connection.close()


def garbled(host: str, port: int, request: str) -> None:
    with socket.create_connection((host, port), timeout=60) as connection:
        connection.sendall(request.encode())
        with contextlib.suppress(OSError):
            connection.recv(1000)


@pytest.mark.attack("T8")
def test_the_servers_processes_print_and_keep_nothing_of_a_visit(
    platform: Platform, environ: dict[str, str], tmp_path: Path, asked: Asked
):
    said = read_by_a_log_reader(platform, environ, tmp_path, asked)
    assert "GET /coach/sign-in 200" in said
    assert "at a respondent's page" in said
    assert known(said, canaries(asked)) == []


@pytest.mark.leaky("T8")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_usual_access_log_would_be_noticed(platform: Platform, environ: dict[str, str], tmp_path: Path, asked: Asked):
    leaky = {**environ, **server_with_an_access_log(tmp_path / "first")}
    said = read_by_a_log_reader(platform, leaky, tmp_path, asked)
    assert {"agent", "referrer", "code 0", "link", "path"} <= set(known(said, canaries(asked)))


def logged(app: Flask, platform: Platform, caplog: pytest.LogCaptureFixture, asked: Asked) -> str:
    """Return what the program logs of visits and of errors, at every level."""
    caplog.set_level(logging.DEBUG)
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    client = app.test_client()
    for method, address, body in visits(asked):
        client.open(address, method=method, data=body, headers=HEADERS)
    broken(platform)
    for method, address, body in after_the_break(asked):
        assert client.open(address, method=method, data=body, headers=HEADERS).status_code == 500
    return caplog.text + "".join(str(vars(record)) for record in caplog.records)


@pytest.mark.attack("T8")
def test_nothing_is_logged_at_any_level(app: Flask, platform: Platform, caplog: pytest.LogCaptureFixture, asked: Asked):
    said = logged(app, platform, caplog, asked)
    assert "at a respondent's page" in said
    assert known(said, canaries(asked)) == []


@pytest.mark.leaky("T8")
def test_errors_that_are_logged_with_their_values_would_be_noticed(
    app: Flask,
    platform: Platform,
    caplog: pytest.LogCaptureFixture,
    asked: Asked,
    monkeypatch: pytest.MonkeyPatch,
):
    whole_errors_logged(monkeypatch)
    assert {"code 2", "path"} <= set(known(logged(app, platform, caplog, asked), canaries(asked)))
