"""Departments, teams and people from a spreadsheet: all of it or nothing, and again whenever it has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from assessment.domain.error_kinds import Refused
from assessment.domain.errors import NotSetUp
from assessment.domain.spreadsheet import LineProblem, normal, read_spreadsheet
from assessment.domain.spreadsheet_people import PersonLine, read_people
from assessment.services.actor import Actor, scope_of
from assessment.services.platform import Platform
from assessment.storage import audit, imports, organisation
from assessment.storage.models import Member
from reports.languages import phrase

NOT_ALL = phrase("Only somebody who sees all teams may import the organisation.")


class NotForEveryTeam(Refused):
    """The coach sees some teams only."""

    sentence = NOT_ALL


@dataclass(frozen=True)
class Person:
    """Somebody whom the import adds, changes or misses."""

    name: str
    email: str | None
    team: str


@dataclass(frozen=True)
class Moved:
    """A person in another team, or a team in another department, than before."""

    name: str
    before: str
    after: str


@dataclass
class OrganisationImport:
    """What an import changed, or would change."""

    problems: tuple[LineProblem, ...] = ()
    """In the order of lines; with any, nothing is stored."""
    is_stored: bool = False
    n_people: int = 0
    n_unchanged: int = 0
    added_departments: list[str] = field(default_factory=list)
    added_teams: list[str] = field(default_factory=list)
    added_people: list[Person] = field(default_factory=list)
    moved_people: list[Moved] = field(default_factory=list)
    moved_teams: list[Moved] = field(default_factory=list)
    changed_people: list[Moved] = field(default_factory=list)
    """The same address with another name, or the same name with a new address; before and after."""
    missing_people: list[Person] = field(default_factory=list)
    """In the organisation but not in the file; removed only when asked for."""
    n_removed: int = 0


def import_organisation(
    platform: Platform, source: bytes, *, actor: Actor, dry_run: bool = False, remove_missing: bool = False
) -> OrganisationImport:
    """Bring departments, teams and people up to date with a spreadsheet.

    People are recognised by their e-mail address, without one by name and team. Rosters of campaigns that were opened
    stay as they were frozen.

    :param source: the file, in any encoding and with any separator a spreadsheet exports; columns department, team,
        name and e-mail, in English or German, in any order.
    :param remove_missing: remove people who are not in the file; otherwise they are only listed.
    :raise Invalid: when the file is no such table.
    :raise NotSetUp: before the organisation has a name.
    :raise NotForEveryTeam: when the actor sees some teams only.
    """
    people = read_people(read_spreadsheet(source))
    with platform.reading() as session:
        _check(session, actor)
        result = _Import(session, people.lines, store=False, remove=False).result
    result.problems = people.problems
    if dry_run or people.problems:
        return result
    with platform.transaction() as session:
        done = _Import(session, people.lines, store=True, remove=remove_missing).result
        done.is_stored = True
        detail = f"people {done.n_people}, added {len(done.added_people)}, moved {len(done.moved_people)}"
        detail += f", removed {done.n_removed}"
        audit.record(
            session,
            at=platform.clock(),
            actor=actor.name,
            action="import organisation",
            subject="organisation",
            detail=detail,
        )
    return done


def _check(session: Session, actor: Actor) -> None:
    if not scope_of(session, actor).sees_all:
        raise NotForEveryTeam
    if organisation.get(session) is None:
        raise NotSetUp


class _Import:
    """Compares the file with the organisation of today and, when asked to, stores the difference."""

    def __init__(self, session: Session, lines: Sequence[PersonLine], *, store: bool, remove: bool) -> None:
        self.session, self.store = session, store
        self.result = OrganisationImport(n_people=len(lines))
        self.departments = {normal(row.name): row.id for row in organisation.departments(session)}
        self.department_names = {row.id: row.name for row in organisation.departments(session)}
        self.teams = {normal(row.name): row.id for row in organisation.teams(session)}
        self.team_names = {row.id: row.name for row in organisation.teams(session)}
        self.team_departments = {row.id: row.department_id for row in organisation.teams(session)}
        for line in lines:
            self._department(line)
            self._team(line)
        self._people(lines, remove=remove)

    def _department(self, line: PersonLine) -> None:
        key = normal(line.department)
        if key not in self.departments:
            self.result.added_departments.append(line.department)
            # Without storing, a number nothing else has stands in for the id.
            stand_in = -len(self.departments) - 1
            self.departments[key] = (
                organisation.add_department(self.session, line.department).id if self.store else stand_in
            )
            self.department_names[self.departments[key]] = line.department

    def _team(self, line: PersonLine) -> None:
        key, department = normal(line.team), self.departments[normal(line.department)]
        if key not in self.teams:
            self.result.added_teams.append(line.team)
            stand_in = -len(self.teams) - 1
            self.teams[key] = (
                organisation.add_team(self.session, name=line.team, department_id=department).id
                if self.store
                else stand_in
            )
            self.team_names[self.teams[key]] = line.team
            self.team_departments[self.teams[key]] = department
            return
        team = self.teams[key]
        if self.team_departments[team] != department:
            before = self.department_names[self.team_departments[team]]
            self.result.moved_teams.append(Moved(self.team_names[team], before, self.department_names[department]))
            self.team_departments[team] = department
            if self.store:
                imports.move_team(self.session, team, department)

    def _people(self, lines: Sequence[PersonLine], *, remove: bool) -> None:
        members = organisation.members(self.session)
        left: dict[int, Member] = {member.id: member for member in members}
        by_email = {member.email.lower(): member for member in members if member.email is not None}
        by_name = {(member.team_id, normal(member.name)): member for member in members}
        new: list[PersonLine] = []
        for line in lines:
            member = self._known(line, by_email, by_name)
            if member is None or member.id not in left:
                new.append(line)
                continue
            del left[member.id]
            self._change(member, line)
        for member in left.values():
            self.result.missing_people.append(Person(member.name, member.email, self.team_names[member.team_id]))
        if remove and self.store:
            imports.remove_members(self.session, list(left))
            self.result.n_removed = len(left)
        for line in new:
            self.result.added_people.append(Person(line.name, line.email, line.team))
            if self.store:
                organisation.add_member(self.session, self.teams[normal(line.team)], line.name, line.email)

    def _known(
        self, line: PersonLine, by_email: Mapping[str, Member], by_name: Mapping[tuple[int, str], Member]
    ) -> Member | None:
        if line.email is not None and line.email in by_email:
            return by_email[line.email]
        member = by_name.get((self.teams[normal(line.team)], normal(line.name)))
        # The same name with two different addresses is two people.
        is_same = member is not None and (member.email is None or line.email is None)
        return member if is_same else None

    def _change(self, member: Member, line: PersonLine) -> None:
        team, email = self.teams[normal(line.team)], line.email or member.email
        before = (member.team_id, member.name, member.email)
        if before == (team, line.name, email):
            self.result.n_unchanged += 1
            return
        if member.team_id != team:
            self.result.moved_people.append(Moved(line.name, self.team_names[member.team_id], self.team_names[team]))
        if (member.name, member.email) != (line.name, email):
            was, now = f"{member.name} {member.email or ''}", f"{line.name} {email or ''}"
            self.result.changed_people.append(Moved(line.name, was.strip(), now.strip()))
        if self.store:
            imports.change_member(self.session, member.id, team_id=team, name=line.name, email=email)
