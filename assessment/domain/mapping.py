"""The mapping file: which column of somebody's spreadsheet is which question, and what its words are worth.

The file is YAML, checked as a whole before the first row is read. `match` then lays it over one spreadsheet and one
questionnaire and returns a plan in column positions, or everything that does not fit, each with its line and remedy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from assessment.domain.spreadsheet import Spreadsheet, normal
from questionnaires.files import BrokenFile, Parsed, Problem, dotted, fit
from questionnaires.instrument import Question, Questionnaire
from questionnaires.loader import WITH_ROLE
from questionnaires.texts import Frozen, Place

DEFAULT_INSTRUMENT = "westrum-short"


def _word(value: Any) -> Any:
    """Read a plain YAML number as the text it stands for in the spreadsheet."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _as_column(value: Any) -> Any:
    return {"header": value} if isinstance(value, str | int) else value


Word = Annotated[str, BeforeValidator(_word), Field(min_length=1)]
Worth = dict[Word, Annotated[int, Field(ge=0, le=10)]]


class Column(Frozen):
    """One column: its header, and what its words are worth where the export has words instead of numbers."""

    header: Word
    values: Worth = Field(default_factory=dict)


class ScaleCheck(Frozen):
    """What the spreadsheet's scale is said to be; it must be the instrument's."""

    lowest: int
    highest: int


class TeamColumn(Frozen):
    """Where a row's team stands, what the spreadsheet calls our teams, and what is known about each."""

    column: Word | None = None
    name: Word | None = None
    """The one team that the whole file is of, when it has no such column."""
    names: dict[Word, Word] = Field(default_factory=dict)
    """Our team by the spreadsheet's word; a word that is not here must be a team's own name."""
    sizes: dict[Word, Annotated[int, Field(ge=1, le=100_000)]] = Field(default_factory=dict)
    """How many were asked, by our team."""
    departments: dict[Word, Word] = Field(default_factory=dict)
    """The department of teams that are not in the organisation yet, by our team."""

    @model_validator(mode="after")
    def _one_of_two(self) -> TeamColumn:
        if (self.column is None) == (self.name is None):
            raise ValueError("either a column or one name says the team; write column: or name:, not both")
        return self


class AnswersMapping(Frozen):
    """A whole mapping file."""

    instrument: Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)] = (DEFAULT_INSTRUMENT,)
    team: TeamColumn
    columns: Annotated[dict[Word, Annotated[Column, BeforeValidator(_as_column)]], Field(min_length=1)]
    values: Worth = Field(default_factory=dict)
    """What words are worth in every column that does not say otherwise."""
    cannot_judge: tuple[Word, ...] = ()
    ignore: tuple[Word, ...] = ()
    scale: ScaleCheck | None = None

    @model_validator(mode="after")
    def _asks_no_role(self) -> AnswersMapping:
        if WITH_ROLE in self.instrument:
            raise ValueError(f"roles are not imported, since a file names who has which; leave {WITH_ROLE} out")
        return self


@dataclass(frozen=True)
class MatchedColumn:
    """One question and where its answers stand."""

    question: Question
    position: int
    worth: Mapping[str, int | None]
    """Value, or None for "cannot judge", by normal word."""


@dataclass(frozen=True)
class Plan:
    """A mapping laid over one spreadsheet: what is read from where."""

    columns: tuple[MatchedColumn, ...]
    team_position: int | None
    team_name: str | None
    team_names: Mapping[str, str]
    """Our team by the spreadsheet's normal word."""
    sizes: Mapping[str, int]
    departments: Mapping[str, str]
    unmentioned: tuple[str, ...]
    """Headers that are neither mapped nor ignored."""

    @property
    def named_teams(self) -> tuple[str, ...]:
        """Every team of ours that the mapping names, in alphabetical order."""
        own = () if self.team_name is None else (self.team_name,)
        return tuple(sorted({*self.team_names.values(), *self.sizes, *self.departments, *own}))


def match(parsed: Parsed, mapping: AnswersMapping, spreadsheet: Spreadsheet, questionnaire: Questionnaire) -> Plan:
    """Lay a mapping over a spreadsheet.

    :param parsed: the file that the mapping was made of; its lines are named in complaints.
    :raise BrokenFile: with every question, header, value or scale that does not fit.
    """
    found = _Matching(parsed, spreadsheet, questionnaire)
    if mapping.scale is not None:
        found.check_scale(mapping.scale)
    team_position = None
    if mapping.team.column is not None:
        team_position = found.position(("team", "column"), mapping.team.column)
    unknown = {normal(word) for word in mapping.cannot_judge}
    columns = []
    for key, column in mapping.columns.items():
        place = ("columns", key)
        question = found.question(place, key)
        position = found.position(place, column.header)
        if question is None or position is None:
            continue
        worth: dict[str, int | None] = dict(own_words(question, questionnaire))
        for where, words in ((("values",), mapping.values), ((*place, "values"), column.values)):
            for word, value in words.items():
                if question.lowest <= value <= question.highest:
                    worth[normal(word)] = value
                elif where != ("values",):
                    found.problem((*where, word), f"{value} is no value of {question.key}", _choose(question))
        worth.update(dict.fromkeys(unknown))
        columns.append(MatchedColumn(question, position, worth))
    if found.problems:
        raise BrokenFile(tuple(found.problems))
    known = {normal(header) for header in mapping.ignore} | {normal(c.header) for c in mapping.columns.values()}
    known |= {normal(mapping.team.column or "")}
    return Plan(
        tuple(columns),
        team_position,
        mapping.team.name,
        {normal(word): team for word, team in mapping.team.names.items()},
        mapping.team.sizes,
        mapping.team.departments,
        tuple(header for header in spreadsheet.header if normal(header) not in known),
    )


