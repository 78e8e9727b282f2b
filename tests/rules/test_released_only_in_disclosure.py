from __future__ import annotations

import ast
import dataclasses
from pathlib import Path

import pytest

import reports.released
from reports.released import OpenEnd

ROOT = Path(reports.released.__file__).parents[1]
ALLOWED = {ROOT / "reports" / "disclosure.py", ROOT / "reports" / "released.py"}
PACKAGES = ("assessment", "reports", "questionnaires")
TYPES = {
    name
    for name, value in vars(reports.released).items()
    if dataclasses.is_dataclass(value) and value.__module__ == "reports.released"
}


def constructions(source: str) -> list[str]:
    """Find places that make a released value: by its class, under whatever name, by `replace`, or around the class."""
    tree = ast.parse(source)
    aliases = {name: name for name in TYPES}
    modules = set()
    knows_released = False
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "reports.released":
            knows_released = True
            aliases |= {alias.asname or alias.name: alias.name for alias in node.names if alias.name in TYPES}
        if isinstance(node, ast.ImportFrom) and node.module == "reports":
            found = {alias.asname or alias.name for alias in node.names if alias.name == "released"}
            modules |= found
            knows_released |= bool(found)
        if isinstance(node, ast.Import):
            knows_released |= any(alias.name == "reports.released" for alias in node.names)
    if not knows_released:
        return []
    found_at = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in aliases:
            found_at.append(f"line {node.lineno}: {aliases[called.id]}")
        elif isinstance(called, ast.Attribute) and called.attr in TYPES:
            found_at.append(f"line {node.lineno}: {called.attr}")
        elif isinstance(called, ast.Name | ast.Attribute):
            name = called.id if isinstance(called, ast.Name) else called.attr
            is_text = isinstance(called, ast.Attribute) and not (
                isinstance(called.value, ast.Name) and called.value.id in ("dataclasses", "copy")
            )
            if name in ("__new__", "__setattr__") or (name == "replace" and not is_text):
                found_at.append(f"line {node.lineno}: {name}")
    return found_at


def test_only_disclosure_makes_released_values():
    elsewhere = {
        str(path.relative_to(ROOT)): found
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if path not in ALLOWED and (found := constructions(path.read_text("utf-8")))
    }
    assert elsewhere == {}, "only reports/disclosure.py may turn kept values into released ones"


@pytest.mark.parametrize(
    "source",
    [
        "from reports.released import Withheld\nWithheld(1)",
        "from reports.released import ReleasedAspect as A\nA(n=1)",
        "from reports import released\nreleased.Released()",
        "import reports.released\nreports.released.Change(1)",
        "from dataclasses import replace\nfrom reports.released import Released\ndef f(r): return replace(r, n=9)",
        "import dataclasses\nfrom reports.released import Released\ndataclasses.replace(Released, n=9)",
        "from reports.released import Released\nobject.__new__(Released)",
    ],
)
def test_the_rule_sees_every_way_to_make_one(source):
    assert constructions(source)


@pytest.mark.parametrize(
    "source",
    [
        "from reports.released import Released\nisinstance(1, Released)",
        "from reports.released import Released\n'a'.replace('a', 'b')",
        "class Released: pass\nReleased()",
    ],
)
def test_the_rule_lets_readers_be(source):
    assert constructions(source) == []


def test_enumerations_are_no_released_values():
    assert OpenEnd.__name__ not in TYPES
    assert "ReleasedOrganisation" in TYPES
