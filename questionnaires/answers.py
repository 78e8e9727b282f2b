"""One person's answers, and their fixed-width coding: one byte for each question, in ballot order.

The width never depends on what was answered, so a sealed ballot's size says nothing about its content.
"""

from __future__ import annotations

from collections.abc import Mapping

from questionnaires.instrument import Questionnaire

# The value of a question, None for "cannot judge"; a question that was left out has no entry.
Answers = Mapping[str, int | None]

NOT_ANSWERED = 0
CANNOT_JUDGE = 255
# An answered value v is stored as v + 1, so that a rung 0 differs from a question left out.
SHIFT = 1


class InvalidAnswers(ValueError):
    """An answer to a question that is not asked, or a value that is not offered."""

    def __init__(self, key: str, value: object, remedy: str) -> None:
        super().__init__(f"{key}: {value!r} is not an answer; {remedy}")
        self.key, self.value, self.remedy = key, value, remedy


def encode(answers: Answers, questionnaire: Questionnaire) -> bytes:
    """Return the answers as one byte per question of the questionnaire.

    :raise InvalidAnswers: for an unknown question or a value outside its range.
    """
    known = {question.key for question in questionnaire.questions}
    for key in answers:
        if key not in known:
            raise InvalidAnswers(key, answers[key], "the questionnaire does not ask this")
    coded = bytearray()
    for question in questionnaire.questions:
        if question.key not in answers:
            coded.append(NOT_ANSWERED)
            continue
        value = answers[question.key]
        if value is None and question.takes_cannot_judge:
            coded.append(CANNOT_JUDGE)
        elif type(value) is int and question.lowest <= value <= question.highest:
            coded.append(value + SHIFT)
        else:
            raise InvalidAnswers(question.key, value, f"choose {question.lowest} to {question.highest}")
    return bytes(coded)


def decode(coded: bytes, questionnaire: Questionnaire) -> dict[str, int | None]:
    """Return the answers that `encode` made these bytes of.

    :raise InvalidAnswers: when the length or a value does not fit the questionnaire.
    """
    if len(coded) != len(questionnaire.questions):
        raise InvalidAnswers("ballot", len(coded), f"{len(questionnaire.questions)} bytes are expected")
    answers: dict[str, int | None] = {}
    for question, byte in zip(questionnaire.questions, coded, strict=True):
        if byte == NOT_ANSWERED:
            continue
        if byte == CANNOT_JUDGE and question.takes_cannot_judge:
            answers[question.key] = None
        elif question.lowest <= byte - SHIFT <= question.highest:
            answers[question.key] = byte - SHIFT
        else:
            raise InvalidAnswers(question.key, byte, "the stored value lies outside the question's range")
    return answers
