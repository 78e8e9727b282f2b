"""File names of reports, the same from the command line and the browser."""

from __future__ import annotations

import re
import unicodedata

# What a German reader writes where a file name takes no umlaut.
SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def file_name(node: str, quarter: str, form: str) -> str:
    """Return a name of plain letters that sorts by quarter: `Lager & Büro` as a PDF is `2026-Q3-lager-buero.pdf`."""
    plain = unicodedata.normalize("NFKD", node.lower().translate(SPELLED)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "report"
    return f"{quarter}-{slug}.{form}"
