"""The background part of making all reports of a quarter: a few at a time, each in a process that may crash."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from assessment.config import Settings
from assessment.services.actor import Actor
from assessment.services.batches import BROKEN, ENDED, MADE, MAKING, WAITING
from assessment.services.crew import Alone, Crew, Problem
from assessment.services.forget_batches import forget_batches, sweep
from assessment.services.frozen import Shelf, remembering
from assessment.services.platform import Platform, connect
from assessment.services.report_document import document_of
from assessment.services.report_material import report_material
from assessment.storage import batch_files, batches, coaches
from assessment.storage.batch_models import Batch
from reports import pdf
from reports.languages import language as speak

# So that pages and answers go before.
NICE = 10


@dataclass(frozen=True)
class Outcome:
    """What one run did."""

    n_made: int
    problems: tuple[tuple[int, int, Problem], ...]
    """Batch, place in it, and what was wrong; for the log, where the problem's text must not stand."""
    is_more: bool
    """Whether something is left that another run can make."""


@dataclass(frozen=True)
class _Piece:
    batch_id: int
    place: int
    folder: str
    file: str
    actor: Actor
    team_id: int | None
    campaign_id: int
    quarter: str
    language: str


def make_batches(platform: Platform, *, seconds: float | None = None, processes: int = 1) -> Outcome:
    """Make reports that coaches asked for, and delete those that are kept no longer.

    What a crash left is made by the next run. Nothing is done while another process does it for the same instance.

    :param seconds: how long further reports are begun; until all are made if None.
    :param processes: how many work at once; 0 for none but this one, which is slower and quicker to begin.
    """
    forget_batches(platform)
    instance = platform.settings.instance
    with batch_files.making(instance) as is_mine:
        if not is_mine:
            return Outcome(0, (), False)
        sweep(platform)
        until = None if seconds is None else time.monotonic() + seconds
        n_made, problems, begun = 0, [], set[tuple[int, int]]()
        last = time.monotonic()
        given = platform.settings, platform.clock()
        with Crew(start, given, processes) if processes else Alone(maker, given) as crew:
            for piece, made in crew.do(_pieces(platform, begun, until)):
                now = time.monotonic()
                is_made = _keep(platform, piece, made, now - last)
                begun.discard((piece.batch_id, piece.place))
                last = now
                n_made += is_made
                if isinstance(made, Problem):
                    problems.append((piece.batch_id, piece.place, made))
        with platform.reading() as session:
            is_more = batches.waiting(session, batch_files.folders(instance), ()) is not None
        return Outcome(n_made, tuple(problems), is_more)


def _pieces(platform: Platform, begun: set[tuple[int, int]], until: float | None) -> Iterator[_Piece]:
    """Yield what is to be made, one when somebody is free: a batch that was cancelled meanwhile has nothing more."""
    while until is None or time.monotonic() < until:
        with platform.reading() as session:
            found = batches.waiting(session, batch_files.folders(platform.settings.instance), begun)
            if found is None:
                return
            batch, report = found
            coach = coaches.get(session, batch.coach_id)
        if coach is None:
            # Somebody removed the coach without this database's foreign keys.
            with platform.transaction() as session:
                batches.delete(session, batch.id)
            continue
        begun.add((batch.id, report.place))
        yield _Piece(
            batch_id=batch.id,
            place=report.place,
            folder=batch.folder,
            file=report.file,
            actor=Actor(coach.name, coach.id),
            team_id=report.team_id,
            campaign_id=report.campaign_id,
            quarter=batch.quarter,
            language=batch.language,
        )


def _keep(platform: Platform, piece: _Piece, made: bytes | Problem, seconds: float) -> bool:
    """Store a report and that it is made, or what was wrong; return whether it is there now."""
    state, problem = MADE, ""
    if isinstance(made, Problem):
        state, problem = BROKEN, made.kind
    else:
        try:
            batch_files.write(platform.settings.instance, piece.folder, piece.file, made)
        except FileNotFoundError:
            # Deleted while it was made; so is the batch.
            return False
        except OSError:
            state, problem = BROKEN, OSError.__name__
    with platform.transaction() as session:
        batch = batches.get(session, piece.batch_id, alone=True)
        report = batches.report(session, piece.batch_id, piece.place)
        if batch is None or report is None or report.state != WAITING:
            return False
        report.state, report.problem = state, problem
        batch.seconds += seconds
        session.flush()
        _end(session, batch)
    return state == MADE


def _end(session: Session, batch: Batch) -> None:
    if batch.state == MAKING and not batches.n_waiting(session, batch.id):
        batch.state = ENDED


def start(given: tuple[Settings, datetime]) -> Callable[[_Piece], bytes]:
    """Return what makes reports in a process of its own, after whatever is more urgent."""
    os.nice(NICE)
    return maker(given)


def maker(given: tuple[Settings, datetime]) -> Callable[[_Piece], bytes]:
    """Return what makes reports, all of them as of one moment."""
    settings, moment = given
    return partial(_make, connect(settings, lambda: moment), {})


def _make(platform: Platform, shelf: Shelf, piece: _Piece) -> bytes:
    campaign_id = None if piece.team_id is not None else piece.campaign_id
    with remembering(shelf):
        material = report_material(platform, piece.actor, piece.team_id, piece.quarter, campaign_id=campaign_id)
    spoken, as_of = speak(piece.language), platform.clock().date()
    return pdf.write(document_of(material, spoken, as_of))
