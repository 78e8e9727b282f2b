"""Reading a YAML data file into a model, whole or not at all, with complaints that name line, key, value and remedy.

The file is read event by event instead of with a YAML loader: that keeps the line of every value, finds keys that
stand twice, and leaves no way to make Python objects or to nest without end. Plain words follow YAML's JSON-like core
schema, so `no` is the language code of Norwegian and not false.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from questionnaires.texts import Frozen, Misfits, Place

Model = TypeVar("Model", bound=Frozen)

MOST_BYTES = 2_000_000
DEEPEST = 20
LONGEST_VALUE = 60
# libyaml's parser where PyYAML was built with it, which is several times faster.
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_TAGS = (None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map")

REMEDIES = {
    "missing": "add the key",
    "extra_forbidden": "remove the key, or correct its spelling",
    "string_type": "write a text; put it in quotes if it looks like a number",
    "int_type": "write a whole number",
    "int_from_float": "write a whole number",
    "bool_type": "write true or false",
    "tuple_type": "write a list, one entry a line, each after a dash",
    "dict_type": "write one indented line per language, such as en: …",
    "model_type": "write indented keys with values",
    "model_attributes_type": "write indented keys with values",
    "string_pattern_mismatch": "use another spelling",
    "too_short": "add what is missing",
    "too_long": "remove what is too much",
    "literal_error": "choose one of these values",
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a file."""

    file: str
    line: int
    """Counted from 1; 0 where the file could not be read at all."""
    key: str
    """The dotted place in the file, such as `aspects[0].items[2].text`; empty for the file as a whole."""
    message: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: {self.key}" if self.key else f"{self.file}:{self.line}"
        return f"{place}: {self.message}; {self.remedy}"


class BrokenFile(ValueError):
    """A data file that was not loaded, with everything that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def read(path: Path, model: type[Model]) -> Model:
    """Read a YAML file into a model.

    :raise BrokenFile: when the file cannot be read, is no plain YAML, or does not fit the model.
    """
    return fit(parse(path), model)


@dataclass(frozen=True)
class Parsed:
    """The plain values of a YAML file, with the line of each."""

    file: str
    data: Any
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of a place, or of the nearest thing around it that is there."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def parse(path: Path) -> Parsed:
    """Read a YAML file into mappings, tuples, texts, numbers, booleans and None.

    :raise BrokenFile: naming the first thing that cannot be read, or every key that stands twice.
    """
    file = path.name
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise _broken(file, 0, "", f"the file {path} cannot be opened: {reason}", "check the name") from error
    if len(raw) > MOST_BYTES:
        raise _broken(file, 0, "", f"the file has {len(raw)} bytes", f"keep it below {MOST_BYTES}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _broken(file, line, "", "the text is not UTF-8", "save the file as UTF-8") from error
    reader = _Reader(file)
    try:
        data = reader.document(yaml.parse(text, Loader=_PARSER))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _broken(file, line, "", "a control character stands in the text", "remove it") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        message = f"this is not YAML: {error.problem}"
        raise _broken(file, line, "", message, "check indentation, quotes and colons here and above") from error
    if reader.problems:
        raise BrokenFile(tuple(reader.problems))
    return Parsed(file, data, reader.lines)


def fit(parsed: Parsed, model: type[Model]) -> Model:
    """Make a model of a parsed file.

    :raise BrokenFile: with everything that does not fit.
    """
    if parsed.data is None:
        raise _broken(parsed.file, 1, "", "the file is empty", "start from a file that is shipped")
    try:
        return model.model_validate(parsed.data, strict=True)
    except ValidationError as error:
        found = [problem for entry in error.errors() for problem in _problems(parsed, entry)]
        raise BrokenFile(tuple(sorted(found, key=lambda problem: problem.line))) from error


def dotted(place: Place) -> str:
    """Return a place as a person would write it: `aspects[0].items[2].text`."""
    written = ""
    for part in place:
        if isinstance(part, int):
            written += f"[{part}]"
        elif part != "[key]":
            written += f".{part}" if written else part
    return written


def _broken(file: str, line: int, key: str, message: str, remedy: str) -> BrokenFile:
    return BrokenFile((Problem(file, line, key, message, remedy),))


def _problems(parsed: Parsed, entry: Any) -> Iterator[Problem]:
    """Turn one of pydantic's errors into problems a person can act on."""
    cause = entry.get("ctx", {}).get("error")
    place: Place = entry["loc"]
    if isinstance(cause, Misfits):
        for where, complaint in cause.found:
            yield _problem(parsed, (*place, *where), complaint)
    elif isinstance(cause, ValueError):
        yield _problem(parsed, place, str(cause))
    else:
        message = entry["msg"]
        if entry["type"] not in ("missing", "model_type", "model_attributes_type", "dict_type"):
            message = f"{shown(entry['input'])} does not fit: {message}"
        yield _problem(parsed, place, f"{message}; {REMEDIES.get(entry['type'], 'correct the value')}")


