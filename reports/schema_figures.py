"""Models of the figures in a JSON report: aspects, choices, ladders and changes, exact, coarse or withheld."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from reports.released import Agreement, OpenEnd, Reason, Spread, Status

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
        description="too_few: fewer than reporting_size people answered this. would_reveal: shown, it would give away "
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
    n: Positive = Field(description="Answers counted: people who answered enough of the aspect's statements.")
    n_teams: Positive = Field(description="Teams whose answers are counted, perhaps fewer than node.n_teams.")
    scale: tuple[int, int] = Field(description="Lowest and highest value of the instrument's scale, in points.")
    interval_90: Pair | None = Field(
        description="90 % interval for the mean of everybody invited, in points (quasi-binomial Wilson, finite-"
        "population corrected; without the correction where the number invited is unknown). Null where everyone "
        "answered."
    )
    bounds: Pair | None = Field(
        description="Least and greatest mean of all invited, whatever those who did not answer think, in points. Null "
        "where the number invited is unknown or one person may have answered several times."
    )
    everyone_answered: bool = Field(description="Whether n is the number invited.")
    low_response: bool = Field(description="Whether fewer than 60 % answered; the mean is drawn grey.")
    agreement: Agreement = Field(
        description="split: at least two people low and two high, and a sixth each from 13 answers on. shared: the "
        "mean absolute deviation from the median is at most 0.8 points of a 1-7 scale. neither."
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
    needed: Positive = Field(description="How many people two thirds are: 2 n / 3, rounded up.")


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
        ge=0, le=1, description="Exact permutation mid-p; where both quarters are exact and tested."
    )
    delta: float | None = Field(
        ge=-1, le=1, description="Cliff's delta, -1 to 1: how much more often an answer of this quarter is the higher."
    )
    detectable: float | None = Field(description="Minimum detectable change, in points: a smaller one could be chance.")
