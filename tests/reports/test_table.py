"""The table of all nodes against the functions that compute one node, and against expanded answers."""

from __future__ import annotations

import random
import statistics as plain
from dataclasses import replace

import pandas as pd
import pytest

from reports import statistics
from reports.carry_up import keep
from reports.coarse import coarse_mean, coarse_words, view_of_scores
from reports.exactness import Campaign
from reports.histograms import Histogram
from reports.kept import Figure, Kept
from reports.levels import exact_level
from reports.table import Row, statistics_table, table_of
from tests.reports.builders import answers_of, organisation_of, questionnaire, team

CLOSE = pytest.approx


def campaign(seed: int) -> Kept:
    """A random organisation with teams of every way, known and unknown sizes, one and three statements, both scales."""
    dice = random.Random(seed)
    asked = questionnaire(n_items=dice.choice([1, 2, 3]), scale=dice.choice([(1, 7), (1, 5)]), areas=())
    rows, counted, ids = [], {}, iter(range(10, 99))
    for _ in range(dice.randint(1, 3)):
        row = []
        for _ in range(dice.randint(1, 5)):
            n, node = dice.choice([3, 5, 6, 8, 9, 14, 40]), next(ids)
            size = dice.choice([None, n, n, n + 1, n + 5, n - 1])
            row.append(team(node, n_invited=size, way=dice.choice(["cards", "open_link", "imported"]), n_answered=n))
            counted[node] = answers_of(asked, n, dice, dice.choice([0, 0.3]), dice.choice([None, 1, 4, 7]))
        rows.append(row)
    return keep(organisation_of(*rows), counted, reporting_size=5, questionnaire=asked, quarter="2026-Q3")


@pytest.mark.parametrize("seed", range(20))
def test_every_row_is_what_the_functions_say(seed: int):
    kept = campaign(seed)
    table, one_by_one = statistics_table(kept), Campaign(kept)
    assert list(table.index) == sorted((n, k.removeprefix("aspect:")) for n, k in kept.figures if k[:7] == "aspect:")
    for (node, aspect), row in table.iterrows():
        figure, scale = kept.figures[node, f"aspect:{aspect}"], one_by_one.scale(aspect)
        histogram, n_asked = figure.histogram, one_by_one.n_countable(node)
        if n_asked is not None and histogram.n > n_asked:
            n_asked = None
        level = exact_level(histogram, scale, n_asked, 3)
        assert (row["n"], row["n_teams"]) == (histogram.n, figure.n_teams)
        assert (None if pd.isna(row["n_asked"]) else row["n_asked"]) == n_asked
        assert row["mean"] == CLOSE(float(level.mean), abs=1e-12)
        assert row["variance"] == CLOSE(float(statistics.variance(histogram)), abs=1e-12)
        assert row["median_deviation"] == CLOSE(float(statistics.median_deviation(histogram)), abs=1e-12)
        assert tuple(row[["low", "middle", "high"]]) == statistics.thirds(histogram, scale)
        for ends, found in (("interval", level.interval_90), ("bound", level.bounds)):
            told = tuple(row[[f"{ends}_low", f"{ends}_high"]])
            assert all(map(pd.isna, told)) if found is None else told == CLOSE(tuple(map(float, found)), abs=1e-12)


def test_it_equals_the_functions_to_the_last_digit_where_only_division_rounds():
    table = table_of([Row(1, "a", Histogram.of({7: 3, 20: 5, 41: 2}), (1, 7), 13)]).iloc[0]
    histogram = Histogram.of({7: 3, 20: 5, 41: 2})
    assert table["mean"] == float(statistics.mean(histogram))
    assert table["variance"] == float(statistics.variance(histogram))
    assert table["bound_low"] == float(statistics.bounds(statistics.mean(histogram), 10, 13, (1, 7))[0])


def test_raw_answers_give_the_same():
    dice = random.Random(9)
    rows = [
        Row(i, "a", Histogram.count(dice.choices(range(6, 43), k=n)), (1, 7), None) for i, n in enumerate((2, 9, 30))
    ]
    for given, (_, row) in zip(rows, table_of(rows).iterrows(), strict=True):
        points = [value / 6 for value in given.histogram.expanded()]
        assert row["mean"] == CLOSE(plain.mean(points))
        assert row["variance"] == CLOSE(plain.variance(points))
        assert row["median_deviation"] == CLOSE(plain.mean(abs(p - plain.median(points)) for p in points))


def test_single_answers_full_counts_and_unanimous_teams():
    rows = [
        Row(1, "a", Histogram.of({12: 1}), (1, 7), 4),
        Row(2, "a", Histogram.of({12: 4, 18: 4}), (1, 7), 8),
        Row(3, "a", Histogram.of({42: 9}), (1, 7), None),
        Row(4, "a", Histogram.of({6: 9}), (1, 7), 10),
    ]
    table = table_of(rows)
    assert table["variance"].tolist()[0] == 0
    assert table["interval_low"].isna().tolist() == [True, True, False, False]
    assert table["bound_low"].isna().tolist() == [False, False, True, False]
    for place in (2, 3):
        row, given = table.iloc[place], rows[place]
        found = statistics.wilson_interval(row["mean"], 0.0, 9, given.n_asked, (1, 7))
        assert (row["interval_low"], row["interval_high"]) == CLOSE(found, abs=1e-12)


def test_nothing_kept_is_an_empty_table_and_nothing_counted_is_refused():
    kept = campaign(1)
    assert len(statistics_table(replace(kept, figures={}))) == 0
    with pytest.raises(ValueError, match="empty histogram"):
        statistics_table(replace(kept, figures={(1, "aspect:cooperation"): Figure(Histogram(), 0)}))


@pytest.mark.parametrize("n_items", [1, 2, 3])
@pytest.mark.parametrize("scale", [(1, 7), (1, 5)])
def test_the_view_in_whole_numbers_tells_apart_what_mean_and_words_do(n_items: int, scale: tuple[int, int]):
    dice, view = random.Random(3), view_of_scores(scale, n_items)
    for n in (5, 6, 7, 9):
        values = range(6 * scale[0], 6 * scale[1] + 1, 6 // n_items)
        seen: dict[object, object] = {}
        for _ in range(400):
            centre = dice.choice(values)
            scores = sorted(dice.choice([centre, dice.choice(values)]) for _ in range(n))
            histogram = Histogram.count(scores)
            told = coarse_mean(histogram, scale, n_items), coarse_words(histogram, scale, n_items)
            assert seen.setdefault(view(scores), told) == told
        assert len(set(seen.values())) == len(seen)
