"""What teams and the organisation agreed, and health facts, in the states that documents can meet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from reports.follow_up import (
    Agreed,
    AgreedState,
    FollowUp,
    Health,
    HealthCount,
    HealthFact,
    OrganisationFollowUp,
)

AS_OF = date(2026, 11, 19)
BEFORE, NOW = "2026-Q2", "2026-Q3"
ROLE = "Dienstverantwortliche der Rufbereitschaft"
SIGN = "Drei Wochen hintereinander steht der Termin im Kalender, und jedes Mal wurde mindestens ein Alarm verändert."
LONG_ROLE = "Wer in der Woche die Rufbereitschaft der Querschnittsdienste übernommen hat"[:80]
LONG_SIGN = " ".join(["Nach jedem Vorfall liegt nach fünf Arbeitstagen eine Rückschau vor, die Bedingungen nennt."] * 3)


def agreed(change: str, quarter: str = BEFORE, state: AgreedState = AgreedState.DONE, **options: object) -> Agreed:
    ended = None if state is AgreedState.AGREED else date(2026, 9, 14)
    found = Agreed(change, quarter, state, ROLE, date(2026, 12, 18), SIGN, "", date(2026, 8, 12), ended)
    return replace(found, **options)


def quarter(name: str, step: int = 0, *, pages: tuple[int, ...] = ()) -> Health:
    """A quarter with every fact, some within their targets and some not."""
    facts = {
        HealthFact.PAGES_PER_WEEK: 2.6 - 0.4 * step,
        HealthFact.NIGHT_PAGES: 0.5 + 0.3 * step,
        HealthFact.OVER_30_MINUTES: 0.35,
        HealthFact.TOIL: 0.55 - 0.05 * step,
        HealthFact.REVIEWS_DUE: 4,
        HealthFact.REVIEWS_WRITTEN: 4 - step % 2,
        HealthFact.ACTIONS_DUE: 9,
        HealthFact.ACTIONS_ON_TIME: 5 + step,
    }
    return Health(name, {str(fact): value for fact, value in facts.items()}, pages)


def few_facts() -> tuple[Health, ...]:
    """Two quarters in which only pages and toil were counted."""
    facts = {"pages_per_week": 2.4, "toil": 0.4}
    return (Health(BEFORE, facts), Health(NOW, {"pages_per_week": 1.8, "toil": 0.45, "night_pages": 0.5}))


def all_facts() -> tuple[Health, ...]:
    """Four quarters with everything, and a rotation in which few take most pages."""
    names = ("2025-Q4", "2026-Q1", BEFORE, NOW)
    return tuple(quarter(name, i, pages=(31, 19, 6, 3, 2, 1, 1, 0, 0)) for i, name in enumerate(names))


def followed_up() -> FollowUp:
    """Something done, something dropped, something still open, and a focus for the next quarter."""
    return FollowUp(
        AS_OF,
        (agreed("C04"), agreed("C05", state=AgreedState.DROPPED), agreed("C10", state=AgreedState.AGREED)),
        in_place=("C04",),
        implied=("C01",),
        next_focus=("inquiry",),
    )


def at_length() -> FollowUp:
    """More than there is room for, in the longest words."""
    more = {"role": LONG_ROLE, "sign": LONG_SIGN[:300]}
    under_way = AgreedState.AGREED
    return FollowUp(
        AS_OF,
        (
            *(agreed(change) for change in ("C04", "C15", "C05")),
            agreed("C11", state=under_way, **more),
            agreed("C16", NOW, state=under_way, **more),
        ),
        in_place=("C04", "C15", "C05"),
        next_focus=("inquiry", "messengers"),
        health=all_facts(),
    )


def of_the_organisation(n_teams: int = 25) -> OrganisationFollowUp:
    """An organisation that agreed itself, with teams that are far, on their way, or not begun."""
    own = FollowUp(
        AS_OF,
        (agreed("C01"), agreed("C02", state=AgreedState.AGREED), agreed("C27", NOW, AgreedState.AGREED)),
        in_place=("C01",),
    )
    states = {AgreedState.AGREED: min(2, n_teams), AgreedState.DONE: n_teams // 2, AgreedState.DROPPED: n_teams // 8}
    counts = {
        "pages_per_week": HealthCount(n_teams, n_teams // 2, n_teams // 3, 1, 0),
        "night_pages": HealthCount(n_teams, n_teams // 2, n_teams // 3, 1, 0),
        "over_30_minutes": HealthCount(n_teams, None, n_teams // 3, 1, 0),
        "toil": HealthCount(n_teams, n_teams // 2, n_teams // 3, 1, 0),
        "reviews": HealthCount(n_teams, n_teams, 0, 0, n_teams),
        "actions": HealthCount(1, 0, 0, 1, 0),
        "busiest_share": HealthCount(1, 1, 0, 0, 0),
    }
    return OrganisationFollowUp(
        own, n_teams, {"C04": states, "C15": states}, {"C04": n_teams, "C15": n_teams // 2, "C05": 1}, counts
    )
