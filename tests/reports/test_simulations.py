"""The rules are right as often as `docs/methods.md` says: simulated teams, and the tables that the document shows."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from benchmarks import simulations
from benchmarks.simulated_organisations import N_ASPECTS, RISEN
from benchmarks.simulated_people import PROFILES, shown
from benchmarks.simulation_table import FULL, REDUCED, Table
from benchmarks.simulations import END, MARK, TABLES, main, written
from reports.histograms import Histogram
from reports.stratified import FALSE_SHARE
from reports.verdicts import Tier

DOCUMENT = Path(__file__).parents[2] / "docs" / "methods.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
PROSE = " ".join(TEXT.split())
SHOWN = TEXT.partition(MARK)[2].partition(END)[0]
FULL_ERRORS, REDUCED_ERRORS = 2, 4
"""So many standard errors may a simulated rate lie beyond the stated one. The seed is fixed: a test that passes does so
every time. In the reduced form, of few runs and many cases, the furthest of some hundred rates is allowed more."""


def error(rate: float, n_runs: int) -> float:
    """The standard error of a rate, which is not 0 where nothing or everything was counted."""
    likely = (rate * n_runs + 2) / (n_runs + 4)
    return (likely * (1 - likely) / n_runs) ** 0.5


def room(table: Table, rate: float, n_of_run: int = 1) -> float:
    """Return the Monte-Carlo error that a rate of this table may have, where a run has so many of what is counted."""
    errors = FULL_ERRORS if table.n_runs >= FULL // 2 else REDUCED_ERRORS
    return errors * error(rate, table.n_runs * n_of_run)


def at_most(table: Table, column: str, rate: float, rows: str = "", n_of_run: int = 1) -> None:
    for case, _ in table.rows:
        if re.search(rows, case):
            assert table.figure(case, column) <= rate + room(table, rate, n_of_run), f"{column}, {case}"


def at_least(table: Table, column: str, rate: float, rows: str = "", n_of_run: int = 1) -> None:
    for case, _ in table.rows:
        if re.search(rows, case):
            assert table.figure(case, column) >= rate - room(table, rate, n_of_run), f"{column}, {case}"


FIVE = len(PROFILES)
"""A mean over all kinds of team counts so many times the runs of one."""


def coverage(table: Table) -> None:
    for column in ("exact", "as shown"):
        at_least(table, column, 0.90, n_of_run=FIVE)
        at_least(table, f"{column}, worst", 0.90)
    at_least(table, "as shown", 0.95, COARSE, n_of_run=FIVE)
    assert {table.figure(case, "bounds, worst") for case, _ in table.rows} == {1.0}
    # What the document warns of: no interval survives silence that depends on the score.
    assert table.figure("8 of 15", "leaning, worst") < 0.6


EXACT, COARSE = r"^(8|12) of", r"^[567] of|, 6 of 8$"


def changes(table: Table) -> None:
    at_most(table, "10 % new", 0.02, n_of_run=FIVE)
    at_most(table, "10 % new, worst", 0.05)
    at_most(table, "all new", 0.05, n_of_run=FIVE)
    at_most(table, "all new", 0.025, COARSE, n_of_run=FIVE)
    at_most(table, "all new, worst", 0.057)
    at_least(table, "found +2.5", 0.98, EXACT)
    at_least(table, "found +2.5", 0.52, COARSE)
    at_least(table, "arrow at 0.5, worst", 0.15)


def focus(table: Table) -> None:
    at_most(table, "10 % new", 0.02, n_of_run=FIVE)
    at_most(table, "half new", 0.035, n_of_run=FIVE)
    at_most(table, "half new, worst", 0.05)
    at_most(table, "all new", 0.07, n_of_run=FIVE)
    # The excess is gone where the answers compared with had no part in the choice, and where nobody chose by them.
    for column in ("all new, against the quarter before", "all new, any two"):
        at_most(table, column, 0.05, n_of_run=FIVE)


def ladders(table: Table) -> None:
    at_most(table, "reached claims too much", 0.07)
    at_most(table, "reached claims too much, worst rung", 0.10)
    for case, _ in table.rows:
        assert table.figure(case, "reached claims too much") < table.figure(case, "rounded mean claims too much")


def withheld(table: Table) -> None:
    """Simulated through the real counting; the chances themselves are binomial."""
    for case, _ in table.rows:
        for skip in (5, 10):
            missing = skip / 100
            chances = {"aspect": stats.binom.sf(1, 3, missing), "all items": 1 - (1 - missing) ** 3, "ladder": missing}
            for kind, chance in chances.items():
                expected = stats.binom.cdf(4, int(case), 1 - chance)
                found = table.figure(case, f"{kind} {skip} %")
                # Of twenty-four cells, on two sides, one is as a rule more than two standard errors out.
                assert found == pytest.approx(expected, abs=1.5 * room(table, expected)), (case, kind)


def steadiness(table: Table) -> None:
    for who in ("10 % new", "all new"):
        at_most(table, f"{who}, steady after 4", 0.02)
        at_most(table, f"{who}, steady after 5", 0.03)
        at_least(table, f"{who}, 3 points one way", 0.28)
        at_most(table, f"{who}, any of six", 0.12)


def organisation(table: Table) -> None:
    for who in ("10 % new", "all new"):
        at_most(table, f"{who}, p at most .05", 0.05, n_of_run=N_ASPECTS)
        # Where nothing has changed at all, every claim is false, and the correction holds any claim at its share.
        at_most(table, f"{who}, any of six changed", FALSE_SHARE)
    at_most(table, "all new, false of those changed", FALSE_SHARE)
    at_most(table, "10 % new, any of six changed", 0.01)
    at_least(table, "all new, found +0.4", 0.90, "25", n_of_run=RISEN)


def roles(table: Table) -> None:
    at_most(table, "p at most .05", 0.05, n_of_run=N_ASPECTS)
    at_most(table, "any of six different", FALSE_SHARE)
    at_least(table, "interval holds", 0.90, n_of_run=N_ASPECTS)
    for case, _ in table.rows:
        assert table.figure(case, "in one heap, p at most .05") > 2 * table.figure(case, "p at most .05")


def shared(table: Table) -> None:
    at_most(table, "anywhere on the scale", 0.05)
    at_least(table, "consensus", 0.90)
    at_most(table, "split", 0.07)
    # What the document warns of: the word does not say that people who throw dice are of one mind, nor rule it out.
    at_most(table, "three dice", 0.50)
    assert max(table.figure(case, "three dice") for case, _ in table.rows) > 0.2


def split(table: Table) -> None:
    at_most(table, "one opinion at 4", 0.30)
    at_most(table, "middle", 0.33)
    at_most(table, "low, high or consensus, worst", 0.02)
    at_least(table, "split", 0.85, "^(8|12|13|18)")
    at_least(table, "split", 0.99, "^(40|100|200)")
    for case, _ in table.rows:
        # What the second condition takes from groups of one opinion, it takes from hardly a group of two.
        assert table.figure(case, "one opinion at 4") <= table.figure(case, "one opinion at 4, sides only")
        for kind in ("split", "split 3 : 7"):
            lost = table.figure(case, f"{kind}, sides only") - table.figure(case, kind)
            assert lost <= 0.01 + room(table, 0.01)
    if table.n_runs >= FULL // 2:
        # And nothing jumps where a sixth takes over from two.
        assert abs(table.figure("12", "one opinion at 4") - table.figure("13", "one opinion at 4")) < 0.05


STATED = {"coverage": coverage, "changes": changes, "focus": focus, "ladders": ladders, "withheld": withheld,
          "steadiness": steadiness, "organisation": organisation, "roles": roles,
          "shared": shared, "split": split}  # fmt: skip


def documented(name: str) -> Table:
    """Return a table as the document shows it; they stand there in their order."""
    title, n_runs = re.findall(r"^\*\*(.+)\*\* \(([\d,]+) runs a figure\)$", SHOWN, re.MULTILINE)[
        list(TABLES).index(name)
    ]
    lines = SHOWN.partition(f"**{title}**")[2].partition("\n\n**")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    rows = tuple((row[0], tuple(map(float, row[1:]))) for row in cells[1:])
    return Table(name, title, tuple(cells[0]), rows, int(n_runs.replace(",", "")))


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
def test_the_rules_are_right_as_often_as_the_document_says(name: str, full: bool):
    table = TABLES[name](FULL if full else REDUCED)
    STATED[name](table)
    if full:
        assert table.markdown() in SHOWN, (
            "write them anew: python -m benchmarks.simulations --full --write docs/methods.md"
        )
        return
    there = documented(name)
    assert there.title == table.title
    STATED[name](there)
    assert there.head == table.head
    assert [case for case, _ in there.rows] == [case for case, _ in table.rows]
    for case, _ in table.rows:
        for column in table.head[1:]:
            ours, theirs = table.figure(case, column), there.figure(case, column)
            if column.endswith("in points"):
                assert ours == pytest.approx(theirs, rel=0.1)
                continue
            # The worst of several is the further out, the fewer runs each of them has.
            errors = REDUCED_ERRORS + 2 * ("worst" in column)
            far = errors * (error(theirs, table.n_runs) + error(theirs, there.n_runs))
            assert ours == pytest.approx(theirs, abs=far), f"{case}, {column}"


ENDS = (
    ("changes", "arrow at 0.5, worst", r"an arrow at half a point appears in (\d+) to (\d+) of 100"),
    ("ladders", "rounded mean claims too much", r"It claims too much in (\d+) to (\d+) of 100 areas"),
    ("ladders", "reached claims too much", r"of 100 areas, two thirds in (\d+) to (\d+)"),
    ("shared", "three dice", r"and (\d+) to (\d+) of 100 groups would look shared"),
    ("split", "one opinion at 4", r"With it, (\d+) to (\d+) of 100 groups of one opinion"),
    ("roles", "in one heap, p at most .05", r"it calls roles different in (\d+) to (\d+) of 100 cases"),
)
WORST = (
    ("focus", "10 % new, worst", r"with 10 % new in fewer than 2 of 100 cases, at worst (\d+),"),
    ("focus", "half new, worst", r"with half of them new in fewer than 4, at worst (\d+),"),
    ("focus", "all new, worst", r"with everybody new in 6 to 7 from eight answers on, at worst (\d+)\."),
)


def hundredths(name: str, column: str) -> list[int]:
    table = documented(name)
    return [math.floor(100 * table.figure(case, column) + 0.5) for case, _ in table.rows]


@pytest.mark.parametrize(("name", "column", "pattern"), ENDS)
def test_the_text_says_the_least_and_greatest_rate_of_a_column(name: str, column: str, pattern: str):
    found = hundredths(name, column)
    assert [tuple(map(int, ends)) for ends in re.findall(pattern, PROSE)] == [(min(found), max(found))]


@pytest.mark.parametrize(("name", "column", "pattern"), WORST)
def test_the_text_says_the_worst_rate_of_a_column(name: str, column: str, pattern: str):
    assert re.findall(pattern, PROSE) == [str(max(hundredths(name, column)))]


def test_the_tables_are_the_same_every_time():
    assert TABLES["ladders"](20) == TABLES["ladders"](20)


def test_simulated_teams_answer_on_the_scale_and_are_shown_as_reports_show_them():
    dice = np.random.default_rng(1)
    for profile in PROFILES.values():
        scores = profile.answers(dice, profile.opinions(dice, (500,)))
        assert scores.min() >= 6
        assert scores.max() <= 42
        assert not (scores % 2).any()
    assert 1.0 < PROFILES["middle"].answers(dice, PROFILES["middle"].opinions(dice, (4000,))).std() / 6 < 1.3
    assert shown(Histogram.of({24: 6}), 8).tier is Tier.COARSE
    assert shown(Histogram.of({24: 8}), 8).tier is Tier.DETAIL


def test_the_command_prints_a_table_and_writes_all(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch):
    assert main(["ladders"]) == 0
    assert capsys.readouterr().out.startswith("**The rung that two thirds see** (200 runs a figure)")
    document = tmp_path / "methods.md"
    document.write_text(f"before\n{MARK}\nold\n{END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(simulations, "TABLES", {"ladders": TABLES["ladders"]})
    assert main(["--write", str(document)]) == 0
    text = document.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{MARK}\n\n**The rung")
    assert text.endswith(f"|\n\n{END}\nafter\n")
    assert "old" not in text


@pytest.mark.parametrize("arguments", [["nothing"], ["ladders", "--write", "FILE"]])
def test_the_command_refuses_what_it_cannot_do(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(arguments)
    assert "error" in capsys.readouterr().err


def test_a_document_without_marks_is_refused():
    with pytest.raises(ValueError, match="simulations"):
        written("no marks", "tables")
