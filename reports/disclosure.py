"""Disclosure control: the one place where kept histograms become released values.

Nothing else constructs the types of `reports.released`, and whatever shows a number takes only those.

**Two tiers.** A figure of at least the detail size (8, or the reporting size where that is larger) is shown exactly.
A figure of fewer answers, down to the reporting size, is shown coarsely: the mean to one decimal and open at the ends
of the scale, an interval and bounds computed from that coarse mean, words for spread, agreement, rungs and change.
Five people who all say 7 and five of whom one says 6 are shown alike (`reports.coarse`).

**Subtraction.** Nine taken from fifteen leave six: exact figures are made only of groups that do not overlap and are
large enough for themselves (`reports.exactness`), items only where their aspect is exact and over the same groups.

**Tests and suggestions.** Where both quarters are exact, the exact test runs and hands out p and delta. Else the
verdict is computed from released values: beside an exact quarter before, an exact verdict on five answers can be true
of one of their possible histograms alone. Suggestions are computed from released figures too, so they add nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from questionnaires.changes import Catalogue, catalogue
from questionnaires.instrument import SIXTHS, Item
from reports import comparisons, organisation_tests, ranking, role_comparison, statistics
from reports.carry_up import detail_size
from reports.collecting import nothing_collected
from reports.exactness import Campaign, Shown, campaign_of
from reports.health import Standings
from reports.histograms import Histogram
from reports.kept import Kept, Node, NodeKind
from reports.released import (
    Change,
    OrganisationChange,
    Released,
    ReleasedAlpha,
    ReleasedAspect,
    ReleasedChoice,
    ReleasedItem,
    ReleasedLadder,
    ReleasedOrganisation,
    ReleasedRole,
    RoleComparison,
    Series,
    Suggestion,
    Suggestions,
    Withheld,
)
from reports.shown_levels import exact_levels, level_of
from reports.verdicts import Reason, Status, Tier

__all__ = ["detail_size", "release", "release_organisation", "release_series"]

LONGEST_SERIES = 8


def release(
    kept: Kept,
    node_id: int,
    *,
    previous: Kept | None = None,
    done: Collection[str] = (),
    health: Standings | None = None,
    changes: Catalogue | None = None,
) -> Released:
    """Return one node of a closed campaign as anybody entitled to its report may see it.

    :param previous: the campaign before, in which the same team, department or organisation is looked for.
    :param done, health: ids of small changes in place, and which health measures are within their targets.
    :param changes: the catalogue to suggest from; the shipped one by default.
    :raise KeyError: when the campaign has no such node.
    """
    if kept.node(node_id).kind == "organisation":
        return release_organisation(kept, previous=previous, done={node_id: done}, changes=changes).whole
    before = campaign_of(previous) if previous else None
    return _release(campaign_of(kept), node_id, before, (done, health or {}), changes or catalogue())[0]


@nothing_collected()
def release_organisation(
    kept: Kept,
    *,
    previous: Kept | None = None,
    done: Mapping[int, Collection[str]] | None = None,
    health: Mapping[int, Standings] | None = None,
    changes: Catalogue | None = None,
) -> ReleasedOrganisation:
    """Return the organisation with its departments and teams, in alphabetical order.

    :param done, health: as `release` takes them, by node id.
    :raise KeyError: when the campaign has no organisation node.
    """
    campaign, shelf, has = campaign_of(kept), changes or catalogue(), done or {}
    before = campaign_of(previous) if previous else None
    for quarter in filter(None, (campaign, before)):
        quarter.levels = exact_levels(quarter)
    grounds = {node: (has.get(node, ()), (health or {}).get(node, {})) for node in campaign.nodes}
    released = {node: _release(campaign, node, before, ground, shelf) for node, ground in grounds.items()}
    tops = [node for node in kept.nodes if node.kind == "organisation"]
    if not tops:
        raise KeyError("organisation")

    def sorted_nodes(kind: NodeKind) -> tuple[Released, ...]:
        found = [part for part, _ in released.values() if part.kind == kind]
        return tuple(sorted(found, key=lambda part: (part.name.casefold(), part.node)))

    teams, whole = sorted_nodes("team"), released[tops[0].id][0]
    rankings = [released[team.node][1] for team in teams]
    found = ranking.rank_organisation(rankings, whole.aspects, whole.ladders, has.get(whole.node, ()), shelf)
    suggested = tuple(Suggestion(ranked.change.id, ranked.because, n_waiting) for ranked, n_waiting in found)
    whole = replace(whole, suggestions=replace(whole.suggestions, changes=suggested))
    changed = {key: OrganisationChange(*told) for key, told in organisation_tests.changes(campaign, before).items()}
    alphas = {aspect: told and ReleasedAlpha(*told) for aspect, told in organisation_tests.alphas(campaign).items()}
    return ReleasedOrganisation(whole, sorted_nodes("department"), teams, changed, alphas, _roles(campaign))


def release_series(
    series: Sequence[Kept], team: int | None, kind: NodeKind, *, changes: Catalogue | None = None
) -> Series:
    """Return one node over its last eight quarters, each as released in its own quarter.

    :param series: closed campaigns, oldest first; those without the node are left out.
    :param team: the identity of the team or department across quarters; None for the organisation.
    """
    quarters: list[Released] = []
    before: Campaign | None = None
    for campaign in map(campaign_of, series):
        node = campaign.find(kind, team)
        if node is not None:
            quarters.append(_release(campaign, node.id, before, ((), {}), changes or catalogue())[0])
            before = campaign
    return Series(tuple(quarters[-LONGEST_SERIES:]))


def _release(
    campaign: Campaign, node_id: int, previous: Campaign | None, ground: ranking.Ground, changes: Catalogue
) -> tuple[Released, ranking.Ranking]:
    kept, node, asked = campaign.kept, campaign.nodes[node_id], campaign.kept.questionnaire
    earlier = previous.find(node.kind, node.team) if previous else None
    aspects: dict[str, ReleasedAspect | Withheld] = {}
    for aspect in asked.aspects:
        now = _aspect(campaign, node, aspect)
        shown = campaign.shown(node_id, f"aspect:{aspect}")
        if isinstance(now, ReleasedAspect) and isinstance(shown, Shown):
            items = _items(campaign, node, asked.aspects[aspect][1].items, shown)
            now = replace(now, items=items, change=_change(campaign, node, aspect, now, previous, earlier))
        aspects[aspect] = now
    choices = [aspect for aspect, (_, part) in asked.aspects.items() if part.choice is not None]
    ladders = {area: _ladder(campaign.shown(node_id, f"ladder:{area}")) for area in asked.ladders}
    parent = campaign.nodes.get(node.parent) if node.parent is not None else None
    ranked = ranking.rank(aspects, ladders, ground[0], changes, ground[1])
    released = Released(
        node=node.id,
        kind=node.kind,
        name=node.name,
        parent_name=parent.name if parent else None,
        quarter=kept.quarter,
        previous_quarter=previous.kept.quarter if previous and earlier else None,
        questionnaire=asked,
        reporting_size=kept.reporting_size,
        detail_size=detail_size(kept.reporting_size),
        way=node.way,
        n_invited=node.n_invited,
        n_answered=node.n_answered,
        n_joined=node.n_joined,
        n_left=node.n_left,
        focus=node.focus,
        aspects=aspects,
        choices={aspect: _choice(campaign.shown(node_id, f"choice:{aspect}")) for aspect in choices},
        ladders=ladders,
        suggestions=_suggestions(node.kind, ranked),
        n_teams=len(campaign.teams_below[node_id]),
        is_countable=campaign.n_countable(node_id) is not None,
        campaign=kept.campaign,
    )
    return released, ranked


def _aspect(campaign: Campaign, node: Node, aspect: str) -> ReleasedAspect | Withheld:
    """Release an aspect's level: exactly or coarsely, without its statements and its change."""
    shown = campaign.shown(node.id, f"aspect:{aspect}")
    if isinstance(shown, Reason):
        return Withheld(shown)
    histogram, n = shown.figure.histogram, shown.figure.histogram.n
    level = level_of(campaign, node.id, aspect, shown)
    return ReleasedAspect(
        n=n,
        tier=shown.tier,
        scale=campaign.scale(aspect),
        mean=level.mean,
        open_end=level.open_end,
        interval_90=level.interval_90,
        bounds=level.bounds,
        everyone_answered=n == campaign.n_asked(node.id, shown),
        low_response=campaign.is_low_response(node.id, n),
        agreement=level.words.agreement,
        spread=level.words.spread,
        low_middle_high=level.thirds and level.thirds[:],
        histogram=histogram if shown.tier is Tier.DETAIL else None,
        n_teams=shown.figure.n_teams,
    )


