"""Addresses without I/O: which mail can go to, and which hosts are this machine."""

from __future__ import annotations

import re

# What separates, quotes or comments in a mail's head can stand in no address here.
_TEXT = r"[^@\s<>,;:\"()\[\]\\]"
EMAIL = re.compile(rf"{_TEXT}+@(?:{_TEXT}+\.[^@\s<>,;:\"()\[\]\\.]+|localhost)")
# RFC 5321, section 4.5.3.1.3: a path of 256 octets holds the two angle brackets too.
LONGEST = 254
# Browsers trust these without HTTPS, and mail to them leaves no wire.
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


def is_address(text: str) -> bool:
    """Whether a text is one bare address, such as ada@example.org: no name, no brackets, nothing invisible."""
    return len(text) <= LONGEST and text.isprintable() and EMAIL.fullmatch(text) is not None
