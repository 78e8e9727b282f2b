"""The organisation as it is today, and setting it up."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assessment.domain.error_kinds import Invalid
from assessment.services.platform import Platform
from assessment.storage import organisation
from reports.languages import LANGUAGES, phrase


@dataclass(frozen=True)
class TeamView:
    """A team and how many people it has."""

    id: int
    name: str
    n_members: int


@dataclass(frozen=True)
class DepartmentView:
    """A department with its teams by name."""

    id: int
    name: str
    teams: tuple[TeamView, ...]


@dataclass(frozen=True)
class OrganisationView:
    """The organisation with its departments by name."""

    name: str
    language: str
    timezone: str
    departments: tuple[DepartmentView, ...]

    @property
    def teams(self) -> tuple[TeamView, ...]:
        """All teams, department by department."""
        return tuple(team for department in self.departments for team in department.teams)


def set_up(platform: Platform, *, name: str, language: str, timezone: str) -> None:
    """Name the organisation, or rename it.

    :raise Invalid: for an empty name, an unknown language or time zone.
    """
    if not name.strip():
        raise Invalid(phrase("organisation"), name, phrase("give the organisation a name"))
    if language not in LANGUAGES:
        raise Invalid(phrase("language"), language, phrase("choose from %(known)s"), known=", ".join(LANGUAGES))
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Invalid(phrase("time zone"), timezone, phrase("write a zone name such as Europe/Berlin")) from error
    with platform.transaction() as session:
        organisation.set_up(session, name=name.strip(), language=language, timezone=timezone)


def get_organisation(platform: Platform) -> OrganisationView | None:
    """Return the organisation as it is today, or None before set-up."""
    with platform.reading() as session:
        row = organisation.get(session)
        if row is None:
            return None
        sizes = organisation.n_members(session)
        teams = organisation.teams(session)
        return OrganisationView(
            row.name,
            row.language,
            row.timezone,
            tuple(
                DepartmentView(
                    department.id,
                    department.name,
                    tuple(
                        TeamView(team.id, team.name, sizes.get(team.id, 0))
                        for team in teams
                        if team.department_id == department.id
                    ),
                )
                for department in organisation.departments(session)
            ),
        )
