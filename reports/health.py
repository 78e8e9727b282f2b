"""What health facts say: the measures with a target, whether a team is within it, and how even a rotation is.

Health facts stand beside the culture results with their thresholds and are never averaged with them.

- pages per engineer on call and week: under 2;
- pages at night per rotation: under 1;
- share of pages that took longer than 30 minutes: no target, shown only;
- toil: under half of the work, and no more than in the quarter before;
- reviews written of those due: all; actions closed on time of those due: at least 70 %;
- evenness of a rotation: the busiest fifth takes less than 60 % of the pages, a warning towards the rule of 20/80.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from reports.follow_up import Health, HealthFact, facts_of

SMALLEST_ROTATION = 8
"""Below that, pages per member are personal data."""
BUSIEST = 0.2
WARNING_SHARE = 0.6
"""From here on the busiest fifth comes close to the rule of 20/80."""
MOST_PAGES = 0.8


class Measure(StrEnum):
    """What is compared with a target, by the names that reports, JSON and CSV use."""

    PAGES_PER_WEEK = "pages_per_week"
    NIGHT_PAGES = "night_pages"
    OVER_30_MINUTES = "over_30_minutes"
    TOIL = "toil"
    REVIEWS = "reviews"
    """The share of reviews due that were written."""
    ACTIONS = "actions"
    """The share of actions due that were closed on time."""
    BUSIEST_SHARE = "busiest_share"
    """The share of pages that the busiest fifth of a rotation takes."""


@dataclass(frozen=True)
class Target:
    """Which values of a measure are within its target."""

    limit: float | None
    """None where there is no target."""
    lower_is_better: bool

    def is_met(self, value: float) -> bool | None:
        """Say whether a value is within the target; None where there is none."""
        if self.limit is None:
            return None
        return value < self.limit if self.lower_is_better else value >= self.limit


MEASURES: Mapping[Measure, Target] = {
    Measure.PAGES_PER_WEEK: Target(2.0, lower_is_better=True),
    Measure.NIGHT_PAGES: Target(1.0, lower_is_better=True),
    Measure.OVER_30_MINUTES: Target(None, lower_is_better=True),
    Measure.TOIL: Target(0.5, lower_is_better=True),
    Measure.REVIEWS: Target(1.0, lower_is_better=False),
    Measure.ACTIONS: Target(0.7, lower_is_better=False),
    Measure.BUSIEST_SHARE: Target(WARNING_SHARE, lower_is_better=True),
}
# By measure, whether it is within its target.
Standings = Mapping[Measure, bool]
_PLAIN = {
    Measure.PAGES_PER_WEEK: HealthFact.PAGES_PER_WEEK,
    Measure.NIGHT_PAGES: HealthFact.NIGHT_PAGES,
    Measure.OVER_30_MINUTES: HealthFact.OVER_30_MINUTES,
    Measure.TOIL: HealthFact.TOIL,
}
_SHARES = {
    Measure.REVIEWS: (HealthFact.REVIEWS_WRITTEN, HealthFact.REVIEWS_DUE),
    Measure.ACTIONS: (HealthFact.ACTIONS_ON_TIME, HealthFact.ACTIONS_DUE),
}


def measured(health: Health) -> dict[Measure, float]:
    """Return every measure that a team's facts give, in the order of `MEASURES`; what is unknown is left out.

    A share of nothing due is unknown.
    """
    found: dict[Measure, float] = {}
    for measure in MEASURES:
        if measure in _PLAIN and _PLAIN[measure] in health.facts:
            found[measure] = health.facts[_PLAIN[measure]]
        elif measure in _SHARES:
            part, whole = (health.facts.get(fact) for fact in _SHARES[measure])
            if part is not None and whole:
                found[measure] = part / whole
        elif measure is Measure.BUSIEST_SHARE and health.page_shares and sum(health.page_shares):
            found[measure] = busiest_share(health.page_shares)
    return found


def is_within(measure: Measure, value: float, before: float | None = None) -> bool | None:
    """Say whether a value is within its target; None where the measure has none.

    Toil must not rise either: a share above that of the quarter before is not within.

    :param before: the value of the calendar quarter before (`facts_before`); None where it is not known.
    """
    is_met = MEASURES[measure].is_met(value)
    if measure is Measure.TOIL and is_met and before is not None:
        return value <= before
    return is_met


def facts_before(quarters: Sequence[Health], quarter: str) -> Health | None:
    """Return the facts of the calendar quarter before one, such as `2025-Q4` of `2026-Q1`; None where none are known.

    The one quarter that a team, the organisation and the ranking compare with: facts further back are not the quarter
    before, however many were left out between.
    """
    year, number = int(quarter[:4]), int(quarter[-1])
    wanted = f"{year - 1:04}-Q4" if number == 1 else f"{year:04}-Q{number - 1}"
    return facts_of(quarters, wanted)


def standings(now: Health, before: Health | None = None) -> Standings:
    """Return which measures of a quarter are within their targets; unknown ones and those without a target are missing.

    :param before: the facts of the calendar quarter before (`facts_before`), for toil, which must not rise either.
    """
    earlier = measured(before) if before is not None else {}
    told = {measure: is_within(measure, value, earlier.get(measure)) for measure, value in measured(now).items()}
    return {measure: is_met for measure, is_met in told.items() if is_met is not None}


def trend(measure: Measure, before: float, now: float) -> int:
    """Return 1 when a measure got better since the quarter before, -1 when worse, 0 when it is the same."""
    if now == before:
        return 0
    return 1 if (now < before) == MEASURES[measure].lower_is_better else -1


def busiest_share(pages: Sequence[int]) -> float:
    """Return the share of pages that the busiest fifth of a rotation takes, from 0 to 1.

    A fifth of 8 people is 1.6: the busiest one counts in full and the next by 0.6.

    :param pages: pages per member; there is at least one page.
    """
    falling = sorted(pages, reverse=True)
    fifth = BUSIEST * len(falling)
    whole = int(fifth + 1e-9)
    taken = float(sum(falling[:whole]))
    if fifth - whole > 1e-9:
        taken += (fifth - whole) * falling[whole]
    return taken / sum(falling)


def lorenz(pages: Sequence[int]) -> tuple[tuple[float, float], ...]:
    """Return the steps of a rotation's Lorenz curve, busiest first: share of people, share of pages.

    From (0, 0) to (1, 1), one point for each member.
    """
    falling = sorted(pages, reverse=True)
    total, taken = sum(falling) or 1, 0
    points = [(0.0, 0.0)]
    for number, count in enumerate(falling, start=1):
        taken += count
        points.append((number / len(falling), taken / total))
    return tuple(points)


def is_lopsided(pages: Sequence[int]) -> bool:
    """Say whether a rotation comes close to the rule of 20/80: its busiest fifth takes 60 % of the pages or more."""
    return bool(sum(pages)) and busiest_share(pages) >= WARNING_SHARE


def n_busiest(pages: Sequence[int]) -> int:
    """Return how many people, the busiest first, take four fifths of the pages; 0 where there were none."""
    falling, total = sorted(pages, reverse=True), sum(pages)
    if not total:
        return 0
    needed, taken = ceil(MOST_PAGES * total - 1e-9), 0
    for number, count in enumerate(falling, start=1):
        taken += count
        if taken >= needed:
            return number
    return len(falling)
