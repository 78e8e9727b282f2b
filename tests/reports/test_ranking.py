from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.changes import Catalogue, SmallChange, catalogue
from questionnaires.instrument import AREAS, ASPECTS
from reports.disclosure import release, release_organisation
from reports.gaps import gaps
from reports.histograms import Histogram
from reports.ranking import RUNGS, SAFETY_FIRST, in_place, rank
from reports.released import Status
from tests.reports.builders import answers_of, questionnaire, scores, team_campaign


def small(change_id, moves, after=(), effort="S", organisation=False):
    text = {"en": change_id}
    return SmallChange(
        id=change_id,
        title=text,
        why=text,
        first_step=text,
        sign=text,
        when_not=text,
        ritual="weekly_sync",
        who=text,
        effort=effort,
        organisation=organisation,
        after=after,
        moves=moves,
    )


def shelf(*changes):
    return Catalogue.model_construct(changes=changes)


def team_of(aspects=None, ladders=None, n_invited=10):
    """A team's released aspects and ladders: mean by aspect (eight people), rungs by area."""
    figures = {f"aspect:{key}": scores(*[mean] * 8) for key, mean in (aspects or {}).items()}
    figures |= {f"ladder:{key}": Histogram.count(rungs) for key, rungs in (ladders or {}).items()}
    released = release(team_campaign(figures, n_invited=n_invited), 10, changes=shelf())
    return released.aspects, released.ladders


def first(catalogue, aspects=None, ladders=None, done=()):
    return [ranked.change.id for ranked in rank(*team_of(aspects, ladders), done, catalogue).first]


@pytest.mark.parametrize(
    ("mean", "expected"), [(2.0, 1.0), (2.5, 1.0), (4.0, 0.5), (5 + 1 / 3, 1 / 36), (5.5, 0.0), (7.0, 0.0)]
)
def test_the_gap_of_an_aspect(mean, expected):
    # Near the target the interval straddles the target, so that half of the gap counts.
    assert gaps(*team_of({"inquiry": mean}))["inquiry"] == pytest.approx(expected, abs=1e-9)


def test_the_gap_of_an_aspect_that_everyone_answered():
    assert gaps(*team_of({"inquiry": 5.4 - 0.4 / 6}, n_invited=8))["inquiry"] > 0
    assert gaps(*team_of({"inquiry": 6}, n_invited=8))["inquiry"] == 0


@pytest.mark.parametrize(
    ("rungs", "expected"),
    [
        ([1, 1, 1, 2, 2, 2, 2, 2], 3 / 8),
        ([4] * 8, 0.0),
        ([0] * 8, 1.0),
        ([1, 1, 2, 2, 2], 0.75),
        ([1, 1, 1, 1, 2], 0.75),
        ([4] * 5, 0.0),
    ],
)
def test_the_gap_of_an_area(rungs, expected):
    assert gaps(*team_of(ladders={"review": rungs}))["review"] == expected


def test_withheld_figures_have_no_gap():
    assert gaps(*team_of({}, {"review": [1, 1]})) == {}


def test_the_larger_gap_comes_first():
    cards = shelf(small("C01", ("inquiry",)), small("C02", ("novelty",)))
    assert first(cards, {"inquiry": 4.5, "novelty": 3}) == ["C02", "C01"]
    assert first(cards, {"inquiry": 3, "novelty": 4.5}) == ["C01", "C02"]


def test_main_moves_count_in_full_and_others_by_half():
    cards = shelf(small("C01", ("novelty", "inquiry")), small("C02", ("inquiry", "novelty")))
    ranking = rank(*team_of({"inquiry": 2}), (), cards)
    assert [(found.change.id, found.score) for found in ranking.first] == [("C02", 1.0), ("C01", 0.5)]
    assert ranking.first[0].because == ("inquiry",)


def test_equal_gaps_are_equal_whatever_their_floating_point():
    third = 1 / 3
    aspects, _ = team_of({"inquiry": 3 + third, "novelty": 3 + third, "bridging": 3})
    sums = [1 + third, 2 + 2 * third, 3 + third, 4 + 2 * third, 1 + 2 * third, 5, 4 + third, 4 + third]
    other = release(team_campaign({"aspect:novelty": scores(*sums)}, n_invited=10), 10, changes=shelf()).aspects
    assert {type(gap) for gap in gaps(aspects, {}).values()} == {Fraction}
    assert gaps(aspects, {})["inquiry"] == (Fraction(11, 2) - Fraction(10, 3)) / 3
    assert gaps(other, {})["novelty"] == (Fraction(11, 2) - Fraction(sum(round(3 * s) for s in sums), 24)) / 3
    # The mean of 3.1 as it is shown of five people, and what is nearly it.
    coarse = release(team_campaign({"aspect:novelty": scores(3, 3, 3, 3, 3.5)}, n_invited=10), 10).aspects["novelty"]
    assert gaps({"novelty": coarse}, {})["novelty"] == (Fraction(11, 2) - Fraction(31, 10)) / 3


