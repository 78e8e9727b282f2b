"""An organisation's change within teams: which teams it rests on, what it says, and that it adds nothing."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

from reports.blocks import Lead, Points, Table
from reports.carry_up import keep
from reports.disclosure import release_organisation
from reports.document import organisation_document
from reports.histograms import Histogram
from reports.kept import Kept
from reports.languages import language
from reports.released import OrganisationChange, ReleasedAspect, ReleasedOrganisation, Status
from reports.stratified import FALSE_SHARE, adjusted, van_elteren
from tests.reports import document_fixtures as cast
from tests.reports.builders import organisation_of, questionnaire, team

ENGLISH = language("en")
ASKED = questionnaire(areas=(), with_choices=False, n_items=1)
ASPECTS = list(ASKED.aspects)


def quarter(sizes: dict[int, int], level: float, *, seed: int, when: str = "2026-Q3", asked=ASKED, **levels) -> Kept:
    """Teams by number and size whose answers lie around a level; single aspects around their own."""
    dice = random.Random(seed)
    teams = [team(node, n_invited=n + 1, n_answered=n) for node, n in sizes.items()]
    counted = {
        node: {
            f"aspect:{aspect}": Histogram.count(
                6 * min(7, max(1, round(dice.gauss(levels.get(aspect, level), 1.2)))) for _ in range(n)
            )
            for aspect in asked.aspects
        }
        for node, n in sizes.items()
    }
    nodes = organisation_of(teams[::2], teams[1::2])
    return keep(nodes, counted, reporting_size=5, questionnaire=asked, quarter=when)


def released(now: Kept, before: Kept | None) -> ReleasedOrganisation:
    return release_organisation(now, previous=before)


TWELVE = {node: 9 + node % 4 for node in range(10, 22)}


def rise() -> ReleasedOrganisation:
    before = quarter(TWELVE, 4, seed=1, when="2026-Q2")
    return released(quarter(TWELVE, 4, seed=2, cooperation=5.2), before)


def test_a_change_of_all_teams_is_found_and_the_others_are_not():
    changes = rise().changes
    assert changes["cooperation"].status is Status.CHANGED
    assert changes["cooperation"].direction == 1
    assert changes["cooperation"].n_teams == 12
    assert {changes[a].status for a in ASPECTS[1:]} == {Status.NOT_DISTINGUISHABLE}
    assert all(changes[a].direction == 0 for a in ASPECTS[1:])


def test_everything_follows_from_the_teams_shown_exactly_in_both_quarters():
    """The attacker's computation, from nothing but two released reports, gives every number."""
    sizes = {10: 9, 11: 9, 12: 12, 13: 6, 14: 8, 15: 5, 16: 10}
    earlier = sizes | {11: 7, 17: 9}
    one, two = quarter(earlier, 4, seed=3, when="2026-Q2"), quarter(sizes, 4.6, seed=4)
    first, second = release_organisation(one), released(two, one)
    tests = {}
    for aspect in ASPECTS:
        sides = []
        for report in (first, second):
            figures = {part.node: part.aspects[aspect] for part in report.teams}
            sides.append({n: f.histogram for n, f in figures.items() if isinstance(f, ReleasedAspect) and f.histogram})
        both = sorted(set(sides[0]) & set(sides[1]))
        assert both == [10, 12, 14, 16]
        tests[aspect] = van_elteren([(sides[0][node], sides[1][node]) for node in both])
    corrected = adjusted([found.p for found in tests.values()])
    for (aspect, found), p in zip(tests.items(), corrected, strict=True):
        change = second.changes[aspect]
        assert (change.p, change.adjusted_p, change.delta) == (found.p, p, float(found.delta))
        assert (change.status is Status.CHANGED) is (p <= FALSE_SHARE)
        assert (change.n_teams, change.n_before, change.n_after) == (4, 39, 39)


