"""The one table and the columns of exchanges against what is computed one by one: equal to the last digit."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from reports import exchanges, shown_levels
from reports.canonical import to_json
from reports.carry_up import keep
from reports.crowds import known_in
from reports.disclosure import release, release_organisation
from reports.exactness import Campaign, Shown
from reports.exchanges import Exchanges
from reports.histograms import Histogram
from reports.kept import Kept
from reports.released import Tier
from tests.reports.builders import answers_of, organisation_of, questionnaire, team

ASPECT = "aspect:"


def campaign(seed: int, quarter: str = "2026-Q3") -> Kept:
    """A random organisation with teams of every way and size, known and unknown, and answers of every kind."""
    dice = random.Random(seed)
    asked = questionnaire(n_items=random.Random(seed // 2).choice([1, 2, 3]), scale=(1, 7))
    rows, counted, ids = [], {}, iter(range(1000, 9999))
    for _ in range(dice.randint(2, 4)):
        row = []
        for _ in range(dice.randint(1, 9)):
            n, node = dice.choice([3, 5, 5, 6, 7, 7, 8, 9, 14, 40]), next(ids)
            size = dice.choice([None, n, n + 1, n + 1, n + 5, n - 1]) if dice.random() < 0.4 else n + 1
            way = dice.choice(["cards", "cards", "cards", "open_link", "imported"])
            row.append(team(node, n_invited=size, way=way, n_answered=n))
            counted[node] = answers_of(asked, n, dice, dice.choice([0, 0, 0.3]), dice.choice([None, 2, 4, 7]))
        rows.append(row)
    focus = tuple(asked.aspects)[:2]
    nodes = [
        replace(node, focus=focus, team=None if node.kind == "organisation" else node.id)
        for node in organisation_of(*rows)
    ]
    return keep(nodes, counted, reporting_size=dice.choice([5, 5, 6]), questionnaire=asked, quarter=quarter)


@pytest.mark.parametrize("seed", range(12))
def test_documents_are_the_same_with_the_table_and_without(seed: int, monkeypatch: pytest.MonkeyPatch):
    kept, before = campaign(2 * seed), campaign(2 * seed + 1, "2026-Q2")
    monkeypatch.setattr(shown_levels, "A_TABLE_FROM", 10**9)
    one_by_one = release_organisation(kept, previous=before)
    monkeypatch.setattr(shown_levels, "A_TABLE_FROM", 0)
    at_once = release_organisation(kept, previous=before)
    assert at_once == one_by_one
    assert to_json(at_once) == to_json(one_by_one)
    assert repr(at_once) == repr(one_by_one)


@pytest.mark.parametrize("seed", range(12))
def test_the_table_says_what_the_functions_say_to_the_last_digit(seed: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shown_levels, "A_TABLE_FROM", 0)
    found = Campaign(campaign(seed))
    levels = shown_levels.exact_levels(found)
    shown = {
        (node, key.removeprefix(ASPECT)): one
        for (node, key), one in found.settled.items()
        if key.startswith(ASPECT) and isinstance(one, Shown) and one.tier is Tier.DETAIL
    }
    assert set(levels) == set(shown)
    for (node, aspect), one in shown.items():
        assert levels[node, aspect] == shown_levels.level_of(found, node, aspect, one)


def test_a_single_report_is_the_same_as_in_the_organisation(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shown_levels, "A_TABLE_FROM", 0)
    kept, before = campaign(4), campaign(5, "2026-Q2")
    whole = release_organisation(kept, previous=before)
    for part in (*whole.departments, *whole.teams):
        assert release(kept, part.node, previous=before) == part


@pytest.mark.parametrize("n_items", [1, 2, 3])
@pytest.mark.parametrize("scale", [(1, 7), (0, 4), (1, 10)])
def test_many_pairs_at_once_give_the_same_exchanges(
    n_items: int, scale: tuple[int, int], monkeypatch: pytest.MonkeyPatch
):
    dice = random.Random(n_items)
    values = range(6 * scale[0], 6 * scale[1] + 1, 6 // n_items)

    groups = []
    for _ in range(60):
        n = dice.choice([5, 6, 7])
        some = dice.sample(values, dice.choice([1, 2, 4, len(values)]))
        groups.append(tuple(sorted(dice.choice([*some, *some, dice.randint(values[0], values[-1])]) for _ in range(n))))
    pairs = [tuple(dice.sample(groups, 2)) for _ in range(120)]
    one_by_one, at_once = Exchanges(scale, n_items), Exchanges(scale, n_items)
    at_once.look(pairs)
    monkeypatch.setattr(exchanges, "MANY", 10**9)
    n_enough = 0
    for scores, theirs in pairs:
        ours: set[exchanges.Exchange] = set()
        other: set[exchanges.Exchange] = set()
        is_enough = at_once.enough(ours, scores, theirs)
        assert is_enough == one_by_one.enough(other, scores, theirs)
        assert is_enough or ours == other
        n_enough += is_enough
    assert 0 < n_enough < len(pairs)


def test_a_crowd_is_told_apart_the_same_whether_its_pairs_are_many(monkeypatch: pytest.MonkeyPatch):
    dice = random.Random(3)
    crowd = {
        owner: Histogram.count(dice.choices(range(6, 43, 2), k=dice.choice([5, 6, 7])) if owner % 9 else [6] * 5)
        for owner in range(60)
    }
    at_once = known_in(crowd, Exchanges((1, 7), 3))
    monkeypatch.setattr(exchanges, "MANY", 10**9)
    assert known_in(crowd, Exchanges((1, 7), 3)) == at_once
    assert 0 < len(at_once) < len(crowd)
