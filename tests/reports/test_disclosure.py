from __future__ import annotations

import random
from dataclasses import replace
from functools import partial

import pytest

from questionnaires.changes import Catalogue
from reports import disclosure
from reports.carry_up import keep
from reports.histograms import Histogram
from reports.kept import Figure, Kept
from reports.released import (
    Agreement,
    Method,
    OpenEnd,
    Reason,
    ReleasedAspect,
    ReleasedItem,
    Spread,
    Status,
    Tier,
    Withheld,
)
from tests.reports.builders import (
    ORGANISATION,
    answers_of,
    counted_of,
    group,
    one_aspect,
    organisation_of,
    questionnaire,
    scores,
    team,
    team_campaign,
)

EMPTY = Catalogue.model_construct(changes=())
release = partial(disclosure.release, changes=EMPTY)
release_organisation = partial(disclosure.release_organisation, changes=EMPTY)
release_series = partial(disclosure.release_series, changes=EMPTY)
TEAM, DEPARTMENT = 10, 100


def campaign_of(*departments, asked=None, seed=1, reporting_size=5, **more):
    """Departments of teams with these numbers of answers; everybody answers everything."""
    asked, dice, ids = asked or one_aspect(), random.Random(seed), iter(range(10, 99))
    rows, counted = [], {}
    for sizes in departments:
        row = []
        for n in sizes:
            node = team(next(ids), n_invited=n + 1, n_answered=n, **more)
            row.append(node)
            counted[node.id] = answers_of(asked, n, dice)
        rows.append(row)
    return keep(organisation_of(*rows), counted, reporting_size=reporting_size, questionnaire=asked, quarter="2026-Q3")


def aspect(kept: Kept, node: int = TEAM, **more) -> ReleasedAspect:
    found = release(kept, node, **more).aspects["cooperation"]
    assert isinstance(found, ReleasedAspect)
    return found


def reason(kept: Kept, node: int) -> Reason:
    found = release(kept, node).aspects["cooperation"]
    assert isinstance(found, Withheld)
    return found.reason


def of_scores(*values: float, asked=None, **more) -> Kept:
    return team_campaign({"aspect:cooperation": scores(*values)}, asked=asked or one_aspect(), **more)


# --- tiers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 4])
def test_below_the_reporting_size_everything_is_withheld(n):
    released = release(campaign_of([n], asked=questionnaire()), TEAM)
    assert released.is_withheld
    figures = [*released.aspects.values(), *released.choices.values(), *released.ladders.values()]
    assert set(figures) == {Withheld(Reason.TOO_FEW)}
    assert not released.suggestions.changes


@pytest.mark.parametrize("n", [5, 7])
def test_a_coarse_figure_has_no_counts(n):
    released = release(campaign_of([n], asked=questionnaire()), TEAM)
    for figure in released.aspects.values():
        assert figure.tier is Tier.COARSE
        assert (figure.histogram, figure.low_middle_high) == (None, None)
        assert all(item == Withheld(Reason.TOO_FEW) for item in figure.items.values())
        assert figure.mean == round(figure.mean, 1)
    assert all(figure.counts is None for figure in released.choices.values())
    assert all((figure.histogram, figure.missing_for_next) == (None, None) for figure in released.ladders.values())


def test_from_eight_on_a_figure_is_exact():
    kept = campaign_of([8], asked=questionnaire())
    released = release(kept, TEAM)
    for name, figure in released.aspects.items():
        assert figure.tier is Tier.DETAIL
        assert figure.histogram == kept.figures[TEAM, f"aspect:{name}"].histogram
        assert sum(figure.low_middle_high) == 8
        assert all(isinstance(item, ReleasedItem) and item.n == 8 for item in figure.items.values())
    assert all(sum(figure.counts) == 8 for figure in released.choices.values())
    assert all(figure.histogram.n == 8 for figure in released.ladders.values())


def test_a_raised_reporting_size_raises_the_detail_size():
    assert reason(campaign_of([9], reporting_size=10), TEAM) is Reason.TOO_FEW
    figure = aspect(campaign_of([10], reporting_size=10))
    assert figure.tier is Tier.DETAIL


def test_an_open_link_team_is_shown_from_eight_and_only_exactly():
    assert reason(campaign_of([7], way="open_link"), TEAM) is Reason.TOO_FEW
    assert aspect(campaign_of([8], way="open_link")).tier is Tier.DETAIL


