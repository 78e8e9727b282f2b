"""What somebody is told before the first question is true for their team, and complete."""

from __future__ import annotations

import pytest

from tests import builders
from tests.assessment.web.respond.conftest import ONE_DATABASE, visit

pytestmark = ONE_DATABASE


def test_it_stands_before_the_first_question(client, code):
    html = client.get(f"/a/{code}").get_data(as_text=True)
    assert html.index("Before the first question") < html.index("<fieldset")


def test_it_names_team_quarter_closing_time_sizes_and_who_is_invited(client, code):
    text = visit(client, f"/a/{code}").text
    for words in (
        "Atlas",
        "2026-Q3",
        "15 September 2026, 11:00 CEST",
        "12 people",
        "5 answers",
        "From 5 to 7 answers: rounded averages and words. From 8 on",
        "No name, no time, no network address, no device, no cookie.",
        "If fewer than 5 answer",
        "Atlas Person 00",
        "Atlas Person 11",
        "could read answers as they arrive",
    ):
        assert words in text


def test_a_small_team_reads_that_its_answers_go_upward_or_are_dropped(client, campaign):
    text = visit(client, f"/a/{campaign.codes('Borealis')[0]}").text
    assert "It has 4 people, and nothing is shown of fewer than 5. It gets no result of its own" in text
    assert "How many of you have answered is not shown either." in text
    assert "They appear in the results of larger groups only." in text
    assert "Your coach reads" not in text


def test_a_raised_reporting_size_has_one_tier(client, platform, cast):
    campaign = builders.opened(platform, cast, teams=["Atlas"], reporting_size=10)
    text = visit(client, f"/a/{campaign.codes('Atlas')[0]}").text
    assert "From 10 answers on: exact counts" in text
    assert "rounded averages" not in text


def test_an_open_link_says_that_it_can_be_used_often_and_reports_from_8(client, open_link):
    text = visit(client, f"/l/{open_link.link('Atlas')}").text
    assert "Whoever has it can answer, also more than once" in text
    assert "only from 8 answers on" in text
    assert "your card" not in text


@pytest.mark.parametrize("path", ["/", "/trust", "/a/0000-0000-0000-0000", "/l/unknown-link"])
def test_names_are_shown_to_nobody_without_a_valid_card_or_link(client, campaign, path):
    assert "Atlas" not in client.get(path).get_data(as_text=True)


def test_names_are_not_on_the_review(client, code):
    form = visit(client, f"/a/{code}")
    assert "Atlas Person" not in client.post("/answer", data=form.filled("review", q01="1")).get_data(as_text=True)


def test_the_trust_page_names_what_is_not_promised(client):
    text = visit(client, "/trust").text
    assert "What is not promised" in text
    assert "could read answers as they arrive" in text
