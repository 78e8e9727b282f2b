"""Reading one cell of a spreadsheet as an answer: a number, a word with a worth, "cannot judge", or nothing."""

from __future__ import annotations

import re

from assessment.domain.mapping import MatchedColumn
from assessment.domain.spreadsheet import normal
from reports.languages import phrase

# "6", "6.0" and "6,0" are the same answer: some programs export every number with decimals.
NUMBER = re.compile(r"[+]?(\d{1,3})(?:[.,]0+)?")
# "7 - strongly agree", "7 (strongly agree)", "7 = …": the number and its label in one cell.
LABELLED = re.compile(r"(\d{1,2})\s*[-–—:.=(]+\s*\D+")
REMEMBERED = 200
# A longer cell is no number with a label, and matching it could take long.
LONGEST_LABEL = 200

NOT_OFFERED = phrase("the answer lies outside the scale; %(lowest)s to %(highest)s are offered")
NOT_READABLE = phrase("this is no answer; write under values what it is worth, or list it under cannot_judge")


class UnreadableAnswer(ValueError):
    """A cell that is neither blank nor an answer."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template % values)
        self.template, self.values = template, values


class NotAnswered:
    """The cell is blank: this question was left out."""


NOT_ANSWERED = NotAnswered()
Answer = int | None | NotAnswered


def number_in(word: str) -> int | None:
    """Return the number that a cell is, alone or before its label; None for anything else."""
    if len(word) > LONGEST_LABEL:
        return None
    found = NUMBER.fullmatch(word) or LABELLED.fullmatch(word)
    return int(found[1]) if found else None


class CellReader:
    """Reads the cells of one column, remembering the few different ones that a column of answers has."""

    def __init__(self, column: MatchedColumn) -> None:
        self.column = column
        self.key = column.question.key
        self.position = column.position
        self._known: dict[str, Answer] = {"": NOT_ANSWERED}

    def read(self, cell: str) -> Answer:
        """Return the value, None for "cannot judge", or `NOT_ANSWERED`.

        :raise UnreadableAnswer: for a number outside the scale and for words without a worth.
        """
        if cell in self._known:
            return self._known[cell]
        answer = self._read(normal(cell))
        if len(self._known) < REMEMBERED:
            self._known[cell] = answer
        return answer

    def _read(self, word: str) -> Answer:
        if not word:
            return NOT_ANSWERED
        if word in self.column.worth:
            return self.column.worth[word]
        number = number_in(word)
        if number is None:
            raise UnreadableAnswer(NOT_READABLE)
        value, question = number, self.column.question
        if not question.lowest <= value <= question.highest:
            raise UnreadableAnswer(NOT_OFFERED, lowest=question.lowest, highest=question.highest)
        return value
