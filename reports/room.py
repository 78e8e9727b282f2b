"""How much may be under way at once: two small changes, or one larger one alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from questionnaires.changes import Catalogue

ROOM = 2
# A medium change takes all of it; so does a large one, which is the organisation's alone.
TAKES = {"S": 1, "M": 2, "L": 2}


def takes(change: str, catalogue: Catalogue) -> int:
    """Return how much of `ROOM` a change takes; what the catalogue has lost takes none."""
    return TAKES[catalogue.get(change).effort] if change in catalogue.by_id else 0


def with_room(
    suggested: Sequence[str], under_way: Collection[str], catalogue: Catalogue
) -> tuple[list[str], list[str]]:
    """Return what of the suggestions has room beside what is under way, and what has to wait for its end.

    Where nothing is under way all of them have room: a report suggests no more than fits.
    """
    taken = sum(takes(change, catalogue) for change in under_way)
    fitting: list[str] = []
    waiting: list[str] = []
    for change in suggested:
        if under_way and taken + takes(change, catalogue) > ROOM:
            waiting.append(change)
        else:
            taken += takes(change, catalogue)
            fitting.append(change)
    return fitting, waiting
