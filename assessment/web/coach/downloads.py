"""Sending documents to a coach under names that sort and read well in a folder."""

from __future__ import annotations

from flask import Response

from reports.naming import file_name
from reports.released import Released

TYPES = {
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}


def download(content: bytes | str, released: Released, kind: str) -> Response:
    """Return a response that the browser saves to a file named after the report."""
    return save(content, file_name(released.name, released.quarter, kind), kind)


def save(content: bytes | str, name: str, kind: str) -> Response:
    """Return a response that the browser saves to a file."""
    response = Response(content, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
