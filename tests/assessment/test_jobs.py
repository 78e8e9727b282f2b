from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import huey
import pytest

from assessment.config import BadSetting
from assessment.domain.campaign import Participation
from assessment.jobs import enqueue_mail, enqueue_opening, make_queue, register
from assessment.services.ask_batch import ask_batch
from assessment.services.ask_opening import ask_opening
from assessment.services.batches import get_batch
from assessment.services.campaigns import get_campaign
from assessment.services.pack_batch import pack_batch
from assessment.services.platform import Platform
from tests import builders
from tests.builders import Cast
from tests.conftest import Clock
from tests.mail_server import free_port, in_folder, mail_server, with_mail


def test_the_queue_lives_where_the_database_does(platform: Platform) -> None:
    queue = make_queue(platform.settings)
    assert isinstance(queue, huey.SqliteHuey if platform.settings.is_sqlite else huey.PostgresHuey)
    register(queue, platform)
    assert len(queue) == 0
    queue.storage.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_redis_needs_a_package_that_the_error_names(platform: Platform) -> None:
    with pytest.raises(BadSetting, match="package redis"):
        make_queue(replace(platform.settings, queue_url="redis://127.0.0.1:1/0"))


def test_the_timed_job_closes_what_is_due_and_leaves_the_rest(platform: Platform, cast: Cast, clock: Clock) -> None:
    due = builders.opened(platform, cast, teams=["Atlas"])
    builders.answer(platform, due, "Atlas", n=6)
    later = builders.opened(platform, cast, teams=["Cygnus"], closes_at=datetime(2026, 12, 1, tzinfo=UTC))
    locked = builders.opened(platform, cast, teams=["Borealis"], passphrase="only the coach knows")
    tasks = register(huey.MemoryHuey(immediate=True), platform)
    tasks["close_due"].call_local()
    assert get_campaign(platform, cast.operator, due.id).state == "open"
    clock.move(days=15)
    tasks["close_due"].call_local()
    states = {opened.id: get_campaign(platform, cast.operator, opened.id).state for opened in (due, later, locked)}
    assert states == {due.id: "closed", later.id: "open", locked.id: "open"}


def test_the_timed_job_refreshes_participation_once_a_day(platform: Platform, cast: Cast, clock: Clock) -> None:
    campaign = builders.opened(platform, cast)
    tasks = register(huey.MemoryHuey(immediate=True), platform)
    # Half past six in Berlin.
    clock.set(datetime(2026, 9, 2, 4, 30, tzinfo=UTC))
    tasks["refresh_participation"].call_local()
    builders.answer(platform, campaign, "Atlas")
    clock.move(minutes=10)
    tasks["refresh_participation"].call_local()
    atlas = next(node for node in get_campaign(platform, cast.operator, campaign.id).teams if node.name == "Atlas")
    assert atlas.participation is Participation.UNDER_HALF
    clock.move(days=1)
    tasks["refresh_participation"].call_local()
    atlas = next(node for node in get_campaign(platform, cast.operator, campaign.id).teams if node.name == "Atlas")
    assert atlas.participation is Participation.HALF_OR_MORE


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_closing_is_looked_at_every_minute_and_participation_every_ten(platform: Platform) -> None:
    queue = huey.MemoryHuey(immediate=True)
    register(queue, platform)
    at = [{task.name for task in queue.read_periodic(datetime(2026, 9, 2, 6, minute))} for minute in (0, 1, 10)]
    each_minute = {"close_due", "finish_openings", "send_mail", "make_batches"}
    assert at == [each_minute | {"refresh_participation"}, each_minute, each_minute | {"refresh_participation"}]


def test_an_opening_that_was_asked_for_is_finished_and_its_invitations_are_mailed(
    platform: Platform, cast: Cast, tmp_path: Path
) -> None:
    asked = builders.draft(platform, cast, teams=["Cygnus"], way="email")
    assert ask_opening(platform, cast.ada, asked).state == "draft"
    tasks = register(huey.MemoryHuey(immediate=True), platform)
    tasks["finish_openings"].call_local()
    assert get_campaign(platform, cast.ada, asked).state == "open"
    assert len(in_folder(tmp_path / "mail")) == 5


