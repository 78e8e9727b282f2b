"""Promise: after closing or voiding, no answer of anybody and no trace of who was asked is left, in no file.

PostgreSQL does not overwrite what it deletes. There the sealed rows stay in the tables' files until these are written
anew (`VACUUM FULL`) and in its log until that is recycled; what counts is that their key is gone. A crash in the middle
leaves all or nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from assessment.services.actor import Actor
from assessment.services.build_report import released_team
from assessment.services.close_campaign import close_campaign, close_due
from assessment.services.migrate import _save
from assessment.services.platform import Platform
from assessment.services.void_campaign import void_campaign
from assessment.storage.base import Base
from questionnaires.answers import encode
from tests import builders
from tests.anonymity import leaks
from tests.anonymity.forensics import KEYS, PostgresFiles, files, hits, rows
from tests.anonymity.leaks import Leak
from tests.anonymity.respondents import WAYS, Respondent, asked
from tests.builders import Cast, Opened
from tests.conftest import Clock

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
postgresql_only = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
both_ways = pytest.mark.parametrize("way", WAYS)
# What is destroyed when a campaign ends.
DESTROYED = (*KEYS, "signing_key")
Ending = Callable[[Platform, Cast, Clock, Opened], None]


def closing(platform: Platform, _cast: Cast, clock: Clock, campaign: Opened) -> None:
    clock.set(campaign.view.closes_at)
    close_campaign(platform, campaign.id)


def voiding(platform: Platform, cast: Cast, _clock: Clock, campaign: Opened) -> None:
    void_campaign(platform, cast.operator, campaign.id)


both_ends = pytest.mark.parametrize("end", [closing, voiding])


def answered(platform: Platform, cast: Cast, way: str) -> tuple[Opened, list[Respondent]]:
    """Let Atlas answer while a backup is made by the program, and Cygnus be asked."""
    campaign, people = asked(platform, cast, way)
    for person in people:
        if person.node_id == campaign.node("Atlas"):
            person.collect(platform)
            person.answer(platform, builders.answers(campaign.questionnaire, 1.0))
    _save(platform, "0001")
    if not platform.database.is_sqlite:
        # PostgreSQL does so by itself every now and then, and keeps samples of what it saw.
        leaks.execute(platform, "ANALYZE")
    return campaign, people


def traces(platform: Platform, campaign: Opened, people: list[Respondent]) -> dict[str, list[bytes]]:
    """Return what must not be found: secrets, answers, every stored value of those asked, and the private keys."""
    wanted = {"coded answers": [encode(builders.answers(campaign.questionnaire, 1.0), campaign.questionnaire)]}
    wanted |= {f"secrets {number}": [text.encode() for text in each.secrets] for number, each in enumerate(people)}
    for table in DESTROYED:
        for number, row in enumerate(rows(platform, table)):
            values = [value for value in row.values() if isinstance(value, bytes)]
            wanted |= {f"{table} {number}.{place}": [value] for place, value in enumerate(values)}
    for path in platform.settings.key_directory.iterdir():
        wanted[f"file {path.suffix}"] = [path.read_bytes()[-32:]]
    return wanted


def kinds(found: set[tuple[str, str]]) -> set[str]:
    return {name.split()[0] for name, _ in found}


def everything(platform: Platform, tmp_path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield all files of the installation, and on PostgreSQL those of its tables."""
    yield from files(tmp_path)
    if not platform.database.is_sqlite:
        yield from PostgresFiles(platform).tables()


def left(
    platform: Platform, cast: Cast, clock: Clock, tmp_path: Path, way: str, end: Ending
) -> tuple[set[tuple[str, str]], set[str]]:
    """End a campaign; return which traces stand in which files, and which tables have rows of it."""
    campaign, people = answered(platform, cast, way)
    wanted = traces(platform, campaign, people)
    end(platform, cast, clock, campaign)
    if not platform.database.is_sqlite:
        rewrite(platform)
    return hits(everything(platform, tmp_path), wanted), {table for table in DESTROYED if rows(platform, table)}


def rewrite(platform: Platform) -> None:
    """Do what docs/privacy.md asks of PostgreSQL's administrator."""
    with platform.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in DESTROYED:
            connection.exec_driver_sql(f"VACUUM FULL {table}")


@both_ways
def test_while_open_only_sealed_ballots_digests_and_keys_are_there(
    platform: Platform, cast: Cast, tmp_path: Path, way: str
):
    campaign, people = answered(platform, cast, way)
    found = kinds(hits(everything(platform, tmp_path), traces(platform, campaign, people)))
    tables = {"card"} if way == "cards" else {"invitee", "invitation", "signing_key"}
    assert found == {"ballot", "file"} | tables


@pytest.mark.attack("T4")
@both_ways
@both_ends
def test_afterwards_nothing_of_them_is_in_any_table_or_file(
    platform: Platform, cast: Cast, clock: Clock, tmp_path: Path, way: str, end: Ending
):
    assert left(platform, cast, clock, tmp_path, way, end) == (set(), set())
    assert list(platform.settings.key_directory.iterdir()) == []


@pytest.mark.leaky("T4")
@sqlite_only
@pytest.mark.parametrize(
    ("leak", "kind"),
    [
        (leaks.deleting_without_overwriting, "ballot"),
        (leaks.log_not_emptied, "ballot"),
        (leaks.keys_kept, "file"),
        (leaks.backups_with_keys, "file"),
    ],
)
def test_what_is_left_is_found(
    platform: Platform,
    cast: Cast,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    leak: Leak,
    kind: str,
):
    with leak(platform, monkeypatch):
        found, _ = left(platform, cast, clock, tmp_path, "cards", closing)
    assert kind in kinds(found)


