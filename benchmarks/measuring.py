"""What every benchmark shares: measuring in turns, and one line of the table for each comparison.

Absolute times differ from machine to machine and from minute to minute; the ratios hold. Each round measures the limit
and the product one after the other, and the median over the rounds is reported, so that a busy minute hits both.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

WIDTH = 66


@dataclass(frozen=True)
class Result:
    """One comparison: the limit, what the product does, their ratio, and which ratio is accepted."""

    name: str
    limit: float
    ours: float
    unit: str
    ratio: float
    accepted: float | None
    """None for a ratio that is only shown."""
    goal: Literal["at most", "at least"] = "at most"

    @property
    def is_within(self) -> bool:
        if self.accepted is None:
            return True
        return self.ratio <= self.accepted if self.goal == "at most" else self.ratio >= self.accepted

    def line(self) -> str:
        figures = f"{self.name:{WIDTH}}{self.limit:11,.2f}{self.ours:11,.2f} {self.unit:9}{self.ratio:7.2f}"
        if self.accepted is None:
            return figures
        return f"{figures}  {self.goal} {self.accepted:g}{'' if self.is_within else '  OVER'}"


def header() -> str:
    return f"{'':{WIDTH}}{'limit':>11}{'ours':>11} {'':9}{'ratio':>7}  accepted"


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def seconds_of_one_core(work: Callable[[], object]) -> float:
    """Return what work takes of this process, without what others take of the machine meanwhile."""
    start = time.process_time()
    work()
    return time.process_time() - start


def in_turns(works: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Measure everything once a round, each round beginning with another one; the first round only warms up."""
    names = list(works)
    measured: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds + 1):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            value = works[name]()
            if number:
                measured[name].append(value)
    return measured


def median_ratio(ours: list[float], limit: list[float]) -> float:
    """Return the median of the rounds' own ratios: what was measured side by side is compared."""
    return statistics.median(own / bare for own, bare in zip(ours, limit, strict=True))
