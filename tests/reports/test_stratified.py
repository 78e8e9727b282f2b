"""Van Elteren's test and the correction for several tests, against scipy, statsmodels, hands and themselves."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from reports.comparisons import cliffs_delta
from reports.histograms import Histogram
from reports.stratified import adjusted, van_elteren

BENJAMINI_HOCHBERG_1995 = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
]

values = st.lists(st.integers(6, 42), min_size=1, max_size=15)
strata = st.lists(st.tuples(values, values), min_size=1, max_size=6)
p_values = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def test(*rows: tuple[list[int], list[int]]):
    return van_elteren([(Histogram.count(before), Histogram.count(after)) for before, after in rows])


test.__test__ = False  # type: ignore[attr-defined]


def from_raw_answers(rows: list[tuple[list[int], list[int]]]) -> float:
    """The textbook's sums of ranks, on expanded answers."""
    above = below = 0.0
    for before, after in rows:
        n, both = len(before) + len(after), before + after
        ranks = stats.rankdata(both)
        expected = len(after) * (n + 1) / 2
        # The exact variance of a sum of ranks drawn without replacement; ties are in the ranks.
        variance = len(before) * len(after) / n * np.var(ranks, ddof=1)
        above += (ranks[len(before) :].sum() - expected) / (n + 1)
        below += variance / (n + 1) ** 2
    return above / math.sqrt(below) if below else 0.0


def test_one_stratum_is_wilcoxon_s_test_corrected_for_ties():
    dice = random.Random(1)
    for _ in range(200):
        before, after = ([dice.randrange(6, 43, 6) for _ in range(dice.randint(2, 20))] for _ in range(2))
        if len({*before, *after}) == 1:
            continue
        theirs = stats.mannwhitneyu(after, before, method="asymptotic", use_continuity=False)
        assert test((before, after)).p == pytest.approx(theirs.pvalue, abs=1e-12)


def test_without_ties_one_stratum_is_the_sum_of_ranks():
    dice = random.Random(2)
    both = dice.sample(range(6, 43), 17)
    theirs = stats.ranksums(both[8:], both[:8])
    assert test((both[:8], both[8:])).z == pytest.approx(theirs.statistic, abs=1e-12)


def test_two_strata_by_hand():
    """First stratum 1 2 against 3: W = 3, E = 2, Var = 2 * 1 * 4 / 12 = 2/3, weight 1/4. Second 1 1 against 1 2: the
    ranks are 2 2 and 2 4, so W = 6, E = 5, Var = 4 / 12 * (5 - 24 / 12) = 1, weight 1/5."""
    above = Fraction(1, 4) + Fraction(1, 5)
    below = Fraction(1, 16) * Fraction(2, 3) + Fraction(1, 25)
    found = test(([1, 2], [3]), ([1, 1], [1, 2]))
    assert found.z == pytest.approx(float(above) / math.sqrt(below), abs=1e-15)
    assert found.z == pytest.approx(1.574672, abs=1e-6)
    # Of the pairs, both of two rise in the first stratum and two of four in the second.
    assert found.delta == (Fraction(2, 4) + Fraction(2, 5)) / (Fraction(2, 4) + Fraction(4, 5))
    assert found.n_strata == 2


@given(strata)
def test_it_is_the_textbook_s_formula_on_expanded_answers(rows):
    assert test(*rows).z == pytest.approx(from_raw_answers(rows), abs=1e-9)


@given(strata)
def test_time_turned_around_turns_the_sign(rows):
    found, back = test(*rows), test(*((after, before) for before, after in rows))
    assert (back.z, back.p, back.delta) == (-found.z, found.p, -found.delta)


@given(strata, st.integers(1, 5), st.integers(-40, 40))
def test_only_the_order_of_answers_counts(rows, times, shift):
    moved = [tuple([times * value + shift for value in side] for side in row) for row in rows]
    assert test(*moved) == test(*rows)


