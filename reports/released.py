"""What anybody may see: values already past disclosure control.

Pages, PDFs, JSON, CSV and alternative texts take these types only, and only `reports.disclosure` constructs them
(`tests/rules` looks for other places). A figure below the detail size (the larger of 8 and the reporting size) is
coarse: a mean to one decimal and open at the ends, words instead of counts, no histogram.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from questionnaires.instrument import Questionnaire
from reports.histograms import Histogram
from reports.kept import NodeKind, Way
from reports.verdicts import Agreement, Method, OpenEnd, Reason, RoleVerdict, Spread, Status, Tier

__all__ = [
    "Agreement",
    "Change",
    "Method",
    "OpenEnd",
    "OrganisationChange",
    "Reason",
    "Released",
    "ReleasedAlpha",
    "ReleasedAspect",
    "ReleasedChoice",
    "ReleasedItem",
    "ReleasedLadder",
    "ReleasedOrganisation",
    "ReleasedRole",
    "RoleComparison",
    "RoleVerdict",
    "Series",
    "Spread",
    "Status",
    "Suggestion",
    "Suggestions",
    "Tier",
    "Withheld",
]


@dataclass(frozen=True)
class Withheld:
    """A figure that is not shown, with its reason."""

    reason: Reason


@dataclass(frozen=True)
class Change:
    """One aspect against the previous quarter."""

    status: Status
    before: float | None = None
    """Last quarter's mean as released then (coarse where it was coarse)."""
    before_open_end: OpenEnd | None = None
    before_interval_90: tuple[float, float] | None = None
    before_scale: tuple[int, int] | None = None
    """The scale that last quarter's mean is on, which another instrument may not share."""
    before_tier: Tier | None = None
    is_before_partial: bool = False
    """Whether last quarter's figure counted only some teams of a department or the organisation."""
    direction: int = 0
    """+1 or -1 beside a passed test, else 0."""
    p: float | None = None
    """Two-sided, of the permutation test; only at the detail tier."""
    method: Method | None = None
    delta: float | None = None
    """Cliff's delta; only at the detail tier."""
    pairs: tuple[float, float, float] | None = None
    """Shares of pairs of one answer from each quarter in which this quarter's is higher, equal, lower."""
    detectable: float | None = None
    """Minimum detectable change in points: a smaller one could be chance. With a coarse quarter, the least distance of
    the two means shown that the test calls a change."""


@dataclass(frozen=True)
class ReleasedItem:
    """One agreement item; only where at least the detail size answered it."""

    n: int
    mean: float
    histogram: Histogram


@dataclass(frozen=True)
class ReleasedAspect:
    """One aspect's score on the instrument's scale."""

    n: int
    tier: Tier
    scale: tuple[int, int]
    mean: float
    """Unrounded at the detail tier, to one decimal at the coarse tier."""
    open_end: OpenEnd | None
    """At the coarse tier: the mean says "6.7 or above" or "1.3 or below"."""
    interval_90: tuple[float, float] | None
    """None where everyone answered. Without finite-population correction where the roster size is unknown."""
    bounds: tuple[float, float] | None
    """What the mean of all invited could be, whatever those who did not answer think; None where the roster size is
    unknown or one person may have answered several times."""
    everyone_answered: bool
    low_response: bool
    """Fewer than 60 % answered: the mean is drawn grey."""
    agreement: Agreement | None
    spread: Spread | None
    """Both are None where, at the coarse tier, any word would give the answers away."""
    low_middle_high: tuple[int, int, int] | None
    """Counts up to 3, between, and from 5; only at the detail tier."""
    histogram: Histogram | None
    """Counts by score in sixths of a point; only at the detail tier."""
    items: Mapping[str, ReleasedItem | Withheld] = field(default_factory=dict)
    change: Change = field(default_factory=lambda: Change(Status.FIRST_QUARTER))
    n_teams: int = 1
    """How many teams' answers the figure is made of, perhaps fewer than the node has."""


@dataclass(frozen=True)
class ReleasedChoice:
    """The three-way choice of one aspect."""

    n: int
    tier: Tier
    name: str | None
    """The culture that at least two thirds chose; None reads "mixed"."""
    counts: tuple[int, int, int] | None
    """Pathological, bureaucratic, generative; only at the detail tier."""
    n_teams: int = 1


@dataclass(frozen=True)
class ReleasedLadder:
    """One practice area."""

    n: int
    tier: Tier
    reached: int
    """The highest rung that at least two thirds put at or above."""
    majority: int | None
    """The highest rung that more than half put at or above; only at the detail tier."""
    needed: int
    """How many raters two thirds are: ceil(2n / 3)."""
    missing_for_next: int | None
    """Raters missing for the next rung; only at the detail tier, None at rung 4."""
    histogram: Histogram | None
    n_teams: int = 1


