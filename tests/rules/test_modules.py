"""Rules about our modules that no other tool looks at."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("assessment", "reports", "questionnaires", "migrations")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LONGEST = 300


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_and_is_named_for_what_it_does(path: Path):
    n_lines = len(path.read_text(encoding="utf-8").splitlines())
    assert n_lines <= LONGEST, f"{n_lines} lines; a module that passes {LONGEST} wants to be two"
    assert path.name not in {"utils.py", "helpers.py", "common.py", "misc.py"}


# Where transactions begin and end for everybody else.
TRANSACTIONS = {"database.py", "driver.py"}
STATEMENTS = sorted(path for path in (ROOT / "assessment/storage").glob("*.py") if path.name not in TRANSACTIONS)


@pytest.mark.parametrize("path", STATEMENTS, ids=lambda path: path.name)
def test_storage_never_commits(path: Path):
    calls = [
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    assert "commit" not in calls


def test_every_package_of_tests_is_a_package():
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert not [folder for folder in folders if not (folder / "__init__.py").exists()]
