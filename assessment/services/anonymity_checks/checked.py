"""What a check says: the area, what was looked at or found, whether that is well, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a check ended."""

    OK = "ok"
    NOTE = "note"
    """Nothing that breaks a promise by itself; somebody should know it."""
    FINDING = "finding"
    """Breaks a promise, or would unnoticed."""


@dataclass(frozen=True)
class Checked:
    """One thing that was looked at. Nothing in it says who answered or how many."""

    area: str
    what: str
    outcome: Outcome
    remedy: str = ""
    """What to do; empty when all is well."""


class Area:
    """Collects what the checks of one area say."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.checked: list[Checked] = []

    def ok(self, what: str) -> None:
        """Say what is as it should be."""
        self.checked.append(Checked(self.name, what, Outcome.OK))

    def note(self, what: str, remedy: str) -> None:
        """Say what somebody should know."""
        self.checked.append(Checked(self.name, what, Outcome.NOTE, remedy))

    def finding(self, what: str, remedy: str) -> None:
        """Say what breaks a promise."""
        self.checked.append(Checked(self.name, what, Outcome.FINDING, remedy))

    def no_finding(self, what: str) -> None:
        """Say what is well, unless this area has a finding already."""
        if not any(each.outcome is Outcome.FINDING for each in self.checked):
            self.ok(what)
