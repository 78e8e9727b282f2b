"""Which figures may be shown exactly, which coarsely, and which not at all: carry-up at the detail size.

A department of a team of nine and a team of six must not be shown exactly: nine taken from fifteen
leaves the exact histogram of the six. So carry-up runs a second time, now at the detail size and over the groups that
were kept: every kept team, and every node's own pool of small teams. A group below the detail size joins the pool of
the node above; a pool that is large enough is counted in that node's exact figure, one that is not is left out there
and carried further. A department or the organisation is shown exactly only over what this second pass covers there,
with that cover's n and number of teams, even where more was kept. So all exact figures of a campaign are made of
groups that do not overlap and have eight answers or more each, and no sum or difference of exact figures has fewer
behind it.

Eight are not enough for a pool of coarse groups. The exact histogram of a team of five and a team of six together can
be parted in 462 ways, but mostly in one or two that fit both coarse means. Small groups therefore are in an exact
figure only as a crowd of at least four times the detail size, in which other groups could have given the answers of
each of them (`reports.crowds`). Those that stand out are left out.

Without an exact figure of its own (nothing covered, or only what one of its children shows) a department or the
organisation is coarse over all that was kept: only a mean with its interval and bounds, computed from what is shown of
its parts, because a second measurement of a small group could be subtracted like an exact figure; words,
rungs and choices are withheld there, because each tells on which side of a limit the small groups lie. A node whose
kept figure is just that of one of its children is withheld (`WOULD_REVEAL`): under another name it would say only who
is missing. The organisation with a single department is an exception: both are the same people by name, and it is
shown as its department is. No kept figure at all reads `TOO_FEW`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from reports.carry_up import carry_up, detail_size, own_blocks
from reports.counting import COMPLETE
from reports.crowds import certain_in, known_in, view_of
from reports.histograms import Histogram
from reports.kept import Figure, Kept, Node, NodeKind
from reports.released import Reason, Tier
from reports.statistics import LOW_RESPONSE_BELOW

# Groups below the detail size are in an exact figure only as a crowd of at least four times that size together.
CROWD = 4


@dataclass(frozen=True)
class Shown:
    """A figure that may be shown, how exactly, and of which groups it is made."""

    figure: Figure
    tier: Tier
    blocks: frozenset[int]
    """The nodes whose own groups (a team, or a node's pool) are counted."""
    parts: tuple[Histogram, ...]
    """The histograms of those groups."""
    takes_items: bool
    """Whether the kept items of an aspect count these groups and no others."""

    @property
    def is_mixed(self) -> bool:
        """Whether it is coarse although it is large, because small groups are in it."""
        return self.tier is Tier.COARSE and len(self.blocks) > 1


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

    def is_low_response(self, node_id: int, n: int) -> bool:
        """Whether fewer than 60 % answered: of a team's people this measure, of a larger node's at all.

        A larger node's figure may leave out small groups that did answer, which is no lack of response.
        """
        node, asked = self.nodes[node_id], self.n_countable(node_id)
        if asked is not None and n > asked:
            return False
        answered = n if node.kind == "team" else node.n_answered
        return asked is not None and answered < LOW_RESPONSE_BELOW * asked


def settle(kept: Kept) -> dict[tuple[int, str], Shown | Reason]:
    """Decide for every node and every kept measure how it is shown."""
    children: dict[int, list[int]] = {node.id: [] for node in kept.nodes}
    for node in kept.nodes:
        if node.parent in children:
            children[node.parent].append(node.id)
    # Complete cases are kept for alpha only; no figure of theirs is ever shown.
    by_measure: dict[str, dict[int, Figure]] = {}
    for (node_id, measure), figure in kept.figures.items():
        if not measure.startswith(COMPLETE):
            by_measure.setdefault(measure, {})[node_id] = figure
    settled: dict[tuple[int, str], Shown | Reason] = {}
    for measure, figures in sorted(by_measure.items()):
        for node_id, verdict in _settle_measure(kept, measure, figures, children).items():
            settled[node_id, measure] = verdict
    return settled


def own_figures(figures: Mapping[int, Figure], children: Mapping[int, Sequence[int]]) -> dict[int, Figure]:
    """Return what each node adds to the figures of its children: a team itself, or a node's pool.

    :raise ValueError: when a figure does not contain those of its children; the kept data is then damaged.
    """
    own: dict[int, Figure] = {}
    for node_id, figure in figures.items():
        below = [figures[child] for child in children[node_id] if child in figures]
        if not below:
            own[node_id] = figure
            continue
        histogram = figure.histogram - Histogram.total(part.histogram for part in below)
        if histogram.n:
            own[node_id] = Figure(histogram, figure.n_teams - sum(part.n_teams for part in below))
    return own


def _exact_covers(kept: Kept, measure: str, own: Mapping[int, Figure]) -> dict[int, frozenset[int]]:
    """Return which groups each node's exact figure is made of."""
    size = detail_size(kept.reporting_size)
    n = {owner: figure.histogram.n for owner, figure in own.items()}
    smallest = {owner: size if answers >= size else CROWD * size for owner, answers in n.items()}
    covers = carry_up(kept.nodes, n, smallest)
    # Most crowds are the same in every round.
    looked: dict[frozenset[int], set[int]] = {}
    while True:
        stand_out: set[int] = set()
        for block in own_blocks(kept.nodes, covers).values():
            small = frozenset(owner for owner in block if n[owner] < size)
            if small not in looked:
                looked[small] = _standing_out(kept, measure, {owner: own[owner].histogram for owner in sorted(small)})
            stand_out |= looked[small]
        if not stand_out:
            return covers
        n = {owner: answers for owner, answers in n.items() if owner not in stand_out}
        covers = carry_up(kept.nodes, n, smallest)


def _standing_out(kept: Kept, measure: str, small: Mapping[int, Histogram]) -> set[int]:
    """Return the small groups of one crowd that its exact histogram would tell too much about."""
    view = view_of(measure)
    if view is not None:
        return certain_in(small, view)
    aspect = kept.questionnaire.aspects.get(measure.removeprefix("aspect:")) if measure.startswith("aspect:") else None
    if aspect is None or aspect[0].scale is None:
        return set()
    scale, n_items = (aspect[0].scale.lowest, aspect[0].scale.highest), len(aspect[1].items)
    return known_in(small, scale, n_items)


def _settle_measure(
    kept: Kept, measure: str, figures: Mapping[int, Figure], children: Mapping[int, Sequence[int]]
) -> dict[int, Shown | Reason]:
    own = own_figures(figures, children)
    exact = _exact_covers(kept, measure, own)
    n = {owner: figure.histogram.n for owner, figure in own.items()}
    # This is how `carry_up.keep` groups the items of an aspect.
    item_covers = carry_up(kept.nodes, n, dict.fromkeys(n, detail_size(kept.reporting_size)))
    settled: dict[int, Shown | Reason] = {}

    def kept_blocks(node_id: int) -> frozenset[int]:
        """Return the groups that a node's kept figure is made of."""
        below = (kept_blocks(child) for child in children[node_id])
        return frozenset([node_id] if node_id in own else []).union(*below)

    def shown(node: Node, tier: Tier, blocks: frozenset[int]) -> Shown:
        parts = tuple(own[owner].histogram for owner in sorted(blocks))
        total = parts[0] if len(parts) == 1 else Histogram.total(parts)
        figure = Figure(total, sum(own[owner].n_teams for owner in blocks))
        return Shown(figure, tier, blocks, parts, item_covers.get(node.id) == blocks)

    def decide(node: Node) -> Shown | Reason:
        """Show a node's exact figure, or else its kept one coarsely, unless it is that of one of its children."""
        if node.id not in figures:
            return Reason.TOO_FEW
        below = children[node.id]
        if node.kind == "organisation" and len(below) == 1 and node.id not in own:
            return settled[below[0]]
        blocks = exact.get(node.id, frozenset())
        if blocks and all(exact.get(child) != blocks for child in below):
            return shown(node, Tier.DETAIL, blocks)
        blocks = kept_blocks(node.id)
        if all(kept_blocks(child) != blocks for child in below):
            return shown(node, Tier.COARSE, blocks)
        return Reason.WOULD_REVEAL

    # Children come before their parents, because an organisation of one department follows it.
    for kind in ("team", "department", "organisation"):
        for node in (node for node in kept.nodes if node.kind == kind):
            settled[node.id] = decide(node)
    return settled
