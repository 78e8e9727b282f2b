"""What people take into a meeting: a card of do and don't for incident reviews, and questions where views split."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from questionnaires.files import read
from questionnaires.instrument import ASPECTS, AspectId
from questionnaires.texts import Frozen, LanguageCode, Misfits, Place, Source, Text, repeated, untranslated

# A folder of its own: what lies beside the instruments is read as an instrument.
SHIPPED = Path(__file__).parent / "data" / "meeting" / "meetings.yaml"


class Pair(Frozen):
    """One thing that a review does, beside what it leaves."""

    about: Text
    do: Text
    leave: Text


class ReviewCard(Frozen):
    """The quick-reference card for incident reviews, one printed page."""

    title: Text
    introduction: Text
    do: Text
    leave: Text
    pairs: Annotated[tuple[Pair, ...], Field(min_length=3, max_length=6)]
    apart: Text
    """What does not belong into a review."""
    who: Text
    """Who may use the card."""


class SplitQuestions(Frozen):
    """Open questions about one aspect, for a team whose views of it split."""

    aspect: AspectId
    asks: Annotated[tuple[Text, ...], Field(min_length=2, max_length=3)]


class Meetings(Frozen):
    """The card and the questions, with whom they are owed to."""

    version: Annotated[int, Field(ge=1)]
    languages: Annotated[tuple[LanguageCode, ...], Field(min_length=1)]
    source: Source
    card: ReviewCard
    questions: tuple[SplitQuestions, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> Meetings:
        ids: list[tuple[Place, str]] = [
            (("questions", n, "aspect"), one.aspect) for n, one in enumerate(self.questions)
        ]
        asked = {one.aspect for one in self.questions}
        missing: list[tuple[Place, str]] = [
            (("questions",), f"{aspect!r} has no questions; add two or three")
            for aspect in ASPECTS
            if aspect not in asked
        ]
        found = [*repeated("aspect", ids), *missing, *untranslated(self, self.languages)]
        if found:
            raise Misfits(found)
        return self

    def asks(self, aspect: str) -> tuple[dict[str, str], ...]:
        """Return the questions about an aspect; none for one of a questionnaire of other aspects."""
        return next((one.asks for one in self.questions if one.aspect == aspect), ())


def load_meetings(path: Path) -> Meetings:
    """Read the card and the questions from a YAML file.

    :raise BrokenFile: when the file is not whole.
    """
    return read(path, Meetings)


@cache
def meetings() -> Meetings:
    """Return the shipped card and questions."""
    return load_meetings(SHIPPED)
