"""Which small changes to suggest: gap times leverage times readiness, by effort.

The rule reads released figures only, exact ones where a figure is exact and coarse ones where it is coarse. So a
suggestion cannot tell more about a small team than its report does, and equal reports get equal suggestions.

- *Gap*: how far an aspect or an area lies below where it should be (`reports.gaps`).
- *Lever* of a change: the gaps it moves, its main one in full, the others by half, times 1.15 for one change that it
  unlocks, 1.30 for two, and so on.
- *Readiness*: 1 when everything it needs is in place, 0.3 when one small change is missing, which is then suggested in
  its stead; otherwise 0.
- *Health facts* raise or lower the readiness of the changes that concern them (`CONCERNS`): times 1.25 where one of
  them lies outside its target, times 0.8 where those that are known lie within, times 1 where none is known. Worse
  facts never lower the place of a change that concerns them, and a fact that is missing changes nothing.
- *Score*: lever times readiness by effort (S 1, M 2, L 4). Ties: less effort, then the lower id.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from questionnaires.changes import Catalogue, SmallChange
from reports.gaps import Aspects, Ladders, gaps
from reports.health import Measure, Standings
from reports.released import Agreement, ReleasedAspect, ReleasedLadder, Withheld

# What is in place, and which health measures are within their targets.
Ground = tuple[Collection[str], Standings]

EFFORT = {"S": 1, "M": 2, "L": 4}
AT_MOST = 2
# A gap that is not a change's main one counts by half; every change that waits adds three twentieths.
HALVES, TWENTIETHS, UNLOCKS = 2, 20, 3
TENTHS, NEARLY_READY = 10, 3
# How health facts raise or lower the readiness of a change, in twentieths: outside target by 1.25, within by 0.8.
OUTSIDE_TARGET, WITHIN_TARGET = 25, 16
# Which health measures say whether a change is due.
CONCERNS: Mapping[str, tuple[Measure, ...]] = {
    "C11": (Measure.NIGHT_PAGES,),
    "C12": (Measure.PAGES_PER_WEEK,),
    "C13": (Measure.TOIL,),
    "C14": (Measure.BUSIEST_SHARE,),
    "C15": (Measure.REVIEWS,),
    "C18": (Measure.ACTIONS,),
    "C19": (Measure.ACTIONS,),
    "C20": (Measure.ACTIONS,),
}
# Which rungs of which ladder a change serves. Above the last one it is in place; while the team is more than one rung
# below the first one, it comes too early for that area.
RUNGS: Mapping[str, tuple[str, int, int]] = {
    "C03": ("language", 1, 2),
    "C15": ("review", 1, 2),
    "C16": ("language", 1, 2),
    "C18": ("follow_through", 1, 2),
    "C19": ("follow_through", 2, 2),
    "C20": ("follow_through", 2, 3),
    "C21": ("sharing", 2, 3),
    "C26": ("fairness", 2, 3),
}
# Rungs from which a change no longer moves an area, although it may move others: an even rotation or a facilitator from
# outside does not lead from known rules to the top.
NO_LONGER_FROM: Mapping[str, tuple[str, int]] = {"C14": ("fairness", 3), "C17": ("review", 3)}
# Telling stories in public is safe only where a slip is safe: while language or fairness is below rung 1, these wait.
SAFETY_AREAS = ("language", "fairness")
SAFETY_FIRST: Mapping[str, tuple[str, ...]] = {"C21": ("C03", "C16"), "C22": ("C03", "C16")}
# Where slips are punished, good language implies no charter: it counts once somebody says that it is there.
NEVER_IMPLIED_WHERE_UNSAFE = frozenset({"C03"})


Candidate = tuple[int, SmallChange, tuple[str, ...]]
"""The score in whole numbers, what to start with, and why."""


@dataclass(frozen=True)
class Ranked:
    """One change with its score and the aspects and areas whose gap put it there, largest share first."""

    change: SmallChange
    score: Fraction
    because: tuple[str, ...]


@dataclass(frozen=True)
class Ranking:
    """What follows from one node's figures."""

    first: tuple[Ranked, ...]
    """What to suggest: at most two small changes, or one medium one."""
    conversations: tuple[str, ...]
    """Aspects in which views split: they come before any change."""
    keep: tuple[str, ...]
    """Aspects and areas without a gap, but no aspect whose mean does not speak for the group."""
    waits_for: tuple[str, ...]
    """Changes only leadership can start: those that move a gap here, and those that such a change needs first."""


