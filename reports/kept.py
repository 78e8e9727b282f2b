"""What is kept of a closed campaign: exact histograms of covers of at least the reporting size.

Nothing here may be shown. `reports.disclosure` alone turns it into `reports.released`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from questionnaires.instrument import Questionnaire
from reports.histograms import Histogram

# From this many answers on, exact counts and distributions are shown; below, coarse values only.
DETAIL_AT_LEAST = 8

# A role has a mean of its own from so many answers on, given in so many teams.
ROLE_AT_LEAST = 10
ROLE_TEAMS_AT_LEAST = 3

NodeKind = Literal["team", "department", "organisation"]
Way = Literal["email", "cards", "open_link", "imported"]


@dataclass(frozen=True)
class Node:
    """A team, a department or the organisation, as it was when its campaign was opened."""

    id: int
    kind: NodeKind
    name: str
    parent: int | None
    n_invited: int | None
    """How many were invited; None where an import does not say."""
    way: Way | None = None
    """How a team answers; None for departments and the organisation."""
    n_answered: int = 0
    n_joined: int | None = None
    """People new since this team's previous campaign; None in the first quarter."""
    n_left: int | None = None
    focus: tuple[str, ...] = ()
    """The one or two focus aspects frozen at opening, the only ones whose change is tested."""
    team: int | None = None
    """The identity of the team or department across quarters."""


@dataclass(frozen=True)
class Figure:
    """The exact histogram of one measure at one node, and of how many teams it is made."""

    histogram: Histogram
    n_teams: int


@dataclass(frozen=True)
class KeptRole:
    """One role's scores of one aspect in the whole organisation, already coarse: nothing finer is stored."""

    n: int
    n_teams: int
    tenths: int
    """The mean in tenths of a point, halves upwards, and open at the ends of the scale."""


@dataclass(frozen=True)
class KeptRoles:
    """The roles that one aspect is compared by, two or more of the four."""

    roles: Mapping[str, KeptRole]
    """By role, in the order of the question."""
    p_thousandths: int | None
    """Of the test whether roles answer differently within teams, rounded up; None where it cannot be tested."""


@dataclass(frozen=True)
class Kept:
    """Everything that is kept of one closed campaign."""

    quarter: str
    reporting_size: int
    questionnaire: Questionnaire
    nodes: tuple[Node, ...]
    figures: Mapping[tuple[int, str], Figure] = field(default_factory=dict)
    """By node id and measure: `item:…`, `aspect:…`, `choice:…`, `ladder:…`."""
    campaign: int | None = None
    """The campaign's number, which tells several campaigns of a quarter apart."""
    roles: Mapping[str, KeptRoles] = field(default_factory=dict)
    """By aspect, for the organisation only; aspects whose roles may not be compared are not in it."""

    def node(self, node_id: int) -> Node:
        """Return a node by its id.

        :raise KeyError: when the campaign has no such node.
        """
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(node_id)
