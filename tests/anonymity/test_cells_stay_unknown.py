"""Promise: no answer and no count of a small team follows from everything that is released.

Roles are not asked in this version. What the attack on them would use is tried on teams: an attacker who knows our
program and every report lists all answers that would have given the same reports. A small team's histogram is safe
while many of those differ from each other, and while no value is in all of them equally often.
"""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from statistics import median
from typing import Any

import pytest

from reports.canonical import canonical_json
from reports.coarse import coarse_mean, coarse_words, possible_scores
from reports.disclosure import release
from reports.histograms import Histogram
from reports.kept import Node
from reports.levels import coarse_level
from reports.statistics import choice_name
from tests.anonymity import leaks_disclosure as leaks
from tests.anonymity.published import NO_CHANGES, publish
from tests.reports.builders import one_aspect, organisation_of, questionnaire, scores, team, team_campaign

SMALL = (5, 6, 7)
ASKED = questionnaire(aspects=("cooperation",), areas=("review",))
Found = list[str]


def reports_of(measure: str, n: int) -> dict[object, list[Histogram]]:
    """Release every team of n that there can be, and sort their histograms by what their reports say."""
    values = range(1, 4) if measure.startswith("choice:") else range(5)
    found: dict[object, list[Histogram]] = defaultdict(list)
    for answers in itertools.combinations_with_replacement(values, n):
        histogram = Histogram.count(answers)
        released = release(team_campaign({measure: histogram}, asked=ASKED), 10, changes=NO_CHANGES)
        found[canonical_json(released)].append(histogram)
    return found


def levels_of(n: int, n_items: int) -> dict[object, list[Histogram]]:
    """Sort every possible histogram of an aspect's scores by what is shown of it."""
    found: dict[object, list[Histogram]] = defaultdict(list)
    for row in possible_scores(n, (1, 7), n_items).tolist():
        histogram = Histogram.count(row)
        found[coarse_level([histogram], (1, 7), 12, n_items)].append(histogram)
    return found


def reconstruct(reports: Mapping[object, list[Histogram]], floor: int) -> Found:
    """The attack: return what is certain although a report does not say it."""
    found: Found = []
    for candidates in reports.values():
        if len(candidates) < floor:
            found.append(f"one of {len(candidates)}: {candidates}")
        found += [f"exactly {count} gave {value}" for value, count in certain(candidates)]
    return found


def certain(candidates: Iterable[Histogram]) -> Iterator[tuple[int, int]]:
    """Return the values that all candidates have equally often, and how often."""
    counts = [candidate.counts for candidate in candidates]
    for value in set().union(*counts):
        seen = {each.get(value, 0) for each in counts}
        if len(seen) == 1:
            yield value, seen.pop()


def told(title: str, reports: Mapping[object, list[Histogram]]) -> str:
    remaining = [len(candidates) for candidates in reports.values() for _ in candidates]
    return f"{title}: {len(remaining)} teams, {min(remaining)} or more candidates, median {median(remaining):.0f}"


@pytest.mark.attack("T21")
@pytest.mark.parametrize(("measure", "floor"), [("choice:cooperation", 3), ("ladder:review", 5)])
def test_the_answers_behind_a_word(measure: str, floor: int, capsys: pytest.CaptureFixture[str]):
    for n in SMALL:
        reports = reports_of(measure, n)
        assert reconstruct(reports, floor) == []
        with capsys.disabled():
            print("\n" + told(f"{measure}, {n} people", reports), end="")


@pytest.mark.slow
@pytest.mark.attack("T21")
def test_the_answers_behind_a_mean_and_its_words(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]):
    """Every team of five to seven with one, two and three statements an aspect; the largest list only with --slow."""
    most = 1_000_000 if request.config.getoption("--slow", default=False) else 140_000
    for n, n_items in itertools.product(SMALL, (1, 2, 3)):
        if len(possible_scores(n, (1, 7), n_items)) > most:
            continue
        reports = levels_of(n, n_items)
        assert reconstruct(reports, 10) == []
        with capsys.disabled():
            print("\n" + told(f"aspect of {n_items} statements, {n} people", reports), end="")


@pytest.mark.leaky("T21")
def test_means_to_three_decimals_are_reconstructed(monkeypatch: pytest.MonkeyPatch):
    leaks.three_decimals(monkeypatch)
    assert len(reconstruct(levels_of(5, 1), 10)) > 5


@pytest.mark.leaky("T21")
def test_a_majority_beside_two_thirds_is_a_count(monkeypatch: pytest.MonkeyPatch):
    leaks.a_majority_beside_two_thirds(monkeypatch)
    found = reconstruct(reports_of("ladder:review", 5), 5)
    assert "exactly 3 gave 4" in found


