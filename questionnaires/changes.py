"""The catalogue of small changes: what a team may try next, what has to be in place before, and what it moves."""

from __future__ import annotations

import hashlib
import json
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from questionnaires.files import read
from questionnaires.instrument import AREAS, ASPECTS, AreaId, AspectId
from questionnaires.texts import Frozen, LanguageCode, Misfits, Place, Source, Text, repeated, untranslated

Effort = Literal["S", "M", "L"]
RitualId = Literal[
    "weekly_sync",
    "monthly_review",
    "quarterly_planning",
    "after_incident",
    "on_call_handover",
    "refinement",
    "sprint_planning",
    "community",
]
ChangeId = Annotated[str, Field(pattern=r"^C[0-9]{2}$")]
# One change alone would leave a team that cannot use it without any.
FEWEST_PER_PART = 2
SHIPPED = Path(__file__).parent / "data" / "changes.yaml"

RITUALS: dict[str, Text] = {
    "weekly_sync": {"en": "weekly look at production", "de": "wöchentlicher Blick auf den Betrieb"},
    "monthly_review": {"en": "monthly reliability review", "de": "monatliche Runde zur Zuverlässigkeit"},
    "quarterly_planning": {"en": "quarterly planning", "de": "Quartalsplanung"},
    "after_incident": {"en": "review after an incident", "de": "Rückschau nach einem Vorfall"},
    "on_call_handover": {"en": "on-call handover", "de": "Übergabe der Rufbereitschaft"},
    "refinement": {"en": "backlog refinement", "de": "Backlog-Pflege"},
    "sprint_planning": {"en": "sprint planning", "de": "Sprintplanung"},
    "community": {"en": "community of practice", "de": "teamübergreifende Fachrunde"},
}


class SmallChange(Frozen):
    """One card of the roadmap."""

    id: ChangeId
    title: Text
    why: Text
    first_step: Text
    """Something concrete that can be done this week."""
    sign: Text
    """What can be observed when the change has arrived."""
    when_not: Text
    ritual: RitualId
    """The recurring meeting in which it is followed up and celebrated."""
    who: Text
    """The role that can start it."""
    effort: Effort
    """S up to a day, M up to two weeks beside other work, L a quarter."""
    organisation: bool = False
    """Whether only leadership can start it."""
    after: tuple[ChangeId, ...] = ()
    """Changes that have to be in place before."""
    moves: Annotated[tuple[AspectId | AreaId, ...], Field(min_length=1)]
    """Aspects and practice areas it works on, the main one first."""
    accumulates: Annotated[int, Field(ge=1)] | None = None
    """Its place among the accumulating changes, or None."""


class Catalogue(Frozen):
    """All small changes, in the order of the file."""

    version: Annotated[int, Field(ge=1)]
    languages: Annotated[tuple[LanguageCode, ...], Field(min_length=1)]
    source: Source
    changes: Annotated[tuple[SmallChange, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_whole(self) -> Catalogue:
        ids: list[tuple[Place, str]] = [(("changes", n, "id"), change.id) for n, change in enumerate(self.changes)]
        found = [*repeated("change", ids), *self._places_apart(), *self._unknown(), *untranslated(self, self.languages)]
        for part in (*ASPECTS, *AREAS):
            n_moving = sum(part in change.moves for change in self.changes)
            if n_moving < FEWEST_PER_PART:
                complaint = (
                    f"{part!r} is moved by {n_moving} changes; name it under moves of at least {FEWEST_PER_PART}"
                )
                found.append((("changes",), complaint))
        if found:
            raise Misfits(found)
        try:
            TopologicalSorter({change.id: change.after for change in self.changes}).prepare()
        except CycleError as error:
            circle = " → ".join(reversed(error.args[1]))
            place: Place = ("changes", [change.id for change in self.changes].index(error.args[1][0]), "after")
            raise Misfits([(place, f"the changes wait for each other: {circle}; take one out of after")]) from error
        return self

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def _places_apart(self) -> list[tuple[Place, str]]:
        """Complain where two changes claim the same place, or a change moves or awaits something twice."""
        found = repeated(
            "place",
            [(("changes", n, "accumulates"), str(c.accumulates)) for n, c in enumerate(self.changes) if c.accumulates],
        )
        for number, change in enumerate(self.changes):
            here: Place = ("changes", number)
            found += repeated("part", [((*here, "moves", n), part) for n, part in enumerate(change.moves)])
            found += repeated("prerequisite", [((*here, "after", n), name) for n, name in enumerate(change.after)])
        return found

    def _unknown(self) -> list[tuple[Place, str]]:
        known = {change.id for change in self.changes}
        return [
            (
                ("changes", number, "after", n),
                f"{name!r} is no change of the catalogue; correct the id or add the change",
            )
            for number, change in enumerate(self.changes)
            for n, name in enumerate(change.after)
            if name not in known
        ]

    @cached_property
    def by_id(self) -> dict[str, SmallChange]:
        """The changes by their id."""
        return {change.id: change for change in self.changes}

    def get(self, change_id: str) -> SmallChange:
        """Return a change.

        :raise KeyError: when the catalogue has no such change.
        """
        return self.by_id[change_id]

    def unlocks(self, change_id: str) -> tuple[str, ...]:
        """Return the changes that directly wait for a change."""
        return self._unlocked.get(change_id, ())

    @cached_property
    def _unlocked(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for change in self.changes:
            for name in dict.fromkeys(change.after):
                found[name] = (*found.get(name, ()), change.id)
        return found

    def before(self, change_id: str) -> tuple[str, ...]:
        """Return everything that has to be in place before a change, directly or through another, in file order.

        :raise KeyError: when the catalogue has no such change.
        """
        needed: set[str] = set()
        waiting = [*self.get(change_id).after]
        while waiting:
            name = waiting.pop()
            if name not in needed:
                needed.add(name)
                waiting += self.get(name).after
        return tuple(change.id for change in self.changes if change.id in needed)

    def accumulating(self) -> tuple[SmallChange, ...]:
        """Return the accumulating changes, in the order in which they build on each other."""
        return tuple(sorted((c for c in self.changes if c.accumulates), key=lambda change: change.accumulates or 0))

    def canonical(self) -> str:
        """Return the catalogue as canonical JSON, of which the fingerprint is taken."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()


def load_catalogue(path: Path) -> Catalogue:
    """Read a catalogue of small changes from a YAML file.

    :raise BrokenFile: when the file is not a whole catalogue.
    """
    return read(path, Catalogue)


@cache
def catalogue() -> Catalogue:
    """Return the shipped catalogue."""
    return load_catalogue(SHIPPED)
