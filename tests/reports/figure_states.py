"""The figures that ship, each in every state it can meet: compared with the browser and laid on the contact sheet.

A figure that `reports.figures` builds and that is not in here fails a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from questionnaires.changes import catalogue
from questionnaires.instrument import ASPECTS
from reports import figures, role_words
from reports.accumulation import organisation_steps, team_steps
from reports.figures import Drawn
from reports.follow_up import Agreed, AgreedState, FollowUp, Health, OrganisationFollowUp
from reports.funnel import funnel
from reports.languages import Language, language
from reports.released import (
    Change,
    OpenEnd,
    Reason,
    Released,
    ReleasedOrganisation,
    ReleasedRole,
    Series,
    Status,
    Withheld,
)
from tests.reports import document_fixtures as cast
from tests.reports import document_matrix as matrix
from tests.reports import follow_up_fixtures as following

ENGLISH, GERMAN = language("en"), language("de")
Build = Callable[[bool], Drawn]


class State(NamedTuple):
    """One figure in one state; `build` draws it, wide or narrow."""

    figure: str
    name: str
    build: Build


def _of(build: Callable[..., Drawn], released: Callable[[], Released | Series], spoken: Language = GERMAN) -> Build:
    return lambda narrow: build(released(), spoken, narrow=narrow)


def _choice(counts: tuple[int, int, int], coarse: bool = False) -> Build:
    released = replace(matrix.team(), choices={"messengers": cast.choice(counts, coarse)})
    return lambda narrow: figures.choice(released, "messengers", GERMAN, narrow=narrow)


def _withheld_choice(narrow: bool) -> Drawn:
    return figures.choice(matrix.partly_withheld(), "novelty", GERMAN, narrow=narrow)


def _funnels(make: Callable[[], ReleasedOrganisation]) -> Build:
    def build(narrow: bool) -> Drawn:
        organisation = make()
        found = {aspect: funnel(organisation, aspect) for aspect in organisation.whole.aspects}
        shown = {aspect: one for aspect, one in found.items() if one is not None}
        return figures.funnels(organisation.whole, shown, GERMAN, narrow=narrow)

    return build


def _strips(spoken: Language, n: int = 25) -> Build:
    whole = matrix.organisation()
    return lambda _: figures.strips(whole.whole, whole.teams[-n:], spoken)


def _rungs(n: int = 25) -> Build:
    whole = matrix.organisation()
    return lambda narrow: figures.rungs(whole.whole, whole.teams[:n], GERMAN, narrow=narrow)


def _roles(make: Callable[[], ReleasedOrganisation], spoken: Language = GERMAN) -> Build:
    def build(narrow: bool) -> Drawn:
        found = make()
        return figures.roles(found.roles, role_words.names(found.whole, spoken), spoken, narrow=narrow)

    return build


def roles_on_one_to_five() -> ReleasedOrganisation:
    """One aspect on a scale of five, with a role at the end of the scale."""
    found = matrix.organisation_with_roles()
    one = found.roles["cooperation"]
    first, second, *others = one.roles
    low = ReleasedRole(14, 4, 1.3, OpenEnd.BOTTOM, (1.0, 1.9), (1, 5))
    shown = {first: low, second: replace(low, mean=4.6, open_end=None, interval_90=(4.2, 5.0))}
    nothing = dict.fromkeys(others, Withheld(Reason.TOO_FEW))
    return replace(found, roles={"cooperation": replace(one, roles=shown | nothing)})


def five() -> Released:
    return matrix.team("Cygnus", invited=5, answered=5, seed=3)


def split() -> Released:
    return matrix.shipped(cast.split())


def unanimous() -> Released:
    return matrix.shipped(cast.unanimous())


def thirty() -> Released:
    return matrix.team("Orion", invited=30, answered=30, seed=14)


def forty() -> Released:
    return matrix.team("Orion", invited=44, answered=40, seed=15)


def few() -> Released:
    return matrix.team(invited=20, answered=8, seed=13)


def one_to_five() -> Released:
    """A campaign on a scale of five, after one on the same scale."""
    released = matrix.team(seed=18)
    change = Change(Status.CHANGED, before=2.0, before_interval_90=(1.6, 2.4), direction=1)
    scores = [1.0, 1.67, 2.33, 3.0, 3.33, 4.0, 4.67, 5.0]
    figure = replace(cast.aspect(scores, invited=9, change=change), scale=(1, 5), bounds=(1.2, 4.9))
    return replace(released, aspects=dict.fromkeys(ASPECTS, figure))


def fell_and_rose() -> Released:
    """Means at both ends and on the rules of the scale, before and now."""
    released = matrix.team(seed=19)
    pairs = ((1.0, 7.0), (7.0, 1.0), (4.0, 4.0), (6.9, 6.6), (1.1, 1.4), (2.5, 5.5))
    aspects = {}
    for key, (before, now) in zip(ASPECTS, pairs, strict=True):
        status = Status.CHANGED if before != now else Status.NOT_DISTINGUISHABLE
        change = Change(status, before=before, before_interval_90=(max(1, before - 0.6), min(7, before + 0.6)))
        aspects[key] = cast.aspect([now] * 9, invited=12, change=change)
    return replace(released, aspects=aspects)


def ends_with_open_start() -> Released:
    released = matrix.at_the_ends()
    change = Change(Status.CHANGED, before=1.3, before_open_end=OpenEnd.BOTTOM, direction=1)
    return matrix.changed(released, change)


def eight_quarters() -> Series:
    quarters = [f"{year}-Q{quarter}" for year in (2024, 2025, 2026) for quarter in (1, 2, 3, 4)][3:11]
    made = [matrix.team(seed=30 + i, quarter=quarter) for i, quarter in enumerate(quarters)]
    made[2] = cast.withheld(made[2])
    made[4] = matrix.team(seed=34, invited=7, answered=6, quarter=quarters[4])
    made[6] = matrix.changed(made[6], matrix.NOT_COMPARABLE)
    return Series(tuple(made))


def two_quarters() -> Series:
    return Series(matrix.five_quarters().quarters[-2:])


def begun() -> FollowUp:
    """A team with changes in every state."""
    day = date(2026, 12, 1)
    done = Agreed("C04", "2026-Q2", AgreedState.DONE, "role", day, "sign", "", date(2026, 7, 1), date(2026, 9, 1))
    under_way = Agreed("C15", "2026-Q3", AgreedState.AGREED, "role", day, "sign", "", date(2026, 10, 1), None)
    return FollowUp(
        date(2026, 10, 2), (done, under_way), in_place=("C04", "C11", "C06"), implied=("C01", "C03"), next_focus=()
    )


def _team(found: FollowUp, spoken: Language, *suggested: str) -> Build:
    steps = team_steps(found, suggested, catalogue())
    return lambda narrow: figures.accumulation(steps, catalogue(), spoken, narrow=narrow)


def _counts(n_teams: int) -> Build:
    """An organisation of so many teams that have come far, a little way, and not at all."""
    states = {AgreedState.AGREED: min(2, n_teams), AgreedState.DROPPED: 1}
    in_place = {"C04": n_teams, "C15": n_teams // 2, "C10": 1}
    agreed = {"C05": states, "C15": {AgreedState.AGREED: n_teams - n_teams // 2}}
    own = replace(begun(), agreed=(), in_place=("C01",), implied=())
    steps = organisation_steps(OrganisationFollowUp(own, n_teams, agreed, in_place), ("C02", "C03"), catalogue())
    return lambda narrow: figures.accumulation(steps, catalogue(), GERMAN, narrow=narrow)


def _health(quarters: tuple[Health, ...], spoken: Language) -> Build:
    return lambda narrow: figures.health(quarters, spoken, narrow=narrow)


STATES: tuple[State, ...] = (
    State("accumulation", "every state", _team(begun(), GERMAN, "C16", "C05")),
    State("accumulation", "English", _team(begun(), ENGLISH, "C16", "C05")),
    State("accumulation", "nothing yet", _team(FollowUp(date(2026, 10, 2)), GERMAN)),
    State("accumulation", "everything", _team(FollowUp(date(2026, 10, 2), in_place=tuple(catalogue().by_id)), GERMAN)),
    State("accumulation", "25 teams", _counts(25)),
    State("accumulation", "one team", _counts(1)),
    State("health", "every fact", _health(following.all_facts(), GERMAN)),
    State("health", "few facts", _health(following.few_facts(), GERMAN)),
    State("health", "one quarter", _health(following.all_facts()[-1:], ENGLISH)),
    State("participation", "team", _of(figures.participation, matrix.team)),
    State("participation", "everybody", _of(figures.participation, five)),
    State("participation", "crowd", _of(figures.participation, lambda: matrix.organisation().whole)),
    State("participation", "imported", _of(figures.participation, lambda: replace(matrix.team(), n_invited=None))),
    State("aspects", "exact", _of(figures.aspects, matrix.team)),
    State("aspects", "English", _of(figures.aspects, matrix.team, ENGLISH)),
    State("aspects", "coarse", _of(figures.aspects, five)),
    State("aspects", "at the ends", _of(figures.aspects, matrix.at_the_ends)),
    State("aspects", "partly withheld", _of(figures.aspects, matrix.partly_withheld)),
    State("aspects", "split", _of(figures.aspects, split)),
    State("aspects", "unanimous", _of(figures.aspects, unanimous)),
    State("aspects", "few answered", _of(figures.aspects, few)),
    State("aspects", "thirty people", _of(figures.aspects, thirty)),
    State("aspects", "forty people", _of(figures.aspects, forty)),
    State("aspects", "one to five", _of(figures.aspects, one_to_five)),
    State("aspects", "open link", _of(figures.aspects, matrix.open_link, ENGLISH)),
    State("choice", "exact", _choice((1, 3, 8))),
    State("choice", "empty field", _choice((0, 0, 14))),
    State("choice", "mixed", _choice((4, 4, 4))),
    State("choice", "coarse", _choice((0, 1, 5), True)),
    State("choice", "coarse and mixed", _choice((2, 2, 2), True)),
    State("choice", "thirty people", _choice((9, 9, 12))),
    State("choice", "crowd", _choice((50, 100, 200))),
    State("choice", "withheld", _withheld_choice),
    State("ladders", "exact", _of(figures.ladders, matrix.team)),
    State("ladders", "coarse", _of(figures.ladders, five)),
    State("ladders", "at the ends", _of(figures.ladders, matrix.at_the_ends)),
    State("ladders", "partly withheld", _of(figures.ladders, matrix.partly_withheld)),
    State("ladders", "split", _of(figures.ladders, split)),
    State("ladders", "unanimous", _of(figures.ladders, unanimous)),
    State("ladders", "thirty people", _of(figures.ladders, thirty)),
    State("ladders", "crowd", _of(figures.ladders, lambda: matrix.organisation().whole, ENGLISH)),
    State("since_last_time", "exact", _of(figures.since_last_time, matrix.team)),
    State("since_last_time", "coarse", _of(figures.since_last_time, five, ENGLISH)),
    State("since_last_time", "at the ends", _of(figures.since_last_time, matrix.at_the_ends)),
    State("since_last_time", "open before", _of(figures.since_last_time, ends_with_open_start)),
    State("since_last_time", "fell and rose", _of(figures.since_last_time, fell_and_rose)),
    State("since_last_time", "one to five", _of(figures.since_last_time, one_to_five)),
    State("since_last_time", "partly withheld", _of(figures.since_last_time, matrix.partly_withheld)),
    State(
        "since_last_time",
        "not comparable",
        _of(figures.since_last_time, lambda: matrix.changed(matrix.team(seed=10), matrix.NOT_COMPARABLE)),
    ),
    State("trend", "two quarters", _of(figures.trend, two_quarters)),
    State("trend", "five quarters", _of(figures.trend, matrix.five_quarters)),
    State("trend", "eight quarters, some missing", _of(figures.trend, eight_quarters)),
    State("strips", "25 teams", _strips(GERMAN)),
    State("strips", "one team", _strips(ENGLISH, 1)),
    State("rungs", "25 teams", _rungs()),
    State("rungs", "one team", _rungs(1)),
    State("funnels", "25 teams", _funnels(matrix.organisation)),
    State("roles", "some withheld", _roles(matrix.organisation_with_roles)),
    State("roles", "English", _roles(matrix.organisation_with_roles, ENGLISH)),
    State("roles", "one aspect, one to five", _roles(roles_on_one_to_five)),
)
