"""Every document in every state it can meet, with the questionnaires that ship: what is printed, checked and looked at.

A state is a function of a language that returns a document. What the documents promise is checked on `EACH_ONE`, the
states that differ most, with every run, and on all of them in both languages with the slow tests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from questionnaires.instrument import AREAS, ASPECTS, Questionnaire
from questionnaires.loader import questionnaire
from reports.blocks import Document
from reports.document import organisation_document, summary_document, team_document
from reports.follow_up import FollowUp, OrganisationFollowUp
from reports.languages import Language
from reports.released import (
    Change,
    OpenEnd,
    Reason,
    Released,
    ReleasedAspect,
    ReleasedOrganisation,
    Series,
    Status,
    Suggestion,
    Suggestions,
    Withheld,
)
from reports.trend_document import trend_document
from tests.reports import document_fixtures as cast
from tests.reports import follow_up_fixtures as following
from tests.reports import role_fixtures

DAY = date(2026, 11, 21)
FULL = Questionnaire(questionnaire(("westrum", "blameless")).instruments)
WITH_ROLES = Questionnaire(questionnaire(("westrum", "blameless", "roles")).instruments)
SHORT = Questionnaire(questionnaire(("westrum-short", "blameless")).instruments)
ARABIC, GREEK = "فريق المدفوعات", "Ομάδα Πληρωμών"
UNBROKEN = "Zahlungsverkehrsabwicklungsplattformteam"
"""A German name of 40 letters without a place to break."""


def shipped(released: Released) -> Released:
    """The same values as answers to the questionnaires that ship."""
    return replace(released, questionnaire=FULL)


def changed(released: Released, change: Change) -> Released:
    """The same values with this change on every aspect."""
    aspects = {
        key: replace(figure, change=change) if isinstance(figure, ReleasedAspect) else figure
        for key, figure in released.aspects.items()
    }
    return replace(released, aspects=aspects)


def team(name: str = "Atlas", **options: Any) -> Released:
    return shipped(cast.team(name, **options))


def partly_withheld() -> Released:
    released = team(seed=12)
    nothing = Withheld(Reason.TOO_FEW)
    return replace(
        released,
        aspects=dict(released.aspects) | {"novelty": Withheld(Reason.WOULD_REVEAL), "bridging": nothing},
        choices=dict(released.choices) | {"novelty": nothing},
        ladders=dict(released.ladders) | {"fairness": nothing},
    )


def at_the_ends() -> Released:
    """Six people who agree on everything: coarse and open, at the top and at the bottom."""
    released = team("Cygnus", invited=7, answered=6, seed=3)
    change = Change(Status.NOT_DISTINGUISHABLE, before=6.7, before_open_end=OpenEnd.TOP, detectable=1.4)
    return replace(
        released,
        aspects={
            key: cast.aspect([1.0 if i % 2 else 7.0] * 6, invited=7, coarse=True, change=change)
            for i, key in enumerate(ASPECTS)
        },
        ladders={key: cast.ladder([4 * (i % 2)] * 6, coarse=True) for i, key in enumerate(AREAS)},
    )


def two_changes() -> Released:
    """A conversation first, then the two small changes with the longest texts, for the longest list of reasons."""
    because = ("messengers", "risk_sharing", "fairness", "follow_through")
    suggestions = Suggestions(
        (Suggestion("C15", because), Suggestion("C04", because)), ("inquiry", "bridging"), ("novelty", "language")
    )
    return team("Boötes", seed=16, suggestions=suggestions)


def small_organisation() -> ReleasedOrganisation:
    """An organisation of one team."""
    whole = organisation()
    return replace(
        whole,
        whole=replace(whole.whole, n_teams=1, n_invited=14, n_answered=12),
        departments=whole.departments[:1],
        teams=(replace(team(), node=10),),
        alphas=dict.fromkeys(ASPECTS),
    )


def organisation() -> ReleasedOrganisation:
    made = cast.organisation()
    waiting = Suggestions((Suggestion("C27", ("fairness", "risk_sharing"), 7),), (), ())
    named = [replace(shipped(one), name=name) for one, name in zip(made.teams, TEAM_NAMES, strict=True)]
    return replace(
        made,
        whole=replace(shipped(made.whole), suggestions=waiting),
        departments=tuple(map(shipped, made.departments)),
        teams=tuple(named),
    )


def organisation_with_roles() -> ReleasedOrganisation:
    """The organisation in a campaign that asked for the roles that ship."""
    made = organisation()
    whole = replace(made.whole, questionnaire=WITH_ROLES)
    return replace(made, whole=whole, roles=role_fixtures.comparisons_of_roles())


TEAM_NAMES = sorted([*cast.TEAM_NAMES[:-3], ARABIC, GREEK, UNBROKEN])


def withheld_organisation() -> ReleasedOrganisation:
    made = organisation()
    return replace(made, whole=cast.withheld(made.whole, Reason.WOULD_REVEAL))


def five_quarters() -> Series:
    return Series(tuple(map(shipped, cast.series().quarters)))


def _team(
    make: Callable[[], Released],
    series: Callable[[], Series] | None = None,
    follow_up: Callable[[], FollowUp] | None = None,
) -> Callable[[Language], Document]:
    return lambda spoken: team_document(
        make(), spoken, DAY, series and series(), follow_up=follow_up() if follow_up else None
    )


def _organisation(
    make: Callable[[], ReleasedOrganisation], follow_up: Callable[[], OrganisationFollowUp] | None = None
) -> Callable[[Language], Document]:
    return lambda spoken: organisation_document(make(), spoken, DAY, follow_up=follow_up() if follow_up else None)


def _summary(make: Callable[[], Released]) -> Callable[[Language], Document]:
    return lambda spoken: summary_document(make(), spoken, DAY)


def open_link() -> Released:
    return team("Lyra", invited=None, answered=17, seed=6, way="open_link", first=True, n_joined=None, n_left=None)


def eight_quarters(name: str = "Atlas", **options: Any) -> Series:
    quarters = ["2024-Q4", *(f"{year}-Q{n}" for year in (2025, 2026) for n in (1, 2, 3, 4))][:8]
    made = [team(name, seed=30 + i, quarter=quarter, **options) for i, quarter in enumerate(quarters)]
    return Series((replace(made[0], previous_quarter=None), *made[1:]))


def one_withheld(place: int) -> Series:
    quarters = list(five_quarters().quarters)
    quarters[place] = cast.withheld(quarters[place])
    return Series(tuple(quarters))


def other_instrument() -> Series:
    """After two quarters the questions changed, and the scale with them."""
    quarters = list(five_quarters().quarters)
    for place, one in enumerate(quarters[:2]):
        shown = {key: figure for key, figure in one.aspects.items() if isinstance(figure, ReleasedAspect)}
        other = {key: replace(figure, scale=(1, 5), mean=3.9, interval_90=(3.5, 4.3)) for key, figure in shown.items()}
        quarters[place] = replace(one, questionnaire=SHORT, aspects=dict(one.aspects) | other)
    quarters[2] = changed(quarters[2], NOT_COMPARABLE)
    return Series(tuple(quarters))


def _trend(make: Callable[[], Series]) -> Callable[[Language], Document]:
    return lambda spoken: trend_document(make(), spoken, DAY)


NOT_COMPARABLE = Change(Status.NOT_COMPARABLE, before=3.9, before_interval_90=(3.5, 4.3), before_scale=(1, 5))

DOCUMENTS: dict[str, Callable[[Language], Document]] = {
    "team of five": _team(lambda: team("Cygnus", invited=5, answered=5, seed=3)),
    "team of fourteen": _team(lambda: team(invited=14, answered=14, seed=2)),
    "some did not answer": _team(team),
    "few answered": _team(lambda: team(invited=20, answered=8, seed=13)),
    "thirty people": _team(lambda: team("Orion", invited=30, answered=30, seed=14)),
    "forty people": _team(lambda: team("Orion", invited=44, answered=40, seed=15)),
    "unanimous": _team(lambda: shipped(cast.unanimous())),
    "split": _team(lambda: shipped(cast.split())),
    "at the ends": _team(at_the_ends),
    "withheld": _team(lambda: shipped(cast.borealis())),
    "withheld by subtraction": _team(lambda: shipped(cast.withheld(cast.atlas(), Reason.WOULD_REVEAL))),
    "partly withheld": _team(partly_withheld),
    "first quarter": _team(lambda: shipped(cast.first_quarter())),
    "five quarters": _team(team, five_quarters),
    "five quarters, long name": _team(
        lambda: team(cast.LONG, seed=9, parent_name="Querschnittsdienste und Plattformbetrieb"), five_quarters
    ),
    "instrument changed": _team(lambda: changed(team(seed=10), NOT_COMPARABLE)),
    "everybody new": _team(lambda: team("Pavo", seed=11, n_joined=12, n_left=9)),
    "two changes": _team(two_changes),
    "open link": _team(open_link),
    "imported": _team(
        lambda: team("Vela", invited=None, answered=11, seed=8, way="imported", n_joined=None, n_left=None)
    ),
    "unbroken German name": _team(lambda: team(UNBROKEN, seed=9, parent_name=cast.LONG)),
    "Arabic name": _team(lambda: team(ARABIC, invited=7, answered=6, seed=3, parent_name=GREEK)),
    "Greek name": _team(lambda: team(GREEK, seed=4, parent_name=ARABIC)),
    "department": _team(lambda: team("Payments", invited=50, answered=40, seed=5, kind="department", n_teams=5)),
    "followed up": _team(lambda: team(invited=14, answered=14, seed=2), None, following.followed_up),
    "followed up, team of five": _team(
        lambda: team("Cygnus", invited=5, answered=5, seed=3),
        None,
        lambda: replace(following.followed_up(), health=following.few_facts()),
    ),
    "followed up at length": _team(lambda: replace(two_changes(), name=cast.LONG), five_quarters, following.at_length),
    "followed up, imported": _team(
        lambda: team(cast.LONG, invited=None, answered=11, seed=8, way="imported", n_joined=None, n_left=None),
        None,
        following.at_length,
    ),
    "followed up, open link": _team(
        lambda: replace(open_link(), name=cast.LONG, quarter="2026-Q3"), None, following.at_length
    ),
    "followed up, withheld": _team(lambda: shipped(cast.borealis()), None, following.at_length),
    "health facts": _team(
        lambda: team(invited=14, answered=14, seed=2),
        None,
        lambda: FollowUp(following.AS_OF, health=following.all_facts()),
    ),
    "health facts, first quarter": _team(
        lambda: shipped(cast.first_quarter()),
        None,
        lambda: FollowUp(following.AS_OF, health=following.few_facts()[-1:]),
    ),
    "organisation of 25 teams": _organisation(organisation),
    "organisation followed up": _organisation(organisation, following.of_the_organisation),
    "organisation with roles": _organisation(organisation_with_roles, following.of_the_organisation),
    "organisation of one team": _organisation(small_organisation),
    "withheld organisation": _organisation(withheld_organisation),
    "trend of five quarters": _trend(five_quarters),
    "trend of eight quarters": _trend(eight_quarters),
    "trend, long name": _trend(lambda: eight_quarters(cast.LONG, parent_name="Querschnittsdienste")),
    "trend of one quarter": _trend(lambda: Series((shipped(cast.first_quarter()),))),
    "trend with a withheld quarter": _trend(lambda: one_withheld(2)),
    "trend, last quarter withheld": _trend(lambda: one_withheld(-1)),
    "trend, all withheld": _trend(lambda: Series((shipped(cast.borealis()),))),
    "trend, instrument changed": _trend(other_instrument),
    "trend of rounded values": _trend(lambda: eight_quarters("Cygnus", invited=5, answered=5)),
    "trend of the organisation": _trend(
        lambda: eight_quarters("Nordlicht AG", kind="organisation", n_teams=25, invited=300, answered=240)
    ),
    "summary": _summary(team),
    "summary of five": _summary(lambda: team("Cygnus", invited=5, answered=5, seed=3)),
    "summary, open link": _summary(open_link),
    "summary, long name": _summary(lambda: team(UNBROKEN, seed=9, parent_name=cast.LONG)),
    "summary, withheld": _summary(lambda: shipped(cast.borealis())),
}

EACH_ONE = (
    ("team of five", "de"),
    ("five quarters, long name", "de"),
    ("Arabic name", "en"),
    ("followed up at length", "de"),
    ("followed up, team of five", "de"),
    ("followed up, imported", "de"),
    ("organisation with roles", "de"),
    ("withheld", "en"),
    ("summary, open link", "de"),
    ("two changes", "de"),
    ("open link", "en"),
    ("split", "de"),
    ("first quarter", "de"),
    ("imported", "de"),
    ("trend, long name", "de"),
    ("trend, last quarter withheld", "en"),
)
"""The states that differ most, for every run; the slow tests take all of them in both languages."""
