"""Instruments as data: frozen, validated values that a YAML file is read into.

An instrument holds Westrum aspects (agreement items on the instrument's own scale and, optionally, one three-way
choice per aspect) and practice areas (one ladder of five described rungs each). Every question carries a *meaning id*:
two quarters are comparable only where the meaning id and the scale are the same, so a corrected typo keeps the id and
a changed meaning takes a new one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from questionnaires.roles import ROLES, RoleQuestion
from questionnaires.texts import (
    Frozen,
    Identifier,
    LanguageCode,
    Misfits,
    Place,
    Source,
    Text,
    repeated,
    untranslated,
    walk,
)

Kind = Literal["item", "choice", "ladder", "role"]
AspectId = Literal["cooperation", "messengers", "risk_sharing", "bridging", "inquiry", "novelty"]
AreaId = Literal["language", "review", "follow_through", "sharing", "fairness"]
ASPECTS: tuple[AspectId, ...] = ("cooperation", "messengers", "risk_sharing", "bridging", "inquiry", "novelty")
AREAS: tuple[AreaId, ...] = ("language", "review", "follow_through", "sharing", "fairness")
# The three descriptions of a choice, in the order of their stored values 1, 2 and 3.
CULTURES: tuple[str, ...] = ("pathological", "bureaucratic", "generative")
LEVELS = 5
# Scores are exact integers in sixths of a point: a mean of one, two or three answers always is one.
SIXTHS = 6


class Scale(Frozen):
    """The agreement scale of an instrument, with a label for each value (or at least for both ends)."""

    lowest: Annotated[int, Field(ge=0, le=1)] = 1
    highest: Annotated[int, Field(ge=3, le=10)] = 7
    labels: dict[int, Text]

    @model_validator(mode="after")
    def _ends_are_labelled(self) -> Scale:
        for value in (self.lowest, self.highest):
            if value not in self.labels:
                raise ValueError(f"the scale's end {value} has no label; add it under labels")
        for value in self.labels:
            if not self.lowest <= value <= self.highest:
                raise ValueError(f"label {value} lies outside the scale {self.lowest} to {self.highest}")
        return self


class Item(Frozen):
    """One agreement statement."""

    id: Identifier
    meaning: Identifier
    text: Text


class Choice(Frozen):
    """Three descriptions of one aspect; the respondent picks the nearest."""

    meaning: Identifier
    prompt: Text
    pathological: Text
    bureaucratic: Text
    generative: Text

    def option(self, value: int) -> dict[str, str]:
        """Return the description stored as value 1 (pathological), 2 (bureaucratic) or 3 (generative)."""
        text: dict[str, str] = getattr(self, CULTURES[value - 1])
        return text


class Aspect(Frozen):
    """One of Westrum's six aspects, read for production operations."""

    id: AspectId
    name: Text
    explanation: Text
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=3)]
    choice: Choice | None = None


class Ladder(Frozen):
    """One practice area with five described rungs, 0 to 4."""

    id: AreaId
    meaning: Identifier
    name: Text
    explanation: Text
    prompt: Text
    rungs: Annotated[tuple[Text, ...], Field(min_length=LEVELS, max_length=LEVELS)]


@dataclass(frozen=True)
class Question:
    """One thing a respondent answers: its stored key, its values, and the part of the instrument it comes from."""

    key: str
    kind: Kind
    meaning: str
    lowest: int
    highest: int
    part: str
    """The id of the aspect or practice area it belongs to; `role` for the role question."""

    @property
    def takes_cannot_judge(self) -> bool:
        """Whether "cannot judge" is an answer: to every question but one's own role, which can only be left out."""
        return self.kind != "role"


