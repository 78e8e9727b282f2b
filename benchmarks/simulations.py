"""`python -m benchmarks.simulations`: how often the reports' rules are right and wrong, on teams made up by chance.

Prints the tables of `docs/methods.md`; `--full` is what stands there, `--write docs/methods.md` puts it there. The
seed is fixed, so the same program prints the same tables; the tests run the reduced form.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.simulated_people import PROFILES, Profile, Turnout, counted, series, shown, two_quarters
from questionnaires.answers import CANNOT_JUDGE, SHIFT
from questionnaires.loader import questionnaire
from reports.comparisons import judge, judge_released
from reports.counting import collapse, needed_items
from reports.histograms import Histogram
from reports.released import Tier
from reports.statistics import bounds, mean, rungs, variance, wilson_interval
from reports.steadiness import ALONE, WITH_TEST, steady

SEED = 2026
FULL, REDUCED = 2000, 40
SCALE = (1, 7)
MARK, END = "<!-- simulations -->", "<!-- end of simulations -->"


@dataclass(frozen=True)
class Table:
    """One table: a row of figures per case. Rates are shares of 1; a column whose head says points is not."""

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float, ...]], ...]
    n_runs: int
    """Made-up cases behind every figure, at the least."""

    def markdown(self) -> str:
        lines = [f"**{self.title}** ({self.n_runs:,} runs a figure)", ""]
        lines += [f"| {' | '.join(self.head)} |", f"|{'---|' * len(self.head)}"]
        lines += [f"| {case} | {' | '.join(f'{figure:.3f}' for figure in figures)} |" for case, figures in self.rows]
        return "\n".join(lines)

    def figure(self, case: str, column: str) -> float:
        return dict(self.rows)[case][self.head.index(column) - 1]


TURNOUTS = tuple(Turnout(*pair) for pair in ((5, 6), (5, 8), (6, 8), (6, 12), (8, 10), (8, 15), (12, 15)))


def coverage(n_runs: int) -> Table:
    """How often the 90 % interval holds the mean of everybody, by profile: mean of the five and the worst."""
    dice, rows = np.random.default_rng([SEED, 1]), []
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


PAIRS = tuple(
    (Turnout(*before), Turnout(*after))
    for before, after in (
        ((5, 6), (5, 6)),
        ((6, 8), (6, 8)),
        ((7, 7), (7, 7)),
        ((9, 10), (6, 8)),
        ((8, 8), (8, 8)),
        ((8, 10), (9, 12)),
        ((12, 15), (11, 15)),
    )
)


def changes(n_runs: int) -> Table:
    """How often the change test of the report says "changed": falsely, and where everybody moved."""
    dice, rows = np.random.default_rng([SEED, 2]), []
    middle = PROFILES["middle"]
    for pair in PAIRS:
        same, new, arrows = [], [], []
        for profile in PROFILES.values():
            same.append(_share(n_runs, partial(_is_changed, dice, profile, pair, 0.1)))
            new.append(_share(n_runs, partial(_is_changed, dice, profile, pair, 1)))
            arrows.append(_share(n_runs, partial(_has_arrow, dice, profile, pair)))
        power = [_share(n_runs, partial(_is_raised, dice, middle, pair, 0.1, shift)) for shift in (1, 1.5, 2.5)]
        rows.append(
            (
                f"{pair[0]}, {pair[1]}",
                (float(np.mean(same)), max(same), float(np.mean(new)), max(new), max(arrows), *power),
            )
        )
    head = ("answered before, after", "10 % new", "10 % new, worst", "all new", "all new, worst", "arrow at 0.5, worst",
            "found +1.0", "found +1.5", "found +2.5")  # fmt: skip
    return Table("changes", "How often a change of a focus aspect is claimed", head, tuple(rows), n_runs)


def _share(n_runs: int, happens: Callable[[], bool | int]) -> float:
    return sum(bool(happens()) for _ in range(n_runs)) / n_runs


def _verdict(before: Histogram, after: Histogram, sizes: tuple[Turnout, Turnout]) -> int:
    """Return the report's verdict: the exact test from eight answers on both sides, else the one on what is shown."""
    figures = shown(before, sizes[0].size), shown(after, sizes[1].size)
    if all(figure.tier is Tier.DETAIL for figure in figures):
        return judge(before, after).direction
    return judge_released(*figures)


def _is_changed(
    dice: np.random.Generator, profile: Profile, pair: tuple[Turnout, Turnout], turnover: float, shift: float = 0.0
) -> int:
    return _verdict(*two_quarters(dice, profile, *pair, turnover, shift), pair)


def _is_raised(
    dice: np.random.Generator, profile: Profile, pair: tuple[Turnout, Turnout], turnover: float, shift: float
) -> bool:
    return _is_changed(dice, profile, pair, turnover, shift) > 0


