"""What disclosure control says of how roles see each aspect, from what is kept: coarse means and one test.

Nothing is said where the organisation's own figure of the aspect is withheld. Of a role that is not kept the reader
learns no reason, because "too few" and "a small group would follow" would each tell something about how many there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from questionnaires.roles import ROLES
from reports.coarse import OPEN_FROM, CoarseMean, coarse_interval
from reports.exactness import Campaign
from reports.kept import KeptRole, KeptRoles
from reports.statistics import Scale
from reports.stratified import FALSE_SHARE, adjusted
from reports.verdicts import Agreement, OpenEnd, Reason, RoleVerdict


class Told(NamedTuple):
    """What is said of one role."""

    n: int
    n_teams: int
    mean: float
    open_end: OpenEnd | None
    interval_90: tuple[float, float]
    scale: Scale


class Comparison(NamedTuple):
    """What is said of one aspect."""

    verdict: RoleVerdict
    p: float | None
    adjusted_p: float | None
    roles: Mapping[str, Told | Reason]


def comparisons(campaign: Campaign) -> dict[str, Comparison]:
    """Return how roles compare in every aspect of the organisation; nothing where the campaign did not ask for roles.

    Aspects are tested together: an adjusted p of at most .10 is a difference (Benjamini & Hochberg).
    """
    asked, top = campaign.kept.questionnaire, campaign.find("organisation", None)
    if asked.role is None or top is None:
        return {}
    shown = {aspect: campaign.shown(top.id, f"aspect:{aspect}") for aspect in asked.aspects}
    kept = {aspect: found for aspect, found in campaign.kept.roles.items() if not isinstance(shown[aspect], Reason)}
    p_values = {aspect: one.p_thousandths / 1000 for aspect, one in kept.items() if one.p_thousandths is not None}
    corrected = dict(zip(p_values, adjusted(list(p_values.values())), strict=True))
    told = {}
    for aspect, figure in shown.items():
        reason = figure if isinstance(figure, Reason) else Reason.WOULD_REVEAL
        roles = _roles(kept.get(aspect), reason, campaign.scale(aspect))
        told[aspect] = Comparison(_verdict(corrected.get(aspect)), p_values.get(aspect), corrected.get(aspect), roles)
    return told


def _verdict(adjusted_p: float | None) -> RoleVerdict:
    if adjusted_p is None:
        return RoleVerdict.NOT_TESTED
    return RoleVerdict.DIFFERENT if adjusted_p <= FALSE_SHARE else RoleVerdict.NOT_DISTINGUISHABLE


def _roles(kept: KeptRoles | None, reason: Reason, scale: Scale) -> dict[str, Told | Reason]:
    roles = kept.roles if kept is not None else {}
    return {role: _told(roles[role], scale) if role in roles else reason for role in ROLES}


def _told(kept: KeptRole, scale: Scale) -> Told:
    """Return a role's mean with the interval that a coarse figure of a large group has."""
    mean, half = Fraction(kept.tenths, 10), Fraction(1, 20)
    lowest, highest = scale[0] + Fraction(OPEN_FROM, 10), scale[1] - Fraction(OPEN_FROM, 10)
    open_end = OpenEnd.TOP if mean >= highest else OpenEnd.BOTTOM if mean <= lowest else None
    interval = coarse_interval(
        CoarseMean(mean, open_end, mean - half, mean + half), Agreement.NEITHER, kept.n, None, scale
    )
    assert interval is not None  # only where everybody asked had answered, and nobody knows how many those are
    return Told(kept.n, kept.n_teams, float(mean), open_end, interval, scale)
