"""Where one person may have answered several times, or a stated size cannot be right, reports count answers."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date

import pytest

from reports.carry_up import keep
from reports.disclosure import release, release_organisation
from reports.document import organisation_document, team_document
from reports.html import render
from reports.languages import language
from tests.reports.builders import answers_of, organisation_of, questionnaire, team

DAY = date(2026, 11, 21)
ENGLISH = language("en")
ASKED = questionnaire()
PEOPLE = re.compile(r"\d+ (of \d+ )?people answered|is one person|each person picked|people answered")


def campaign(*teams):
    """A quarter of teams given as (invited, answered, way); ids from 10 on."""
    nodes = organisation_of(
        [
            team(10 + i, n_invited=invited, n_answered=answered, way=way)
            for i, (invited, answered, way) in enumerate(teams)
        ]
    )
    dice = random.Random(5)
    figures = {10 + i: answers_of(ASKED, answered, dice) for i, (_, answered, _) in enumerate(teams)}
    totals = {node.id: sum(answered for _, answered, _ in teams) for node in nodes if node.kind != "team"}
    nodes = tuple(replace(node, n_answered=totals.get(node.id, node.n_answered)) for node in nodes)
    return keep(nodes, figures, reporting_size=5, questionnaire=ASKED, quarter="2026-Q3")


OPEN = campaign((10, 14, "open_link"), (12, 8, "cards"))
TOO_MANY = campaign((10, 12, "imported"), (12, 10, "cards"))
UNKNOWN = campaign((None, 12, "imported"), (12, 10, "cards"))
KNOWN = campaign((14, 10, "cards"), (12, 8, "cards"))


def text_of(kept, node_id):
    if node_id == 1:
        return render(organisation_document(release_organisation(kept), ENGLISH, DAY))
    return render(team_document(release(kept, node_id), ENGLISH, DAY))


@pytest.mark.parametrize(
    ("kept", "node_id", "told"),
    [
        (OPEN, 10, "14 answers came in over an open link."),
        (OPEN, 100, "22 answers came in; in some teams answers cannot be counted as people."),
        (OPEN, 1, "22 answers came in; in some teams answers cannot be counted as people."),
        (TOO_MANY, 10, "12 answers were imported, although 10 people are said to have been asked."),
        (TOO_MANY, 100, "22 answers came in; in some teams answers cannot be counted as people."),
        (UNKNOWN, 10, "12 answers were imported; how many people were asked is not known."),
        (UNKNOWN, 100, "22 answers came in; how many people were asked is not known everywhere."),
    ],
)
def test_answers_are_not_called_people(kept, node_id, told):
    text = text_of(kept, node_id)
    assert told in text
    assert not PEOPLE.search(text)


@pytest.mark.parametrize("kept", [OPEN, TOO_MANY, UNKNOWN])
def test_a_larger_node_says_why_and_draws_no_squares_of_people(kept):
    for node_id in (1, 100):
        text = text_of(kept, node_id)
        assert "Read the counts as answers, not as people." in text
        assert "Who answered" not in text


@pytest.mark.parametrize("node_id", [1, 100, 10])
def test_people_are_people_where_each_answered_once(node_id):
    text = text_of(KNOWN, node_id)
    assert PEOPLE.search(text)
    assert "each person picked" in text
    assert "Read the counts as answers" not in text


def test_a_team_beside_an_open_link_still_counts_people():
    assert "8 of 12 people answered." in text_of(OPEN, 11)
