"""Lines with Arabic or Hebrew words as they are seen from left to right, for a writer that sets letter by letter.

WeasyPrint sets the words inside an SVG one letter after the other from left to right, which would turn such words
around and leave Arabic letters unjoined. Here a line's letters are put into the order in which they are seen, as far as
names need it (Unicode Standard Annex 9, in a line that itself runs from left to right), and Arabic letters take the
forms that join them (Unicode Standard, section 9.2), which the Unicode Character Database lists as presentation forms.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

LAM = "\u0644"
MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def as_seen(line: str) -> str:
    """Return a line with the letters of its right-to-left words in the order and the forms in which they are seen."""
    if not any(_kind(letter) == "R" for letter in line):
        return line
    runs = list(_runs(unicodedata.normalize("NFC", line)))
    return "".join(_turned(_joined(run)) if is_turned else run for is_turned, run in runs)


def _kind(letter: str) -> str:
    """Return R for letters from right to left, L for those from left to right, N for numbers, else nothing."""
    found = unicodedata.bidirectional(letter)
    return {"R": "R", "AL": "R", "L": "L", "EN": "N", "AN": "N"}.get(found, "")


def _runs(line: str) -> Iterator[tuple[bool, str]]:
    """Split a line into parts that run one way; what stands between right-to-left words and numbers goes with them."""
    kinds = [_kind(letter) for letter in line]
    start = 0
    while "R" in kinds[start:]:
        first = kinds.index("R", start)
        stop = kinds.index("L", first) if "L" in kinds[first:] else len(line)
        end = max(place for place in range(first, stop) if kinds[place]) + 1
        # Marks stay on the last letter, and a bracket goes with the one that opened it.
        while end < stop and (unicodedata.category(line[end]) == "Mn" or _closes(line[end], line[first:end])):
            end += 1
        if first > start:
            yield False, line[start:first]
        yield True, line[first:end]
        start = end
    if start < len(line):
        yield False, line[start:]


def _closes(letter: str, before: str) -> bool:
    other = letter.translate(MIRRORED)
    return unicodedata.category(letter) == "Pe" and before.count(other) > before.count(letter)


def _turned(run: str) -> str:
    """Return a right-to-left run as it is seen: marks stay behind their letters, numbers keep their direction."""
    parts: list[str] = []
    for letter in run:
        joins = bool(parts) and (
            unicodedata.category(letter) == "Mn" or (_kind(letter) == "N" and _kind(parts[-1][-1]) == "N")
        )
        if joins:
            parts[-1] += letter
        else:
            parts.append(letter)
    return "".join(part.translate(MIRRORED) if len(part) == 1 else part for part in reversed(parts))


@cache
def _forms() -> Mapping[str, Mapping[str, str]]:
    """Return by letter, or by lam with an alef, its forms: isolated, initial, medial and final."""
    found: dict[str, dict[str, str]] = {}
    for number in (*range(0xFB50, 0xFDFC), *range(0xFE70, 0xFEFD)):
        kind, *parts = unicodedata.decomposition(chr(number)).split() or [""]
        letters = "".join(chr(int(part, 16)) for part in parts)
        is_lam_alef = len(letters) == 2 and letters[0] == LAM and letters[1] in "\u0622\u0623\u0625\u0627"
        if kind.strip("<>") in ("isolated", "initial", "medial", "final") and (len(letters) == 1 or is_lam_alef):
            found.setdefault(letters, {})[kind.strip("<>")] = chr(number)
    return found


def _joined(run: str) -> str:
    """Return a run with each Arabic letter in the form that joins it to its neighbours."""
    forms = _forms()
    units: list[tuple[str, str]] = []
    for letter in run:
        if unicodedata.category(letter) == "Mn" and units:
            units[-1] = (units[-1][0], units[-1][1] + letter)
        elif units and units[-1] == (LAM, "") and LAM + letter in forms:
            units[-1] = (LAM + letter, "")
        else:
            units.append((letter, ""))
    return "".join(_form(units, place, forms) + marks for place, (_, marks) in enumerate(units))


def _form(units: Sequence[tuple[str, str]], place: int, forms: Mapping[str, Mapping[str, str]]) -> str:
    name = units[place][0]
    own = forms.get(name, {})
    after_one = place > 0 and "initial" in forms.get(units[place - 1][0], {}) and "final" in own
    before_one = place + 1 < len(units) and "final" in forms.get(units[place + 1][0], {}) and "initial" in own
    wanted = {(False, False): "isolated", (False, True): "initial", (True, True): "medial", (True, False): "final"}
    return own.get(wanted[after_one, before_one], name)
