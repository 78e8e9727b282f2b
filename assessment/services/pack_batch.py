"""A batch of reports as one ZIP file, piece by piece; the same reports give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from assessment.domain.batch_errors import UnknownBatch
from assessment.services.actor import Actor
from assessment.services.batches import MADE, get_batch
from assessment.services.platform import Platform
from assessment.storage import batch_files

# The earliest that the format knows: a report says itself when it was made.
NO_TIME = (1980, 1, 1, 0, 0, 0)
UNIX, READABLE = 3, 0o100644 << 16


def pack_batch(platform: Platform, actor: Actor, batch_id: int) -> Iterator[bytes]:
    """Return the bytes of a ZIP file with the reports that are made so far, by name, one report in memory at a time.

    :raise UnknownBatch: when there is none, another coach asked for it, or it has no report here.
    """
    view = get_batch(platform, actor, batch_id)
    instance, made = platform.settings.instance, [report.file for report in view.reports if report.state == MADE]
    try:
        paths = sorted(batch_files.path_of(instance, view.folder, name) for name in made)
    except batch_files.NotOurs:
        raise UnknownBatch from None
    paths = [path for path in paths if path.is_file() and not path.is_symlink()]
    if not paths:
        raise UnknownBatch
    return _packed(paths)


def _packed(paths: list[Path]) -> Iterator[bytes]:
    window = _Window()
    with zipfile.ZipFile(window, "w", zipfile.ZIP_STORED) as file:
        for path in paths:
            entry = zipfile.ZipInfo(path.name, NO_TIME)
            entry.create_system, entry.external_attr = UNIX, READABLE
            # A PDF is compressed already.
            file.writestr(entry, path.read_bytes())
            yield window.taken()
    yield window.taken()


class _Window(io.BytesIO):
    """The last part of a file that is written on and on: only there can it be sought, and what is before has left."""

    def __init__(self) -> None:
        super().__init__()
        self._before = 0

    def tell(self) -> int:
        return self._before + super().tell()

    def seek(self, place: int, whence: int = 0) -> int:
        return self._before + super().seek(place - self._before if whence == io.SEEK_SET else place, whence)

    def taken(self) -> bytes:
        """Return what was written since, and let it go."""
        content = self.getvalue()
        self._before += len(content)
        super().seek(0)
        self.truncate(0)
        return content