@given(strata, st.randoms())
def test_the_order_of_teams_does_not_count(rows, dice):
    shuffled = list(rows)
    dice.shuffle(shuffled)
    assert test(*shuffled) == test(*rows)


@given(st.lists(values, min_size=1, max_size=6))
def test_equal_histograms_are_no_change(rows):
    assert test(*((row, row) for row in rows))[:3] == (0.0, 1.0, 0)


@given(values, values, st.integers(2, 6))
def test_as_many_equal_strata_add_up_like_as_many_answers(before, after, times):
    """Merging strata that are alike keeps the direction; their z grows with the root of their number."""
    one, many = test((before, after)), test(*[(before, after)] * times)
    assert many.z == pytest.approx(one.z * math.sqrt(times), abs=1e-9)
    assert many.delta == one.delta == cliffs_delta(Histogram.count(before), Histogram.count(after))


def test_a_single_merged_stratum_is_the_single_test():
    rows = [([6, 12, 12], [18, 24]), ([6, 6], [12, 36, 42])]
    merged = [value for before, _ in rows for value in before], [value for _, after in rows for value in after]
    theirs = stats.mannwhitneyu(merged[1], merged[0], method="asymptotic", use_continuity=False)
    assert test(merged).p == pytest.approx(theirs.pvalue, abs=1e-12)


def test_a_growing_low_team_is_no_fall_of_the_organisation():
    """Simpson's paradox: all in one heap have fallen, but no team has."""
    low, high = [12, 18], [36, 42]
    rows = [(low * 2, low * 20), (high * 20, high * 2)]
    heap = [value for before, _ in rows for value in before], [value for _, after in rows for value in after]
    assert test(heap).p < 0.001
    assert test(*rows).p == 1


def test_a_stratum_with_an_empty_side_is_left_out():
    row = ([6, 12], [12, 18])
    assert test(row, ([], [6, 12]), ([6], [])) == test(row)
    with pytest.raises(ValueError, match="both sides"):
        test(([], [6]))
    with pytest.raises(ValueError, match="both sides"):
        van_elteren([])


def test_where_all_say_the_same_nothing_is_told():
    assert test(([12] * 8, [12] * 9))[:4] == (0.0, 1.0, 0, 1)


def test_false_alarms_are_as_rare_as_stated():
    """25 teams of eight to twelve in which nothing changed."""
    numbers, n_runs = np.random.default_rng(3), 400
    n_false = 0
    for _ in range(n_runs):
        sizes = numbers.integers(8, 13, (25, 2))
        rows = [tuple(list(numbers.integers(6, 43, size)) for size in pair) for pair in sizes]
        n_false += test(*rows).p <= 0.05
    assert abs(n_false / n_runs - 0.05) < 3 * math.sqrt(0.05 * 0.95 / n_runs)


def test_the_example_of_benjamini_and_hochberg():
    found = adjusted(BENJAMINI_HOCHBERG_1995)
    assert [round(p, 4) for p in found[:5]] == [0.0015, 0.0030, 0.0095, 0.0356, 0.0603]
    assert sum(p <= 0.05 for p in found) == 4


@given(p_values)
def test_adjusted_p_are_those_of_statsmodels_and_scipy(given_p):
    found = adjusted(given_p)
    assert found == pytest.approx(multipletests(given_p, method="fdr_bh")[1], abs=1e-12)
    assert found == pytest.approx(stats.false_discovery_control(given_p), abs=1e-12)


@given(p_values)
def test_adjusting_never_lowers_a_p_and_keeps_their_order(given_p):
    found = adjusted(given_p)
    assert all(p <= after <= 1 for p, after in zip(given_p, found, strict=True))
    pairs = sorted(zip(given_p, found, strict=True))
    assert [after for _, after in pairs] == sorted(found)


def test_no_and_impossible_p_values():
    assert adjusted([]) == []
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjusted([0.5, 1.5])