def _has_arrow(dice: np.random.Generator, profile: Profile, pair: tuple[Turnout, Turnout]) -> bool:
    before, after = two_quarters(dice, profile, *pair, 0.1)
    return abs(mean(after) - mean(before)) >= Fraction(1, 2)


def focus(n_runs: int) -> Table:
    """How often "changed" is false when the focus was last quarter's two lowest of six aspects."""
    dice, rows, middle = np.random.default_rng([SEED, 3]), [], PROFILES["middle"]
    for pair in PAIRS:
        figures = []
        for turnover in (0.1, 1.0):
            chosen, lowest = [], []
            for _ in range(-(-n_runs // 2)):
                aspects = [two_quarters(dice, middle, *pair, turnover) for _ in range(6)]
                chosen += [_verdict(*aspect, pair) for aspect in aspects[:2]]
                aspects.sort(key=lambda aspect: mean(aspect[0]))
                lowest += [_verdict(*aspect, pair) for aspect in aspects[:2]]
            figures += [
                float(np.mean(np.abs(chosen))),
                float(np.mean(np.abs(lowest))),
                float(np.mean(np.array(lowest) > 0)),
            ]
        rows.append((f"{pair[0]}, {pair[1]}", tuple(figures)))
    what = ("any two", "two lowest", "two lowest, higher")
    head = ("answered before, after", *(f"{who}, {which}" for who in ("10 % new", "all new") for which in what))
    return Table("focus", "False “changed” when the focus is last quarter’s lowest", head, tuple(rows), n_runs)


def ladders(n_runs: int) -> Table:
    """How often the rung that two thirds see is the true one, or above it, beside a rounded mean."""
    dice, rows = np.random.default_rng([SEED, 4]), []
    n_runs *= 5
    for n in (5, 6, 7, 8, 10, 12):
        true = dice.integers(0, 5, n_runs)
        heard = true[:, None] + dice.normal(0, 0.4, (n_runs, n)) + dice.normal(0, 0.9, (n_runs, n))
        raters = np.clip(np.rint(heard), 0, 4).astype(np.int64)
        found = [rungs(Histogram.count(row)) for row in raters.tolist()]
        reached, majority = (np.array([getattr(rung, name) for rung in found]) for name in ("reached", "majority"))
        rounded = np.floor(raters.mean(axis=1) + 0.5)
        figures = [np.mean(reached == true), *(np.mean(rung > true) for rung in (reached, majority, rounded))]
        rows.append((str(n), tuple(map(float, figures))))
    head = (
        "raters",
        "reached is true",
        "reached claims too much",
        "majority claims too much",
        "rounded mean claims too much",
    )
    return Table("ladders", "The rung that two thirds see", head, tuple(rows), n_runs)


def withheld(n_runs: int) -> Table:
    """Which share of figures falls below five answers when some questions are answered "cannot judge"."""
    dice, rows, asked = np.random.default_rng([SEED, 5]), [], questionnaire()
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


def steadiness(n_runs: int) -> Table:
    """How often a steady movement is claimed of a focus aspect that nothing happens to."""
    dice, rows, middle = np.random.default_rng([SEED, 6]), [], PROFILES["middle"]
    for turnout in (Turnout(6, 8), Turnout(8, 10), Turnout(12, 15)):
        figures = []
        for turnover in (0.1, 1.0):
            for n_quarters in (3, WITH_TEST, ALONE):
                one_way = claimed = 0
                for _ in range(n_runs):
                    quarters = list(_quarters(dice, middle, turnout, turnover, n_quarters))
                    means = [mean(histogram) for histogram in quarters]
                    one_way += means in (sorted(set(means)), sorted(set(means), reverse=True))
                    claimed += n_quarters > 3 and steady(series(quarters, turnout.size), "cooperation") is not None
                figures += [one_way / n_runs] if n_quarters == 3 else [claimed / n_runs]
        rows.append((str(turnout), tuple(figures)))
    head = ("answered", *(f"{who}, {what}" for who in ("10 % new", "all new") for what in
                          ("3 points one way", "steady after 4", "steady after 5")))  # fmt: skip
    return Table("steadiness", "“Steady” where nothing happens", head, tuple(rows), n_runs)


def _quarters(
    dice: np.random.Generator, profile: Profile, turnout: Turnout, turnover: float, n_quarters: int
) -> Iterator[Histogram]:
    people = profile.opinions(dice, (turnout.size,))
    for _ in range(n_quarters):
        yield counted(dice.permutation(profile.answers(dice, people))[: turnout.n])
        people = np.where(dice.random(people.shape) < turnover, profile.opinions(dice, people.shape), people)


TABLES = {"coverage": coverage, "changes": changes, "focus": focus, "ladders": ladders, "withheld": withheld,
          "steadiness": steadiness}  # fmt: skip


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
