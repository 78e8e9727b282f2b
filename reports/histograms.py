"""Histograms: the only thing that is left of a campaign's answers.

A histogram counts integer values. Aspect scores are counted in sixths of a point (6 to 42 on a 1-7 scale), items and
choices by their value, ladders by their rung. Histograms add, so counting splits over workers and machines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Histogram:
    """Counts of integer values, sorted by value, without zero counts."""

    pairs: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        # There are tens of thousands of them in a campaign: plain steps take a third of the time of whole lists.
        last = None
        for value, _ in self.pairs:
            if last is not None and value <= last:
                raise ValueError("a histogram's values must be sorted and stand once each")
            last = value
        for _, count in self.pairs:
            if count <= 0:
                raise ValueError("a histogram's counts must be positive")

    @classmethod
    def of(cls, counts: Mapping[int, int]) -> Histogram:
        """Make a histogram of a mapping from value to count; zero counts fall away.

        :raise ValueError: for a negative count.
        """
        return cls(tuple(sorted((int(value), int(count)) for value, count in counts.items() if count)))

    @classmethod
    def count(cls, values: Iterable[int]) -> Histogram:
        """Count raw values."""
        counts: dict[int, int] = {}
        for value in values:
            counts[value] = counts.get(value, 0) + 1
        return cls.of(counts)

    @classmethod
    def total(cls, histograms: Iterable[Histogram]) -> Histogram:
        """Add up any number of histograms; of none, the empty one."""
        counts: dict[int, int] = {}
        for histogram in histograms:
            for value, count in histogram.pairs:
                counts[value] = counts.get(value, 0) + count
        return cls.of(counts)

    @cached_property
    def counts(self) -> dict[int, int]:
        """The counts by value."""
        return dict(self.pairs)

    @cached_property
    def n(self) -> int:
        """How many answers were counted."""
        return sum([count for _, count in self.pairs])

    def __add__(self, other: Histogram) -> Histogram:
        return Histogram.total((self, other))

    def __sub__(self, other: Histogram) -> Histogram:
        """Take a part away.

        :raise ValueError: when the other is not a part of this one.
        """
        counts = dict(self.pairs)
        for value, count in other.pairs:
            counts[value] = counts.get(value, 0) - count
        return Histogram.of(counts)

    def expanded(self) -> list[int]:
        """Return the values one by one, in order: what the histogram was counted from, up to its order."""
        return [value for value, count in self.pairs for _ in range(count)]
