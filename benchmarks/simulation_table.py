"""A table of simulated figures, as `docs/methods.md` shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SEED = 2026
FULL, REDUCED = 2000, 40


@dataclass(frozen=True)
class Table:
    """One table: a row of figures per case. Rates are shares of 1; a column whose head says points is not."""

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float, ...]], ...]
    n_runs: int
    """Made-up cases behind every figure, at the least."""

    def markdown(self) -> str:
        lines = [f"**{self.title}** ({self.n_runs:,} runs a figure)", ""]
        lines += [f"| {' | '.join(self.head)} |", f"|{'---|' * len(self.head)}"]
        lines += [f"| {case} | {' | '.join(f'{figure:.3f}' for figure in figures)} |" for case, figures in self.rows]
        return "\n".join(lines)

    def figure(self, case: str, column: str) -> float:
        return dict(self.rows)[case][self.head.index(column) - 1]


def dice_of(table: int) -> np.random.Generator:
    """Return the chance of one table: fixed, and the same whatever other tables are computed."""
    return np.random.default_rng([SEED, table])


def share(n_runs: int, happens: Callable[[], bool | int]) -> float:
    """Return how often something happens."""
    return sum(bool(happens()) for _ in range(n_runs)) / n_runs
