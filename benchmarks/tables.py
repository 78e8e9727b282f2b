"""Statistics of many nodes at once, the release of an organisation, the exact test, and reports of many answers."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from statistics import median

import numpy as np

from benchmarks import releases
from benchmarks.measuring import Result, in_turns, median_ratio, seconds, seconds_of_one_core
from questionnaires.instrument import Questionnaire
from questionnaires.loader import questionnaire
from reports.canonical import to_json
from reports.carry_up import keep
from reports.comparisons import permutation_p
from reports.counting import collapse
from reports.disclosure import release_organisation
from reports.exactness import Campaign
from reports.histograms import Histogram
from reports.kept import Kept, Node
from reports.levels import exact_level
from reports.table import statistics_table

SECONDS_FOR_500_TEAMS = 2.0
SAME_WORK = 1.1
"""How much longer a report of a thousand times as many answers may take."""
A_DEPARTMENT = 10


def organisation(sizes: list[int], asked: Questionnaire, *, times: int = 1) -> Kept:
    """Return a closed campaign of teams of these sizes, each answer counted so many times."""
    random_numbers = np.random.default_rng(1)
    n = sum(sizes) * times
    nodes = [Node(1, "organisation", "Organisation", None, n + 10, n_answered=n)]
    counted: dict[int, dict[str, Histogram]] = {}
    for number, size in enumerate(sizes):
        department, team = 10 + number // A_DEPARTMENT, 10_000 + number
        if number % A_DEPARTMENT == 0:
            people = sum(sizes[number : number + A_DEPARTMENT]) * times
            name = f"Department {department}"
            nodes.append(Node(department, "department", name, 1, people + 10, n_answered=people, team=department))
        people = size * times
        nodes.append(
            Node(team, "team", f"Team {number}", department, people + 1, "cards", n_answered=people, team=team)
        )
        columns = [random_numbers.integers(q.lowest + 1, q.highest + 2, size, dtype=np.uint8) for q in asked.questions]
        found = collapse(np.stack(columns, axis=1), asked)
        counted[team] = {
            key: Histogram.of({value: times * count for value, count in histogram.pairs})
            for key, histogram in found.items()
        }
    return keep(nodes, counted, reporting_size=5, questionnaire=asked, quarter="2026-Q3")


def run(*, quick: bool, full: bool) -> Iterator[Result]:
    asked = questionnaire()
    yield from _many_teams(asked, quick)
    yield from releases.run(quick=quick, full=full)
    yield _exact_test(quick)
    yield _many_answers(asked, quick)


def _many_teams(asked: Questionnaire, quick: bool) -> Iterator[Result]:
    n_teams, rounds = (20, 1) if quick else (500, 5)
    dice = random.Random(1)
    kept = organisation([dice.randint(4, 14) for _ in range(n_teams)], asked)
    campaign = Campaign(kept)

    def node_by_node() -> None:
        for (node, measure), figure in kept.figures.items():
            if measure.startswith("aspect:"):
                scale = campaign.scale(measure.removeprefix("aspect:"))
                n_items = len(asked.aspects[measure.removeprefix("aspect:")][1].items)
                exact_level(figure.histogram, scale, campaign.n_countable(node), n_items)

    times = in_turns(
        {
            "one by one": lambda: seconds(node_by_node),
            "table": lambda: seconds(lambda: statistics_table(kept)),
            "release": lambda: seconds_of_one_core(lambda: release_organisation(kept)),
        },
        rounds,
    )
    ratio = median_ratio(times["table"], times["one by one"])
    yield Result(
        f"table of {n_teams} teams and their departments, against node by node",
        median(times["one by one"]) * 1000,
        median(times["table"]) * 1000,
        "ms",
        ratio,
        None if quick else 1.0,
    )
    for name, what in (("table", "table"), ("release", "release of the whole organisation")):
        spent = median(times[name])
        yield Result(
            f"{what}, {n_teams} teams, against the time allowed",
            SECONDS_FOR_500_TEAMS,
            spent,
            "s",
            spent / SECONDS_FOR_500_TEAMS,
            None if quick else 1.0,
        )


def _exact_test(quick: bool) -> Result:
    from scipy import stats

    dice = random.Random(2)
    before, after = ([dice.randrange(6, 43, 2) for _ in range(40)] for _ in range(2))
    histograms = Histogram.count(before), Histogram.count(after)
    n_drawn = 99 if quick else 9999

    def difference(one: np.ndarray, other: np.ndarray, axis: int = -1) -> np.ndarray:
        found: np.ndarray = abs(np.mean(one, axis=axis) - np.mean(other, axis=axis))
        return found

    def drawn() -> object:
        return stats.permutation_test(
            (before, after), difference, n_resamples=n_drawn, alternative="greater", vectorized=True, rng=1
        )

    times = in_turns(
        {"scipy": lambda: seconds(drawn), "ours": lambda: seconds(lambda: permutation_p(*histograms))},
        1 if quick else 5,
    )
    return Result(
        f"exact test of 40 against 40, against scipy's {n_drawn} drawn permutations",
        median(times["scipy"]) * 1000,
        median(times["ours"]) * 1000,
        "ms",
        median_ratio(times["ours"], times["scipy"]),
        None if quick else 1.0,
    )


def _many_answers(asked: Questionnaire, quick: bool) -> Result:
    """Compare reports of 1,000 and of 1,000,000 answers that lie on the same values of the same histograms."""
    few, many = organisation([25] * 40, asked), organisation([25] * 40, asked, times=1000)

    def report(kept: Kept) -> float:
        return seconds(lambda: json.dumps(to_json(release_organisation(kept))))

    times = in_turns({"few": lambda: report(few), "many": lambda: report(many)}, 1 if quick else 9)
    return Result(
        "JSON report of 1,000,000 answers, against 1,000 in the same histograms",
        median(times["few"]) * 1000,
        median(times["many"]) * 1000,
        "ms",
        median_ratio(times["many"], times["few"]),
        None if quick else SAME_WORK,
    )
