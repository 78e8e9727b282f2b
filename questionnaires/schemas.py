"""JSON Schemas of the data files, for editors that complete and check YAML while it is written.

`python -m questionnaires.schemas` writes them; a test holds them equal to the models.
"""

from __future__ import annotations

import json
from pathlib import Path

from questionnaires.changes import Catalogue
from questionnaires.instrument import Instrument
from questionnaires.meetings import Meetings
from questionnaires.texts import Frozen

DIRECTORY = Path(__file__).parent / "schema"
SCHEMAS: dict[str, type[Frozen]] = {"instrument": Instrument, "changes": Catalogue, "meetings": Meetings}


def schema(name: str) -> str:
    """Return the JSON Schema of `instrument`, `changes` or `meetings` as text.

    :raise KeyError: for another name.
    """
    described = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **SCHEMAS[name].model_json_schema(mode="validation"),
    }
    return json.dumps(described, ensure_ascii=False, indent=2) + "\n"


def write_schemas(directory: Path = DIRECTORY) -> list[Path]:
    """Write the schemas as `<name>.schema.json` into a directory and return their paths."""
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for name in SCHEMAS:
        path = directory / f"{name}.schema.json"
        path.write_text(schema(name), encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":  # pragma: no cover
    write_schemas()