def fit_mapping(parsed: Parsed) -> AnswersMapping:
    """Make a mapping of a parsed file.

    :raise BrokenFile: with everything that does not fit.
    """
    return fit(parsed, AnswersMapping)


class _Matching:
    """Collects what does not fit, so that everything can be put right at once."""

    def __init__(self, parsed: Parsed, spreadsheet: Spreadsheet, questionnaire: Questionnaire) -> None:
        self.parsed, self.spreadsheet, self.questionnaire = parsed, spreadsheet, questionnaire
        self.problems: list[Problem] = []
        self.asked: dict[str, str] = {}
        self.used: dict[int, str] = {}
        self.keys = question_keys(questionnaire)

    def problem(self, place: Place, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.parsed.file, self.parsed.line(place), dotted(place), message, remedy))

    def question(self, place: Place, key: str) -> Question | None:
        question = self.keys.get(key)
        if question is None:
            known = ", ".join(question.key for question in self.questionnaire.questions)
            self.problem(place, "the instrument does not ask this", f"use one of {known}")
        elif question.key in self.asked:
            self.problem(place, f"{question.key} is mapped twice, also as {self.asked[question.key]!r}", "remove one")
        else:
            self.asked[question.key] = key
        return question

    def position(self, place: Place, header: str) -> int | None:
        positions = self.spreadsheet.positions(header)
        if not positions:
            known = ", ".join(repr(entry) for entry in self.spreadsheet.header if entry)
            self.problem(place, f"the file has no column {header!r}", f"use one of its headers: {known}")
            return None
        if len(positions) > 1:
            columns = " and ".join(str(position + 1) for position in positions)
            self.problem(place, f"columns {columns} both are called {header!r}", "give them different headers")
            return None
        if positions[0] in self.used:
            self.problem(place, f"the column {header!r} is used for {self.used[positions[0]]} already", "remove one")
            return None
        self.used[positions[0]] = dotted(place)
        return positions[0]

    def check_scale(self, scale: ScaleCheck) -> None:
        for instrument in self.questionnaire.instruments:
            own = instrument.scale
            if own is not None and (own.lowest, own.highest) != (scale.lowest, scale.highest):
                message = f"the file's scale is {scale.lowest} to {scale.highest}, but {instrument.id} asks"
                message += f" {own.lowest} to {own.highest}"
                remedy = "answers on another scale are another instrument: name one that has this scale"
                self.problem(("scale",), message, remedy)


def question_keys(questionnaire: Questionnaire) -> dict[str, Question]:
    """Return the questions by every key a mapping may use.

    Always the full key (`item:…`, `choice:…`, `ladder:…`), the bare id of an item or a ladder, and the bare id of an
    aspect that a single question is asked about.
    """
    keys: dict[str, Question] = {}
    for question in questionnaire.questions:
        keys[question.key] = question
        if question.kind != "choice":
            keys.setdefault(question.key.partition(":")[2], question)
    for aspect in questionnaire.aspects:
        about = [question for question in questionnaire.questions if question.part == aspect]
        if len(about) == 1:
            keys.setdefault(aspect, about[0])
    return keys


def own_words(question: Question, questionnaire: Questionnaire) -> dict[str, int]:
    """Return what the instrument itself calls a question's values, in all its languages."""
    identifier = question.key.partition(":")[2]
    words: dict[str, int] = {}
    if question.kind == "item":
        scale = questionnaire.aspects[question.part][0].scale
        texts = {} if scale is None else dict(scale.labels)
    elif question.kind == "choice":
        choice = questionnaire.aspects[identifier][1].choice
        texts = {} if choice is None else {value: choice.option(value) for value in (1, 2, 3)}
    else:
        texts = dict(enumerate(questionnaire.ladders[identifier].rungs))
    for value, text in texts.items():
        words.update((normal(sentence), value) for sentence in text.values())
    return words


def _choose(question: Question) -> str:
    return f"choose {question.lowest} to {question.highest}"
