"""The trend of a team or the organisation: everything released of its last quarters, not only what is compared."""

from __future__ import annotations

from assessment.domain.errors import UnknownReport
from assessment.services.actor import Actor
from assessment.services.build_report import LATEST, organisation_series, team_series
from assessment.services.platform import Platform
from reports.released import Series

EVERYTHING = ""


def trend_of(platform: Platform, actor: Actor, team_id: int | None) -> Series:
    """Return up to eight quarters of a team, or of the organisation for None, oldest first; at least one.

    :raise UnknownTeam: when there is no such team, or it is not the coach's.
    :raise NotFound: for the organisation, to a coach who does not see all teams.
    :raise UnknownReport: before the first campaign has closed.
    """
    if team_id is None:
        series = organisation_series(platform, actor, EVERYTHING)
    else:
        series = team_series(platform, actor, team_id, EVERYTHING)
    if not series.quarters:
        raise UnknownReport(node="this team" if team_id is not None else "the organisation", quarter=LATEST)
    return series
