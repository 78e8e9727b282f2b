"""Counting: ballots become histograms, once, when a campaign closes.

A ballot is one row of bytes as `questionnaires.answers` codes it. Rows are counted column by column in chunks, so the
memory needed does not grow with the number of ballots, and partial results add (`merge`), so that a million ballots
may be counted in parts, in any order and on any number of workers.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from questionnaires.answers import CANNOT_JUDGE, NOT_ANSWERED, SHIFT, InvalidAnswers
from questionnaires.instrument import SIXTHS, Question, Questionnaire
from questionnaires.roles import ROLES
from reports.histograms import Histogram

# 64 Ki rows of 29 questions are 2 MB; the working copies for the aspect scores stay below 10 MB.
CHUNK_ROWS = 65_536
_BYTE = 256
COMPLETE = "complete:"

Ballots = NDArray[np.uint8] | bytes | bytearray | memoryview


def measures(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the keys that a campaign is counted by: every question, and `aspect:<id>` for every aspect's score.

    How many people have which role is no measure: it is never kept for anybody.
    """
    return (
        *(question.key for question in questionnaire.questions if question.kind != "role"),
        *(f"aspect:{aspect_id}" for aspect_id in questionnaire.aspects),
    )


def complete_measures(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the keys of what complete cases are counted by: people who answered all items of an aspect.

    Cronbach's alpha compares the variances of the items with that of their sum, and is right only where both count the
    same people. Aspects of a single item have no such measure.
    """
    aspects = [aspect for _, aspect in questionnaire.aspects.values() if len(aspect.items) > 1]
    return tuple(
        f"{COMPLETE}{key}"
        for aspect in aspects
        for key in (f"aspect:{aspect.id}", *(f"item:{i.id}" for i in aspect.items))
    )


def role_measure(role: str, aspect_id: str) -> str:
    """Return the key of the scores of one aspect by people of one role."""
    return f"role:{role}:aspect:{aspect_id}"


def role_measures(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the keys of every aspect's scores by role, or none where roles are not asked.

    They are counted for a team in memory only; `reports.roles` says what of them is kept for the organisation.
    """
    if questionnaire.role is None:
        return ()
    return tuple(role_measure(role, aspect_id) for aspect_id in questionnaire.aspects for role in ROLES)


def needed_items(n_items: int) -> int:
    """Return how many of an aspect's items must be answered for a score: two thirds, rounded up (3 -> 2, 1 -> 1)."""
    return -(-2 * n_items // 3)


def collapse(ballots: Ballots, questionnaire: Questionnaire) -> dict[str, Histogram]:
    """Count ballots into one histogram per measure.

    Questions are counted by their value; "cannot judge" and questions left out are not counted. An aspect is scored
    for every ballot with at least two thirds of its items answered: the mean of the answered items as an exact integer
    in sixths of a point (6 to 42 on a 1-7 scale), which the mean of one, two or three whole numbers always is.
    Complete cases are counted a second time, by themselves (`complete_measures`), and so are the scores of each role
    where roles are asked (`role_measures`).

    :param ballots: an (n, number of questions) matrix of bytes, or the rows' bytes one after the other.
    :return: every measure of the questionnaire, with an empty histogram where nobody answered.
    :raise InvalidAnswers: when the rows have another width than the questionnaire, or a value lies outside its range.
    """
    rows = _matrix(ballots, len(questionnaire.questions))
    keys = (*measures(questionnaire), *complete_measures(questionnaire), *role_measures(questionnaire))
    questions = tuple(question.key for question in questionnaire.questions)
    tallies = {key: np.zeros(_BYTE, dtype=np.int64) for key in (*keys, *questions)}
    for start in range(0, len(rows), CHUNK_ROWS):
        _tally(rows[start : start + CHUNK_ROWS], questionnaire, tallies)
    for question in questionnaire.questions:
        _check_range(question, tallies[question.key])
    return {key: _histogram(tallies[key], key) for key in keys}


def merge(one: Mapping[str, Histogram], other: Mapping[str, Histogram]) -> dict[str, Histogram]:
    """Add two partial results of `collapse`, measure by measure."""
    merged = dict(one)
    for key, histogram in other.items():
        merged[key] = merged[key] + histogram if key in merged else histogram
    return merged


def _matrix(ballots: Ballots, width: int) -> NDArray[np.uint8]:
    """View the ballots as rows of bytes without copying them."""
    if isinstance(ballots, np.ndarray):
        if ballots.dtype != np.uint8 or ballots.ndim != 2 or ballots.shape[1] != width:
            raise InvalidAnswers("ballots", f"{ballots.dtype} {ballots.shape}", f"rows of {width} bytes are expected")
        return ballots
    flat = np.frombuffer(ballots, dtype=np.uint8)
    if flat.size % width:
        raise InvalidAnswers("ballots", flat.size, f"a multiple of {width} bytes is expected")
    return flat.reshape(-1, width)


def _tally(rows: NDArray[np.uint8], questionnaire: Questionnaire, tallies: dict[str, NDArray[np.int64]]) -> None:
    """Add one chunk of rows to the tallies: questions by stored byte, aspect scores by sixths of a point."""
    column = {question.key: index for index, question in enumerate(questionnaire.questions)}
    for key, index in column.items():
        tallies[key] += np.bincount(rows[:, index], minlength=_BYTE)
    for aspect_id, (_, aspect) in questionnaire.aspects.items():
        n_answered = np.zeros(len(rows), dtype=np.int16)
        total = np.zeros(len(rows), dtype=np.int16)
        for item in aspect.items:
            stored = rows[:, column[f"item:{item.id}"]]
            is_answered = (stored != NOT_ANSWERED) & (stored != CANNOT_JUDGE)
            n_answered += is_answered
            total += np.where(is_answered, stored.astype(np.int16) - SHIFT, 0)
        is_scored = n_answered >= needed_items(len(aspect.items))
        # A value outside its range makes the whole collapse fail later, so the clipping never changes a count.
        scores = np.minimum(SIXTHS * total[is_scored] // n_answered[is_scored], _BYTE - 1)
        tallies[f"aspect:{aspect_id}"] += np.bincount(scores, minlength=_BYTE)
        if questionnaire.role is not None:
            _tally_roles(rows[is_scored, column["role"]], scores, aspect_id, tallies)
        if len(aspect.items) == 1:
            continue
        is_complete = n_answered == len(aspect.items)
        tallies[f"{COMPLETE}aspect:{aspect_id}"] += np.bincount(scores[is_complete[is_scored]], minlength=_BYTE)
        for item in aspect.items:
            stored = rows[is_complete, column[f"item:{item.id}"]]
            tallies[f"{COMPLETE}item:{item.id}"] += np.bincount(stored, minlength=_BYTE)


def _tally_roles(
    stored: NDArray[np.uint8], scores: NDArray[np.int16], aspect_id: str, tallies: dict[str, NDArray[np.int64]]
) -> None:
    """Add the scores of one aspect to the tallies of the roles that people gave."""
    # A value that is no role makes the whole collapse fail later, so the clipping never changes a count.
    places = np.minimum(stored, len(ROLES) + SHIFT).astype(np.int32) * _BYTE + scores
    by_role = np.bincount(places, minlength=(len(ROLES) + SHIFT + 1) * _BYTE).reshape(-1, _BYTE)
    for value, role in enumerate(ROLES, start=1):
        tallies[role_measure(role, aspect_id)] += by_role[value + SHIFT]


def _check_range(question: Question, tally: NDArray[np.int64]) -> None:
    """Refuse stored values that the question does not offer."""
    offered = np.zeros(_BYTE, dtype=bool)
    offered[NOT_ANSWERED] = True
    offered[CANNOT_JUDGE] = question.takes_cannot_judge
    offered[question.lowest + SHIFT : question.highest + SHIFT + 1] = True
    wrong = np.flatnonzero(tally * ~offered)
    if wrong.size:
        raise InvalidAnswers(question.key, int(wrong[0]), "the stored value lies outside the question's range")


def _histogram(tally: NDArray[np.int64], key: str) -> Histogram:
    """Turn a tally into a histogram: aspect scores as they are, questions by their value without the shift."""
    stored = np.flatnonzero(tally)
    pairs = zip(stored.tolist(), tally[stored].tolist(), strict=True)
    if "aspect:" in key:
        return Histogram(tuple(pairs))
    return Histogram(tuple((byte - SHIFT, n) for byte, n in pairs if byte not in (NOT_ANSWERED, CANNOT_JUDGE)))
