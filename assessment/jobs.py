"""Background work: campaigns are closed when they are due, participation is refreshed once a day.

`python -m assessment.jobs` runs it for the instance that the environment names; `assessment serve` starts it beside the
web server. Several installations on one PostgreSQL database may each run it: closing takes a lock, and what was closed
is not due any more.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import huey
from huey.api import Huey, crontab
from huey.exceptions import ConfigurationError

from assessment.config import BadSetting, Settings
from assessment.services.close_campaign import close_due
from assessment.services.platform import Platform, connect
from assessment.services.refresh_participation import refresh_participation

QUEUE = "assessment"
LOG = logging.getLogger("assessment.jobs")


def make_queue(settings: Settings) -> Huey:
    """Return the queue: a SQLite file of its own in the instance, or in PostgreSQL or Redis as the settings say.

    :raise BadSetting: for Redis, when its Python package is missing.
    """
    if settings.queue_url.startswith(("redis://", "rediss://", "unix://")):
        try:
            return huey.RedisHuey(QUEUE, url=settings.queue_url, results=False)
        except ConfigurationError as error:
            remedy = "install the Python package redis, or write postgresql://…"
            raise BadSetting("queue_url", "redis://…", remedy) from error
    if settings.queue_url or not settings.is_sqlite:
        dsn = settings.queue_url or settings.database_url
        return huey.PostgresHuey(QUEUE, dsn=dsn.replace("postgresql+psycopg://", "postgresql://"), results=False)
    return huey.SqliteHuey(QUEUE, filename=str(settings.instance / "jobs.sqlite"), results=False)


def register(queue: Huey, platform: Platform) -> dict[str, Any]:
    """Put the periodic tasks on a queue; return them by name."""

    def task(name: str, when: Callable[[datetime], bool]) -> Callable[[Callable[[], None]], Any]:
        decorator: Callable[[Callable[[], None]], Any] = queue.periodic_task(when, name=name)
        return decorator

    @task("close_due", crontab(minute="*"))
    def close() -> None:
        for view in close_due(platform):
            if view.problem is None:
                LOG.info("closed campaign %s", view.campaign_id)
            else:
                LOG.error("campaign %s needs somebody: %s", view.campaign_id, view.problem)

    @task("refresh_participation", crontab(minute="*/10"))
    def refresh() -> None:
        refresh_participation(platform)

    return {"close_due": close, "refresh_participation": refresh}


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; what is being done is finished first."""
    queue = make_queue(settings)
    register(queue, connect(settings))
    queue.create_consumer(workers=1, worker_type="thread", graceful_signal="TERM", shutdown_timeout=60).run()


def end_with_parent() -> None:
    """End this process when the pipe on standard input closes: whoever started it has gone, however it went."""

    def wait() -> None:
        # Not sys.stdin: its lock would be held in every process forked from here.
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True, name="end with parent").start()


def main() -> None:
    """Run the background work of the instance that the environment names."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    LOG.setLevel(logging.INFO)
    if "--end-with-parent" in sys.argv[1:]:
        end_with_parent()
    try:
        run(Settings.load())
    except BadSetting as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
