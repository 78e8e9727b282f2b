"""Reading departments, teams and people from a spreadsheet, with every complaint at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assessment.domain.addresses import EMAIL
from assessment.domain.error_kinds import Invalid
from assessment.domain.spreadsheet import LineProblem, Row, Spreadsheet, normal
from reports.languages import phrase

# The headers that each column may have, in normal form; the first is the one we write ourselves.
HEADERS = {
    "department": ("department", "abteilung", "bereich", "dept", "organisational unit", "organisationseinheit"),
    "team": ("team", "team name", "teamname", "squad", "group", "gruppe"),
    "name": ("name", "full name", "vollständiger name", "person", "member", "mitglied", "mitarbeiter", "employee"),
    "e-mail": ("e-mail", "email", "mail", "e-mail address", "email address", "e-mail-adresse", "mailadresse"),
}
REQUIRED = ("department", "team", "name")
LONGEST = 200

EMPTY = phrase("the cell is empty; fill it in or remove the line")
TOO_LONG = phrase("the text is longer than %(longest)s characters; shorten it")
MALFORMED = phrase("this is no e-mail address; write one such as ada@example.org, or leave it empty")
TWICE = phrase("this address stands on line %(first)s already; remove one of the two lines")
TWO_TEAMS = phrase("this person is in team %(other)s on line %(first)s; a person is in one team, so remove one line")
SAME_NAME = phrase("this name stands in the same team on line %(first)s; give both an e-mail address, or remove one")
TWO_DEPARTMENTS = phrase("this team is in department %(other)s on line %(first)s; a team is in one department")
WRITTEN_TWO_WAYS = phrase("line %(first)s writes this as %(other)s; write it the same way")
TOO_MANY_CELLS = phrase("the line has more cells than the header; put texts with separators in quotes")


@dataclass(frozen=True)
class PersonLine:
    """One person in one team, as a line of the file says it."""

    line: int
    department: str
    team: str
    name: str
    email: str | None
    """In lower case."""


@dataclass(frozen=True)
class People:
    """Everybody in the file, and everything that is wrong with it."""

    lines: tuple[PersonLine, ...]
    problems: tuple[LineProblem, ...]


def read_people(spreadsheet: Spreadsheet) -> People:
    """Read a spreadsheet with the columns department, team, name and e-mail, in any order, in English or German.

    :raise Invalid: when a required column is missing or stands twice.
    :raise UnreadableSpreadsheet: when the rows cannot be read.
    """
    positions = _positions(spreadsheet)
    lines: list[PersonLine] = []
    problems: list[LineProblem] = []
    for row in spreadsheet.rows():
        cells = {field: row.cells[position] for field, position in positions.items()}
        found = list(_cell_problems(row, cells))
        problems += found
        if not found:
            email = cells.get("e-mail", "").lower() or None
            lines.append(PersonLine(row.line, _one_line(cells["department"]), _one_line(cells["team"]),
                                    _one_line(cells["name"]), email))  # fmt: skip
    problems += _contradictions(lines)
    return People(tuple(lines), tuple(sorted(problems, key=lambda problem: problem.line)))


def _positions(spreadsheet: Spreadsheet) -> dict[str, int]:
    positions: dict[str, int] = {}
    for field, headers in HEADERS.items():
        found = [position for header in headers for position in spreadsheet.positions(header)]
        if len(found) > 1:
            columns = " and ".join(str(position + 1) for position in sorted(found))
            raise Invalid("header", field, f"columns {columns} both say this; keep one of them")
        if found:
            positions[field] = found[0]
        elif field in REQUIRED:
            known = ", ".join(repr(header) for header in spreadsheet.header if header).replace("%", "%%")
            raise Invalid("header", field, f"the file has no such column; it has {known}")
    return positions


def _cell_problems(row: Row, cells: dict[str, str]) -> Iterable[LineProblem]:
    if row.n_extra:
        yield LineProblem(row.line, "file", "", TOO_MANY_CELLS)
    for field in REQUIRED:
        if not cells[field]:
            yield LineProblem(row.line, field, "", EMPTY)
    for field, cell in cells.items():
        if len(cell) > LONGEST:
            yield LineProblem(row.line, field, cell, TOO_LONG, {"longest": LONGEST})
    email = cells.get("e-mail", "")
    if email and len(email) <= LONGEST and not EMAIL.fullmatch(email):
        yield LineProblem(row.line, "e-mail", email, MALFORMED)


def _contradictions(lines: list[PersonLine]) -> Iterable[LineProblem]:
    """Compare every line with those before it."""
    by_email: dict[str, PersonLine] = {}
    by_name: dict[tuple[str, str], PersonLine] = {}
    by_team: dict[str, PersonLine] = {}
    by_department: dict[str, PersonLine] = {}
    for line in lines:
        team = by_team.setdefault(normal(line.team), line)
        department = by_department.setdefault(normal(line.department), line)
        if department.department != line.department:
            yield _against(line, "department", line.department, WRITTEN_TWO_WAYS, department, department.department)
        if team.team != line.team:
            yield _against(line, "team", line.team, WRITTEN_TWO_WAYS, team, team.team)
        elif normal(team.department) != normal(line.department):
            yield _against(line, "department", line.department, TWO_DEPARTMENTS, team, team.department)
        if line.email is not None:
            first = by_email.setdefault(line.email, line)
            if first is not line:
                same_team = normal(first.team) == normal(line.team)
                yield _against(line, "e-mail", line.email, TWICE if same_team else TWO_TEAMS, first, first.team)
                continue
        person = by_name.setdefault((normal(line.team), normal(line.name)), line)
        if person is not line and (person.email is None or line.email is None):
            yield _against(line, "name", line.name, SAME_NAME, person, person.team)


def _against(line: PersonLine, field: str, value: str, template: str, first: PersonLine, other: str) -> LineProblem:
    return LineProblem(line.line, field, value, template, {"first": first.line, "other": other})


def _one_line(text: str) -> str:
    return " ".join(text.split())