def test_items_stay_hidden_where_their_aspect_is_coarse():
    asked = one_aspect()
    people = [{question.key: 4 for question in asked.questions} for _ in range(7)] + [{"item:cooperation_1": 4}]
    figure = aspect(team_campaign(counted_of(asked, people), asked=asked))
    assert (figure.n, figure.tier) == (7, Tier.COARSE)
    assert set(figure.items.values()) == {Withheld(Reason.TOO_FEW)}


def test_the_only_item_of_an_aspect_is_the_aspect():
    asked = one_aspect(n_items=1)
    people = [{"item:cooperation_1": value} for value in (1, 2, 3, 4, 5, 6, 7, 7)]
    figure = aspect(team_campaign(counted_of(asked, people), asked=asked))
    assert figure.items == {
        "cooperation_1": ReleasedItem(8, 4.375, Histogram.of({1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 2}))
    }


# --- subtraction ---------------------------------------------------------------------------------------------------


def test_a_department_does_not_give_a_small_team_away():
    kept = campaign_of([9, 6], asked=questionnaire(aspects=("cooperation",), areas=("review",)))
    assert aspect(kept, 10).tier is Tier.DETAIL
    assert aspect(kept, 11).tier is Tier.COARSE
    department = release(kept, DEPARTMENT)
    figure = department.aspects["cooperation"]
    assert (figure.n, figure.n_teams, figure.tier) == (15, 2, Tier.COARSE)
    # A word that depends on a limit would tell how many of the six lie on one side of it.
    assert (figure.histogram, figure.spread, figure.agreement) == (None, None, None)
    assert department.choices["cooperation"] == Withheld(Reason.WOULD_REVEAL)
    assert department.ladders["review"] == Withheld(Reason.WOULD_REVEAL)
    assert figure.bounds[0] < figure.interval_90[0] < figure.mean < figure.interval_90[1] < figure.bounds[1]


def test_a_few_coarse_teams_are_not_exact_together():
    department = aspect(campaign_of([9, 6, 5]), DEPARTMENT)
    assert (department.n, department.n_teams, department.tier) == (20, 3, Tier.COARSE)


def crowded(outlier=None):
    """Two exact teams, and seven coarse ones around 4.5 points; the first of them may stand out."""
    asked, dice, sizes = one_aspect(), random.Random(2), (6, 6, 7, 6, 7, 7, 6, 9, 9)
    rows = [team(10 + i) for i in range(5)], [team(10 + i) for i in range(5, 9)]
    counted = {10 + i: answers_of(asked, n, dice, level=4.5) for i, n in enumerate(sizes)}
    if outlier is not None:
        counted[10] = answers_of(asked, 6, dice, level=outlier)
    return keep(organisation_of(*rows), counted, reporting_size=5, questionnaire=asked, quarter="2026-Q3")


def test_a_crowd_of_coarse_teams_is_exact_together():
    kept = crowded()
    department = aspect(kept, 100)
    assert (department.n, department.n_teams, department.tier) == (32, 5, Tier.DETAIL)
    # The other department's thirteen are no crowd, and are left out of the organisation as well.
    assert (aspect(kept, 101).n, aspect(kept, ORGANISATION).n) == (18, 50)


def test_a_team_that_stands_out_is_left_out_of_the_crowd():
    # Six people far below everybody else would be picked out of the whole by their mean.
    kept = crowded(outlier=1.5)
    assert aspect(kept, 100).tier is Tier.COARSE
    whole = aspect(kept, ORGANISATION)
    assert whole.tier is Tier.DETAIL
    outliers = kept.figures[TEAM, "aspect:cooperation"].histogram
    assert min(whole.histogram.counts) > max(outliers.counts)


def test_a_department_shows_what_is_covered_without_its_coarse_team():
    kept = campaign_of([9, 8, 6], [9])
    department = aspect(kept, DEPARTMENT)
    assert (department.n, department.n_teams) == (17, 2)
    parts = [kept.figures[node, "aspect:cooperation"].histogram for node in (10, 11)]
    assert department.histogram == parts[0] + parts[1]


def test_the_organisation_leaves_few_coarse_teams_out_as_well():
    kept = campaign_of([9, 8, 6], [9, 5])
    whole = aspect(kept, ORGANISATION)
    assert (whole.n, whole.n_teams) == (26, 3)
    assert all(item.n == 26 for item in whole.items.values() if isinstance(item, ReleasedItem))


def test_a_department_of_one_team_repeats_nothing():
    kept = campaign_of([9], [9, 8])
    assert reason(kept, 100) is Reason.WOULD_REVEAL
    assert aspect(kept, 101).n == 17


def test_a_department_of_one_coarse_team_repeats_nothing():
    assert reason(campaign_of([6], [9, 8]), 100) is Reason.WOULD_REVEAL


