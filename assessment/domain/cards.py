"""Cards and links without I/O: single-use codes and what is stored of them.

A code is 15 random characters of Crockford's base 32 (75 bits) and one check character, so that a mistyped code is told
apart from a used one. Two different digests are taken of it: one lies in the card table, the other is the key of the
ballot it becomes. Nobody who has both tables but not the paper can join them, and no row changes when a card is used.
"""

from __future__ import annotations

import hashlib
import secrets
from operator import mul

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
VALUE_OF = {character: value for value, character in enumerate(ALPHABET)}
WEIGHTS = range(1, 2 * LENGTH, 2)
# Crockford's reading rules: what people write for what was printed.
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def _check_character(body: str) -> str:
    """Return the character that detects any one wrong character (odd weights modulo 32) and most swapped neighbours."""
    total = sum(map(mul, WEIGHTS, map(VALUE_OF.__getitem__, body)))
    return ALPHABET[total % 32]


def mint_code(random: secrets.SystemRandom | None = None) -> str:
    """Return a new code as it is printed: `XXXX-XXXX-XXXX-XXXX`."""
    choose = random or secrets.SystemRandom()
    body = "".join(choose.choice(ALPHABET) for _ in range(LENGTH - 1))
    return grouped(body + _check_character(body))


def grouped(code: str) -> str:
    """Return a code in groups of four, as it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def read_code(typed: str) -> str | None:
    """Return the 16 characters of a typed code, or None when they cannot be one (length, alphabet or check)."""
    code = "".join(filter(str.isalnum, typed.upper())).translate(READ_AS)
    if len(code) != LENGTH or not VALUE_OF.keys() >= set(code):
        return None
    return code if _check_character(code[:-1]) == code[-1] else None


def card_digest(code: str) -> bytes:
    """Return what the card table stores of a code (as `read_code` returns it)."""
    return hashlib.sha256(b"card|" + code.encode()).digest()


def ballot_id_of_card(campaign_id: int, code: str) -> bytes:
    """Return the key of the ballot that a code becomes: unlike its digest, so the tables cannot be joined."""
    return hashlib.sha256(f"ballot|{campaign_id}|{code}".encode()).digest()


def ballot_id_of_link(campaign_id: int, node_id: int, nonce: str) -> bytes:
    """Return the key of a ballot on an open link; the nonce was made with the form, so a double click is one ballot."""
    return hashlib.sha256(f"ballot|{campaign_id}|{node_id}|{nonce}".encode()).digest()


def mint_token(n_bytes: int = 16) -> str:
    """Return a random token for an open link, a reading key or a form: URL-safe, 128 bits by default."""
    return secrets.token_urlsafe(n_bytes)
