"""What a team's next campaign tests, once opening it has frozen the focus aspects."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.services.actor import Actor
from assessment.services.frozen import focus_at
from assessment.services.platform import Platform
from assessment.services.roadmap_scope import check_scope
from assessment.storage import roadmap


@dataclass(frozen=True)
class NextTest:
    """A campaign after a report, with the aspects that it tests."""

    quarter: str
    focus: tuple[str, ...]


def next_test(platform: Platform, actor: Actor, team_id: int, quarter: str) -> NextTest | None:
    """Return the team's first campaign after a report's quarter; None until one was opened, as long as focus is free.

    :raise UnknownTeam: when there is no such team, or it is not the coach's.
    """
    with platform.reading() as session:
        check_scope(session, actor, team_id)
        found = roadmap.campaign_after(session, team_id, quarter)
        return None if found is None else NextTest(found[0].quarter, focus_at(found[1], found[0]))
