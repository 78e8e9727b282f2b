"""The limit of submitting: a view that stores one row of a ballot's size and commits, with nothing around it.

`python -m benchmarks.bare` is started as `assessment.cli.web_server` is, with the same server and the same options.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import psycopg
from flask import Flask, request

from assessment.cli import web_server
from assessment.domain.ballots import SEALED_LENGTH
from assessment.storage.database import SQLITE_PRAGMAS

TABLE = "CREATE TABLE bare_ballot (id {0} PRIMARY KEY, campaign_id INTEGER, node_id INTEGER, sealed {0})"
INSERT = "INSERT INTO bare_ballot VALUES ({0}, {0}, {0}, {0})"
Insert = Callable[[], object]


def connect_sqlite(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for name, value in SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
    return connection


def connect_driver(url: str) -> Any:
    """Return a bare connection of the driver: every statement is a transaction of its own."""
    if url.startswith("sqlite:"):
        return connect_sqlite(url.removeprefix("sqlite:///"))
    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1), autocommit=True)


def make_table(url: str) -> None:
    connection = connect_driver(url)
    if url.startswith("sqlite:"):
        connection.execute(TABLE.format("BLOB") + " WITHOUT ROWID")
    else:
        connection.execute(TABLE.format("BYTEA"))
    connection.close()


def inserter(connection: Any) -> Insert:
    """Return what stores one row of the size of a ballot and is back when it is on the disk."""
    statement = INSERT.format("?" if isinstance(connection, sqlite3.Connection) else "%s")

    def insert() -> None:
        connection.execute(statement, (os.urandom(32), 1, 1, os.urandom(SEALED_LENGTH)))

    return insert


def create_app() -> Flask:
    """Return an application with the one view; every thread has a connection of its own."""
    url = os.environ["DATABASE_URL"]
    mine = threading.local()
    # Threads of one process wait in line for SQLite's one writer here too: polling for it would slow the limit down.
    line = threading.Lock()
    app = Flask(__name__)

    def insert() -> None:
        if not hasattr(mine, "insert"):
            mine.insert = inserter(connect_driver(url))
        if url.startswith("sqlite:"):
            with line:
                mine.insert()
        else:
            mine.insert()

    @app.post("/bare")
    def bare() -> tuple[str, int, dict[str, str]]:
        request.get_data()
        insert()
        return "", 303, {"Location": "/thanks/0123456789012345678901"}

    return app


if __name__ == "__main__":
    web_server.APPLICATION = ("benchmarks.bare", "create_app")
    web_server.main()