@dataclass(frozen=True)
class Suggestion:
    """One small change of the roadmap, suggested to this node."""

    change: str
    """Id in the catalogue."""
    because: tuple[str, ...]
    """Ids of the aspects and areas whose gap put it here, largest first."""
    n_waiting: int | None = None
    """How many teams it would help; only for changes that leadership alone can start."""


@dataclass(frozen=True)
class Suggestions:
    """What the roadmap suggests: at most two small changes or one medium, a conversation first where views split."""

    changes: tuple[Suggestion, ...] = ()
    conversations: tuple[str, ...] = ()
    """Aspects to talk about before changing anything, because views split."""
    keep: tuple[str, ...] = ()
    """Aspects and areas without a gap: keep doing what is done."""


@dataclass(frozen=True)
class Released:
    """One node of a closed campaign, as anybody entitled to the report may see it."""

    node: int
    kind: NodeKind
    name: str
    parent_name: str | None
    quarter: str
    previous_quarter: str | None
    questionnaire: Questionnaire
    reporting_size: int
    detail_size: int
    way: Way | None
    n_invited: int | None
    n_answered: int
    n_joined: int | None
    n_left: int | None
    focus: tuple[str, ...]
    aspects: Mapping[str, ReleasedAspect | Withheld]
    choices: Mapping[str, ReleasedChoice | Withheld]
    ladders: Mapping[str, ReleasedLadder | Withheld]
    suggestions: Suggestions
    n_teams: int = 1
    """How many teams the node has; a team is one."""
    is_countable: bool = True
    """Whether each answer is one person's of a known number: not on an open link, nor above a team with one."""
    campaign: int | None = None
    """The campaign's number; a quarter may have several campaigns, each with figures of the organisation."""

    @property
    def is_withheld(self) -> bool:
        """Whether nothing at all of the node's own may be shown."""
        figures = [*self.aspects.values(), *self.choices.values(), *self.ladders.values()]
        return all(isinstance(figure, Withheld) for figure in figures)


@dataclass(frozen=True)
class OrganisationChange:
    """One aspect's change within the organisation's teams since the previous quarter."""

    status: Status
    n_teams: int
    """How many teams are compared with themselves: those shown exactly in both quarters."""
    n_before: int
    n_after: int
    direction: int
    """+1 or -1 beside a passed test, else 0."""
    p: float | None
    """Of the test stratified by team; None where nothing was tested."""
    adjusted_p: float | None
    """Corrected for all aspects tested (Benjamini & Hochberg); at most .10 is a change."""
    delta: float | None
    """Cliff's delta within teams; pairs are the shares that it is the difference of, higher less lower."""
    pairs: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class ReleasedAlpha:
    """How far an aspect's statements measure one thing, in the whole organisation."""

    alpha: float
    """Cronbach's, to two decimals."""
    interval_90: tuple[float, float]
    n: int
    """Complete cases: people who answered all statements of the aspect."""


@dataclass(frozen=True)
class ReleasedRole:
    """One role's scores of one aspect in the whole organisation, always coarse."""

    n: int
    n_teams: int
    mean: float
    """To one decimal."""
    open_end: OpenEnd | None
    """The mean says "6.7 or above" or "1.3 or below"."""
    interval_90: tuple[float, float]
    """From the coarse mean and an assumed deviation; nobody knows how many people have a role."""
    scale: tuple[int, int]


@dataclass(frozen=True)
class RoleComparison:
    """How the roles see one aspect, in the whole organisation."""

    verdict: RoleVerdict
    p: float | None
    """Of the test whether roles answer differently within teams, to three decimals; None where nothing was tested."""
    adjusted_p: float | None
    """Corrected for all aspects tested (Benjamini & Hochberg); at most .10 is a difference."""
    roles: Mapping[str, ReleasedRole | Withheld]
    """All four roles, in the order of the question."""


@dataclass(frozen=True)
class ReleasedOrganisation:
    """The organisation with its departments and teams, for the organisation report."""

    whole: Released
    departments: tuple[Released, ...]
    """In alphabetical order; a report ranks nobody."""
    teams: tuple[Released, ...]
    """In alphabetical order, withheld ones among them."""
    changes: Mapping[str, OrganisationChange]
    """By aspect."""
    alphas: Mapping[str, ReleasedAlpha | None]
    """By aspect; None below 60 complete cases of groups that are shown exactly."""
    roles: Mapping[str, RoleComparison] = field(default_factory=dict)
    """By aspect; empty where the campaign did not ask for roles."""

    def part(self, teams: tuple[Released, ...]) -> ReleasedOrganisation:
        """Return the organisation with these of its teams and without its departments, for one page of a list."""
        return ReleasedOrganisation(self.whole, (), teams, self.changes, self.alphas, self.roles)


@dataclass(frozen=True)
class Series:
    """One node over up to eight quarters, oldest first, each as released in its own quarter."""

    quarters: tuple[Released, ...]

    def until(self, quarter: str) -> Series:
        """Leave out what came after a quarter: a published report does not change when time goes on."""
        return Series(tuple(released for released in self.quarters if released.quarter <= quarter))
