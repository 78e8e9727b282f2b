"""Promise: what opening has fixed cannot be changed by anybody, and whoever tries leaves a line in the audit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.domain.error_kinds import Refused
from assessment.services.audit import list_audit
from assessment.services.close_campaign import close_campaign
from assessment.services.draft_campaign import delete_draft, update_draft
from assessment.services.import_answers import import_answers
from assessment.services.open_campaign import open_campaign
from assessment.services.platform import Platform
from assessment.services.print_cards import print_cards
from assessment.services.undo_import import undo_import
from assessment.services.void_campaign import void_campaign
from tests import builders
from tests.anonymity.leaks_doors import closing_at_any_time, open_campaigns_changed, refusals_forgotten
from tests.assessment.cli.conftest import Run, run
from tests.assessment.web.coach.browsing import token
from tests.builders import Cast, Opened
from tests.conftest import Clock, signed_in

__all__ = ["run"]

FROZEN = ("campaign", "node", "roster", "card", "histogram")
Attempts = dict[str, Callable[[], object]]


def attempts_while_open(platform: Platform, cast: Cast, campaign: Opened, folder: Path) -> Attempts:
    """Return every way to change an open campaign that its services offer."""
    number, later = campaign.id, campaign.view.closes_at + timedelta(days=7)
    changes = {
        "closing time": {"closes_at": later},
        "an earlier closing time": {"closes_at": platform.clock() + timedelta(minutes=1)},
        "reporting size": {"reporting_size": 6},
        "teams": {"teams": [cast.teams["Atlas"]]},
        "way": {"way": "open_link"},
        "instruments": {"instruments": ["westrum-short"]},
        "focus": {"focus": ["bridging"]},
        "quarter": {"quarter": "2026-Q4"},
    }
    found: Attempts = {
        f"change the {name}": lambda change=change: update_draft(platform, cast.hedy, number, **change)  # type: ignore[misc]
        for name, change in changes.items()
    }
    return found | {
        "delete it": lambda: delete_draft(platform, cast.hedy, number),
        "open it again": lambda: open_campaign(platform, cast.hedy, number),
        "close it early": lambda: close_campaign(platform, number, actor=cast.hedy),
        "import over it": lambda: answers_imported(platform, cast, folder),
        "take it back": lambda: undo_import(platform, cast.hedy, number),
        "void it for other coaches": lambda: void_campaign(platform, cast.ada, number),
    }


def attempts_after_closing(platform: Platform, cast: Cast, campaign: Opened, folder: Path) -> Attempts:
    """Return every way to change a closed campaign, or to have it counted anew."""
    kept = ("close it early", "void it for other coaches")
    found = attempts_while_open(platform, cast, campaign, folder)
    return {name: attempt for name, attempt in found.items() if name not in kept} | {
        "count it again": lambda: close_campaign(platform, campaign.id, actor=cast.hedy),
        "void it": lambda: void_campaign(platform, cast.hedy, campaign.id),
        "print cards": lambda: print_cards(platform, cast.hedy, campaign.id, campaign.node("Atlas")),
    }


def answers_imported(platform: Platform, cast: Cast, folder: Path) -> object:
    mapping = folder / "mapping.yaml"
    mapping.write_text("instrument: westrum-short\nteam: {column: Team}\ncolumns:\n  messengers: messengers\n")
    return import_answers(platform, b"Team,messengers\n" + b"Atlas,4\n" * 5, mapping, quarter="2026-Q3",
                          actor=cast.hedy)  # fmt: skip


def rows(platform: Platform) -> list[str]:
    with platform.reading() as session:
        return [
            f"{table} {sorted(map(repr, session.execute(sa.text(f'SELECT * FROM {table}')).all()))}" for table in FROZEN
        ]


def got_through(platform: Platform, cast: Cast, attempts: Attempts) -> list[str]:
    """Try everything; return what was not refused, changed something all the same, or left no line in the audit."""
    found = []
    for name, attempt in attempts.items():
        before, n_lines = rows(platform), len(list_audit(platform, cast.operator))
        try:
            attempt()
        except Refused:
            pass
        else:
            found.append(f"{name}: was not refused")
        if rows(platform) != before:
            found.append(f"{name}: something changed")
        lines = list_audit(platform, cast.operator)
        new = lines[: len(lines) - n_lines]
        if len(new) != 1 or not new[0].action.startswith("refused: ") or new[0].actor not in {"Hedy", "Ada"}:
            found.append(f"{name}: the audit does not say so")
    return found


@pytest.fixture
def campaign(platform: Platform, cast: Cast) -> Opened:
    return builders.opened(platform, cast, teams=["Atlas", "Borealis"], focus=["messengers"])


@pytest.fixture
def closed(platform: Platform, cast: Cast, campaign: Opened, clock: Clock) -> Opened:
    builders.answer(platform, campaign, "Atlas")
    clock.set(campaign.view.closes_at)
    close_campaign(platform, campaign.id)
    return campaign


@pytest.mark.attack("T18")
def test_an_open_campaign_cannot_be_changed(platform: Platform, cast: Cast, campaign: Opened, tmp_path: Path):
    assert got_through(platform, cast, attempts_while_open(platform, cast, campaign, tmp_path)) == []


@pytest.mark.attack("T18")
def test_nor_can_a_closed_one(platform: Platform, cast: Cast, closed: Opened, tmp_path: Path):
    assert got_through(platform, cast, attempts_after_closing(platform, cast, closed, tmp_path)) == []


@pytest.mark.leaky("T18")
def test_an_audit_that_forgets_refusals_would_be_noticed(
    platform: Platform, cast: Cast, campaign: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    refusals_forgotten(monkeypatch)
    attempts = attempts_while_open(platform, cast, campaign, tmp_path)
    assert got_through(platform, cast, attempts) == [f"{name}: the audit does not say so" for name in attempts]


@pytest.mark.leaky("T18")
def test_an_early_look_would_be_noticed(
    platform: Platform, cast: Cast, campaign: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    closing_at_any_time(monkeypatch)
    early = {"close it early": attempts_while_open(platform, cast, campaign, tmp_path)["close it early"]}
    assert "close it early: was not refused" in got_through(platform, cast, early)


@pytest.mark.leaky("T18")
def test_a_change_that_is_possible_after_opening_would_be_noticed(
    platform: Platform, cast: Cast, campaign: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    open_campaigns_changed(monkeypatch)
    attempts = attempts_while_open(platform, cast, campaign, tmp_path)
    found = got_through(platform, cast, {name: attempts[name] for name in attempts if name.startswith("change")})
    assert "change the reporting size: something changed" in found
    assert "change the closing time: was not refused" in found


@pytest.mark.attack("T18")
def test_a_form_made_by_hand_is_refused_and_noted(platform: Platform, app: Flask, cast: Cast, campaign: Opened):
    hedy = signed_in(app, cast.hedy_email, cast.password)
    given = {"csrf_token": token(hedy.get("/coach/organisation/import").get_data(as_text=True))}
    before = rows(platform)
    for asked in ("edit", "open", "delete"):
        assert hedy.post(f"/coach/campaigns/{campaign.id}/{asked}", data=given).status_code == 404
    assert rows(platform) == before
    lines = list_audit(platform, cast.operator)[:3]
    assert {(line.actor, line.subject, line.detail) for line in lines} == {
        ("Hedy", f"campaign {campaign.id}", "the campaign is open")
    }
    assert [line.action for line in reversed(lines)] == ["refused: edit_draft", "refused: open_", "refused: delete"]


def test_a_look_at_a_form_that_is_gone_leaves_no_line(platform: Platform, app: Flask, cast: Cast, campaign: Opened):
    hedy = signed_in(app, cast.hedy_email, cast.password)
    before = list_audit(platform, cast.operator)
    assert hedy.get(f"/coach/campaigns/{campaign.id}/edit").status_code == 404
    assert list_audit(platform, cast.operator) == before


@pytest.fixture
def tried(run: Run, campaign: Opened) -> Iterator[Run]:
    """Try at the command line what is frozen."""
    run("close", campaign.id, code=1)
    run("campaign", "open", campaign.id, code=1)
    return run


def test_the_operators_attempts_are_noted_too_and_can_be_listed(tried: Run, campaign: Opened):
    lines = json.loads(tried("audit", "--json", "--limit", 2).stdout)
    assert [(line["actor"], line["action"]) for line in lines] == [
        ("operator", "refused: open campaign"),
        ("operator", "refused: close campaign"),
    ]
    assert "NotYetDue" in lines[1]["detail"]
    told = tried("audit").stdout.splitlines()
    assert "refused: open campaign, campaign 1: NotADraft" in told[0]
    assert any("campaign opened, campaign 1: 2026-Q3, 2 teams" in line for line in told)
