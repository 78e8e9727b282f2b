"""Health facts raise or lower what concerns them, and nothing else."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.changes import catalogue
from reports.health import MEASURES, Measure
from reports.ranking import CONCERNS, rank
from tests.reports.test_ranking import random_team, shelf, small, team_of

IDS = [change.id for change in catalogue().changes]
TARGETS = [measure for measure, target in MEASURES.items() if target.limit is not None]


def places(seed, done, health):
    released = random_team(seed)
    found = rank(released.aspects, released.ladders, done, catalogue(), health).first
    return {ranked.change.id: place for place, ranked in enumerate(found)}


@given(
    seed=st.integers(0, 500),
    done=st.sets(st.sampled_from(IDS)),
    health=st.dictionaries(st.sampled_from(TARGETS), st.booleans()),
    worse=st.sampled_from(TARGETS),
)
@settings(max_examples=80, deadline=None)
def test_worse_facts_never_lower_the_place_of_what_they_concern(seed, done, health, worse):
    before, after = (places(seed, done, health | {worse: is_within}) for is_within in (True, False))
    unknown = places(seed, done, {measure: known for measure, known in health.items() if measure is not worse})
    for change, measures in CONCERNS.items():
        if worse in measures:
            for better, poorer in ((before, unknown), (unknown, after), (before, after)):
                assert change not in better or poorer.get(change, 9) <= better[change]


@given(seed=st.integers(0, 200), done=st.sets(st.sampled_from(IDS)))
@settings(max_examples=30, deadline=None)
def test_missing_facts_change_nothing(seed, done):
    released = random_team(seed)
    without = rank(released.aspects, released.ladders, done, catalogue())
    assert without == rank(released.aspects, released.ladders, done, catalogue(), {})
    assert without == rank(released.aspects, released.ladders, done, catalogue(), {Measure.OVER_30_MINUTES: False})


def test_facts_make_no_change_fit_where_the_culture_has_no_gap():
    cards = shelf(small("C13", ("novelty",)))
    assert rank(*team_of({"novelty": 6.5}), (), cards, {Measure.TOIL: False}).first == ()


@pytest.mark.parametrize(
    ("health", "factor"),
    [({}, 1), ({Measure.TOIL: True}, Fraction(4, 5)), ({Measure.TOIL: False}, Fraction(5, 4)),
     ({Measure.NIGHT_PAGES: False}, 1)],
)  # fmt: skip
def test_a_fact_scales_the_readiness(health, factor):
    ranking = rank(*team_of({"novelty": 2}), (), shelf(small("C13", ("novelty",))), health)
    assert ranking.first[0].score == factor


def test_a_missing_prerequisite_rises_with_what_it_leads_to():
    cards = shelf(small("C07", ("novelty",)), small("C12", ("inquiry",), after=("C07",)))
    ranking = rank(*team_of({"inquiry": 2}), (), cards, {Measure.PAGES_PER_WEEK: False})
    assert [(found.change.id, found.score) for found in ranking.first] == [("C07", Fraction(3, 8))]


def test_the_table_names_changes_and_measures_that_there_are():
    assert set(CONCERNS) <= set(IDS)
    assert {measure for measures in CONCERNS.values() for measure in measures} <= set(TARGETS)
