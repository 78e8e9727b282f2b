"""Which figures may be shown exactly, which coarsely, and which not at all: carry-up at the detail size.

The rule and its reasons stand in `reports.disclosure`; this is its arithmetic on kept figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from reports.carry_up import carry_up, detail_size
from reports.histograms import Histogram
from reports.kept import Figure, Kept, Node, NodeKind
from reports.released import Reason, Tier


@dataclass(frozen=True)
class Shown:
    """A figure that may be shown, how exactly, and of which groups it is made."""

    figure: Figure
    tier: Tier
    blocks: frozenset[int]
    """The nodes whose own groups (a team, or a node's pool) are counted."""


class Campaign:
    """A kept campaign with what is decided about each of its figures, once for all its nodes."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.nodes = {node.id: node for node in kept.nodes}

    @cached_property
    def settled(self) -> dict[tuple[int, str], Shown | Reason]:
        """How every figure is shown."""
        return settle(self.kept)

    def shown(self, node_id: int, measure: str) -> Shown | Reason:
        """Return how a figure is shown, or why it is not."""
        return self.settled.get((node_id, measure), Reason.TOO_FEW)

    def scale(self, aspect: str) -> tuple[int, int]:
        """Return the scale of an aspect, in points."""
        scale = self.kept.questionnaire.aspects[aspect][0].scale
        assert scale is not None
        return scale.lowest, scale.highest

    def find(self, kind: NodeKind, team: int | None) -> Node | None:
        """Return the node of the same team or department; there is only one organisation."""
        for node in self.kept.nodes:
            if node.kind == kind and (kind == "organisation" or (team is not None and node.team == team)):
                return node
        return None

    @cached_property
    def teams_below(self) -> dict[int, list[Node]]:
        """The teams of every node; of a team, itself."""
        found: dict[int, list[Node]] = {node_id: [] for node_id in self.nodes}
        for team in (node for node in self.kept.nodes if node.kind == "team"):
            above: Node | None = team
            while above is not None:
                found[above.id].append(team)
                above = self.nodes.get(above.parent) if above.parent is not None else None
        return found

    def n_countable(self, node_id: int) -> int | None:
        """Return how many people were asked, or None where that is unknown or answers may not be one a person."""
        asked = [self.nodes[node_id], *self.teams_below[node_id]]
        if any(node.n_invited is None or node.way == "open_link" for node in asked):
            return None
        return self.nodes[node_id].n_invited


def settle(kept: Kept) -> dict[tuple[int, str], Shown | Reason]:
    """Decide for every node and every kept measure how it is shown."""
    children: dict[int, list[int]] = {node.id: [] for node in kept.nodes}
    for node in kept.nodes:
        if node.parent in children:
            children[node.parent].append(node.id)
    measures = sorted({measure for _, measure in kept.figures})
    settled: dict[tuple[int, str], Shown | Reason] = {}
    for measure in measures:
        figures = {node: figure for (node, key), figure in kept.figures.items() if key == measure}
        for node_id, verdict in _settle_measure(kept, figures, children).items():
            settled[node_id, measure] = verdict
    return settled


def own_figures(figures: Mapping[int, Figure], children: Mapping[int, Sequence[int]]) -> dict[int, Figure]:
    """Return what each node adds to the figures of its children: a team itself, or a node's pool.

    :raise ValueError: when a figure does not contain those of its children; the kept data is then damaged.
    """
    own: dict[int, Figure] = {}
    for node_id, figure in figures.items():
        below = [figures[child] for child in children[node_id] if child in figures]
        histogram = figure.histogram - Histogram.total(part.histogram for part in below)
        if histogram.n:
            own[node_id] = Figure(histogram, figure.n_teams - sum(part.n_teams for part in below))
    return own


def _settle_measure(
    kept: Kept, figures: Mapping[int, Figure], children: Mapping[int, Sequence[int]]
) -> dict[int, Shown | Reason]:
    own = own_figures(figures, children)
    size = detail_size(kept.reporting_size)
    n = {owner: figure.histogram.n for owner, figure in own.items()}
    exact = carry_up(kept.nodes, n, dict.fromkeys(own, size))
    settled: dict[int, Shown | Reason] = {}

    def covered(node_id: int) -> frozenset[int]:
        """Return the blocks a node would show: those of its exact figure, or else of its kept one."""
        if node_id in exact or node_id not in figures:
            return exact.get(node_id, frozenset())
        below = (covered(child) for child in children[node_id])
        return frozenset([node_id] if node_id in own else []).union(*below)

    def decide(node: Node) -> Shown | Reason:
        """Show a node's figure, unless it has none or has only what one of its children has."""
        blocks = covered(node.id)
        if not blocks:
            return Reason.TOO_FEW
        figure = Figure(
            Histogram.total(own[owner].histogram for owner in blocks), sum(own[owner].n_teams for owner in blocks)
        )
        shown = Shown(figure, Tier.DETAIL if node.id in exact else Tier.COARSE, blocks)
        if all(covered(child) != blocks for child in children[node.id]):
            return shown
        if node.kind == "organisation" and len(children[node.id]) == 1:
            only = settled[children[node.id][0]]
            return shown if isinstance(only, Shown) else only
        return Reason.WOULD_REVEAL

    # Children come before their parents, because an organisation of one department follows it.
    for kind in ("team", "department", "organisation"):
        for node in (node for node in kept.nodes if node.kind == kind):
            settled[node.id] = decide(node)
    return settled
