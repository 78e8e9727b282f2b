"""Work in several processes: one that crashes, refuses or never ends takes nothing but its own piece along."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from assessment.services.crew import Crew, Problem


def square(_given: object) -> Callable[[int], int]:
    """Work on numbers; 3 ends the process, 4 is refused, 5 never ends."""

    def work(number: int) -> int:
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        if number == 4:
            raise ValueError("four")
        if number == 5:
            signal.pause()
        return number * number

    return work


def cannot_start(_given: object) -> Callable[[int], int]:
    raise LookupError("nothing to start with")


def test_a_piece_that_crashes_or_never_ends_takes_no_other_along() -> None:
    with Crew(square, None, 2, patience=2.0) as crew:
        done: dict[int, Any] = dict(crew.do(iter([1, 2, 3, 4, 5, 6, 7])))
    assert {number: made for number, made in done.items() if isinstance(made, int)} == {1: 1, 2: 4, 6: 36, 7: 49}
    problems = {number: made for number, made in done.items() if isinstance(made, Problem)}
    assert {number: problem.kind for number, problem in problems.items()} == {3: "died", 4: "ValueError", 5: "slow"}
    assert "signal 9" in problems[3].text
    assert problems[4].where.startswith("test_crew.py:")


def test_what_keeps_the_processes_from_starting_is_said_of_each_piece() -> None:
    with Crew(cannot_start, None, 1) as crew:
        done = dict(crew.do(iter([1, 2])))
    assert {number: made.text for number, made in done.items()} == dict.fromkeys((1, 2), "nothing to start with")
