"""What can go wrong, by name, when all reports of a quarter are made at once; the rest is in `errors`."""

from __future__ import annotations

from assessment.domain.error_kinds import NotFound, Refused
from reports.languages import phrase


class UnknownBatch(NotFound):
    """There is no such batch of reports, it was deleted, or it is another coach's."""

    sentence = phrase("These reports are not here, or not here any more; ask for them again in the list of reports.")


class NoRoomForReports(Refused):
    """The instance folder cannot be written."""

    sentence = phrase("The reports cannot be stored: %(reason)s. Whoever runs this installation can free space.")
