"""The web server process: gunicorn on a socket that the parent opened. `assessment serve` starts it.

Neither paths nor addresses are logged here: a respondent's path holds a card's code. The application logs coaches'
requests itself, without addresses.
"""

from __future__ import annotations

import importlib
import logging
import sys
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from assessment.jobs import end_with_parent

THREADS = 4
# By name, because a command line imports no door of the web.
APPLICATION = ("assessment.web", "create_app")


class QuietLogger(Logger):  # type: ignore[misc]
    """Gunicorn's own log without what requests hold: it would name the path or the address of a broken request."""

    def exception(self, _msg: object, *_args: object, **_kwargs: Any) -> None:
        """Log that a request failed, with neither its path nor its text."""
        kind = sys.exc_info()[0]
        self.error("A request failed in the server: %s", kind.__name__ if kind else "unknown")

    def warning(self, msg: object, *args: object, **kwargs: Any) -> None:
        """Log warnings, except those that name a visitor's address."""
        if not str(msg).startswith("Invalid request"):
            super().warning(msg, *args, **kwargs)


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn around the application, configured from Python."""

    def __init__(self, descriptor: int, workers: int) -> None:
        self.options = {
            "bind": [f"fd://{descriptor}"],
            "workers": workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "logger_class": QuietLogger,
            "graceful_timeout": 20,
            "control_socket_disable": True,
            "proc_name": "assessment",
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand the options to gunicorn, those that this version knows."""
        for name, value in self.options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the application, once in each worker."""
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%S"))
        log = logging.getLogger("assessment")
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        module, name = APPLICATION
        return getattr(importlib.import_module(module), name)()


def main() -> None:
    """Serve on the socket with the descriptor given, with so many workers."""
    end_with_parent()
    descriptor, workers = (int(argument) for argument in sys.argv[1:3])
    Server(descriptor, workers).run()


if __name__ == "__main__":
    main()
