"""Carry-up: which groups may have a figure of their own, so that no subtraction gives away a smaller one.

A group below its smallest size joins the pool of the node above it. A pool that is large enough is counted in that
node's figure; one that is not is left out there and carried further up, and dropped above the top. So every figure is
made of *blocks*: groups that do not overlap, each at least as large as its smallest size, counted whole or not at all.
Whatever is added to and subtracted from published figures, only whole blocks come out.

Each measure is its own system of totals, because people skip questions. Two kinds of measure are not independent of
each other, and are built on each other for that reason: where everybody answers everything, an aspect's scores add up
to the sums of its items, so a group that is in one total and not in the other could be computed. Items are therefore
counted over unions of those blocks over which the aspect itself is shown exactly. The item of a single-item aspect
*is* the aspect and has no figure of its own.

Roles are compared in the organisation's own figure only, by rules of their own (`reports.roles`).

Complete cases (people who answered all items of an aspect) are kept for the organisation only, because Cronbach's
alpha needs them and is noise for less. They are a part of those who answered an item, so the rest, which a subtraction
gives, must be nobody or a group of the detail size too; otherwise they are not kept.

Source: the rule of statistical disclosure control for hierarchical tables, in the form for a tree of disjoint groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from questionnaires.instrument import Questionnaire
from reports.counting import COMPLETE, measures
from reports.histograms import Histogram
from reports.kept import DETAIL_AT_LEAST, Figure, Kept, KeptRoles, Node
from reports.roles import keep_roles

# Alpha of fewer complete cases says nothing: at 12 it lies between .43 and .90 for a true .77.
COMPLETE_AT_LEAST = 60


def detail_size(reporting_size: int) -> int:
    """Return the least number of answers of an exact figure: 8, or the reporting size where it is larger."""
    return max(DETAIL_AT_LEAST, reporting_size)


def smallest_sizes(nodes: Sequence[Node], reporting_size: int) -> dict[int, int]:
    """Return each team's smallest size by node id.

    It is the reporting size, but at least 8 on an open link, where one person may answer several times.
    """
    return {
        node.id: detail_size(reporting_size) if node.way == "open_link" else reporting_size
        for node in nodes
        if node.kind == "team"
    }


def carry_up(nodes: Sequence[Node], n: Mapping[int, int], smallest: Mapping[int, int]) -> dict[int, frozenset[int]]:
    """Return which groups each published node's figure covers.

    :param nodes: the tree; a node whose parent is not among them is a top.
    :param n: answers by the node that a group belongs to. First these are the teams; when covers are regrouped at a
        larger size, a department or the organisation may own a group too: its pool.
    :param smallest: the smallest size by the same ids. A group that reaches its own stands alone; a pool must reach the
        largest one of the groups in it.
    :return: covered group ids by published node. A node that is not in it publishes nothing. Groups without answers
        are in no cover.
    :raise ValueError: when two nodes have the same id, or the parents of the nodes form a circle.
    """
    return carry_up_from(from_below(nodes), n, smallest)


Ordered = Sequence[tuple[int, Sequence[int]]]
"""Every node with its children, each after everything below it."""


def carry_up_from(ordered: Ordered, n: Mapping[int, int], smallest: Mapping[int, int]) -> dict[int, frozenset[int]]:
    """Do the same where the order of the tree is known: a release asks a hundred times about one tree."""
    published: dict[int, frozenset[int]] = {}
    # What every node carries further up.
    carried: dict[int, set[int]] = {}
    for node_id, children in ordered:
        own = n.get(node_id, 0)
        covered = {node_id} if own and own >= smallest[node_id] else set()
        pool = {node_id} if own and not covered else set()
        for child in children:
            if child in carried:
                pool |= carried[child]
            if child in published:
                covered |= published[child]
        if pool and sum([n[group] for group in pool]) >= max([smallest[group] for group in pool]):
            covered |= pool
        elif pool:
            carried[node_id] = pool
        if covered:
            published[node_id] = frozenset(covered)
    return published


def from_below(nodes: Sequence[Node]) -> Ordered:
    """Return every node with its children, each after everything below it.

    :raise ValueError: when two nodes have the same id, or the parents of the nodes form a circle.
    """
    ids = {node.id for node in nodes}
    if len(ids) < len(nodes):
        raise ValueError("two nodes have the same id; every node needs its own")
    children: dict[int | None, list[int]] = {}
    for node in nodes:
        children.setdefault(node.parent if node.parent in ids else None, []).append(node.id)
    ordered: list[tuple[int, Sequence[int]]] = []

    def visit(node_id: int) -> None:
        below = children.get(node_id, ())
        for child in below:
            visit(child)
        ordered.append((node_id, below))

    for top in children.get(None, ()):
        visit(top)
    if len(ordered) < len(ids):
        lost = sorted(ids.difference(node_id for node_id, _ in ordered))
        raise ValueError(f"nodes {lost} are their own ancestors; correct their parents")
    return ordered


def own_blocks(nodes: Sequence[Node], published: Mapping[int, frozenset[int]]) -> dict[int, frozenset[int]]:
    """Return the block that each node adds to what its children cover: a team itself, or a node's pool."""
    below: dict[int, set[int]] = {}
    for node in nodes:
        if node.parent is not None and node.parent in published and node.id in published:
            below.setdefault(node.parent, set()).update(published[node.id])
    blocks = {node_id: cover - below.get(node_id, set()) for node_id, cover in published.items()}
    return {node_id: block for node_id, block in blocks.items() if block}


