"""The server as a process of its own: it starts both parts, stops both, and says why when it cannot."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from assessment.services.campaigns import get_campaign
from assessment.services.platform import Platform
from tests import builders
from tests.assessment.cli.conftest import Run
from tests.builders import Cast
from tests.conftest import Clock

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Served:
    """`assessment serve` on a free port."""

    def __init__(self, environ: dict[str, str]) -> None:
        command = [sys.executable, "-m", "assessment.cli", "serve", "--port", "0", "--workers", "1"]
        self.process = subprocess.Popen(
            command, env={**os.environ, **environ}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.said: list[str] = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
            if found:
                self.port = int(found[1])
                return
        raise AssertionError("".join(self.said))

    def get(self, path: str) -> tuple[int, str]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request("GET", path)
            reply = connection.getresponse()
            return reply.status, reply.read().decode()

    def children(self) -> dict[str, int]:
        """Return the processes it watches, by what they run."""
        found = {}
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdigit() and f"PPid:\t{self.process.pid}\n" in (entry / "status").read_text():
                    words = (entry / "cmdline").read_bytes().decode().split("\0")
                    found["jobs" if "assessment.jobs" in words else "web"] = int(entry.name)
        return found

    def end(self) -> tuple[int, str]:
        """Return its exit code and all that it said."""
        rest, _ = self.process.communicate(timeout=40)
        return self.process.returncode, "".join(self.said) + rest


def gone(pid: int, patience: float = 15) -> bool:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def served(environ: dict[str, str]) -> Iterator[Served]:
    server = Served(environ)
    yield server
    if server.process.poll() is None:
        server.process.kill()
    server.process.wait()
    assert server.process.stdout is not None
    server.process.stdout.close()


def test_it_serves_logs_no_respondent_and_stops_cleanly(served: Served) -> None:
    assert served.get("/healthz")[0] == 200
    assert served.get("/a/0000000000000000")[0] in {200, 404, 409, 410}
    assert served.get("/coach/sign-in")[0] == 200
    children = served.children()
    assert set(children) == {"web", "jobs"}
    served.process.send_signal(signal.SIGTERM)
    code, said = served.end()
    assert code == 0
    assert "Stopped." in said
    assert "GET /coach/sign-in 200" in said
    assert "/a/" not in said
    assert "127.0.0.1" not in said.partition("Ctrl-C stops.")[2]
    assert all(gone(pid) for pid in children.values())


@ON_SQLITE
def test_when_one_part_ends_the_other_is_stopped_and_the_error_names_it(served: Served) -> None:
    children = served.children()
    os.kill(children["jobs"], signal.SIGKILL)
    code, said = served.end()
    assert code == 4
    assert "background work ended by itself" in said
    assert gone(children["web"])


@ON_SQLITE
def test_a_queue_that_cannot_be_used_stops_the_start(run: Run) -> None:
    told = run("serve", "--port", "0", code=2, env={"ASSESSMENT_QUEUE_URL": "redis://127.0.0.1:1/0"}).stderr
    assert "package redis" in told


@ON_SQLITE
def test_both_parts_end_when_the_server_is_killed(served: Served) -> None:
    assert served.get("/healthz")[0] == 200
    children = served.children()
    served.process.kill()
    assert all(gone(pid, patience=40) for pid in children.values())


@ON_SQLITE
def test_a_start_closes_what_fell_due_while_the_server_was_down(
    platform: Platform, cast: Cast, clock: Clock, environ: dict[str, str]
) -> None:
    campaign = builders.opened(platform, cast)
    server = Served(environ)
    server.process.send_signal(signal.SIGINT)
    code, said = server.end()
    assert code == 0
    assert f"Closed campaign {campaign.id}" in said
    assert get_campaign(platform, cast.operator, campaign.id).state == "closed"


@ON_SQLITE
def test_a_port_that_is_taken_is_an_error_that_names_the_option(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for command in ("serve", "demo"):
            told = run(command, "--port", port, code=4).stderr
            assert f"Port {port} on 127.0.0.1 is taken" in told
            assert "--port" in told
    assert "cannot be used" in run("serve", "--host", "192.0.2.1", "--port", 0, code=4).stderr


@ON_SQLITE
def test_the_address_follows_the_port_unless_somebody_set_it(platform: Platform) -> None:
    from dataclasses import replace

    from assessment.cli.serving import located

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        assert located(platform.settings, listening).base_url == f"http://127.0.0.1:{port}"
        named = replace(platform.settings, base_url="https://assessment.example.org")
        assert located(named, listening, 3).base_url == "https://assessment.example.org"
