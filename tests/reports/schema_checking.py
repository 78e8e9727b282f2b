"""A reader of JSON Schema as far as ours uses it, so that the shipped file is checked, not only its models.

A keyword it does not know is an error: a schema that grows cannot silently stop checking.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}
TOLD = {"$schema", "$id", "$defs", "title", "description"}
KNOWN = TOLD | {
    "$ref", "anyOf", "type", "const", "enum", "minimum", "maximum", "pattern", "properties", "required",
    "additionalProperties", "patternProperties", "propertyNames", "items", "prefixItems", "minItems", "maxItems",
}  # fmt: skip


def problems(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any] | None = None, at: str = "$") -> list[str]:
    """Return what is wrong with a value, each with its place; nothing when it is valid."""
    root = schema if root is None else root
    unknown = set(schema) - KNOWN
    assert not unknown, f"this reader does not know {unknown}"
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        found = problems(value, root["$defs"][name], root, at)
        if found:
            return found
    if "anyOf" in schema:
        each = [problems(value, one, root, at) for one in schema["anyOf"]]
        return [] if [] in each else [f"{at}: fits none: {each}"]
    return [*_plain(value, schema, at), *_object(value, schema, root, at), *_array(value, schema, root, at)]


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _plain(value: Any, schema: Mapping[str, Any], at: str) -> Iterator[str]:
    if "type" in schema and not _is(value, schema["type"]):
        yield f"{at}: {value!r} is no {schema['type']}"
    if "const" in schema and value != schema["const"]:
        yield f"{at}: {value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    if "minimum" in schema and _is(value, "number") and value < schema["minimum"]:
        yield f"{at}: {value!r} is too small"
    if "maximum" in schema and _is(value, "number") and value > schema["maximum"]:
        yield f"{at}: {value!r} is too large"
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        yield f"{at}: {value!r} does not match {schema['pattern']}"


def _object(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        return
    yield from (f"{at}: {name} is missing" for name in schema.get("required", ()) if name not in value)
    named, patterns, others = (
        schema.get(key, {}) for key in ("properties", "patternProperties", "additionalProperties")
    )
    for name, part in value.items():
        place = f"{at}.{name}"
        if "propertyNames" in schema:
            yield from problems(name, schema["propertyNames"], root, place)
        fitting = [one for pattern, one in patterns.items() if re.search(pattern, name)]
        if name in named:
            fitting.append(named[name])
        elif not fitting and others is False:
            yield f"{place}: no such key"
        elif not fitting and others:
            fitting.append(others)
        for one in fitting:
            yield from problems(part, one, root, place)


def _array(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], at: str) -> Iterator[str]:
    if not isinstance(value, list):
        return
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"{at}: {len(value)} entries"
    first = schema.get("prefixItems", ())
    for index, part in enumerate(value):
        one = first[index] if index < len(first) else schema.get("items")
        if one is not None:
            yield from problems(part, one, root, f"{at}[{index}]")
