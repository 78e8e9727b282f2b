"""Sending documents to a coach under names that sort and read well in a folder."""

from __future__ import annotations

from flask import Response

from reports.naming import file_name
from reports.released import Released

TYPES = {"pdf": "application/pdf", "json": "application/json"}


def download(content: bytes | str, released: Released, kind: str) -> Response:
    """Return a response that the browser saves to a file."""
    response = Response(content, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{file_name(released.name, released.quarter, kind)}"'
    )
    return response
