"""Which values health facts may have, and reading them from what people type."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from assessment.domain.error_kinds import Invalid
from assessment.domain.follow_up_errors import PersonalData
from reports.follow_up import HealthFact
from reports.health import SMALLEST_ROTATION
from reports.languages import phrase

MOST = 10_000
LARGEST_ROTATION = 200
SHARES = frozenset({HealthFact.OVER_30_MINUTES, HealthFact.TOIL})
COUNTS = frozenset(
    {HealthFact.REVIEWS_DUE, HealthFact.REVIEWS_WRITTEN, HealthFact.ACTIONS_DUE, HealthFact.ACTIONS_ON_TIME}
)
PAIRS = (
    (HealthFact.REVIEWS_WRITTEN, HealthFact.REVIEWS_DUE),
    (HealthFact.ACTIONS_ON_TIME, HealthFact.ACTIONS_DUE),
)
PAGES = "page_shares"
# Of whole numbers, decimals with a point or a comma, and shares in per cent.
NUMBER = re.compile(r"(\d{1,9}(?:[.,]\d{1,9})?)\s*(%?)")
# What spreadsheets make of 1.5 and the like: days with a month in digits or in letters.
DATE = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{0,4}( 0?0:00(:00)?)?|\d{1,4}[. -]+[^\W\d]{3,9}\.?|[^\W\d]{3,9}\.?[ -]\d{1,4}"
)
A_DATE = phrase("this is a date; give the column in your spreadsheet the format text, and write the number again")


def read_fact(fact: str, text: str) -> float | None:
    """Read a fact as people type it: `1.5`, `1,5`, and shares as `0.4` or `40 %`; None for an empty text.

    :raise Invalid: for a fact that there is not, or a value that it cannot have.
    """
    known = known_fact(fact)
    if not text.strip():
        return None
    match = NUMBER.fullmatch(text.strip())
    if match is None or (match[2] and known not in SHARES):
        raise Invalid(fact, text.strip(), A_DATE if DATE.fullmatch(text.strip()) else _remedy(known))
    value = float(match[1].replace(",", "."))
    checked = value / 100 if match[2] else value
    if not _can_be(known, checked):
        raise Invalid(fact, text.strip(), _remedy(known))
    return checked


def known_fact(fact: str) -> HealthFact:
    """Return a fact by its id.

    :raise Invalid: when there is none.
    """
    try:
        return HealthFact(fact)
    except ValueError:
        known = ", ".join(HealthFact)
        raise Invalid(phrase("health fact"), fact, phrase("choose from %(known)s"), known=known) from None


def check_fact(fact: str, value: float) -> None:
    """Pass for a value that a fact can have.

    :raise Invalid: otherwise.
    """
    known = known_fact(fact)
    if not _can_be(known, value):
        raise Invalid(fact, f"{value:g}", _remedy(known))


def check_together(facts: Mapping[str, float]) -> None:
    """Pass when no more was written or closed than was due; what is not known is not compared.

    :raise Invalid: otherwise.
    """
    for part, whole in PAIRS:
        if facts.get(part, 0) > facts.get(whole, MOST):
            remedy = phrase("it cannot be more than %(whole)s, which is %(n)s")
            raise Invalid(part.value, f"{facts[part]:g}", remedy, whole=whole.value, n=f"{facts[whole]:g}")


def check_pages(pages: Sequence[int]) -> None:
    """Pass for pages per member of a rotation of at least 8, or none.

    :raise PersonalData: for a smaller rotation.
    :raise Invalid: for a count that cannot be.
    """
    if pages and len(pages) < SMALLEST_ROTATION:
        raise PersonalData(n=len(pages), least=SMALLEST_ROTATION)
    for count in pages:
        if not 0 <= count <= MOST:
            raise Invalid(PAGES, count, phrase("write how many pages each member got, from 0 on"))
    if len(pages) > LARGEST_ROTATION:
        remedy = phrase("give at most %(most)s members")
        raise Invalid(PAGES, len(pages), remedy, most=LARGEST_ROTATION)


def read_pages(text: str) -> tuple[int, ...]:
    """Read pages per member, separated by spaces, commas or semicolons, into falling order; nothing for an empty text.

    :raise Invalid, PersonalData: as `check_pages`, and for anything but whole numbers.
    """
    parts = [part for part in re.split(r"[\s,;/|]+", text) if part]
    if not all(re.fullmatch(r"\d{1,5}", part) for part in parts):
        remedy = phrase("write whole numbers with spaces between them, without names, such as 9 7 4 4 2 1 1 0")
        raise Invalid(PAGES, text.strip(), remedy)
    pages = tuple(sorted(map(int, parts), reverse=True))
    check_pages(pages)
    return pages


def _can_be(fact: HealthFact, value: float) -> bool:
    most = 1 if fact in SHARES else MOST
    return math.isfinite(value) and 0 <= value <= most and (fact not in COUNTS or value == int(value))


def _remedy(fact: HealthFact) -> str:
    if fact in SHARES:
        return phrase("write a share from 0 to 1, such as 0.4, or in per cent with its sign")
    if fact in COUNTS:
        return phrase("write a whole number from 0 on")
    return phrase("write a number from 0 on, such as 1.5")