def _problem(parsed: Parsed, place: Place, complaint: str) -> Problem:
    message, _, remedy = complaint.partition("; ")
    return Problem(parsed.file, parsed.line(place), dotted(place), message, remedy or "correct the value")


def shown(value: object) -> str:
    """Return a value as it may stand in a message, cut where it is long."""
    written = repr(value)
    return written if len(written) <= LONGEST_VALUE else f"{written[: LONGEST_VALUE - 1]}…"


class _Reader:
    """Builds plain values of YAML's events and notes the line of each."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []

    def document(self, events: Iterator[Any]) -> Any:
        """Return the value of the only document, None for an empty file."""
        data: Any = None
        n_documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                n_documents += 1
                if n_documents > 1:
                    raise self._broken(event, (), "a second document begins", "keep one document a file")
            elif isinstance(event, yaml.NodeEvent):
                data = self.value(event, events, ())
        return data

    def value(self, event: Any, events: Iterator[Any], place: Place) -> Any:
        """Return the value that begins with an event."""
        line: int = event.start_mark.line + 1
        self.lines.setdefault(place, line)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise self._broken(event, place, "anchors (&) and aliases (*) are not read", "write it out")
        if event.tag not in _TAGS:
            raise self._broken(event, place, f"the tag {event.tag} is not read", "remove it")
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if len(place) >= DEEPEST:
            raise self._broken(event, place[:3], f"more than {DEEPEST} levels are nested", "check the indentation")
        if isinstance(event, yaml.SequenceStartEvent):
            entries: list[Any] = []
            while not isinstance(following := next(events), yaml.SequenceEndEvent):
                entries.append(self.value(following, events, (*place, len(entries))))
            return tuple(entries)
        return self.mapping(events, place)

    def mapping(self, events: Iterator[Any], place: Place) -> dict[str | int, Any]:
        """Return a mapping, noting every key that stands twice."""
        found: dict[str | int, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self.scalar(event) if isinstance(event, yaml.ScalarEvent) else None
            if isinstance(key, bool) or not isinstance(key, str | int):
                raise self._broken(event, place, "a key is neither a word nor a number", "put it in quotes")
            below = (*place, key)
            line = event.start_mark.line + 1
            if key in found:
                message = f"the key {key!r} is there twice, first on line {self.lines[below]}"
                self.problems.append(Problem(self.file, line, dotted(below), message, "remove one of them"))
            self.lines.setdefault(below, line)
            found[key] = self.value(next(events), events, below)
        return found

    def scalar(self, event: Any) -> str | int | float | bool | None:
        """Return a scalar: quoted and folded ones are texts, plain ones may be numbers, true, false or null."""
        text: str = event.value
        if not event.implicit[0]:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            return int(text) if len(text) <= LONGEST_VALUE else text
        return float(text) if _DECIMAL.fullmatch(text) else text

    def _broken(self, event: Any, place: Place, message: str, remedy: str) -> BrokenFile:
        return _broken(self.file, event.start_mark.line + 1, dotted(place), message, remedy)
