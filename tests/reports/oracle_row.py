"""A row of the oracle table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One number of ours and one of somebody else's."""

    what: str
    given: str
    ours: float
    theirs: float
    source: str
    within: float = 1e-9

    @property
    def difference(self) -> float:
        return abs(self.ours - self.theirs)

    @property
    def agrees(self) -> bool:
        return self.difference <= self.within