def test_a_department_of_one_small_pool_is_coarse():
    kept = campaign_of([3, 4], [9, 8])
    department = aspect(kept, 100)
    assert (department.n, department.n_teams, department.tier) == (7, 2, Tier.COARSE)


def test_a_department_without_figures_has_too_few():
    assert reason(campaign_of([2, 2], [9, 8]), 100) is Reason.TOO_FEW


def test_an_organisation_of_one_department_is_shown_as_that_is():
    kept = campaign_of([9, 8])
    assert aspect(kept, ORGANISATION) == aspect(kept, DEPARTMENT)
    assert aspect(campaign_of([9, 6]), ORGANISATION).n == 15
    assert reason(campaign_of([9, 2]), ORGANISATION) is Reason.WOULD_REVEAL
    assert aspect(campaign_of([3, 4]), ORGANISATION).tier is Tier.COARSE


def test_an_organisation_that_would_show_one_department_only_is_withheld():
    assert reason(campaign_of([9, 8], [2]), ORGANISATION) is Reason.WOULD_REVEAL


def test_teams_without_a_department_count_in_the_organisation():
    asked, dice = one_aspect(), random.Random(2)
    nodes = (group(ORGANISATION, "organisation", None), team(10), team(11))
    counted = {node: answers_of(asked, 9, dice) for node in (10, 11)}
    kept = keep(nodes, counted, reporting_size=5, questionnaire=asked, quarter="2026-Q3")
    assert aspect(kept, ORGANISATION).n == 18


def test_damaged_kept_data_is_refused():
    kept = campaign_of([9, 9])
    figures = {**kept.figures, (DEPARTMENT, "aspect:cooperation"): Figure(Histogram.of({6: 3}), 2)}
    with pytest.raises(ValueError, match="must be positive"):
        release(replace(kept, figures=figures), TEAM)


# --- levels --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "mean", "open_end"),
    [
        ((7, 7, 7, 7, 6), 6.7, OpenEnd.TOP),
        ((1, 1, 1, 1, 2), 1.3, OpenEnd.BOTTOM),
        ((7, 7, 7, 6, 6), 6.6, None),
        ((4, 4, 4, 4, 4.25 + 1 / 12), 4.1, None),
    ],
)
def test_coarse_means_are_open_at_the_ends(values, mean, open_end):
    figure = aspect(of_scores(*values))
    assert (figure.mean, figure.open_end) == (mean, open_end)


def test_on_five_points_the_ends_open_at_the_same_distance():
    figure = aspect(of_scores(5, 5, 5, 5, 4, asked=one_aspect(scale=(1, 5))))
    assert (figure.mean, figure.open_end) == (4.7, OpenEnd.TOP)


def test_the_exact_level_of_a_known_team():
    figure = aspect(of_scores(4, 5, 5, 6, 6, 7, 5, 6, n_invited=10))
    assert figure.mean == 5.5
    assert figure.bounds == (4.6, 5.8)
    assert figure.low_middle_high == (0, 1, 7)
    assert (figure.agreement, figure.spread) == (Agreement.SHARED, Spread.MOSTLY_HIGH)
    assert not figure.everyone_answered
    assert figure.interval_90[0] < 5.5 < figure.interval_90[1]


@pytest.mark.parametrize("n", [5, 8])
def test_everyone_answered(n):
    figure = aspect(of_scores(*[4] * (n - 1), 5, n_invited=n))
    assert figure.everyone_answered
    assert figure.interval_90 is None
    assert figure.bounds[0] <= figure.mean <= figure.bounds[1]


@pytest.mark.parametrize(("n_invited", "is_low"), [(13, False), (14, True)])
def test_below_60_percent_the_response_is_low(n_invited, is_low):
    assert aspect(of_scores(*[4] * 8, n_invited=n_invited)).low_response is is_low


@pytest.mark.parametrize(
    "more", [{"way": "open_link"}, {"n_invited": None, "way": "imported"}, {"n_invited": 7, "way": "imported"}], ids=str
)
def test_nothing_is_computed_from_a_size_that_says_nothing(more):
    figure = aspect(of_scores(4, 5, 5, 6, 6, 7, 5, 6, **more))
    assert (figure.bounds, figure.everyone_answered, figure.low_response) == (None, False, False)
    corrected = aspect(of_scores(4, 5, 5, 6, 6, 7, 5, 6, n_invited=9))
    assert figure.interval_90[0] < corrected.interval_90[0]
    assert figure.interval_90[1] > corrected.interval_90[1]


