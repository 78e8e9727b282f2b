"""Promise: no file ever holds an answer: no table, log, temporary file or backup, while it is open or afterwards."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from assessment.domain.credentials import Credential
from assessment.services.backup import backup
from assessment.services.close_campaign import close_campaign
from assessment.services.platform import Platform
from questionnaires.answers import encode
from questionnaires.instrument import Questionnaire
from tests import builders
from tests.anonymity import leaks
from tests.anonymity.forensics import (
    PostgresFiles,
    files,
    hits,
    spellings,
)
from tests.anonymity.leaks import Leak
from tests.anonymity.respondents import WAYS, Respondent, asked, unmistakable
from tests.conftest import Clock

both_ways = pytest.mark.parametrize("way", WAYS)


# Every byte that is written anywhere.


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go during the test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


class Reader:
    """Somebody who reads every file and the program's log, with debugging switched on."""

    def __init__(self, platform: Platform, temporary: Path, log: pytest.LogCaptureFixture) -> None:
        self.platform, self.temporary, self.log = platform, temporary, log
        self.postgres = None if platform.database.is_sqlite else PostgresFiles(platform)
        log.set_level(logging.DEBUG)

    def contents(self) -> Iterator[tuple[str, bytes]]:
        yield from files(self.platform.settings.instance, self.platform.settings.key_directory, self.temporary)
        yield "the program's log", self.log.text.encode()
        if self.postgres is not None:
            yield from self.postgres.tables()
            yield from self.postgres.log()

    def search(self, people: Sequence[Respondent], questionnaire: Questionnaire) -> set[tuple[str, str]]:
        """Return in which files an answer stands, or what somebody answered with."""
        return hits(self.contents(), dict(needles(people, questionnaire)))


def needles(people: Sequence[Respondent], questionnaire: Questionnaire) -> Iterator[tuple[str, list[bytes]]]:
    for number, person in enumerate(people):
        if person.given:
            sent = {f"q{place:02}": value for place, value in enumerate(person.given.values(), start=1)}
            written = [json.dumps(person.given), json.dumps(person.given, separators=(",", ":")), urlencode(sent)]
            ways = [text.strip("{}").encode() for text in written]
            yield f"answers {number}", [*spellings(encode(person.given, questionnaire)), *ways]
        yield f"secrets {number}", [text.encode() for text in person.secrets]


def sends(client: FlaskClient, person: Respondent, questionnaire: Questionnaire) -> None:
    """Let somebody review and send the form as their browser does."""
    person.given = unmistakable(questionnaire)
    chosen = {f"q{number:02}": str(value) for number, value in enumerate(person.given.values(), start=1)}
    if isinstance(person.door_key, Credential):
        opened = {"credential": person.door_key.text}
    else:
        assert isinstance(person.door_key, str)
        opened = {"code": person.door_key}
        assert client.get(f"/a/{person.door_key}").status_code == 200
    for step, status in (("review", 200), ("send", 303)):
        reply = client.post("/answer", data=opened | {"lang": "en"} | chosen | {"to": step})
        assert reply.status_code == status, reply.get_data(as_text=True)


def answers_in_files(
    platform: Platform, cast: builders.Cast, client: FlaskClient, clock: Clock, way: str, reader: Reader
) -> set[tuple[str, str]]:
    """Let people answer through the pages, close, and return what was found in files on the way and in the end."""
    campaign, people = asked(platform, cast, way, teams=["Cygnus"])
    questionnaire, found = campaign.questionnaire, set()
    for number, person in enumerate(people):
        person.collect(platform)
        sends(client, person, questionnaire)
        if number in {0, 2}:
            backup(platform, platform.settings.instance / f"made-by-hand-{number}.tar.gz")
            found |= reader.search(people, questionnaire)
    clock.set(campaign.view.closes_at)
    done = close_campaign(platform, campaign.id)
    assert done.n_answered + done.n_unreadable == len(people)
    return found | reader.search(people, questionnaire)


@pytest.fixture
def reader(platform: Platform, temporary: Path, caplog: pytest.LogCaptureFixture) -> Reader:
    return Reader(platform, temporary, caplog)


@pytest.mark.attack("T4")
@both_ways
def test_no_file_holds_an_answer_at_any_moment(
    platform: Platform, cast: builders.Cast, client: FlaskClient, clock: Clock, way: str, reader: Reader
):
    assert answers_in_files(platform, cast, client, clock, way, reader) == set()


@pytest.mark.leaky("T4")
@pytest.mark.parametrize(
    ("leak", "places"),
    [
        (leaks.ballots_unsealed, {"assessment.sqlite-wal", "made-by-hand-2.tar.gz/tables/ballot.jsonl"}),
        (leaks.answers_in_the_log, {"the program's log"}),
    ],
)
def test_answers_are_found_where_files_hold_them(
    platform: Platform,
    cast: builders.Cast,
    client: FlaskClient,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    reader: Reader,
    leak: Leak,
    places: set[str],
):
    with leak(platform, monkeypatch):
        found = {place for _, place in answers_in_files(platform, cast, client, clock, "cards", reader)}
    missing = places - found
    if platform.database.is_sqlite:
        assert not missing
    else:
        assert missing <= {"assessment.sqlite-wal"}
        # Answers that are not sealed stand in the tables' files and in PostgreSQL's log.
        assert leak is leaks.answers_in_the_log or any(place.startswith("pg_wal/") for place in found)
