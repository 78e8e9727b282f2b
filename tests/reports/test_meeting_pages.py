from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from questionnaires.meetings import meetings
from reports import meeting_pages
from reports.blocks import Asks, Pairs
from reports.document import summary_document, team_document
from reports.html import render
from reports.languages import language
from reports.released import Suggestions
from tests.reports import document_fixtures as cast

ENGLISH, GERMAN = language("en"), language("de")
DAY = date(2026, 11, 21)


@pytest.mark.parametrize("spoken", [ENGLISH, GERMAN], ids=["en", "de"])
def test_the_last_page_is_a_card_without_any_result(spoken):
    made = team_document(cast.atlas(), spoken, DAY)
    assert made.pages[-1] == meeting_pages.card(spoken)
    assert made.pages[-1].id == "card"
    assert team_document(cast.split(), spoken, DAY).pages[-1] == made.pages[-1]
    (pairs,) = (block for block in made.pages[-1].blocks if isinstance(block, Pairs))
    assert len(pairs.rows) == len(meetings().card.pairs)


def test_the_card_names_who_may_use_it_and_whom_it_is_owed_to():
    said = [getattr(block, "text", "") for block in meeting_pages.card(GERMAN).blocks]
    assert meetings().card.who["de"] in said
    assert meetings().source.credit["de"] in said


def test_a_withheld_report_and_a_summary_have_no_card():
    assert [page.id for page in team_document(cast.borealis(), ENGLISH, DAY).pages] == ["withheld"]
    assert [page.id for page in summary_document(cast.atlas(), ENGLISH, DAY).pages] == ["summary"]


def asked(released) -> list[Asks]:
    told = team_document(released, ENGLISH, DAY).pages[0]
    return [block for block in told.blocks if isinstance(block, Asks)]


def test_questions_stand_where_views_split_for_two_aspects_at_most():
    (asks,) = asked(cast.split())
    assert len(asks.entries) == meeting_pages.MOST_SPLIT
    assert sum(len(texts) for _, texts in asks.entries) == meeting_pages.MOST_ASKED


def test_one_split_aspect_gets_all_of_its_questions_and_the_roadmap_comes_first():
    released = replace(cast.unanimous(), suggestions=Suggestions((), ("inquiry",), ()))
    (asks,) = asked(released)
    ((about, texts),) = asks.entries
    assert "Inquiry" in about
    assert texts == tuple(text["en"] for text in meetings().asks("inquiry"))
    both = replace(cast.split(), suggestions=Suggestions((), ("novelty",), ()))
    assert meeting_pages.split_aspects(both)[0] == "novelty"


def test_where_views_lie_together_nothing_is_asked():
    assert asked(cast.unanimous()) == []


def test_on_screen_each_half_of_a_pair_says_which_it_is():
    page = render(team_document(cast.split(), ENGLISH, DAY))
    assert 'data-head="Do"' in page
    assert 'data-head="Leave"' in page
    assert '<div class="asks">' in page
