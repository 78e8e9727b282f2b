from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import huey
import pytest

from assessment.config import BadSetting
from assessment.domain.campaign import Participation
from assessment.jobs import make_queue, register
from assessment.services.campaigns import get_campaign
from assessment.services.platform import Platform
from tests import builders
from tests.builders import Cast
from tests.conftest import Clock


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
    both = {"close_due", "refresh_participation"}
    assert at == [both, {"close_due"}, both]
