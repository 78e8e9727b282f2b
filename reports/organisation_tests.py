"""What disclosure control computes of a whole organisation: its change within teams, and Cronbach's alpha.

**Change.** Strata are the teams whose exact histograms are shown in both quarters. Every number here is computed from
those two shown histograms, so it is a function of what team reports hold and adds nothing to it. Teams that are shown
coarsely or not at all are left out, and so is whoever is counted in a crowd: a team cannot be compared with itself
there. Which teams take part is told by their number only.

**Alpha** is computed from complete cases, which are never shown. It is handed out only where they belong to just those
groups over which the organisation shows the aspect and all its statements exactly: no group is in alpha that is not in
the shown histograms. Where everybody answered everything, it then follows from these. Else the people who skipped a
statement are eight or more (`reports.carry_up`), and two decimals of one number do not give any of them away.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from reports import comparisons
from reports.counting import COMPLETE
from reports.exactness import Campaign, Shown
from reports.kept import Node
from reports.released import Status, Tier
from reports.reliability import AT_LEAST, cronbachs_alpha, feldt_interval, sums_of_scores
from reports.stratified import FALSE_SHARE, Stratum, VanElteren, adjusted, van_elteren

LEAST_TEAMS = 3
"""Of fewer teams than this nothing is said about the organisation."""


class Tested(NamedTuple):
    """What may be said about one aspect's change within teams."""

    status: Status
    n_teams: int = 0
    n_before: int = 0
    n_after: int = 0
    direction: int = 0
    p: float | None = None
    adjusted_p: float | None = None
    delta: float | None = None
    pairs: tuple[float, float, float] | None = None


class Alpha(NamedTuple):
    """Cronbach's alpha, to two decimals, with its interval."""

    alpha: float
    interval_90: tuple[float, float]
    n: int


def changes(campaign: Campaign, previous: Campaign | None) -> dict[str, Tested]:
    """Return for every aspect what its test stratified by team says.

    Aspects are tested together: an adjusted p of at most .10 is a change (Benjamini & Hochberg). Without a quarter
    before there is nothing to say; where meaning ids or scale differ, it is not comparable; without any team that is
    exact in both quarters there are too few answers; with one or two it is not tested.
    """
    told: dict[str, Tested] = {}
    tests: dict[str, VanElteren] = {}
    for aspect in campaign.kept.questionnaire.aspects:
        strata = _strata(campaign, previous, aspect)
        if isinstance(strata, Status):
            told[aspect] = Tested(strata)
            continue
        n_before, n_after = (sum(stratum[side].n for stratum in strata) for side in (0, 1))
        told[aspect] = Tested(Status.NOT_TESTED if strata else Status.TOO_FEW, len(strata), n_before, n_after)
        if len(strata) >= LEAST_TEAMS:
            tests[aspect] = van_elteren(strata)
    corrected = adjusted([test.p for test in tests.values()])
    for (aspect, test), adjusted_p in zip(tests.items(), corrected, strict=True):
        told[aspect] = _verdict(test, adjusted_p, told[aspect])
    return told


def _strata(campaign: Campaign, previous: Campaign | None, aspect: str) -> list[Stratum] | Status:
    """Return the two histograms of every team that is exact in both quarters, or why there are none to compare."""
    if previous is None or previous.find("organisation", None) is None:
        return Status.FIRST_QUARTER
    if not comparisons.is_comparable(previous.kept.questionnaire, campaign.kept.questionnaire, aspect):
        return Status.NOT_COMPARABLE
    earlier = {node.team: node for node in previous.kept.nodes if node.kind == "team"}
    strata = []
    for node in campaign.kept.nodes:
        before = earlier.get(node.team) if node.kind == "team" and node.team is not None else None
        if before is None:
            continue
        sides = _exact(previous, before, aspect), _exact(campaign, node, aspect)
        if sides[0] is not None and sides[1] is not None:
            strata.append((sides[0].figure.histogram, sides[1].figure.histogram))
    return strata


def _exact(campaign: Campaign, node: Node, aspect: str) -> Shown | None:
    shown = campaign.shown(node.id, f"aspect:{aspect}")
    return shown if isinstance(shown, Shown) and shown.tier is Tier.DETAIL else None


def _verdict(test: VanElteren, adjusted_p: float, told: Tested) -> Tested:
    higher, equal, lower = map(float, test.pairs)
    numbers = told._replace(p=test.p, adjusted_p=adjusted_p, delta=float(test.delta), pairs=(higher, equal, lower))
    if adjusted_p > FALSE_SHARE:
        return numbers._replace(status=Status.NOT_DISTINGUISHABLE)
    return numbers._replace(status=Status.CHANGED, direction=1 if test.z > 0 else -1)


def alphas(campaign: Campaign) -> Mapping[str, Alpha | None]:
    """Return Cronbach's alpha of every aspect, or None where too few complete cases may be used."""
    top = campaign.find("organisation", None)
    aspects = campaign.kept.questionnaire.aspects
    return {
        aspect: None if top is None else _alpha(campaign, top, aspect, [item.id for item in part.items])
        for aspect, (_, part) in aspects.items()
    }


def _alpha(campaign: Campaign, top: Node, aspect: str, items: list[str]) -> Alpha | None:
    kept, shown = campaign.kept.figures, _exact(campaign, top, aspect)
    complete = kept.get((top.id, f"{COMPLETE}aspect:{aspect}"))
    if complete is None or complete.histogram.n < AT_LEAST or shown is None or not shown.takes_items:
        return None
    for item in items:
        part = campaign.shown(top.id, f"item:{item}")
        if not isinstance(part, Shown) or part.tier is not Tier.DETAIL or part.figure != kept[top.id, f"item:{item}"]:
            return None
    histograms = [kept[top.id, f"{COMPLETE}item:{item}"].histogram for item in items]
    found = cronbachs_alpha(histograms, sums_of_scores(complete.histogram, len(items)))
    if found is None:
        return None
    alpha = math.floor(100 * found + Fraction(1, 2)) / 100
    return Alpha(alpha, feldt_interval(alpha, complete.histogram.n, len(items)), complete.histogram.n)
