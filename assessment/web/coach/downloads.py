"""Sending documents to a coach under names that sort and read well in a folder."""

from __future__ import annotations

import re
import unicodedata

from flask import Response

from reports.released import Released

# What a German reader writes where a file name takes no umlaut.
SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
TYPES = {"pdf": "application/pdf", "json": "application/json"}


def file_name(node: str, quarter: str, kind: str) -> str:
    """Return a name such as `atlas-2026-Q3.pdf`, in plain ASCII."""
    plain = unicodedata.normalize("NFKD", node.translate(SPELLED)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "report"
    return f"{slug}-{quarter}.{kind}"


def download(content: bytes | str, released: Released, kind: str) -> Response:
    """Return a response that the browser saves to a file."""
    response = Response(content, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{file_name(released.name, released.quarter, kind)}"'
    )
    return response
