"""Promise: an exact total of many small teams gives none of them away, whatever their own reports say.

The attacker parts a total among the small teams in it in every way that fits what is shown of each.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator, Mapping
from statistics import median

import pytest

from reports.coarse import coarse_mean, coarse_words
from reports.histograms import Histogram
from reports.statistics import choice_name
from tests.anonymity import leaks_disclosure as leaks
from tests.anonymity.published import Publication, publish
from tests.anonymity.test_cells_stay_unknown import ASKED, Found, certain
from tests.reports.builders import one_aspect, organisation_of, team


def crowds(publication: Publication, measure: str) -> Iterator[tuple[list[int], Histogram]]:
    """Return the exact totals that no other exact total is a part of, with their small teams."""
    exact = [f for f in publication.figures if f.measure == measure and f.histogram is not None]
    for figure in exact:
        inside = [part for part in exact if part.teams < figure.teams]
        widest = [part for part in inside if not any(part.teams < other.teams for other in inside)]
        rest = figure.teams - frozenset().union(*(part.teams for part in widest))
        if rest:
            yield sorted(rest), figure.histogram - Histogram.total(part.histogram for part in widest)


def parts_of(n: int, name: object) -> list[tuple[int, int, int]]:
    """Return all choices of n people that have this name."""
    found = ((a, b, n - a - b) for a in range(n + 1) for b in range(n - a + 1))
    return [part for part in found if choice_name(Histogram.of(dict(enumerate(part, start=1)))) == name]


def part_the_crowd(publication: Publication, measure: str) -> tuple[Found, list[int]]:
    """The attack: part exact totals among the small teams in them in every way that their names allow.

    :return: what is certain, and how many candidates every team has.
    """
    found: Found = []
    remaining = []
    for teams, total in crowds(publication, measure):
        sizes = publication.n(measure)
        if len(teams) < 2 or any(sizes[node] < 5 for node in teams):
            continue
        options = [parts_of(sizes[node], choice_name(publication.counted[node][measure])) for node in teams]
        whole = tuple(total.counts.get(value, 0) for value in (1, 2, 3))
        for node, candidates in zip(teams, possible_parts(options, whole), strict=True):
            histograms = [Histogram.of(dict(enumerate(part, start=1))) for part in candidates]
            assert publication.counted[node][measure] in histograms
            remaining.append(len(histograms))
            if len(histograms) == 1:
                found.append(f"team {node}: {histograms[0].pairs}")
            found += [f"team {node}: exactly {count} chose {value}" for value, count in certain(histograms)]
    return found, remaining


def possible_parts(options: list[list[tuple[int, int, int]]], whole: tuple[int, ...]) -> list[list[tuple[int, ...]]]:
    """Return of each team the parts that some choice of the other teams' parts completes to the whole."""

    def sums(rows: Iterable[list[tuple[int, int, int]]]) -> list[set[tuple[int, int, int]]]:
        reached = [{(0, 0, 0)}]
        for row in rows:
            added = {(a + x, b + y, c + z) for a, b, c in reached[-1] for x, y, z in row}
            reached.append({s for s in added if all(part <= most for part, most in zip(s, whole, strict=True))})
        return reached

    before, after = sums(options), sums(reversed(options))[::-1]
    return [
        [
            part
            for part in row
            if any(
                tuple(w - s - p for w, s, p in zip(whole, total, part, strict=True)) in after[i + 1]
                for total in before[i]
            )
        ]
        for i, row in enumerate(options)
    ]


def crowd_of(dice: random.Random, weights: tuple[int, int, int]) -> Publication:
    rows, counted, ids = [], {}, iter(range(10, 99))
    for _ in range(2):
        row = [team(next(ids), n_invited=8) for _ in range(dice.randint(5, 7))]
        rows.append(row)
        for node in row:
            own = (1, 1, 1) if dice.random() < 0.1 else weights
            chosen = dice.choices((1, 2, 3), own, k=dice.choice((5, 5, 6, 7)))
            counted[node.id] = {"choice:cooperation": Histogram.count(chosen)}
    return publish(organisation_of(*rows), counted_with_nothing_else(counted), ASKED)


