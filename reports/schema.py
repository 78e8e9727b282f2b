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
from reports.released import OpenEnd, Status
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
    Share,
    Strict,
    WithheldFigure,
)

FILE = Path(__file__).parent / "schemas" / f"report-{SCHEMA_VERSION}.json"
DESCRIPTION = (
    "The released numbers of one node (a team, a department or the organisation) in one closed quarter. Means are in "
    "points of the instrument's scale. A figure of fewer answers than detail_size is coarse: a mean to one decimal, "
    "words, no counts. A figure of fewer than reporting_size is withheld and says only why. measured_hash is the "
    "beginning of the SHA-256 of the report without measured_hash, series, roadmap and the names of aspects, items and "
    "areas, as UTF-8 JSON with sorted keys and without spaces."
)

Quarter = Annotated[str, Field(pattern="^[0-9]{4}-Q[1-4]$")]


class SmallChange(Strict):
    """A small change that is suggested."""

    id: str = Field(description="In the catalogue of small changes.")
    because: list[str] = Field(description="Aspects and areas whose gap put it here, largest first.")
    n_waiting: Positive | None = Field(description="Teams that wait for it; only for what leadership alone can start.")


class Roadmap(Strict):
    """The follow-up part, which may differ from day to day and is no part of the hash."""

    changes: list[SmallChange]
    conversations: list[AspectId] = Field(description="Aspects to talk about first, because views split.")
    keep: list[AspectId | AreaId] = Field(description="Aspects and areas without a gap.")


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


class Part(Strict):
    """The released numbers of one node."""

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
    roadmap: Roadmap


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


class NodeReport(Part):
    """The report of a team or department."""

    measured_hash: Annotated[str, Field(pattern="^[0-9a-f]{12}$")] = Field(description="As printed in documents.")
    series: list[QuarterThen] = Field(description="Up to eight quarters, oldest first, this one last; may be empty.")


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

    mean: float = Field(description="Of all answers of these teams, in points.")
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


class OrganisationReport(NodeReport):
    """The report of the organisation with its departments and teams, in alphabetical order."""

    departments: list[Part]
    teams: list[Part]
    change_within_teams: dict[AspectId, ChangeWithinTeams]
    funnels: dict[AspectId, Funnel | None] = Field(description="Null where too few teams are shown exactly.")
    reliability: dict[AspectId, Reliability]


Report: TypeAdapter[NodeReport | OrganisationReport] = TypeAdapter(NodeReport | OrganisationReport)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of team and organisation reports."""
    found = _plain(Report.json_schema())
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


def _plain(part: Any) -> Any:
    """Leave away what pydantic adds for itself, and close the objects whose keys are a pattern."""
    if isinstance(part, list):
        return [_plain(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {
        key: _plain(value)
        for key, value in part.items()
        if key != "default" and not (key == "title" and isinstance(value, str))
    }
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    return kept


def main() -> int:
    """Write the schema file; say so where it changed."""
    written = text()
    if not FILE.exists() or FILE.read_text(encoding="utf-8") != written:
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_text(written, encoding="utf-8")
        sys.stdout.write(f"{FILE.parent.name}/{FILE.name} brought up to date\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
