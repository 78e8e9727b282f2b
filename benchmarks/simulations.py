"""`python -m benchmarks.simulations`: how often the reports' rules are right and wrong, on teams made up by chance.

Prints the tables of `docs/methods.md`; `--full` is what stands there, `--write docs/methods.md` puts it there. The
seed is fixed, so the same program prints the same tables; the tests run the reduced form.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from benchmarks.simulated_changes import changes, focus, steadiness
from benchmarks.simulated_labels import shared, split
from benchmarks.simulated_organisations import organisation, roles
from benchmarks.simulated_people import PROFILES, Turnout, counted, shown
from benchmarks.simulation_table import FULL, REDUCED, Table, dice_of
from questionnaires.answers import CANNOT_JUDGE, SHIFT
from questionnaires.loader import questionnaire
from reports.counting import collapse, needed_items
from reports.histograms import Histogram
from reports.statistics import bounds, mean, rungs, variance, wilson_interval

SCALE = (1, 7)
MARK, END = "<!-- simulations -->", "<!-- end of simulations -->"
TURNOUTS = tuple(Turnout(*pair) for pair in ((5, 6), (5, 8), (6, 8), (6, 12), (8, 10), (8, 15), (12, 15)))


def coverage(n_runs: int) -> Table:
    """How often the 90 % interval holds the mean of everybody, by profile: mean of the five and the worst."""
    dice, rows = dice_of(1), []
    for turnout in TURNOUTS:
        exact, told, leaning, widths, held = [], [], [], [], []
        for profile in PROFILES.values():
            hits = np.zeros(4)
            for _ in range(n_runs):
                team = profile.answers(dice, profile.opinions(dice, (turnout.size,)))
                low, high = _interval(counted(team[: turnout.n]), turnout.size)
                true = team.mean() / 6
                widths.append(high - low)
                interval = shown(counted(team[: turnout.n]), turnout.size).interval_90
                assert interval is not None
                # Who agrees by one point more answers 1.8 times as likely.
                eager = np.argsort(-(np.log(1.8) * team / 6 + dice.gumbel(size=turnout.size)))[: turnout.n]
                lean_low, lean_high = _interval(counted(team[eager]), turnout.size)
                least, greatest = bounds(mean(counted(team[eager])), turnout.n, turnout.size, SCALE)
                hits += (
                    low <= true <= high,
                    interval[0] <= true <= interval[1],
                    lean_low <= true <= lean_high,
                    float(least) - 1e-9 <= true <= float(greatest) + 1e-9,
                )
            for found, share in zip((exact, told, leaning, held), hits / n_runs, strict=True):
                found.append(float(share))
        figures = (np.mean(exact), min(exact), np.mean(told), min(told), min(leaning), min(held), np.mean(widths))
        rows.append((str(turnout), tuple(map(float, figures))))
    head = ("answered", "exact", "exact, worst", "as shown", "as shown, worst", "leaning, worst", "bounds, worst",
            "width in points")  # fmt: skip
    return Table(
        "coverage", "How often the 90 % interval holds the mean of all people asked", head, tuple(rows), n_runs
    )


def _interval(histogram: Histogram, size: int) -> tuple[float, float]:
    found = wilson_interval(float(mean(histogram)), float(variance(histogram)), histogram.n, size, SCALE)
    assert found is not None
    return found


def ladders(n_runs: int) -> Table:
    """How often the rung that two thirds see is the true one, or above it, beside a rounded mean."""
    dice, rows = dice_of(4), []
    n_runs *= 5
    for n in (5, 6, 7, 8, 10, 12):
        true = dice.integers(0, 5, n_runs)
        heard = true[:, None] + dice.normal(0, 0.4, (n_runs, n)) + dice.normal(0, 0.9, (n_runs, n))
        raters = np.clip(np.rint(heard), 0, 4).astype(np.int64)
        found = [rungs(Histogram.count(row)) for row in raters.tolist()]
        reached, majority = (np.array([getattr(rung, name) for rung in found]) for name in ("reached", "majority"))
        rounded = np.floor(raters.mean(axis=1) + 0.5)
        # Rung 4 cannot be claimed too much; so beside the mean of all five stands the worst of them.
        worst = max(np.mean(reached[true == rung] > rung) for rung in range(4))
        figures = [np.mean(reached == true), np.mean(reached > true), worst]
        figures += [np.mean(rung > true) for rung in (majority, rounded)]
        rows.append((str(n), tuple(map(float, figures))))
    head = (
        "raters",
        "reached is true",
        "reached claims too much",
        "reached claims too much, worst rung",
        "majority claims too much",
        "rounded mean claims too much",
    )
    return Table("ladders", "The rung that two thirds see", head, tuple(rows), n_runs)


def withheld(n_runs: int) -> Table:
    """Which share of figures falls below five answers when some questions are answered "cannot judge"."""
    dice, rows, asked = dice_of(5), [], questionnaire()
    keys = [question.key for question in asked.questions]
    n_items = len(asked.aspects["cooperation"][1].items)
    assert needed_items(n_items) < n_items
    for n in (5, 6, 7, 8):
        figures: list[float] = []
        for skip in (0.05, 0.10):
            few = {"aspect": 0, "complete": 0, "ladder": 0}
            n_figures = {"aspect": 0, "complete": 0, "ladder": 0}
            for _ in range(-(-n_runs // 5)):
                ballots = np.full((n, len(keys)), 2 + SHIFT, dtype=np.uint8)
                ballots[dice.random(ballots.shape) < skip] = CANNOT_JUDGE
                for key, histogram in collapse(ballots, asked).items():
                    kind = "complete" if key.startswith("complete:aspect:") else key.partition(":")[0]
                    if kind in few and not key.startswith("complete:item:"):
                        few[kind] += histogram.n < 5
                        n_figures[kind] += 1
            figures += [few[kind] / n_figures[kind] for kind in few]
        rows.append((str(n), tuple(figures)))
    head = ("answered", *(f"{kind} {skip}" for skip in ("5 %", "10 %") for kind in ("aspect", "all items", "ladder")))
    return Table("withheld", "Figures withheld because of “cannot judge”", head, tuple(rows), n_runs)


TABLES = {"coverage": coverage, "changes": changes, "focus": focus, "ladders": ladders, "withheld": withheld,
          "steadiness": steadiness, "organisation": organisation, "roles": roles,
          "shared": shared, "split": split}  # fmt: skip


def written(document: str, tables: str) -> str:
    """Return the document with these tables between its marks.

    :raise ValueError: when the document has no such marks.
    """
    before, mark, rest = document.partition(MARK)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"the document has no {MARK} and {END}")
    return f"{before}{mark}\n\n{tables}\n\n{end}{after}"


def main(arguments: list[str] | None = None) -> int:
    """Print the tables, or write them into a document."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulations", description=__doc__)
    parser.add_argument("tables", nargs="*", metavar="table", help=f"{', '.join(TABLES)}; all unless named")
    parser.add_argument("--full", action="store_true", help=f"{FULL:,} runs instead of {REDUCED:,}; takes minutes")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the tables between the marks of this file")
    chosen = parser.parse_args(arguments)
    unknown = sorted(set(chosen.tables) - set(TABLES))
    if unknown:
        parser.error(f"no table {', '.join(unknown)}; choose of {', '.join(TABLES)}")
    if chosen.write and chosen.tables:
        parser.error("--write writes all tables; name none")
    found = []
    for name in chosen.tables or TABLES:
        found.append(TABLES[name](FULL if chosen.full else REDUCED).markdown())
        print(found[-1], end="\n\n", flush=True)
    if chosen.write:
        chosen.write.write_text(written(chosen.write.read_text(encoding="utf-8"), "\n\n".join(found)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
