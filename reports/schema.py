"""The JSON Schema of the JSON report: what every key of `reports.canonical.to_json` means, in which unit.

`python -m reports.schema` writes `reports/schemas/report-1.json` (JSON Schema, draft 2020-12) from the models below;
a test holds the file equal to them, and every sample report to the file. Reading a report with `Report` checks it more
closely than most programs need; they may take the file instead.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from questionnaires.instrument import AreaId, AspectId
from reports.canonical import SCHEMA_VERSION
from reports.kept import NodeKind, Way
from reports.released import OpenEnd
from reports.schema_figures import (
    ChangeOfAspect,
    CoarseAspect,
    CoarseChoice,
    CoarseLadder,
    Count,
    ExactAspect,
    ExactChoice,
    ExactLadder,
    Pair,
    Positive,
    RungText,
    Strict,
    WithheldFigure,
)
from reports.schema_organisation import ChangeWithinTeams, Funnel, Reliability, RolesOfAspect
from reports.schema_roadmap import NodeRoadmap, OrganisationRoadmap, Quarter, Roadmap

FILE = Path(__file__).parent / "schemas" / f"report-{SCHEMA_VERSION}.json"
DESCRIPTION = (
    "The released numbers of one node (a team, a department or the organisation) in one closed quarter. Means are in "
    "points of the instrument's scale. A figure of fewer answers than detail_size is coarse: a mean to one decimal, "
    "words, no counts. A figure of fewer than reporting_size is withheld and says only why. measured_hash is the "
    "beginning of the SHA-256 of the report without measured_hash, campaign, series, steady, roadmap and the names of "
    "aspects, items and areas, as UTF-8 JSON with sorted keys and without spaces."
)


class Node(Strict):
    """A team, a department or the organisation."""

    kind: NodeKind
    name: str
    parent: str | None = Field(description="The department of a team, the organisation of a department.")
    n_teams: Count


class InstrumentVersion(Strict):
    """What was asked."""

    id: str
    version: Positive
    fingerprint: str = Field(description="Of the instrument file's content.")


class Measured(Strict):
    """The measured part of one node's report: what the hash is made of."""

    schema_version: Literal[1]
    node: Node
    quarter: Quarter
    previous_quarter: Quarter | None = Field(description="What change compares with; null in the first quarter.")
    way: Way | None = Field(description="How a team answered; null for departments and the organisation.")
    reporting_size: Positive = Field(description="Answers from which a figure is shown.")
    detail_size: Positive = Field(description="Answers from which a figure is shown exactly.")
    instruments: list[InstrumentVersion]
    n_invited: Count | None = Field(description="People invited; null where an import does not say.")
    n_answered: Count
    n_joined: Count | None = Field(description="People new since the previous quarter; null in the first.")
    n_left: Count | None
    focus: list[AspectId] = Field(
        description="The aspects frozen at opening, the only ones a team's change is tested on."
    )
    aspects: dict[AspectId, ExactAspect | CoarseAspect | WithheldFigure]
    choices: dict[AspectId, ExactChoice | CoarseChoice | WithheldFigure]
    ladders: dict[AreaId, ExactLadder | CoarseLadder | WithheldFigure]
    change: dict[AspectId, ChangeOfAspect] = Field(description="Of the aspects that are not withheld.")


class Part(Measured):
    """The released numbers of one node."""

    campaign: Positive | None = Field(description="Number of the campaign; a quarter may have several.")
    roadmap: Roadmap


class Steady(Strict):
    """A team's aspect that moved one way in every one of the last quarters, by the rule of the methods."""

    direction: Literal[-1, 1] = Field(description="1 where it rose, -1 where it fell.")
    n_quarters: Positive = Field(description="The quarters that went one way, this one included.")
    is_tested: bool = Field(description="Whether the first was tested against the last, as four quarters need.")


class AspectThen(Strict):
    """One aspect in one quarter of the series, as released then."""

    n: Positive
    n_teams: Positive
    tier: Literal["detail", "coarse"]
    scale: tuple[int, int]
    mean: float = Field(description="Points; to one decimal where tier is coarse.")
    open_end: OpenEnd | None
    interval_90: Pair | None


class QuarterThen(Strict):
    """One quarter of the series."""

    quarter: Quarter
    aspects: dict[AspectId, AspectThen | WithheldFigure]


class OwnReport(Part):
    """What a report has by itself that it has not as a part of another."""

    measured_hash: Annotated[str, Field(pattern="^[0-9a-f]{12}$")] = Field(description="As printed in documents.")
    series: list[QuarterThen] = Field(description="Up to eight quarters, oldest first, this one last; may be empty.")
    steady: dict[AspectId, Steady | None] = Field(
        description="Of a team with a series: null for an aspect that did not move steadily. Empty for others."
    )


class NodeReport(OwnReport):
    """The report of a team or department."""

    roadmap: NodeRoadmap


class OrganisationReport(OwnReport):
    """The report of the organisation with its departments and teams, in alphabetical order."""

    departments: list[Part]
    teams: list[Part]
    n_teams_withheld: Count = Field(description="Teams of which nothing is shown.")
    teams_per_rung: dict[AreaId, dict[RungText, Count]] = Field(
        description="How many teams have reached each rung; teams whose rung is withheld are not counted."
    )
    roadmap: OrganisationRoadmap
    change_within_teams: dict[AspectId, ChangeWithinTeams]
    funnels: dict[AspectId, Funnel | None] = Field(description="Null where too few teams are shown exactly.")
    reliability: dict[AspectId, Reliability]
    roles: dict[AspectId, RolesOfAspect] = Field(description="How roles compare; empty where roles were not asked.")


Report: TypeAdapter[NodeReport | OrganisationReport] = TypeAdapter(NodeReport | OrganisationReport)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of team and organisation reports."""
    found = plain(Report.json_schema())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:blameless-assessment:report:{SCHEMA_VERSION}",
        "title": "Report of a blameless assessment",
        "description": DESCRIPTION,
        **found,
    }


def text() -> str:
    """Return the schema as the shipped file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def plain(part: Any) -> Any:
    """Leave away what pydantic adds for itself, and close the objects whose keys are a pattern."""
    if isinstance(part, list):
        return [plain(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {
        key: plain(value)
        for key, value in part.items()
        if key != "default" and not (key == "title" and isinstance(value, str))
    }
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    return kept


def main() -> int:
    """Write the schema file; say so where it changed."""
    return brought_up_to_date(FILE, text())


def brought_up_to_date(file: Path, written: str) -> int:
    """Write a schema file where it is not what it should be, and say so; return the exit code of a command."""
    if not file.exists() or file.read_text(encoding="utf-8") != written:
        file.parent.mkdir(exist_ok=True)
        file.write_text(written, encoding="utf-8")
        sys.stdout.write(f"{file.parent.name}/{file.name} brought up to date\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
