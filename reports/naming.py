"""Names of nodes: as file names, the same from the command line and the browser, and in a line of text."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

# What a German reader writes where a file name takes no umlaut.
SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def file_name(node: str, quarter: str, form: str) -> str:
    """Return a name of plain letters that sorts by quarter: `Lager & Büro` as a PDF is `2026-Q3-lager-buero.pdf`."""
    plain = unicodedata.normalize("NFKD", node.lower().translate(SPELLED)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "report"
    return f"{quarter}-{slug}.{form}"


def in_line(node: str) -> str:
    """Return a name after which a line goes on from left to right, also when the name itself reads from right to left.

    Without the mark at its end, digits that follow an Arabic or Hebrew name are drawn before it (Unicode Bidirectional
    Algorithm, rules W2 and N1).
    """
    reads_leftwards = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in node)
    return f"{node}\N{LEFT-TO-RIGHT MARK}" if reads_leftwards else node


def file_names(nodes: Sequence[tuple[str, int]], quarter: str, form: str) -> list[str]:
    """Return a name for each node of a quarter, given with its id; the id stands in names that would be alike."""
    plain = [file_name(name, quarter, form) for name, _ in nodes]
    numbered = [file_name(f"{name} {number}", quarter, form) for name, number in nodes]
    count = Counter(plain)
    names = [one if count[one] == 1 else other for one, other in zip(plain, numbered, strict=True)]
    # A team may be called as another's name with its id.
    return names if len(set(names)) == len(names) else numbered
