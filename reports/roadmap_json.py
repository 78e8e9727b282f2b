"""What a JSON report holds of the follow-up: what was agreed, what is in place, health facts, as of a day."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from reports.follow_up import Agreed, AgreedState, FollowUp, Health, OrganisationFollowUp
from reports.health_words import courses


def followed_up(found: FollowUp | OrganisationFollowUp) -> dict[str, Any]:
    """Return what the `roadmap` of a report has with follow-up; of the organisation's teams only counts."""
    if isinstance(found, FollowUp):
        return {**_own(found), "health": _health(found)}
    return {
        **_own(found.own),
        "n_teams": found.n_teams,
        "n_teams_agreed": {
            change: {str(state): states.get(state, 0) for state in AgreedState}
            for change, states in found.agreed.items()
        },
        "n_teams_in_place": dict(found.in_place),
        "n_teams_health": {measure: asdict(count) for measure, count in found.health.items()},
    }


def _own(found: FollowUp) -> dict[str, Any]:
    return {
        "as_of": found.as_of.isoformat(),
        "agreed": [_agreed(one) for one in found.agreed],
        "in_place": list(found.in_place),
        "implied": list(found.implied),
        "next_focus": list(found.next_focus),
    }


def _agreed(one: Agreed) -> dict[str, Any]:
    return {
        "id": one.change,
        "quarter": one.quarter,
        "state": str(one.state),
        "role": one.role,
        "due": one.due.isoformat(),
        "sign": one.sign,
        "evidence": one.evidence,
        "agreed_on": one.agreed_on.isoformat(),
        "ended_on": None if one.ended_on is None else one.ended_on.isoformat(),
    }


def _health(found: FollowUp) -> list[dict[str, Any]]:
    measures: dict[str, dict[str, Any]] = {one.quarter: {} for one in found.health}
    for measure, points in courses(found.health).items():
        for point in points:
            measures[point.quarter][str(measure)] = {"value": point.value, "is_within": point.is_within}
    return [_quarter(one, measures[one.quarter]) for one in found.health]


def _quarter(health: Health, measures: dict[str, Any]) -> dict[str, Any]:
    return {
        "quarter": health.quarter,
        "facts": {str(fact): value for fact, value in health.facts.items()},
        "page_shares": list(health.page_shares),
        "measures": measures,
    }