def _items(campaign: Campaign, node: Node, items: Sequence[Item], shown: Shown) -> dict[str, ReleasedItem | Withheld]:
    """Release the items of an aspect where the aspect is exact."""
    if shown.tier is Tier.COARSE:
        return {item.id: Withheld(Reason.TOO_FEW) for item in items}
    if len(items) == 1:
        # The only item is the aspect: its answers are the scores, in whole points.
        answers = Histogram.of({score // SIXTHS: count for score, count in shown.figure.histogram.pairs})
        return {items[0].id: _item(answers)}
    found: dict[str, ReleasedItem | Withheld] = {}
    for item in items:
        part = campaign.shown(node.id, f"item:{item.id}")
        if isinstance(part, Shown) and not shown.takes_items:
            part = Reason.WOULD_REVEAL
        found[item.id] = Withheld(part) if isinstance(part, Reason) else _item(part.figure.histogram)
    return found


def _item(answers: Histogram) -> ReleasedItem:
    return ReleasedItem(answers.n, float(statistics.mean(answers, unit=1)), answers)


def _choice(shown: Shown | Reason) -> ReleasedChoice | Withheld:
    if isinstance(shown, Reason) or shown.is_mixed:
        return Withheld(shown if isinstance(shown, Reason) else Reason.WOULD_REVEAL)
    histogram = shown.figure.histogram
    pathological, bureaucratic, generative = (histogram.counts.get(value, 0) for value in (1, 2, 3))
    return ReleasedChoice(
        n=histogram.n,
        tier=shown.tier,
        name=statistics.choice_name(histogram),
        counts=(pathological, bureaucratic, generative) if shown.tier is Tier.DETAIL else None,
        n_teams=shown.figure.n_teams,
    )


def _ladder(shown: Shown | Reason) -> ReleasedLadder | Withheld:
    if isinstance(shown, Reason) or shown.is_mixed:
        return Withheld(shown if isinstance(shown, Reason) else Reason.WOULD_REVEAL)
    histogram = shown.figure.histogram
    rungs, is_exact = statistics.rungs(histogram), shown.tier is Tier.DETAIL
    return ReleasedLadder(
        n=histogram.n,
        tier=shown.tier,
        reached=rungs.reached,
        # Of five answers, a majority above the rung of two thirds is an exact count: three.
        majority=rungs.majority if is_exact else None,
        needed=rungs.needed,
        missing_for_next=rungs.missing_for_next if is_exact else None,
        histogram=histogram if is_exact else None,
        n_teams=shown.figure.n_teams,
    )


def _change(
    campaign: Campaign, node: Node, aspect: str, now: ReleasedAspect, previous: Campaign | None, earlier: Node | None
) -> Change:
    """Say what may be said about an aspect against the quarter before."""
    if previous is None or earlier is None:
        return Change(Status.FIRST_QUARTER)
    if aspect not in previous.kept.questionnaire.aspects:
        return Change(Status.NOT_COMPARABLE)
    before = _aspect(previous, earlier, aspect)
    is_comparable = comparisons.is_comparable(previous.kept.questionnaire, campaign.kept.questionnaire, aspect)
    if isinstance(before, Withheld):
        return Change(Status.TOO_FEW if is_comparable else Status.NOT_COMPARABLE)
    status = Status.NOT_TESTED if is_comparable else Status.NOT_COMPARABLE
    part = earlier.kind != "team" and before.n_teams < len(previous.teams_below[earlier.id])
    change = Change(status, before.mean, before.open_end, before.interval_90, before.scale, before.tier, part)
    if not is_comparable or node.kind != "team":
        return change
    change = replace(change, detectable=comparisons.detectable(before, now))
    if aspect not in node.focus:
        return change
    if before.histogram is None or now.histogram is None:
        direction = comparisons.judge_released(before, now)
    else:
        direction, p, method, delta = comparisons.judge(before.histogram, now.histogram)
        higher, equal, lower = map(float, comparisons.pairs_of(before.histogram, now.histogram))
        change = replace(change, p=float(p), method=method, delta=float(delta), pairs=(higher, equal, lower))
    return replace(change, status=Status.CHANGED if direction else Status.NOT_DISTINGUISHABLE, direction=direction)


def _suggestions(kind: NodeKind, ranked: ranking.Ranking) -> Suggestions:
    """Suggest changes to teams; departments and the organisation read what to keep and what to talk about."""
    first = ranked.first if kind == "team" else ()
    return Suggestions(tuple(Suggestion(f.change.id, f.because) for f in first), ranked.conversations, ranked.keep)


def _roles(campaign: Campaign) -> dict[str, RoleComparison]:
    """Compare roles in the whole organisation; they are never compared in a part of it."""
    told = role_comparison.comparisons(campaign)
    return {
        aspect: RoleComparison(
            *one[:3], {r: Withheld(x) if isinstance(x, Reason) else ReleasedRole(*x) for r, x in one.roles.items()}
        )
        for aspect, one in told.items()
    }
