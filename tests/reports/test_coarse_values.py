"""What is made of coarse values: means of several groups, ends that are open further, verdicts on small teams."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from questionnaires.changes import Catalogue
from reports.coarse import coarse_bounds, coarse_mean, mixed_mean, open_from
from reports.histograms import Histogram
from reports.released import OpenEnd
from reports.statistics import mean
from tests.reports.builders import scores

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
