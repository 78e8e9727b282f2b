"""What is made of coarse values: means of several groups, ends that are open further, verdicts on small teams."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest

from questionnaires.changes import Catalogue
from reports.coarse import coarse_bounds, coarse_mean, mixed_mean, open_from
from reports.comparisons import detectable, detectable_change, judge_released
from reports.disclosure import release
from reports.histograms import Histogram
from reports.released import Agreement, OpenEnd
from reports.statistics import mean
from tests.reports.builders import one_aspect, scores, team_campaign

EMPTY = Catalogue.model_construct(changes=())
SCALE = (1, 7)


@pytest.mark.parametrize(("n_items", "expected"), [(1, [10, 8, 7, 3]), (2, [5, 4, 3, 3]), (3, [3, 3, 3, 3])])
def test_ends_are_open_from_further_inside_where_few_sums_are_possible(n_items, expected):
    assert [open_from(n, SCALE, n_items) for n in (5, 6, 7, 8)] == expected


def test_five_answers_to_one_item_read_an_open_end():
    shown = coarse_mean(scores(1, 1, 1, 2, 3), SCALE, n_items=1)
    assert (shown.value, shown.open_end, shown.least, shown.greatest) == (2, OpenEnd.BOTTOM, 1, Fraction("2.05"))


def test_a_mean_of_several_groups_follows_from_what_is_shown_of_them():
    nine, six = scores(*[5] * 9), scores(4, 4, 4, 4, 4, 4 + 1 / 6)
    assert mixed_mean([nine, six], SCALE) == mixed_mean([nine, scores(*[4] * 6)], SCALE)
    assert mixed_mean([nine, six], SCALE).value == Fraction(46, 10)
    with pytest.raises(ValueError, match="no mean"):
        mixed_mean([], SCALE)


def test_bounds_of_several_groups_hold():
    dice = random.Random(41)
    for _ in range(300):
        groups = [Histogram.count(dice.choices(range(6, 43), k=dice.choice([5, 6, 7, 9]))) for _ in range(3)]
        n, silent = sum(group.n for group in groups), dice.randint(1, 9)
        everybody = Histogram.total([*groups, Histogram.count(dice.choices([6, 42], k=silent))])
        low, high = coarse_bounds(mixed_mean(groups, SCALE), n, n + silent, SCALE)
        assert low <= mean(everybody) <= high


def shown(values):
    kept = team_campaign({"aspect:cooperation": scores(*values)}, asked=one_aspect())
    return release(kept, 10, changes=EMPTY).aspects["cooperation"]


def test_the_detectable_change_of_coarse_quarters_is_the_distance_that_the_test_needs():
    dice, n_changed = random.Random(44), 0
    for _ in range(400):
        before, after = (
            shown([min(max(round(3 * dice.gauss(centre, 0.4)) / 3, 1), 7) for _ in range(dice.choice([5, 6, 7, 9]))])
            for centre in (dice.uniform(1.5, 6.5), dice.uniform(1.5, 6.5))
        )
        if before.open_end or after.open_end or (before.histogram and after.histogram):
            continue
        apart, least = after.mean - before.mean, detectable(before, after)
        assert least == detectable(after, before)
        if abs(abs(apart) - least) > 1e-9:
            assert (judge_released(before, after) != 0) == (abs(apart) > least)
        n_changed += judge_released(before, after) != 0
    assert n_changed > 50


@pytest.mark.parametrize(("n", "neither"), [(5, 2.43), (6, 2.16), (7, 1.96)])
def test_what_a_coarse_test_can_detect_without_a_label(n, neither):
    one = shown([3 + i % 3 for i in range(n)])
    one = replace(one, agreement=None)
    assert detectable(one, one) == pytest.approx(neither, abs=0.01)
    assert detectable(one, one) == detectable(one, replace(one, agreement=Agreement.NEITHER))
    assert detectable(one, replace(one, agreement=Agreement.SPLIT)) > detectable(one, one)


def test_exact_quarters_have_the_detectable_change_of_their_numbers():
    one = shown([3, 4, 5] * 3)
    assert detectable(one, one) == detectable_change(9, 9)
