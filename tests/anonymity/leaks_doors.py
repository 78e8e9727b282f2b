"""Deliberately leaky variants of our doors: conveniences that somebody might bring back, each for one attack."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, Response, request
from pypdf import PdfWriter

from assessment.services import (
    build_report,
    campaigns,
    close_campaign,
    draft_campaign,
    find_door,
    keep_counted,
    opening,
    refusals,
)
from assessment.services.actor import Scope
from assessment.services.campaigns import NodeView
from assessment.services.platform import Platform
from assessment.storage import ballots
from assessment.storage.models import Campaign, Node
from assessment.web import access_log
from reports import carry_up
from reports.blocks import Document
from reports.kept import Kept

# Loaded by every process of the server before anything else.
ACCESS_LOG = """
import gunicorn.config

usual = gunicorn.config.Config.set


def set_and_log(self, name, value):
    usual(self, name, "-" if name == "accesslog" else value)


gunicorn.config.Config.set = set_and_log
"""


def server_with_an_access_log(folder: Path) -> dict[str, str]:
    """Return an environment in which the web server writes the access log that web servers usually write."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(ACCESS_LOG)
    return {"PYTHONPATH": str(folder)}


def whole_errors_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Log unexpected errors with their traceback and path, as Flask does."""

    def log(logger: logging.Logger, exc_info: Any) -> None:
        logger.error("Exception on %s [%s]", request.path, request.method, exc_info=exc_info)

    monkeypatch.setattr(access_log, "exception", log)


def session_for_everybody(app: Flask) -> None:
    """Recognise visitors again by a cookie, on respondents' pages too."""

    def remember(response: Response) -> Response:
        response.set_cookie("visit", "1")
        response.headers.add("Vary", "Cookie")
        return response

    app.after_request(remember)


def live_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show how many have answered while a campaign is open."""
    usual = campaigns._node_view

    def counting(platform: Platform, campaign: Campaign, node: Node, *others: Any) -> NodeView:
        with platform.reading() as session:
            n_answered = ballots.n_of_node(session, campaign.id, node.id)
        return replace(usual(platform, campaign, node, *others), n_answered=n_answered)

    monkeypatch.setattr(campaigns, "_node_view", counting)


def band_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count participation whenever somebody looks, not once a day."""
    usual = campaigns._node_view

    def counting(platform: Platform, campaign: Campaign, node: Node, *others: Any) -> NodeView:
        view = usual(platform, campaign, node, *others)
        with platform.reading() as session:
            n_answered = ballots.n_of_node(session, campaign.id, node.id)
        return replace(view, participation=campaigns.Participation.HALF_OR_MORE if n_answered else None)

    monkeypatch.setattr(campaigns, "_node_view", counting)


def refusals_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no line of what was refused."""
    monkeypatch.setattr(refusals, "note_refusal", lambda *_: None)


def closing_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a campaign be closed before its time, for an early look."""
    monkeypatch.setattr(close_campaign, "check_due", lambda *_: None)


def open_campaigns_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an open campaign be changed like a draft."""

    class Confused:
        DRAFT = "open"

    monkeypatch.setattr(draft_campaign, "State", Confused)
    # The database itself would not let go of the teams whose rosters are frozen.
    monkeypatch.setattr(draft_campaign.campaigns, "remove_nodes", lambda *_: None)
    monkeypatch.setattr(draft_campaign, "_choose_teams", lambda *_: None)


def reports_for_every_coach(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget to ask whose team a report is."""
    monkeypatch.setattr(build_report, "scope_of", lambda *_: Scope(True, frozenset()))


def documents_with_a_date(monkeypatch: pytest.MonkeyPatch, pdf: ModuleType, clock: Callable[[], datetime]) -> None:
    """Write into each PDF when it was made, as programs that make PDFs do."""
    usual = pdf.write

    def dated(document: Document) -> bytes:
        made = PdfWriter(clone_from=io.BytesIO(usual(document)))
        made.add_metadata({"/CreationDate": f"D:{clock():%Y%m%d%H%M%S}Z"})
        out = io.BytesIO()
        made.write(out)
        return out.getvalue()

    monkeypatch.setattr(pdf, "write", dated)


def a_lower_reporting_size(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Count and show with a reporting size below five, whatever the campaign froze."""
    keep, kept_of = keep_counted.keep, build_report.kept_of

    def keep_more(*given: Any, **named: Any) -> Kept:
        return keep(*given, **named | {"reporting_size": size})

    def kept_more(*given: Any) -> Kept:
        return replace(kept_of(*given), reporting_size=size)

    monkeypatch.setattr(keep_counted, "keep", keep_more)
    monkeypatch.setattr(build_report, "kept_of", kept_more)


def a_lower_size_of_open_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat an open link, where one person may answer often, like any other way."""
    usual = carry_up.smallest_sizes

    def alike(nodes: Any, reporting_size: int) -> dict[int, int]:
        return dict.fromkeys(usual(nodes, reporting_size), reporting_size)

    monkeypatch.setattr(carry_up, "smallest_sizes", alike)


def rosters_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show a team no names, out of a wrong idea of privacy."""
    usual = find_door.door_of
    monkeypatch.setattr(find_door, "door_of", lambda *given: replace(usual(*given), roster=()))


def database_without_checks(platform: Platform) -> None:
    """Take away what makes the database itself refuse figures below the reporting size."""
    if not platform.database.is_sqlite:
        with platform.transaction() as session:
            session.execute(sa.text("ALTER TABLE cover DROP CONSTRAINT ck_cover_reporting_size"))
        return

    def ignore(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA ignore_check_constraints = ON")

    sa.event.listen(platform.database.engine, "connect", ignore)
    platform.database.engine.dispose()


def only_pairs_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare a team with each other team of the quarter alone, not with several together."""

    def is_copy(people: Iterable[int], others: Iterable[Iterable[int]], size: int) -> bool:
        team = set(people)
        return any(team & set(other) and len(team ^ set(other)) < size for other in others)

    monkeypatch.setattr(opening, "leaves_few", is_copy)


def copies_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask any team in any quarter, whoever is in it."""
    monkeypatch.setattr(opening, "leaves_few", lambda *_: False)