def test_what_unlocks_more_comes_first():
    cards = shelf(small("C01", ("inquiry",)), small("C02", ("inquiry",)), small("C03", ("novelty",), after=("C02",)))
    assert first(cards, {"inquiry": 3}) == ["C02", "C01"]


def test_ties_go_to_less_effort_then_to_the_lower_id():
    cards = shelf(small("C03", ("inquiry",)), small("C02", ("inquiry",)), small("C01", ("inquiry",), effort="M"))
    assert first(cards, {"inquiry": 3}) == ["C02", "C03"]


def test_at_most_two_small_changes_or_one_medium():
    cards = shelf(*(small(f"C0{i}", ("inquiry",)) for i in range(1, 5)))
    assert len(first(cards, {"inquiry": 3})) == 2
    medium = shelf(small("C01", ("inquiry",), effort="M"), small("C02", ("novelty",)))
    assert first(medium, {"inquiry": 2, "novelty": 5}) == ["C01"]
    assert first(medium, {"inquiry": 4.5, "novelty": 3}) == ["C02"]
    assert first(shelf(small("C01", ("inquiry",), effort="L")), {"inquiry": 3}) == []


def test_a_missing_small_prerequisite_is_suggested_in_its_stead():
    cards = shelf(small("C01", ("novelty",)), small("C02", ("inquiry",), after=("C01",)))
    ranking = rank(*team_of({"inquiry": 2}), (), cards)
    assert [(found.change.id, found.because) for found in ranking.first] == [("C01", ("inquiry",))]
    assert ranking.first[0].score == pytest.approx(0.3)
    assert first(cards, {"inquiry": 2}, done=["C01"]) == ["C02"]


@pytest.mark.parametrize(
    "before",
    [
        (small("C01", ("novelty",), effort="M"),),
        (small("C01", ("novelty",), organisation=True),),
        (small("C01", ("novelty",)), small("C03", ("novelty",))),
    ],
    ids=["medium", "organisation", "two"],
)
def test_other_missing_prerequisites_have_to_be_waited_for(before):
    cards = shelf(*before, small("C02", ("inquiry",), after=tuple(change.id for change in before)))
    assert first(cards, {"inquiry": 2}) == []


def test_what_is_done_is_not_suggested():
    assert first(shelf(small("C01", ("inquiry",))), {"inquiry": 2}, done=["C01"]) == []


def test_without_a_gap_there_is_only_something_to_keep():
    ranking = rank(*team_of({"inquiry": 6.5}, {"review": [4] * 8}), (), shelf(small("C01", ("inquiry",))))
    assert (ranking.first, ranking.keep) == ((), ("inquiry", "review"))


def test_nobody_is_told_to_keep_what_does_not_speak_for_the_group():
    split = {"aspect:inquiry": scores(3, 3, 7, 7, 7, 7, 7, 7)}
    released = release(team_campaign(split, n_invited=8), 10, changes=shelf())
    assert gaps(released.aspects, {})["inquiry"] == 0
    assert (released.suggestions.conversations, released.suggestions.keep) == (("inquiry",), ())
    few = release(team_campaign({"aspect:inquiry": scores(*[6] * 8)}, n_invited=40), 10, changes=shelf())
    assert few.aspects["inquiry"].low_response
    assert few.suggestions.keep == ()


def test_split_views_ask_for_a_conversation():
    figures = {"aspect:inquiry": scores(2, 2, 2, 4, 4, 6, 6, 6)}
    released = release(team_campaign(figures), 10, changes=shelf(small("C01", ("inquiry",))))
    assert released.suggestions.conversations == ("inquiry",)
    assert released.aspects["inquiry"].change.status is Status.FIRST_QUARTER


def test_rungs_that_are_reached_imply_their_changes_and_what_those_need():
    cards = shelf(small("C15", ("review",)), small("C18", ("follow_through",), after=("C15",)))
    _, ladders = team_of(ladders={"follow_through": [2] * 8})
    assert in_place((), ladders, cards) == {"C15", "C18"}
    assert first(cards, {"inquiry": 2}, {"follow_through": [2] * 8, "review": [1] * 8}) == []


