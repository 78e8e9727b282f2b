"""The letters of a typed text as an eye reads them: invisible ones inside a word hide nothing from the ready rule."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def readable(text: str) -> tuple[str, list[int]]:
    """Return a text as an eye reads it, and where each of its letters came from, the end of the text last.

    Invisible letters are left out; letters of full width, and letters with the marks that follow them, become plain.
    """
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        if unicodedata.category(letter) == "Cf":
            continue
        whole = unicodedata.normalize("NFC", letters[-1] + letter) if letters and unicodedata.combining(letter) else ""
        if len(whole) == 1:
            letters[-1] = whole
            continue
        plain = unicodedata.normalize("NFKC", letter) if unicodedata.east_asian_width(letter) == "F" else letter
        letters += plain
        places += [place] * len(plain)
    return "".join(letters), [*places, len(text)]


def end_of(end: int, places: Sequence[int], text: str) -> int:
    """Return where words end in the text as it was typed, with the marks of their last letter."""
    found = places[end - 1] + 1
    while found < places[end] and unicodedata.combining(text[found]):
        found += 1
    return found


def spellings(name: str) -> frozenset[str]:
    """Return how people write a name: as it is, with ae for ä, and without marks."""
    bare = "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))
    return frozenset({name, name.translate(UMLAUTS), bare})
