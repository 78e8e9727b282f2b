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

**Who may be counted on.** With an open link one person can answer several times, and an import may not know how many
were asked, or say fewer than answered: then there is no finite-population correction, no bounds, no "everyone
answered" and no response rate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from reports.carry_up import Ordered, carry_up_from, detail_size, from_below, own_blocks
from reports.counting import COMPLETE
from reports.crowds import certain_in, known_in, view_of
from reports.exchanges import Exchanges
from reports.histograms import Histogram
from reports.kept import Figure, Kept, Node, NodeKind
from reports.levels import ShownLevel
from reports.released import Reason, Tier
from reports.statistics import LOW_RESPONSE_BELOW, Scale

# Groups below the detail size are in an exact figure only as a crowd of at least four times that size together.
CROWD = 4
# Where a kept campaign carries what `remember` decided; it is no field, so nothing compares or copies it.
REMEMBERED = "_remembered"
ASPECT, ITEM = "aspect:", "item:"


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
        self._settled: dict[str, Mapping[int, Shown | Reason]] = {}
        self.levels: Mapping[tuple[int, str], ShownLevel] = {}
        """The levels of shown figures by node id and aspect, where they were computed before."""
        self._children: dict[int, list[int]] = {node.id: [] for node in kept.nodes}
        self._exchanges: dict[tuple[Scale, int], Exchanges] = {}
        self._n_countable: dict[int, int | None] = {}
        self._by_identity: dict[tuple[NodeKind, int | None], Node] = {}
        for node in kept.nodes:
            if node.parent in self._children:
                self._children[node.parent].append(node.id)
            identity = None if node.kind == "organisation" else node.team
            if identity is not None or node.kind == "organisation":
                self._by_identity.setdefault((node.kind, identity), node)

    @cached_property
    def settled(self) -> dict[tuple[int, str], Shown | Reason]:
        """How every figure is shown."""
        found = ((measure, self._settled_of(measure)) for measure in sorted(self._by_measure))
        return {(node_id, measure): verdict for measure, settled in found for node_id, verdict in settled.items()}

    def shown(self, node_id: int, measure: str) -> Shown | Reason:
        """Return how a figure is shown, or why it is not."""
        return self._settled_of(measure).get(node_id, Reason.TOO_FEW)

    def _settled_of(self, measure: str) -> Mapping[int, Shown | Reason]:
        """Decide about one measure at every node, when it is first asked for: a quarter before is asked for few."""
        if measure not in self._settled:
            figures = self._by_measure.get(measure)
            self._settled[measure] = {} if figures is None else self._settle(measure, figures)
        return self._settled[measure]

    @cached_property
    def _ordered(self) -> Ordered:
        return from_below(self.kept.nodes)

    @cached_property
    def _by_measure(self) -> dict[str, dict[int, Figure]]:
        # Complete cases are kept for alpha only; no figure of theirs is ever shown.
        found: dict[str, dict[int, Figure]] = {}
        for (node_id, measure), figure in self.kept.figures.items():
            if not measure.startswith(COMPLETE):
                found.setdefault(measure, {})[node_id] = figure
        return found

    def scale(self, aspect: str) -> tuple[int, int]:
        """Return the scale of an aspect, in points."""
        scale = self.kept.questionnaire.aspects[aspect][0].scale
        assert scale is not None
        return scale.lowest, scale.highest

    def find(self, kind: NodeKind, team: int | None) -> Node | None:
        """Return the node of the same team or department; there is only one organisation."""
        return self._by_identity.get((kind, None if kind == "organisation" else team))

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
        """Return how many people were asked, or None where that is unknown or answers may not be one a person.

        The stated size of a team with more answers than people is wrong, and with it that of every node above.
        """
        if node_id not in self._n_countable:
            asked = [self.nodes[node_id], *self.teams_below[node_id]]
            is_unknown = any(
                node.n_invited is None or node.way == "open_link" or node.n_answered > node.n_invited for node in asked
            )
            self._n_countable[node_id] = None if is_unknown else self.nodes[node_id].n_invited
        return self._n_countable[node_id]

    def n_asked(self, node_id: int, shown: Shown) -> int | None:
        """Return how many people were asked, or None where nothing may be computed from the stated number.

        Where more answered than were asked, it is wrong.
        """
        asked = self.n_countable(node_id)
        return None if asked is None or shown.figure.histogram.n > asked else asked

    def is_low_response(self, node_id: int, n: int) -> bool:
        """Whether fewer than 60 % answered: of a team's people this measure, of a larger node's at all.

        A larger node's figure may leave out small groups that did answer, which is no lack of response.
        """
        node, asked = self.nodes[node_id], self.n_countable(node_id)
        if asked is not None and n > asked:
            return False
        answered = n if node.kind == "team" else node.n_answered
        return asked is not None and answered < LOW_RESPONSE_BELOW * asked

    def _settle(self, measure: str, figures: Mapping[int, Figure]) -> dict[int, Shown | Reason]:
        """Decide how one measure is shown at every node."""
        own = own_figures(figures, self._children)
        n = {owner: figure.histogram.n for owner, figure in own.items()}
        exact = self._exact_covers(measure, own, n)
        item_covers: Mapping[int, frozenset[int]] = {}
        if measure.startswith(ASPECT):
            # This is how `carry_up.keep` groups the items of an aspect.
            item_covers = carry_up_from(self._ordered, n, dict.fromkeys(n, detail_size(self.kept.reporting_size)))
        settled: dict[int, Shown | Reason] = {}
        # The groups that each node's kept figure is made of.
        kept_blocks: dict[int, frozenset[int]] = {}

        def shown(node: Node, tier: Tier, blocks: frozenset[int]) -> Shown:
            takes_items = item_covers.get(node.id) == blocks
            if len(blocks) == 1:
                (owner,) = blocks
                return Shown(own[owner], tier, blocks, (own[owner].histogram,), takes_items)
            parts = tuple(own[owner].histogram for owner in sorted(blocks))
            figure = Figure(Histogram.total(parts), sum(own[owner].n_teams for owner in blocks))
            return Shown(figure, tier, blocks, parts, takes_items)

        def decide(node: Node) -> Shown | Reason:
            """Show a node's exact figure, or else its kept one coarsely, unless it is that of one of its children."""
            below = self._children[node.id]
            owned = (node.id,) if node.id in own else ()
            kept_blocks[node.id] = frozenset(owned).union(*(kept_blocks[child] for child in below))
            if node.id not in figures:
                return Reason.TOO_FEW
            if node.kind == "organisation" and len(below) == 1 and node.id not in own:
                return settled[below[0]]
            blocks = exact.get(node.id, frozenset())
            if blocks and all(exact.get(child) != blocks for child in below):
                return shown(node, Tier.DETAIL, blocks)
            blocks = kept_blocks[node.id]
            if all(kept_blocks[child] != blocks for child in below):
                return shown(node, Tier.COARSE, blocks)
            return Reason.WOULD_REVEAL

        # Children come before their parents, because an organisation of one department follows it.
        for kind in ("team", "department", "organisation"):
            for node in (node for node in self.kept.nodes if node.kind == kind):
                settled[node.id] = decide(node)
        return settled

    def _exact_covers(self, measure: str, own: Mapping[int, Figure], n: Mapping[int, int]) -> dict[int, frozenset[int]]:
        """Return which groups each node's exact figure is made of."""
        nodes, size = self.kept.nodes, detail_size(self.kept.reporting_size)
        smallest = {owner: size if answers >= size else CROWD * size for owner, answers in n.items()}
        # Most crowds are the same in every round.
        looked: dict[frozenset[int], set[int]] = {}
        while True:
            covers = carry_up_from(self._ordered, n, smallest)
            if measure.startswith(ITEM):
                return covers
            stand_out: set[int] = set()
            for block in own_blocks(nodes, covers).values():
                small = frozenset(owner for owner in block if n[owner] < size)
                if small and small not in looked:
                    crowd = {owner: own[owner].histogram for owner in sorted(small)}
                    looked[small] = self._standing_out(measure, crowd)
                stand_out |= looked.get(small, set())
            if not stand_out:
                return covers
            n = {owner: answers for owner, answers in n.items() if owner not in stand_out}

    def _standing_out(self, measure: str, small: Mapping[int, Histogram]) -> set[int]:
        """Return the small groups of one crowd that its exact histogram would tell too much about."""
        view = view_of(measure)
        if view is not None:
            return certain_in(small, view)
        aspect = self.kept.questionnaire.aspects.get(measure.removeprefix(ASPECT))
        if not measure.startswith(ASPECT) or aspect is None or aspect[0].scale is None:
            return set()
        key = (aspect[0].scale.lowest, aspect[0].scale.highest), len(aspect[1].items)
        return known_in(small, self._exchanges.setdefault(key, Exchanges(*key)))


def remember(kept: Kept) -> None:
    """Decide about this campaign's figures once, however many reports are made of it as long as it is held."""
    vars(kept)[REMEMBERED] = Campaign(kept)


def campaign_of(kept: Kept) -> Campaign:
    """Return a kept campaign with what is decided about its figures: decided before, where it is to be remembered."""
    known: Campaign | None = vars(kept).get(REMEMBERED)
    return Campaign(kept) if known is None else known


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
