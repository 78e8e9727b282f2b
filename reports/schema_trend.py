"""The JSON Schema of the trend of one node: its quarters as each was released, and what moved steadily over them.

`python -m reports.schema_trend` writes `reports/schemas/trend-1.json` from the models below; a test holds the file
equal to them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from questionnaires.instrument import AspectId
from reports.kept import NodeKind
from reports.schema import Measured, Steady, brought_up_to_date, plain
from reports.schema_figures import Strict
from reports.trend_document import SCHEMA_VERSION

FILE = Path(__file__).parent / "schemas" / f"trend-{SCHEMA_VERSION}.json"
DESCRIPTION = (
    "Up to eight quarters of one node (a team or the organisation), oldest first, each as it was released then: the "
    "measured part of that quarter's report, with the keys that its own schema describes. measured_hash is the "
    "beginning of the SHA-256 of all quarters without the names of aspects, items and areas, each as UTF-8 JSON with "
    "sorted keys and without spaces, a line each."
)


class TrendNode(Strict):
    """The team or the organisation whose quarters stand here."""

    kind: NodeKind
    name: str
    parent: str | None = Field(description="The department of a team, as in the last quarter.")


class Trend(Strict):
    """The quarters of one node."""

    schema_version: Literal[1]
    kind: Literal["trend"]
    node: TrendNode
    measured_hash: Annotated[str, Field(pattern="^[0-9a-f]{12}$")] = Field(description="As printed in the document.")
    quarters: Annotated[list[Measured], Field(min_length=1, description="Oldest first.")]
    steady: dict[AspectId, Steady] = Field(description="The aspects of a team that moved steadily; no others.")


def schema() -> dict[str, Any]:
    """Return the JSON Schema of trends."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:blameless-assessment:trend:{SCHEMA_VERSION}",
        "title": "Trend of a blameless assessment",
        "description": DESCRIPTION,
        **plain(Trend.model_json_schema()),
    }


def text() -> str:
    """Return the schema as the shipped file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the schema file; say so where it changed."""
    return brought_up_to_date(FILE, text())


if __name__ == "__main__":
    raise SystemExit(main())
