"""Participation, once a day at a fixed hour and in two bands, so that nobody can watch single answers come in."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from assessment.domain.campaign import PARTICIPATION_SIZE, REFRESH_HOUR, State, participation
from assessment.services.platform import Platform
from assessment.storage import ballots, campaigns


def refresh_participation(platform: Platform) -> int:
    """Bring the bands of open campaigns up to date when it is 06:00 to 06:59 where they run; return how many were.

    Calling it more often changes nothing. A server that was down in that hour waits for the next day's.
    """
    n_refreshed = 0
    now = platform.clock()
    with platform.reading() as session:
        running = campaigns.in_state(session, State.OPEN)
    here = [campaign for campaign in running if now.astimezone(ZoneInfo(campaign.timezone)).hour == REFRESH_HOUR]
    for campaign in here:
        today = now.astimezone(ZoneInfo(campaign.timezone)).date()
        with platform.transaction() as session:
            for node in campaigns.nodes(session, campaign.id):
                size = node.n_invited or 0
                if node.kind != "team" or size < PARTICIPATION_SIZE or node.participation_on == today:
                    continue
                node.participation = participation(ballots.n_of_node(session, campaign.id, node.id), size)
                node.participation_on = today
                n_refreshed += 1
    return n_refreshed
