"""What was agreed and what came of it, in the documents: beside the measured part, which stays the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from questionnaires.changes import catalogue
from reports import canonical, schema
from reports.blocks import Callouts, Card, Chart, Document, Glossary, Heading, Page, Paragraph
from reports.document import organisation_document, team_document
from reports.follow_up import AgreedState, FollowUp, Health, OrganisationFollowUp
from reports.health import MEASURES
from reports.html import render
from reports.released import Suggestion, Suggestions
from tests.reports import document_fixtures as cast
from tests.reports import document_matrix as matrix
from tests.reports import follow_up_fixtures as following
from tests.reports.numbers import all_forms, document_of, on_screen, tables_of, written
from tests.reports.report_samples import ENGLISH
from tests.reports.schema_checking import problems

DAY = date(2026, 11, 21)
SHELF = catalogue()
SHIPPED = json.loads(schema.FILE.read_text(encoding="utf-8"))
# Of fixed sentences: the limits of targets, half an hour, and the rule of 20/80.
TARGETS = {"2", "1", "30", "50", "70", "60", "20", "80"}


def team(found: FollowUp | None = None, **options: Any) -> Document:
    return team_document(matrix.team(invited=14, answered=14, seed=2, **options), ENGLISH, DAY, follow_up=found)


def page(document: Document, name: str) -> Page:
    return next(one for one in document.pages if one.id == name)


def titles(one: Page) -> list[str]:
    return [block.title for block in one.blocks if isinstance(block, Card)]


def name(change: str) -> str:
    return ENGLISH.text(SHELF.get(change).title)


def suggesting(*changes: str) -> Suggestions:
    return Suggestions(tuple(Suggestion(change, ("inquiry",)) for change in changes), (), ())


def test_without_follow_up_a_report_is_as_before():
    released = matrix.team(invited=14, answered=14, seed=2)
    assert team_document(released, ENGLISH, DAY) == team_document(released, ENGLISH, DAY, follow_up=None)
    nothing = FollowUp(following.AS_OF, implied=("C01",))
    assert team_document(released, ENGLISH, DAY, follow_up=nothing) == team_document(released, ENGLISH, DAY)
    assert organisation(OrganisationFollowUp(nothing, 25)) == organisation(None)
    assert "as_of" not in canonical.to_json(released)["roadmap"]


def test_the_measured_part_is_the_same_with_follow_up():
    released = matrix.team(invited=14, answered=14, seed=2)
    plain, told = canonical.to_json(released), canonical.to_json(released, follow_up=following.at_length())
    assert team(following.at_length()).hash == team().hash == plain["measured_hash"]
    assert {key: part for key, part in told.items() if key != "roadmap"} == {
        key: part for key, part in plain.items() if key != "roadmap"
    }
    whole = matrix.organisation()
    with_counts = canonical.to_json(whole, follow_up=following.of_the_organisation())
    assert with_counts["measured_hash"] == canonical.measured_hash(whole)


def test_a_report_opens_with_what_came_of_what_was_agreed():
    first = page(team(following.followed_up()), "told").blocks[0]
    assert isinstance(first, Glossary)
    assert "2026-Q2" in first.label
    assert "as of 19 November 2026" in first.label
    told = dict(first.entries)
    assert told[name("C04")] == "done on 14 September 2026"
    assert told[name("C05")].startswith("dropped on 14 September 2026")
    assert told["Cooperation"].startswith("moved up, from ")
    assert [*told.values()][-1].startswith("cannot be told, from ")
    # What has no room is counted.
    assert told[name("C05")].endswith("and 1 more")


def test_what_is_still_open_stays_in_the_opening_whenever_it_was_agreed():
    old = following.agreed("C11", "2025-Q4", AgreedState.AGREED)
    finished = following.agreed("C10", "2025-Q4")
    found = FollowUp(following.AS_OF, (old, finished, following.agreed("C04")))
    (opening,) = (block for block in page(team(found), "told").blocks if isinstance(block, Glossary))
    told = dict(opening.entries)
    assert told[name("C11")] == "still open, to be looked at on 18 December 2026"
    assert name("C10") not in told


def test_a_first_report_opens_with_no_agreement():
    found = FollowUp(following.AS_OF, (following.agreed("C04", following.NOW, AgreedState.AGREED),))
    assert page(team(found), "told") == page(team(), "told")


def test_what_is_under_way_is_shown_as_agreed_and_not_suggested_again():
    found = FollowUp(following.AS_OF, (following.agreed("C15", following.NOW, AgreedState.AGREED),))
    made = page(team(found, suggestions=suggesting("C15", "C04")), "changes")
    assert titles(made) == [name("C15"), name("C04")]
    steps = dict(next(block for block in made.blocks if isinstance(block, Card)).steps)
    assert steps == {
        "Owning role": following.ROLE,
        "Look again on": "18 December 2026",
        "How you will know": following.SIGN,
    }


def test_where_there_is_no_room_a_suggestion_waits():
    under_way = [following.agreed(one, following.NOW, AgreedState.AGREED) for one in ("C10", "C16")]
    made = page(team(FollowUp(following.AS_OF, tuple(under_way)), suggestions=suggesting("C15", "C04")), "changes")
    taken = sum({"S": 1}.get(SHELF.get(one).effort, 2) for one in ("C10", "C16"))
    assert taken >= 2
    assert titles(made) == [name("C10"), name("C16")]
    texts = [block.text for block in made.blocks if isinstance(block, Paragraph)]
    assert any(name("C15") in text and text.startswith("Could come next") for text in texts)


def test_what_is_in_place_is_not_suggested():
    made = page(team(FollowUp(following.AS_OF, in_place=("C15",)), suggestions=suggesting("C15", "C04")), "changes")
    assert titles(made) == [name("C04")]
    made = page(team(FollowUp(following.AS_OF, implied=("C15",)), suggestions=suggesting("C15")), "changes")
    assert titles(made) == []


def test_few_health_facts_stand_below_the_change_since_last_time():
    made = team(replace(following.followed_up(), health=following.few_facts()))
    assert "health" not in [one.id for one in made.pages]
    blocks = page(made, "since").blocks
    at = next(i for i, block in enumerate(blocks) if isinstance(block, Heading) and block.text == "Health facts")
    assert isinstance(blocks[at + 1], Chart)


def test_many_health_facts_have_a_page_of_their_own_behind_it():
    ids = [one.id for one in team(FollowUp(following.AS_OF, health=following.all_facts())).pages]
    assert ids[ids.index("since") + 1] == "health"


def test_health_facts_stand_beside_their_targets_in_words():
    made = page(team(FollowUp(following.AS_OF, health=following.all_facts())), "health")
    (chart,) = (block for block in made.blocks if isinstance(block, Chart))
    assert "Pages per engineer on call and week: 1.4 · within target: under 2." in chart.wide.alt
    assert "Reviews written: 75 % · not within target: all of them." in chart.wide.alt
    assert "35 % · no target, shown only" in chart.wide.alt
    assert len([trace for trace in chart.wide.traces if trace["name"] == "target"]) == len(MEASURES) - 1
    (table,) = chart.tables
    assert len(table.rows) == len(MEASURES)


@pytest.mark.parametrize(
    ("pages", "is_warned"), [((31, 19, 6, 3, 2, 1, 1, 0), True), ((9, 9, 8, 8, 7, 7, 7, 7), False)]
)
def test_a_lopsided_rotation_is_warned_of(pages: tuple[int, ...], is_warned: bool):
    found = FollowUp(following.AS_OF, health=(Health(following.NOW, {}, pages),))
    blocks = [block for one in team(found).pages for block in one.blocks if isinstance(block, Callouts)]
    assert any("20/80" in box.text for block in blocks for box in block.boxes) is is_warned


def test_a_withheld_team_keeps_what_it_agreed():
    released = matrix.shipped(cast.borealis())
    made = team_document(released, ENGLISH, DAY, follow_up=following.at_length())
    assert [one.id for one in made.pages] == ["withheld", "health", "changes", "roadmap"]
    assert isinstance(made.pages[0].blocks[0], Glossary)


def test_what_stands_on_what_has_a_page_once_something_was_agreed():
    begun = team(following.followed_up())
    assert [one.id for one in begun.pages[-3:]] == ["changes", "roadmap", "card"]
    made = page(begun, "roadmap")
    assert str(getattr(made.blocks[0], "text", "")).startswith("2 in place, 1 under way.")
    (chart,) = (block for block in made.blocks if isinstance(block, Chart))
    assert "dotted line" in chart.caption
    assert f"Under way: C10 “{name('C10')}”." in chart.wide.alt
    assert "C23 on C08; C24 on C08 and C05" in chart.wide.alt
    (table,) = chart.tables
    rows = {row[0]: row[2:] for row in table.rows}
    assert len(rows) == len(SHELF.changes)
    assert rows["C10"] == ("C04", "under way until 18 December 2026")
    assert rows["C24"] == ("C08 and C05", "later, after C08 and C05")
    for nothing in (None, FollowUp(following.AS_OF, health=following.few_facts())):
        assert "roadmap" not in [one.id for one in team(nothing).pages]


def organisation(found: OrganisationFollowUp | None) -> Document:
    return organisation_document(matrix.organisation(), ENGLISH, DAY, follow_up=found)


def test_the_organisation_counts_teams_and_names_none():
    made, plain = organisation(following.of_the_organisation()), organisation(None)
    added = [one for one in made.pages if one.id in ("agreed", "roadmap", "health")]
    assert [one.id for one in made.pages if one not in added] == [one.id for one in plain.pages]
    text = render(replace(made, pages=tuple(added)))
    assert not [team for team in matrix.TEAM_NAMES if team in text]
    rows = {row[0]: row for table in tables_of(replace(made, pages=tuple(added))) for row in table.rows}
    assert rows["C15"][2:] == ("2", "12", "3", "12")
    assert rows["Toil"][2:] == ("25", "12\u00a0of\u00a025", "8", "0", "1")
    assert rows["Pages that took longer than 30 minutes"][3] == "–"


def test_more_than_a_page_holds_is_named():
    under_way = tuple(following.agreed(f"C{n}", following.NOW, AgreedState.AGREED) for n in range(10, 15))
    made = page(organisation(OrganisationFollowUp(FollowUp(following.AS_OF, under_way), 25)), "agreed")
    assert len(titles(made)) == 3
    (named,) = (block.text for block in made.blocks if isinstance(block, Paragraph) and name("C13") in block.text)
    assert name("C14") in named


def test_what_the_organisation_began_waits_for_leadership_no_more():
    assert name("C27") in titles(page(organisation(None), "changes"))
    made = organisation(following.of_the_organisation())
    assert titles(page(made, "changes")) == []
    assert name("C27") in titles(page(made, "agreed"))


def dates(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for part in value.values():
            yield from dates(part)
    elif isinstance(value, list):
        for part in value:
            yield from dates(part)
    elif isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        yield ENGLISH.date(date.fromisoformat(value))


@pytest.mark.parametrize("make", [following.at_length, following.followed_up, following.of_the_organisation])
def test_every_number_of_the_follow_up_is_in_the_json(make: Any):
    found = make()
    is_own = isinstance(found, FollowUp)
    released = matrix.team(invited=14, answered=14, seed=2) if is_own else matrix.organisation()
    report = json.loads(json.dumps(canonical.to_json(released, None, None, found)))
    assert problems(report, SHIPPED) == []
    schema.Report.validate_json(json.dumps(report))
    made = (
        team_document(released, ENGLISH, DAY, follow_up=found)
        if is_own
        else organisation_document(released, ENGLISH, DAY, follow_up=found)
    )
    plain = document_of(released)
    only = tuple(one for one in made.pages if one not in plain.pages)
    asked = (released if is_own else released.whole).questionnaire
    numbers = on_screen(replace(made, pages=only), asked) - on_screen(plain, asked)
    shown = {number for day in dates(report) for number in re.findall(r"\d+", day)}
    health = [one["measures"] for one in report["roadmap"].get("health", [])]
    shares = {
        written(round(100 * one["value"])) for measures in health for one in measures.values() if one["value"] <= 1
    }
    rotations = {str(len(one["page_shares"])) for one in report["roadmap"].get("health", [])}
    assert numbers - all_forms(report["roadmap"]) - shown - shares - TARGETS - rotations == set()
