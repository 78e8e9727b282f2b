"""Background work: openings are finished, invitations are mailed, campaigns are closed when they are due, and reports
that coaches asked for all at once are made.

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
from assessment.services.crew import cpus
from assessment.services.finish_openings import finish_openings
from assessment.services.make_batches import make_batches
from assessment.services.platform import Platform, connect
from assessment.services.refresh_participation import refresh_participation
from assessment.services.send_mail import send_waiting
from assessment.storage.database import own

QUEUE = "assessment"
# How long one run of sending may keep other work waiting; the next minute's goes on.
SENDING_SECONDS = 40.0
# The same for making reports, which goes on as soon as other work has had its turn.
REPORT_SECONDS = 15.0
MOST_REPORT_PROCESSES = 4
# How long a task that a page asked for waits at most until it begins.
MOST_DELAY = 0.5
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
    path = settings.instance / "jobs.sqlite"
    own(path)
    return huey.SqliteHuey(QUEUE, filename=str(path), results=False)


def register(queue: Huey, platform: Platform) -> dict[str, Any]:
    """Put the tasks on a queue; return them by name. None takes an argument: a queue holds what is to be done alone."""

    def task(name: str, when: Callable[[datetime], bool]) -> Callable[[Callable[[], None]], Any]:
        def named(work: Callable[[], None]) -> Any:
            # Queues name a task after its module, which would be `__main__` in the process that does the work.
            work.__module__ = "assessment.jobs"
            return queue.periodic_task(when, name=name)(work)

        return named

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
        # Opening looked at them too, but what is changed afterwards records the answers of an open campaign.
        unsafe = platform.database.unsafe_settings()
        if unsafe:
            LOG.error("the database would record when somebody answers: %s", ", ".join(unsafe))

    @task("finish_openings", crontab(minute="*"))
    def opening() -> None:
        opened = False
        for finished in finish_openings(platform):
            opened = opened or finished.problem is None
            if finished.problem is None:
                LOG.info("opened campaign %s", finished.campaign_id)
            else:
                LOG.error("campaign %s could not be opened: %s", finished.campaign_id, finished.problem.nameless)
        if opened:
            mail()

    @task("send_mail", crontab(minute="*"))
    def mail() -> None:
        sent = send_waiting(platform, seconds=SENDING_SECONDS)
        if sent.n_sent or sent.n_failed:
            LOG.info("mails: %s sent, %s given up, %s waiting", sent.n_sent, sent.n_failed, sent.n_waiting)
        if sent.trouble is not None:
            LOG.error("mail needs somebody: %s", sent.trouble)

    @task("make_batches", crontab(minute="*"))
    def reports() -> None:
        # One processor is for whoever looks at a page meanwhile.
        processes = min(max(1, cpus() - 1), MOST_REPORT_PROCESSES)
        done = make_batches(platform, seconds=REPORT_SECONDS, processes=processes)
        if done.n_made:
            LOG.info("%s reports made", done.n_made)
        for batch, place, problem in done.problems:
            # Its text may hold a value of the report.
            LOG.error("report %s of batch %s cannot be made: %s %s", place, batch, problem.kind, problem.where)
        if done.is_more and not any(task.name.endswith("make_batches") for task in queue.pending()):
            reports()

    return {
        "close_due": close,
        "refresh_participation": refresh,
        "finish_openings": opening,
        "send_mail": mail,
        "make_batches": reports,
    }


def enqueue_mail(settings: Settings) -> None:
    """Let the background work send what waits within about a second, instead of at the next full minute."""
    _enqueue(settings, "send_mail")


def enqueue_opening(settings: Settings) -> None:
    """Let the background work finish openings that were asked for within about a second."""
    _enqueue(settings, "finish_openings")


def enqueue_batches(settings: Settings) -> None:
    """Let the background work make reports that were asked for within about a second."""
    _enqueue(settings, "make_batches")


def _enqueue(settings: Settings, name: str) -> None:
    try:
        queue = make_queue(settings)
        try:
            register(queue, connect(settings))[name]()
        finally:
            queue.storage.close()
    except Exception as error:
        # Each minute does it anyway, so nothing that was asked for fails for want of this.
        LOG.warning("%s waits for the next minute: %s", name, type(error).__name__)


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; what is being done is finished first."""
    queue = make_queue(settings)
    tasks = register(queue, connect(settings))
    # What was asked for before a restart does not wait for the next minute.
    tasks["finish_openings"]()
    tasks["send_mail"]()
    tasks["make_batches"]()
    queue.create_consumer(
        workers=1, worker_type="thread", max_delay=MOST_DELAY, graceful_signal="TERM", shutdown_timeout=60
    ).run()


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
