"""Agreeing on the one or two aspects that a team's next campaign tests."""

from __future__ import annotations

from collections.abc import Sequence

from assessment.domain.follow_up_errors import FocusFrozen
from assessment.domain.roadmap import check_next_focus
from assessment.services.actor import Actor
from assessment.services.platform import Platform
from assessment.services.roadmap_scope import check_scope, place_of, subject_of
from assessment.storage import audit, roadmap


def agree_focus(platform: Platform, actor: Actor, team_id: int, quarter: str, aspects: Sequence[str]) -> None:
    """Note which aspects a team agreed on with its report; opening its next campaign freezes them.

    :param aspects: one or two; none takes back what was agreed, and the next campaign's own focus counts.
    :raise UnknownTeam, UnknownReport: when there is no such report, or it is not the actor's.
    :raise Invalid: for an aspect that the report's instruments do not ask, or more than two.
    :raise FocusFrozen: when a later campaign of the team was opened already.
    """
    place = place_of(platform, actor, team_id, quarter)
    check_next_focus(aspects, place.aspects)
    with platform.transaction() as session:
        # No campaign may open with the aspects that are being changed.
        platform.database.lock_opening(session)
        check_scope(session, actor, team_id)
        if roadmap.campaign_between(session, team_id, place.quarter):
            raise FocusFrozen(team=place.name, quarter=place.quarter)
        roadmap.set_focus(session, team_id, place.quarter, aspects)
        detail = f"{', '.join(aspects) or 'none'}, {place.quarter}"
        audit.record(session, platform.clock(), actor.name, "focus agreed", subject_of(team_id), detail)
