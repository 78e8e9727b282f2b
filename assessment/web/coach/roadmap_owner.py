"""Whose roadmap a request is about: a team's with its latest report, or the organisation's for coaches who see all."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from assessment.domain.error_kinds import Refused
from assessment.domain.errors import UnknownReport
from assessment.domain.follow_up_errors import MissingPrerequisites, StillUnderWay
from assessment.domain.roadmap import check_room, check_startable
from assessment.services.build_report import list_reports, released_organisation, released_team
from assessment.services.follow_up import follow_up
from assessment.services.organisation import get_organisation
from assessment.services.organisation_follow_up import organisation_follow_up
from assessment.web.coach.guards import own_team, signed_in_actor, signed_in_for_everything
from assessment.web.coach.roadmap_forms import told
from assessment.web.context import platform
from questionnaires.changes import SmallChange, catalogue
from reports.accumulation import Step, organisation_steps, team_steps
from reports.follow_up import Agreed, AgreedState, FollowUp, OrganisationFollowUp
from reports.released import Released, Suggestion
from reports.roadmap_export import Roadmap, roadmap_of


@dataclass(frozen=True)
class Owner:
    """A team, or the organisation, with its latest report and what followed from it."""

    team_id: int | None
    """None for the organisation."""
    name: str
    released: Released
    found: FollowUp
    teams: OrganisationFollowUp | None
    """What the teams did, for the organisation."""
    campaign_id: int | None = None

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """What the report suggests and nobody has begun."""
        return tuple(one for one in self.released.suggestions.changes if one.change in self.roadmap.suggested)

    @property
    def steps(self) -> tuple[Step, ...]:
        """How far it has come with every small change."""
        suggested = [suggestion.change for suggestion in self.suggestions]
        if self.teams is not None:
            return organisation_steps(self.teams, suggested, catalogue())
        return team_steps(self.found, suggested, catalogue())

    @property
    def opening(self) -> tuple[Agreed, ...]:
        """What was agreed on before this report and was under way, done or dropped since the one before it."""
        since, recent = self.released.previous_quarter or "", self.found.since_last_time(self.released.quarter)
        return tuple(one for one in self.found.before(self.released.quarter) if one.quarter >= since or one in recent)

    @property
    def ended(self) -> tuple[tuple[str, tuple[Agreed, ...]], ...]:
        """What is done or dropped, by the quarter of the report it was agreed on, the latest first."""
        ended = [one for one in reversed(self.found.agreed) if one.state is not AgreedState.AGREED]
        return tuple((quarter, tuple(ones)) for quarter, ones in groupby(ended, key=lambda one: one.quarter))

    @property
    def said(self) -> tuple[str, ...]:
        """Changes that are in place without having been agreed on and done."""
        done = {one.change for one in self.found.agreed if one.state is AgreedState.DONE}
        return tuple(change for change in self.found.in_place if change not in done)

    @property
    def roadmap(self) -> Roadmap:
        """What exports write."""
        return roadmap_of(self.released, self.found)

    def obstacle(self, change: SmallChange) -> str:
        """Say why it cannot agree on a change now; empty when it can."""
        shelf, for_organisation = catalogue(), self.team_id is None
        has = {*self.found.in_place, *self.found.implied}
        under_way = [one.change for one in self.found.in_flight() if one.change in shelf.by_id]
        try:
            check_startable(change, has, shelf, for_organisation=for_organisation)
            check_room(change, [shelf.get(name) for name in under_way])
        except MissingPrerequisites as error:
            if set(str(error.values["missing"]).split(", ")) <= set(under_way):
                return told(StillUnderWay(change=change.id, missing=error.values["missing"]))
            return told(error)
        except Refused as error:
            return told(error)
        return ""


def name_of(team_id: int | None) -> str:
    """Return the name of a team that is the coach's, or of the organisation for coaches who see all.

    :raise SignInNeeded: when nobody is signed in.
    :raise NotFound: when it is not theirs.
    """
    if team_id is not None:
        return own_team(team_id).name
    signed_in_for_everything()
    home = get_organisation(platform())
    return home.name if home is not None else ""


def owner_of(team_id: int | None) -> Owner | None:
    """Return whose roadmap it is; None before the first report.

    :raise SignInNeeded: when nobody is signed in.
    :raise NotFound: when it is not theirs.
    """
    name = name_of(team_id)
    try:
        return _organisation(name) if team_id is None else _team(team_id, name)
    except UnknownReport:
        return None


def _team(team_id: int, name: str) -> Owner:
    actor = signed_in_actor()
    released = released_team(platform(), actor, team_id)
    return Owner(team_id, name, released, follow_up(platform(), actor, team_id, released=released), None)


def _organisation(name: str) -> Owner | None:
    """Return the organisation with its latest report; of several of a quarter, the one that asked most people."""
    actor = signed_in_for_everything()
    rows = [row for row in list_reports(platform(), actor) if row.kind == "organisation"]
    if not rows:
        return None
    latest = max(row.quarter for row in rows)
    row = max((row for row in rows if row.quarter == latest), key=lambda row: row.n_invited or 0)
    released = released_organisation(platform(), actor, latest, campaign_id=row.campaign_id)
    found = organisation_follow_up(platform(), actor, released=released)
    return Owner(None, name, released.whole, found.own, found, row.campaign_id)
