"""The ready rule: an agreement names a condition and a role, and a sign that can be seen; never a person as a cause.

Its words are in `ready_words.yaml`, English and German. Words of blame and names of people refuse; vagueness only
warns. The rule looks at words, not at meaning: it would rather let a veiled reproach pass than stop a plain sentence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from assessment.domain.ready_letters import end_of, readable, spellings

WORDS = Path(__file__).with_name("ready_words.yaml")
LANGUAGES = ("en", "de")
Field = Literal["role", "sign", "evidence"]
# How many words may stand between a negation and what it takes back.
REACH = 4
FEWEST_WORDS = 3
QUOTES = (("“", "”"), ("„", "“"), ("«", "»"))
# Words between two halves of a phrase; one of them that denies takes the phrase back.
GAP = r"(?:[\s,;:()/–-]+(?!(?:kein\w*|nichts|niemals|nie|no|never|nothing|zero)\b)[\w’'.%-]+?){0,6}?[\s,;:()/–-]+"
# Shorter words in capitals are abbreviations more often than names.
SHORTEST_IN_CAPITALS = 4
SPELLED = {"ä": "(?:ä|ae|a\u0308)", "ö": "(?:ö|oe|o\u0308)", "ü": "(?:ü|ue|u\u0308)", "ß": "(?:ß|ss)"}


class Kind(StrEnum):
    """What is wrong with some words."""

    BLAME = "blame"
    PERSON = "person"
    VAGUE = "vague"
    """May be overridden; the others may not."""


@dataclass(frozen=True)
class Finding:
    """Words of a text that are not ready."""

    start: int
    end: int
    """Where they stand in the text: `text[start:end]`."""
    words: str
    kind: Kind
    suggestion: str
    """A system-centred wording, in the language of the words."""

    @property
    def refuses(self) -> bool:
        """Whether nobody can override it."""
        return self.kind is not Kind.VAGUE


@dataclass(frozen=True)
class _Phrase:
    pattern: re.Pattern[str]
    suggestion: str
    always: bool
    """Also after a negation."""


@dataclass(frozen=True)
class _Words:
    blame: tuple[_Phrase, ...]
    person: tuple[_Phrase, ...]
    vague: tuple[re.Pattern[str], ...]
    negations: frozenset[str]
    taken_back: tuple[re.Pattern[str], ...]
    role_person: frozenset[str]
    role_newcomers: tuple[re.Pattern[str], ...]
    role_vague: frozenset[str]
    role_suggestion: str
    vague_suggestion: str

    @property
    def person_suggestion(self) -> str:
        """What to write instead of a name."""
        return self.person[0].suggestion


def check(text: str, field: Field, language: str | None = None, names: Collection[str] = ()) -> list[Finding]:
    """Return what of a text is not ready, in the order of the text; empty for a ready one.

    :param field: which part of an agreement it is; roles have rules of their own, and only signs must be observable.
    :param language: `en` or `de`; both unless given, since nobody says in which language they write.
    :param names: names of the team's members.
    """
    read, places = readable(text)
    found = _check(read, field, language, names)
    return [_moved(one, places, text) for one in found]


def _check(text: str, field: Field, language: str | None, names: Collection[str]) -> list[Finding]:
    languages = [language] if language in LANGUAGES else LANGUAGES
    found: list[Finding] = []
    for code in languages:
        words = _words(code)
        found += _matches(text, words.blame, Kind.BLAME, words)
        found += _matches(text, words.person, Kind.PERSON, None)
    suggestion = _words(languages[0]).person_suggestion
    for start, end in _named(text, names, alone=field == "role"):
        found.append(Finding(start, end, text[start:end], Kind.PERSON, suggestion))
    if field == "role":
        found += _role(text, languages)
    if field == "sign" and not found:
        found += _vague(text, languages)
    return _apart(found)


def is_ready(findings: Sequence[Finding], *, override: bool = False) -> bool:
    """Say whether findings let an agreement pass: none, or with an override nothing but vagueness."""
    return not findings or (override and not any(finding.refuses for finding in findings))


def _moved(one: Finding, places: Sequence[int], text: str) -> Finding:
    """Return a finding with its place in the text as it was typed."""
    start, end = places[one.start], end_of(one.end, places, text)
    return replace(one, start=start, end=end, words=text[start:end])


def _matches(text: str, phrases: Sequence[_Phrase], kind: Kind, words: _Words | None) -> Iterator[Finding]:
    negations = words.negations if words else frozenset()
    for phrase in phrases:
        for match in phrase.pattern.finditer(text):
            before = text[: match.start()]
            is_quoted = _is_quoted(before)
            if (is_quoted or not phrase.always) and _is_negated(before, negations, None if is_quoted else REACH):
                continue
            if words and any(pattern.match(text[match.end() :].lstrip(" ,:”“»«\"'")) for pattern in words.taken_back):
                continue
            yield Finding(match.start(), match.end(), match[0], kind, phrase.suggestion)


def _is_negated(before: str, negations: Collection[str], reach: int | None) -> bool:
    """Whether the last so many words before a phrase, or any of its sentence, say that it is absent."""
    sentence = re.split(r"[.!?;]\s", before)[-1]
    words = re.findall(r"[\w’']+", sentence)
    return any(word.casefold() in negations for word in (words if reach is None else words[-reach:]))


def _is_quoted(before: str) -> bool:
    """Whether a quotation is open: what is quoted is spoken about."""
    return before.count('"') % 2 == 1 or any(before.rfind(left) > before.rfind(right) for left, right in QUOTES)


def _named(text: str, names: Collection[str], *, alone: bool) -> Iterator[tuple[int, int]]:
    """Yield where people are named: whole names, parts of them, common first names, addresses and handles.

    :param alone: a part of a name that is a word as well counts when it is the whole text.
    """
    for match in re.finditer(r"[\w.+-]+@[\w-]+(\.[\w-]+)+|(?<![\w.])@[a-zA-Z][\w.-]+", text):
        yield match.span()
    ambiguous = _listed("words_too")
    first_names = _first_names(anyhow=alone)
    parts = {part for name in names for part in re.split(r"[\s-]+", name) if len(part) > 1}
    for name in names:
        for match in re.finditer(rf"(?<!\w){re.escape(name.strip())}(?!\w)", text, re.IGNORECASE):
            if name.strip():
                yield match.span()
    for match in re.finditer(r"\b[^\W\d_][\w’'-]*", text):
        bare = re.sub(r"['’]s?$", "", match[0])
        for piece in {bare, *bare.split("-")}:
            if (piece in parts and piece[0].isupper() and piece not in ambiguous) or _is_first_name(piece, first_names):
                yield match.start(), match.start() + len(bare)
                break
    whole = text.strip()
    if alone and whole.casefold() in {part.casefold() for part in parts}:
        start = text.index(whole)
        yield start, start + len(whole)


def _is_first_name(word: str, first_names: Collection[str]) -> bool:
    """Whether a word is a common first name, also in capitals and in the German genitive."""
    if word.isupper() and len(word) >= SHORTEST_IN_CAPITALS:
        word = word.capitalize()
    return word in first_names or (word.endswith("s") and word[:-1] in first_names)


def _role(text: str, languages: Sequence[str]) -> Iterator[Finding]:
    whole = text.strip()
    start = len(text) - len(text.lstrip())
    bare = " ".join(whole.casefold().split()).rstrip(".!")
    for code in languages:
        words = _words(code)
        if bare in words.role_person:
            yield Finding(start, start + len(whole), whole, Kind.PERSON, words.role_suggestion)
        elif bare in words.role_vague or whole.casefold() in words.role_vague:
            yield Finding(start, start + len(whole), whole, Kind.VAGUE, words.role_suggestion)
        for pattern in words.role_newcomers:
            for match in pattern.finditer(text):
                yield Finding(match.start(), match.end(), match[0], Kind.PERSON, words.role_suggestion)


def _vague(text: str, languages: Sequence[str]) -> Iterator[Finding]:
    """Yield what makes a sign vague, where nothing in it can be seen or counted."""
    if not text.strip() or any(anchor.search(text) for anchor in _anchors()):
        return
    is_found = False
    for code in languages:
        for pattern in _words(code).vague:
            for match in pattern.finditer(text):
                is_found = True
                yield Finding(match.start(), match.end(), match[0], Kind.VAGUE, _words(code).vague_suggestion)
    if not is_found and len(text.split()) < FEWEST_WORDS:
        whole = text.strip()
        start = text.index(whole)
        yield Finding(start, start + len(whole), whole, Kind.VAGUE, _words(languages[0]).vague_suggestion)


def _apart(found: Sequence[Finding]) -> list[Finding]:
    """Put findings in the order of the text, and keep of overlapping ones the gravest, then the longest."""
    gravity = [Kind.BLAME, Kind.PERSON, Kind.VAGUE]
    kept: list[Finding] = []
    for one in sorted(found, key=lambda one: (gravity.index(one.kind), one.start - one.end, one.start)):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


@cache
def _data() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return found


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(word for line in _data()[name] for word in line.split())


@cache
def _first_names(*, anyhow: bool) -> frozenset[str]:
    """Return common first names in every spelling.

    :param anyhow: also in small letters.
    """
    names = {spelled for name in _listed("first_names") for spelled in spellings(name)}
    return frozenset(names | {name.lower() for name in names} if anyhow else names)


@cache
def _anchors() -> tuple[re.Pattern[str], ...]:
    return tuple(_compiled(phrase, "") if phrase != r"\d" else re.compile(phrase) for phrase in _data()["anchors"])


@cache
def _words(language: str) -> _Words:
    data = _data()[language]

    def phrases(kind: str) -> tuple[_Phrase, ...]:
        return tuple(
            _Phrase(_compiled(phrase, data["someone"]), group["suggestion"], group.get("always", False))
            for group in data[kind]
            for phrase in group["phrases"]
        )

    return _Words(
        blame=phrases("blame"),
        person=phrases("person"),
        vague=tuple(_compiled(phrase, "") for phrase in data["vague"]),
        negations=frozenset(data["negations"]),
        taken_back=tuple(_compiled(phrase, "") for phrase in data["taken_back"]),
        role_person=frozenset(data["role_person"]),
        role_newcomers=tuple(_compiled(phrase, "") for phrase in data["role_newcomers"]),
        role_vague=frozenset(data["role_vague"]),
        role_suggestion=data["role_suggestion"],
        vague_suggestion=data["vague_suggestion"],
    )


def _compiled(phrase: str, someone: str) -> re.Pattern[str]:
    """Turn a phrase of the word list into a pattern of whole words."""
    phrase = phrase.replace("{someone}", someone).replace(" … ", "…")
    phrase = re.sub(r"(?<!\\w)(?<=[\w)])\*", r"\\w*", phrase)
    phrase = phrase.replace(" ", r"\s+").replace("…", GAP)
    for letter, spelling in SPELLED.items():
        # Not inside a set of letters, where each stands for itself.
        phrase = re.sub(rf"{letter}(?![^\[]*\])", spelling, phrase)
    return re.compile(rf"(?<!\w)(?:{phrase})(?!\w)", re.IGNORECASE)
