"""Every promise names the test that keeps it: in SECURITY.md, and for each sentence that respondents read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "assessment" / "web" / "respond" / "templates" / "respond"
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
PROMISES = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
# What a sentence may be beside a promise.
OTHERS = ("label", "advice", "outside the program")
LONGEST_LABEL = 60


def promises() -> list[str]:
    """Return the lines of SECURITY.md that hold."""
    blocks = re.findall(r"^\*\*Holds\*\*\n(.*?)\n\n", SECURITY, re.MULTILINE | re.DOTALL)
    return [line.replace("\n  ", " ") for block in blocks for line in re.split(r"^- ", block, flags=re.MULTILINE)[1:]]


def named(text: str) -> list[Path]:
    """Return the files that a text names as `tests/….py`, or as `test_…` in the folder of anonymity."""
    paths = [ROOT / path for path in re.findall(r"`(tests/[\w/.]+\.py)`", text)]
    return paths + [ROOT / "tests" / "anonymity" / f"{name}.py" for name in re.findall(r"`(test_\w+)`", text)]


def sentences(page: str) -> list[str]:
    """Return what a page says, with the parts that are named after it, each sentence once; of a plural its singular."""
    parts = sorted(TEMPLATES.glob(f"{page}.html")) + sorted(TEMPLATES.glob(f"{page}_*.html"))
    source = "\n".join(part.read_text(encoding="utf-8") for part in parts)
    found = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).extract_translations(source)
    return list(dict.fromkeys(text[0] or "" if isinstance(text, tuple) else text for _, _, text in found))


def table(page: str) -> dict[str, str]:
    """Return what docs/promises.md says of a page's sentences."""
    part = PROMISES.partition(f"`{page}.html`\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return {row[0]: row[1] for row in rows[1:]}


def test_security_promises_something_against_everybody() -> None:
    assert SECURITY.count("**Holds**") == SECURITY.count("**Does not hold**") >= 8
    assert len(promises()) > 25


@pytest.mark.parametrize("promise", promises(), ids=lambda promise: re.sub(r"\W+", "-", promise)[:60])
def test_a_promise_names_the_test_that_keeps_it(promise: str) -> None:
    files = named(promise)
    assert files, "no test is named"
    for file in files:
        assert file.is_file(), f"there is no {file.relative_to(ROOT)}"
        assert "def test_" in file.read_text(encoding="utf-8")


def test_every_file_of_attacks_keeps_a_promise() -> None:
    kept = {file.name for file in named(SECURITY + PROMISES)}
    attacks = {path.name for path in (ROOT / "tests" / "anonymity").glob("test_*.py")}
    assert attacks - kept == set(), "name them in SECURITY.md or docs/promises.md"


@pytest.mark.parametrize("page", ["promise", "risks", "trust"])
def test_every_sentence_that_respondents_read_says_what_keeps_it(page: str) -> None:
    rows = table(page)
    assert set(sentences(page)) - set(rows) == set(), f"sentences of {page}.html that docs/promises.md does not have"
    assert set(rows) - set(sentences(page)) == set(), f"sentences that {page}.html does not have any more"
    for sentence, kept in rows.items():
        files = named(kept)
        assert files or kept in OTHERS, f"{sentence!r}: name a test, or say why there is none"
        assert all(file.is_file() for file in files), f"{sentence!r}: {kept}"
        assert kept != "label" or len(sentence) <= LONGEST_LABEL, f"{sentence!r} is more than a label"
