"""What a report must not claim: one end where several are alike, all where some are hidden, a line to other teams."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from questionnaires.changes import catalogue
from reports import figures, sentences, tables, words
from reports.blocks import Callouts, Card, Points
from reports.change_pages import changes
from reports.document import organisation_document, team_document
from reports.html import render
from reports.languages import language
from reports.released import (
    Agreement,
    Reason,
    ReleasedAspect,
    ReleasedLadder,
    Spread,
    Suggestion,
    Suggestions,
    Tier,
    Withheld,
)
from tests.reports import document_fixtures as cast

DAY = date(2026, 11, 21)
ENGLISH, GERMAN = language("en"), language("de")


def with_aspects(released, **more):
    """Every aspect of a team alike but for what is given."""
    model = next(figure for figure in released.aspects.values() if isinstance(figure, ReleasedAspect))
    return replace(released, aspects={key: replace(model, **more) for key in released.aspects})


def told(released):
    return " ".join(sentences.told(released, ENGLISH))


def test_all_aspects_that_read_alike_are_named():
    team = with_aspects(cast.atlas(), mean=4.02, agreement=Agreement.NEITHER, low_response=False)
    first, second, *_ = team.aspects
    team = replace(
        team,
        aspects={
            **team.aspects,
            first: replace(team.aspects[first], mean=5.0),
            second: replace(team.aspects[second], mean=4.96),
        },
    )
    names = words.quoted([words.aspect_name(team, key, ENGLISH) for key in (first, second)], ENGLISH)
    assert f"strongest on {names} (5.0)" in told(team)


@pytest.mark.parametrize("agreement", [Agreement.SHARED, Agreement.NEITHER])
def test_nothing_is_said_of_every_aspect_where_one_tells_no_word(agreement):
    team = with_aspects(cast.cygnus(), agreement=agreement)
    first = next(iter(team.aspects))
    untold = replace(team.aspects[first], agreement=Agreement.NEITHER, spread=None)
    for hidden in (untold, Withheld(Reason.TOO_FEW)):
        text = told(replace(team, aspects={**team.aspects, first: hidden}))
        assert "every aspect" not in text
        assert "split on none" not in text
        assert "split on no aspect" not in text
        assert ("of the aspects shown" in text) == (agreement is Agreement.SHARED)


def test_practice_areas_that_are_hidden_are_not_said_to_stand_anywhere():
    team = cast.atlas()
    model = next(figure for figure in team.ladders.values() if isinstance(figure, ReleasedLadder))
    ladders = {**dict.fromkeys(team.ladders, model), next(iter(team.ladders)): Withheld(Reason.TOO_FEW)}
    assert "shown stand" in told(replace(team, ladders=ladders)) or "area shown stands" in told(
        replace(team, ladders=ladders)
    )


def test_a_focus_aspect_without_a_figure_says_why():
    team = cast.atlas()
    hidden = {**team.aspects, team.focus[0]: Withheld(Reason.TOO_FEW)}
    made = team_document(replace(team, aspects=hidden), ENGLISH, DAY)
    (since,) = [page for page in made.pages if page.id == "since"]
    points = next(block for block in since.blocks if isinstance(block, Points)).items
    assert points[0].endswith("withheld: fewer than 5 answers.")


def test_the_talk_comes_before_the_cards():
    suggestions = Suggestions(
        changes=(Suggestion("C15", ("inquiry", "review")),), conversations=("cooperation",), keep=("novelty",)
    )
    page = changes(replace(cast.atlas(), suggestions=suggestions), ENGLISH, catalogue())
    kinds = [block for block in page.blocks if isinstance(block, Callouts | Card)]
    assert [type(block) for block in kinds] == [Callouts, Card, Callouts]
    assert kinds[0].boxes[0].title == "Talk first"


def slopes(drawn):
    return [trace for trace in drawn.figure.data if trace.name == "slope"]


def test_a_rounded_mean_of_last_quarter_is_an_open_mark():
    team = cast.atlas()
    aspect = team.focus[0]
    figure = team.aspects[aspect]
    for tier in Tier:
        change = replace(figure.change, before_tier=tier)
        only = replace(team, aspects={aspect: replace(figure, change=change)})
        before, now = (trace for trace in figures.since_last_time(only, ENGLISH).figure.data if trace.name == "mean")
        assert (before.marker.color != now.marker.color) == (tier is Tier.COARSE)


@pytest.mark.parametrize(("now", "before"), [(3, False), (4, True), (3, True)])
def test_no_line_joins_quarters_that_count_other_teams(now, before):
    team = cast.atlas()
    aspect = team.focus[0]
    figure = team.aspects[aspect]
    change = replace(figure.change, is_before_partial=before)
    whole = replace(
        team,
        kind="department",
        n_teams=4,
        aspects={aspect: replace(figure, n_teams=now, change=change)},
    )
    assert not slopes(figures.since_last_time(whole, ENGLISH))
    alike = replace(whole, aspects={aspect: replace(figure, n_teams=4)})
    assert slopes(figures.since_last_time(alike, ENGLISH))
    made = team_document(whole, ENGLISH, DAY)
    assert "no line joins such quarters" in render(made)
    assert ("3 of 4 teams" in render(made)) == (now == 3)


def test_a_number_and_its_per_cent_sign_stay_together():
    assert "60\u00a0%" in render(team_document(cast.atlas(), GERMAN, DAY))


@pytest.mark.parametrize(
    ("agreement", "spread", "expected"),
    [
        (Agreement.SHARED, Spread.MIXED, ["shared view"]),
        (Agreement.NEITHER, Spread.MIXED, ["mixed"]),
        (Agreement.SHARED, Spread.MOSTLY_HIGH, ["mostly high", "shared view"]),
    ],
)
def test_a_shared_view_is_not_called_mixed(agreement, spread, expected):
    team = with_aspects(cast.cygnus(), agreement=agreement, spread=spread, low_response=False)
    assert words.labels(next(iter(team.aspects.values())), ENGLISH) == expected
    row = tables.aspects(team, ENGLISH).rows[0]
    assert ("mixed" in row) == ("mixed" in expected)
    assert ("in neighbouring parts of the scale" in row) == (expected == ["shared view"])


def test_teams_took_part_that_answered():
    found = cast.organisation()
    silent = replace(cast.withheld(found.teams[0]), n_answered=0)
    made = organisation_document(replace(found, teams=(silent, *found.teams[1:])), ENGLISH, DAY)
    text = render(made)
    assert "24 teams took part. 1 of them is too small to show" in text
    assert "From 1 more team no answer came." in text
    assert "no answer came" not in render(organisation_document(found, ENGLISH, DAY))
