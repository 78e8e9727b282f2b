"""Promise: nothing that a respondent sends can hold words, so no style, name or story can give anybody away.

There are no comments in this version. What the attack on them would look for is looked for everywhere that a comment
would have to pass: the instrument's questions, the form, the coding of a ballot, and the tables it is counted into.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any, get_args

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.services.close_campaign import close_campaign
from assessment.services.platform import Platform
from assessment.web.respond.forms import field_name
from questionnaires import answers, instrument
from questionnaires.answers import InvalidAnswers
from questionnaires.instrument import Questionnaire
from tests import builders
from tests.anonymity.leaks import add_column
from tests.builders import Cast
from tests.conftest import Clock

CANARY = "Everybody knows how Berta puts it: quite."
COUNTED = ("ballot", "cover", "histogram", "role_figure", "role_test")
# The text of a counted row is one of the names that the campaign's instrument gives.
NAMES = {"measure", "aspect", "role"}


class Inputs(HTMLParser):
    """The places of a page into which somebody can write."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        kind = given.get("type", "text") if tag == "input" else ""
        is_chosen = tag != "input" or kind in {"radio", "hidden", "submit"}
        if tag == "textarea" or not is_chosen or "contenteditable" in given:
            self.found.append(given.get("name") or tag)


def wordy_questions(asked: Questionnaire) -> list[str]:
    """The attack on the instrument and the ballot: which questions take words, or more than a handful of values?"""
    found = [question.key for question in asked.questions if question.kind not in ("item", "choice", "ladder", "role")]
    for question in asked.questions:
        for value in (CANARY, CANARY.encode(), 7.5, True, [1], question.highest + 1, question.lowest - 1):
            try:
                answers.encode({question.key: value}, asked)  # type: ignore[dict-item]
            except InvalidAnswers:
                continue
            found.append(f"{question.key} takes {value!r}")
        index, readable = asked.questions.index(question), 0
        for byte in range(256):
            row = bytearray(len(asked.questions))
            row[index] = byte
            try:
                answers.decode(bytes(row), asked)
            except InvalidAnswers:
                continue
            readable += 1
        # Every value, and nothing; everywhere but for the role "cannot judge" too.
        if readable != question.highest - question.lowest + 2 + question.takes_cannot_judge:
            found.append(f"{question.key} has {readable} values")
    return found


def writable(app: Flask, code: str) -> list[str]:
    """The attack on the form: where can somebody write?"""
    page = app.test_client().get(f"/a/{code}")
    assert page.status_code == 200
    parser = Inputs()
    parser.feed(page.get_data(as_text=True))
    return parser.found


def wordy_columns(platform: Platform) -> list[str]:
    """The attack on the tables: which columns of what is counted could hold words?"""
    found = []
    for table in COUNTED:
        for column in sa.inspect(platform.database.engine).get_columns(table):
            if column["name"] not in NAMES and column["type"].python_type is str:
                found.append(f"{table}.{column['name']}")
    return found


def stored_words(platform: Platform, words: str) -> list[str]:
    """Return the tables in which these words stand."""
    found = []
    inspector = sa.inspect(platform.database.engine)
    with platform.database.connection() as connection:
        for table in inspector.get_table_names():
            rows: Iterable[Any] = connection.execute(sa.text(f'SELECT * FROM "{table}"')).all()
            values = itertools.chain.from_iterable(rows)
            texts = (bytes(v).decode(errors="replace") if isinstance(v, bytes | memoryview) else str(v) for v in values)
            if any(words in text for text in texts):
                found.append(table)
    return found


def send_words(app: Flask, campaign: builders.Opened, code: str) -> int:
    """Send the form with words in every field and in one that does not exist; return the status."""
    given = {field_name(number): CANARY for number in range(1, len(campaign.questionnaire.questions) + 1)}
    form = {"code": code, "comment": CANARY, "to": "send", "lang": "en", **given}
    return app.test_client().post("/answer", data=form).status_code


@pytest.mark.attack("T27")
def test_words_in_every_place_that_takes_answers(platform: Platform, cast: Cast, app: Flask, clock: Clock):
    campaign = builders.opened(platform, cast, instruments=("westrum", "blameless", "roles"))
    codes = campaign.codes("Atlas")
    assert set(get_args(instrument.Kind)) == {"item", "choice", "ladder", "role"}
    assert wordy_questions(campaign.questionnaire) == []
    assert writable(app, codes[0]) == []
    assert wordy_columns(platform) == []
    assert send_words(app, campaign, codes[0]) == 400
    builders.answer(platform, campaign, "Atlas", level=lambda _: 0.6)
    assert stored_words(platform, CANARY) == []
    clock.set(campaign.view.closes_at)
    close_campaign(platform, campaign.id)
    assert stored_words(platform, CANARY) == []
    with platform.database.connection() as connection:
        measures = set(connection.execute(sa.text("SELECT DISTINCT measure FROM histogram")).scalars())
    names = {question.key for question in campaign.questionnaire.questions}
    assert measures
    assert {measure.removeprefix("complete:").partition(":")[0] for measure in measures} <= {
        "aspect",
        *(name.partition(":")[0] for name in names),
    }


@pytest.mark.leaky("T27")
def test_a_comment_field_is_found(platform: Platform, cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch):
    campaign = builders.opened(platform, cast)
    question = campaign.questionnaire.questions[0]

    @app.after_request
    def with_a_comment(response: Any) -> Any:
        if response.mimetype == "text/html":
            page = response.get_data(as_text=True)
            response.set_data(page.replace("</form>", "<textarea name=comment></textarea></form>"))
        return response

    def taking_words(given: Any, asked: Questionnaire) -> bytes:
        return b"".join(str(given.get(question.key, "")).encode() for question in asked.questions)

    monkeypatch.setattr(answers, "encode", taking_words)
    add_column(platform, "ballot", sqlite="comment TEXT", postgresql="comment text")
    assert "comment" in writable(app, campaign.codes("Atlas")[0])
    assert f"{question.key} takes {CANARY!r}" in wordy_questions(campaign.questionnaire)
    assert wordy_columns(platform) == ["ballot.comment"]
