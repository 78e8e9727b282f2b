from __future__ import annotations

import random
from fractions import Fraction
from statistics import variance

import pytest

from reports.carry_up import carry_up, detail_size, keep, own_blocks, regroup, smallest_sizes
from reports.histograms import Histogram
from tests.reports.auditing import derivable_groups, null_space, row_reduced, smallest_block
from tests.reports.builders import (
    ORGANISATION,
    answers_of,
    counted_of,
    group,
    one_aspect,
    organisation_of,
    questionnaire,
    team,
    team_campaign,
)

FIVE = dict.fromkeys(range(2, 99), 5)


@pytest.fixture
def n_organisations(request):
    return 1000 if request.config.getoption("--slow", default=False) else 150


def random_organisation(dice, open_links=True):
    """Departments of one to seven teams of 4 to 12 people, some on an open link, one team without a department."""
    ids = iter(range(2, 99))
    departments = []
    for _ in range(dice.randint(1, 5)):
        row = []
        for _ in range(dice.randint(1, 7)):
            way = "open_link" if open_links and dice.random() < 0.15 else "cards"
            row.append(team(next(ids), n_invited=dice.randint(4, 12), way=way))
        departments.append(row)
    nodes = organisation_of(*departments)
    return (*nodes, team(next(ids), n_invited=dice.randint(4, 12))) if dice.random() < 0.3 else nodes


def random_answers(dice, nodes, share=0.8):
    """Answers by team for one measure: everybody invited answers with the same chance."""
    return {node.id: sum(dice.random() < share for _ in range(node.n_invited)) for node in nodes if node.kind == "team"}


def naive(nodes, n, smallest):
    """What one would write first: every node shows its total where it has enough answers."""
    covers = {node.id: frozenset([node.id]) for node in nodes if node.kind == "team"}
    for kind in ("department", "organisation"):
        for node in (node for node in nodes if node.kind == kind):
            below = (covers[child.id] for child in nodes if child.parent == node.id)
            covers[node.id] = frozenset().union(*below)
    return {
        node: cover for node, cover in covers.items() if sum(n[t] for t in cover) >= max(smallest[t] for t in cover)
    }


def test_a_team_that_is_large_enough_has_its_own_figure():
    nodes = organisation_of([team(2), team(3)])
    assert carry_up(nodes, {2: 9, 3: 5}, FIVE) == {2: {2}, 3: {3}, 100: {2, 3}, ORGANISATION: {2, 3}}


def test_small_teams_are_counted_together_in_their_department():
    nodes = organisation_of([team(2), team(3), team(4)])
    assert carry_up(nodes, {2: 9, 3: 4, 4: 1}, FIVE) == {2: {2}, 100: {2, 3, 4}, ORGANISATION: {2, 3, 4}}


def test_a_pool_that_is_too_small_is_carried_to_the_organisation():
    nodes = organisation_of([team(2), team(3)], [team(4), team(5)])
    covers = carry_up(nodes, {2: 9, 3: 4, 4: 7, 5: 3}, FIVE)
    assert covers == {2: {2}, 100: {2}, 4: {4}, 101: {4}, ORGANISATION: {2, 3, 4, 5}}


def test_what_is_too_small_for_the_organisation_is_dropped():
    nodes = organisation_of([team(2), team(3)])
    assert carry_up(nodes, {2: 9, 3: 4}, FIVE) == {2: {2}, 100: {2}, ORGANISATION: {2}}


def test_nothing_is_published_where_all_together_are_too_few():
    assert carry_up(organisation_of([team(2), team(3)]), {2: 2, 3: 2}, FIVE) == {}


def test_a_team_without_answers_is_in_no_cover():
    assert carry_up(organisation_of([team(2), team(3)]), {2: 6, 3: 0}, FIVE)[100] == {2}


def test_a_pool_must_reach_the_largest_size_in_it():
    nodes = organisation_of([team(2), team(3)])
    assert carry_up(nodes, {2: 4, 3: 3}, {2: 5, 3: 8}) == {}
    assert carry_up(nodes, {2: 4, 3: 4}, {2: 5, 3: 8})[100] == {2, 3}


def test_an_open_link_needs_eight():
    nodes = organisation_of([team(2, way="open_link"), team(3)])
    assert smallest_sizes(nodes, 5) == {2: 8, 3: 5}
    assert smallest_sizes(nodes, 10) == {2: 10, 3: 10}


@pytest.mark.parametrize(("reporting_size", "expected"), [(5, 8), (7, 8), (8, 8), (9, 9)])
def test_details_need_eight_or_the_reporting_size(reporting_size, expected):
    assert detail_size(reporting_size) == expected


def test_a_circle_of_parents_is_refused():
    with pytest.raises(ValueError, match=r"\[7, 8\] are their own ancestors"):
        carry_up([team(2), group(7, "department", 8), group(8, "department", 7)], {2: 9}, FIVE)


