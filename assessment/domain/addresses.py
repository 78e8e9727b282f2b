"""E-mail addresses without I/O: what can be one, and how they are compared."""

from __future__ import annotations

import re

EMAIL = re.compile(r"[^@\s<>,;:\"()]+@[^@\s<>,;:\"()]+\.[^@\s<>,;:\"().]+|[^@\s<>,;:\"()]+@localhost")
# RFC 5321, section 4.5.3.1.3: a path of 256 octets holds the two angle brackets too.
LONGEST = 254


def is_address(text: str) -> bool:
    """Whether a text is one bare address, such as ada@example.org: no name, no brackets, no line break."""
    return len(text) <= LONGEST and EMAIL.fullmatch(text) is not None
