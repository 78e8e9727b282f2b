from __future__ import annotations

import logging
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from gunicorn.config import Config
from sqlalchemy.exc import OperationalError

from assessment.cli.frame import Commands, Unavailable, exit_code, progress, sentence, write_file
from assessment.cli.web_server import QuietLogger, Server
from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import CampaignClosed, UnknownCampaign
from reports.pdf import PdfUnavailable


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CampaignClosed(), 1),
        (Invalid("field", "value", "remedy"), 2),
        (UnknownCampaign(campaign=1), 3),
        (Unavailable("gone"), 4),
        (PdfUnavailable(OSError("no pango")), 4),
        (OperationalError("select", {}, Exception("no server")), 4),
        (ZeroDivisionError(), None),
    ],
)
def test_every_kind_of_error_has_its_exit_code(error: Exception, code: int | None) -> None:
    assert exit_code(error) == code


def test_a_database_that_cannot_be_used_is_told_without_the_statement() -> None:
    error = OperationalError("select secret", {"name": "Mira"}, Exception("no server"))
    assert sentence(error) == "The database cannot be used: no server"


def test_an_error_of_ours_is_not_dressed_up_as_one_of_theirs() -> None:
    @click.group(cls=Commands)
    def root() -> None: ...

    @root.command()
    def wrong() -> None:
        raise ZeroDivisionError

    assert isinstance(CliRunner().invoke(root, ["wrong"]).exception, ZeroDivisionError)


def test_progress_is_plain_lines_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("Writing") as tell:
        tell(0, 2, "Atlas")
        tell(1, 2, "Atlas")
        tell(2, 2, "")
    assert capsys.readouterr().err == "Writing Atlas (0/2)\n"


def test_progress_is_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with progress("Writing") as tell:
        tell(1, 2, "Atlas")
    assert "(1/2)" not in capsys.readouterr().err


def test_a_file_is_written_whole_and_private_ones_for_their_owner(tmp_path: Path) -> None:
    write_file(tmp_path / "new" / "note.txt", b"secret", private=True)
    assert (tmp_path / "new" / "note.txt").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["note.txt"]


def test_the_servers_log_names_neither_paths_nor_addresses(caplog: pytest.LogCaptureFixture) -> None:
    log = QuietLogger(Config())
    log.error_log = logging.getLogger("quiet")
    with caplog.at_level(logging.INFO, logger="quiet"):
        try:
            raise ValueError("somebody's answers")
        except ValueError:
            log.exception("Error handling request %s", "/a/0123456789ABCDEF")
        log.warning("Invalid request from ip=192.0.2.7: bad")
        log.warning("A worker is slow")
    said = caplog.text
    assert "A request failed in the server: ValueError" in said
    assert "A worker is slow" in said
    assert not any(secret in said for secret in ("/a/", "answers", "192.0.2.7"))


def test_gunicorn_gets_the_socket_and_no_access_log() -> None:
    server = Server(3, 2)
    assert server.cfg.bind == ["fd://3"]
    assert (server.cfg.workers, server.cfg.worker_class_str, server.cfg.accesslog) == (2, "gthread", None)
