"""The real server under pressure: many sends at once, and a crash right after it said "thank you"."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from assessment.services.platform import Platform
from assessment.storage import ballots
from tests import builders
from tests.conftest import Clock

ANSWERS = {f"q{number:02}": "2" for number in range(1, 30)} | {"to": "send"}
SERVE = "from assessment.cli import main; main()"
GONE = 0
"""Instead of a status: the connection broke before an answer came."""


class Server:
    """`assessment serve` with all its processes."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, "serve", "--port", "0", "--workers", "2"],
            env={**os.environ, **environ, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = next(line for line in self.process.stdout if line.startswith("Serving"))
        address = urlsplit(next(word for word in line.split() if word.startswith("http")))
        self.host, self.port = str(address.hostname), int(address.port or 0)

    def send(self, **body: str) -> int:
        """Post a form and return the status, or `GONE`."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", "/answer", urlencode(ANSWERS | body), kind)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return GONE
        finally:
            connection.close()

    def kill(self) -> None:
        """End all processes as a power cut would."""
        for process in processes_below(self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait(30)
        if self.process.stdout is not None:
            self.process.stdout.close()


def processes_below(process: int) -> list[int]:
    """Return a process and all that it started, and those started."""
    found = [process]
    for parent in found:
        with contextlib.suppress(OSError):
            for children in Path(f"/proc/{parent}/task").glob("*/children"):
                found += [int(child) for child in children.read_text().split()]
    return found


@pytest.fixture
def serve(environ: dict[str, str]) -> Iterator[Callable[[], Server]]:
    """Start a server for this test's instance; as often as wanted."""
    started: list[Server] = []

    def start() -> Server:
        started.append(Server(environ))
        return started[-1]

    yield start
    for server in started:
        server.kill()


@contextmanager
def at_once(n: int) -> Iterator[tuple[ThreadPoolExecutor, threading.Barrier]]:
    """Give as many threads as sends, and a barrier at which they wait for one another."""
    with ThreadPoolExecutor(n) as pool:
        yield pool, threading.Barrier(n)


def n_stored(platform: Platform, campaign: builders.Opened) -> int:
    with platform.reading() as session:
        return ballots.n_of_campaign(session, campaign.id)


def test_simultaneous_sends_of_one_card_or_one_form_count_once(
    platform: Platform, clock: Clock, cast: builders.Cast, serve: Callable[[], Server]
):
    clock.set(datetime.now(UTC))
    cards = builders.opened(platform, cast, teams=["Atlas"])
    link = builders.opened(platform, cast, teams=["Cygnus"], way="open_link")
    server = serve()
    code = cards.codes("Atlas")[0]
    form = {"link": link.link("Cygnus"), "nonce": "the-id-of-one-rendered-form"}
    for campaign, body, expected in (
        (cards, {"code": code}, {303: 1, 409: 49}),
        (link, form, {303: 50}),
    ):
        with at_once(50) as (pool, barrier):

            def send(_: int, body: dict[str, str] = body, barrier: threading.Barrier = barrier) -> int:
                barrier.wait(30)
                return server.send(**body)

            assert Counter(pool.map(send, range(50))) == expected
        assert n_stored(platform, campaign) == 1


def test_what_was_acknowledged_survives_the_death_of_the_server(
    platform: Platform, clock: Clock, cast: builders.Cast, serve: Callable[[], Server]
):
    clock.set(datetime.now(UTC))
    campaign = builders.opened(platform, cast, teams=["Atlas"])
    codes = campaign.codes("Atlas")
    server = serve()
    first = server.send(code=codes[0])
    with at_once(len(codes) - 1) as (pool, barrier):

        def send(code: str) -> int:
            barrier.wait(30)
            status = server.send(code=code)
            # The first that is thanked pulls the plug, while the others are on their way.
            if status == 303:
                server.kill()
            return status

        statuses = [first, *pool.map(send, codes[1:])]
    thanked = [code for code, status in zip(codes, statuses, strict=True) if status == 303]
    assert set(statuses) <= {303, GONE}
    assert len(thanked) >= 2
    assert n_stored(platform, campaign) >= len(thanked)
    again = serve()
    replies = {code: again.send(code=code) for code in codes}
    assert {replies[code] for code in thanked} == {409}, "what was acknowledged counts"
    assert set(replies.values()) <= {303, 409}, "no card was used up without counting"
    assert n_stored(platform, campaign) == len(codes)
