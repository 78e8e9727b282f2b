"""docs/privacy.md knows every table, and its proxies' configurations log coaches and nobody else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from assessment.storage.base import Base
from assessment.web.sessions import is_coach_path
from tests.rules.test_docs import assert_is_a_command

ROOT = Path(__file__).parents[2]
PRIVACY = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
SNIPPETS = dict(re.findall(r"```(nginx|caddy|apache)\n(.*?)```", PRIVACY, re.DOTALL))
# What the document calls the tables that hold something of people.
CALLED = {
    "member": "members",
    "roster": "rosters",
    "invitee": "invitees",
    "invitation": "invitations",
    "card": "cards",
    "ballot": "ballots",
    "signing_key": "campaign keys",
    "histogram": "counts",
    "role_figure": "role figures",
    "role_test": "role figures",
    "coach": "coaches",
    "sign_in_failure": "wrong passwords",
    "audit": "audit",
    "agreement": "agreements",
    "page_share": "pages per member",
    "batch": "all reports at once",
    "batch_report": "all reports at once",
}
# Tables of figures, names of groups and settings; nobody's.
IMPERSONAL = {"organisation", "department", "team", "campaign", "node", "cover", "coach_team"} | {
    "change_in_place",
    "next_focus",
    "health_fact",
}
LOGGED = {
    "nginx": re.compile(r'"~(\^/coach[^"]*)" 1;'),
    "apache": re.compile(r"CustomLog .*%\{REQUEST_URI\} =~ m#(\^/coach[^#]*)#"),
}


ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def rules(app: Flask) -> list[str]:
    """The path of every route, with something in the place of its values."""
    return sorted({re.sub(r"<[^>]+>", "x", rule.rule) for rule in app.url_map.iter_rules()})


def test_every_table_stands_in_the_document() -> None:
    assert set(CALLED) | IMPERSONAL == set(Base.metadata.tables)
    stored = PRIVACY.partition("## What is stored")[2].partition("\n## ")[0].lower()
    for name in CALLED.values():
        assert f"\n| {name}" in stored


@ON_SQLITE
@pytest.mark.parametrize("proxy", ["nginx", "caddy", "apache"])
def test_every_path_of_respondents_stands_in_a_configuration_as_one_that_is_not_logged(
    proxy: str, rules: list[str]
) -> None:
    line = next(line for line in SNIPPETS[proxy].splitlines() if "Never:" in line)
    never = line.partition("Never:")[2].split()
    for path in rules:
        if not is_coach_path(path) and path != "/healthz":
            first = "/" + path.split("/")[1] + ("/" if path.count("/") > 1 else "")
            assert first in never, f"{path} is not named in the configuration of {proxy}"
    assert not any(is_coach_path(path) for path in never)


@ON_SQLITE
@pytest.mark.parametrize("proxy", sorted(LOGGED))
def test_what_a_configuration_logs_is_coaches_paths(proxy: str, rules: list[str]) -> None:
    pattern = LOGGED[proxy].search(SNIPPETS[proxy])
    assert pattern is not None
    for path in [*rules, "/coach?next=/", "/coachx", "/a/coach", "/l/coach/", "//a/x"]:
        wanted = is_coach_path(path.partition("?")[0])
        # Apache compares the path alone.
        compared = path if proxy == "nginx" else path.partition("?")[0]
        assert bool(re.search(pattern[1], compared)) == wanted, path


def test_caddy_skips_what_is_not_below_coach() -> None:
    assert "@respondents not path /coach /coach/*\n" in SNIPPETS["caddy"]
    assert "log_skip @respondents\n" in SNIPPETS["caddy"]


def test_what_has_no_answer_to_it_is_said() -> None:
    for words in ("cannot be found", "Art. 11", "works council", "VACUUM (FULL) ballot", "pg_switch_wal"):
        assert words in PRIVACY


def test_commands_and_links_in_the_document_exist() -> None:
    for typed in re.findall(r"`(assessment [^`]+)`", PRIVACY):
        assert_is_a_command(typed.split())
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", PRIVACY):
        assert (ROOT / "docs" / target).exists(), target
