"""Promise: who watches the encrypted connection learns from the length of requests and replies nothing about answers.

The attacker sees how long each request and each reply is, and can open the same form to compare.

Which step somebody is at is visible: a form is longer than a refusal, and after sending the browser asks for the next
page. So is, when a form goes to its review, how many questions were answered: a browser without scripts sends no more
than was chosen. From the review on, answers are packed to one length. What times tell is in `test_times_tell_nothing`.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from assessment.services.platform import Platform
from assessment.web import create_app
from assessment.web.respond import forms, invitations, wire
from questionnaires.instrument import Questionnaire
from questionnaires.loader import USUAL, WITH_ROLE
from tests import builders
from tests.anonymity.mailed import Mailed, mailed
from tests.assessment.web.respond.browsing import read
from tests.builders import Cast, Opened

ENCODINGS = ("gzip", "identity")


def profiles(questionnaire: Questionnaire) -> dict[str, str]:
    """Return very different answers as the review packs them."""
    offered = [forms.VALUES[question.lowest : question.highest + 1] for question in questionnaire.questions]
    mixed = [values[(7 * place) % len(values)] for place, values in enumerate(offered)]
    return {
        "one answer": offered[0][0] + forms.LEFT_OUT * (len(offered) - 1),
        "half": "".join(mixed[: len(mixed) // 2]).ljust(len(mixed), forms.LEFT_OUT),
        "lowest": "".join(values[0] for values in offered),
        "highest": "".join(values[-1] for values in offered),
        "cannot judge": "".join(
            forms.CANNOT_JUDGE if question.takes_cannot_judge else forms.LEFT_OUT
            for question in questionnaire.questions
        ),
        "mixed": "".join(mixed),
    }


@dataclass(frozen=True)
class Seen:
    """One exchange as it looks from outside."""

    asked: int
    status: int
    headers: int
    body: int


def exchange(client: FlaskClient, path: str, form: dict[str, str], encoding: str = "gzip") -> Seen:
    asked = sum(len(name) + len(value) + 2 for name, value in form.items())
    reply = client.post(path, data=form, headers={"Accept-Encoding": encoding})
    return Seen(
        asked, reply.status_code, sum(len(name) + len(value) + 4 for name, value in reply.headers), len(reply.data)
    )


def open_client(campaign: Mailed) -> FlaskClient:
    app = create_app(campaign.platform)
    app.config["TESTING"] = True
    return app.test_client()


@pytest.mark.attack("T31")
@pytest.mark.parametrize("language", ["en", "de"])
def test_sending_looks_the_same_whatever_is_sent(platform: Platform, cast: Cast, language: str) -> None:
    campaign = mailed(platform, cast, teams=["Atlas"])
    client = open_client(campaign)

    seen = {
        exchange(client, "/answer", form(campaign, person, packed, language, "send"))
        for person, packed in enumerate(profiles(campaign.opened.questionnaire).values())
    }

    assert len(seen) == 1
    assert {each.status for each in seen} == {303}


def form(campaign: Mailed, person: int, packed: str, language: str, to: str) -> dict[str, str]:
    credential = campaign.collect("Atlas", person).text
    return {"credential": credential, "lang": language, "page": "review", "answers": packed, "to": to}


@pytest.mark.attack("T31")
def test_an_accepted_a_spent_and_a_refused_credential_get_equally_long_replies(platform: Platform, cast: Cast) -> None:
    campaign = mailed(platform, cast, teams=["Atlas"])
    client = open_client(campaign)
    packed = profiles(campaign.opened.questionnaire)["mixed"]
    for encoding in ENCODINGS:
        right = campaign.collect("Atlas", ENCODINGS.index(encoding))
        wrong = replace(right, nonce=bytes(32))
        seen = [
            exchange(
                client, "/answer", {"credential": each.text, "lang": "en", "answers": packed, "to": "send"}, encoding
            )
            for each in (right, right, wrong)
        ]
        assert [each.status for each in seen] == [303, 409, 403]
        assert len({(each.asked, each.body) for each in seen}) == 1


def collections(campaign: Mailed) -> dict[str, tuple[str, dict[str, str]]]:
    """Return every way in which looking and collecting can end, with one that is right."""
    tokens, blinded = campaign.tokens["Atlas"], "AA" * 170 + "Bg"
    campaign.collect("Atlas", 0)
    return {
        "look": ("/e/door", {"token": tokens[1]}),
        "look, collected": ("/e/door", {"token": tokens[0]}),
        "look, unknown": ("/e/door", {"token": "x" * 22}),
        "collect": ("/e/collect", {"token": tokens[1], "blinded": blinded}),
        "collect again": ("/e/collect", {"token": tokens[1], "blinded": blinded}),
        "collected": ("/e/collect", {"token": tokens[0], "blinded": blinded}),
        "collect, unknown": ("/e/collect", {"token": "x" * 22, "blinded": blinded}),
        "collect, malformed": ("/e/collect", {"token": tokens[2], "blinded": "A" * 342}),
    }


def lengths_of(client: FlaskClient, asked: dict[str, tuple[str, dict[str, str]]], encoding: str) -> dict[str, set[int]]:
    """Return the lengths of replies, head and body, by address."""
    found: dict[str, set[int]] = {}
    for path, form in asked.values():
        seen = exchange(client, path, form | {"lang": "en"}, encoding)
        found.setdefault(path, set()).update({seen.headers + seen.body})
    return found


@pytest.mark.attack("T31")
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_looking_and_collecting_look_the_same_however_they_end(platform: Platform, cast: Cast, encoding: str) -> None:
    campaign = mailed(platform, cast, teams=["Atlas"])

    found = lengths_of(open_client(campaign), collections(campaign), encoding)

    assert {path: len(lengths) for path, lengths in found.items()} == {"/e/door": 1, "/e/collect": 1}


@pytest.mark.leaky("T31")
def test_replies_that_are_not_filled_up_would_tell_how_collecting_ended(
    platform: Platform, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "STEP", 1)
    monkeypatch.setattr(wire, "PLAIN_STEP", 1)
    campaign = mailed(platform, cast, teams=["Atlas"])

    found = lengths_of(open_client(campaign), collections(campaign), "identity")

    assert all(len(lengths) > 1 for lengths in found.values())


# What gzip cannot shorten much, so that a name of any length moves a page by about half as much.
LETTERS = hashlib.shake_256(b"a team's name").hexdigest(4000)


def named(platform: Platform, name: str) -> None:
    with platform.transaction() as session:
        session.execute(sa.text("UPDATE node SET name = :name WHERE kind = 'team'"), {"name": name})


def unfilled(reply: Any) -> int:
    """Return how long a reply would be if it were not filled up."""
    if reply.headers.get("Content-Encoding") == "gzip":
        return len(gzip.compress(gzip.decompress(reply.data), 9, mtime=0))
    return len(reply.data.rstrip(b" "))


def lengths_where_answers_could_show(
    platform: Platform, campaign: Opened, client: FlaskClient, to: str, encoding: str
) -> set[int]:
    """Return how long a page that shows answers is for different answers, in a team whose page is a telling one.

    The attacker cannot choose a team's name, but of all teams one has a name with which the page is about as long as a
    multiple of the step: a little shorter with some answers, a little longer with others.
    """
    entry = {"link": campaign.link("Cygnus"), "nonce": "x" * 22, "lang": "en", "page": "form", "to": to}
    step = wire.COMPRESSED_STEP if encoding == "gzip" else wire.PLAIN_STEP
    packed = profiles(campaign.questionnaire).values()
    length = 1
    while length < len(LETTERS):
        named(platform, LETTERS[:length])
        replies = [
            client.post("/answer", data=entry | {"answers": answers}, headers={"Accept-Encoding": encoding})
            for answers in packed
        ]
        assert {reply.status_code for reply in replies} == {200}
        sizes = [unfilled(reply) for reply in replies]
        if -(-min(sizes) // step) != -(-max(sizes) // step):
            return {len(reply.data) for reply in replies}
        # A letter is half a byte once compressed, and stands in the page a few times.
        length += max(1, -max(sizes) % step // (1 if encoding == "gzip" else 4))
    raise AssertionError("no name brought the page near a multiple")


@pytest.fixture
def workshop(platform: Platform, cast: Cast) -> Opened:
    return builders.opened(platform, cast, way="open_link", instruments=(*USUAL, WITH_ROLE))


@pytest.mark.attack("T31")
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("to", ["form", "review"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_page_of_any_team_tells_answers_by_its_length(
    platform: Platform, workshop: Opened, client: FlaskClient, to: str, encoding: str
) -> None:
    assert len(lengths_where_answers_could_show(platform, workshop, client, to, encoding)) == 1


@pytest.mark.leaky("T31")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_filling_up_to_the_next_multiple_alone_would_tell(
    platform: Platform, workshop: Opened, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaky: a page is filled up by its own length, and not by that of the page with the longest answers."""
    monkeypatch.setattr(wire, "fill_up_to", lambda _longest: None)

    assert len(lengths_where_answers_could_show(platform, workshop, client, "review", "gzip")) == 2


def lengths_of_requests(client: FlaskClient, campaign: Opened) -> set[int]:
    """Return how long the request for the review is for each role and for none, as a browser sends the form."""
    page = read(client.get(f"/l/{campaign.link('Atlas')}", headers={"Accept-Language": "en"}).text)
    field = list(page.offered)[-1]
    chosen = [{}] + [{field: role} for role in page.offered[field] if role != forms.LEFT_OUT]
    return {sum(len(n) + len(v) + 2 for n, v in page.filled("review", q01="3", **role).items()) for role in chosen}


@pytest.mark.attack("T31")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_asking_for_the_review_is_as_long_whatever_the_role_is(client: FlaskClient, workshop: Opened) -> None:
    assert len(lengths_of_requests(client, workshop)) == 1


@pytest.mark.leaky("T31")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_role_that_is_sent_only_when_it_is_chosen_would_tell(
    client: FlaskClient, workshop: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaky: nothing is chosen beforehand, as in other questions."""
    monkeypatch.setattr(wire, "squeezed", lambda page: page.replace("value=- checked", "value=-"))

    assert len(lengths_of_requests(client, workshop)) == 2
