"""What a reading key belongs to, also before there is a result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assessment.domain.campaign import State
from assessment.domain.errors import UnknownReadingKey
from assessment.services.platform import Platform
from assessment.storage import campaigns


@dataclass(frozen=True)
class Result:
    """A team's result, there or to come."""

    reading_key: str
    url: str
    team: str
    quarter: str
    way: str | None
    closes_at: datetime
    timezone: str
    is_there: bool
    """Whether the campaign has closed, so that `released_by_reading_key` gives the result."""


def find_result(platform: Platform, reading_key: str) -> Result:
    """Return what a reading key belongs to.

    :raise UnknownReadingKey: when it opens nothing, also not later.
    """
    with platform.reading() as session:
        node = campaigns.node_by_reading_key(session, reading_key)
        campaign = campaigns.get(session, node.campaign_id) if node is not None else None
        if node is None or campaign is None:
            raise UnknownReadingKey
        url = f"{platform.settings.base_url}/result/{reading_key}"
        is_there = campaign.state == State.CLOSED
        return Result(
            reading_key, url, node.name, campaign.quarter, node.way, campaign.closes_at, campaign.timezone, is_there
        )
