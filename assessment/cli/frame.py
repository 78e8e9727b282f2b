"""What every command shares: the instance, exit codes, errors in one line, JSON, and progress on a terminal."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from assessment.domain.error_kinds import AssessmentError, Invalid, NotFound

if TYPE_CHECKING:
    from assessment.config import Settings
    from assessment.services.platform import Platform

# Exit codes; README and `assessment --help` list the same numbers.
DONE, REFUSED, USAGE, NOT_FOUND, UNAVAILABLE, INTERRUPTED = 0, 1, 2, 3, 4, 130
# Printed instead of written to a file.
STANDARD_OUTPUT = Path("-")
# Seconds below which nobody plans a coffee.
WORTH_SAYING = 5.0
EXIT_CODES = {
    DONE: "done",
    REFUSED: "refused, or problems were found",
    USAGE: "an option, value, setting or file that cannot be used",
    NOT_FOUND: "no such campaign, team or report",
    UNAVAILABLE: "something on this machine is missing or taken: a port, the database, a PDF library",
    INTERRUPTED: "interrupted",
}
Progress = Callable[[int, int, str], None]


class Unavailable(AssessmentError):
    """The machine lacks something, or somebody else has it."""


@dataclass
class Here:
    """The instance that a command works on; settings and database are reached when first needed."""

    instance: Path | None = None
    overrides: dict[str, Any] = field(default_factory=dict)
    """Settings given on the command line."""
    clock: Callable[[], datetime] | None = None
    """The machine's clock if None."""
    makes_instance: bool = False
    """Whether the command makes an instance where none is; others would work on an empty one by mistake."""

    @cached_property
    def settings(self) -> Settings:
        """The settings of the instance."""
        from dataclasses import replace

        from assessment.config import Settings

        return replace(Settings.load(self.instance), **self.overrides)

    @cached_property
    def platform(self) -> Platform:
        """The platform; a SQLite database is brought up to date, any other must be.

        :raise Invalid: when the instance has no SQLite database yet.
        :raise NotMigrated: when a PostgreSQL database has another version's shape.
        """
        from assessment.services.check_schema import check_schema
        from assessment.services.migrate import migrate

        if self.settings.is_sqlite:
            path = self.bare_platform.database.path
            if path is not None and not path.exists() and not self.makes_instance:
                remedy = "nothing is stored there; name another folder with --instance, or run assessment init"
                raise Invalid("instance", str(self.settings.instance), remedy)
            migrate(self.bare_platform)
        else:
            check_schema(self.bare_platform)
        return self.bare_platform

    @cached_property
    def bare_platform(self) -> Platform:
        """The platform as it is, without touching the database's schema."""
        from assessment.services.platform import connect, utc_now

        return connect(self.settings, self.clock or utc_now)


here = click.make_pass_decorator(Here, ensure=True)


class Commands(click.Group):
    """A group whose commands end with one line and a number instead of a traceback when something is wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn the errors that people see into a line on standard error and an exit code."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            code = exit_code(error)
            if code is None:
                raise
            fail(sentence(error), code)


def sentence(error: Exception) -> str:
    """Return what people read: our errors' own words, and of a database that cannot be used what it says itself."""
    cause = getattr(error, "orig", None)
    return str(error) if cause is None else f"The database cannot be used: {cause}"


def exit_code(error: Exception) -> int | None:
    """Return the exit code of an error that people may see, None for any other."""
    from questionnaires.loader import BrokenFile, UnknownInstrument

    table: tuple[tuple[type[Exception], int], ...] = (
        (Unavailable, UNAVAILABLE),
        (NotFound, NOT_FOUND),
        (Invalid, USAGE),
        (UnknownInstrument, USAGE),
        (AssessmentError, REFUSED),
        (BrokenFile, REFUSED),
    )
    for kind, code in table:
        if isinstance(error, kind):
            return code
    # Compared by name so that a command without a database or a PDF does not load them.
    names = {kind.__name__ for kind in type(error).__mro__}
    return UNAVAILABLE if names & {"PdfUnavailable", "OperationalError"} else None


def fail(message: str, code: int) -> NoReturn:
    """Say what is wrong on standard error and end with this code."""
    click.echo(f"Error: {message}", err=True)
    raise click.exceptions.Exit(code)


def write_json(value: object) -> None:
    """Print a value as JSON for a script."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """Give a callback (done, of how many, what now): a bar on a terminal, a line now and then anywhere else."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        times = (TimeElapsedColumn(), TextColumn("left:"), TimeRemainingColumn())
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), *times)
        with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
            task = bars.add_task(title, total=None)

            def move(done: int, total: int, what: str = "") -> None:
                bars.update(task, completed=done, total=total, description=f"{title} {what}".strip())

            yield move
        return
    said: set[str] = set()
    began = time.monotonic()

    def tell(done: int, total: int, what: str = "") -> None:
        if what and what not in said:
            said.add(what)
            seconds = (time.monotonic() - began) / done * (total - done) if done else 0.0
            left = f", about {_time(seconds)} left" if seconds >= WORTH_SAYING else ""
            click.echo(f"{title} {what} ({done}/{total}{left})", err=True)

    yield tell


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def put(path: Path, content: bytes) -> None:
    """Write a file, or print it where the path is `-`."""
    if path == STANDARD_OUTPUT:
        click.echo(content, nl=False)
    else:
        write_file(path, content)


def write_file(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file whole or not at all, making its folder; `private` files only their owner may read.

    :raise Unavailable: when the place cannot be written.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600 if private else 0o644)
        draft.write_bytes(content)
        draft.replace(path)
    except BaseException as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        raise Unavailable(
            "%(path)s cannot be written: %(reason)s; choose another place with -o", path=path, reason=error.strerror
        ) from error
