"""Health facts of many teams from a spreadsheet: all of it or nothing, and every problem by its line."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.orm import Session

from assessment.domain.error_kinds import AssessmentError, Invalid
from assessment.domain.health_facts import PAGES, check_together, read_fact, read_pages
from assessment.domain.spreadsheet import LineProblem, Row, Spreadsheet, normal, read_spreadsheet
from assessment.services.actor import Actor, Scope, scope_of
from assessment.services.platform import Platform
from assessment.services.record_health import checked_quarter, store_health
from assessment.storage import audit, organisation
from reports.follow_up import HealthFact
from reports.languages import phrase

TEAM = "team"
COLUMNS = (TEAM, *HealthFact, PAGES)
UNKNOWN_TEAM = phrase("there is no such team; write the name as the organisation has it")
TWICE = phrase("this team stands on line %(first)s already; remove one of the two lines")
TOO_MANY_CELLS = phrase("the line has more cells than the header; put texts with separators in quotes")

NO_LINES = phrase("it has no line below its header; write one for each team")


@dataclass(frozen=True)
class HealthLine:
    """One team's facts, as a line of the file says them."""

    line: int
    team_id: int
    team: str
    values: Mapping[str, float]
    page_shares: tuple[int, ...]


@dataclass(frozen=True)
class HealthImport:
    """What an import stored, or would store."""

    quarter: str
    lines: tuple[HealthLine, ...]
    problems: tuple[LineProblem, ...]
    """In the order of lines; with any, nothing is stored."""
    is_stored: bool


def import_health(
    platform: Platform, actor: Actor, quarter: str, csv_text: str | bytes, *, dry_run: bool = False
) -> HealthImport:
    """Store health facts of a quarter from a spreadsheet with one line for each team.

    Columns are `team`, the ids of `HealthFact` and `page_shares` (pages per member, with spaces between), as many as
    there are and in any order. An empty cell leaves what is known as it is.

    :param csv_text: the file, in any encoding and with any separator a spreadsheet exports.
    :raise Invalid: when the file is no such table, or for a quarter that is none or has not begun.
    """
    source = csv_text.encode() if isinstance(csv_text, str) else csv_text
    spreadsheet = read_spreadsheet(source)
    positions = _positions(spreadsheet)
    with suppress(_NothingStored), platform.transaction() as session:
        wanted = checked_quarter(platform, session, quarter)
        read = _Reading(session, scope_of(session, actor), wanted, positions)
        for row in spreadsheet.rows():
            read.row(row)
        if not read.lines and not read.problems:
            raise Invalid(phrase("file"), "", NO_LINES)
        if dry_run or read.problems:
            raise _NothingStored
        detail = f"{wanted}, teams {len(read.lines)}"
        audit.record(session, platform.clock(), actor.name, "health imported", "organisation", detail)
    return HealthImport(wanted, tuple(read.lines), tuple(read.problems), not dry_run and not read.problems)


class _NothingStored(Exception):
    """Ends the transaction without keeping anything."""


class _Reading:
    """Stores line by line, so that each is checked beside what is known, and collects what is wrong."""

    def __init__(self, session: Session, scope: Scope, quarter: str, positions: Mapping[str, int]) -> None:
        self.session, self.quarter, self.positions = session, quarter, positions
        self.teams = {normal(team.name): team for team in organisation.teams(session) if scope.has(team.id)}
        self.seen: dict[int, int] = {}
        self.lines: list[HealthLine] = []
        self.problems: list[LineProblem] = []

    def row(self, row: Row) -> None:
        """Read, check and store one line."""
        before = len(self.problems)
        cells = {column: row.cells[position] for column, position in self.positions.items()}
        if row.n_extra:
            self.problems.append(LineProblem(row.line, "line", "", TOO_MANY_CELLS))
        team = self.teams.get(normal(cells[TEAM]))
        if team is None:
            self.problems.append(LineProblem(row.line, TEAM, cells[TEAM], UNKNOWN_TEAM))
        elif team.id in self.seen:
            self.problems.append(LineProblem(row.line, TEAM, cells[TEAM], TWICE, {"first": self.seen[team.id]}))
        values: dict[str, float] = {}
        pages: tuple[int, ...] = ()
        for column, cell in cells.items():
            try:
                if column == PAGES:
                    pages = read_pages(cell)
                elif column != TEAM and (value := read_fact(column, cell)) is not None:
                    values[column] = value
            except AssessmentError as error:
                self.problems.append(_problem(row.line, column, cell, error))
        if team is not None:
            self.seen.setdefault(team.id, row.line)
        try:
            check_together(values)
        except Invalid as error:
            self.problems.append(_problem(row.line, TEAM, cells[TEAM], error))
        if team is None or len(self.problems) > before:
            return
        try:
            store_health(self.session, team.id, self.quarter, values, pages or None)
        except AssessmentError as error:
            self.problems.append(_problem(row.line, TEAM, cells[TEAM], error))
            return
        self.lines.append(HealthLine(row.line, team.id, team.name, values, pages))


def _positions(spreadsheet: Spreadsheet) -> dict[str, int]:
    """Return where each column stands.

    :raise Invalid: without a team column, with one that stands twice, or with one that means nothing here.
    """
    positions: dict[str, int] = {}
    for position, header in enumerate(spreadsheet.header):
        column = normal(header).replace(" ", "_").replace("-", "_")
        if column not in COLUMNS:
            raise Invalid(phrase("column"), header, phrase("choose from %(known)s"), known=", ".join(COLUMNS))
        if column in positions:
            raise Invalid(phrase("column"), header, phrase("it stands twice; remove one"))
        positions[column] = position
    if TEAM not in positions:
        remedy = phrase("there is none; add one with the name of each team")
        raise Invalid(phrase("column"), TEAM, remedy)
    return positions


def _problem(line: int, column: str, cell: str, error: AssessmentError) -> LineProblem:
    if isinstance(error, Invalid):
        field = error.field if error.field in COLUMNS else column
        return LineProblem(line, field, str(error.value), error.remedy, dict(error.named))
    return LineProblem(line, column, cell, error.template, dict(error.values))
