"""The words that reports may say of a figure: why it is withheld, how exact it is, and what was found."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a figure is withheld."""

    TOO_FEW = "too_few"
    """Fewer people answered this than the reporting size; the answers count in the next larger group."""
    WOULD_REVEAL = "would_reveal"
    """Shown, it would give away a small group by subtraction."""
    NOT_ASKED = "not_asked"
    """The campaign's instruments do not ask this."""


class Tier(StrEnum):
    """How exactly a figure is shown."""

    COARSE = "coarse"
    DETAIL = "detail"


class OpenEnd(StrEnum):
    """A coarse mean at the end of the scale says only that it lies there or beyond."""

    TOP = "top"
    BOTTOM = "bottom"


class Spread(StrEnum):
    """Low (up to 3), middle and high (from 5) answers in words that cannot tell "all" from "all but one"."""

    MOSTLY_HIGH = "mostly_high"
    MOSTLY_MIDDLE = "mostly_middle"
    MOSTLY_LOW = "mostly_low"
    MIXED = "mixed"


class Agreement(StrEnum):
    """Whether views in the team lie close together."""

    SHARED = "shared"
    SPLIT = "split"
    NEITHER = "neither"


class Status(StrEnum):
    """The only things a report may say about a change."""

    CHANGED = "changed"
    NOT_DISTINGUISHABLE = "not_distinguishable"
    TOO_FEW = "too_few"
    NOT_TESTED = "not_tested"
    NOT_COMPARABLE = "not_comparable"
    FIRST_QUARTER = "first_quarter"


class Method(StrEnum):
    """How the p of a permutation test was found."""

    EXACT = "exact"
    """By counting all ways to deal the answers out; mid-p."""
    NORMAL_LIMIT = "normal_limit"
    """From the normal limit of the same distribution, because counting would take too long."""


class RoleVerdict(StrEnum):
    """The only things a report may say about how roles compare."""

    DIFFERENT = "different"
    NOT_DISTINGUISHABLE = "not_distinguishable"
    NOT_TESTED = "not_tested"
