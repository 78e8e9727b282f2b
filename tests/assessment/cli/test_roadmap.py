"""Agreeing, following up and noting health facts at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from icalendar import Calendar

from assessment.services.platform import Platform
from tests.assessment.cli.conftest import Run
from tests.assessment.services.agreeing import QUARTER, quarter_of
from tests.builders import Cast
from tests.conftest import Clock

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
AGREE = ("--role", "product owner", "--due", "2026-12-01", "--sign", "Three weeks in a row")


def test_a_change_is_agreed_done_reopened_and_dropped(run: Run, platform: Platform, clock: Clock, cast: Cast) -> None:
    quarter_of(platform, clock, cast)
    atlas = ("--team", "Atlas")
    assert "Nothing was agreed yet" in run("roadmap", "show", *atlas).output
    assert json.loads(run("roadmap", "agree", "c04", *atlas, *AGREE, "--json").output) == {"agreement": 1}
    run("roadmap", "correct", 1, "--due", "2027-01-15")
    corrected = json.loads(run("roadmap", "show", *atlas, "--json").output)["agreed"]
    assert [(one["due"], one["role"], one["sign"]) for one in corrected] == [("2027-01-15", AGREE[1], AGREE[5])]
    assert "Agreement 1 is done" in run("roadmap", "done", 1, "--evidence", "Held three times").output
    assert "reopen it first" in run("roadmap", "correct", 1, "--role", "team lead", code=1).stderr
    shown = run("roadmap", "show", *atlas, "--quarter", QUARTER).output
    assert "1  2026-Q3  C04" in shown
    assert ": done 2026-" in shown
    assert "In place: C04" in shown
    assert "seen: Held three times" in shown
    run("roadmap", "reopen", 1)
    assert "dropped" in run("roadmap", "drop", 1).output
    run("roadmap", "in-place", "C04", *atlas)
    run("roadmap", "focus", "messengers", "inquiry", *atlas)
    told = json.loads(run("roadmap", "show", *atlas, "--json").output)
    assert (told["in_place"], told["next_focus"]) == (["C04"], ["messengers", "inquiry"])
    assert [one["state"] for one in told["agreed"]] == ["dropped"]
    assert "C04 is not in place" in run("roadmap", "in-place", "C04", *atlas, "--not").output
    run("roadmap", "agree", "C01", "--organisation", *AGREE)
    assert "C01" in run("roadmap", "show", "--organisation").output


@ON_SQLITE
def test_what_is_refused_says_why(run: Run, platform: Platform, clock: Clock, cast: Cast) -> None:
    quarter_of(platform, clock, cast)
    atlas = ("--team", "Atlas")
    blamed = run("roadmap", "agree", "C04", *atlas, *AGREE[:-1], "nobody says who forgot it, as Peter did", code=1)
    assert "“Peter” (person)" in blamed.stderr
    assert "--override" not in blamed.stderr
    vague = run("roadmap", "agree", "C04", *atlas, *AGREE[:-1], "better communication", code=1)
    assert "--override lets it pass" in vague.stderr
    run("roadmap", "agree", "C04", *atlas, *AGREE[:-1], "better communication", "--override")
    assert "(blame)" in run("roadmap", "done", 1, "--evidence", "human error twice", code=1).stderr
    assert "builds on C04" in run("roadmap", "agree", "C05", *atlas, *AGREE, code=1).stderr
    assert "due date 'soon'" in run("roadmap", "agree", "C15", *atlas, *AGREE[:3], "soon", *AGREE[4:], code=2).stderr
    assert "no agreement 9" in run("roadmap", "drop", 9, code=3).stderr
    assert "at least one of --role" in run("roadmap", "correct", 1, code=2).stderr
    assert "(person)" in run("roadmap", "correct", 1, "--role", "Peter", code=1).stderr
    assert "C01 to C27" in run("roadmap", "in-place", "C77", *atlas, code=3).stderr
    assert "either --team" in run("roadmap", "show", code=2).stderr
    assert "courage" in run("roadmap", "focus", "courage", *atlas, code=2).stderr


def test_health_facts_are_set_imported_and_listed(run: Run, cast: Cast, tmp_path: Path) -> None:
    at = ("--team", "Atlas", "--quarter", QUARTER)
    run("health", "set", "toil=40 %", "pages_per_week=2,5", *at, "--pages", "9 7 4 4 2 1 1 0")
    run("health", "set", "toil=", "reviews_due=2", *at)
    listed = run("health", "list", "--team", "Atlas").output
    assert "pages_per_week 2.5 outside target" in listed
    assert "toil" not in listed
    table = tmp_path / "health.csv"
    table.write_text("team,toil\nAtlas,0.3\nCygnus,0.6\n")
    assert "Nothing was stored" in run("health", "import", table, "--quarter", QUARTER, "--dry-run").output
    assert "2 teams, 2026-Q3" in run("health", "import", table, "--quarter", QUARTER).output
    (told,) = json.loads(run("health", "list", "--team", "Atlas", "--json").output)
    assert (told["facts"]["toil"], told["page_shares"]) == (0.3, [9, 7, 4, 4, 2, 1, 1, 0])
    table.write_text("team,toil\nDraco,0.3\n")
    refused = run("health", "import", table, "--quarter", QUARTER, "--json", code=1)
    assert json.loads(refused.stdout)["problems"][0]["line"] == 2
    assert "line 2, team 'Draco'" in run("health", "import", table, "--quarter", QUARTER, code=1).stderr
    assert "at least 8" in run("health", "set", *at, "--pages", "3 2 1", code=1).stderr
    assert "write FACT=VALUE" in run("health", "set", "toil", *at, code=2).stderr
    assert "at least one FACT" in run("health", "set", *at, code=2).stderr
    assert "Nothing is known yet" in run("health", "list", "--team", "Borealis").output


@ON_SQLITE
def test_a_roadmap_is_exported(run: Run, platform: Platform, clock: Clock, cast: Cast, tmp_path: Path) -> None:
    quarter_of(platform, clock, cast)
    run("roadmap", "agree", "C04", "--team", "Atlas", *AGREE)
    assert "Three weeks in a row" in run("roadmap", "export", "--team", "Atlas", "-o", "-").output
    german = run("roadmap", "export", "--team", "Atlas", "--language", "de", "-o", "-").output
    assert "Jede Woche 30 Minuten" in german
    table, calendar = tmp_path / "atlas.csv", tmp_path / "atlas.ics"
    assert str(table) in run("roadmap", "export", "--team", "Atlas", "--format", "csv", "--bom", "-o", table).output
    assert table.read_bytes().startswith(b"\xef\xbb\xbfwhose,")
    run("roadmap", "export", "--team", "Atlas", "--format", "ics", "-o", calendar)
    assert len(Calendar.from_ical(calendar.read_bytes()).walk("VEVENT")) == 2
    first = calendar.read_bytes()
    run("roadmap", "export", "--team", "Atlas", "--format", "ics", "-o", calendar)
    assert calendar.read_bytes() == first
    assert "Northwind" in run("roadmap", "export", "--organisation", "-o", "-").output
    assert "no report" in run("roadmap", "export", "--team", "Atlas", "--quarter", "2020-Q1", "-o", "-", code=3).stderr
