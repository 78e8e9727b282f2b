"""Answers from a spreadsheet become a closed campaign: read in memory, counted, and kept as at any closing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from assessment.domain.asked_elsewhere import as_asked, reworded
from assessment.domain.campaign import REPORTING_SIZE, Quarter, check_reporting_size
from assessment.domain.error_kinds import Invalid, Refused
from assessment.domain.errors import NotSetUp, QuarterTaken
from assessment.domain.mapping import Plan, fit_mapping, match
from assessment.domain.mapping_rows import ReadRows, read_rows
from assessment.domain.spreadsheet import Progress, Spreadsheet, normal, read_spreadsheet
from assessment.services.actor import Actor, scope_of
from assessment.services.import_organisation import NotForEveryTeam
from assessment.services.platform import Platform
from assessment.services.refusals import noted
from assessment.services.store_import import AnswersImport, TeamCount, store_import
from assessment.storage import audit, campaigns, organisation
from questionnaires.files import BrokenFile, Parsed, Problem, dotted, parse
from questionnaires.instrument import Questionnaire
from questionnaires.loader import UnknownInstrument, questionnaire
from reports.counting import collapse
from reports.histograms import Histogram
from reports.languages import phrase

__all__ = ["AnswersImport", "BadRows", "NothingToImport", "TeamCount", "import_answers"]


class BadRows(Refused):
    """Some rows cannot be counted and nobody decided to leave them out."""

    sentence = phrase(
        "%(n)s rows cannot be counted, the first on line %(line)s: correct them or the mapping, "
        "or decide to leave them out. Nothing was imported."
    )

    def __init__(self, result: AnswersImport) -> None:
        self.result = result
        super().__init__(n=result.n_bad, line=result.problems[0].line)


class NothingToImport(Refused):
    """No row has an answer that can be counted."""

    sentence = phrase("None of %(n)s rows has an answer that can be counted; check the mapping's columns and teams.")


def import_answers(
    platform: Platform,
    source: bytes,
    mapping: Path,
    *,
    quarter: str,
    actor: Actor,
    dry_run: bool = False,
    skip_bad_rows: bool = False,
    create_teams: bool = False,
    reporting_size: int = REPORTING_SIZE,
    progress: Progress | None = None,
) -> AnswersImport:
    """Count a spreadsheet's answers into a closed campaign.

    Only histograms are stored, past the same carry-up as at closing. Rows without any answer are skipped; of a row
    with gaps every answer counts that is there.

    :param source: the export, in any encoding and with any separator a spreadsheet has.
    :param mapping: the mapping file.
    :param skip_bad_rows: leave out rows that cannot be counted; otherwise one of them stops the import.
    :param create_teams: create the teams and departments that the mapping names and the organisation lacks.
    :param progress: told bytes read and bytes in all.
    :raise BrokenFile: when the mapping is wrong or does not fit the file, with line, key and remedy of everything.
    :raise Invalid: for an unreadable file, an impossible quarter or reporting size.
    :raise BadRows: when rows cannot be counted and `skip_bad_rows` was not decided; carries the whole result.
    :raise NothingToImport: when there is nothing to count.
    :raise QuarterTaken: when one of the teams has a campaign for the quarter already.
    :raise NotSetUp, NotForEveryTeam: before set-up; when a coach of some teams wants to create others.
    """
    when = _past_quarter(quarter, platform)
    check_reporting_size(reporting_size)
    sheet = read_spreadsheet(source)
    parsed = parse(mapping)
    file = fit_mapping(parsed)
    asked = _questionnaire(parsed, file.instrument)
    plan = match(parsed, file, sheet, asked)
    with platform.reading() as session:
        teams = _Teams(session, actor, plan, parsed, create=create_teams)
    read = read_rows(sheet, plan, asked, teams.importable, progress)
    _check_sizes(parsed, plan, read, teams)
    counted = {name: collapse(bytes(rows.ballots), asked) for name, rows in read.teams.items()}
    with platform.reading() as session:
        taken = _taken(session, teams, read, when)
    result = _result(when, sheet, plan, asked, read, teams, counted, taken)
    if dry_run:
        return result
    if read.n_bad and not skip_bad_rows:
        raise BadRows(result)
    if not result.n_answered:
        raise NothingToImport(n=read.n_rows)
    with noted(platform, actor, "import answers", f"quarter {when}"), platform.transaction() as session:
        platform.database.lock_opening(session)
        taken = _taken(session, teams, read, when)
        if taken:
            raise QuarterTaken(team=", ".join(taken), quarter=when)
        frozen = as_asked(asked, plan.columns, sheet.header)
        campaign = store_import(session, result, frozen, teams.ids, counted, platform.clock(), reporting_size)
        note = f"{when}, {len(result.teams)} teams, {result.n_answered} answers, {result.n_bad} rows left out"
        audit.record(session, at=platform.clock(), actor=actor.name, action="answers imported",
                     subject=f"campaign {campaign.id}", detail=note)  # fmt: skip
        return replace(result, campaign_id=campaign.id)


def _past_quarter(text: str, platform: Platform) -> str:
    quarter = Quarter.parse(text)
    if quarter > Quarter.of(platform.clock().date()):
        raise Invalid("quarter", text, "it has not begun; answers can be imported for past quarters and this one")
    return str(quarter)


def _questionnaire(parsed: Parsed, names: Sequence[str]) -> Questionnaire:
    try:
        return questionnaire(names)
    except UnknownInstrument as error:
        message = f"there is no instrument {error.value!r}"
        raise BrokenFile((_problem(parsed, ("instrument",), message, error.remedy),)) from error
    except ValueError as error:
        raise BrokenFile((_problem(parsed, ("instrument",), str(error), "name one of them"),)) from error


def _problem(parsed: Parsed, place: tuple[str | int, ...], message: str, remedy: str) -> Problem:
    return Problem(parsed.file, parsed.line(place), dotted(place), message, remedy)


class _Teams:
    """The organisation's teams, those of them that may be imported, and those that would be created."""

    def __init__(self, session: Session, actor: Actor, plan: Plan, parsed: Parsed, *, create: bool) -> None:
        if organisation.get(session) is None:
            raise NotSetUp
        scope = scope_of(session, actor)
        if create and not scope.sees_all:
            raise NotForEveryTeam
        self.plan = plan
        rows = [team for team in organisation.teams(session) if scope.has(team.id)]
        self.ids = {team.name: team.id for team in rows}
        self.departments = {row.id: row.name for row in organisation.departments(session)}
        self.department_of = {team.name: self.departments[team.department_id] for team in rows}
        self.importable = {normal(name): name for name in self.ids}
        problems = []
        for name in plan.named_teams:
            if normal(name) in self.importable:
                continue
            if create and name in plan.departments:
                self.importable[normal(name)] = name
                self.department_of[name] = plan.departments[name]
            elif create:
                remedy = f"write its department under team: departments:, as {name}: …"
                problems.append(_problem(parsed, ("team", "names"), f"the team {name!r} is new", remedy))
            elif name in plan.sizes:
                message = f"the organisation has no team {name!r}"
                problems.append(_problem(parsed, ("team", "sizes", name), message, "correct the name, or create teams"))
        if problems:
            raise BrokenFile(tuple(problems))

    def sizes(self) -> dict[str, int]:
        """Return how many were asked, by the organisation's own name of each team."""
        return {self.importable[normal(name)]: size for name, size in self.plan.sizes.items()}

    def imported(self, read: ReadRows) -> list[str]:
        """Return the teams of the campaign: those in the file and those whose size the mapping states."""
        return sorted({*read.teams, *self.sizes()})