def test_a_department_with_an_open_link_has_no_bounds():
    asked, dice = one_aspect(), random.Random(2)
    nodes = organisation_of([team(10), team(11, way="open_link")])
    counted = {node: answers_of(asked, 9, dice) for node in (10, 11)}
    kept = keep(nodes, counted, reporting_size=5, questionnaire=asked, quarter="2026-Q3")
    assert aspect(kept, DEPARTMENT).bounds is None
    assert aspect(kept, 10).bounds is not None


def test_a_node_that_is_not_there():
    with pytest.raises(KeyError):
        release(campaign_of([9]), 77)


# --- change --------------------------------------------------------------------------------------------------------

LOW, HIGH = (2, 2, 2, 2.5, 3, 3, 3, 3), (5, 5, 5.5, 6, 6, 6, 6, 6)
FOCUS = ("cooperation",)


def change(before, after, **more):
    return aspect(after, previous=before, **more).change


def test_the_first_quarter_has_no_change():
    assert aspect(of_scores(*LOW)).change.status is Status.FIRST_QUARTER
    stranger = of_scores(*LOW)
    stranger = replace(stranger, nodes=tuple(replace(node, team=99) for node in stranger.nodes))
    assert change(stranger, of_scores(*LOW)).status is Status.FIRST_QUARTER


def test_a_focus_aspect_that_rose_has_changed():
    found = change(of_scores(*LOW), of_scores(*HIGH, focus=FOCUS))
    assert (found.status, found.direction, found.delta) == (Status.CHANGED, 1, 1.0)
    assert found.method is Method.EXACT
    assert found.p < 0.05
    assert found.before == pytest.approx(2.5625)
    assert found.before_scale == (1, 7)


def test_a_small_difference_is_not_distinguishable():
    found = change(of_scores(*LOW), of_scores(*LOW[:-1], 4, focus=FOCUS))
    assert (found.status, found.direction) == (Status.NOT_DISTINGUISHABLE, 0)
    assert found.p > 0.05
    assert found.detectable == pytest.approx(1.2, abs=0.05)


def test_other_aspects_are_not_tested():
    found = change(of_scores(*LOW), of_scores(*HIGH))
    assert (found.status, found.p, found.delta, found.direction) == (Status.NOT_TESTED, None, None, 0)
    assert found.detectable is not None


@pytest.mark.parametrize(("n_before", "n_after"), [(5, 8), (8, 5), (5, 5)])
def test_a_coarse_side_leaves_words_only(n_before, n_after):
    found = change(of_scores(*LOW[:n_before]), of_scores(*HIGH[:n_after], focus=FOCUS))
    assert (found.status, found.direction) == (Status.CHANGED, 1)
    assert (found.p, found.method, found.delta) == (None, None, None)


def test_a_team_with_more_answers_than_people_has_no_stated_size():
    # Ten of the twelve answered this aspect; the ten stated cannot be right for it either.
    figure = aspect(of_scores(*[5] * 5, *[6] * 5, n_invited=10, n_answered=12))
    assert (figure.bounds, figure.everyone_answered, figure.low_response) == (None, False, False)
    assert figure.interval_90 is not None


@pytest.mark.parametrize(("n_invited", "is_known"), [(10, False), (14, True)])
def test_nor_has_anything_above_it(n_invited, is_known):
    nodes = organisation_of([team(10, n_invited=n_invited, n_answered=14), team(11, n_invited=12, n_answered=8)])
    nodes = tuple(node if node.kind == "team" else replace(node, n_answered=22) for node in nodes)
    figures = {10: {"aspect:cooperation": scores(*[2] * 14)}, 11: {"aspect:cooperation": scores(*[6] * 8)}}
    kept = keep(nodes, figures, reporting_size=5, questionnaire=one_aspect(), quarter="2026-Q3")
    for node in (100, 1):
        figure = aspect(kept, node)
        assert (figure.n, figure.bounds is not None, figure.everyone_answered) == (22, is_known, False)


def test_many_different_answers_are_tested_by_the_normal_limit():
    many = [1 + i / 3 for i in range(19)] * 8
    found = change(of_scores(*many, n_invited=200), of_scores(*many, n_invited=200, focus=FOCUS))
    assert (found.status, found.method, found.p) == (Status.NOT_DISTINGUISHABLE, Method.NORMAL_LIMIT, 1)


def test_too_few_then_is_too_few_to_compare():
    found = change(of_scores(*LOW[:4]), of_scores(*HIGH, focus=FOCUS))
    assert (found.status, found.before) == (Status.TOO_FEW, None)