def test_what_a_page_asks_for_is_queued_without_any_argument(platform: Platform, cast: Cast, tmp_path: Path) -> None:
    builders.opened(platform, cast, teams=["Cygnus"], way="email")
    enqueue_opening(platform.settings)
    enqueue_mail(platform.settings)
    queue = make_queue(platform.settings)
    register(queue, platform)
    messages = [queue.serializer.deserialize(content) for content in queue.storage.enqueued_items()]
    assert sorted(message.name.rpartition(".")[2] for message in messages) == ["finish_openings", "send_mail"]
    assert all(not message.args and not message.kwargs for message in messages)
    while (task := queue.dequeue()) is not None:
        queue.execute(task)
    queue.storage.close()
    assert len(in_folder(tmp_path / "mail")) == 5


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_background_process_does_what_a_page_asks_for(
    platform: Platform, cast: Cast, environ: dict[str, str], tmp_path: Path
) -> None:
    enqueue_mail(platform.settings)
    queue = make_queue(platform.settings)
    # The other process reads the machine's clock.
    builders.opened(platform, cast, teams=["Cygnus"], way="email", closes_at=datetime(2100, 1, 1, tzinfo=UTC))
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen([sys.executable, "-m", "assessment.jobs"], env=os.environ | environ, stderr=said)
        try:
            until = time.monotonic() + 60
            while len(queue) or not in_folder(tmp_path / "mail"):
                assert time.monotonic() < until
                time.sleep(0.1)
        finally:
            process.terminate()
            process.wait(30)
            queue.storage.close()
    assert "Error" not in (tmp_path / "said").read_text()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_queue_that_is_away_refuses_nobody(platform: Platform, caplog: pytest.LogCaptureFixture) -> None:
    enqueue_mail(replace(platform.settings, queue_url="postgresql://nobody@127.0.0.1:1/none?connect_timeout=1"))
    assert "send_mail waits for the next minute" in caplog.text


def test_trouble_with_mail_is_logged_without_addresses(
    platform: Platform, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    builders.opened(platform, cast, teams=["Cygnus"], way="email")
    with mail_server() as box:
        box.refusals = {"cygnus0@example.org": "550 no cygnus0@example.org here"}
        with caplog.at_level("INFO"):
            register(huey.MemoryHuey(immediate=True), with_mail(platform, box.url))["send_mail"].call_local()
            down = with_mail(platform, f"smtp://127.0.0.1:{free_port()}")
            builders.opened(platform, cast, teams=["Borealis"], way="email")
            register(huey.MemoryHuey(immediate=True), down)["send_mail"].call_local()
    # The test's own mail server logs too.
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("assessment"))
    assert "mails: 4 sent, 1 given up, 0 waiting" in ours
    assert "mail needs somebody: The mail could not be handed over: Connection refused" in ours
    assert "cygnus" not in ours


def test_a_batch_that_one_run_cannot_finish_queues_the_next_run_once(
    platform: Platform, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.closed(platform, clock, cast, answered=dict.fromkeys(builders.SIZES, 3))
    batch_id = ask_batch(platform, cast.ada, "2026-Q3", "en")
    monkeypatch.setattr("assessment.jobs.REPORT_SECONDS", 0.0)
    queue = huey.MemoryHuey()
    tasks = register(queue, platform)
    tasks["make_batches"].call_local()
    assert len(queue) == 1
    tasks["make_batches"].call_local()
    assert len(queue) == 1, "what waits already is not queued again"
    monkeypatch.undo()
    while (task := queue.dequeue()) is not None:
        queue.execute(task)
    assert get_batch(platform, cast.ada, batch_id).n_made == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_reports_are_made_after_the_background_process_was_killed_over_them(
    platform: Platform, cast: Cast, clock: Clock, environ: dict[str, str], tmp_path: Path
) -> None:
    builders.closed(platform, clock, cast)
    # The other process reads the machine's clock.
    clock.set(datetime.now(UTC))
    batch_id = ask_batch(platform, cast.hedy, "2026-Q3", "en")
    for n_wanted in (1, 4):
        with (tmp_path / "said").open("w") as said:
            process = subprocess.Popen([sys.executable, "-m", "assessment.jobs"], env=os.environ | environ, stderr=said)
            try:
                until = time.monotonic() + 120
                while get_batch(platform, cast.hedy, batch_id).n_made < n_wanted:
                    assert time.monotonic() < until
                    assert process.poll() is None
                    time.sleep(0.02)
            finally:
                process.kill()
                process.wait(30)
    assert get_batch(platform, cast.hedy, batch_id).state == "ended"
    assert len(list(pack_batch(platform, cast.hedy, batch_id))) == 5