def counted_with_nothing_else(counted: Mapping[int, dict[str, Histogram]]) -> dict[int, dict[str, Histogram]]:
    keys = [*(question.key for question in ASKED.questions), "aspect:cooperation"]
    return {node: {key: Histogram() for key in keys} | own for node, own in counted.items()}


@pytest.mark.slow
@pytest.mark.attack("T21")
def test_small_teams_in_an_exact_total(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]):
    dice, n_organisations = random.Random(213), 300 if request.config.getoption("--slow", default=False) else 40
    remaining: list[int] = []
    for _ in range(n_organisations):
        weights = dice.choice([(1, 2, 9), (0, 1, 20), (3, 4, 5)])
        found, candidates = part_the_crowd(crowd_of(dice, weights), "choice:cooperation")
        assert found == []
        remaining += candidates
    with capsys.disabled():
        least, middle = min(remaining), median(remaining)
        print(f"\n{len(remaining)} small teams in exact totals: {least} or more candidates, median {middle:.0f}")


@pytest.mark.leaky("T21")
def test_a_mixed_team_among_unanimous_ones_is_found_in_the_total(monkeypatch: pytest.MonkeyPatch):
    leaks.any_crowd_is_exact(monkeypatch)
    found: Found = []
    dice = random.Random(213)
    for _ in range(40):
        found += part_the_crowd(crowd_of(dice, (0, 1, 20)), "choice:cooperation")[0]
    assert any("exactly" in each for each in found)


# --- aspects ----------------------------------------------------------------------------------------------------------


def two_low_teams(dice: random.Random) -> tuple[Publication, tuple[int, int]]:
    """Two teams of five far below four others, which nearly all say 7: their scores lie apart in any total."""
    low = dice.choice([2, 2.5, 3])
    rows = [team(10 + i, n_invited=8) for i in range(6)]
    counted = {}
    for node in rows:
        n, centre, deviation = (5, low, 0.9) if node.id < 12 else (6, 6.9, 0.2)
        answers = [2 * round(3 * min(max(dice.gauss(centre, deviation), 1), 7)) for _ in range(n)]
        counted[node.id] = {"aspect:cooperation": Histogram.count(answers)}
    return publish(organisation_of(rows), counted, one_aspect()), (10, 11)


def part_the_low_scores(publication: Publication, pair: tuple[int, int]) -> list[int]:
    """The attack: in how many ways can the low scores of a total be two teams' that are shown as these are?"""
    measure, remaining = "aspect:cooperation", []
    one, other = (publication.counted[node][measure] for node in pair)
    for teams, total in crowds(publication, measure):
        low = [value for value in total.expanded() if value < 36]
        if set(pair) <= set(teams) and len(low) == one.n + other.n:
            whole = Histogram.count(low)
            parts = {Histogram.count(part) for part in itertools.combinations(low, one.n)}
            fits = [part for part in parts if shown(part) == shown(one) and shown(whole - part) == shown(other)]
            remaining.append(len(fits))
    return remaining


def shown(histogram: Histogram) -> tuple[object, object]:
    return coarse_mean(histogram, (1, 7)), coarse_words(histogram, (1, 7), 3)


@pytest.mark.attack("T21")
def test_low_scores_in_an_exact_total(capsys: pytest.CaptureFixture[str]):
    dice = random.Random(214)
    remaining = [n for _ in range(60) for n in part_the_low_scores(*two_low_teams(dice))]
    assert all(n >= 10 for n in remaining)
    with capsys.disabled():
        print(f"\n{len(remaining)} of 60 totals with two low teams are exact; candidates: {sorted(remaining)[:5]} …")


@pytest.mark.leaky("T21")
def test_low_scores_are_parted_where_any_crowd_is_exact(monkeypatch: pytest.MonkeyPatch):
    leaks.any_crowd_is_exact(monkeypatch)
    dice = random.Random(214)
    remaining = [n for _ in range(60) for n in part_the_low_scores(*two_low_teams(dice))]
    assert min(remaining) < 5
