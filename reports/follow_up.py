"""The follow-up part of a report: what team and coach agreed, what is in place, and the facts of a team's health.

None of it is about respondents: coaches type it. It has the date it was read on and stands outside the measured part,
which never changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class AgreedState(StrEnum):
    """What became of a small change that was agreed."""

    AGREED = "agreed"
    DONE = "done"
    DROPPED = "dropped"
    """Given up, which needs no reason and is nobody's fault."""


class HealthFact(StrEnum):
    """A number about a team's work with production that one quarter of one team has."""

    PAGES_PER_WEEK = "pages_per_week"
    """Pages per engineer on call and week."""
    NIGHT_PAGES = "night_pages"
    """Pages at night per rotation."""
    OVER_30_MINUTES = "over_30_minutes"
    """The share of pages that took longer than half an hour, from 0 to 1."""
    TOIL = "toil"
    """The share of work that is manual and repeated, from 0 to 1."""
    REVIEWS_DUE = "reviews_due"
    """How many incidents called for a review."""
    REVIEWS_WRITTEN = "reviews_written"
    """How many of these reviews were written."""
    ACTIONS_DUE = "actions_due"
    """How many actions of reviews were due."""
    ACTIONS_ON_TIME = "actions_on_time"
    """How many of these were closed on time."""


@dataclass(frozen=True)
class Agreed:
    """One small change that a team, or the organisation, agreed on."""

    change: str
    """Id in the catalogue."""
    quarter: str
    """The quarter of the report it was agreed on."""
    state: AgreedState
    role: str
    """The owning role, never a person."""
    due: date
    sign: str
    """The observable sign that it has arrived."""
    evidence: str
    """What was seen when it ended; may be empty."""
    agreed_on: date
    ended_on: date | None
    id: int = 0
    """What the forms that end or reopen it name it by."""


@dataclass(frozen=True)
class Health:
    """The health facts of one team in one quarter."""

    quarter: str
    facts: Mapping[str, float]
    """By the ids of `HealthFact`; what is not known is left out."""
    page_shares: tuple[int, ...] = ()
    """Pages per member of the rotation, falling, without names; empty where unknown or of fewer than 8 people."""


def facts_of(quarters: Iterable[Health], quarter: str) -> Health | None:
    """Return the health facts of a quarter; None where nothing is known."""
    return next((facts for facts in quarters if facts.quarter == quarter), None)


@dataclass(frozen=True)
class FollowUp:
    """Everything that was agreed and done up to a report's quarter, as it stood on a day."""

    as_of: date
    agreed: tuple[Agreed, ...] = ()
    """In the order of quarters and days, those of the report's own quarter last."""
    in_place: tuple[str, ...] = ()
    """Changes in place, in the order of the catalogue: agreed and done, or said to be there already."""
    implied: tuple[str, ...] = ()
    """Further changes that count as in place: what the report's rungs imply, and for a team what the organisation
    has of the changes that only leadership can start."""
    next_focus: tuple[str, ...] = ()
    """The one or two aspects that were agreed on this report for the quarter after it."""
    health: tuple[Health, ...] = ()
    """Quarters with facts, oldest first, up to the report's own."""
    since: date | None = None
    """The day on which the campaign of the report before this one closed; None for the first report."""

    @property
    def is_empty(self) -> bool:
        """Whether nobody has typed anything yet."""
        return not (self.agreed or self.in_place or self.next_focus or self.health)

    def now(self, quarter: str) -> Health | None:
        """Return the health facts of a quarter; None where nothing is known."""
        return facts_of(self.health, quarter)

    def in_flight(self) -> tuple[Agreed, ...]:
        """Return what is agreed and neither done nor dropped."""
        return tuple(agreed for agreed in self.agreed if agreed.state is AgreedState.AGREED)

    def before(self, quarter: str) -> tuple[Agreed, ...]:
        """Return what was agreed on reports before this quarter's: what its report opens with."""
        return tuple(agreed for agreed in self.agreed if agreed.quarter < quarter)

    def since_last_time(self, quarter: str) -> tuple[Agreed, ...]:
        """Return what was agreed on reports before this quarter's and was not over when the one before it closed."""
        return tuple(
            agreed
            for agreed in self.before(quarter)
            if agreed.ended_on is None or self.since is None or agreed.ended_on >= self.since
        )


@dataclass(frozen=True)
class HealthCount:
    """One health measure over teams in one quarter, as counts that name no team."""

    n_known: int
    n_within: int | None
    """Teams within the target; None for a measure without one."""
    n_better: int
    """Of the teams that knew it in the quarter before too: better, worse, and the same."""
    n_worse: int
    n_same: int


@dataclass(frozen=True)
class OrganisationFollowUp:
    """What the organisation agreed itself, and what its teams did, as counts."""

    own: FollowUp
    n_teams: int
    """Teams of the report's campaign."""
    agreed: Mapping[str, Mapping[AgreedState, int]] = field(default_factory=dict)
    """By change: how many teams have it agreed, done or dropped up to this quarter; a team counts once, with its
    latest."""
    in_place: Mapping[str, int] = field(default_factory=dict)
    """By change: how many teams have it in place."""
    health: Mapping[str, HealthCount] = field(default_factory=dict)
    """By the ids of `reports.health.MEASURES`, in their order; those that fewer than three teams know are left out."""

    @property
    def is_empty(self) -> bool:
        """Whether nobody has typed anything yet, in the organisation or its teams."""
        return self.own.is_empty and not (self.agreed or self.in_place or self.health)
