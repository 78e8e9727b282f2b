"""Every attack on anonymity is tried on our code and on a leaky variant of it, and docs/attacks.md names them all."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ATTACKS = [f"T{number}" for number in range(1, 34)]
# Conveniences that came back in other programs, one after the other.
ONE_AT_A_TIME = {"ballots_with_a_time", "ballots_with_a_number", "people_marked_as_answered", "a_live_count"}


def sources() -> dict[str, str]:
    """Return the tests that may hold attacks, by their path from the root."""
    paths = [*sorted((ROOT / "tests" / "anonymity").glob("*.py")), Path(__file__)]
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}


@cache
def functions_in(source: str) -> tuple[ast.FunctionDef, ...]:
    functions = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))
    return tuple(function for function in functions if function.name.startswith("test_"))


@cache
def marked(source: str, kind: str) -> dict[str, set[str]]:
    """Return the tests that have a marker of this kind, by its attack."""
    found: dict[str, set[str]] = {}
    for function in functions_in(source):
        for decorator in function.decorator_list:
            for call in ast.walk(decorator):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == f"pytest.mark.{kind}":
                    for argument in call.args:
                        found.setdefault(ast.literal_eval(argument), set()).add(function.name)
    return found


def used_by_leaky_tests(texts: Mapping[str, str]) -> set[str]:
    """Return every name that stands in a test with a `leaky` marker, its decorators included."""
    names: set[str] = set()
    for source in texts.values():
        leaky = set().union(*marked(source, "leaky").values())
        for function in functions_in(source):
            if function.name in leaky:
                names |= {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
                names |= {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    return names


def table(document: str) -> dict[str, list[str]]:
    """Return the other cells of each line of the table of attacks."""
    rows = (line.strip().strip("|").split("|") for line in document.splitlines() if line.startswith("| T"))
    return {cells[0].strip(): [cell.strip() for cell in cells[1:]] for cells in rows}


def unguarded(texts: Mapping[str, str], document: str) -> set[str]:
    """Return every attack that lacks a test, a leaky variant or a true line in the table."""
    lines = table(document)
    found = {f"{attack} is no attack" for attack in lines if attack not in ATTACKS}
    for attack in ATTACKS:
        files: set[str] = set()
        for kind in ("attack", "leaky"):
            having = {path for path, source in texts.items() if attack in marked(source, kind)}
            if not having:
                found.add(f"{attack} has no test marked `{kind}`")
            files |= having
        cells = lines.get(attack, [])
        if len(cells) != 5 or not all(cells):
            found.add(f"{attack} has no whole line in docs/attacks.md")
        elif {name.strip(" `") for name in cells[-1].split(",")} != files:
            found.add(f"{attack} is tested in {', '.join(sorted(files))}; docs/attacks.md says {cells[-1]}")
    return found


DOCUMENT = (ROOT / "docs" / "attacks.md").read_text(encoding="utf-8")


@pytest.mark.attack("T33")
def test_every_attack_has_a_test_a_leaky_variant_and_a_line() -> None:
    assert unguarded(sources(), DOCUMENT) == set()


@pytest.mark.attack("T33")
def test_every_convenience_that_came_back_elsewhere_turns_a_test_red() -> None:
    assert used_by_leaky_tests(sources()) >= ONE_AT_A_TIME


@pytest.mark.leaky("T33")
def test_a_marker_or_a_line_that_is_dropped_is_noticed() -> None:
    texts = sources()
    path = "tests/anonymity/test_tables_cannot_be_joined.py"
    for kind in ("attack", "leaky"):
        without = texts | {path: texts[path].replace(f'@pytest.mark.{kind}("T1")', "")}
        assert f"T1 has no test marked `{kind}`" in unguarded(without, DOCUMENT)
    short = "\n".join(line for line in DOCUMENT.splitlines() if not line.startswith("| T1 "))
    assert "T1 has no whole line in docs/attacks.md" in unguarded(texts, short)
    forgotten = {name: source.replace("leaks.a_live_count", "leaks.nothing") for name, source in texts.items()}
    assert "a_live_count" not in used_by_leaky_tests(forgotten)


def test_every_leak_is_tried() -> None:
    texts = sources()
    made = {
        function.name
        for path, source in texts.items()
        if Path(path).stem.startswith("leaks")
        for function in ast.parse(source).body
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        # A leak is given pytest's monkeypatch; what they share is not.
        and any(argument.arg.strip("_") == "patch" for argument in function.args.args)
    }
    assert made - used_by_leaky_tests(texts) == set()