class Instrument(Frozen):
    """A questionnaire as data, versioned, with a fingerprint."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,47}$")]
    version: Annotated[int, Field(ge=1)]
    name: Text
    introduction: Text
    minutes: Annotated[int, Field(ge=0, le=60)]
    source: Source
    languages: Annotated[tuple[LanguageCode, ...], Field(min_length=1)]
    scale: Scale | None = None
    aspects: tuple[Aspect, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    role: RoleQuestion | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Instrument:
        if not self.aspects and not self.ladders and self.role is None:
            raise ValueError("the instrument asks nothing; give it aspects, ladders or a role question")
        if self.aspects and self.scale is None:
            raise ValueError("aspects need a scale; add the key scale with lowest, highest and labels")
        aspects: list[tuple[Place, str]] = []
        items: list[tuple[Place, str]] = []
        meanings: list[tuple[Place, str]] = []
        for number, aspect in enumerate(self.aspects):
            here: Place = ("aspects", number)
            aspects.append(((*here, "id"), aspect.id))
            for index, item in enumerate(aspect.items):
                items.append(((*here, "items", index, "id"), item.id))
                meanings.append(((*here, "items", index, "meaning"), item.meaning))
            if aspect.choice is not None:
                meanings.append(((*here, "choice", "meaning"), aspect.choice.meaning))
        ladders = [(("ladders", index, "id"), ladder.id) for index, ladder in enumerate(self.ladders)]
        meanings += [(("ladders", index, "meaning"), ladder.meaning) for index, ladder in enumerate(self.ladders)]
        if self.role is not None:
            meanings.append((("role", "meaning"), self.role.meaning))
        hurried = not self.minutes and bool(self.aspects or self.ladders)
        found = [
            *([(("minutes",), "aspects and ladders take time to answer; write at least 1")] if hurried else []),
            *repeated("language", [(("languages", index), code) for index, code in enumerate(self.languages)]),
            *repeated("aspect", aspects),
            *repeated("item", items),
            *repeated("ladder", list(ladders)),
            *repeated("meaning", meanings),
            *untranslated(self, self.languages),
        ]
        if found:
            raise Misfits(found)
        return self

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def texts(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield every translated text with the dotted place it stands at."""
        for _, label, text in walk(self):
            yield label, text

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions in the order in which they are asked and stored."""
        found: list[Question] = []
        for aspect in self.aspects:
            assert self.scale is not None  # validated above; narrows the type
            for item in aspect.items:
                found.append(
                    Question(f"item:{item.id}", "item", item.meaning, self.scale.lowest, self.scale.highest, aspect.id)
                )
            if aspect.choice is not None:
                found.append(Question(f"choice:{aspect.id}", "choice", aspect.choice.meaning, 1, 3, aspect.id))
        for ladder in self.ladders:
            found.append(Question(f"ladder:{ladder.id}", "ladder", ladder.meaning, 0, LEVELS - 1, ladder.id))
        if self.role is not None:
            found.append(Question("role", "role", self.role.meaning, 1, len(ROLES), "role"))
        return tuple(found)

    def canonical(self) -> str:
        """Return the instrument as canonical JSON: the text that a campaign freezes and the fingerprint is taken of."""
        # Instruments without a role question keep the fingerprint they had before there was one.
        told = self.model_dump(mode="json", exclude={"role"} if self.role is None else None)
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def aspect_meaning(self, aspect_id: str) -> tuple[str, ...]:
        """Return what makes two scores of an aspect comparable: its scale and the meaning ids of its items.

        :raise KeyError: when the instrument does not ask this aspect.
        """
        for aspect in self.aspects:
            if aspect.id == aspect_id and self.scale is not None:
                return (f"{self.scale.lowest}-{self.scale.highest}", *sorted(item.meaning for item in aspect.items))
        raise KeyError(aspect_id)


@dataclass(frozen=True)
class Questionnaire:
    """The instruments of one campaign taken together, in their order: what one respondent sees on one page."""

    instruments: tuple[Instrument, ...]

    def __post_init__(self) -> None:
        keys = [question.key for question in self.questions]
        for instrument in self.instruments:
            # An aspect's score and its place in a report are keyed by the aspect, whichever instrument asks it.
            keys += [f"aspect:{aspect.id}" for aspect in instrument.aspects]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"two instruments of the campaign both ask {twice[0]!r}; choose one of them")
        if not self.instruments:
            raise ValueError("the campaign has no instrument; choose at least one")
        if self.role is not None and (not self.aspects or self.questions[-1].kind != "role"):
            raise ValueError(
                "the role question compares scores of aspects; put it last, behind an instrument with aspects"
            )

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in ballot order."""
        return tuple(question for instrument in self.instruments for question in instrument.questions)

    @cached_property
    def aspects(self) -> dict[str, tuple[Instrument, Aspect]]:
        """The aspects asked, by id, each with the instrument that gives its scale."""
        return {aspect.id: (instrument, aspect) for instrument in self.instruments for aspect in instrument.aspects}

    @cached_property
    def ladders(self) -> dict[str, Ladder]:
        """The practice areas asked, by id."""
        return {ladder.id: ladder for instrument in self.instruments for ladder in instrument.ladders}

    @cached_property
    def role(self) -> RoleQuestion | None:
        """The role question, or None where the campaign does not ask it."""
        return next((instrument.role for instrument in self.instruments if instrument.role is not None), None)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that every instrument of the campaign is complete in."""
        first = self.instruments[0].languages
        return tuple(code for code in first if all(code in instrument.languages for instrument in self.instruments))

    def canonical(self) -> str:
        """Return the frozen copy a campaign keeps: a JSON list of the canonical instruments."""
        return "[" + ",".join(instrument.canonical() for instrument in self.instruments) + "]"

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of the frozen copy, as 64 hexadecimal digits."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    @classmethod
    def from_canonical(cls, text: str) -> Questionnaire:
        """Read a frozen copy back.

        :raise pydantic.ValidationError: when the text was damaged.
        """
        return cls(tuple(Instrument.model_validate(entry) for entry in json.loads(text)))
