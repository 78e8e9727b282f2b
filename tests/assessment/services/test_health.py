"""Health facts are typed or imported, checked, and never about a single person."""

from __future__ import annotations

import pytest

from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import UnknownTeam
from assessment.domain.follow_up_errors import PersonalData
from assessment.services.import_health import import_health
from assessment.services.platform import Platform
from assessment.services.record_health import record_health
from assessment.storage import health
from reports.follow_up import Health
from tests.builders import Cast

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
QUARTER = "2026-Q3"
PAGES = (9, 7, 4, 4, 2, 1, 1, 0)


def known(platform: Platform, team_id: int) -> tuple[Health, ...]:
    with platform.reading() as session:
        return health.of(session, [team_id]).get(team_id, ())


def test_facts_are_kept_by_quarter_changed_and_forgotten(platform: Platform, cast: Cast):
    atlas = cast.teams["Atlas"]
    record_health(platform, cast.ada, atlas, QUARTER, {"pages_per_week": 1.5, "toil": 0.4}, [1, *PAGES[:-1]])
    record_health(platform, cast.ada, atlas, "2026q1", {"night_pages": 2})
    assert known(platform, atlas) == (
        Health("2026-Q1", {"night_pages": 2.0}),
        Health(QUARTER, {"pages_per_week": 1.5, "toil": 0.4}, (9, 7, 4, 4, 2, 1, 1, 1)),
    )
    record_health(platform, cast.ada, atlas, QUARTER, {"toil": None, "pages_per_week": 2})
    assert known(platform, atlas)[1] == Health(QUARTER, {"pages_per_week": 2.0}, (9, 7, 4, 4, 2, 1, 1, 1))
    record_health(platform, cast.ada, atlas, QUARTER, {"pages_per_week": None}, [])
    assert [one.quarter for one in known(platform, atlas)] == ["2026-Q1"]


@ON_SQLITE
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"mood": 1}, "health fact"),
        ({"toil": 1.01}, "toil"),
        ({"toil": -0.1}, "toil"),
        ({"over_30_minutes": float("nan")}, "over_30_minutes"),
        ({"pages_per_week": float("inf")}, "pages_per_week"),
        ({"reviews_due": 1.5}, "reviews_due"),
        ({"reviews_due": 2, "reviews_written": 3}, "reviews_written"),
        ({"actions_due": 0, "actions_on_time": 1}, "actions_on_time"),
    ],
)
def test_values_that_cannot_be_are_refused_by_name(
    platform: Platform, cast: Cast, values: dict[str, float], field: str
):
    with pytest.raises(Invalid) as caught:
        record_health(platform, cast.ada, cast.teams["Atlas"], QUARTER, values)
    assert caught.value.field == field
    assert known(platform, cast.teams["Atlas"]) == ()


@ON_SQLITE
def test_a_share_is_compared_with_what_is_known_already(platform: Platform, cast: Cast):
    atlas = cast.teams["Atlas"]
    record_health(platform, cast.ada, atlas, QUARTER, {"reviews_due": 2})
    with pytest.raises(Invalid, match="reviews_due, which is 2"):
        record_health(platform, cast.ada, atlas, QUARTER, {"reviews_written": 3})


@ON_SQLITE
def test_pages_of_seven_people_are_data_about_people(platform: Platform, cast: Cast):
    atlas = cast.teams["Atlas"]
    with pytest.raises(PersonalData, match="at least 8"):
        record_health(platform, cast.ada, atlas, QUARTER, {"toil": 0.2}, PAGES[:7])
    for pages in ([*PAGES, -1], [10_001, *PAGES], [0] * 201):
        with pytest.raises(Invalid):
            record_health(platform, cast.ada, atlas, QUARTER, {}, pages)
    assert known(platform, atlas) == ()


@ON_SQLITE
def test_other_teams_and_quarters_to_come_are_refused(platform: Platform, cast: Cast):
    with pytest.raises(UnknownTeam):
        record_health(platform, cast.ada, cast.teams["Borealis"], QUARTER, {"toil": 0.2})
    with pytest.raises(Invalid, match="has begun"):
        record_health(platform, cast.ada, cast.teams["Atlas"], "2026-Q4", {"toil": 0.2})


def test_a_file_is_imported_whole(platform: Platform, cast: Cast):
    table = (
        "Team;Pages per week;toil;reviews due;reviews_written;page shares\n"
        "atlas;1,5;40 %;3;3;9 7 4 4 2 1 1 0\n"
        "Cygnus;2;0.6;;;\n"
    )
    looked = import_health(platform, cast.ada, QUARTER, table, dry_run=True)
    assert (looked.is_stored, len(looked.lines), known(platform, cast.teams["Atlas"])) == (False, 2, ())
    assert import_health(platform, cast.ada, QUARTER, table.encode("cp1252")).is_stored
    facts = {"pages_per_week": 1.5, "toil": 0.4, "reviews_due": 3.0, "reviews_written": 3.0}
    assert known(platform, cast.teams["Atlas"]) == (Health(QUARTER, facts, PAGES),)
    assert import_health(platform, cast.ada, QUARTER, "team,toil\nCygnus,\n").is_stored
    assert known(platform, cast.teams["Cygnus"]) == (Health(QUARTER, {"pages_per_week": 2.0, "toil": 0.6}),)


def test_with_any_problem_nothing_is_stored(platform: Platform, cast: Cast):
    table = (
        "team,toil,reviews_due,reviews_written,page_shares\n"
        "Atlas,0.4,2,1,\n"
        "Borealis,0.4,,,\n"
        "Cygnus,4,x,,\n"
        "Atlas,0.3,,,\n"
        "Cygnus,0.3,1,2,\n"
        "Cygnus,0.3,,,5 4 3\n"
    )
    done = import_health(platform, cast.ada, QUARTER, table)
    assert not done.is_stored
    assert [(problem.line, problem.field, problem.value) for problem in done.problems] == [
        (3, "team", "Borealis"),
        (4, "toil", "4"),
        (4, "reviews_due", "x"),
        (5, "team", "Atlas"),
        (6, "team", "Cygnus"),
        (6, "reviews_written", "2"),
        (7, "team", "Cygnus"),
        (7, "page_shares", "5 4 3"),
    ]
    assert all(problem.message for problem in done.problems)
    assert known(platform, cast.teams["Atlas"]) == ()


@ON_SQLITE
def test_a_file_without_lines_is_not_said_to_be_stored(platform: Platform, cast: Cast):
    with pytest.raises(Invalid, match="no line below its header"):
        import_health(platform, cast.ada, QUARTER, "team,toil\n,\n")


@ON_SQLITE
@pytest.mark.parametrize("table", ["team,mood\nAtlas,3\n", "toil\n0.4\n", "team,toil,toil\nAtlas,1,1\n"])
def test_columns_that_mean_nothing_are_named(platform: Platform, cast: Cast, table: str):
    with pytest.raises(Invalid, match="column"):
        import_health(platform, cast.ada, QUARTER, table)
