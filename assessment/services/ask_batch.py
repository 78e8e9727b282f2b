"""Asking for all reports of a quarter at once; the background work makes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assessment.domain.batch_errors import NoRoomForReports
from assessment.domain.errors import UnknownReport
from assessment.services.actor import Actor
from assessment.services.batches import KEPT, MAKING, WAITING
from assessment.services.build_report import ReportRow, list_reports
from assessment.services.forget_batches import delete_files
from assessment.services.platform import Platform
from assessment.storage import audit, batch_files, batches
from assessment.storage.batch_models import Batch, BatchReport
from reports.naming import file_names


def ask_batch(platform: Platform, actor: Actor, quarter: str, language: str) -> int:
    """Note that a coach wants every report of a quarter that they may see, as PDF; return the batch's id.

    What is being made here already is not made a second time; what was made earlier for the same quarter and language
    is replaced.

    :raise UnknownReport: when the coach has no report of this quarter.
    :raise NoRoomForReports: when there is no folder for the files.
    """
    rows = [row for row in list_reports(platform, actor) if row.quarter == quarter]
    if actor.coach_id is None or not rows:
        raise UnknownReport(node="any team", quarter=quarter)
    try:
        folder = batch_files.make_folder(platform.settings.instance)
    except OSError as error:
        raise NoRoomForReports(reason=error.strerror or str(error)) from error
    unused, here = [folder], batch_files.folders(platform.settings.instance)
    try:
        with platform.transaction() as session:
            batches.hold(session, actor.coach_id)
            now = platform.clock()
            earlier = [
                batch
                for batch in batches.of_coach(session, actor.coach_id)
                if (batch.quarter, batch.language) == (quarter, language)
            ]
            for batch in earlier:
                # After a restore nobody would make it, and the coach would wait for a day.
                if batch.state == MAKING and batch.until > now and batch.folder in here:
                    return batch.id
            for batch in earlier:
                batches.delete(session, batch.id)
            made = batches.add(session, *_planned(rows, quarter, language, actor.coach_id, folder, now + KEPT))
            note = f"{quarter}, {len(rows)} reports, {language}"
            audit.record(session, now, actor.name, "all reports asked for", f"batch {made.id}", note)
        unused = [batch.folder for batch in earlier]
        return made.id
    finally:
        delete_files(platform, unused)


def _planned(
    rows: Sequence[ReportRow], quarter: str, language: str, coach_id: int, folder: str, until: datetime
) -> tuple[Batch, list[BatchReport]]:
    nodes = [(row.name if row.team_id is not None else "organisation", row.node_id) for row in rows]
    batch = Batch(
        coach_id=coach_id, quarter=quarter, language=language, folder=folder, state=MAKING, until=until, seconds=0.0
    )
    return batch, [
        BatchReport(
            campaign_id=row.campaign_id, team_id=row.team_id, name=row.name, file=name, state=WAITING, problem=""
        )
        for row, name in zip(rows, file_names(nodes, quarter, "pdf"), strict=True)
    ]