def _check_sizes(parsed: Parsed, plan: Plan, read: ReadRows, teams: _Teams) -> None:
    problems = []
    for name, size in plan.sizes.items():
        rows = read.teams.get(teams.importable[normal(name)])
        if rows is not None and rows.n_submissions > size:
            message = f"{size} were asked, but {rows.n_submissions} answered"
            problems.append(_problem(parsed, ("team", "sizes", name), message, "correct the size, or remove it"))
    if problems:
        raise BrokenFile(tuple(problems))


def _taken(session: Session, teams: _Teams, read: ReadRows, quarter: str) -> tuple[str, ...]:
    ids = [teams.ids[name] for name in teams.imported(read) if name in teams.ids]
    return tuple(node.name for node in campaigns.taken(session, ids, quarter))


def _result(
    quarter: str,
    sheet: Spreadsheet,
    plan: Plan,
    asked: Questionnaire,
    read: ReadRows,
    teams: _Teams,
    counted: Mapping[str, Mapping[str, Histogram]],
    taken: tuple[str, ...],
) -> AnswersImport:
    sizes = teams.sizes()
    counts = []
    for name in teams.imported(read):
        rows = read.teams.get(name)
        counts.append(
            TeamCount(
                name=name,
                department=teams.department_of[name],
                is_new=name not in teams.ids,
                n_invited=sizes.get(name),
                n_answered=rows.n_submissions if rows else 0,
                n_complete=rows.n_complete if rows else 0,
                n_blank=rows.n_blank if rows else 0,
                measures={key: histogram.n for key, histogram in counted.get(name, {}).items()},
            )
        )
    return AnswersImport(
        quarter=quarter,
        campaign_id=None,
        instruments=tuple(instrument.id for instrument in asked.instruments),
        encoding=sheet.encoding,
        separator=sheet.separator,
        teams=tuple(counts),
        n_rows=read.n_rows,
        n_answered=sum(team.n_answered for team in counts),
        n_blank=read.n_blank,
        n_bad=read.n_bad,
        problems=tuple(read.problems),
        unmentioned=plan.unmentioned,
        reworded=reworded(asked, as_asked(asked, plan.columns, sheet.header)),
        new_teams=tuple(team.name for team in counts if team.is_new),
        taken=taken,
    )
