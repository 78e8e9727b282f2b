"""How far somebody has come among the small changes, and how it is drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from questionnaires.changes import catalogue
from reports import figures, svg
from reports.accumulation import (
    Standing,
    Step,
    TeamCounts,
    counted,
    depths,
    in_words,
    names,
    order,
    organisation_steps,
    team_steps,
    trunks,
)
from reports.blocks import Chart
from reports.follow_up import Agreed, AgreedState, FollowUp, OrganisationFollowUp
from reports.html import embed
from reports.languages import language

SHELF, ENGLISH = catalogue(), language("en")
TODAY = date(2026, 10, 2)


def agreed(change: str, state: AgreedState = AgreedState.AGREED, **values: object) -> Agreed:
    ended = None if state is AgreedState.AGREED else date(2026, 9, 1)
    made = Agreed(change, "2026-Q2", state, "product owner", date(2026, 12, 1), "sign", "", date(2026, 7, 1), ended)
    return replace(made, **values)  # type: ignore[arg-type]


def by_id(steps: tuple[Step, ...]) -> dict[str, Step]:
    return {step.change.id: step for step in steps}


def test_every_change_stands_below_everything_it_builds_on():
    place = {name: number for number, name in enumerate(order(SHELF))}
    assert sorted(place) == sorted(SHELF.by_id)
    for change in SHELF.changes:
        assert all(place[other] < place[change.id] for other in change.after)
        assert all(depths(SHELF)[other] < depths(SHELF)[change.id] for other in change.after)
    assert trunks(SHELF)["C24"] == "C08"
    assert trunks(SHELF)["C01"] is None
    assert depths(SHELF)["C27"] == 6


def test_a_team_has_changes_in_every_state():
    found = FollowUp(TODAY, (agreed("C04", AgreedState.DONE), agreed("C15")), in_place=("C04", "C11"), implied=("C01",))
    steps = by_id(team_steps(found, ["C10"], SHELF))
    standings = {name: steps[name].standing for name in ("C04", "C11", "C01", "C15", "C10", "C05")}
    assert standings == {
        "C04": Standing.DONE,
        "C11": Standing.DONE,
        "C01": Standing.IMPLIED,
        "C15": Standing.IN_FLIGHT,
        "C10": Standing.SUGGESTED,
        "C05": Standing.LATER,
    }
    words = {name: in_words(step, ENGLISH) for name, step in steps.items()}
    assert words["C04"] == "done on 1 September 2026"
    assert words["C11"] == "in place already"
    assert words["C01"] == "counts as in place"
    assert words["C15"] == "under way until 1 December 2026"
    assert words["C10"] == "suggested now"
    assert words["C05"] == "can start"
    assert words["C03"] == "for the organisation to start"
    assert words["C21"] == "later, after C16 and C03"


def test_what_was_done_and_is_agreed_once_more_is_under_way():
    found = FollowUp(TODAY, (agreed("C04"), agreed("C04", AgreedState.DROPPED)))
    step = by_id(team_steps(found, [], SHELF))["C04"]
    assert (step.standing, step.agreed and step.agreed.state) == (Standing.IN_FLIGHT, AgreedState.AGREED)


def test_the_organisation_counts_its_teams_and_has_its_own_changes():
    own = FollowUp(TODAY, (agreed("C02"),), in_place=("C01",))
    teams = OrganisationFollowUp(
        own, 25, {"C04": {AgreedState.AGREED: 2, AgreedState.DROPPED: 1}}, {"C04": 7, "C15": 1}
    )
    steps = by_id(organisation_steps(teams, ["C03"], SHELF))
    assert [steps[name].standing for name in ("C01", "C02", "C03", "C27")] == [
        Standing.DONE,
        Standing.IN_FLIGHT,
        Standing.SUGGESTED,
        Standing.LATER,
    ]
    assert steps["C04"].standing is None
    assert in_words(steps["C04"], ENGLISH) == "7 of 25 have it, 2 under way, 1 dropped it"
    assert in_words(steps["C15"], ENGLISH) == "1 of 25 has it"
    assert in_words(steps["C10"], ENGLISH) == "no team yet"
    assert counted(TeamCounts(3, n_in_flight=1), ENGLISH) == "1 under way"


@pytest.mark.parametrize("narrow", [False, True])
def test_the_figure_says_in_words_what_it_draws_and_every_mark_has_its_own_shape(narrow: bool):
    found = FollowUp(TODAY, (agreed("C15"),), in_place=("C04",), implied=("C01",))
    drawn = figures.accumulation(team_steps(found, ["C05"], SHELF), SHELF, ENGLISH, narrow=narrow)
    assert "In place: C04 “Look at production together for 30 minutes a week”." in drawn.alt
    assert "Under way: C15 “Hold a short review after each serious incident”." in drawn.alt
    assert "Suggested now: C05 “Invite the product owner to the weekly look”." in drawn.alt
    assert "23 come later." in drawn.alt
    marks = [trace for trace in drawn.figure.data if trace.name == "key"]
    looks = {(trace.marker.symbol, trace.marker.size) for trace in marks}
    assert len(looks) == len(marks) == 5
    picture = svg.draw(drawn.figure, title="t", description=drawn.alt)
    assert all(change.id in picture for change in SHELF.changes)
    assert picture == svg.draw(drawn.figure, title="t", description=drawn.alt)


def test_a_further_prerequisite_is_dotted():
    drawn = figures.accumulation(team_steps(FollowUp(TODAY), [], SHELF), SHELF, ENGLISH)
    lines = [trace for trace in drawn.figure.data if trace.mode == "lines"]
    n_prerequisites = sum(len(change.after) for change in SHELF.changes)
    n_further = sum(max(len(change.after) - 1, 0) for change in SHELF.changes)
    assert len(lines) == n_prerequisites
    assert sum(trace.line.dash == "dot" for trace in lines) == n_further == 3


def test_a_page_embeds_it_still_or_with_a_script():
    wide, narrow = (
        figures.accumulation(team_steps(FollowUp(TODAY), [], SHELF), SHELF, ENGLISH, narrow=one)
        for one in (False, True)
    )
    chart = Chart("accumulation", "What stands on what", wide, narrow)
    still, live = embed(chart, "en"), embed(chart, "en", script="/plotly.js")
    assert "<script" not in still
    assert still.count("<svg") == 2
    assert '<script src="/plotly.js">' in live
    assert 'data-figure="accumulation-narrow-data"' in live


def test_names_leave_out_what_the_catalogue_has_lost():
    assert names(["C99"], SHELF, ENGLISH) == ""
