"""Which sets of scores a group can have: what coarse values must leave uncertain is counted among them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from questionnaires.instrument import SIXTHS
from reports.statistics import Scale

# More sets of answers than this are not listed; the coarser grid of whole points then has enough of them.
MOST_LISTED = 1_000_000


def possible_scores(n: int, scale: Scale, n_items: int) -> NDArray[np.int16]:
    """List all sorted sets of n scores, in sixths of a point, that complete answers to so many items can have."""
    sets = itertools.chain.from_iterable(itertools.combinations_with_replacement(listed_values(n, scale, n_items), n))
    return np.fromiter(sets, dtype=np.int16).reshape(-1, n)


def listed_values(n: int, scale: Scale, n_items: int) -> range:
    """Return the scores that are listed: those of complete answers, or whole points where those are too many."""
    values = range(SIXTHS * scale[0], SIXTHS * scale[1] + 1, SIXTHS // n_items)
    return values if math.comb(len(values) + n - 1, n) <= MOST_LISTED else values[::n_items]


def sets_by_sum(n: int, values: Sequence[int]) -> dict[int, int]:
    """Count the sorted sets of n values by their sum."""
    ways: list[dict[int, int]] = [{0: 1}, *({} for _ in range(n))]
    for value in values:
        for size in range(1, n + 1):
            for total, n_sets in ways[size - 1].items():
                ways[size][total + value] = ways[size].get(total + value, 0) + n_sets
    return ways[n]
