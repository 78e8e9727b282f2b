"""`serve`: the web server and the background work as two processes that start and stop together."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import fields, replace

import click

from assessment.cli.frame import Here, Unavailable, here
from assessment.config import Settings

# Longer than either process takes to finish what it is doing (gunicorn 20 s).
PATIENCE = 30.0


@click.command()
@click.option("--host", default=None, help="Where to listen; 127.0.0.1 unless set.")
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="8000 unless set; 0 takes any free one.")
@click.option("--workers", type=click.IntRange(1, 256), default=None, help="Web processes; 2 unless set.")
@here
def serve(here: Here, host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the pages and do the background work, until SIGTERM or Ctrl-C.

    On SQLite the database is brought up to date first. Campaigns that fell due while the server was down are closed.

    \b
    Example:
      assessment serve --host 0.0.0.0 --port 8080 --workers 4
    """
    serve_instance(here, host=host, port=port, workers=workers)


def serve_instance(here: Here, *, host: str | None, port: int | None, workers: int | None) -> None:
    """Open the port, close what is due, then watch over both processes until one ends or a signal comes.

    :raise BadSetting: when background work cannot queue where the settings say.
    :raise Unavailable: when the port is taken or one of the processes ends by itself.
    """
    from assessment.jobs import make_queue
    from assessment.services.close_campaign import close_due

    make_queue(here.settings)
    listening = open_port(host or here.settings.host, here.settings.port if port is None else port)
    with listening:
        settings = located(here.settings, listening, workers)
        platform = here.platform
        for view in close_due(platform):
            if view.problem is None:
                click.echo(f"Closed campaign {view.campaign_id}, which was due.")
            else:
                click.echo(f"Campaign {view.campaign_id} needs somebody: {view.problem}", err=True)
        platform.database.dispose()
        watch(settings, listening)


def open_port(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    :raise Unavailable: when somebody listens there already, or the host is not this machine's.
    """
    listening: socket.socket | None = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(512)
    except OSError as error:
        if listening is not None:
            listening.close()
        reason = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise Unavailable(
            "Port %(port)s on %(host)s %(reason)s; choose another with --port, or stop what listens there.",
            port=port,
            host=host,
            reason=reason,
        ) from error
    return listening


def located(settings: Settings, listening: socket.socket, workers: int | None = None) -> Settings:
    """Return the settings with the place actually listened at; an address that nobody set follows the port."""
    host, port = listening.getsockname()[:2]
    usual = {field.name: field.default for field in fields(Settings)}
    base_url = settings.base_url
    if base_url == usual["base_url"]:
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host  # noqa: S104
        base_url = f"http://{shown}:{port}"
    return replace(settings, host=host, port=port, workers=workers or settings.workers, base_url=base_url)


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment in which both processes find the same instance and the same options."""
    return {
        **os.environ,
        "ASSESSMENT_INSTANCE": str(settings.instance),
        "ASSESSMENT_BASE_URL": settings.base_url,
        "ASSESSMENT_WORKERS": str(settings.workers),
        "ASSESSMENT_HOST": settings.host,
        "ASSESSMENT_PORT": str(settings.port),
    }


def watch(settings: Settings, listening: socket.socket) -> None:
    """Run both processes until a signal comes; when one ends by itself, stop the other.

    :raise Unavailable: when one ended by itself; names it and its exit code.
    """
    descriptor = listening.fileno()
    commands = {
        "web server": [sys.executable, "-m", "assessment.cli.web_server", str(descriptor), str(settings.workers)],
        "background work": [sys.executable, "-m", "assessment.jobs", "--end-with-parent"],
    }
    asked_to_stop = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        with ExitStack() as stack:
            for name, command in commands.items():
                # Sessions of their own: Ctrl-C reaches this process alone, which then stops both in order.
                process = subprocess.Popen(  # noqa: S603 - our own modules, no shell
                    command,
                    stdin=subprocess.PIPE,
                    env=environment(settings),
                    pass_fds=[descriptor] if name == "web server" else [],
                    start_new_session=True,
                )
                running[name] = stack.enter_context(process)
                stack.callback(end, process)
            listening.close()
            place = f"http://{settings.host}:{settings.port}"
            click.echo(f"Serving {settings.instance} on {place} (coaches: /coach). Ctrl-C stops.")
            ended: str | None = None
            while not asked_to_stop and ended is None:
                time.sleep(0.1)
                ended = next((name for name, process in running.items() if process.poll() is not None), None)
        if ended is not None:
            raise Unavailable(
                "The %(name)s ended by itself with code %(code)s; both were stopped. The lines above say why.",
                name=ended,
                code=running[ended].returncode,
            )
        click.echo("Stopped.")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to finish what it is doing and end; make it end when it takes too long."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