def test_a_change_for_a_rung_far_above_comes_too_early():
    cards = shelf(small("C20", ("follow_through",)), small("C18", ("follow_through",)))
    assert first(cards, ladders={"follow_through": [0] * 8}) == ["C18"]
    assert first(cards, ladders={"follow_through": [1] * 8}) == ["C18", "C20"]


@pytest.mark.parametrize("area", ["language", "fairness"])
def test_safety_comes_before_telling(area):
    cards = shelf(small("C03", ("inquiry",)), small("C16", ("inquiry",)), small("C22", ("messengers",)))
    unsafe = {area: [0] * 8}
    assert "C22" not in first(cards, {"messengers": 2}, unsafe)
    assert "C22" in first(cards, {"messengers": 2}, unsafe, done=["C03", "C16"])
    assert "C22" in first(cards, {"messengers": 2}, {area: [1] * 8})


def test_good_language_implies_no_charter_where_a_slip_is_punished():
    released = {"fairness": [0] * 8, "language": [2] * 8}
    aspects, ladders = team_of({"messengers": 2}, released)
    assert in_place((), ladders, catalogue()) >= {"C15", "C16"}
    assert "C03" not in in_place((), ladders, catalogue())
    assert "C03" in in_place(("C03",), ladders, catalogue())
    assert "C22" not in first(catalogue(), {"messengers": 2}, released)
    assert "C03" in rank(aspects, ladders, (), catalogue()).waits_for
    assert "C03" in in_place((), team_of(ladders=released | {"fairness": [1] * 8})[1], catalogue())


def test_leadership_reads_how_many_teams_wait():
    cards = shelf(small("C01", ("cooperation",), organisation=True), small("C02", ("inquiry",), after=("C01",)))
    kept = team_campaign({"aspect:inquiry": scores(*[3] * 8)})
    found = release_organisation(kept, changes=cards)
    assert [(card.change, card.n_waiting) for card in found.whole.suggestions.changes] == [("C01", 1)]
    assert found.teams[0].suggestions.changes == ()
    node = kept.nodes[0].id
    assert release_organisation(kept, changes=cards, done={node: ["C01"]}).whole.suggestions.changes == ()


# --- the shipped catalogue -----------------------------------------------------------------------------------------


def random_team(seed):
    dice = random.Random(seed)
    asked = questionnaire()
    n = dice.choice([5, 6, 7, 9, 12])
    return release(team_campaign(answers_of(asked, n, dice, level=dice.uniform(0, 6)), asked=asked), 10)


@given(st.integers(0, 500), st.sets(st.sampled_from([change.id for change in catalogue().changes])))
@settings(max_examples=60, deadline=None)
def test_no_change_comes_before_its_prerequisites(seed, done):
    released = random_team(seed)
    has = in_place(done, released.ladders, catalogue())
    for ranked in rank(released.aspects, released.ladders, done, catalogue()).first:
        assert set(ranked.change.after) <= has
        assert ranked.change.id not in has
        assert not ranked.change.organisation
        assert ranked.because


@given(st.integers(0, 500), st.sets(st.sampled_from([change.id for change in catalogue().changes])))
@settings(max_examples=30, deadline=None)
def test_suggestions_are_the_same_every_time(seed, done):
    released = random_team(seed)
    one = rank(released.aspects, released.ladders, done, catalogue())
    assert one == rank(released.aspects, released.ladders, sorted(done, reverse=True), catalogue())


def test_the_tables_name_what_the_catalogue_has():
    ids = {change.id for change in catalogue().changes}
    assert set(RUNGS) <= ids
    assert {name for names in SAFETY_FIRST.values() for name in names} | set(SAFETY_FIRST) <= ids
    assert all(area in AREAS and 1 <= lowest <= highest <= 4 for area, lowest, highest in RUNGS.values())


def test_every_part_with_a_gap_gets_a_card():
    """With everything else in order, a gap in any one aspect leads to a change or to one leadership has to start."""
    for part in ASPECTS:
        aspects, ladders = team_of({key: 3 if key == part else 6.5 for key in ASPECTS})
        ranking = rank(aspects, ladders, (), catalogue())
        assert ranking.first or ranking.waits_for, part


@pytest.mark.parametrize(("rung", "expected"), [(0, ["C14"]), (2, ["C14"]), (3, [])])
def test_a_change_does_not_serve_an_area_above_the_rungs_it_leads_to(rung, expected):
    only = shelf(small("C14", ("risk_sharing", "fairness")))
    assert first(only, {"risk_sharing": 7.0}, {"fairness": [rung] * 8}) == expected
    assert first(only, {"risk_sharing": 3.0}, {"fairness": [rung] * 8}) == ["C14"]
