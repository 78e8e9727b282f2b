"""All reports of a quarter into a folder: several at once, only what is not there yet, each file whole or not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assessment.cli.documents import Form, content
from assessment.cli.frame import INTERRUPTED, REFUSED, Unavailable, progress, write_file, write_json
from reports.naming import file_names

if TYPE_CHECKING:
    from assessment.config import Settings
    from assessment.services.build_report import ReportRow
    from assessment.services.platform import Platform

STATE = ".assessment-reports.jsonl"


@dataclass(frozen=True)
class Wanted:
    """One report to be there, and what its file was made of if there is one."""

    row: ReportRow
    path: Path
    made_of: str | None


@dataclass(frozen=True)
class Given:
    """What every process needs to make reports."""

    settings: Settings
    form: Form
    moment: datetime


class Folder:
    """A folder of reports, and the file in it that says what each was made of."""

    def __init__(self, path: Path, *, fresh: bool) -> None:
        self.path = path
        if fresh:
            (path / STATE).unlink(missing_ok=True)
        self._known = dict(_lines(path / STATE))

    def made_of(self, name: str) -> str | None:
        """Return what a file was made of; None where it is missing or somebody has changed it."""
        known = self._known.get(name)
        try:
            is_there = known is not None and hashlib.sha256((self.path / name).read_bytes()).hexdigest() == known[1]
        except OSError:
            return None
        return known[0] if known is not None and is_there else None

    def put(self, name: str, made_of: str, written: bytes) -> None:
        """Note what a report is made of, then write it; whoever stops in between has it made again.

        :raise Unavailable: when the place cannot be written.
        """
        line = json.dumps([name, made_of, hashlib.sha256(written).hexdigest()])
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with (self.path / STATE).open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        except OSError as error:
            raise Unavailable(
                "%(path)s cannot be written: %(reason)s; choose another place with -o",
                path=self.path,
                reason=error.strerror,
            ) from error
        write_file(self.path / name, written)


def _lines(path: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield what each line says; one that was cut off says nothing."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    for line in text.splitlines():
        try:
            name, made_of, written = json.loads(line)
        except ValueError:
            continue
        yield str(name), (str(made_of), str(written))


def write_all(
    platform: Platform,
    rows: Sequence[ReportRow],
    form: Form,
    folder: Path,
    *,
    workers: int | None = None,
    fresh: bool = False,
    as_json: bool = False,
) -> None:
    """Write reports into a folder; one that cannot be made does not stop the others.

    :param workers: how many processes at once; the number of processors if None.
    :param fresh: make also what is there and has not changed.
    """
    from assessment.services.crew import Problem

    shelf = Folder(folder, fresh=fresh)
    quarter = rows[0].quarter
    nodes = [(row.name if row.kind == "team" else "organisation", row.node_id) for row in rows]
    wanted = [
        Wanted(row, folder / name, shelf.made_of(name))
        for row, name in zip(rows, file_names(nodes, quarter, form.name), strict=True)
    ]
    written: list[str] = []
    kept: list[str] = []
    failed: list[tuple[str, str]] = []
    try:
        with progress("Writing reports:") as tell, closing(_made(platform, wanted, form, workers)) as reports:
            tell(0, len(wanted), wanted[0].row.name)
            for one, made in reports:
                tell(len(written) + len(kept) + len(failed) + 1, len(wanted), one.row.name)
                if isinstance(made, Problem):
                    failed.append((one.row.name, made.text if made.is_told else f"{made.kind}: {made.text}"))
                elif made is None:
                    kept.append(str(one.path))
                else:
                    try:
                        shelf.put(one.path.name, *made)
                    except Unavailable as error:
                        failed.append((one.row.name, str(error)))
                    else:
                        written.append(str(one.path))
    except KeyboardInterrupt:
        n_there = len(written) + len(kept)
        click.echo(
            f"Interrupted: {n_there} of {len(wanted)} reports are in {folder}, each of them whole. "
            "The same command goes on with the others.",
            err=True,
        )
        raise click.exceptions.Exit(INTERRUPTED) from None
    order = {str(one.path): place for place, one in enumerate(wanted)}
    if as_json:
        report = {"written": sorted(written, key=order.__getitem__), "unchanged": sorted(kept, key=order.__getitem__)}
        write_json(report | {"failed": [{"report": name, "reason": reason} for name, reason in failed]})
    else:
        unchanged = f", {len(kept)} of them unchanged" if kept else ""
        click.echo(f"{len(written) + len(kept)} reports in {folder}{unchanged}")
    for name, reason in failed:
        click.echo(f"Error: {name}: {reason}", err=True)
    if failed:
        raise click.exceptions.Exit(REFUSED)


def _made(
    platform: Platform, wanted: Sequence[Wanted], form: Form, workers: int | None
) -> Generator[tuple[Wanted, Any], None, None]:
    """Yield each report with what it is made of and its bytes, None for one that has not changed, or its problem."""
    from assessment.services.crew import Crew, attempt, cpus

    given = Given(platform.settings, form, platform.clock())
    n = min(workers or cpus(), len(wanted))
    if n == 1:
        make = _maker(platform, given)
        for one in wanted:
            yield one, attempt(make, one)
        return
    with Crew(start, given, n) as crew:
        yield from crew.do(iter(wanted))


def start(given: Given) -> Callable[[Wanted], tuple[str, bytes] | None]:
    """Return what makes reports in a process of its own."""
    from assessment.services.platform import connect

    return _maker(connect(given.settings, lambda: given.moment), given)


def _maker(platform: Platform, given: Given) -> Callable[[Wanted], tuple[str, bytes] | None]:
    from assessment.services.actor import Actor
    from assessment.services.frozen import Shelf, remembering
    from assessment.services.report_material import digest, of_row

    form = given.form
    shelf: Shelf = {}

    def make(wanted: Wanted) -> tuple[str, bytes] | None:
        with remembering(shelf):
            material = of_row(platform, Actor.operator(), wanted.row)
        made_of = f"{form.name}:{form.shape}:{form.with_mark}:{digest(material, form.language)}"
        if made_of == wanted.made_of:
            return None
        return made_of, content(material, form, given.moment.date())

    return make
