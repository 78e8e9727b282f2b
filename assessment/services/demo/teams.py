"""The sample organisation's 25 teams in 5 departments, and what happens to each over the quarters.

Levels are on the 1-7 scale, one for each of Westrum's aspects in their order: cooperation, messengers, risk sharing,
bridging, inquiry, novelty. Ladders are means on the rungs 0 to 4 in the order language, review, follow-through,
sharing, fairness.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

import yaml


class Story(Enum):
    """What makes a team worth looking at."""

    STEADY = "steady"
    """Moves by chance only, as most teams do."""
    RISES = "rises"
    """Changed something and kept at it: two aspects rise a little every quarter."""
    FALLS = "falls"
    """Lost people and grew careful: messengers and inquiry fall."""
    TINY = "tiny"
    """Too small for a figure of its own."""
    UNANIMOUS = "unanimous"
    """Everybody gives the same answers."""
    SPLIT = "split"
    """Two camps that see two different teams."""
    ALL_NEW = "all_new"
    """Everybody left before the latest closed quarter, and others came."""


@dataclass(frozen=True)
class SampleTeam:
    """One team of the sample organisation."""

    department: str
    name: str
    size: int
    response: float
    """The share that usually answers."""
    levels: tuple[float, ...]
    ladders: tuple[float, ...]
    story: Story = Story.STEADY
    moves: tuple[str, ...] = ()
    """The aspects and areas that the story is about."""


@dataclass(frozen=True)
class SampleOrganisation:
    """The whole of it, as the YAML file beside this module says."""

    name: str
    shown: str
    """The team whose report the demo writes and whose cards it prints."""
    teams: tuple[SampleTeam, ...]


@cache
def sample() -> SampleOrganisation:
    """Return the sample organisation, its teams department by department."""
    data = yaml.safe_load(Path(__file__).with_name("teams.yaml").read_text(encoding="utf-8"))
    teams = [
        SampleTeam(
            department=department,
            name=entry["name"],
            size=entry["size"],
            response=entry["response"],
            levels=tuple(entry["levels"]),
            ladders=tuple(entry["ladders"]),
            story=Story(entry.get("story", "steady")),
            moves=tuple(entry.get("moves", ())),
        )
        for department, entries in data["teams"].items()
        for entry in entries
    ]
    return SampleOrganisation(data["organisation"], data["shown"], tuple(teams))


def chosen(names: Collection[str] | None) -> tuple[SampleTeam, ...]:
    """Return the teams of these names in the organisation's order, or all of them.

    :raise KeyError: for a name that no sample team has.
    """
    teams = sample().teams
    if names is None:
        return teams
    unknown = sorted(set(names) - {team.name for team in teams})
    if unknown:
        raise KeyError(unknown[0])
    return tuple(team for team in teams if team.name in names)
