"""Whether small groups stay uncertain inside an exact total.

Choices and ladder rungs: beside the words of each group ("mostly generative", "rung 2 reached") the exact histogram of
a crowd can give a group away. Where four teams are mostly generative, one is mixed, and the crowd has two answers that
are not generative, those two are the mixed team's. So a group may be in a crowd only where every count that the crowd
has at all is uncertain in the group: it could have given one answer more or fewer of it, and another group of the crowd
the opposite, while the words of both stay as they are.

Aspects: two groups far below all others would share the low scores of the crowd between them, and often in one way only
that fits both their means. So a group may be in a crowd only where ten or more different histograms of it come from
exchanging up to three answers with another group of the crowd while both are shown as before.

Such an exchange is a proof, because both versions add up to the same crowd. There may be more that are not looked for.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping
from functools import cache

from reports.exchanges import Exchange, Exchanges
from reports.histograms import Histogram
from reports.statistics import choice_name, two_thirds

# An exchange is looked for with so many other groups; who finds none among them stands out.
MOST_PARTNERS = 12
View = Callable[[Histogram], Hashable]


def view_of(measure: str) -> View | None:
    """Return what is told of a coarse choice or ladder, or None for other measures."""
    if measure.startswith("choice:"):
        return choice_name
    if measure.startswith("ladder:"):
        return _reached
    return None


def certain_in(crowd: Mapping[int, Histogram], view: View) -> set[int]:
    """Return the groups of a crowd with a count that no swap with another group leaves uncertain."""
    values = set(Histogram.total(crowd.values()).counts)
    # Of so few answers many groups have the same.
    possible_moves = cache(lambda part: _moves(part, values, view))
    moves = {owner: possible_moves(part) for owner, part in crowd.items()}
    n_with = Counter(move for possible in moves.values() for move in possible)
    found = set()
    for owner, possible in moves.items():
        # The opposite move must be another group's.
        matched = (move for move in possible if n_with[move[::-1]] > (move[::-1] in possible))
        uncertain = set(itertools.chain.from_iterable(matched))
        if values - uncertain:
            found.add(owner)
    return found


def known_in(crowd: Mapping[int, Histogram], exchanges: Exchanges) -> set[int]:
    """Return the groups of a crowd whose aspect scores have too few versions that come from an exchange."""
    rows = {owner: tuple(part.expanded()) for owner, part in crowd.items()}
    first = list(itertools.islice(rows, MOST_PARTNERS + 1))
    known: dict[int, set[Exchange]] = {owner: set() for owner in rows}
    for number in range(min(MOST_PARTNERS, len(rows) - 1)):
        # Nobody is their own partner: whoever comes before this place has the next one.
        partners = {owner: first[number + (owner in first[: number + 1])] for owner in known}
        exchanges.look((rows[owner], rows[other]) for owner, other in partners.items())
        known = {
            owner: found
            for owner, found in known.items()
            if not exchanges.enough(found, rows[owner], rows[partners[owner]])
        }
        if not known:
            break
    return set(known)


def _reached(histogram: Histogram) -> int:
    """Return the rung that two thirds put at or above, as `statistics.rungs` does, from the top down."""
    needed, seen = two_thirds(histogram.n), 0
    for rung, count in reversed(histogram.pairs):
        seen += count
        if seen >= needed:
            return rung
    raise AssertionError("all answers together are two thirds and more")


def _moves(part: Histogram, values: Collection[int], view: View) -> set[tuple[int, int]]:
    """Return which single answers of a group could be another value of the crowd without a change of its words."""
    told = view(part)
    found = set()
    for one in part.counts:
        for two in values:
            if two == one:
                continue
            counts = dict(part.counts)
            counts[one] -= 1
            counts[two] = counts.get(two, 0) + 1
            if view(Histogram.of(counts)) == told:
                found.add((one, two))
    return found
