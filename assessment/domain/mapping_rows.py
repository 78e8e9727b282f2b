"""Reading the rows of an export into coded ballots per team, in memory, and listing every row that cannot be counted.

Of a row only its coded answers live on, until they are counted: not the row, its line, its times or its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assessment.domain.mapping import Plan
from assessment.domain.mapping_cells import CellReader, NotAnswered, UnreadableAnswer
from assessment.domain.spreadsheet import LineProblem, Progress, Row, Spreadsheet, normal
from questionnaires.answers import encode
from questionnaires.instrument import Questionnaire
from reports.languages import phrase

NO_TEAM = phrase("the row names no team; fill it in, or remove the row")
UNKNOWN_TEAM = phrase(
    "no team is called this; correct it under team: names:, or state its department there and create the team"
)
TOO_MANY_CELLS = phrase("the row has more cells than the header; a text with separators lacks its quotation marks")
LISTED = 1000


@dataclass
class TeamRows:
    """What was read for one team."""

    ballots: bytearray = field(default_factory=bytearray)
    """Coded ballots, one after the other."""
    n_submissions: int = 0
    """Rows with at least one answer or "cannot judge"."""
    n_blank: int = 0
    n_complete: int = 0
    """Submissions in which every mapped question has a value or "cannot judge"."""


@dataclass
class ReadRows:
    """What was read from all rows."""

    teams: dict[str, TeamRows] = field(default_factory=dict)
    """By our team's name."""
    n_rows: int = 0
    n_blank: int = 0
    """Rows without any answer, of whatever team."""
    n_bad: int = 0
    problems: list[LineProblem] = field(default_factory=list)
    """The first thousand."""


def read_rows(
    spreadsheet: Spreadsheet,
    plan: Plan,
    questionnaire: Questionnaire,
    known_teams: Mapping[str, str],
    progress: Progress | None = None,
) -> ReadRows:
    """Read every row. Rows without any answer are skipped before anything else about them is looked at.

    :param known_teams: the names of teams that may be imported, by their normal form.
    :raise UnreadableSpreadsheet: when a row cannot be read as cells.
    """
    read = ReadRows()
    readers = [CellReader(column) for column in plan.columns]
    teams: dict[str, str | None] = {}
    for row in spreadsheet.rows(progress):
        read.n_rows += 1
        cell = row.cells[plan.team_position] if plan.team_position is not None else ""
        if cell not in teams:
            teams[cell] = _team(cell, plan, known_teams)
        team = teams[cell]
        answers, problems = _answers(row, readers)
        if not answers and not problems:
            read.n_blank += 1
            if team is not None:
                read.teams.setdefault(team, TeamRows()).n_blank += 1
            continue
        if row.n_extra:
            problems.append(LineProblem(row.line, "file", "", TOO_MANY_CELLS))
        if team is None:
            header = spreadsheet.header[plan.team_position] if plan.team_position is not None else "team"
            problems.insert(0, LineProblem(row.line, header, cell, UNKNOWN_TEAM if cell else NO_TEAM))
        if problems or team is None:
            read.n_bad += 1
            read.problems += problems[: max(0, LISTED - len(read.problems))]
            continue
        found = read.teams.setdefault(team, TeamRows())
        found.ballots += encode(answers, questionnaire)
        found.n_submissions += 1
        found.n_complete += len(answers) == len(readers)
    return read


def _team(cell: str, plan: Plan, known: Mapping[str, str]) -> str | None:
    if plan.team_name is not None:
        return known.get(normal(plan.team_name))
    named = plan.team_names.get(normal(cell), cell)
    return known.get(normal(named))


def _answers(row: Row, readers: list[CellReader]) -> tuple[dict[str, int | None], list[LineProblem]]:
    answers: dict[str, int | None] = {}
    problems: list[LineProblem] = []
    for reader in readers:
        cell = row.cells[reader.position]
        try:
            answer = reader.read(cell)
        except UnreadableAnswer as error:
            problems.append(LineProblem(row.line, reader.key, cell, error.template, error.values))
            continue
        if not isinstance(answer, NotAnswered):
            answers[reader.key] = answer
    return answers, problems