def test_a_small_team_s_answers_change_nothing():
    before = quarter({10: 9, 11: 9, 12: 12, 13: 6}, 4, seed=5, when="2026-Q2")
    high, low = (quarter({10: 9, 11: 9, 12: 12}, 4, seed=6), quarter({10: 9, 11: 9, 12: 12, 13: 6}, 4, seed=6))
    assert released(high, before).changes == released(low, before).changes


@pytest.mark.parametrize(
    ("sizes", "status", "n_teams"),
    [
        ({10: 6, 11: 7, 12: 5}, Status.TOO_FEW, 0),
        ({10: 9, 11: 6, 12: 5}, Status.NOT_TESTED, 1),
        ({10: 9, 11: 9, 12: 5}, Status.NOT_TESTED, 2),
        ({30: 9, 31: 9, 32: 9}, Status.TOO_FEW, 0),
    ],
)
def test_few_teams_are_not_an_organisation(sizes, status, n_teams):
    before = quarter({10: 9, 11: 9, 12: 9}, 4, seed=7, when="2026-Q2")
    changes = released(quarter(sizes, 6, seed=8), before).changes
    assert {(change.status, change.n_teams) for change in changes.values()} == {(status, n_teams)}
    assert all(change.p is change.adjusted_p is change.delta is None for change in changes.values())


def test_the_first_quarter_and_another_meaning_are_not_compared():
    now = quarter(TWELVE, 4, seed=9)
    assert {change.status for change in released(now, None).changes.values()} == {Status.FIRST_QUARTER}
    other = questionnaire(areas=(), with_choices=False, n_items=1, meanings="_new")
    shorter = questionnaire(aspects=("cooperation",), areas=(), with_choices=False, n_items=1)
    for asked, status in ((other, Status.NOT_COMPARABLE), (shorter, Status.NOT_COMPARABLE)):
        before = quarter(TWELVE, 4, seed=10, when="2026-Q2", asked=asked)
        assert released(now, before).changes["messengers"].status is status
    wider = questionnaire(areas=(), with_choices=False, n_items=1, scale=(1, 5))
    before = quarter(TWELVE, 3, seed=11, when="2026-Q2", asked=wider)
    assert {change.status for change in released(now, before).changes.values()} == {Status.NOT_COMPARABLE}


def test_nothing_changed_is_rarely_called_changed():
    found = []
    for seed in range(10):
        before = quarter(TWELVE, 4, seed=100 + seed, when="2026-Q2")
        changes = released(quarter(TWELVE, 4, seed=200 + seed), before).changes
        found.append(any(change.status is Status.CHANGED for change in changes.values()))
    assert sum(found) <= 3


# --- on the pages -----------------------------------------------------------------------------------------------------


def page(organisation: ReleasedOrganisation, name: str):
    made = organisation_document(organisation, ENGLISH, date(2026, 11, 21))
    return next(page for page in made.pages if page.id == name)


def test_the_page_says_what_changed_and_on_how_many_teams_it_rests():
    blocks = page(cast.organisation(), "within").blocks
    (points,) = [block for block in blocks if isinstance(block, Points)]
    assert points.items == (
        "Cooperation changed: higher within the 18 teams compared, taken together. Of 100 pairs of one answer from "
        "each quarter, the newer is higher in about 50, equal in 16 and lower in 34.",
    )
    (table,) = [block for block in blocks if isinstance(block, Table)]
    assert table.rows[0][1:] == ("changed: higher", "0.018", "18", "170", "176")
    assert table.rows[1][1] == "not distinguishable from chance"


