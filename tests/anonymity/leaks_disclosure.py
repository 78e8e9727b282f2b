"""Disclosure control as one would write it first, and as others do: every attack on figures must succeed here."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from questionnaires.instrument import CULTURES
from reports import carry_up, coarse, disclosure, exactness, levels, roles
from reports.comparisons import judge
from reports.counting import role_measures
from reports.exactness import Shown
from reports.histograms import Histogram
from reports.kept import Node
from reports.released import Reason, ReleasedItem, ReleasedLadder, Withheld
from reports.statistics import Scale, mean, rungs
from tests.reports.test_carry_up import naive

Patch = pytest.MonkeyPatch


def a_threshold_at_every_node(patch: Patch) -> None:
    """Every node counts all its people and is shown where those are enough."""

    def each_for_itself(nodes: Sequence[Node], n: Mapping[int, int], smallest: Mapping[int, int]) -> Any:
        teams = {node.id for node in nodes if node.kind == "team"}
        answers, sizes = dict.fromkeys(teams, 0) | dict(n), dict.fromkeys(teams, 5) | dict(smallest)
        # An empty team would change a set of teams without changing its total.
        return {node: {t for t in cover if answers[t]} for node, cover in naive(nodes, answers, sizes).items()}

    patch.setattr(carry_up, "carry_up", each_for_itself)


def items_counted_over_everybody(patch: Patch) -> None:
    """An item is a question like any other, and has its own groups, not those of its aspect."""
    by_itself = carry_up.carry_up

    def over_everybody(
        nodes: Sequence[Node], _blocks: Mapping[int, frozenset[int]], histograms: Mapping[int, Histogram], size: int
    ) -> Any:
        n = {team: histogram.n for team, histogram in histograms.items()}
        return by_itself(nodes, n, dict.fromkeys(n, size))

    def items(campaign: exactness.Campaign, node: Node, asked: Sequence[Any], _shown: Shown) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for item in asked:
            part = campaign.shown(node.id, f"item:{item.id}")
            is_shown = isinstance(part, Shown) and part.tier.value == "detail"
            histogram = part.figure.histogram if is_shown else None
            found[item.id] = (
                Withheld(Reason.TOO_FEW) if histogram is None else ReleasedItem(histogram.n, 0.0, histogram)
            )
        return found

    patch.setattr(carry_up, "regroup", over_everybody)
    patch.setattr(disclosure, "_items", items)


def three_decimals(patch: Patch) -> None:
    """Means of five to seven answers are rounded, but not enough."""

    def finely(histogram: Histogram, scale: Scale, _n_items: int = 3) -> coarse.CoarseMean:
        value = Fraction(math.floor(1000 * mean(histogram) + Fraction(1, 2)), 1000)
        return coarse.CoarseMean(value, None, value, value)

    patch.setattr(levels, "coarse_mean", finely)


def a_majority_beside_two_thirds(patch: Patch) -> None:
    """A small team's ladder says which rung more than half see, too."""
    told = disclosure._ladder

    def with_majority(shown: Shown | Reason) -> ReleasedLadder | Withheld:
        found = told(shown)
        if isinstance(found, Withheld) or not isinstance(shown, Shown):
            return found
        return replace(found, majority=rungs(shown.figure.histogram).majority)

    patch.setattr(disclosure, "_ladder", with_majority)


def a_department_s_own_mean(patch: Patch) -> None:
    """A department with a small team in it is rounded like a small team, from its own exact mean."""

    def of_the_total(parts: Collection[Histogram], scale: Scale, _n_items: int = 3) -> coarse.CoarseMean:
        return coarse.coarse_mean(Histogram.total(parts), scale)

    patch.setattr(levels, "mixed_mean", of_the_total)


def any_crowd_is_exact(patch: Patch) -> None:
    """Thirty-two answers together are exact, whatever the words of the small teams in them say."""
    patch.setattr(exactness, "certain_in", lambda *_: set())
    patch.setattr(exactness, "known_in", lambda *_: set())


def the_exact_verdict(patch: Patch) -> None:
    """Whether a small team changed is tested on its exact answers."""
    kept: dict[int, Histogram] = {}
    release = disclosure._aspect

    def remembering(campaign: exactness.Campaign, node: Node, aspect: str) -> Any:
        found = release(campaign, node, aspect)
        kept[id(found)] = campaign.kept.figures[node.id, f"aspect:{aspect}"].histogram
        held.append(found)
        return found

    held: list[Any] = []
    patch.setattr(disclosure, "_aspect", remembering)
    patch.setattr(
        disclosure.comparisons,
        "judge_released",
        lambda before, after: judge(kept[id(before)], kept[id(after)]).direction,
    )


def exact_sums(patch: Patch) -> None:
    """Means of five to seven answers are exact."""

    def exactly(histogram: Histogram, scale: Scale, _n_items: int = 3) -> coarse.CoarseMean:
        value = mean(histogram)
        return coarse.CoarseMean(value, None, value, value)

    patch.setattr(levels, "coarse_mean", exactly)


def a_name_for_all(patch: Patch) -> None:
    """A culture is named only where all chose it."""

    def name(histogram: Histogram) -> str | None:
        return CULTURES[histogram.pairs[0][0] - 1] if len(histogram.pairs) == 1 else None

    patch.setattr(disclosure.statistics, "choice_name", name)


def roles_by_their_own_size(patch: Patch) -> None:
    """A role is kept from ten people of three teams on, whoever is left when it is taken from groups."""
    patch.setattr(roles, "largest_safe", lambda _cells, large, _least: tuple(large))


def roles_counted_for_teams(patch: Patch) -> None:
    """Roles are a measure like any other, kept for whatever group is large enough."""
    usual = carry_up.measures
    patch.setattr(carry_up, "measures", lambda asked: (*usual(asked), *role_measures(asked)))
