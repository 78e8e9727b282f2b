"""What is logged: coaches' requests without query, address or agent; of respondents nothing at all.

A respondent's path holds a card's code, and a time beside it would say when somebody answered.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

from flask import Flask, Response, request

from assessment.web.sessions import is_coach_path

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
LOG = logging.getLogger("assessment.web")


def register(app: Flask) -> None:
    """Log one line for each request of a coach."""
    app.after_request(access)


def access(response: Response) -> Response:
    """Log a coach's request: method, path and status."""
    if is_coach_path(request.path):
        LOG.info("%s %s %s", request.method, request.path, response.status_code)
    return response


def exception(logger: logging.Logger, exc_info: ExceptionInfo) -> None:
    """Log an unexpected error: whole on a coach's path; on a respondent's, where in the code it happened and its class.

    A traceback's sentences may quote what was sent, and the path what was typed.
    """
    if is_coach_path(request.path):
        logger.error("Unexpected error at %s %s", request.method, request.path, exc_info=exc_info)
        return
    kind, _value, trace = exc_info
    places = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(trace)]
    name = kind.__name__ if kind is not None else "error"
    logger.error("Unexpected %s at a respondent's page:\n  %s", name, "\n  ".join(places))