def test_own_blocks_are_teams_and_pools():
    nodes = organisation_of([team(2), team(3), team(4)])
    published = carry_up(nodes, {2: 9, 3: 4, 4: 1}, FIVE)
    assert own_blocks(nodes, published) == {2: {2}, 100: {3, 4}}


def test_regrouping_keeps_blocks_whole():
    nodes = organisation_of([team(2), team(3), team(4), team(5)])
    histograms = {team: Histogram.of({6: n}) for team, n in {2: 9, 3: 4, 4: 1, 5: 6}.items()}
    first = carry_up(nodes, {team: h.n for team, h in histograms.items()}, FIVE)
    again = regroup(nodes, own_blocks(nodes, first), histograms, 8)
    # The six of team 5 are below eight, and so is the pool of five: together they are eleven, and counted together.
    assert again == {2: {2}, 100: {2, 3, 4, 5}, ORGANISATION: {2, 3, 4, 5}}


def test_row_reduction_finds_the_null_space():
    rows = [[1, 1, 0, 0], [0, 1, 1, 0], [1, 2, 1, 0]]
    reduced, pivots = row_reduced(rows)
    assert pivots == [0, 1]
    assert len(reduced) == 2
    basis = null_space(rows, 4)
    assert len(basis) == 2
    assert all(sum(Fraction(a) * b for a, b in zip(row, vector, strict=True)) == 0 for row in rows for vector in basis)


def test_no_group_below_its_size_can_be_computed(n_organisations, capsys):
    dice = random.Random(20)
    eligible = kept = n_naive_leaks = 0
    for _ in range(n_organisations):
        nodes = random_organisation(dice)
        n = random_answers(dice, nodes)
        smallest = smallest_sizes(nodes, 5)
        covers = carry_up(nodes, n, smallest)
        assert list(derivable_groups(covers.values(), n, 5)) == []
        assert (smallest_block(covers.values(), n) or 5) >= 5
        _assert_disjoint_blocks(nodes, covers, n, smallest)
        large = {team for team in n if n[team] >= smallest[team]}
        eligible += len(large)
        kept += len(large & set(covers))
        n_naive_leaks += any(derivable_groups(naive(nodes, n, smallest).values(), n, 5))
    with capsys.disabled():
        print(
            f"\ncarry-up: {kept} of {eligible} team reports kept; naive leaks in {n_naive_leaks} of {n_organisations}"
        )
    assert kept == eligible
    # The auditor must be able to catch a leak, or its silence above would mean nothing.
    assert n_naive_leaks > n_organisations // 2


def _assert_disjoint_blocks(nodes, covers, n, smallest):
    blocks = own_blocks(nodes, covers)
    teams = [team for block in blocks.values() for team in block]
    assert len(teams) == len(set(teams))
    for block in blocks.values():
        assert sum(n[team] for team in block) >= max(smallest[team] for team in block)
    for cover in covers.values():
        assert cover == frozenset().union(*(block for block in blocks.values() if block <= cover))