@pytest.mark.parametrize("asked", [{"meanings": "_new"}, {"n_items": 1}, {"scale": (1, 5)}], ids=str)
def test_another_meaning_is_shown_beside_and_never_tested(asked):
    before = of_scores(*LOW, asked=one_aspect(**asked))
    found = change(before, of_scores(*HIGH, focus=FOCUS))
    assert (found.status, found.p, found.direction) == (Status.NOT_COMPARABLE, None, 0)
    assert found.before == pytest.approx(2.5625)
    assert found.before_scale == asked.get("scale", (1, 7))


def test_what_was_not_asked_then_is_not_comparable():
    before = team_campaign({}, asked=one_aspect(aspects=("inquiry",)))
    assert change(before, of_scores(*HIGH, focus=FOCUS)).status is Status.NOT_COMPARABLE


def test_departments_are_not_tested():
    before, after = campaign_of([9, 9]), campaign_of([9, 9], seed=2)
    found = change(before, after, node=DEPARTMENT)
    assert found.status is Status.NOT_TESTED
    assert found.before == aspect(before, DEPARTMENT).mean


def test_people_who_joined_do_not_withhold_the_trend():
    after = of_scores(*HIGH, focus=FOCUS)
    after = replace(after, nodes=tuple(replace(node, n_joined=1, n_left=0) for node in after.nodes))
    released = release(after, TEAM, previous=of_scores(*LOW))
    assert released.n_joined == 1
    assert released.previous_quarter == "2026-Q3"
    assert released.aspects["cooperation"].change.status is Status.CHANGED


# --- organisation and series ---------------------------------------------------------------------------------------


def test_the_organisation_lists_everybody_in_alphabetical_order():
    asked, dice = one_aspect(), random.Random(4)
    nodes = organisation_of([team(10, name="Cygnus"), team(11, name="atlas")], [team(12, name="Borealis")])
    counted = {10: answers_of(asked, 5, dice), 11: answers_of(asked, 12, dice), 12: answers_of(asked, 4, dice)}
    kept = keep(nodes, counted, reporting_size=5, questionnaire=asked, quarter="2026-Q3")
    found = release_organisation(kept)
    assert [part.name for part in found.teams] == ["atlas", "Borealis", "Cygnus"]
    assert [part.is_withheld for part in found.teams] == [False, True, False]
    assert [part.name for part in found.departments] == ["Department 100", "Department 101"]
    assert (found.whole.kind, found.whole.n_teams) == ("organisation", 3)
    assert found.whole == release(kept, ORGANISATION)
    assert found.teams[0].parent_name == "Department 100"


def test_a_campaign_without_organisation_has_no_organisation_report():
    asked = one_aspect()
    kept = keep((team(10, parent=None),), {}, reporting_size=5, questionnaire=asked, quarter="2026-Q3")
    with pytest.raises(KeyError, match="organisation"):
        release_organisation(kept)


def test_a_series_compares_with_the_last_quarter_that_has_the_team():
    quarters = [of_scores(*LOW, quarter=f"2026-Q{i}", focus=FOCUS) for i in (1, 2, 3)]
    without = replace(quarters[1], nodes=tuple(replace(node, team=99) for node in quarters[1].nodes))
    found = release_series([quarters[0], without, quarters[2]], 10, "team").quarters
    assert [released.quarter for released in found] == ["2026-Q1", "2026-Q3"]
    assert [released.previous_quarter for released in found] == [None, "2026-Q1"]
    assert found[1].aspects["cooperation"].change.status is Status.NOT_DISTINGUISHABLE


def test_a_series_is_eight_quarters_long_at_most():
    quarters = [of_scores(*LOW, quarter=f"{year}-Q{i}") for year in (2024, 2025, 2026) for i in (1, 2, 3, 4)]
    found = release_series(quarters, None, "organisation").quarters
    assert found[0].quarter == "2025-Q1"
    assert len(found) == 8
    assert found[0].previous_quarter == "2024-Q4"
    assert release_series(quarters, None, "team").quarters == ()


def test_a_series_ends_where_it_is_asked_to():
    quarters = [of_scores(*LOW, quarter=f"2026-Q{i}") for i in (1, 2, 3)]
    found = release_series(quarters, 10, "team")
    assert found.until("2026-Q2").quarters == found.quarters[:2]


def test_a_part_of_the_organisation_has_only_its_teams():
    found = release_organisation(campaign_of([9, 8], [9]))
    part = found.part(found.teams[:1])
    assert (part.whole, part.departments, part.teams) == (found.whole, (), found.teams[:1])
