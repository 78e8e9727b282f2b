"""Models of the follow-up part of a report: what is suggested, what was agreed and what came of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from questionnaires.instrument import AreaId, AspectId
from reports.follow_up import AgreedState, HealthFact
from reports.health import Measure
from reports.schema_figures import Count, Positive, Strict

Day = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Quarter = Annotated[str, Field(pattern="^[0-9]{4}-Q[1-4]$")]


class SmallChange(Strict):
    """A small change that is suggested."""

    id: str = Field(description="In the catalogue of small changes.")
    because: list[str] = Field(description="Aspects and areas whose gap put it here, largest first.")
    n_waiting: Positive | None = Field(
        description="Teams that it would help; only for what leadership alone can start."
    )


class Roadmap(Strict):
    """The follow-up part, which may differ from day to day and is no part of the hash."""

    changes: list[SmallChange]
    conversations: list[AspectId] = Field(description="Aspects to talk about first, because views split.")
    keep: list[AspectId | AreaId] = Field(description="Aspects and areas without a gap.")


class Agreed(Strict):
    """A small change that was agreed on."""

    id: str = Field(description="In the catalogue of small changes.")
    quarter: Quarter = Field(description="Of the report that it was agreed on.")
    state: AgreedState = Field(description="Whether it is under way, done, or given up.")
    role: str = Field(description="The owning role, never a person.")
    due: Day = Field(description="When to look at it again.")
    sign: str = Field(description="The observable sign that it has arrived.")
    evidence: str = Field(description="What was seen when it ended; may be empty.")
    agreed_on: Day = Field(description="When it was agreed.")
    ended_on: Day | None = Field(description="When it was done or dropped; null while it is under way.")


class MeasureThen(Strict):
    """One health measure in one quarter."""

    value: float = Field(ge=0, description="A number a week or a rotation, or a share from 0 to 1.")
    is_within: bool | None = Field(description="Whether it is within its target; null for a measure without one.")


class HealthThen(Strict):
    """The health facts of one quarter, typed by a coach; never averaged with the answers."""

    quarter: Quarter = Field(description="The quarter they are of.")
    facts: dict[HealthFact, float] = Field(description="As typed: numbers, shares from 0 to 1, and counts.")
    page_shares: list[Count] = Field(description="Pages per member of the rotation, falling, without names.")
    measures: dict[Measure, MeasureThen] = Field(description="What the facts say beside their targets.")


class FollowedRoadmap(Roadmap):
    """The follow-up part of a report by itself; without follow-up, the keys that it adds are not there."""

    as_of: Day = Field(default="", description="The day that the follow-up was read on.")
    agreed: list[Agreed] = Field(default=[], description="In the order of quarters and days.")
    in_place: list[str] = Field(default=[], description="Changes agreed and done, or said to be there already.")
    implied: list[str] = Field(
        default=[], description="Changes that count as in place, by the rungs or because the organisation has them."
    )
    next_focus: list[AspectId] = Field(default=[], description="Agreed for the quarter after this report's.")


class NodeRoadmap(FollowedRoadmap):
    """The follow-up part of a team's report."""

    health: list[HealthThen] = Field(default=[], description="Quarters with health facts, oldest first.")


class TeamsAgreed(Strict):
    """How many teams are how far with a change; each counts once, with its latest agreement."""

    agreed: Count = Field(description="Under way.")
    done: Count = Field(description="Agreed and done.")
    dropped: Count = Field(description="Agreed and given up.")


class TeamsHealth(Strict):
    """A health measure over teams."""

    n_known: Positive = Field(description="Teams that know it in this quarter.")
    n_within: Count | None = Field(description="Teams within the target; null for a measure without one.")
    n_better: Count = Field(description="Teams that knew it in the quarter before too, and where it got better.")
    n_worse: Count = Field(description="Where it got worse.")
    n_same: Count = Field(description="Where it is the same.")


class OrganisationRoadmap(FollowedRoadmap):
    """The follow-up part of the organisation, with what its teams' own parts add up to."""

    n_teams_suggested: dict[str, Positive] = Field(description="Teams that a small change is suggested to, by its id.")
    n_teams_talking: Count = Field(description="Teams that talk first, because views split.")
    n_teams: Count = Field(default=0, description="Teams of the campaign.")
    n_teams_agreed: dict[str, TeamsAgreed] = Field(default={}, description="By the id of a small change.")
    n_teams_in_place: dict[str, Positive] = Field(default={}, description="Teams that have a small change in place.")
    n_teams_health: dict[Measure, TeamsHealth] = Field(default={}, description="By health measure.")