def keep(
    nodes: Sequence[Node],
    counted: Mapping[int, Mapping[str, Histogram]],
    *,
    reporting_size: int,
    questionnaire: Questionnaire,
    quarter: str,
) -> Kept:
    """Return what is kept of a campaign: exact figures of covers that no subtraction takes apart below their size.

    Aspect scores, choices and ladders are kept for covers of at least the reporting size, items for covers of at least
    the detail size.

    :param nodes: teams, departments and the organisation as they were at opening.
    :param counted: histograms by team node id and measure, as `reports.counting.collapse` gives them. Histograms of
        measures that the questionnaire does not have are ignored.
    :raise ValueError: when something was counted for a node that is not a team of the campaign.
    """
    sizes = smallest_sizes(nodes, reporting_size)
    strangers = sorted(set(counted) - set(sizes))
    if strangers:
        raise ValueError(f"nodes {strangers} were counted but are not teams of the campaign")
    exact = detail_size(reporting_size)
    figures: dict[tuple[int, str], Figure] = {}
    roles: dict[str, KeptRoles] = {}

    def teams(measure: str) -> dict[int, Histogram]:
        """Return the teams that answered this, with their histograms."""
        found = {team: by_measure[measure] for team, by_measure in counted.items() if measure in by_measure}
        return {team: histogram for team, histogram in found.items() if histogram.n}

    for measure in measures(questionnaire):
        if measure.startswith("item:"):
            continue
        histograms = teams(measure)
        covers = carry_up(nodes, {team: histogram.n for team, histogram in histograms.items()}, sizes)
        figures |= _figures(measure, covers, histograms)
        if not measure.startswith("aspect:"):
            continue
        instrument, aspect = questionnaire.aspects[measure.removeprefix("aspect:")]
        if questionnaire.role is not None and instrument.scale is not None:
            scale = (instrument.scale.lowest, instrument.scale.highest)
            compared = keep_roles(aspect.id, scale, _whole_blocks(nodes, covers), counted, reporting_size)
            roles |= {} if compared is None else {aspect.id: compared}
        if len(aspect.items) == 1:
            continue
        blocks = own_blocks(nodes, regroup(nodes, own_blocks(nodes, covers), histograms, exact))
        item_covers: list[Mapping[int, frozenset[int]]] = []
        for item in aspect.items:
            key = f"item:{item.id}"
            answers = teams(key)
            item_covers.append(regroup(nodes, blocks, answers, exact))
            figures |= _figures(key, item_covers[-1], answers)
        for top in (node.id for node in nodes if node.kind == "organisation"):
            covered = {covers.get(top, frozenset()) for covers in item_covers}
            keys = (measure, *(f"item:{item.id}" for item in aspect.items))
            # Items over different teams are no complete cases of the same people.
            if len(covered) == 1:
                figures |= _complete_cases(top, covered.pop(), keys, counted, exact)
    return Kept(quarter, reporting_size, questionnaire, tuple(nodes), figures, roles=roles)


def _whole_blocks(nodes: Sequence[Node], covers: Mapping[int, frozenset[int]]) -> list[frozenset[int]]:
    """Return the groups that do not overlap and that the organisation's figure, and every other, is made of."""
    whole = next((covers[node.id] for node in nodes if node.kind == "organisation" and node.id in covers), frozenset())
    return [block for block in own_blocks(nodes, covers).values() if block <= whole]


def _complete_cases(
    top: int, cover: frozenset[int], keys: Sequence[str], counted: Mapping[int, Mapping[str, Histogram]], size: int
) -> dict[tuple[int, str], Figure]:
    """Return the figures of the complete cases of one aspect, or none where the others could be told by subtraction."""
    empty = Histogram()

    def total(key: str) -> Histogram:
        return Histogram.total(counted.get(team, {}).get(key, empty) for team in cover)

    complete = {key: total(COMPLETE + key) for key in keys}
    n = complete[keys[0]].n
    rests = [total(key).n - n for key in keys]
    if n < COMPLETE_AT_LEAST or any(0 < rest < size for rest in rests):
        return {}
    n_teams = sum(bool(counted.get(team, {}).get(COMPLETE + keys[0], empty).n) for team in cover)
    return {(top, COMPLETE + key): Figure(histogram, n_teams) for key, histogram in complete.items()}


def regroup(
    nodes: Sequence[Node], blocks: Mapping[int, frozenset[int]], histograms: Mapping[int, Histogram], size: int
) -> dict[int, frozenset[int]]:
    """Run carry-up a second time, over blocks instead of teams and at another size, and return the covered teams."""
    empty = Histogram()
    n = {owner: sum(histograms.get(team, empty).n for team in block) for owner, block in blocks.items()}
    covers = carry_up(nodes, n, dict.fromkeys(blocks, size))
    return {node_id: frozenset().union(*(blocks[owner] for owner in cover)) for node_id, cover in covers.items()}


def _figures(
    measure: str, covers: Mapping[int, frozenset[int]], histograms: Mapping[int, Histogram]
) -> dict[tuple[int, str], Figure]:
    """Add up the histograms of each cover."""
    figures: dict[tuple[int, str], Figure] = {}
    for node_id, cover in covers.items():
        answered = [histograms[team] for team in cover if team in histograms]
        figures[node_id, measure] = Figure(Histogram.total(answered), len(answered))
    return figures