# --- teams, departments and the organisation together ----------------------------------------------------------------


def views(measure: str) -> Callable[[Histogram], object]:
    if measure.startswith("choice:"):
        return choice_name
    return lambda histogram: (coarse_mean(histogram, (1, 7)), coarse_words(histogram, (1, 7), 3))


def tell_apart(nodes: tuple[Node, ...], one: Any, other: Any) -> Found:
    """The attack: return the reports in which two organisations differ whose teams' own reports are the same."""
    found: Found = []
    first, second = (publish(nodes, counted, one_aspect()).released for counted in (one, other))
    for before, after in zip((first.whole, *first.departments), (second.whole, *second.departments), strict=True):
        if canonical_json(before) != canonical_json(after):
            found.append(before.name)
    for before, after in zip(first.teams, second.teams, strict=True):
        assert canonical_json(before) == canonical_json(after)
    return found


def unanimous_beside_nine(dice: random.Random) -> tuple[tuple[Node, ...], Any, Any]:
    """Six people who all say 7, or of whom one says 6 1/3, beside nine whose answers are shown exactly."""
    nine = {"aspect:cooperation": Histogram.count(2 * round(3 * min(max(dice.gauss(5, 1), 1), 7)) for _ in range(9))}
    nodes = organisation_of([team(10, n_invited=9), team(11, n_invited=6)])
    all_alike, but_one = ({"aspect:cooperation": scores(*[7] * 5, last)} for last in (7, 19 / 3))
    return nodes, {10: nine, 11: all_alike}, {10: nine, 11: but_one}


@pytest.mark.attack("T21")
def test_a_department_tells_nothing_of_its_small_team():
    dice = random.Random(211)
    assert [found for _ in range(60) if (found := tell_apart(*unanimous_beside_nine(dice)))] == []


@pytest.mark.leaky("T21")
def test_a_department_s_own_mean_tells_that_all_say_the_same(monkeypatch: pytest.MonkeyPatch):
    leaks.a_department_s_own_mean(monkeypatch)
    dice = random.Random(211)
    found = [found for _ in range(60) if (found := tell_apart(*unanimous_beside_nine(dice)))]
    assert len(found) > 5


@pytest.mark.slow
@pytest.mark.attack("T21")
def test_other_answers_give_the_same_reports(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]):
    """A small team that is in no exact figure: whatever its answers behind the same coarse values, all reports stay."""
    dice, n_organisations = random.Random(212), 400 if request.config.getoption("--slow", default=False) else 40
    n_pairs = 0
    for _ in range(n_organisations):
        nodes, counted, small = organisation_with_a_small_team(dice)
        for _ in range(3):
            other = dict(counted) | {small: {"aspect:cooperation": alternative(dice, counted[small])}}
            n_pairs += other != counted
            assert tell_apart(nodes, counted, other) == []
    with capsys.disabled():
        print(f"\n{n_pairs} pairs of organisations with other answers in a small team: the same reports")
    assert n_pairs > n_organisations


def organisation_with_a_small_team(dice: random.Random) -> tuple[tuple[Node, ...], Any, int]:
    """Two departments; one team of five to seven, the others of eight and more or of four and less."""
    sizes = [[dice.choice([3, 4, 8, 9, 11]) for _ in range(dice.randint(1, 3))] for _ in range(2)]
    sizes[0].append(dice.choice(SMALL))
    ids = iter(range(10, 99))
    rows = [[team(next(ids), n_invited=12) for _ in row] for row in sizes]
    flat = [n for row in sizes for n in row]
    people = {node.id: n for node, n in zip(itertools.chain(*rows), flat, strict=True)}
    counted = {node: {"aspect:cooperation": random_scores(dice, n)} for node, n in people.items()}
    return organisation_of(*rows), counted, rows[0][-1].id


def random_scores(dice: random.Random, n: int) -> Histogram:
    centre = dice.choice([1.5, 3, 4.5, 6, 6.9])
    return Histogram.count(2 * round(3 * min(max(dice.gauss(centre, 0.9), 1), 7)) for _ in range(n))


def alternative(dice: random.Random, answers: Mapping[str, Histogram]) -> Histogram:
    """Other answers that a team's own report shows alike, found by walking from its own."""
    histogram = answers["aspect:cooperation"]
    view, now = views("aspect:cooperation"), list(histogram.expanded())
    shown = view(histogram)
    for _ in range(60):
        changed = list(now)
        one, two = dice.sample(range(len(now)), 2)
        step = dice.choice([2, 4, 6])
        changed[one], changed[two] = changed[one] + step, changed[two] - dice.choice([step, step - 2, step + 2])
        if all(6 <= value <= 42 for value in changed) and view(Histogram.count(changed)) == shown:
            now = changed
    return Histogram.count(now)
