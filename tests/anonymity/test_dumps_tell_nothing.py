"""Promise: dumps tell nothing, not even all of them compared with each other, and none opens after closing.

Dumps are the program's own backups, one after every request. One made by hand with `--with-keys` is left out: it is
made to be opened, and SECURITY.md says so.
"""

from __future__ import annotations

import base64
import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from assessment.services.backup import backup
from assessment.services.close_campaign import close_campaign
from assessment.services.migrate import BACKUPS, _save
from assessment.services.platform import Platform, connect
from assessment.services.restore import restore
from assessment.storage import dump
from tests import builders
from tests.anonymity import leaks
from tests.anonymity.forensics import (
    Key,
    Row,
    every_value,
    keys_in,
    readable,
    rows,
)
from tests.anonymity.leaks import Leak
from tests.anonymity.respondents import WAYS, asked, unmistakable
from tests.conftest import Clock

N_DUMPS = 3
both_ways = pytest.mark.parametrize("way", WAYS)


def dumped(platform: Platform) -> dict[str, set[str]]:
    with dump.snapshot(platform.database) as connection:
        return {table.name: set(dump.lines(connection, table)) for table in dump.tables(connection)}


def told_by_each_answer(platform: Platform, cast: builders.Cast, way: str) -> set[tuple[str, ...]]:
    """Dump before and after every answer; return what one of them changed, all of them taken together."""
    campaign, people = asked(platform, cast, way, teams=["Cygnus"])
    found = set()
    for person in people:
        person.collect(platform)
        before = dumped(platform)
        person.answer(platform, unmistakable(campaign.questionnaire))
        found.add(changes(before, dumped(platform)))
    return found


def changes(before: Mapping[str, set[str]], after: Mapping[str, set[str]]) -> tuple[str, ...]:
    """Return the table of every row that came, and of every row that is gone or is another now."""
    new = [name for name in after for _ in after[name] - before[name]]
    return (*new, *(f"{name}, gone" for name in before for _ in before[name] - after[name]))


@pytest.mark.attack("T5")
@both_ways
def test_an_answer_changes_nothing_but_one_more_ballot(platform: Platform, cast: builders.Cast, way: str):
    assert told_by_each_answer(platform, cast, way) == {("ballot",)}


@pytest.mark.attack("T5")
def test_collecting_changes_nothing_but_whether_somebody_has_collected(platform: Platform, cast: builders.Cast):
    for person in asked(platform, cast, "email", teams=["Cygnus"])[1]:
        before = dumped(platform)
        person.collect(platform)
        assert changes(before, dumped(platform)) == ("invitee", "invitee, gone")


@pytest.mark.leaky("T5")
@pytest.mark.parametrize(
    ("leak", "table"),
    [
        (leaks.a_live_count, "node"),
        (leaks.a_trigger_that_counts, "node"),
        (leaks.people_marked_as_answered, "card"),
        (leaks.people_marked_afterwards, "card"),
    ],
)
def test_dumps_show_what_else_an_answer_changes(
    platform: Platform, cast: builders.Cast, monkeypatch: pytest.MonkeyPatch, leak: Leak, table: str
):
    with leak(platform, monkeypatch):
        assert all(table in changed for changed in told_by_each_answer(platform, cast, "cards"))


def read_from_dumps(
    platform: Platform, cast: builders.Cast, clock: Clock, tmp_path: Path, way: str
) -> dict[Key, dict[str, int | None]]:
    """Keep a dump of every request and the program's own backups; return whose answers open after closing."""
    campaign, people = asked(platform, cast, way, teams=["Cygnus"])
    kept = tmp_path / "kept"
    kept.mkdir()
    for number, person in enumerate(people[:N_DUMPS]):
        person.collect(platform)
        person.answer(platform, unmistakable(campaign.questionnaire))
        backup(platform, kept / f"{number}.tar.gz")
    _save(platform, "0001")
    clock.set(campaign.view.closes_at)
    close_campaign(platform, campaign.id)
    # The backups of the program are still where they were, if it left them.
    left = platform.settings.instance / BACKUPS
    keys = keys_in(every_value(platform), platform.settings.instance, platform.settings.key_directory)
    found: dict[Key, dict[str, int | None]] = {}
    for path in (*kept.iterdir(), *left.iterdir()):
        found |= readable(ballots_of(path), keys, campaign.questionnaire)
        with restored(platform, path, tmp_path / f"restored-{path.name}") as again:
            found |= readable(rows(again, "ballot"), keys, campaign.questionnaire)
    given = {person.ballot: person.given for person in people}
    assert all(given[ballot] == answers for ballot, answers in found.items())
    return found


def ballots_of(path: Path) -> Iterator[Row]:
    with tarfile.open(path) as archive:
        file = archive.extractfile("tables/ballot.jsonl")
        assert file is not None
        for line in io.TextIOWrapper(file):
            row = json.loads(line)
            yield row | {name: base64.b64decode(row[name]) for name in ("id", "sealed")}


@contextmanager
def restored(platform: Platform, path: Path, folder: Path) -> Iterator[Platform]:
    """Restore a dump into an installation of its own that has whatever is left of the keys, and resume what it can."""
    folder.mkdir()
    url = f"sqlite:///{folder / 'assessment.sqlite'}"
    settings = replace(platform.settings, instance=folder, database_url=url)
    restore(settings, path, resume_open=True)
    again = connect(settings, platform.clock)
    try:
        yield again
    finally:
        again.database.dispose()


@pytest.mark.attack("T5")
@both_ways
def test_no_dump_can_be_opened_after_closing(
    platform: Platform, cast: builders.Cast, clock: Clock, tmp_path: Path, way: str
):
    assert read_from_dumps(platform, cast, clock, tmp_path, way) == {}


@pytest.mark.leaky("T5")
@pytest.mark.parametrize("leak", [leaks.keys_kept, leaks.backups_with_keys])
def test_dumps_open_where_a_key_is_left(
    platform: Platform,
    cast: builders.Cast,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    leak: Leak,
):
    with leak(platform, monkeypatch):
        assert len(read_from_dumps(platform, cast, clock, tmp_path, "cards")) == N_DUMPS
