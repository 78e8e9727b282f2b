"""The form, built from a campaign's frozen questionnaire, and its answers on the wire.

Questions are named by their place (`q01` …) and every value is one character, so the length of what is sent says how
many questions were answered at most, never how. Between pages all answers travel as one text of a fixed length.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from questionnaires.answers import Answers, InvalidAnswers
from questionnaires.instrument import Aspect, Instrument, Kind, Ladder, Question, Questionnaire
from reports.languages import Language

VALUES = "0123456789a"
"""The character of each value 0 to 10."""
VALUE_OF = {character: value for value, character in enumerate(VALUES)}
CANNOT_JUDGE = "x"
LEFT_OUT = "-"
PACKED = "answers"
"""The field that carries all answers of a form from page to page."""
ROLE = "role"
"""The key of the role question."""


@dataclass(frozen=True)
class Option:
    """One thing to choose: its character and its words."""

    value: str
    text: str
    explanation: str = ""


@dataclass(frozen=True)
class Asked:
    """One question as it is shown, with what was chosen (None when it was left out)."""

    number: int
    kind: Kind
    text: str
    options: tuple[Option, ...]
    chosen: str | None

    @property
    def name(self) -> str:
        """The name of its field, and the place on the page to jump to."""
        return field_name(self.number)

    def words(self, language: Language) -> str:
        """Return the chosen answer in words; empty when the question was left out."""
        if self.chosen == CANNOT_JUDGE:
            return language.gettext("Cannot judge")
        for option in self.options:
            if option.value == self.chosen:
                return " · ".join(filter(None, (option.value, option.text))) if self.kind == "item" else option.text
        return ""


@dataclass(frozen=True)
class Section:
    """An aspect with its questions, a practice area with its ladder, or the role."""

    title: str
    explanation: str
    questions: tuple[Asked, ...]

    @property
    def anchor(self) -> str:
        """The place on the page to jump to."""
        return f"s{self.questions[0].number}"


@dataclass(frozen=True)
class Part:
    """One instrument: its name, its introduction and its sections."""

    name: str
    introduction: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Sheet:
    """The whole form with the answers given so far."""

    parts: tuple[Part, ...]
    role: Section | None
    """The last section, where the campaign asks for the role; it is not counted among the questions."""
    credits: tuple[str, ...]
    minutes: int
    packed: str

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections of all parts, in order, without the role."""
        return tuple(section for part in self.parts for section in part.sections)

    @property
    def questions(self) -> tuple[Asked, ...]:
        """All questions, in ballot order, without the role."""
        return tuple(asked for section in self.sections for asked in section.questions)

    @property
    def left_out(self) -> tuple[Asked, ...]:
        """The questions without an answer."""
        return tuple(asked for asked in self.questions if asked.chosen is None)

    @property
    def n_answered(self) -> int:
        """How many questions have an answer, "cannot judge" included."""
        return len(self.questions) - len(self.left_out)


def field_name(number: int) -> str:
    """Return the name of the field of the question with this number, counted from 1."""
    return f"q{number:02}"


def read(form: MultiDict[str, str], questionnaire: Questionnaire) -> tuple[dict[str, int | None], list[int]]:
    """Return the answers of a posted form, packed or field by field, and the numbers of refused questions.

    A refused question has a value that is not offered and is left out of the answers; number 0 stands for a field that
    the questionnaire does not ask, or packed answers of another length.
    """
    answers: dict[str, int | None] = {}
    refused: list[int] = []
    questions = questionnaire.questions
    packed = form.get(PACKED)
    if packed is not None and len(packed) != len(questions):
        return {}, [0]
    single = {name for name in form if name[:1] == "q"}
    if single and not single <= {field_name(number) for number in range(1, len(questions) + 1)}:
        refused.append(0)
    for number, question in enumerate(questions, start=1):
        value = packed[number - 1] if packed is not None else _single(form, number)
        if value == LEFT_OUT:
            continue
        if value == CANNOT_JUDGE and question.takes_cannot_judge:
            answers[question.key] = None
        elif value in VALUE_OF and question.lowest <= VALUE_OF[value] <= question.highest:
            answers[question.key] = VALUE_OF[value]
        else:
            refused.append(number)
    return answers, refused


def _single(form: MultiDict[str, str], number: int) -> str:
    given = form.getlist(field_name(number)) or [LEFT_OUT]
    return given[0] if len(given) == 1 else ""