def in_place(done: Collection[str], ladders: Ladders, catalogue: Catalogue) -> frozenset[str]:
    """Return what the node has: what it says it has, what its rungs imply, and everything those were built on."""
    found = set(done)
    for change, (area, _, last) in RUNGS.items():
        figure = ladders.get(area)
        if change in catalogue.by_id and isinstance(figure, ReleasedLadder) and figure.reached >= last:
            found |= {change, *catalogue.before(change)}
    if _is_unsafe(ladders):
        found -= NEVER_IMPLIED_WHERE_UNSAFE.difference(done)
    return frozenset(found)


def rank(
    aspects: Aspects,
    ladders: Ladders,
    done: Collection[str],
    catalogue: Catalogue,
    health: Standings | None = None,
) -> Ranking:
    """Rank the catalogue for one node.

    :param done: ids of changes that the node says are in place; unknown ids are ignored.
    :param health: which of its health measures are within their targets; unknown ones are left out.
    """
    gap = gaps(aspects, ladders)
    has = in_place(done, ladders, catalogue)
    sizes, unit = _whole(gap)
    levers = {change.id: _lever(change, sizes, ladders, has, catalogue) for change in catalogue.changes}
    wanted = [change for change in catalogue.changes if change.id not in has and levers[change.id][0] > 0]
    # Whole numbers of the same small part: scores are compared by the thousand, and equal ones have to be equal.
    best: dict[str, Candidate] = {}
    for change in wanted:
        if change.organisation or not _is_safe(change, ladders, has):
            continue
        lever, because = levers[change.id]
        missing = [catalogue.get(name) for name in change.after if name not in has]
        start, readiness = change, TENTHS
        if missing:
            start, readiness = missing[0], NEARLY_READY
            if len(missing) > 1 or not _is_small_and_ready(start, ladders, has):
                continue
        score = lever * readiness * _urgency(change, health or {}) // EFFORT[change.effort]
        if start.id not in best or score > best[start.id][0]:
            best[start.id] = score, start, because
    ordered = sorted(best.values(), key=lambda found: (-found[0], EFFORT[found[1].effort], found[1].id))
    return Ranking(
        first=tuple(Ranked(start, Fraction(score, unit), because) for score, start, because in _at_most_two(ordered)),
        conversations=tuple(
            key for key, figure in aspects.items() if isinstance(figure, ReleasedAspect) and _is_split(figure)
        ),
        keep=tuple(key for key, size in gap.items() if size == 0 and not _is_grey(aspects.get(key))),
        waits_for=_waits_for(wanted, has, catalogue),
    )


