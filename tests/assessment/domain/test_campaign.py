"""What each state of a campaign allows, and quarters."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from assessment.domain.campaign import (
    Participation,
    Quarter,
    State,
    Way,
    check_answerable,
    check_closing_time,
    check_draft,
    check_due,
    check_focus,
    check_reporting_size,
    check_way,
    participation,
)
from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import CampaignClosed, CampaignNotOpen, NotADraft, NotYetDue

CLOSES = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)
BEFORE = CLOSES - timedelta(seconds=1)


@pytest.mark.parametrize("text", ["2026-Q3", "2026q3", " 2026-q3 "])
def test_quarters_are_read_as_people_write_them(text: str):
    assert Quarter.parse(text) == Quarter(2026, 3)
    assert str(Quarter.parse(text)) == "2026-Q3"


@pytest.mark.parametrize("text", ["2026", "2026-Q5", "26-Q1", "Q3 2026", ""])
def test_other_texts_are_no_quarter(text: str):
    with pytest.raises(Invalid, match="2026-Q3"):
        Quarter.parse(text)


def test_quarters_have_an_order_and_days():
    assert Quarter(2026, 1).before() == Quarter(2025, 4)
    assert Quarter(2026, 1).before(5) == Quarter(2024, 4)
    assert Quarter.of(date(2026, 12, 31)) == Quarter(2026, 4)
    assert Quarter(2026, 3).first_day == date(2026, 7, 1)
    assert sorted([Quarter(2026, 2), Quarter(2025, 4)])[0] == Quarter(2025, 4)


def test_answers_are_taken_only_while_open_and_before_the_closing_time():
    check_answerable(State.OPEN, CLOSES, BEFORE)
    for state, now, error in (
        (State.OPEN, CLOSES, CampaignClosed),
        (State.CLOSED, BEFORE, CampaignClosed),
        (State.DRAFT, BEFORE, CampaignNotOpen),
        (State.VOID, BEFORE, CampaignNotOpen),
    ):
        with pytest.raises(error):
            check_answerable(state, CLOSES, now)


def test_closing_is_due_at_the_closing_time_and_not_before():
    check_due(1, State.OPEN, CLOSES, CLOSES)
    for state, now, error in (
        (State.OPEN, BEFORE, NotYetDue),
        (State.CLOSED, CLOSES, CampaignClosed),
        (State.DRAFT, CLOSES, CampaignNotOpen),
        (State.VOID, CLOSES, CampaignNotOpen),
    ):
        with pytest.raises(error):
            check_due(1, state, CLOSES, now)


def test_only_drafts_change():
    check_draft(1, State.DRAFT)
    for state in (State.OPEN, State.CLOSED, State.VOID):
        with pytest.raises(NotADraft, match=state.value):
            check_draft(1, state)


@pytest.mark.parametrize("value", [4, 0, -5, 51])
def test_the_reporting_size_is_never_lowered(value: int):
    check_reporting_size(5)
    check_reporting_size(50)
    with pytest.raises(Invalid, match="never lowered"):
        check_reporting_size(value)


def test_the_closing_time_is_aware_and_ahead():
    check_closing_time(CLOSES, BEFORE)
    for moment in (CLOSES.replace(tzinfo=None), BEFORE):
        with pytest.raises(Invalid, match="closing time"):
            check_closing_time(moment, CLOSES)


@pytest.mark.parametrize("focus", [("novelty", "nothing"), ("novelty", "novelty"), ("novelty", "inquiry", "bridging")])
def test_the_focus_is_at_most_two_aspects_that_are_asked(focus: tuple[str, ...]):
    asked = ("novelty", "inquiry", "bridging")
    check_focus((), asked)
    check_focus(("inquiry", "novelty"), asked)
    with pytest.raises(Invalid, match="focus"):
        check_focus(focus, asked)


def test_mail_cards_and_open_link_are_the_ways():
    for way in (Way.EMAIL, Way.CARDS, Way.OPEN_LINK):
        check_way(way)
    with pytest.raises(Invalid, match="import"):
        check_way(Way.IMPORTED)


def test_participation_is_two_bands_and_nothing_below_eight():
    assert participation(7, 7) is None
    assert participation(3, 8) is Participation.UNDER_HALF
    assert participation(4, 8) is Participation.HALF_OR_MORE
    assert participation(4, 9) is Participation.UNDER_HALF
