"""Roles in words, the same in the figure, its tables and its alternative text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from reports import words
from reports.languages import Language, phrase
from reports.released import Reason, Released, ReleasedRole, RoleComparison, RoleVerdict, Withheld

NOTHING = "–"
VERDICTS = {
    RoleVerdict.DIFFERENT: phrase("roles answer differently within teams"),
    RoleVerdict.NOT_DISTINGUISHABLE: phrase("not distinguishable from chance"),
    RoleVerdict.NOT_TESTED: phrase("not tested"),
}


class Names(NamedTuple):
    """What aspects and roles are called in the campaign's own instruments."""

    aspects: Mapping[str, str]
    roles: Mapping[str, str]
    """In the order of the question."""


def names(released: Released, language: Language) -> Names:
    """Return the names of a campaign's aspects and roles; without the question, no roles."""
    asked = released.questionnaire
    options = () if asked.role is None else asked.role.options
    return Names(
        {aspect: words.aspect_name(released, aspect, language) for aspect in asked.aspects},
        {option.id: language.text(option.name) for option in options},
    )


def verdict(comparison: RoleComparison, language: Language) -> str:
    """Say one of the three things that may be said about how roles compare."""
    return language.gettext(VERDICTS[comparison.verdict])


def reason(figure: Withheld, language: Language) -> str:
    """Say in short why a role is not shown."""
    if figure.reason is Reason.TOO_FEW:
        return language.gettext("withheld: too few answers")
    return language.gettext("withheld: shown, it would give a small group away")


def in_words(name: str, figure: ReleasedRole | Withheld, language: Language) -> str:
    """Say of one role its mean and how many answered, or that it is not shown."""
    if isinstance(figure, Withheld):
        return language.gettext("%(role)s not shown", role=name)
    return language.ngettext(
        "%(role)s %(mean)s from %(n)s answer",
        "%(role)s %(mean)s from %(n)s answers",
        figure.n,
        role=name,
        mean=words.mean(figure, language),
    )
