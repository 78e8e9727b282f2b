from __future__ import annotations

import json

import pytest

from questionnaires.schemas import DIRECTORY, SCHEMAS, schema, write_schemas


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_shipped_schema_says_what_the_model_says(name):
    shipped = (DIRECTORY / f"{name}.schema.json").read_text(encoding="utf-8")
    assert shipped == schema(name), "run python -m questionnaires.schemas"


def test_schemas_are_written_where_asked(tmp_path):
    paths = write_schemas(tmp_path / "new")
    assert [path.name for path in paths] == [f"{name}.schema.json" for name in ("instrument", "changes", "meetings")]
    assert [path.read_text(encoding="utf-8") for path in paths] == [schema(name) for name in SCHEMAS]


def test_a_schema_tells_an_editor_about_keys_it_does_not_know():
    described = json.loads(schema("instrument"))
    assert described["additionalProperties"] is False
    assert set(described["required"]) >= {"id", "version", "name", "languages"}
    assert described["$defs"]["Aspect"]["properties"]["id"]["enum"][0] == "cooperation"
