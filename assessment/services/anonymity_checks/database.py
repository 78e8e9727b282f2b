"""The database's configuration: what it records beside the rows, where its changes go, and who may read it."""

from __future__ import annotations

from assessment.services.anonymity_checks.checked import Area, Checked
from assessment.services.platform import Platform
from assessment.storage import inspection
from assessment.storage.database import SQLITE_PRAGMAS

# What SQLite answers for what it was told.
ANSWERS = {"ON": "1", "WAL": "wal", "FULL": "2", "MEMORY": "2"}


def check(platform: Platform) -> list[Checked]:
    """Look at the configuration of the running database."""
    area = Area("database")
    for setting in platform.database.unsafe_settings():
        area.finding(
            f"The database records when somebody answers: {setting}.",
            "Change it for this database (PostgreSQL: `ALTER DATABASE … SET …`), delete the log it wrote, "
            "and void campaigns that were open meanwhile.",
        )
    area.no_finding("Nothing in its configuration records when a row is stored.")
    if platform.settings.is_sqlite:
        _sqlite(area, platform)
    else:
        _postgresql(area, platform)
    return area.checked


def _sqlite(area: Area, platform: Platform) -> None:
    found = inspection.pragmas(platform.database, SQLITE_PRAGMAS)
    wrong = {name: value for name, value in found.items() if value != _answer(SQLITE_PRAGMAS[name])}
    for name, value in wrong.items():
        area.finding(
            f"SQLite's {name} is {value} instead of {SQLITE_PRAGMAS[name]}.",
            "Look at who changed the program or the file; with these settings destroyed rows may stay on the disk.",
        )
    if not wrong:
        area.ok("SQLite: write-ahead log, synced at every commit, and what is deleted is overwritten.")


def _answer(told: str) -> str:
    return ANSWERS.get(told, told)


def _postgresql(area: Area, platform: Platform) -> None:
    database = platform.database
    leaves = inspection.replication(database)
    if inspection.logs_values_of_failures(database):
        area.finding(
            "The log gets the values of statements that fail, with the time.",
            "`ALTER DATABASE … SET log_parameter_max_length_on_error = 0`, and delete the log it wrote.",
        )
    if leaves.publications or leaves.slots:
        area.note(
            f"Changes are handed on, row by row and in order: {', '.join(leaves.publications + leaves.slots)}.",
            "Drop publications and replication slots that nobody needs; a subscriber learns the order of ballots, "
            "which are sealed, and keeps them after closing.",
        )
    if leaves.archives or leaves.n_replicas:
        area.note(
            "The write-ahead log is archived or goes to a replica, in the order in which rows were stored.",
            "Keep it no longer than you must after a campaign has closed; docs/privacy.md has the commands.",
        )
    readers = inspection.other_readers(database)
    if readers:
        area.note(
            f"Other roles may read ballots: {', '.join(readers)}.",
            "Ballots are sealed; still, `REVOKE SELECT` from roles that do not need it.",
        )
    if inspection.is_superuser(database):
        area.note(
            "The program's own role is a superuser.",
            "Give it a role of its own that owns this database and nothing else.",
        )
    if inspection.statement_statistics(database):
        area.note(
            "The server counts how often each statement ran, so its readers see participation as it happens.",
            "Switch pg_stat_statements off, or let only those read it who may sign in as superuser anyway.",
        )
    if not (leaves.publications or leaves.slots or leaves.archives or leaves.n_replicas):
        area.ok("PostgreSQL: no publication, replication slot, replica or archive is to be seen.")
