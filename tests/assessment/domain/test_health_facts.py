"""Reading health facts as people and spreadsheets write them."""

from __future__ import annotations

import pytest

from assessment.domain.error_kinds import Invalid
from assessment.domain.health_facts import A_DATE, read_fact


@pytest.mark.parametrize(
    ("fact", "typed", "value"),
    [
        ("pages_per_week", "1,5", 1.5),
        ("pages_per_week", " 1.5 ", 1.5),
        ("toil", "40 %", 0.4),
        ("toil", "40\u202f%", 0.4),
        ("toil", "40,5%", 0.405),
        ("toil", "0,4", 0.4),
        ("reviews_due", "4,0", 4),
        ("reviews_due", "", None),
    ],
)
def test_numbers_are_read_as_they_are_typed(fact: str, typed: str, value: float | None):
    assert read_fact(fact, typed) == pytest.approx(value)


@pytest.mark.parametrize(
    "typed",
    ["01.05.2026", "1.5.", "2026-05-01", "2026-05-01 00:00:00", "01. Mai", "1-May", "Mai 40", "5/1/26", "Mär 26"],
)
def test_what_a_spreadsheet_made_a_date_is_told_as_one(typed: str):
    with pytest.raises(Invalid) as caught:
        read_fact("pages_per_week", typed)
    assert (caught.value.value, caught.value.remedy) == (typed, A_DATE)


@pytest.mark.parametrize(
    ("fact", "typed"),
    [("toil", "140 %"), ("toil", "40"), ("pages_per_week", "40 %"), ("reviews_due", "4,5"), ("night_pages", "two")],
)
def test_a_value_that_cannot_be_is_shown_as_it_was_typed(fact: str, typed: str):
    with pytest.raises(Invalid) as caught:
        read_fact(fact, typed)
    assert (caught.value.field, caught.value.value) == (fact, typed)
    assert caught.value.remedy != A_DATE
