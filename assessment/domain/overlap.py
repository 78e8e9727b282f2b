"""Whether teams that one quarter asks overlap so that adding and subtracting their reports leaves a few people.

Reports of one quarter are sums over their teams' people. Any sum of reports with factors other than zero holds at least
those people who are in one of its teams only, since nothing cancels them. So a group of teams is harmless when it has
enough of those, and only groups that have fewer can leave a few people behind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from itertools import combinations

# Beyond so many teams that all share people with one another, no group is tried any more: they are too entangled.
MOST_ENTANGLED = 10


def leaves_few(people: Collection[int], others: Iterable[Collection[int]], size: int) -> bool:
    """Whether a team, with one or several that were asked before, holds fewer than `size` people once only.

    :param people: member ids of the team to be asked.
    :param others: member ids of each team that the quarter asked before.
    :param size: how few people nothing may be known about.
    """
    team = frozenset(people)
    left = _entangled(team, [frozenset(other) for other in others], size)
    if len(left) > MOST_ENTANGLED:
        return True
    groups = (group for n in range(1, len(left) + 1) for group in combinations(left, n))
    return any(_is_joined(team, group) and _n_once([team, *group]) < size for group in groups)


def _entangled(team: frozenset[int], others: list[frozenset[int]], size: int) -> list[frozenset[int]]:
    """Return the other teams without those that have enough people of their own, one after the other.

    A group with such a team is harmless, so that no group needs to have it.
    """
    left = others
    while True:
        times = Counter(person for group in (team, *left) for person in group)
        if sum(times[person] == 1 for person in team) >= size:
            return []
        kept = [group for group in left if sum(times[person] == 1 for person in group) < size]
        if len(kept) == len(left):
            return kept
        left = kept


def _is_joined(team: frozenset[int], group: Iterable[frozenset[int]]) -> bool:
    """Whether every team of a group shares people with the team or, one after the other, with those that do."""
    reached, waiting = set(team), list(group)
    while waiting:
        near = [other for other in waiting if other & reached]
        if not near:
            return False
        reached.update(*near)
        waiting = [other for other in waiting if other not in near]
    return True


def _n_once(groups: Iterable[frozenset[int]]) -> int:
    times = Counter(person for group in groups for person in group)
    return sum(n == 1 for n in times.values())
