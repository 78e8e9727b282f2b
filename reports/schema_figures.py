"""Models of the figures in a JSON report: aspects, choices, ladders and changes, exact, coarse or withheld."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from reports.released import Agreement, Method, OpenEnd, Reason, Spread, Status

Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
Rung = Annotated[int, Field(ge=0, le=4)]
Share = Annotated[float, Field(ge=0, le=1)]
Pair = tuple[float, float]
BelowDetail = Literal["below_detail_size"]
Value = Annotated[str, Field(pattern="^(0|[1-9][0-9]*)$")]
RungText = Literal["0", "1", "2", "3", "4"]


class Strict(BaseModel):
    """A JSON object with these keys and no others."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class WithheldFigure(Strict):
    """A figure that is not shown."""

    name: str = Field("", description="In the language the report was asked for.")
    withheld: Reason = Field(
        description="too_few: fewer than reporting_size answers to this. would_reveal: shown, it would give away "
        "a small group by subtraction. not_asked: the quarter's instruments do not ask this."
    )


class Item(Strict):
    """One agreement statement, only where its aspect is exact."""

    name: str = Field("", description="The statement, in the language the report was asked for.")
    n: Positive = Field(description="People who answered it.")
    mean: float = Field(description="Points, unrounded.")
    histogram: dict[Value, Positive] = Field(description="Count by answer in points; answers nobody gave are left out.")


class _Aspect(Strict):
    name: str = Field("", description="In the language the report was asked for.")
    n: Positive = Field(description="Answers counted: those to enough of the aspect's statements.")
    n_teams: Positive = Field(description="Teams whose answers are counted, perhaps fewer than node.n_teams.")
    scale: tuple[int, int] = Field(description="Lowest and highest value of the instrument's scale, in points.")
    interval_90: Pair | None = Field(
        description="90 % interval, in points, for the mean of everybody invited in the teams that are counted "
        "(quasi-binomial Wilson, finite-population corrected with the number invited of all the node's teams; without "
        "the correction where that is unknown). It says nothing of whole teams that are missing. Null where everyone "
        "answered."
    )
    bounds: Pair | None = Field(
        description="Least and greatest mean of all invited, whatever those who did not answer think, in points. Null "
        "where the number invited is unknown or one person may have answered several times."
    )
    everyone_answered: bool = Field(description="Whether n is the number invited.")
    low_response: bool = Field(description="Whether fewer than 60 % answered; the mean is drawn grey.")
    agreement: Agreement | None = Field(
        description="split: at least two answers low and two high, a sixth each from 13 answers on, and more at the "
        "two sides than between. shared: the mean absolute deviation from the median is at most 0.8 points of a 1-7 "
        "scale, and no more than 5 of 100 groups are as close whose scores lie anywhere on the scale. neither: none of "
        "the two. Null of a coarse figure where any word would give answers away; spread is then null too."
    )


class ExactAspect(_Aspect):
    """One aspect's score from detail_size answers on."""

    tier: Literal["detail"]
    mean: float = Field(description="Points, unrounded.")
    open_end: None
    spread: Spread = Field(
        description="The third of the scale that at least two thirds of the answers lie in, or mixed."
    )
    low_middle_high: tuple[Count, Count, Count] = Field(
        description="Counts up to 3, between, and from 5 on a 1-7 scale; the outer thirds, ends included, on others."
    )
    histogram: dict[Value, Positive] = Field(
        description='Count by score in sixths of a point, keys as text: "6" to "42" on a 1-7 scale. Scores nobody has '
        "are left out."
    )
    items: dict[str, Item | WithheldFigure] = Field(description="By the id of the statement.")


class CoarseAspect(_Aspect):
    """One aspect's score from reporting_size answers on, below detail_size, or made of such groups."""

    tier: Literal["coarse"]
    mean: float = Field(description="Points, rounded to one decimal and open at the ends of the scale.")
    open_end: OpenEnd | None = Field(description="top: the mean is this or above; bottom: this or below.")
    spread: Spread | None = Field(description="As for exact figures; null where any word would give answers away.")
    low_middle_high: None
    histogram: None
    withheld: BelowDetail
    items: dict[str, WithheldFigure] = Field(description="By the id of the statement.")


