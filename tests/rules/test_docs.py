"""Documentation is tested: commands, options, settings, exit codes and budgets stand in it as they are, both ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from assessment import config
from assessment.cli import main
from assessment.cli.frame import EXIT_CODES
from questionnaires.loader import available
from tests.conftest import BUDGET

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")


def rows(document: str, header: str) -> list[list[str]]:
    """Return the cells of the table with this header's first cell."""
    lines = document.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {header} |"))
    found = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def commands(command: click.Command, path: str = "assessment") -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, with the words it is typed with."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name, below in command.commands.items():
        yield from commands(below, path if below.hidden else f"{path} {name}")


def options_of(command: click.Command) -> set[str]:
    return {
        next(name for name in parameter.opts if name.startswith("--"))
        for parameter in command.params
        if isinstance(parameter, click.Option)
    }


REAL = dict(commands(main))


def test_every_command_and_option_stands_in_the_readme_and_the_other_way_round() -> None:
    documented = {row[0].strip("`"): set(re.findall(r"--[a-z-]+", row[1])) for row in rows(README, "command")}
    real = {path: options_of(command) for path, command in REAL.items()}
    real["assessment"] = options_of(main)
    assert documented == real


def test_every_setting_stands_in_the_readme_and_the_other_way_round() -> None:
    documented = {row[0].strip("`"): row[1] for row in rows(README, "`config.toml`") if row[0]}
    assert set(documented) == set(config._READ)
    for name, variables in documented.items():
        assert f"`ASSESSMENT_{name.upper()}`" in variables
    assert "`DATABASE_URL`" in documented["database_url"]


def test_the_defaults_in_the_readme_are_the_real_ones() -> None:
    documented = {row[0].strip("`"): row[2].strip("`") for row in rows(README, "`config.toml`") if row[0]}
    for name in ("base_url", "timezone", "language", "host", "port", "workers", "proxies"):
        assert documented[name] == str(getattr(config.Settings, name))


def test_the_exit_codes_in_the_readme_are_the_real_ones() -> None:
    assert {int(row[0]): row[1] for row in rows(README, "exit code")} == EXIT_CODES


def test_the_budgets_in_contributing_are_the_ones_that_a_run_prints() -> None:
    assert {row[0]: int(row[1]) for row in rows(CONTRIBUTING, "kind")} == BUDGET


@pytest.mark.parametrize("path", sorted(REAL))
def test_every_help_has_an_example_that_fits_the_command(path: str) -> None:
    command = REAL[path]
    text = command.help or ""
    assert "Example:" in text, f"{path} --help shows no example"
    for example in re.findall(
        r"^\s*(?:\S+=\S+ )?assessment (.+?)(?:$| > )", text.partition("Example:")[2], re.MULTILINE
    ):
        for option in re.findall(r"(?<!\S)--[a-z-]+", example):
            assert option in options_of(command) | options_of(main)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_is_typed_in_the_documents_exists(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    typed = [line for block in re.findall(r"```\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    typed += re.findall(r"`(assessment [^`]+)`", text) + re.findall(r"`(make [^`]+)`", text)
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for line in typed:
        words = line.split("#")[0].split()
        if words[:1] == ["make"]:
            assert set(words[1:]) <= targets, line
        elif words[:1] == ["assessment"]:
            assert_is_a_command(words)


def assert_is_a_command(words: list[str]) -> None:
    command: click.Command = main
    allowed = options_of(main) | {"--help"}
    for word in words[1:]:
        if isinstance(command, click.Group) and word in command.commands:
            command = command.commands[word]
            allowed |= options_of(command)
            if isinstance(command, click.Group) and "answers" in command.commands:
                allowed |= options_of(command.commands["answers"])
        elif word.startswith("--"):
            assert word in allowed, " ".join(words)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_and_paths_in_the_documents_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (ROOT / target).exists(), f"{document} links to {target}"
    for path in re.findall(r"`((?:assessment|questionnaires|reports|tests|migrations|\.ci)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), f"{document} names {path}"


def test_the_recipes_use_names_that_exist() -> None:
    assert "westrum-short" in available()
    for recipe in ("Add an instrument", "Add a small change", "Add a figure", "Add a language"):
        assert f"### {recipe}" in CONTRIBUTING


def test_the_changelog_has_the_version_that_is_being_built() -> None:
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
