"""What every data file is made of: frozen models, translated texts, complaints that know their place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

# Where a value stands in a file: keys and indexes from the outside in, as pydantic writes them.
Place = tuple[str | int, ...]


class Misfits(ValueError):
    """Everything that is wrong with a whole file, each complaint with the place it is about.

    A complaint reads "what is wrong; what to do about it".
    """

    def __init__(self, found: Sequence[tuple[Place, str]]) -> None:
        super().__init__(". ".join(complaint for _, complaint in found))
        self.found = tuple(found)


def _complete(text: dict[str, str]) -> dict[str, str]:
    """Refuse an empty translation, because an empty question would reach a respondent."""
    for language, sentence in text.items():
        if not sentence.strip():
            raise ValueError(f"the text for language {language!r} is empty; write it or remove the language")
    return text


Text = Annotated[dict[str, str], Field(min_length=1), AfterValidator(_complete)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class Frozen(BaseModel):
    """Base of everything read from a data file: no unknown keys, no change after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_copy(self, *, update: Any = None, deep: bool = False) -> Self:  # noqa: ARG002
        """Return a copy with some fields replaced, validated and without values computed for the original."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate({**fields, **(update or {})})


class Source(Frozen):
    """Whom the model behind a file is owed to, and what may be done with our wording."""

    credit: Text
    licence: str


def walk(value: Any, place: Place = (), label: str = "") -> Iterator[tuple[Place, str, dict[str, str]]]:
    """Yield every translated text below a model: its place, the same as a readable label, and the text."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from walk(getattr(value, name), (*place, name), f"{label}.{name}" if label else name)
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            yield from walk(entry, (*place, index), f"{label}[{getattr(entry, 'id', index)}]")
    elif isinstance(value, dict):
        if all(isinstance(key, str) for key in value):
            yield place, label, value
        else:
            for key, entry in value.items():
                yield from walk(entry, (*place, key), f"{label}[{key}]")


def untranslated(model: BaseModel, languages: Iterable[str]) -> list[tuple[Place, str]]:
    """Return a complaint for every text of a model that lacks one of the file's languages."""
    wanted = tuple(languages)
    return [
        (place, f"{label} has no text in {language!r}, one of the file's languages; translate it")
        for place, label, text in walk(model)
        for language in wanted
        if language not in text
    ]


def repeated(name: str, ids: Sequence[tuple[Place, str]]) -> list[tuple[Place, str]]:
    """Return a complaint for every id that stands there more than once, at its last place."""
    counts = Counter(entry for _, entry in ids)
    last = {entry: place for place, entry in ids}
    return [
        (last[entry], f"{name} {entry!r} is there twice; each {name} may stand once")
        for entry, count in counts.items()
        if count > 1
    ]
