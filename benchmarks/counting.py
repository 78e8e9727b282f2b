"""Counting opened ballots, against the counting of bytes that it cannot do without."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

import numpy as np

from benchmarks.measuring import Result, in_turns, median_ratio, seconds
from questionnaires.instrument import Questionnaire
from questionnaires.loader import questionnaire
from reports.counting import collapse

MOST = 20.0


def many_ballots(asked: Questionnaire, n: int) -> np.ndarray:
    random = np.random.default_rng(1)
    columns = [random.integers(q.lowest + 1, q.highest + 2, n, dtype=np.uint8) for q in asked.questions]
    return np.stack(columns, axis=1)


def run(*, quick: bool, full: bool) -> Iterator[Result]:
    del full
    asked = questionnaire()
    n, rounds = (2000, 3) if quick else (20_000, 9)
    ballots = many_ballots(asked, n)

    def bare() -> None:
        for column in range(ballots.shape[1]):
            np.bincount(ballots[:, column], minlength=256)

    times = in_turns({"bare": lambda: seconds(bare), "ours": lambda: seconds(lambda: collapse(ballots, asked))}, rounds)
    yield Result(
        "count a ballot, against one bincount per question",
        median(times["bare"]) / n * 1e6,
        median(times["ours"]) / n * 1e6,
        "µs",
        median_ratio(times["ours"], times["bare"]),
        None if quick else MOST,
    )
