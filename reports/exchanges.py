"""Which answers two small groups could exchange while both are shown as before.

One pair of groups is looked through step by step, from the fewest answers on, until enough is found. Many pairs are
looked through at once, in whole columns: the same exchanges, because only how many there are decides.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from questionnaires.instrument import SIXTHS
from reports.coarse import (
    LEAST_CANDIDATES,
    N_WORDS,
    _kinds,
    coarse_mean,
    told_words,
    view_of_scores,
    words_of,
)
from reports.histograms import Histogram
from reports.statistics import Scale

Scores = tuple[int, ...]
Pair = tuple[Scores, Scores]
Exchange = tuple[Scores, Scores]
"""What is given and what is taken, in order and without a score in common: each gives a group another version."""

# Exchanges of up to so many answers.
MOST_EXCHANGED = 3
# With the scores as they are, so many others make ten versions.
ENOUGH = LEAST_CANDIDATES - 1
# Columns pay from so many pairs on; so many are looked through at once, to bound the memory.
MANY = 40
AT_A_TIME = 512
# Larger groups are looked through one by one: their choices of three answers are too many for columns.
WIDEST = 7
_NONE = 1000
Rows = NDArray[np.int16]
Places = NDArray[np.int64]


class _Choices(NamedTuple):
    """All choices of some answers by their places in a row."""

    places: Places
    skips: Rows
    """1 where a place is chosen and the one before is not, by choice and place but the first."""


class Exchanges:
    """The exchanges between pairs of groups with scores of one aspect, each pair looked through once."""

    def __init__(self, scale: Scale, n_items: int) -> None:
        self._scale, self._n_items = scale, n_items
        self._found: dict[Pair, frozenset[Exchange] | None] = {}
        self._view = cache(view_of_scores(scale, n_items))
        self._room = cache(self._room_of)
        self._offers = cache(_offers)

    def look(self, pairs: Iterable[Pair]) -> None:
        """Look through many pairs at once, where they are many."""
        new = {pair for pair in pairs if pair not in self._found and max(map(len, pair)) <= WIDEST}
        if len(new) < MANY:
            return
        ordered = sorted(new)
        for start in range(0, len(ordered), AT_A_TIME):
            self._found |= self._in_columns(ordered[start : start + AT_A_TIME])

    def enough(self, known: set[Exchange], scores: Scores, theirs: Scores) -> bool:
        """Add what a group could exchange with another to what is known of it, and say whether that is enough."""
        pair = scores, theirs
        if pair not in self._found:
            self._found[pair] = frozenset(itertools.islice(self._one_by_one(scores, theirs), ENOUGH))
        found = self._found[pair]
        if found is None:
            return True
        known |= found
        return len(known) >= ENOUGH

    def _room_of(self, scores: Scores) -> tuple[int, int]:
        """Return how far the sum of a group may fall and rise while its mean is shown alike."""
        mean, total = coarse_mean(Histogram.count(scores), self._scale, self._n_items), sum(scores)
        sixths = SIXTHS * len(scores)
        return math.ceil(sixths * mean.least - total), math.floor(sixths * mean.greatest - total)

    def _one_by_one(self, scores: Scores, theirs: Scores) -> Iterator[Exchange]:
        """Yield what two groups could exchange.

        To give and take the same value is an exchange of fewer, which has been yielded before.
        """
        (least, most), (their_least, their_most) = self._room(scores), self._room(theirs)
        less, more = max(least, -their_most), min(most, -their_least)
        own, other = self._view(scores), self._view(theirs)
        for size in range(1, MOST_EXCHANGED + 1):
            worths, offered = self._offers(theirs, size)
            for total, given in zip(*self._offers(scores, size), strict=True):
                is_apart = frozenset(given).isdisjoint
                for taken in offered[bisect_left(worths, total + less) : bisect_right(worths, total + more)]:
                    if not is_apart(taken) or self._view(_exchanged(scores, given, taken)) != own:
                        continue
                    if self._view(_exchanged(theirs, taken, given)) == other:
                        yield given, taken

    def _in_columns(self, pairs: list[Pair]) -> dict[Pair, frozenset[Exchange] | None]:
        """Look through pairs of groups of at most seven; None stands for enough."""
        rooms = [(self._room(scores), self._room(theirs)) for scores, theirs in pairs]
        less = np.array([max(own[0], -other[1]) for own, other in rooms])
        more = np.array([min(own[1], -other[0]) for own, other in rooms])
        own, other = (_padded([pair[side] for pair in pairs]) for side in (0, 1))
        told = [self._shown(rows) for rows in (own, other)]
        n_found = np.zeros(len(pairs), dtype=np.int64)
        found: list[tuple[Places, Rows, Rows]] = []
        for size in range(1, MOST_EXCHANGED + 1):
            left = np.flatnonzero(n_found < ENOUGH)
            which, gives, takes = _possible(own[left], other[left], less[left], more[left], size)
            which, places = left[which], _choices(size).places
            for side in (0, 1):
                rows, theirs = (own, other) if side == 0 else (other, own)
                leaves, comes = (gives, takes) if side == 0 else (takes, gives)
                changed, lines = rows[which], np.arange(len(which))[:, None]
                changed[lines, places[leaves]] = theirs[which[:, None], places[comes]]
                changed.sort(axis=1)
                stays = self._shown(changed) == told[side][which]
                which, gives, takes = which[stays], gives[stays], takes[stays]
            n_found += np.bincount(which, minlength=len(pairs))
            lines = which[:, None]
            found.append((which, own[lines, places[gives]], other[lines, places[takes]]))
        sets: dict[int, set[Exchange]] = {index: set() for index in np.flatnonzero(n_found < ENOUGH).tolist()}
        for which, given, taken in found:
            few = n_found[which] < ENOUGH
            for index, out, back in zip(which[few].tolist(), given[few].tolist(), taken[few].tolist(), strict=True):
                sets[index].add((tuple(out), tuple(back)))
        return {pair: frozenset(sets[index]) if index in sets else None for index, pair in enumerate(pairs)}

    def _shown(self, rows: Rows) -> Places:
        """Code what is shown of sorted scores, with the words falling away where they are not told."""
        sizes, found = (rows < _NONE).sum(axis=1), np.zeros(len(rows), dtype=np.int64)
        for n in np.flatnonzero(np.bincount(sizes)).tolist():
            these = np.flatnonzero(sizes == n)
            kinds = _kinds(rows[these, :n], self._scale, self._n_items)
            found[these] = _told(n, self._scale, self._n_items)[kinds]
        return found


def _offers(scores: Scores, size: int) -> tuple[list[int], list[Scores]]:
    """Return what a group could give away, by its sum."""
    offered = sorted((sum(some), some) for some in set(itertools.combinations(scores, size)))
    return [worth for worth, _ in offered], [some for _, some in offered]


def _exchanged(scores: Scores, given: Scores, taken: Scores) -> Scores:
    left = list(scores)
    for score in given:
        left.remove(score)
    return tuple(sorted((*left, *taken)))


def _padded(rows: list[Scores]) -> Rows:
    """Return rows of seven scores; where there are fewer, what comes last is none."""
    return np.array([row + (_NONE,) * (WIDEST - len(row)) for row in rows], dtype=np.int16)


@cache
def _choices(size: int) -> _Choices:
    places = np.array(list(itertools.combinations(range(WIDEST), size)), dtype=np.int64)
    chosen = np.zeros((len(places), WIDEST), dtype=np.int16)
    chosen[np.arange(len(places))[:, None], places] = 1
    return _Choices(places, chosen[:, 1:] * (1 - chosen[:, :-1]))


def _possible(own: Rows, other: Rows, less: Places, more: Places, size: int) -> tuple[Places, Places, Places]:
    """Return row, given choice and taken choice of exchanges that change the sum of the row's scores by so much.

    Nothing is given that is taken, and of equal scores the first ones are chosen, so that none is found twice.
    """
    choices = _choices(size)
    sums, may = [], []
    for rows in (own, other):
        sums.append(rows[:, choices.places].sum(axis=2, dtype=np.int16))
        repeats = (rows[:, 1:] == rows[:, :-1]).astype(np.int16)
        may.append((repeats @ choices.skips.T == 0) & (rows[:, choices.places[:, -1]] < _NONE))
    difference = sums[1][:, None, :] - sums[0][:, :, None]
    fits = (difference >= less[:, None, None]) & (difference <= more[:, None, None])
    which, gives, takes = np.nonzero(fits & may[0][:, :, None] & may[1][:, None, :])
    given, taken = own[which[:, None], choices.places[gives]], other[which[:, None], choices.places[takes]]
    is_apart = ~(given[:, :, None] == taken[:, None, :]).any(axis=(1, 2))
    return which[is_apart], gives[is_apart], takes[is_apart]


@cache
def _told(n: int, scale: Scale, n_items: int) -> Places:
    """Return by the code of a kind a code of what is shown of it: the words fall away where they are not told."""
    told, kinds = told_words(n, scale, n_items), np.arange((10 * scale[1] + 1) * N_WORDS)
    for kind in kinds.tolist():
        tenths = kind // N_WORDS
        if words_of(kind) not in told.get(tenths, ()):
            kinds[kind] = -1 - tenths
    return kinds
