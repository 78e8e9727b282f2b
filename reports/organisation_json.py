"""What the JSON report of an organisation has beyond its parts: counts, change within teams, funnels, alpha, roles."""

from __future__ import annotations

from collections import Counter
from typing import Any

from questionnaires.instrument import LEVELS
from reports.funnel import INNER, OUTER, funnel, limits, n_beyond
from reports.released import (
    Change,
    OrganisationChange,
    ReleasedLadder,
    ReleasedOrganisation,
    ReleasedRole,
    RoleComparison,
    Withheld,
)
from reports.reliability import team_difference


def organisation_part(organisation: ReleasedOrganisation) -> dict[str, Any]:
    """Return as plain values what only an organisation's report shows; null stands for what is not shown."""
    return {
        "n_teams_withheld": sum(team.is_withheld for team in organisation.teams),
        "teams_per_rung": {area: _rungs(organisation, area) for area in organisation.whole.ladders},
        "change_within_teams": {aspect: _change(change) for aspect, change in organisation.changes.items()},
        "funnels": {aspect: _funnel(organisation, aspect) for aspect in organisation.whole.aspects},
        "reliability": {aspect: _reliability(organisation, aspect) for aspect in organisation.whole.aspects},
        "roles": {aspect: _roles(comparison) for aspect, comparison in organisation.roles.items()},
    }


def organisation_roadmap(organisation: ReleasedOrganisation) -> dict[str, Any]:
    """Return what the teams' own roadmaps add up to: how many were suggested a change, how many talk first."""
    suggested = Counter(one.change for team in organisation.teams for one in team.suggestions.changes)
    return {
        "n_teams_suggested": dict(sorted(suggested.items())),
        "n_teams_talking": sum(bool(team.suggestions.conversations) for team in organisation.teams),
    }


def _rungs(organisation: ReleasedOrganisation, area: str) -> dict[str, int]:
    figures = [team.ladders.get(area) for team in organisation.teams]
    counts = Counter(figure.reached for figure in figures if isinstance(figure, ReleasedLadder))
    return {str(rung): counts[rung] for rung in range(LEVELS)}


def pairs_of_change(change: Change | OrganisationChange) -> dict[str, float] | None:
    """Return the shares of pairs by name."""
    return None if change.pairs is None else dict(zip(("higher", "equal", "lower"), change.pairs, strict=True))


def _change(change: OrganisationChange) -> dict[str, Any]:
    return {
        "status": str(change.status),
        "n_teams": change.n_teams,
        "n_before": change.n_before,
        "n_after": change.n_after,
        "direction": change.direction,
        "p": change.p,
        "adjusted_p": change.adjusted_p,
        "delta": change.delta,
        "pairs": pairs_of_change(change),
    }


def _funnel(organisation: ReleasedOrganisation, aspect: str) -> dict[str, Any] | None:
    found = funnel(organisation, aspect)
    if found is None:
        return None
    inner, outer = (
        list(limits(found.mean, found.deviation, organisation.whole.detail_size, share, found.scale))
        for share in (INNER, OUTER)
    )
    return {
        "n_teams": len(found.dots),
        "mean": found.mean,
        "deviation": found.deviation,
        "limits_at_detail_size": {"95": inner, "99.8": outer},
        "n_beyond": {"95": n_beyond(found.dots, 1), "99.8": n_beyond(found.dots, 2)},
        "teams": [{"n": dot.n, "mean": dot.mean, "beyond": dot.beyond} for dot in found.dots],
    }


def _reliability(organisation: ReleasedOrganisation, aspect: str) -> dict[str, Any]:
    alpha, difference = organisation.alphas.get(aspect), team_difference(organisation, aspect)
    return {
        "alpha": None if alpha is None else alpha.alpha,
        "alpha_interval_90": None if alpha is None else list(alpha.interval_90),
        "n_complete": None if alpha is None else alpha.n,
        "icc_1": None if difference is None else float(difference.icc.single),
        "icc_2": None if difference is None else float(difference.icc.average),
        "n_answers": None if difference is None else difference.n,
        "n_teams": None if difference is None else difference.n_teams,
    }


def _roles(comparison: RoleComparison) -> dict[str, Any]:
    return {
        "verdict": str(comparison.verdict),
        "p": comparison.p,
        "adjusted_p": comparison.adjusted_p,
        "roles": {role: _role(figure) for role, figure in comparison.roles.items()},
    }


def _role(figure: ReleasedRole | Withheld) -> dict[str, Any]:
    if isinstance(figure, Withheld):
        return {"withheld": str(figure.reason)}
    return {
        "n": figure.n,
        "n_teams": figure.n_teams,
        "scale": list(figure.scale),
        "mean": figure.mean,
        "open_end": None if figure.open_end is None else str(figure.open_end),
        "interval_90": list(figure.interval_90),
    }
