"""Processes that work side by side, each on one piece at a time; one that crashes takes nothing but its piece along."""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Literal

from assessment.domain.error_kinds import AssessmentError

# Far beyond what the largest report takes: whoever works longer will not end.
PATIENCE = 600.0
LOOK_EVERY = 0.5


@dataclass(frozen=True)
class Problem:
    """Why a piece has no result."""

    kind: str
    """`died` and `slow` of a process that ended or did not, else the class of the error."""
    text: str
    """What the error says; it may name what must not be stored."""
    where: str = ""
    """File and line, for a log that is to hold no values."""
    is_told: bool = False
    """Whether the text is a sentence for people."""


@dataclass
class _Hand:
    process: Any
    pipe: Connection
    piece: Any = None
    since: float = field(default_factory=time.monotonic)


class Crew:
    """A few processes, started when there is work for them and ended with the block.

    :param start: a function of a module; called with `given` in each process, it returns what works on a piece. It,
        what it is given, pieces and results are pickled.
    :param n: how many processes at most.
    :param patience: seconds after which a process that works on one piece is ended.
    """

    def __init__(
        self, start: Callable[[Any], Callable[[Any], Any]], given: object, n: int, *, patience: float = PATIENCE
    ) -> None:
        self._start, self._given, self._n, self._patience = start, given, max(1, n), patience
        # Not forked: a fork of a process with threads and open connections would share both.
        self._context = get_context("spawn")
        self._hands: list[_Hand] = []

    def __enter__(self) -> Crew:
        """Start nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End every process, whatever it does; what it has not sent is lost."""
        for hand in self._hands:
            _end(hand)
        self._hands.clear()

    def do(self, pieces: Iterator[Any]) -> Iterator[tuple[Any, Any]]:
        """Yield each piece with its result or its `Problem`, in the order in which they end.

        Pieces are taken one by one when somebody is free, so whoever stops giving them stops the work.
        """
        while True:
            self._hand_out(pieces)
            busy = [hand for hand in self._hands if hand.piece is not None]
            if not busy:
                return
            ready = set(wait([hand.pipe for hand in busy], LOOK_EVERY))
            for hand in busy:
                if hand.pipe in ready:
                    yield self._take(hand)
                elif time.monotonic() - hand.since > self._patience:
                    piece = hand.piece
                    self._lose(hand)
                    yield piece, Problem("slow", f"ended after {self._patience:g} seconds")

    def _hand_out(self, pieces: Iterator[Any]) -> None:
        while (free := self._free()) is not None:
            piece = next(pieces, None)
            if piece is None:
                return
            hand = free or self._new()
            hand.piece, hand.since = piece, time.monotonic()
            # Where it has ended, `_take` finds that out.
            with suppress(OSError):
                hand.pipe.send(piece)

    def _free(self) -> _Hand | Literal[False] | None:
        """Return somebody who has nothing to do, False where somebody may be started, None when all are busy."""
        for hand in self._hands:
            if hand.piece is None:
                return hand
        return False if len(self._hands) < self._n else None

    def _new(self) -> _Hand:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs, self._start, self._given), daemon=True)
        process.start()
        theirs.close()
        self._hands.append(_Hand(process, ours))
        return self._hands[-1]

    def _take(self, hand: _Hand) -> tuple[Any, Any]:
        piece = hand.piece
        try:
            result = hand.pipe.recv()
        except (EOFError, OSError):
            hand.process.join()
            code = hand.process.exitcode
            self._lose(hand)
            how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
            return piece, Problem("died", f"the process that made it ended with {how}")
        hand.piece = None
        return piece, result

    def _lose(self, hand: _Hand) -> None:
        self._hands.remove(hand)
        _end(hand)


class Alone:
    """A crew of nobody but the process that gives out work, which whatever crashes takes along."""

    def __init__(self, start: Callable[[Any], Callable[[Any], Any]], given: object) -> None:
        self._start, self._given = start, given

    def __enter__(self) -> Alone:
        """Start nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End nothing: there is nobody else."""

    def do(self, pieces: Iterator[Any]) -> Iterator[tuple[Any, Any]]:
        """Yield each piece with its result or its `Problem`."""
        work = self._start(self._given)
        for piece in pieces:
            yield piece, attempt(work, piece)


def _end(hand: _Hand) -> None:
    hand.process.kill()
    hand.process.join()
    hand.pipe.close()


def _work(pipe: Connection, start: Callable[[Any], Callable[[Any], Any]], given: object) -> None:
    """Work on what comes through the pipe until whoever gives it has gone."""
    # A Ctrl-C reaches every process of a terminal; the one that gives out work decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What keeps work from starting is said of each piece.
    work = attempt(start, given)
    with suppress(EOFError, OSError):
        while True:
            piece = pipe.recv()
            pipe.send(work if isinstance(work, Problem) else attempt(work, piece))


def attempt(work: Callable[[Any], Any], piece: object) -> Any:
    """Return what work makes of a piece, or its `Problem`: whatever is wrong with one, the others are worth having."""
    try:
        return work(piece)
    except Exception as error:
        step = traceback.extract_tb(error.__traceback__)[-1]
        kind = type(error).__name__
        is_told = isinstance(error, AssessmentError) or kind == "PdfUnavailable"
        return Problem(kind, str(error), f"{Path(step.filename).name}:{step.lineno}", is_told)


def cpus() -> int:
    """Return how many processors this process may use."""
    known: Callable[[int], set[int]] | None = getattr(os, "sched_getaffinity", None)
    return len(known(0)) if known is not None else os.cpu_count() or 1
