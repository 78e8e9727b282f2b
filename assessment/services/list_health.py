"""A team's health facts over all quarters, also those without a report."""

from __future__ import annotations

from assessment.services.actor import Actor
from assessment.services.platform import Platform
from assessment.services.roadmap_scope import check_scope
from assessment.storage import health
from reports.follow_up import Health


def list_health(platform: Platform, actor: Actor, team_id: int) -> tuple[Health, ...]:
    """Return a team's health facts, oldest quarter first.

    :raise UnknownTeam: when there is none, or it is not the actor's.
    """
    with platform.reading() as session:
        check_scope(session, actor, team_id)
        return health.of(session, [team_id]).get(team_id, ())
