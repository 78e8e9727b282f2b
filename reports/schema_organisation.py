"""Models of what only an organisation's report has: change within teams, funnels, reliability, roles."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from reports.released import OpenEnd, RoleVerdict, Status
from reports.schema_figures import Count, Pair, Positive, Share, SharesOfPairs, Strict, WithheldFigure

RoleId = Literal["building", "running", "deciding", "leading"]


class ChangeWithinTeams(Strict):
    """One aspect against the previous quarter, within those teams that are shown exactly in both."""

    status: Status = Field(description="The only thing a report says about a change.")
    n_teams: Count = Field(description="Teams that are compared with themselves.")
    n_before: Count = Field(description="Their answers in the previous quarter.")
    n_after: Count = Field(description="Their answers in this quarter.")
    direction: Literal[-1, 0, 1] = Field(description="1 or -1 beside a passed test, else 0.")
    p: Share | None = Field(description="Of the test stratified by team (van Elteren); null where nothing was tested.")
    adjusted_p: Share | None = Field(description="Corrected for all aspects tested (Benjamini and Hochberg).")
    delta: float | None = Field(ge=-1, le=1, description="Cliff's delta within teams.")
    pairs: SharesOfPairs | None = Field(description="The pairs that delta counts; null without delta.")


class Limits(Strict):
    """Something for the limits that 95 and that 99.8 of 100 teams would keep by chance."""

    inner: Pair = Field(alias="95")
    outer: Pair = Field(alias="99.8")


class Beyond(Strict):
    """How many teams lie beyond the limits."""

    inner: Count = Field(alias="95")
    outer: Count = Field(alias="99.8")


class Dot(Strict):
    """One team of a funnel, shown exactly."""

    n: Positive
    mean: float = Field(description="Points, to one decimal.")
    beyond: Literal[0, 1, 2] = Field(description="Of how many of the two pairs of limits it lies outside.")


class Funnel(Strict):
    """Whether an aspect's teams differ more than chance would make them."""

    n_teams: Positive = Field(description="Teams shown exactly.")
    mean: float = Field(description="Of the organisation where it is exact, else of these teams' answers, in points.")
    deviation: float = Field(description="Standard deviation of answers within teams, in points.")
    limits_at_detail_size: Limits = Field(description="For a team of detail_size answers, in points.")
    n_beyond: Beyond
    teams: list[Dot] = Field(description="Those shown exactly.")


class Reliability(Strict):
    """How far an aspect's statements measure one thing, and how far teams differ in it; null where too few answered."""

    alpha: float | None = Field(le=1, description="Cronbach's alpha, to two decimals.")
    alpha_interval_90: Pair | None = Field(description="Feldt's interval.")
    n_complete: Positive | None = Field(description="People who answered all statements of the aspect.")
    icc_1: float | None = Field(description="ICC(1): the share of differences that lies between teams.")
    icc_2: float | None = Field(description="ICC(2): how reliably team means differ.")
    n_answers: Positive | None = Field(description="Answers of the teams that ICC is computed of.")
    n_teams: Positive | None = Field(description="Those teams.")


class Role(Strict):
    """How the people of one role answer an aspect, in the whole organisation."""

    n: Positive = Field(description="Answers of people who chose this role.")
    n_teams: Positive = Field(description="Teams that they belong to.")
    scale: tuple[int, int] = Field(description="Lowest and highest value of the instrument's scale, in points.")
    mean: float = Field(description="Points, always rounded to one decimal and open at the ends of the scale.")
    open_end: OpenEnd | None = Field(description="top: the mean is this or above; bottom: this or below.")
    interval_90: Pair = Field(
        description="90 % interval in points, from the rounded mean and the usual spread of answers; not from the "
        "answers themselves."
    )


class RolesOfAspect(Strict):
    """How roles compare on one aspect."""

    verdict: RoleVerdict = Field(description="The only thing a report says about how roles compare.")
    p: Share | None = Field(
        description="Of the test whether roles answer differently within teams (van Elteren's for several groups), to "
        "three decimals; null where nothing was tested."
    )
    adjusted_p: Share | None = Field(description="Corrected for all aspects tested (Benjamini and Hochberg).")
    roles: dict[RoleId, Role | WithheldFigure] = Field(description="All four roles.")
