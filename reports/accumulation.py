"""Which small changes stand on which, and how far a team, or the organisation, has come among them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from questionnaires.changes import Catalogue, SmallChange
from reports import words
from reports.follow_up import Agreed, AgreedState, FollowUp, OrganisationFollowUp
from reports.languages import Language


class Standing(StrEnum):
    """How far somebody is with one small change."""

    DONE = "done"
    """Agreed and done, or said to be there already."""
    IMPLIED = "implied"
    """Counts as in place: the report's rungs say so, or for a team the organisation has it."""
    IN_FLIGHT = "in_flight"
    SUGGESTED = "suggested"
    LATER = "later"


@dataclass(frozen=True)
class TeamCounts:
    """How many teams are how far with a change; none is named."""

    n_teams: int
    n_in_place: int = 0
    n_in_flight: int = 0
    n_dropped: int = 0


@dataclass(frozen=True)
class Step:
    """One small change among the others."""

    change: SmallChange
    standing: Standing | None
    """None where only teams are counted."""
    missing: tuple[str, ...] = ()
    """What it builds on that is not in place."""
    agreed: Agreed | None = None
    """What was agreed on about it last."""
    counts: TeamCounts | None = None
    is_for_others: bool = False
    """Whether only leadership can start it, and a team is meant."""


def team_steps(found: FollowUp, suggested: Collection[str], catalogue: Catalogue) -> tuple[Step, ...]:
    """Return every small change as a team stands to it, in the order in which they build on each other.

    :param suggested: ids of the changes that its report suggests.
    """
    return tuple(_steps(found, suggested, catalogue, for_team=True))


def organisation_steps(
    found: OrganisationFollowUp, suggested: Collection[str], catalogue: Catalogue
) -> tuple[Step, ...]:
    """Return every small change: what only leadership can start as the organisation stands to it, the rest as counts.

    :param suggested: ids of the changes that the organisation's report suggests.
    """
    steps = []
    for step in _steps(found.own, suggested, catalogue, for_team=False):
        states = found.agreed.get(step.change.id, {})
        counts = TeamCounts(
            found.n_teams,
            found.in_place.get(step.change.id, 0),
            states.get(AgreedState.AGREED, 0),
            states.get(AgreedState.DROPPED, 0),
        )
        is_own = step.change.organisation
        steps.append(
            step if is_own else Step(step.change, None, tuple(step.change.after), counts=counts, agreed=step.agreed)
        )
    return tuple(steps)


def _steps(found: FollowUp, suggested: Collection[str], catalogue: Catalogue, *, for_team: bool) -> Iterator[Step]:
    has = {*found.in_place, *found.implied}
    latest = {agreed.change: agreed for agreed in found.agreed}
    under_way = {agreed.change: agreed for agreed in found.in_flight()}
    for name in order(catalogue):
        change = catalogue.get(name)
        if name in under_way:
            standing = Standing.IN_FLIGHT
        elif name in found.in_place:
            standing = Standing.DONE
        elif name in found.implied:
            standing = Standing.IMPLIED
        else:
            standing = Standing.SUGGESTED if name in suggested else Standing.LATER
        missing = tuple(other for other in change.after if other not in has)
        yield Step(
            change,
            standing,
            missing,
            under_way.get(name, latest.get(name)),
            is_for_others=for_team and change.organisation,
        )


@cache
def order(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the ids of all changes, each below what it builds on: what only leadership can start first.

    A change follows the one of its prerequisites that itself builds on most.
    """
    trunk = trunks(catalogue)
    below: dict[str | None, list[str]] = {}
    for change in sorted(catalogue.changes, key=lambda change: not change.organisation):
        below.setdefault(trunk[change.id], []).append(change.id)

    def walk(parent: str | None) -> Iterator[str]:
        for name in below.get(parent, ()):
            yield name
            yield from walk(name)

    return tuple(walk(None))


@cache
def depths(catalogue: Catalogue) -> Mapping[str, int]:
    """Return how many changes at most stand below each, one on the other."""
    found: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in found:
            found[name] = max((depth(other) + 1 for other in catalogue.get(name).after), default=0)
        return found[name]

    for change in catalogue.changes:
        depth(change.id)
    return found


@cache
def trunks(catalogue: Catalogue) -> Mapping[str, str | None]:
    """Return for each change the prerequisite that it is shown below: the one that itself builds on most."""
    depth = depths(catalogue)
    return {
        change.id: max(change.after, key=lambda name: (depth[name], name), default=None) for change in catalogue.changes
    }


def in_words(step: Step, language: Language) -> str:
    """Say in a few words how far somebody is with a change."""
    _ = language.gettext
    if step.counts is not None:
        return counted(step.counts, language)
    if step.standing is Standing.IN_FLIGHT and step.agreed is not None:
        return _("under way until %(day)s", day=language.date(step.agreed.due))
    if step.standing is Standing.DONE:
        ended = step.agreed.ended_on if step.agreed is not None and step.agreed.state is AgreedState.DONE else None
        return _("done on %(day)s", day=language.date(ended)) if ended is not None else _("in place already")
    if step.standing is Standing.IMPLIED:
        return _("counts as in place")
    if step.standing is Standing.SUGGESTED:
        return _("suggested now")
    if step.missing:
        return _("later, after %(changes)s", changes=words.listed(step.missing, language))
    return _("for the organisation to start") if step.is_for_others else _("can start")


def counted(counts: TeamCounts, language: Language) -> str:
    """Say how many teams have a change, are on their way to it, or dropped it."""
    parts = []
    if counts.n_in_place:
        parts.append(
            language.ngettext(
                "%(n)s of %(all)s has it", "%(n)s of %(all)s have it", counts.n_in_place, all=counts.n_teams
            )
        )
    if counts.n_in_flight:
        parts.append(language.ngettext("%(n)s under way", "%(n)s under way", counts.n_in_flight))
    if counts.n_dropped:
        parts.append(language.ngettext("%(n)s dropped it", "%(n)s dropped it", counts.n_dropped))
    return ", ".join(parts) or language.gettext("no team yet")


def title(change: str, language: Language, catalogue: Catalogue) -> str:
    """Return a change's title, or its id where the catalogue has lost it."""
    return language.text(catalogue.get(change).title) if change in catalogue.by_id else change


def names(ids: Sequence[str], catalogue: Catalogue, language: Language) -> str:
    """Return the titles of changes as a list in a sentence."""
    return words.quoted([language.text(catalogue.get(name).title) for name in ids if name in catalogue.by_id], language)
