"""Campaigns without I/O: quarters, states, and what each state allows."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import CampaignClosed, CampaignNotOpen, NotADraft, NotYetDue
from questionnaires.loader import WITH_ROLE
from reports.kept import ROLE_AT_LEAST, ROLE_TEAMS_AT_LEAST
from reports.languages import phrase

REPORTING_SIZE = 5
# An open link cannot tell two answers of one person from two people, so it takes more of them before anything is shown.
OPEN_LINK_REPORTING_SIZE = 8
FOCUS_LIMIT = 2
CLOSING_TIME, FOCUS, INSTRUMENTS_FIELD = phrase("closing time"), phrase("focus"), phrase("instruments")


class State(StrEnum):
    """Draft, then open, then closed or void; never back."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    VOID = "void"


class Way(StrEnum):
    """How a team answers; chosen before opening."""

    EMAIL = "email"
    CARDS = "cards"
    OPEN_LINK = "open_link"
    IMPORTED = "imported"


class Participation(StrEnum):
    """All that is shown of participation while a campaign is open."""

    UNDER_HALF = "under_half"
    HALF_OR_MORE = "half_or_more"


# Bands are refreshed in this hour of the campaign's own day; a job that is late waits for the next day, because a
# refresh that somebody could set off would tell when an answer came.
REFRESH_HOUR = 6
# Below this many invited not even the band is shown.
PARTICIPATION_SIZE = 8


def participation(n_answered: int, n_invited: int) -> Participation | None:
    """Return the band of a team's participation, None where too few were invited to show any."""
    if n_invited < PARTICIPATION_SIZE:
        return None
    return Participation.HALF_OR_MORE if 2 * n_answered >= n_invited else Participation.UNDER_HALF


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year, written `2026-Q3`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read `2026-Q3` (also `2026Q3`, any case).

        :raise Invalid: for anything else.
        """
        match = re.fullmatch(r"(20\d\d)-?[qQ]([1-4])", text.strip())
        if match is None:
            raise Invalid(phrase("quarter"), text, phrase("write a year and a quarter such as 2026-Q3"))
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        """Return the quarter a day lies in."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    def before(self, n_quarters: int = 1) -> Quarter:
        """Return the quarter that lies so many quarters earlier."""
        index = self.year * 4 + self.number - 1 - n_quarters
        return Quarter(index // 4, index % 4 + 1)

    @property
    def first_day(self) -> date:
        """The quarter's first day."""
        return date(self.year, 3 * self.number - 2, 1)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


def check_answerable(state: State, closes_at: datetime, now: datetime) -> None:
    """Pass when a campaign takes answers now.

    :raise CampaignClosed: after the closing time, also before the closing job has run.
    :raise CampaignNotOpen: for a draft or a voided campaign.
    """
    if state is State.CLOSED or (state is State.OPEN and now >= closes_at):
        raise CampaignClosed
    if state is not State.OPEN:
        raise CampaignNotOpen


def check_draft(campaign_id: int, state: State) -> None:
    """Pass for a draft.

    :raise NotADraft: in any other state.
    """
    if state is not State.DRAFT:
        raise NotADraft(campaign=campaign_id, state=state.value)


def check_due(campaign_id: int, state: State, closes_at: datetime, now: datetime) -> None:
    """Pass when an open campaign may be closed now.

    :raise NotYetDue: before the closing time that was promised.
    :raise CampaignClosed: when it is closed already.
    :raise CampaignNotOpen: for a draft or a voided campaign.
    """
    if state is State.CLOSED:
        raise CampaignClosed
    if state is not State.OPEN:
        raise CampaignNotOpen
    if now < closes_at:
        raise NotYetDue(campaign=campaign_id, closes_at=closes_at.isoformat(timespec="minutes"))


def check_closing_time(closes_at: datetime, now: datetime) -> None:
    """Pass for an aware moment in the future.

    :raise Invalid: for a naive one, or one that has passed.
    """
    if closes_at.tzinfo is None:
        raise Invalid(CLOSING_TIME, closes_at.isoformat(), phrase("give it a time zone"))
    if closes_at <= now:
        raise Invalid(CLOSING_TIME, closes_at.isoformat(timespec="minutes"), phrase("choose a moment in the future"))


def check_focus(focus: Sequence[str], asked: Collection[str]) -> None:
    """Pass for at most two different aspects that the questionnaire asks.

    :raise Invalid: otherwise.
    """
    for aspect in focus:
        if aspect not in asked:
            raise Invalid(FOCUS, aspect, phrase("choose from %(known)s"), known=", ".join(asked))
    if len(set(focus)) != len(focus) or len(focus) > FOCUS_LIMIT:
        raise Invalid(FOCUS, ", ".join(focus), phrase("choose at most %(most)s different aspects"), most=FOCUS_LIMIT)


def check_role_question(team_sizes: Sequence[int], reporting_size: int) -> None:
    """Pass for a campaign in which at least one role could ever have enough people to be compared.

    :param team_sizes: how many people each team of the campaign has.
    :raise Invalid: for too few teams or people: nobody is asked for what could not be shown.
    """
    teams, people = ROLE_TEAMS_AT_LEAST, max(ROLE_AT_LEAST, reporting_size)
    if len(team_sizes) < teams or sum(team_sizes) < people:
        remedy = phrase(
            "roles are compared among %(people)s people or more in %(teams)s teams or more, and these are %(n)s in "
            "%(n_teams)s; choose more teams, or do not ask for the role"
        )
        raise Invalid(
            INSTRUMENTS_FIELD,
            WITH_ROLE,
            remedy,
            people=people,
            teams=teams,
            n=sum(team_sizes),
            n_teams=len(team_sizes),
        )


def check_way(way: Way) -> None:
    """Pass for a way that people can answer by.

    :raise Invalid: for `imported`, which is how answers come in that were given elsewhere.
    """
    if way is Way.IMPORTED:
        raise Invalid(
            phrase("way"), way.value, phrase("choose email, cards or open_link; imported answers come in by the import")
        )


def check_reporting_size(value: int) -> None:
    """Pass for a reporting size of at least 5: it may be raised before opening, never lowered.

    :raise Invalid: below 5 or beyond reason.
    """
    if not REPORTING_SIZE <= value <= 50:
        raise Invalid(
            phrase("reporting size"),
            value,
            phrase("choose %(lowest)s to 50; it may be raised but never lowered"),
            lowest=REPORTING_SIZE,
        )
