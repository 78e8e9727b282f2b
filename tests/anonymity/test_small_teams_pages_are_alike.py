"""Promise: nowhere on a page, in a picture or in a file does a small team's report say more than its coarse words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from assessment.config import Settings
from assessment.services.close_campaign import close_campaign
from assessment.services.platform import connect
from assessment.services.submit_ballot import submit_ballot
from assessment.web import create_app
from tests import builders
from tests.conftest import Clock, Databases, signed_in

# What every page has of its own, whatever it is about.
OWN = re.compile(r'nonce="?[\w-]+|csrf_token[^>]*>|/result/[\w-]+')
Documents = dict[str, bytes]


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Path]:
    return iter([tmp_path / "one", tmp_path / "two"])


def documents(databases: Databases, folder: Path, clock: Clock, levels: Sequence[int]) -> Documents:
    """Let the five of Cygnus answer every item with these values; return everything anybody can get of it."""
    folder.mkdir()
    found: Documents = {}
    with ExitStack() as stack:
        url = stack.enter_context(databases.sqlite(folder))
        environ = {
            "ASSESSMENT_INSTANCE": str(folder),
            "ASSESSMENT_KEY_DIRECTORY": f"{folder}-keys",
            "DATABASE_URL": url,
        }
        platform = connect(Settings.load(environ=environ), clock)
        stack.callback(platform.database.dispose)
        cast = builders.organisation(platform)
        campaign = builders.opened(platform, cast, teams=["Cygnus"], focus=["messengers"])
        for code, level in zip(campaign.codes("Cygnus"), levels, strict=True):
            given: dict[str, Any] = builders.answers(campaign.questionnaire, 0.5)
            given |= {question.key: level for question in campaign.questionnaire.questions if question.kind == "item"}
            submit_ballot(platform, door_key=code, answers=given)
        clock.set(campaign.view.closes_at)
        close_campaign(platform, campaign.id)
        coach = signed_in(create_app(platform), cast.hedy_email, cast.password)
        team = f"/coach/reports/2026-Q3/teams/{cast.teams['Cygnus']}"
        whole = f"/coach/reports/2026-Q3/organisation/{campaign.id}"
        forms = ("", ".json", ".csv", ".csv?shape=wide", ".pdf")
        for path in ("/coach/reports", *(place + form for place in (team, whole) for form in forms)):
            reply = coach.get(path)
            assert reply.status_code == 200
            found[path] = reply.get_data()
        summary = next(node.reading_key for node in campaign.view.teams)
        found["/result"] = coach.get(f"/result/{summary}").get_data()
    return {
        path: content if path.endswith(".pdf") else OWN.sub("", content.decode()).encode()
        for path, content in found.items()
    }


@pytest.mark.parametrize(("one", "two"), [((7, 7, 7, 7, 7), (7, 7, 7, 7, 6)), ((1, 1, 1, 1, 1), (1, 1, 1, 2, 1))])
def test_all_and_all_but_one_read_the_same_to_the_last_byte(
    databases: Databases, folders: Iterator[Path], clock: Clock, one: tuple[int, ...], two: tuple[int, ...]
):
    began = clock.now
    first = documents(databases, next(folders), clock, one)
    clock.set(began)
    second = documents(databases, next(folders), clock, two)
    assert {path for path in first if first[path] != second[path]} == set()