def rank_organisation(
    waiting: Sequence[Ranking], aspects: Aspects, ladders: Ladders, done: Collection[str], catalogue: Catalogue
) -> list[tuple[Ranked, int]]:
    """Rank what only leadership can start: by the number of teams it would help, then by the organisation's own gaps.

    :param waiting: the rankings of the teams.
    :return: changes whose prerequisites are in place, each with the number of teams it would help.
    """
    gap = gaps(aspects, ladders)
    has = in_place(done, ladders, catalogue)
    found: list[tuple[Ranked, int]] = []
    sizes, unit = _whole(gap)
    for change in catalogue.changes:
        if not change.organisation or change.id in has or not has.issuperset(change.after):
            continue
        n_waiting = sum(change.id in ranking.waits_for for ranking in waiting)
        lever, because = _lever(change, sizes, ladders, has, catalogue)
        if n_waiting or lever > 0:
            score = Fraction(lever * TENTHS * TWENTIETHS // EFFORT[change.effort], unit)
            found.append((Ranked(change, score, because), n_waiting))
    return sorted(found, key=lambda pair: (-pair[1], _order(pair[0])))


def _whole(gap: Mapping[str, Fraction]) -> tuple[dict[str, int], int]:
    """Return gaps as whole numbers of a common part, and how many parts one point of score has.

    Every factor of a score divides: halves, twentieths, tenths, and quarters for the effort.
    """
    common = math.lcm(*(size.denominator for size in gap.values())) * max(EFFORT.values())
    sizes = {key: size.numerator * (common // size.denominator) for key, size in gap.items()}
    return sizes, common * HALVES * TWENTIETHS * TENTHS * TWENTIETHS


def _lever(
    change: SmallChange, sizes: Mapping[str, int], ladders: Ladders, has: Collection[str], catalogue: Catalogue
) -> tuple[int, tuple[str, ...]]:
    """Return the lever of a change in fortieths of the common part, and what it is made of, largest first."""
    parts: dict[str, int] = {}
    for place, moved in enumerate(change.moves):
        size = sizes.get(moved)
        if size and not _comes_too_early(change, moved, ladders) and not _comes_too_late(change, moved, ladders):
            parts[moved] = size if place else HALVES * size
    if not parts:
        return 0, ()
    n_unlocked = sum(name not in has for name in catalogue.unlocks(change.id))
    because = sorted(parts, key=lambda moved: (-parts[moved], change.moves.index(moved)))
    return sum(parts.values()) * (TWENTIETHS + UNLOCKS * n_unlocked), tuple(because)


def _urgency(change: SmallChange, health: Standings) -> int:
    """Return by how many twentieths health facts raise or lower the readiness of a change."""
    known = [health[measure] for measure in CONCERNS.get(change.id, ()) if measure in health]
    if not known:
        return TWENTIETHS
    return WITHIN_TARGET if all(known) else OUTSIDE_TARGET


def _comes_too_early(change: SmallChange, area: str, ladders: Ladders) -> bool:
    """Whether a change only serves a rung more than one above what the node has reached."""
    served, first, _ = RUNGS.get(change.id, ("", 0, 0))
    figure = ladders.get(area)
    return served == area and isinstance(figure, ReleasedLadder) and first > figure.reached + 1


def _comes_too_late(change: SmallChange, area: str, ladders: Ladders) -> bool:
    """Whether the node stands above the rungs of an area that a change leads to."""
    served, from_rung = NO_LONGER_FROM.get(change.id, ("", 0))
    figure = ladders.get(area)
    return served == area and isinstance(figure, ReleasedLadder) and figure.reached >= from_rung


def _is_safe(change: SmallChange, ladders: Ladders, has: Collection[str]) -> bool:
    """Whether nothing has to come first for the safety of those who speak."""
    return not _is_unsafe(ladders) or all(name in has for name in SAFETY_FIRST.get(change.id, ()))


def _is_unsafe(ladders: Ladders) -> bool:
    """Whether a slip that somebody tells of may still be held against them."""
    figures = [ladders.get(area) for area in SAFETY_AREAS]
    return any(isinstance(figure, ReleasedLadder) and figure.reached < 1 for figure in figures)


def _is_small_and_ready(change: SmallChange, ladders: Ladders, has: Collection[str]) -> bool:
    is_startable = not change.organisation and change.effort == "S" and _is_safe(change, ladders, has)
    return is_startable and all(name in has for name in change.after)


def _waits_for(wanted: Sequence[SmallChange], has: Collection[str], catalogue: Catalogue) -> tuple[str, ...]:
    needed = {change.id for change in wanted if change.organisation}
    for change in wanted:
        needed |= {name for name in change.after if name not in has and catalogue.get(name).organisation}
    return tuple(change.id for change in catalogue.changes if change.id in needed)


def _is_split(figure: ReleasedAspect) -> bool:
    return figure.agreement is Agreement.SPLIT


def _is_grey(figure: ReleasedAspect | Withheld | None) -> bool:
    """Whether a mean is drawn grey: nobody should be told to keep what a few say, or what some deny."""
    return isinstance(figure, ReleasedAspect) and (figure.low_response or _is_split(figure))


def _order(ranked: Ranked) -> tuple[Fraction, int, str]:
    return (-ranked.score, EFFORT[ranked.change.effort], ranked.change.id)


def _at_most_two(ranked: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Take two small changes or one medium one from the top; a large one is nothing a team starts by itself."""
    chosen: list[Candidate] = []
    for candidate in ranked:
        if candidate[1].effort == "S":
            chosen.append(candidate)
        elif candidate[1].effort == "M" and not chosen:
            return (candidate,)
        if len(chosen) == AT_MOST:
            break
    return tuple(chosen)
