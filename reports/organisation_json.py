"""What the JSON report of an organisation has beyond its parts: change within teams, funnels, reliability."""

from __future__ import annotations

from typing import Any

from reports.funnel import INNER, OUTER, funnel, limits, n_beyond
from reports.released import OrganisationChange, ReleasedOrganisation
from reports.reliability import team_difference


def organisation_part(organisation: ReleasedOrganisation) -> dict[str, Any]:
    """Return as plain values what only an organisation's report shows; null stands for what is not shown."""
    return {
        "change_within_teams": {aspect: _change(change) for aspect, change in organisation.changes.items()},
        "funnels": {aspect: _funnel(organisation, aspect) for aspect in organisation.whole.aspects},
        "reliability": {aspect: _reliability(organisation, aspect) for aspect in organisation.whole.aspects},
    }


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