@pytest.mark.parametrize(
    ("status", "lead", "cell"),
    [
        (Status.NOT_DISTINGUISHABLE, "On no aspect can the change within teams be told from chance.", "not disting"),
        (Status.NOT_TESTED, "No change within teams was tested this quarter.", "not tested: fewer than three teams"),
        (Status.TOO_FEW, "No change within teams was tested this quarter.", "too few: no team is shown exactly"),
        (Status.NOT_COMPARABLE, "No change within teams was tested this quarter.", "not comparable"),
    ],
)
def test_the_page_says_why_nothing_was_found(status, lead, cell):
    change = OrganisationChange(status, 2, 18, 18, 0, None, None, None)
    organisation = replace(cast.organisation(), changes=dict.fromkeys(cast.changes_within(), change))
    blocks = page(organisation, "within").blocks
    assert [block.text for block in blocks if isinstance(block, Lead)] == [lead]
    tables = [block for block in blocks if isinstance(block, Table)]
    assert tables
    assert all(row[1].startswith(cell) for table in tables for row in table.rows)


def test_a_first_quarter_has_one_page_that_says_so():
    change = OrganisationChange(Status.FIRST_QUARTER, 0, 0, 0, 0, None, None, None)
    found = cast.organisation()
    whole = replace(found.whole, aspects=cast.first_quarter().aspects, previous_quarter=None)
    found = replace(found, whole=whole, changes=dict.fromkeys(cast.changes_within(), change))
    pages = organisation_document(found, ENGLISH, date(2026, 11, 21)).pages
    assert "within" not in [one.id for one in pages]
    texts = [getattr(block, "text", "") for block in page(found, "since").blocks]
    assert texts[0] == "This is the first quarter."
    assert "each team is also compared with itself" in texts[-1]


def test_a_fall_is_told_as_a_fall():
    change = OrganisationChange(Status.CHANGED, 9, 90, 90, -1, 0.0004, 0.0006, -0.3, (0.2, 0.3, 0.5))
    organisation = replace(cast.organisation(), changes={"novelty": change})
    blocks = page(organisation, "within").blocks
    (points,) = [block for block in blocks if isinstance(block, Points)]
    assert points.items[0].startswith("Room for novelty changed: lower within the 9 teams compared")
    assert "higher in about 20, equal in 30 and lower in 50." in points.items[0]
    assert next(block for block in blocks if isinstance(block, Table)).rows[0][2] == "< 0.001"


@pytest.mark.parametrize(("adjusted", "text"), [(0.1004, "0.1004"), (0.0996, "0.0996"), (0.1, "0.100"), (0.3, "0.300")])
def test_an_adjusted_p_can_be_told_from_the_limit_it_is_judged_by(adjusted, text):
    change = OrganisationChange(Status.NOT_DISTINGUISHABLE, 9, 90, 90, 0, 0.05, adjusted, -0.1, (0.3, 0.3, 0.4))
    organisation = replace(cast.organisation(), changes={"novelty": change})
    table = next(block for block in page(organisation, "within").blocks if isinstance(block, Table))
    assert table.rows[0][2] == text


@pytest.mark.parametrize("pairs", [(0.3, 0.3, 0.4), (0.3, 0.4, 0.3)])
def test_pairs_are_not_told_where_they_would_contradict_the_verdict(pairs):
    change = OrganisationChange(Status.CHANGED, 9, 90, 90, 1, 0.01, 0.03, pairs[0] - pairs[2], pairs)
    organisation = replace(cast.organisation(), changes={"novelty": change})
    (points,) = [block for block in page(organisation, "within").blocks if isinstance(block, Points)]
    assert points.items[0].endswith("compared, taken together.")


def test_the_methods_page_has_alpha_with_its_interval_or_says_why_not():
    blocks = page(cast.organisation(), "methods").blocks
    (table,) = [block for block in blocks if isinstance(block, Table)]
    assert table.rows[0][1:4] == ("0.78", "0.72 to 0.83", "181")
    assert table.rows[5][1:4] == ("–", "–", "–")
    assert any("fewer than 60 answers to all of its statements" in getattr(block, "text", "") for block in blocks)
    assert any("docs/methods.md" in getattr(block, "text", "") for block in blocks)
    few = replace(cast.organisation(), teams=cast.organisation().teams[:2])
    assert any("have fewer than 60 answers together" in getattr(b, "text", "") for b in page(few, "methods").blocks)
