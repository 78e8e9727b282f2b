"""`python -m benchmarks`: how far the product is from what the machine allows, measured side by side in one run.

Absolute times differ from machine to machine and from minute to minute; the ratios hold. Each round measures the limit
and the product one after the other, and the median over the rounds is reported, so that a busy minute hits both.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np

from assessment.config import Settings
from assessment.domain.ballots import SEALED_LENGTH
from assessment.services.actor import Actor
from assessment.services.campaigns import get_campaign
from assessment.services.draft_campaign import draft_campaign
from assessment.services.import_organisation import import_organisation
from assessment.services.migrate import migrate
from assessment.services.open_campaign import open_campaign
from assessment.services.organisation import get_organisation, set_up
from assessment.services.platform import Platform, connect
from assessment.services.print_cards import print_cards
from assessment.services.submit_ballot import submit_ballot
from assessment.storage.database import SQLITE_PRAGMAS
from questionnaires.instrument import Questionnaire
from questionnaires.loader import questionnaire
from reports.counting import collapse

ROUNDS = 9
SUBMISSIONS = 40
BALLOTS = 20_000
OPERATOR = Actor("benchmark")


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compared(name: str, limit: Callable[[], object], ours: Callable[[], object], n: int, most: float) -> bool:
    """Measure both in turns, print the ratio, and say whether it stays below what is accepted."""
    limit(), ours()
    pairs = [(seconds(limit), seconds(ours)) for _ in range(ROUNDS)]
    ratio = statistics.median(own / bare for bare, own in pairs)
    bare, own = (statistics.median(column) / n * 1e6 for column in zip(*pairs, strict=True))
    verdict = "" if ratio <= most else "  OVER"
    print(f"{name:58}{bare:10.2f} µs {own:10.2f} µs   {ratio:6.1f} times, at most {most:g}{verdict}")
    return ratio <= most


def bare_inserts(folder: Path) -> Callable[[], None]:
    """Return the limit of submitting: one synced insert of the same size each, by the driver alone."""
    connection = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    for name, value in SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
    connection.execute("CREATE TABLE ballot (id BLOB PRIMARY KEY, campaign INT, node INT, sealed BLOB) WITHOUT ROWID")

    def insert() -> None:
        for _ in range(SUBMISSIONS):
            connection.execute("BEGIN IMMEDIATE")
            row = (os.urandom(32), 1, 1, os.urandom(SEALED_LENGTH))
            connection.execute("INSERT INTO ballot VALUES (?, ?, ?, ?)", row)
            connection.execute("COMMIT")

    return insert


def submissions(platform: Platform) -> Callable[[], None]:
    """Return the product's way: from a card's code and answers to a receipt."""
    set_up(platform, name="Benchmark", language="en", timezone="UTC")
    n_people = SUBMISSIONS * (ROUNDS + 1)
    people = "department,team,name,e-mail\n" + "".join(
        f"All,Atlas,Person {n},p{n}@example.org\n" for n in range(n_people)
    )
    import_organisation(platform, people.encode(), actor=OPERATOR)
    organisation = get_organisation(platform)
    teams = [team.id for team in organisation.teams] if organisation else []
    closes_at = platform.clock() + timedelta(days=1)
    campaign = draft_campaign(platform, OPERATOR, quarter="2026-Q4", teams=teams, closes_at=closes_at)
    open_campaign(platform, OPERATOR, campaign)
    view = get_campaign(platform, OPERATOR, campaign)
    codes = iter([card.code for card in print_cards(platform, OPERATOR, campaign, view.teams[0].id).cards])
    given: dict[str, int | None] = {question.key: question.lowest + 1 for question in view.questionnaire.questions}

    def submit() -> None:
        for _ in range(SUBMISSIONS):
            submit_ballot(platform, door_key=next(codes), answers=given)

    return submit


def many_ballots(asked: Questionnaire) -> np.ndarray:
    random = np.random.default_rng(1)
    columns = [random.integers(q.lowest + 1, q.highest + 2, BALLOTS, dtype=np.uint8) for q in asked.questions]
    return np.stack(columns, axis=1)


def main() -> int:
    asked = questionnaire()
    ballots = many_ballots(asked)
    within = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = {"ASSESSMENT_KEY_DIRECTORY": str(folder / "keys")}
        platform = connect(Settings.load(folder / "instance", environ))
        migrate(platform)
        print(f"{'':58}{'limit':>13} {'ours':>13}")
        within.append(
            compared(
                "submit a ballot, against a bare synced insert of its size",
                bare_inserts(folder),
                submissions(platform),
                SUBMISSIONS,
                most=25,
            )
        )
        within.append(
            compared(
                "count a ballot, against one bincount per question",
                lambda: [np.bincount(ballots[:, column], minlength=256) for column in range(ballots.shape[1])],
                lambda: collapse(ballots, asked),
                BALLOTS,
                most=20,
            )
        )
        platform.database.dispose()
    return 0 if all(within) else 1


if __name__ == "__main__":
    sys.exit(main())