class _Choice(Strict):
    name: str = Field("", description="The aspect, in the language the report was asked for.")
    n: Positive = Field(description="People who chose.")
    n_teams: Positive = Field(description="Teams whose answers are counted.")
    culture: Literal["pathological", "bureaucratic", "generative"] | None = Field(
        description="The description that at least two thirds chose; null reads mixed."
    )


class ChoiceCounts(Strict):
    """How many chose each description."""

    pathological: Count
    bureaucratic: Count
    generative: Count


class ExactChoice(_Choice):
    """The three-way choice of one aspect from detail_size answers on."""

    tier: Literal["detail"]
    counts: ChoiceCounts


class CoarseChoice(_Choice):
    """The three-way choice of one aspect below detail_size answers."""

    tier: Literal["coarse"]
    counts: None


class _Ladder(Strict):
    name: str = Field("", description="In the language the report was asked for.")
    n: Positive = Field(description="People who answered.")
    n_teams: Positive = Field(description="Teams whose answers are counted.")
    reached: Rung = Field(description="The highest rung that at least two thirds put at or above.")
    needed: Positive = Field(description="How many answers two thirds are: 2 n / 3, rounded up.")


class ExactLadder(_Ladder):
    """One practice area from detail_size answers on."""

    tier: Literal["detail"]
    majority: Rung = Field(description="The highest rung that more than half put at or above.")
    missing_for_next: Positive | None = Field(description="People missing for the next rung; null at rung 4.")
    histogram: dict[RungText, Positive] = Field(description="Count by rung; rungs nobody named are left out.")


class CoarseLadder(_Ladder):
    """One practice area below detail_size answers."""

    tier: Literal["coarse"]
    majority: None
    missing_for_next: None
    histogram: None
    withheld: BelowDetail


class SharesOfPairs(Strict):
    """Shares of all pairs of one answer from each quarter, which are 1 together; within teams, weighted like delta."""

    higher: Share = Field(description="This quarter's answer is the higher one.")
    equal: Share = Field(description="Both are equal.")
    lower: Share = Field(description="This quarter's answer is the lower one.")


class ChangeOfAspect(Strict):
    """One aspect against the previous quarter."""

    status: Status = Field(description="The only thing a report says about a change.")
    before: float | None = Field(description="The previous quarter's mean as released then, in points.")
    before_open_end: OpenEnd | None = Field(description="As open_end, of the mean before.")
    before_interval_90: Pair | None = Field(description="As interval_90, of the quarter before.")
    before_scale: tuple[int, int] | None = Field(description="The scale of the mean before.")
    before_tier: Literal["detail", "coarse"] | None
    is_before_partial: bool = Field(description="Whether the mean before counts only some of the node's teams.")
    direction: Literal[-1, 0, 1] = Field(description="1 or -1 beside a passed test, else 0.")
    p: float | None = Field(
        ge=0, le=1, description="Of the permutation test of equal means; where both quarters are exact and tested."
    )
    method: Method | None = Field(
        description="exact: p is the mid-p of all ways to deal the answers out. normal_limit: it is from the normal "
        "limit of the same distribution, because counting would take too long. Null without p."
    )
    delta: float | None = Field(
        ge=-1,
        le=1,
        description="Cliff's delta, -1 to 1: share of pairs of one answer from each quarter in which this quarter's is "
        "the higher, less the share in which it is the lower; equal ones count in neither.",
    )
    pairs: SharesOfPairs | None = Field(description="The pairs that delta counts; null without delta.")
    detectable: float | None = Field(
        description="Minimum detectable change, in points: a smaller one could be chance. With a coarse quarter, the "
        "least distance of the two means shown that the test calls a change."
    )
