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
import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from functools import cache

from questionnaires.instrument import SIXTHS
from reports.coarse import LEAST_CANDIDATES, coarse_mean, view_of_scores
from reports.histograms import Histogram
from reports.statistics import Scale, choice_name, two_thirds

# An exchange is looked for with so many other groups; who finds none among them stands out.
MOST_PARTNERS = 12
Scores = tuple[int, ...]
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
    moves = {owner: _moves(part, values, view) for owner, part in crowd.items()}
    n_with = Counter(move for possible in moves.values() for move in possible)
    found = set()
    for owner, possible in moves.items():
        # The opposite move must be another group's.
        matched = (move for move in possible if n_with[move[::-1]] > (move[::-1] in possible))
        uncertain = set(itertools.chain.from_iterable(matched))
        if values - uncertain:
            found.add(owner)
    return found


def known_in(crowd: Mapping[int, Histogram], scale: Scale, n_items: int) -> set[int]:
    """Return the groups of a crowd whose aspect scores have too few versions that come from an exchange."""

    view = cache(view_of_scores(scale, n_items))

    @cache
    def offers(scores: Scores, size: int) -> tuple[list[int], list[Scores]]:
        """Return what a group could give away, by its sum."""
        offered = sorted((sum(some), some) for some in set(itertools.combinations(scores, size)))
        return [worth for worth, _ in offered], [some for _, some in offered]

    def exchanges(scores: Scores, theirs: Scores, less: int, more: int) -> Iterator[tuple[Scores, Scores]]:
        """Yield what two groups could exchange so that the first one's sum changes by so much.

        To give and take the same value is an exchange of fewer, which has been yielded before.
        """
        for size in (1, 2, 3):
            worths, offered = offers(theirs, size)
            for total, given in zip(*offers(scores, size), strict=True):
                is_apart = frozenset(given).isdisjoint
                for taken in offered[bisect_left(worths, total + less) : bisect_right(worths, total + more)]:
                    if is_apart(taken):
                        yield given, taken

    rows = {owner: tuple(part.expanded()) for owner, part in crowd.items()}
    means = {owner: coarse_mean(part, scale, n_items) for owner, part in crowd.items()}
    # Between which sums of sixths of a point a group is shown with the same mean.
    sums = {o: (SIXTHS * len(rows[o]) * m.least, SIXTHS * len(rows[o]) * m.greatest) for o, m in means.items()}
    room = {o: (math.ceil(low - sum(rows[o])), math.floor(high - sum(rows[o]))) for o, (low, high) in sums.items()}
    found = set()
    for owner, scores in rows.items():
        versions = {scores}
        for other in itertools.islice((each for each in rows if each != owner), MOST_PARTNERS):
            less = max(room[owner][0], -room[other][1])
            more = min(room[owner][1], -room[other][0])
            for given, taken in exchanges(scores, rows[other], less, more):
                version = _exchanged(scores, given, taken)
                if version in versions or view(version) != view(scores):
                    continue
                if view(_exchanged(rows[other], taken, given)) == view(rows[other]):
                    versions.add(version)
                if len(versions) >= LEAST_CANDIDATES:
                    break
            if len(versions) >= LEAST_CANDIDATES:
                break
        else:
            found.add(owner)
    return found


def _exchanged(scores: Scores, given: Scores, taken: Scores) -> Scores:
    left = list(scores)
    for score in given:
        left.remove(score)
    return tuple(sorted((*left, *taken)))


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
