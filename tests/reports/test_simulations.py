"""The rules are right as often as `docs/methods.md` says: simulated teams, and the tables that the document shows."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from benchmarks import simulations
from benchmarks.simulated_people import PROFILES, shown
from benchmarks.simulations import END, FULL, MARK, REDUCED, TABLES, Table, main, written
from reports.histograms import Histogram
from reports.released import Tier

DOCUMENT = Path(__file__).parents[2] / "docs" / "methods.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
SHOWN = TEXT.partition(MARK)[2].partition(END)[0]
ERRORS = 4
"""So many standard errors may a simulated rate lie beside the stated one."""


def error(rate: float, n_runs: int) -> float:
    """The standard error of a rate, which is not 0 where nothing or everything was counted."""
    likely = (rate * n_runs + 2) / (n_runs + 4)
    return (likely * (1 - likely) / n_runs) ** 0.5


def at_most(table: Table, column: str, rate: float, rows: str = "") -> None:
    for case, _ in table.rows:
        if re.search(rows, case):
            assert table.figure(case, column) <= rate + ERRORS * error(rate, table.n_runs), f"{column}, {case}"


def at_least(table: Table, column: str, rate: float, rows: str = "") -> None:
    for case, _ in table.rows:
        if re.search(rows, case):
            assert table.figure(case, column) >= rate - ERRORS * error(rate, table.n_runs), f"{column}, {case}"


def coverage(table: Table) -> None:
    for column in ("exact", "exact, worst", "as shown", "as shown, worst"):
        at_least(table, column, 0.90)
    assert {table.figure(case, "bounds, worst") for case, _ in table.rows} == {1.0}
    # What the document warns of: no interval survives silence that depends on the score.
    assert table.figure("8 of 15", "leaning, worst") < 0.6


EXACT, COARSE = r"^(8|12) of", r"^[567] of|, 6 of 8$"


def changes(table: Table) -> None:
    at_most(table, "10 % new, worst", 0.05)
    at_most(table, "all new, worst", 0.057)
    at_most(table, "all new", 0.05)
    at_least(table, "found +2.5", 0.95, EXACT)
    at_least(table, "found +2.5", 0.55, COARSE)
    at_least(table, "arrow at 0.5, worst", 0.15)


def focus(table: Table) -> None:
    at_most(table, "10 % new, two lowest", 0.05)
    at_most(table, "all new, any two", 0.057)
    at_most(table, "all new, two lowest", 0.07)


def ladders(table: Table) -> None:
    at_most(table, "reached claims too much", 0.07)
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
                assert found == pytest.approx(expected, abs=ERRORS * error(expected, table.n_runs)), (case, kind)


def steadiness(table: Table) -> None:
    for who in ("10 % new", "all new"):
        at_most(table, f"{who}, steady after 4", 0.02)
        at_most(table, f"{who}, steady after 5", 0.03)
        at_least(table, f"{who}, 3 points one way", 0.28)


STATED = {"coverage": coverage, "changes": changes, "focus": focus, "ladders": ladders, "withheld": withheld,
          "steadiness": steadiness}  # fmt: skip


def documented(table: Table) -> Table:
    """Return the same table as the document shows it."""
    lines = SHOWN.partition(f"**{table.title}**")[2].partition("\n\n**")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    rows = tuple((row[0], tuple(map(float, row[1:]))) for row in cells[1:])
    return Table(table.name, table.title, tuple(cells[0]), rows, int(re.sub(r"\D", "", lines[0])))


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
    there = documented(table)
    STATED[name](there)
    assert there.head == table.head
    assert [case for case, _ in there.rows] == [case for case, _ in table.rows]
    for case, _ in table.rows:
        for column in table.head[1:]:
            ours, theirs = table.figure(case, column), there.figure(case, column)
            if column.endswith("in points"):
                assert ours == pytest.approx(theirs, rel=0.1)
                continue
            # The worst of five is the further out, the fewer runs each of them has.
            room = (ERRORS + 2 * column.endswith("worst")) * (error(theirs, table.n_runs) + error(theirs, there.n_runs))
            assert ours == pytest.approx(theirs, abs=room), f"{case}, {column}"


def test_what_the_text_says_of_the_tables_is_so():
    arrows = [figures[4] for _, figures in documented(TABLES["changes"](1)).rows]
    low, high = re.findall(r"an arrow at half a point appears in (\d+) to (\d+) of 100", TEXT)[0]
    assert (round(100 * min(arrows)), round(100 * max(arrows))) == (int(low), int(high))
    rungs = documented(TABLES["ladders"](1))
    pattern = r"claims too much in (\d+) to (\d+) of 100 areas, two thirds in (\d+) to (\d+)"
    stated = [int(number) for number in re.findall(pattern, TEXT)[0]]
    columns = [
        [rungs.figure(case, f"{rule} claims too much") for case, _ in rungs.rows]
        for rule in ("rounded mean", "reached")
    ]
    assert stated == [round(100 * end) for column in columns for end in (min(column), max(column))]


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
