"""Campaigns without I/O: quarters, states, and what each state allows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from assessment.domain.errors import CampaignClosed, CampaignNotOpen, Invalid, NotADraft, NotYetDue

REPORTING_SIZE = 5
# An open link cannot tell two answers of one person from two people, so it takes more of them before anything is shown.
OPEN_LINK_REPORTING_SIZE = 8
FOCUS_LIMIT = 2


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
            raise Invalid("quarter", text, "write a year and a quarter such as 2026-Q3")
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


def check_reporting_size(value: int) -> None:
    """Pass for a reporting size of at least 5: it may be raised before opening, never lowered.

    :raise Invalid: below 5 or beyond reason.
    """
    if not REPORTING_SIZE <= value <= 50:
        raise Invalid("reporting size", value, f"choose {REPORTING_SIZE} to 50; it may be raised but never lowered")