def read_whole(form: MultiDict[str, str], questionnaire: Questionnaire) -> dict[str, int | None]:
    """Return the answers of a posted form of which nothing is refused.

    :raise InvalidAnswers: when something is.
    """
    answers, refused = read(form, questionnaire)
    if refused:
        raise InvalidAnswers("answers", refused, "choose what the form offers")
    if is_empty(answers):
        raise InvalidAnswers("answers", None, "answer at least one question")
    return answers


def is_empty(answers: Answers) -> bool:
    """Whether nothing is answered that counts; a role alone says nothing."""
    return not answers.keys() - {ROLE}


def pack(answers: Answers, questionnaire: Questionnaire) -> str:
    """Return answers as one character for each question of the questionnaire, which `read` reads back."""
    return "".join(_chosen(question, answers) or LEFT_OUT for question in questionnaire.questions)


def build(questionnaire: Questionnaire, answers: Answers, language: Language) -> Sheet:
    """Return the form of a questionnaire in a language, with these answers chosen."""
    numbers = {question.key: number for number, question in enumerate(questionnaire.questions, start=1)}
    maker = _Maker(questionnaire, answers, language, numbers)
    asking = [instrument for instrument in questionnaire.instruments if instrument.role is None]
    return Sheet(
        parts=tuple(maker.part(instrument) for instrument in asking),
        role=maker.role(),
        credits=tuple(language.text(instrument.source.credit) for instrument in questionnaire.instruments),
        minutes=sum(instrument.minutes for instrument in questionnaire.instruments),
        packed=pack(answers, questionnaire),
    )


def longest(questionnaire: Questionnaire, language: Language) -> Answers:
    """Return the answers that take the most room in words: pages are filled up to the length they have with these."""
    sheet = build(questionnaire, {}, language)
    asked = sheet.questions + (sheet.role.questions if sheet.role else ())
    longest_options = (max(each.options, key=lambda option: len(option.text.encode())) for each in asked)
    return {
        question.key: VALUES.index(option.value)
        for question, option in zip(questionnaire.questions, longest_options, strict=True)
    }


@dataclass(frozen=True)
class _Maker:
    questionnaire: Questionnaire
    answers: Answers
    language: Language
    numbers: dict[str, int]

    def part(self, instrument: Instrument) -> Part:
        text = self.language.text
        sections = [
            Section(text(aspect.name), text(aspect.explanation), tuple(self.of_aspect(instrument, aspect)))
            for aspect in instrument.aspects
        ]
        sections += [
            Section(text(ladder.name), text(ladder.explanation), (self.of_ladder(ladder),))
            for ladder in instrument.ladders
        ]
        return Part(text(instrument.name), text(instrument.introduction), tuple(sections))

    def of_aspect(self, instrument: Instrument, aspect: Aspect) -> Iterator[Asked]:
        text, scale = self.language.text, instrument.scale
        assert scale is not None  # an instrument with aspects has one
        values = range(scale.lowest, scale.highest + 1)
        options = tuple(Option(VALUES[value], text(scale.labels.get(value, {"en": ""}))) for value in values)
        for item in aspect.items:
            yield self.asked(f"item:{item.id}", "item", text(item.text), options)
        if aspect.choice is not None:
            descriptions = tuple(Option(VALUES[value], text(aspect.choice.option(value))) for value in (1, 2, 3))
            yield self.asked(f"choice:{aspect.id}", "choice", text(aspect.choice.prompt), descriptions)

    def of_ladder(self, ladder: Ladder) -> Asked:
        text = self.language.text
        rungs = tuple(Option(VALUES[value], text(rung)) for value, rung in enumerate(ladder.rungs))
        return self.asked(f"ladder:{ladder.id}", "ladder", text(ladder.prompt), rungs)

    def role(self) -> Section | None:
        text, question = self.language.text, self.questionnaire.role
        if question is None:
            return None
        options = tuple(
            Option(VALUES[value], text(role.name), text(role.explanation))
            for value, role in enumerate(question.options, start=1)
        )
        asked = self.asked(ROLE, "role", text(question.prompt), options)
        return Section(self.language.gettext("Your role"), text(question.explanation), (asked,))

    def asked(self, key: str, kind: Kind, text: str, options: tuple[Option, ...]) -> Asked:
        number = self.numbers[key]
        chosen = _chosen(self.questionnaire.questions[number - 1], self.answers)
        return Asked(number, kind, text, options, chosen)


def _chosen(question: Question, answers: Answers) -> str | None:
    if question.key not in answers:
        return None
    value = answers[question.key]
    return CANNOT_JUDGE if value is None else VALUES[value]