def test_every_measure_of_a_campaign_withstands_the_auditor(n_organisations):
    dice = random.Random(21)
    asked = questionnaire(aspects=("cooperation", "inquiry"), areas=("review",))
    for _ in range(n_organisations // 3):
        nodes = random_organisation(dice)
        n_ballots = random_answers(dice, nodes)
        counted = {team: answers_of(asked, n, dice, skip=dice.choice([0, 0.1, 0.4])) for team, n in n_ballots.items()}
        kept = keep(nodes, counted, reporting_size=5, questionnaire=asked, quarter="2026-Q3")
        measures = {measure for _, measure in kept.figures}
        for measure in measures:
            size = 8 if measure.startswith("item:") else 5
            n = {team: histograms[measure].n for team, histograms in counted.items()}
            covers = covers_of(kept, counted, measure)
            assert list(derivable_groups(covers.values(), n, size)) == []
            for node, cover in covers.items():
                figure = kept.figures[node, measure]
                assert figure.histogram == Histogram.total(counted[team][measure] for team in cover)
                assert figure.n_teams == sum(n[team] > 0 for team in cover)
                assert figure.histogram.n >= size


def covers_of(kept, counted, measure):
    """Find each figure's cover by trying: the union of own blocks, recovered from distinguishable team totals."""
    marked = {
        team: {key: Histogram.of({1000 + team: h.n}) if key == measure else h for key, h in histograms.items()}
        for team, histograms in counted.items()
    }
    again = keep(kept.nodes, marked, reporting_size=5, questionnaire=kept.questionnaire, quarter=kept.quarter)
    return {
        node: frozenset(value - 1000 for value in figure.histogram.counts)
        for (node, key), figure in again.figures.items()
        if key == measure
    }


def test_items_and_their_score_together_give_nothing_smaller_away(n_organisations):
    """Where everybody answers everything, items add up to scores: both systems of totals are one for the attacker."""
    dice = random.Random(22)
    asked = one_aspect()
    n_apart = 0
    for _ in range(n_organisations):
        nodes = random_organisation(dice)
        n = random_answers(dice, nodes)
        counted = {team: answers_of(asked, answers, dice) for team, answers in n.items()}
        kept = keep(nodes, counted, reporting_size=5, questionnaire=asked, quarter="2026-Q3")
        both = [*covers_of(kept, counted, "aspect:cooperation").values()]
        both += covers_of(kept, counted, "item:cooperation_1").values()
        assert list(derivable_groups(both, n, 5)) == []
        # Each measure for itself would not be enough.
        smallest = smallest_sizes(nodes, 5)
        apart = [*carry_up(nodes, n, smallest).values(), *carry_up(nodes, n, dict.fromkeys(n, 8)).values()]
        n_apart += any(derivable_groups(apart, n, 5))
    assert n_apart


def test_the_only_item_of_an_aspect_has_no_figure_of_its_own():
    asked = one_aspect(n_items=1)
    people = random.Random(1)
    kept = team_campaign(answers_of(asked, 9, people), asked=asked)
    assert {measure for _, measure in kept.figures} == {"aspect:cooperation"}


@pytest.mark.parametrize(
    ("n", "kinds"),
    [
        (4, set()),
        (5, {"aspect", "choice", "ladder"}),
        (7, {"aspect", "choice", "ladder"}),
        (8, {"aspect", "choice", "ladder", "item"}),
    ],
)
def test_sizes_of_what_is_kept(n, kinds):
    asked = questionnaire()
    kept = team_campaign(answers_of(asked, n, random.Random(2)), asked=asked)
    assert {measure.partition(":")[0] for _, measure in kept.figures} == kinds


def test_a_raised_reporting_size_holds_for_everything():
    asked = questionnaire()
    counted = answers_of(asked, 9, random.Random(3))
    assert not team_campaign(counted, asked=asked, reporting_size=10).figures
    assert len(team_campaign(counted, asked=asked, reporting_size=9).figures) == 3 * (18 + 6 + 6 + 5)


def test_an_open_link_team_of_seven_is_not_kept():
    asked = questionnaire()
    assert not team_campaign(answers_of(asked, 7, random.Random(4)), asked=asked, way="open_link").figures
    assert team_campaign(answers_of(asked, 8, random.Random(4)), asked=asked, way="open_link").figures


def test_counts_for_a_node_that_is_no_team_are_refused():
    asked = one_aspect()
    with pytest.raises(ValueError, match=r"nodes \[100\] were counted but are not teams"):
        keep(organisation_of([team(2)]), {100: {}}, reporting_size=5, questionnaire=asked, quarter="2026-Q3")


def complete_of(people_by_team, reporting_size=5):
    """What is kept of complete cases when each team's people gave these answers to one aspect's items."""
    asked = one_aspect()
    nodes = organisation_of([team(node_id, n_invited=30) for node_id in people_by_team])
    counted = {node_id: counted_of(asked, people) for node_id, people in people_by_team.items()}
    kept = keep(nodes, counted, reporting_size=reporting_size, questionnaire=asked, quarter="2026-Q3")
    return {key: figure for key, figure in kept.figures.items() if key[1].startswith("complete:")}


def people(n, dice, without=()):
    """People who answered all three items of an aspect but those named, from a shared mood."""
    found = []
    for _ in range(n):
        mood = dice.gauss(4.5, 1.2)
        values = {f"item:cooperation_{i}": min(7, max(1, round(dice.gauss(mood, 0.9)))) for i in (1, 2, 3)}
        found.append({key: value for key, value in values.items() if key not in without})
    return found


def test_complete_cases_are_kept_of_the_organisation_only_and_carry_alpha():
    dice = random.Random(5)
    teams = {2: people(30, dice), 3: people(22, dice), 4: people(8, dice) + people(8, dice, ["item:cooperation_2"])}
    kept = complete_of(teams)
    assert {node for node, _ in kept} == {ORGANISATION}
    rows = [list(person.values()) for group in teams.values() for person in group if len(person) == 3]
    items = [kept[ORGANISATION, f"complete:item:cooperation_{i}"].histogram.expanded() for i in (1, 2, 3)]
    sums = [score / 2 for score in kept[ORGANISATION, "complete:aspect:cooperation"].histogram.expanded()]
    ours = 1.5 * (1 - sum(variance(item) for item in items) / variance(sums))
    raw = 1.5 * (1 - sum(variance(column) for column in zip(*rows, strict=True)) / variance(map(sum, rows)))
    assert len(rows) == 60
    assert ours == pytest.approx(raw, abs=1e-12)


@pytest.mark.parametrize(("n_incomplete", "is_kept"), [(0, True), (1, False), (7, False), (8, True)])
def test_complete_cases_are_not_kept_where_the_others_could_be_subtracted(n_incomplete, is_kept):
    dice = random.Random(6)
    team_of_many = people(80 - n_incomplete, dice) + people(n_incomplete, dice, ["item:cooperation_1"])
    assert bool(complete_of({2: team_of_many})) is is_kept


def test_fewer_than_sixty_complete_cases_are_not_kept():
    assert not complete_of({2: people(59, random.Random(7))})
    assert complete_of({2: people(60, random.Random(7))})
