"""The kinds of errors that people see; `errors` has one class for each thing that can go wrong.

Every error says what is wrong with which value and what to do about it. The sentence is English source text with
named values, so a door can translate it.
"""

from __future__ import annotations

from collections.abc import Callable

from reports.languages import phrase


class AssessmentError(Exception):
    """Base of the errors that people see."""

    sentence = phrase("Something went wrong.")
    personal: frozenset[str] = frozenset()
    """Which of its values may name people; audit and logs are kept longer than rosters."""

    def __init__(self, sentence: str | None = None, **values: object) -> None:
        self.template = sentence or self.sentence
        self.values = values
        super().__init__(self.template % values if values else self.template)

    def translated(self, gettext: Callable[..., str]) -> str:
        """Return the sentence in a language, by that language's `gettext`."""
        return gettext(self.template, **self.values)

    @property
    def nameless(self) -> str:
        """The sentence as audit and logs may keep it: without names or addresses of people."""
        if not self.personal:
            return str(self)
        return self.template % (self.values | dict.fromkeys(self.personal, "…"))


class Invalid(AssessmentError):
    """A value somebody gave is not usable; names the field, the value and the remedy."""

    def __init__(self, field: str, value: object, remedy: str, **values: object) -> None:
        self.field, self.value, self.remedy = field, value, remedy
        self.named = values
        super().__init__("%(field)s %(value)r: " + remedy, field=field, value=value, **values)

    def translated(self, gettext: Callable[..., str]) -> str:
        """Return field and remedy in a language; both are sentences of the source on their own."""
        field, remedy = gettext(self.field), gettext(self.remedy, **self.named)
        return gettext("%(field)s “%(value)s”: %(remedy)s", field=field, value=self.value, remedy=remedy)


class NotFound(AssessmentError):
    """Something that does not exist, or is not this coach's: both read the same."""


class Refused(AssessmentError):
    """Something that is not possible in the present state."""
