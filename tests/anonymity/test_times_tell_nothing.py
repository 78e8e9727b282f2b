"""Promise: how long sending takes tells nothing about what is sent.

The attacker times many sendings from outside, few answers against many, in turns, and asks how often the second of a
pair took longer (sign test). A busy machine makes single times useless and leaves this test alone, since it hits both
of a pair. Differences of some microseconds remain below what any number of answers in a campaign could show; so what
the database is asked, where almost all of the time goes, is compared exactly.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import comb
from types import MappingProxyType
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from assessment.services import submit_ballot as submitting
from assessment.services.platform import Platform
from assessment.storage.driver import Driver, Found
from assessment.web.respond import forms
from tests import builders
from tests.anonymity.test_lengths_tell_nothing import profiles
from tests.builders import Cast, Opened

PAIRS = 30
# By chance this few or fewer of 30 pairs agree once in a million times.
RARE = 1e-6


def chance(n_longer: int, n: int) -> float:
    """Return how likely at least so uneven a count is when it is a matter of chance (sign test, two-sided)."""
    uneven = max(n_longer, n - n_longer)
    return min(1.0, 2 * sum(comb(n, k) for k in range(uneven, n + 1)) / 2**n)


class Sender:
    """Sends filled-in forms over an open link, which takes as many as somebody likes."""

    def __init__(self, client: FlaskClient, campaign: Opened) -> None:
        self.client, self.link, self.n = client, campaign.link("Cygnus"), 0

    def send(self, packed: str) -> float:
        """Send answers and return the seconds until the reply."""
        self.n += 1
        form = {"link": self.link, "nonce": f"form-{self.n:06}", "lang": "en", "answers": packed, "to": "send"}
        start = time.perf_counter()
        reply = self.client.post("/answer", data=form)
        seconds = time.perf_counter() - start
        assert reply.status_code == 303, reply.get_data(as_text=True)
        return seconds


def n_longer(sender: Sender, few: str, many: str, pairs: int = PAIRS) -> int:
    """Return in how many of the pairs the many answers took longer; who comes first alternates."""
    sender.send(few), sender.send(many)
    longer = 0
    for pair in range(pairs):
        order = (few, many) if pair % 2 else (many, few)
        times = {packed: sender.send(packed) for packed in order}
        longer += times[many] > times[few]
    return longer


@contextmanager
def statements(platform: Platform) -> Iterator[list[tuple[str, int]]]:
    """Note what the database is asked, and how long what is passed along is."""
    seen: list[tuple[str, int]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        values = parameters.values() if isinstance(parameters, Mapping) else parameters
        seen.append((statement, sum(len(value) if isinstance(value, bytes | str) else 1 for value in values)))

    # What every answer takes goes past the engine, through the driver alone.
    execute = Driver.execute

    def noted(self: Driver, statement: sa.Executable, values: Mapping[str, object] = MappingProxyType({})) -> Found:
        note(None, None, str(statement), values)
        return execute(self, statement, values)

    engine = platform.database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Driver, "execute", noted)
        try:
            yield seen
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def workshop(platform: Platform, cast: Cast) -> Opened:
    return builders.opened(platform, cast, teams=["Cygnus"], way="open_link")


@pytest.mark.attack("T31")
def test_the_database_is_asked_the_same_whatever_is_sent(
    platform: Platform, workshop: Opened, client: FlaskClient
) -> None:
    sender, asked = Sender(client, workshop), []
    sender.send("1" + forms.LEFT_OUT * (len(workshop.questionnaire.questions) - 1))  # the first makes connections
    for packed in profiles(workshop.questionnaire).values():
        with statements(platform) as seen:
            sender.send(packed)
        assert any("ballot" in statement for statement, _ in seen)
        asked.append(seen)

    assert all(seen == asked[0] for seen in asked)


@pytest.mark.attack("T31")
def test_few_and_many_answers_take_equally_long(workshop: Opened, client: FlaskClient) -> None:
    answers = profiles(workshop.questionnaire)
    sender = Sender(client, workshop)
    longer = n_longer(sender, answers["one answer"], answers["highest"])

    # Once more before a verdict: half a minute of somebody else's work is not a leak.
    if chance(longer, PAIRS) < RARE:
        longer = n_longer(sender, answers["one answer"], answers["highest"])
    assert chance(longer, PAIRS) >= RARE, f"in {longer} of {PAIRS} pairs the many answers took longer"


@pytest.mark.leaky("T31")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_answer_that_costs_a_millisecond_would_show(
    workshop: Opened, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaky: something is done for each answer that was given, such as a look-up of its question."""
    encode = submitting.encode

    def with_work(answers: Any, questionnaire: Any) -> bytes:
        time.sleep(0.002 * len(answers))
        return encode(answers, questionnaire)

    monkeypatch.setattr(submitting, "encode", with_work)
    answers = profiles(workshop.questionnaire)

    assert chance(n_longer(Sender(client, workshop), answers["one answer"], answers["highest"]), PAIRS) < RARE


@pytest.mark.leaky("T31")
def test_a_statement_for_each_answer_would_show(
    platform: Platform, workshop: Opened, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaky: answers are stored one by one."""
    add = submitting.ballots.add
    given = forms.LEFT_OUT

    def one_by_one(session: Any, **values: Any) -> bool:
        for _ in range(len(given.replace(forms.LEFT_OUT, ""))):
            session.execute(sa.text("SELECT 1"))
        return add(session, **values)

    monkeypatch.setattr(submitting.ballots, "add", one_by_one)
    sender, asked = Sender(client, workshop), []
    for given in profiles(workshop.questionnaire).values():
        with statements(platform) as seen:
            sender.send(given)
        asked.append(seen)

    assert any(seen != asked[0] for seen in asked)
