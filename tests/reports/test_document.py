from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date

import pytest

from questionnaires.instrument import ASPECTS
from reports.blocks import Callout, Callouts, Card, Chart, Cultures, Lead, Paragraph, Points, Table
from reports.canonical import measured_hash
from reports.document import organisation_document, summary_document, team_document
from reports.languages import language
from reports.released import (
    OpenEnd,
    Reason,
    ReleasedAspect,
    Status,
    Suggestion,
    Suggestions,
)
from tests.reports import document_fixtures as cast

DAY = date(2026, 11, 21)
ENGLISH, GERMAN = language("en"), language("de")


def document(released, spoken=ENGLISH, **more):
    return team_document(released, spoken, DAY, **more)


def words_of(value):
    """Every text in a document, figures' alternative texts among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for entry in value:
            yield from words_of(entry)
    elif is_dataclass(value):
        for field in fields(value):
            yield from words_of(getattr(value, field.name))


def all_words(value):
    return "\n".join(words_of(value))


def page(made, name):
    return next(page for page in made.pages if page.id == name)


def blocks(made, kind):
    return [block for page in made.pages for block in page.blocks if isinstance(block, kind)]


def test_a_team_report_has_seven_pages_in_the_order_of_the_conversation():
    made = document(cast.atlas())
    assert [page.id for page in made.pages] == ["told", "aspects", "choices", "ladders", "since", "changes", "card"]
    assert (made.title, made.subject) == ("Atlas", "Atlas · 2026-Q3")
    assert made.hash == measured_hash(cast.atlas())
    assert made.promise == "For the team’s own learning, not for performance reviews."
    assert made.as_of == "As of 21 November 2026"


def test_the_same_released_values_make_the_same_document():
    once, twice = document(cast.atlas()), document(cast.atlas())
    assert all_words(once) == all_words(twice)


def test_a_document_cannot_be_changed():
    with pytest.raises(AttributeError):
        document(cast.atlas()).title = "Another"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("invited", "answered", "sentence"),
    [
        (14, 12, "12 of 14 people answered."),
        (9, 9, "All 9 people answered."),
        (None, 11, "11 answers were imported; how many people were asked is not known."),
    ],
)
def test_it_opens_with_how_many_answered(invited, answered, sentence):
    way = "imported" if invited is None else "cards"
    made = document(cast.team(invited=invited, answered=answered, way=way))
    assert blocks(made, Lead)[0].text == sentence


@pytest.mark.parametrize(
    ("joined", "left", "sentence"),
    [
        (2, 1, "Since 2026-Q2: 2 people joined, 1 left."),
        (1, 0, "Since 2026-Q2: 1 person joined, 0 have left."),
        (0, 0, "Since 2026-Q2 nobody joined and nobody left."),
        (None, None, "The previous quarter was 2026-Q2."),
    ],
)
def test_it_counts_who_joined_and_left(joined, left, sentence):
    made = document(cast.team(n_joined=joined, n_left=left))
    assert sentence in [block.text for block in blocks(made, Paragraph)]


def test_german_sentences_agree_in_number():
    made = document(cast.team(n_joined=1, n_left=2), GERMAN)
    assert "Seit 2026-Q2: 1 Person kam dazu, 2 gingen." in all_words(made)
    assert "12 von 14 Personen haben geantwortet." in all_words(made)


def test_it_names_one_strength_and_one_conversation():
    (boxes,) = [block for block in page(document(cast.atlas()), "told").blocks if isinstance(block, Callouts)]
    means = {key: figure.mean for key, figure in cast.atlas().aspects.items() if isinstance(figure, ReleasedAspect)}
    best, worst = max(means, key=means.__getitem__), min(means, key=means.__getitem__)
    assert [box.subject for box in boxes.boxes] == [cast.ASPECT_NAMES[best][0], cast.ASPECT_NAMES[worst][0]]


def test_where_views_split_it_names_no_strength_and_asks_for_talk():
    made = document(cast.split())
    (boxes,) = [block for block in page(made, "told").blocks if isinstance(block, Callouts)]
    assert [box.tone for box in boxes.boxes] == ["talk"]
    assert "Views split on every aspect" in all_words(page(made, "told"))
    assert "Talk first, change later." in all_words(page(made, "changes"))


def test_a_unanimous_team_is_not_told_a_weakest_aspect():
    made = document(cast.unanimous())
    assert "All 6 aspects lie at the same place: 7.0." in all_words(made)
    assert "What has become invisible" in all_words(made)
    assert "Weakest" not in all_words(made)
    assert "Keep doing" in all_words(page(made, "changes"))


def test_the_descriptions_are_the_instruments_own():
    found = blocks(document(cast.atlas()), Cultures)
    assert len(found) == 6
    choice = cast.QUESTIONNAIRE.aspects["cooperation"][1].choice
    assert [text for _, text in found[0].options] == [choice.option(value)["en"] for value in (1, 2, 3)]


def test_the_rungs_are_told_in_the_instruments_words():
    released = replace(cast.atlas(), ladders={"review": cast.ladder([2] * 10), "fairness": cast.ladder([4] * 10)})
    (table,) = [block for block in page(document(released), "ladders").blocks if isinstance(block, Table)]
    assert table.rows[0][1:] == (f"2 · {cast.LEVELS[2][0]}", f"3 · {cast.LEVELS[3][0]}")
    assert table.rows[1][2] == "The highest rung is reached."


def test_only_the_six_verdicts_are_said_about_a_change():
    since = page(document(cast.atlas()), "since")
    first, second = next(block for block in since.blocks if isinstance(block, Points)).items
    assert first.startswith("Cooperation changed: higher, from ")
    assert "the newer is higher in about 70, equal in 15 and lower in 15." in first
    assert second == "Messengers of bad news: not distinguishable from chance."
    assert "a change below 1.1 points could be chance; where answers lie closer together" in all_words(since)


def test_a_fall_is_told_as_a_fall_and_a_coarse_change_in_words_only():
    figure = cast.cygnus().aspects["cooperation"]
    assert isinstance(figure, ReleasedAspect)
    change = replace(figure.change, status=Status.CHANGED, before=6.7, before_open_end=OpenEnd.TOP, direction=-1)
    made = document(replace(cast.cygnus(), aspects={"cooperation": replace(figure, change=change)}))
    (points,) = [block for block in page(made, "since").blocks if isinstance(block, Points)]
    assert points.items == (f"Cooperation changed: lower, from 6.7 or above to {figure.mean}.",)


def test_a_mean_on_another_scale_says_which():
    figure = cast.atlas().aspects["cooperation"]
    assert isinstance(figure, ReleasedAspect)
    change = replace(figure.change, status=Status.NOT_COMPARABLE, before=3.9, before_scale=(1, 5), detectable=None)
    made = document(replace(cast.atlas(), aspects={"cooperation": replace(figure, change=change)}))
    assert "3.9 on a scale from 1 to 5" in all_words(page(made, "since"))
    assert "Cooperation: not comparable." in all_words(page(made, "since"))


def test_the_first_quarter_compares_nothing():
    since = page(document(cast.first_quarter()), "since")
    assert not [block for block in since.blocks if isinstance(block, Chart)]
    assert "This is the first quarter." in all_words(since)
    assert "The focus of this quarter: “Cooperation” and “Messengers of bad news”." in all_words(since)


def test_several_quarters_bring_a_trend():
    made = document(cast.atlas(), series=cast.series())
    assert "trend" in [block.name for block in page(made, "since").blocks if isinstance(block, Chart)]


def test_a_team_without_focus_is_told_that_nothing_was_tested():
    untested = {
        key: replace(figure, change=replace(figure.change, status=Status.NOT_TESTED))
        for key, figure in cast.atlas().aspects.items()
        if isinstance(figure, ReleasedAspect)
    }
    made = document(cast.team(focus=(), aspects=untested))
    assert "No focus aspect was chosen for this quarter, so no change was tested." in all_words(page(made, "since"))


def test_a_card_says_why_how_and_when_not():
    made = document(cast.atlas())
    card = blocks(made, Card)[0]
    assert card.why.startswith("Why you: the gap in “Cooperation”.")
    assert [term for term, _ in card.steps] == [
        "First step",
        "How you will know",
        "When to follow it up",
        "Who can start it",
        "When not to",
    ]


def test_a_team_without_a_gap_keeps_what_works():
    made = document(cast.team(suggestions=Suggestions(keep=("novelty",))))
    assert "No small change stands out." in all_words(page(made, "changes"))
    assert "“Room for novelty”. Name what works, so that it stays." in all_words(page(made, "changes"))


def test_a_withheld_team_gets_one_page_that_says_why():
    made = document(cast.borealis())
    assert [page.id for page in made.pages] == ["withheld"]
    assert "A result is shown from 5 answers on." in all_words(made)
    assert "counted upwards, or dropped" in all_words(made).lower()
    assert not blocks(made, Chart)


def test_a_withheld_team_that_would_give_others_away_reads_another_reason():
    made = document(cast.withheld(cast.atlas(), Reason.WOULD_REVEAL))
    assert "by subtraction" in all_words(made)


def test_an_open_link_says_on_the_first_page_that_people_may_have_answered_twice():
    made = document(cast.team(invited=None, answered=17, way="open_link", first=True))
    told = page(made, "told")
    assert "Several answers per person were possible" in [b.subject for b in told.blocks if isinstance(b, Callout)]
    assert "17 answers, group size unknown" in made.sure


def test_imported_answers_say_what_is_missing_without_the_teams_size():
    text = all_words(document(cast.team(invited=None, answered=11, way="imported")))
    assert "Without the size of the team there is no response rate" in text
    assert "Without the size" not in all_words(document(cast.team(way="imported")))


def test_a_coarse_report_tells_no_count_below_the_whole():
    text = all_words(document(cast.cygnus()))
    assert "There are fewer than 8 answers" in text
    assert "more for rung" not in text
    assert " pathological, " not in text.replace("Pathological, bureaucratic", "")


def test_partly_withheld_figures_stay_in_their_place():
    released = cast.withheld(cast.atlas())
    mixed = replace(
        cast.atlas(),
        aspects=dict(cast.atlas().aspects) | {"novelty": released.aspects["novelty"]},
        choices=dict(cast.atlas().choices) | {"novelty": released.choices["novelty"]},
        ladders=dict(cast.atlas().ladders) | {"fairness": released.ladders["fairness"]},
    )
    text = all_words(document(mixed))
    assert text.count("withheld: fewer than 5 answers") >= 3
    assert "withheld: fewer than 5 answers" in all_words(summary_document(mixed, ENGLISH, DAY))


def test_an_instrument_without_ladders_makes_no_page_of_them():
    released = replace(cast.atlas(), ladders={}, choices={})
    assert [page.id for page in document(released).pages] == ["told", "aspects", "since", "changes", "card"]


def test_the_summary_is_one_page_without_figures():
    made = summary_document(cast.atlas(), GERMAN, DAY)
    assert len(made.pages) == 1
    assert not blocks(made, Chart)
    assert len(blocks(made, Table)[0].rows) == len(ASPECTS)
    assert summary_document(cast.borealis(), GERMAN, DAY).pages[0].id == "withheld"
    workshop = cast.team(invited=None, answered=17, way="open_link", first=True)
    assert "Several answers per person" in all_words(summary_document(workshop, ENGLISH, DAY))


def test_an_organisation_lists_teams_alphabetically_and_ranks_nobody():
    made = organisation_document(cast.organisation(), ENGLISH, DAY)
    text = all_words(made)
    assert "Alphabetical, not ranked" in text
    assert "25 teams took part. 1 of them is too small to show" in text
    (chart,) = [block for block in page(made, "teams-1").blocks if isinstance(block, Chart)]
    names = [row[0] for row in chart.tables[0].rows]
    assert names == [team.name for team in cast.organisation().teams]
    assert "overall" not in text.lower()


def test_many_teams_continue_on_a_second_page():
    organisation = cast.organisation()
    made = organisation_document(replace(organisation, teams=organisation.teams * 2), ENGLISH, DAY)
    assert page(made, "teams-2").title == "Every team on one scale, continued"


def test_leadership_reads_how_many_teams_a_change_would_help():
    organisation = cast.organisation()
    waiting = Suggestions((Suggestion("C01", ("cooperation",), 7),))
    whole = replace(organisation.whole, suggestions=waiting)
    talking = replace(organisation.teams[0], suggestions=Suggestions(conversations=("novelty",)))
    made = organisation_document(
        replace(organisation, whole=whole, teams=(talking, *organisation.teams[1:])), ENGLISH, DAY
    )
    changes = page(made, "changes")
    (card,) = [block for block in changes.blocks if isinstance(block, Card)]
    assert "would help 7 teams" in card.tags
    assert "1 team talks first" in all_words(changes)
    (table,) = [block for block in changes.blocks if isinstance(block, Table)]
    assert [row[0] for row in table.rows] == ["C04", "C15"]


def test_a_withheld_organisation_says_why_and_still_shows_the_teams_that_have_figures():
    organisation = cast.organisation()
    whole = cast.withheld(organisation.whole, Reason.WOULD_REVEAL)
    made = organisation_document(replace(organisation, whole=whole), ENGLISH, DAY)
    assert made.pages[0].id == "withheld"
    assert "There are no figures for the whole organisation this quarter." in all_words(made)
    assert made.pages[1].id == "teams-1"
    none = replace(organisation, whole=whole, teams=tuple(cast.withheld(team) for team in organisation.teams))
    assert [page.id for page in organisation_document(none, ENGLISH, DAY).pages] == ["withheld"]


def test_an_organisation_makes_no_page_of_what_was_not_asked():
    organisation = cast.organisation()
    bare = replace(organisation, whole=replace(organisation.whole, ladders={}, choices={}))
    ids = [page.id for page in organisation_document(bare, ENGLISH, DAY).pages]
    assert "rungs" not in ids
    assert "choices" not in ids


def test_a_report_does_not_change_when_later_quarters_close():
    series = cast.series()
    earlier = replace(cast.atlas(), quarter="2026-Q1")
    assert document(earlier, series=series) == document(earlier, series=series.until("2026-Q1"))
