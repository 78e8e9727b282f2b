"""Promise: opening a link changes nothing, so no scanner, preview or prefetch uses anybody's right up or leaves a mark.

The attacker is whoever opens links before people do: mail scanners, chat previews, browsers that load ahead, also with
the fragment mangled into the address. And a database administrator who would like every opened link to leave a trace.
What is looked for is any difference in any table, in SQLite's files, and in PostgreSQL's marks of which transaction
wrote a row last.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from assessment.services import find_door
from assessment.services import find_invitation as finding
from assessment.services.platform import Platform
from assessment.storage.base import Base
from assessment.web import create_app
from tests import builders
from tests.anonymity import blind_client
from tests.anonymity.mailed import Mailed, mailed
from tests.builders import Cast, Opened

# How programs open a link before people do.
AHEAD: tuple[dict[str, str], ...] = (
    {},
    {"Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"X-Moz": "prefetch"},
    {"User-Agent": "Mozilla/5.0 (compatible; link preview)"},
)


def state(platform: Platform) -> dict[str, Any]:
    """Return everything that is stored, with what tells that a row was written."""
    found: dict[str, Any] = {}
    with platform.reading() as session:
        for table in Base.metadata.tables:
            extra = "" if platform.database.is_sqlite else ", xmin::text, ctid::text"
            rows = session.execute(sa.text(f"SELECT *{extra} FROM {table}"))
            found[table] = sorted(repr(tuple(row)) for row in rows)
    path = platform.database.path
    if path is not None:
        for file in (path, Path(f"{path}-wal")):
            found[file.name] = hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""
    return found


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return which tables or files differ."""
    return [name for name in before if before[name] != after[name]]


def addresses(app: Flask, values: Mapping[str, list[str]]) -> Iterator[str]:
    """Return every address of the respondents' door that is opened with GET, with everything that can stand in it."""
    routes = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("respond.") and "GET" in (rule.methods or ()):
            yield from (routes.build(rule.endpoint, filled) for filled in fillings(rule, values))


def fillings(rule: Rule, values: Mapping[str, list[str]]) -> Iterator[dict[str, str]]:
    names = sorted(rule.arguments)
    assert len(names) <= 1, f"say what stands in {rule.rule}"
    if not names:
        yield {}
    for name in names:
        yield from ({name: value} for value in values[name])


def open_everything(client: FlaskClient, links: list[str]) -> int:
    """Open every link in every way that changes nothing by the rules of the web; return how many replies were good."""
    n_good = 0
    for link in links:
        for headers in AHEAD:
            for method in ("GET", "HEAD"):
                n_good += client.open(link, method=method, headers=headers, buffered=True).status_code == 200
        client.options(link, buffered=True)
    return n_good


def mangled(token: str) -> list[str]:
    """Return what scanners and mail programs make of the link in a mail, which in itself never leaves the browser."""
    link = f"t.{token}.{'x' * 22}"
    return [
        "/e/en",
        f"/e/en?{link}",
        f"/e/en?token={token}",
        f"/e/en%23{link}",
        f"/e/en/{link}",
        f"/e/door?token={token}",
        f"/e/collect?token={token}&blinded={'A' * 342}",
    ]


class Stage:
    """Campaigns of every way with their links, and the door to open them at."""

    def __init__(self, platform: Platform, cast: Cast) -> None:
        self.by_mail: Mailed = mailed(platform, cast, teams=["Atlas"])
        self.by_card: Opened = builders.opened(platform, cast, teams=["Borealis"])
        self.by_link: Opened = builders.opened(platform, cast, teams=["Cygnus"], way="open_link")
        self.platform = self.by_mail.platform
        app = create_app(self.platform)
        app.config["TESTING"] = True
        self.client = app.test_client()
        keys = [str(node.reading_key) for each in (self.by_mail.opened, self.by_card, self.by_link)
                for node in each.view.teams]  # fmt: skip
        values = {
            "code": [self.by_card.codes("Borealis")[0], "nonsense"],
            "token": [self.by_link.link("Cygnus"), self.by_mail.tokens["Atlas"][0]],
            "reading_key": keys,
            "lang": ["en", "de", "fr"],
            "filename": ["respond.css"],
        }
        self.links = [*addresses(app, values), *mangled(self.by_mail.tokens["Atlas"][0])]
        self.door = [{"token": token, "lang": "en"} for token in (*self.by_mail.tokens["Atlas"], "x" * 22)]


@pytest.fixture
def stage(platform: Platform, cast: Cast) -> Stage:
    return Stage(platform, cast)


@pytest.mark.attack("T30")
def test_opening_every_link_in_every_way_changes_nothing(stage: Stage) -> None:
    before = state(stage.platform)

    assert open_everything(stage.client, stage.links) > 8 * len(AHEAD)

    assert differences(before, state(stage.platform)) == []


@pytest.mark.attack("T30")
def test_asking_what_a_token_opens_changes_nothing(stage: Stage) -> None:
    before = state(stage.platform)

    replies = [stage.client.post("/e/door", data=form) for form in stage.door * 2]

    assert {reply.status_code for reply in replies} == {200, 404}
    assert differences(before, state(stage.platform)) == []
    # And afterwards it can still be collected, which does change something.
    assert blind_client.collect(stage.platform, stage.by_mail.tokens["Atlas"][0])
    assert "invitee" in differences(before, state(stage.platform))


@pytest.mark.attack("T30")
def test_looking_at_the_form_with_a_credential_changes_nothing(stage: Stage) -> None:
    credential = stage.by_mail.collect("Atlas").text
    before = state(stage.platform)

    for to in ("form", "review", "lang-de"):
        form = {"credential": credential, "lang": "en", "q01": "4", "to": to}
        assert stage.client.post("/answer", data=form).status_code == 200

    assert differences(before, state(stage.platform)) == []


def note(platform: Platform, statement: str) -> None:
    with platform.transaction() as session:
        session.execute(sa.text(statement))


@pytest.mark.leaky("T30")
def test_a_count_of_opened_links_would_be_found(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaky: a card that was opened is noted, as programs do that want to know how a mailing went."""
    find = find_door.find_by_card

    def counted(session: Any, typed: str) -> Any:
        found = find(session, typed)
        note(stage.platform, "UPDATE node SET n_answered = coalesce(n_answered, 0) + 1 WHERE way = 'cards'")
        return found

    monkeypatch.setattr(find_door, "find_by_card", counted)
    before = state(stage.platform)
    open_everything(stage.client, stage.links)

    assert "node" in differences(before, state(stage.platform))


@pytest.mark.leaky("T30")
@pytest.mark.parametrize("written", ["n_failures = n_failures + 1", "mail = mail"])
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_invitation_that_notes_who_looked_would_be_found(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    """Leaky: whoever looks is noted; also when the value stays what it was, PostgreSQL knows who wrote last."""
    find = finding.find_by_token

    def noted(session: Any, token: str) -> Any:
        found = find(session, token)
        note(stage.platform, f"UPDATE invitee SET {written} WHERE member_id = {found.member_id}")
        return found

    monkeypatch.setattr(finding, "find_by_token", noted)
    before = state(stage.platform)
    for form in stage.door:
        stage.client.post("/e/door", data=form)

    assert differences(before, state(stage.platform)) == ["invitee"]