@pytest.mark.attack("T4")
@postgresql_only
@both_ways
def test_until_its_tables_are_written_anew_postgresql_keeps_sealed_rows_and_digests_but_no_key(
    platform: Platform, cast: Cast, clock: Clock, tmp_path: Path, way: str
):
    campaign, people = answered(platform, cast, way)
    wanted = traces(platform, campaign, people)
    closing(platform, cast, clock, campaign)
    assert "ballot" in kinds(hits(everything(platform, tmp_path), wanted))
    assert not kinds(hits(everything(platform, tmp_path), wanted)) & {"coded", "secrets", "file"}


@pytest.mark.leaky("T4")
@postgresql_only
@pytest.mark.parametrize(
    ("leak", "kept"),
    [(leaks.keys_kept, {"file .key", "file .signing"}), (leaks.samples_for_the_planner, {"ballot", "invitee"})],
)
def test_what_is_left_is_found_beside_postgresql(
    platform: Platform,
    cast: Cast,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    leak: Leak,
    kept: set[str],
):
    with leak(platform, monkeypatch):
        found, _ = left(platform, cast, clock, tmp_path, "email", closing)
    assert kept in ({name for name, _ in found}, kinds(found))


def test_a_copy_made_before_closing_cannot_be_opened_after_it(
    platform: Platform, cast: Cast, clock: Clock, tmp_path: Path
):
    campaign, _ = answered(platform, cast, "cards")
    copied = [row["sealed"] for row in rows(platform, "ballot")]
    copy = tmp_path / "copy"
    shutil.copytree(platform.settings.instance, copy)
    closing(platform, cast, clock, campaign)
    assert len(copied) == 12
    assert list(platform.settings.key_directory.iterdir()) == []
    # Keys lie outside the instance folder, so whoever copied that has none.
    assert not list(copy.rglob("*.key")) or [path.name for path in copy.rglob("*.key")] == ["secret.key"]


# A crash in the middle of closing: the database itself refuses one of the steps.

STEPS = {"cover": "INSERT", "histogram": "INSERT", "ballot": "DELETE", "card": "DELETE", "audit": "INSERT"}


def break_at(platform: Platform, table: str) -> None:
    """Let the database fail when a table is touched as closing does."""
    if platform.database.is_sqlite:
        when = f"CREATE TRIGGER broken BEFORE {STEPS[table]} ON {table}"
        leaks.execute(platform, f"{when} BEGIN SELECT RAISE(ABORT, 'the power went'); END")
        return
    leaks.execute(
        platform,
        "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the power went'; END $$",
        f"CREATE TRIGGER broken BEFORE {STEPS[table]} ON {table} EXECUTE FUNCTION broken()",
    )


def repair(platform: Platform, table: str) -> None:
    on = "" if platform.database.is_sqlite else f" ON {table}"
    leaks.execute(platform, f"DROP TRIGGER broken{on}")


def seen_after_crash(platform: Platform, campaign: Opened, actor: Actor) -> set[str]:
    """Return what of a campaign's result can be seen though closing did not end."""
    found = {name for name in ("cover", "histogram") if rows(platform, name)}
    found |= {"n_answered" for row in rows(platform, "node") if row["n_answered"] is not None}
    found |= {"state" for row in rows(platform, "campaign") if row["state"] != "open"}
    team = next(node.team_id for node in campaign.view.teams if node.name == "Atlas")
    try:
        released_team(platform, actor, team, campaign.view.quarter)
    except Exception:
        return found
    return found | {"report"}


def crashed(platform: Platform, cast: Cast, clock: Clock, table: str) -> tuple[Opened, set[str]]:
    """Close while one step fails; return what is seen then."""
    campaign = builders.opened(platform, cast)
    builders.answer(platform, campaign, "Atlas")
    clock.set(campaign.view.closes_at)
    break_at(platform, table)
    with pytest.raises(sa.exc.DBAPIError, match="the power went"):
        close_campaign(platform, campaign.id)
    repair(platform, table)
    return campaign, seen_after_crash(platform, campaign, cast.hedy)


@pytest.mark.attack("T32")
@pytest.mark.parametrize("table", STEPS)
def test_a_crash_in_the_middle_releases_nothing_and_closing_again_works(
    platform: Platform, cast: Cast, clock: Clock, table: str
):
    campaign, seen = crashed(platform, cast, clock, table)
    assert seen == set()
    assert [(view.campaign_id, view.n_answered) for view in close_due(platform)] == [(campaign.id, 12)]
    assert seen_after_crash(platform, campaign, cast.hedy) == {"cover", "histogram", "n_answered", "state", "report"}
    assert not any(rows(platform, name) for name in DESTROYED)
    assert list(platform.settings.key_directory.iterdir()) == []


@pytest.mark.leaky("T32")
def test_closing_in_steps_releases_before_it_destroys(
    platform: Platform, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    with leaks.closing_in_steps(platform, monkeypatch):
        _, seen = crashed(platform, cast, clock, "ballot")
    assert {"cover", "histogram", "report"} <= seen
    assert rows(platform, "ballot")


def test_every_table_of_respondents_is_among_those_destroyed():
    about = {table.name for table in Base.metadata.tables.values() if "campaign_id" in table.columns}
    # A node is a team with its counts; a report asked for in a batch is of a closed campaign.
    assert about - {"node", "batch_report"} == set(DESTROYED)
