"""Health facts and pages per member of a rotation, by team and quarter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from assessment.storage.roadmap_models import HealthFactRow, PageShare
from reports.follow_up import Health


def of(session: Session, team_ids: Collection[int]) -> dict[int, tuple[Health, ...]]:
    """Return the health facts of teams by quarter, oldest first; teams without any are missing."""
    facts: dict[tuple[int, str], dict[str, float]] = defaultdict(dict)
    shares: dict[tuple[int, str], list[int]] = defaultdict(list)
    wanted = list(team_ids)
    rows = sa.select(HealthFactRow).where(HealthFactRow.team_id.in_(wanted)).order_by(HealthFactRow.fact)
    for fact in session.scalars(rows):
        facts[fact.team_id, fact.quarter][fact.fact] = fact.value
    for share in session.scalars(sa.select(PageShare).where(PageShare.team_id.in_(wanted)).order_by(PageShare.place)):
        shares[share.team_id, share.quarter].append(share.pages)
    found: dict[int, list[Health]] = defaultdict(list)
    for team_id, quarter in sorted(facts.keys() | shares.keys()):
        key = team_id, quarter
        found[team_id].append(Health(quarter, facts.get(key, {}), tuple(shares.get(key, ()))))
    return {team_id: tuple(quarters) for team_id, quarters in found.items()}


def set_facts(session: Session, team_id: int, quarter: str, values: Mapping[str, float | None]) -> None:
    """Store facts, each in place of what was known; None forgets one."""
    for fact, value in values.items():
        found = session.get(HealthFactRow, (team_id, quarter, fact))
        if value is None:
            if found is not None:
                session.delete(found)
        elif found is None:
            session.add(HealthFactRow(team_id=team_id, quarter=quarter, fact=fact, value=value))
        else:
            found.value = value
    session.flush()


def set_page_shares(session: Session, team_id: int, quarter: str, pages: Sequence[int]) -> None:
    """Store pages per member, falling, in place of what was known; none forgets them."""
    session.execute(sa.delete(PageShare).where(PageShare.team_id == team_id, PageShare.quarter == quarter))
    session.add_all(
        PageShare(team_id=team_id, quarter=quarter, place=place, pages=count)
        for place, count in enumerate(sorted(pages, reverse=True), start=1)
    )
    session.flush()
