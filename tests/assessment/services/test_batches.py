"""All reports at once: asked for, made in the background, cancelled, gone on with, packed, and deleted again."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from assessment.domain.batch_errors import UnknownBatch
from assessment.domain.error_kinds import NotFound
from assessment.services.actor import Actor
from assessment.services.ask_batch import ask_batch
from assessment.services.batches import KEPT, get_batch, list_batches
from assessment.services.build_report import list_reports
from assessment.services.cancel_batch import cancel_batch
from assessment.services.continue_batch import continue_batch
from assessment.services.make_batches import Outcome, make_batches
from assessment.services.pack_batch import pack_batch
from assessment.services.platform import Platform
from assessment.storage import batch_files, batches
from assessment.storage.models import CoachTeam
from tests import builders
from tests.builders import Cast
from tests.conftest import Clock

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def closed(platform: Platform, clock: Clock, cast: Cast) -> builders.Opened:
    # Withheld reports are one page, and made in no time.
    return builders.closed(platform, clock, cast, answered=dict.fromkeys(builders.SIZES, 3))[0]


def made_here(platform: Platform, **values: float) -> Outcome:
    """Make reports in this process: starting another one takes far longer than the reports do."""
    return make_batches(platform, processes=0, **values)  # type: ignore[arg-type]


def packed(platform: Platform, actor: Actor, batch_id: int) -> dict[str, bytes]:
    file = zipfile.ZipFile(io.BytesIO(b"".join(pack_batch(platform, actor, batch_id))))
    assert file.testzip() is None
    return {name: file.read(name) for name in file.namelist()}


def files(platform: Platform) -> list[Path]:
    return [path for path in (platform.settings.instance / "batches").rglob("*") if path.name != batch_files.LOCK]


def test_a_coach_gets_every_report_that_is_theirs_and_the_same_bytes_each_time(
    platform: Platform, cast: Cast, closed: builders.Opened
) -> None:
    batch_id = ask_batch(platform, cast.ada, "2026-Q3", "de")
    asked = get_batch(platform, cast.ada, batch_id)
    assert (asked.state, asked.n_made, len(asked.reports), asked.next_name) == ("making", 0, 2, "Atlas")
    done = made_here(platform)
    assert (done.n_made, done.problems, done.is_more) == (2, (), False)
    made = get_batch(platform, cast.ada, batch_id)
    assert (made.state, made.n_made, made.seconds_left) == ("ended", 2, 0.0)
    assert made.seconds > 0
    reports = packed(platform, cast.ada, batch_id)
    assert list(reports) == ["2026-Q3-atlas.pdf", "2026-Q3-cygnus.pdf"]
    assert all(report.startswith(b"%PDF") for report in reports.values())
    again = ask_batch(platform, cast.ada, "2026-Q3", "de")
    assert again != batch_id
    first = b"".join(pack_batch(platform, cast.ada, again)) if made_here(platform).n_made else b""
    assert first == b"".join(pack_batch(platform, cast.ada, again))
    assert packed(platform, cast.ada, again) == reports
    assert [batch.id for batch in list_batches(platform, cast.ada)] == [again]
    assert all(path.stat().st_mode & 0o077 == 0 for path in [*files(platform), platform.settings.instance / "batches"])
    assert len(files(platform)) == 3


@ON_SQLITE
def test_others_cannot_see_it_and_a_right_that_ends_takes_its_reports_along(
    platform: Platform, cast: Cast, closed: builders.Opened
) -> None:
    batch_id = ask_batch(platform, cast.ada, "2026-Q3", "en")
    made_here(platform)
    for other in (cast.hedy, cast.bruno, cast.operator):
        for use in (get_batch, cancel_batch, continue_batch, pack_batch):
            with pytest.raises(UnknownBatch):
                use(platform, other, batch_id)
    with pytest.raises(NotFound):
        ask_batch(platform, cast.bruno, "2026-Q3", "en")
    with platform.transaction() as session:
        session.delete(session.get(CoachTeam, (cast.ada.coach_id, cast.teams["Atlas"])))
    assert list(packed(platform, cast.ada, batch_id)) == ["2026-Q3-cygnus.pdf"]
    assert [report.name for report in get_batch(platform, cast.ada, batch_id).reports] == ["Cygnus"]


@ON_SQLITE
def test_one_that_cannot_be_made_is_named_and_the_others_are_there(
    platform: Platform, cast: Cast, closed: builders.Opened
) -> None:
    batch_id = ask_batch(platform, cast.hedy, "2026-Q3", "en")
    in_the_way = platform.settings.instance / "batches" / get_batch(platform, cast.hedy, batch_id).folder
    in_the_way /= "2026-Q3-atlas.pdf"
    in_the_way.mkdir()
    assert make_batches(platform, processes=2).n_made == 3
    made = get_batch(platform, cast.hedy, batch_id)
    assert [(report.name, report.problem) for report in made.broken] == [("Atlas", "OSError")]
    assert (made.state, made.can_go_on) == ("ended", True)
    others = {f"2026-Q3-{name}.pdf" for name in ("borealis", "cygnus", "organisation")}
    assert set(packed(platform, cast.hedy, batch_id)) == others
    in_the_way.rmdir()
    continue_batch(platform, cast.hedy, batch_id)
    made_here(platform)
    assert set(packed(platform, cast.hedy, batch_id)) == others | {"2026-Q3-atlas.pdf"}
    assert not get_batch(platform, cast.hedy, batch_id).can_go_on


@ON_SQLITE
def test_a_report_that_is_no_longer_the_coachs_is_not_made(
    platform: Platform, cast: Cast, closed: builders.Opened
) -> None:
    batch_id = ask_batch(platform, cast.ada, "2026-Q3", "en")
    with platform.transaction() as session:
        session.delete(session.get(CoachTeam, (cast.ada.coach_id, cast.teams["Atlas"])))
    done = made_here(platform)
    assert [(batch, place, problem.kind) for batch, place, problem in done.problems] == [(batch_id, 0, "UnknownTeam")]
    assert list(packed(platform, cast.ada, batch_id)) == ["2026-Q3-cygnus.pdf"]


def test_a_cancelled_one_begins_nothing_more_and_can_go_on(
    platform: Platform, cast: Cast, closed: builders.Opened
) -> None:
    batch_id = ask_batch(platform, cast.ada, "2026-Q3", "en")
    cancel_batch(platform, cast.ada, batch_id)
    assert made_here(platform).n_made == 0
    assert get_batch(platform, cast.ada, batch_id).state == "cancelled"
    with pytest.raises(UnknownBatch):
        pack_batch(platform, cast.ada, batch_id)
    continue_batch(platform, cast.ada, batch_id)
    assert made_here(platform).n_made == 2
    cancel_batch(platform, cast.ada, batch_id)
    assert get_batch(platform, cast.ada, batch_id).state == "ended"


@ON_SQLITE
def test_what_a_crash_left_is_made_by_the_next_run(platform: Platform, cast: Cast, closed: builders.Opened) -> None:
    batch_id = ask_batch(platform, cast.ada, "2026-Q3", "en")
    # No time for a further report: as if the process had ended here.
    assert made_here(platform, seconds=0.0).is_more
    folder = platform.settings.instance / "batches" / get_batch(platform, cast.ada, batch_id).folder
    (folder / ".2026-Q3-atlas.pdf.part").write_bytes(b"half")
    with batch_files.making(platform.settings.instance) as is_mine:
        assert is_mine
        assert made_here(platform).n_made == 0, "another process makes them already"
    assert made_here(platform).n_made == 2
    assert sorted(path.name for path in folder.iterdir()) == ["2026-Q3-atlas.pdf", "2026-Q3-cygnus.pdf"]


def test_asking_twice_makes_nothing_twice(platform: Platform, cast: Cast, closed: builders.Opened) -> None:
    batch_id = ask_batch(platform, cast.ada, "2026-Q3", "en")
    assert ask_batch(platform, cast.ada, "2026-Q3", "en") == batch_id
    assert ask_batch(platform, cast.ada, "2026-Q3", "de") != batch_id
    assert len(files(platform)) == 2


def test_everything_of_it_is_gone_after_a_day(
    platform: Platform, cast: Cast, closed: builders.Opened, clock: Clock
) -> None:
    batch_id = ask_batch(platform, cast.ada, "2026-Q3", "en")
    made_here(platform)
    clock.move(days=1)
    assert timedelta(days=1) == KEPT
    with pytest.raises(UnknownBatch):
        get_batch(platform, cast.ada, batch_id)
    made_here(platform)
    assert files(platform) == []
    with platform.reading() as session:
        assert batches.files(session) == {}


@ON_SQLITE
def test_a_folder_of_no_batch_and_a_file_of_no_report_are_swept_up(
    platform: Platform, cast: Cast, closed: builders.Opened
) -> None:
    batch_id = ask_batch(platform, cast.ada, "2026-Q3", "en")
    made_here(platform)
    young, old = (platform.settings.instance / "batches" / name for name in ("young", "old"))
    for folder in (young, old):
        folder.mkdir()
    os.utime(old, (0, 0))
    with platform.transaction() as session:
        row = batches.report(session, batch_id, 0)
        session.delete(row)
    made_here(platform)
    assert (young.exists(), old.exists()) == (True, False)
    assert [path.name for path in files(platform) if path.is_file()] == ["2026-Q3-cygnus.pdf"]


@ON_SQLITE
def test_a_batch_whose_folder_is_elsewhere_is_left_alone(
    platform: Platform, cast: Cast, closed: builders.Opened
) -> None:
    batch_id = ask_batch(platform, cast.ada, "2026-Q3", "en")
    batch_files.delete(platform.settings.instance, get_batch(platform, cast.ada, batch_id).folder)
    done = made_here(platform)
    assert (done.n_made, done.is_more) == (0, False)
    view = get_batch(platform, cast.ada, batch_id)
    assert (view.is_here, view.can_go_on) == (False, False)


@ON_SQLITE
def test_what_is_here_no_more_can_be_asked_for_again(platform: Platform, cast: Cast, closed: builders.Opened) -> None:
    lost = ask_batch(platform, cast.ada, "2026-Q3", "en")
    batch_files.delete(platform.settings.instance, get_batch(platform, cast.ada, lost).folder)
    again = ask_batch(platform, cast.ada, "2026-Q3", "en")
    assert [batch.id for batch in list_batches(platform, cast.ada)] == [again]
    assert made_here(platform).n_made == 2


@ON_SQLITE
@pytest.mark.parametrize(
    ("folder", "file"), [("..", "kept.key"), ("../outside", "kept.key"), (None, "../../outside/kept.key"), (None, "/")]
)
def test_names_in_the_database_lead_to_no_other_file(
    platform: Platform, cast: Cast, closed: builders.Opened, clock: Clock, folder: str | None, file: str
) -> None:
    outside = platform.settings.instance / "outside"
    outside.mkdir()
    kept = [outside / "kept.key", platform.settings.instance / "kept.key"]
    for path in kept:
        path.write_bytes(b"a key")
    batch_id = ask_batch(platform, cast.ada, "2026-Q3", "en")
    made_here(platform, seconds=0.0)
    for state in ("made", "waiting"):
        with platform.transaction() as session:
            batch, row = batches.get(session, batch_id), batches.report(session, batch_id, 0)
            assert batch is not None
            assert row is not None
            batch.folder, batch.state, row.state = folder or batch.folder, "making", state
            row.file = str(outside / "kept.key") if file == "/" else file
        if state == "made":
            with pytest.raises(UnknownBatch):
                pack_batch(platform, cast.ada, batch_id)
        made_here(platform)
    assert folder or [report.problem for report in get_batch(platform, cast.ada, batch_id).broken] == ["OSError"]
    clock.move(days=2)
    made_here(platform)
    assert [path.read_bytes() for path in kept] == [b"a key", b"a key"]


@ON_SQLITE
def test_the_reports_are_those_of_the_list(platform: Platform, cast: Cast, closed: builders.Opened) -> None:
    view = get_batch(platform, cast.hedy, ask_batch(platform, cast.hedy, "2026-Q3", "en"))
    assert [report.name for report in view.reports] == [row.name for row in list_reports(platform, cast.hedy)]
