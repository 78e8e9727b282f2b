"""The benchmarks run; how fast anything is, no test says, because that depends on the machine and the minute."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import main
from benchmarks.measuring import Result, in_turns, median_ratio


@pytest.mark.parametrize("topic", ["counting", "close", "tables", "reports"])
def test_the_quick_form_prints_a_line_for_every_comparison(topic: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([topic, "--quick"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["limit", "ours", "ratio", "accepted"]
    assert len(lines) > 1


def test_a_ratio_beyond_what_is_accepted_is_marked() -> None:
    slow = Result("close", 1.0, 2.0, "µs", 2.0, 1.3)
    fast = Result("submit", 100.0, 70.0, "ballots/s", 0.7, 0.6, "at least")
    assert not slow.is_within
    assert slow.line().endswith("at most 1.3  OVER")
    assert fast.is_within
    assert fast.line().endswith("at least 0.6")


def test_rounds_compare_what_was_measured_side_by_side() -> None:
    values = iter([9.0, 9.0, 2.0, 1.0, 4.0, 8.0, 30.0, 10.0])
    measured = in_turns({"one": lambda: next(values), "other": lambda: next(values)}, rounds=3)
    assert measured == {"one": [1.0, 4.0, 10.0], "other": [2.0, 8.0, 30.0]}
    assert median_ratio(measured["other"], measured["one"]) == 2.0
