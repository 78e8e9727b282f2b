"""A web server process to measure, and clients that cost little beside it."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from assessment.cli.serving import end, environment, located, open_port
from assessment.config import Settings

HEAD = (
    "POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    "Accept-Encoding: gzip\r\nAccept-Language: en\r\nConnection: {connection}\r\nContent-Length: {length}\r\n\r\n"
)
ACCEPTED = b"HTTP/1.1 303 "


@dataclass(frozen=True)
class Server:
    """Where a started server listens."""

    host: str
    port: int

    def request(self, path: str, body: bytes, *, keep_alive: bool) -> bytes:
        connection = "keep-alive" if keep_alive else "close"
        head = HEAD.format(path=path, host=self.host, port=self.port, connection=connection, length=len(body))
        return head.encode() + body


@contextmanager
def serving(settings: Settings, module: str) -> Iterator[Server]:
    """Start a module as `assessment serve` starts its web server."""
    listening = open_port("127.0.0.1", 0)
    place = located(settings, listening)
    extra = {"DATABASE_URL": settings.database_url, "ASSESSMENT_KEY_DIRECTORY": str(settings.key_directory)}
    process = subprocess.Popen(
        [sys.executable, "-m", module, str(listening.fileno()), str(place.workers)],
        stdin=subprocess.PIPE,
        env=environment(place) | extra,
        pass_fds=[listening.fileno()],
        start_new_session=True,
    )
    listening.close()
    try:
        yield Server(place.host, place.port)
    finally:
        end(process)
        process.communicate()


def send_all(server: Server, requests: Sequence[bytes], *, clients: int, keep_alive: bool) -> float:
    """Send every request, as many at a time as there are clients; return accepted ones per second.

    :raise RuntimeError: when one was answered by anything but 303, which is what a stored ballot is answered by.
    """
    refused: list[bytes] = []

    def client(mine: Sequence[bytes]) -> None:
        connection: socket.socket | None = None
        for request in mine:
            if connection is None:
                connection = socket.create_connection((server.host, server.port))
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(request)
            reply = _reply(connection)
            if not reply.startswith(ACCEPTED):
                refused.append(reply)
            if not keep_alive:
                connection.close()
                connection = None
        if connection is not None:
            connection.close()

    threads = [threading.Thread(target=client, args=(requests[number::clients],)) for number in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - start
    if refused:
        raise RuntimeError(f"{len(refused)} of {len(requests)} were refused, the first with {refused[0][:200]!r}")
    return len(requests) / taken


def _reply(connection: socket.socket) -> bytes:
    """Read one whole reply."""
    got = b""
    while b"\r\n\r\n" not in got:
        part = connection.recv(65536)
        if not part:
            return got
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            missing = int(line.split(b":")[1]) - len(body)
            while missing > 0:
                missing -= len(connection.recv(65536)) or missing
    return got
