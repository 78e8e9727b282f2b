"""What a team may agree on: one small change after the other, each on what is in place, with a date and a role."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from assessment.domain.error_kinds import Invalid
from assessment.domain.follow_up_errors import (
    MissingOrganisationChange,
    MissingPrerequisites,
    OnlyOrganisation,
    OnlyTeams,
    TooMuchInFlight,
    UnknownChange,
)
from questionnaires.changes import Catalogue, SmallChange
from reports.languages import phrase
from reports.room import ROOM, TAKES

ROLE_LENGTH, SIGN_LENGTH, EVIDENCE_LENGTH = 80, 300, 600
LONGEST = timedelta(days=366)
# Embeddings, overrides and isolates of the Unicode Bidirectional Algorithm; its marks stay, which a name may need.
TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
ROLE, SIGN, EVIDENCE, DUE = phrase("owning role"), phrase("observable sign"), phrase("evidence"), phrase("due date")
FOCUS_FIELD = phrase("focus")


def known_change(change_id: str, catalogue: Catalogue) -> SmallChange:
    """Return a change of the catalogue.

    :raise UnknownChange: when there is none of this id.
    """
    found = catalogue.by_id.get(change_id.strip().upper())
    if found is None:
        raise UnknownChange(change=change_id, first=catalogue.changes[0].id, last=catalogue.changes[-1].id)
    return found


def check_startable(
    change: SmallChange, has: Collection[str], catalogue: Catalogue, *, for_organisation: bool = False
) -> None:
    """Pass when a team, or the organisation, may start a change now.

    :param has: ids of what is in place.
    :raise OnlyOrganisation: when a team agrees on what only leadership can start, large changes among them.
    :raise OnlyTeams: when the organisation agrees on what teams start.
    :raise MissingPrerequisites, MissingOrganisationChange: when the change builds on what is not in place.
    """
    is_for_organisation = change.organisation or change.effort == "L"
    if is_for_organisation and not for_organisation:
        raise OnlyOrganisation(change=change.id)
    if for_organisation and not is_for_organisation:
        raise OnlyTeams(change=change.id)
    missing = [catalogue.get(name) for name in change.after if name not in has]
    by_team = [other.id for other in missing if other.organisation == for_organisation]
    if by_team:
        raise MissingPrerequisites(change=change.id, missing=", ".join(by_team))
    if missing:
        names = ", ".join(other.id for other in missing)
        raise (MissingPrerequisites if for_organisation else MissingOrganisationChange)(change=change.id, missing=names)


def check_room(change: SmallChange, in_flight: Sequence[SmallChange]) -> None:
    """Pass when there is room for a change beside what is under way: two small changes or one medium.

    :raise TooMuchInFlight: otherwise.
    """
    if sum(TAKES[other.effort] for other in in_flight) + TAKES[change.effort] > ROOM:
        raise TooMuchInFlight(change=change.id, in_flight=", ".join(other.id for other in in_flight))


def check_due(due: date, today: date) -> None:
    """Pass for a day in the future, at most a year ahead.

    :raise Invalid: otherwise.
    """
    if due <= today:
        raise Invalid(DUE, due.isoformat(), phrase("choose a day after today"))
    if due > today + LONGEST:
        raise Invalid(DUE, due.isoformat(), phrase("choose a day within a year"))


def checked_text(field: str, text: str, most: int, *, may_be_empty: bool = False) -> str:
    """Return a text as it is stored: on one line.

    :raise Invalid: when it is empty or longer than it may be.
    """
    plain = one_line(text)
    if not plain and not may_be_empty:
        raise Invalid(field, text, phrase("it may not be empty"))
    if len(plain) > most:
        shown = plain[:40] + "…"
        raise Invalid(
            field, shown, phrase("write at most %(most)s characters; this has %(n)s"), most=most, n=len(plain)
        )
    return plain


def one_line(text: str) -> str:
    """Return a text on one line, without surrounding white space and without what directs a screen or a terminal."""
    return " ".join("".join(letter for letter in " ".join(text.split()) if not _directs(letter)).split())


def _directs(letter: str) -> bool:
    """Whether a character is none that people read: a terminal obeys it, or what follows it is shown turned around."""
    return unicodedata.category(letter) in ("Cc", "Cs") or letter in TURNING


def check_next_focus(aspects: Sequence[str], asked: Collection[str]) -> None:
    """Pass for one or two different aspects of the questionnaire, or none to take back what was agreed.

    :raise Invalid: otherwise.
    """
    for aspect in aspects:
        if aspect not in asked:
            raise Invalid(FOCUS_FIELD, aspect, phrase("choose from %(known)s"), known=", ".join(asked))
    if len(set(aspects)) != len(aspects) or len(aspects) > 2:
        raise Invalid(FOCUS_FIELD, ", ".join(aspects), phrase("choose one or two different aspects"))
