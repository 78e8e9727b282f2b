"""How wide letters are, so that labels wrap and shorten before anything is drawn.

The widths are those of Inter Medium in hundredths of the letter size. Scripts that are not in the table count as a
full letter, which wraps a little early and clips nothing.
"""

from __future__ import annotations

_WIDTHS: dict[int, str] = {
    20: "'’",
    25: " Iijl",
    30: "!,.:;·",
    35: "/\\ft|",
    40: '"()[]r{}„“”',
    45: "-1_",
    50: "*^`–",
    55: "?JLacksvxyzä",
    60: "257EFeghnopquöüéè",
    65: "#$&+034689<=>BKPRSTXZbd~ß≥≤−×",
    70: "ADVYÄ",
    75: "CGHNOQUÖÜ",
    80: "w…",
    85: "%",
    90: "Mm½",
    100: "W—",
}
_BY_LETTER = {letter: width / 100 for width, letters in _WIDTHS.items() for letter in letters}
_UNKNOWN = 0.75
_VOWELS = "aeiouyäöü"


def width(text: str, size: float) -> float:
    """Return about how wide a line of text is, in the unit of size."""
    return sum(_BY_LETTER.get(letter, _UNKNOWN) for letter in text) * size


def shorten(text: str, size: float, room: float) -> str:
    """Return the text, or as much of it as fits the room, ending in an ellipsis."""
    if width(text, size) <= room:
        return text
    kept = text
    while kept and width(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip(" ,;:-–") + "…"


def wrap(text: str, size: float, room: float, most: int = 2) -> list[str]:
    """Break a text into at most so many lines; a word wider than the room breaks, what is left over is shortened.

    :raise ValueError: when most is below one.
    """
    if most < 1:
        raise ValueError(f"most: {most} lines cannot hold a text; allow at least one")
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, size) <= room:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        parts = _broken(word, size, room)
        lines[-1] = parts[0]
        lines.extend(parts[1:])
    if len(lines) > most:
        lines = [*lines[: most - 1], shorten(" ".join(lines[most - 1 :]).replace("- ", ""), size, room)]
    return lines


def _broken(word: str, size: float, room: float) -> list[str]:
    """Break one word so that each part fits: at a hyphen or a capital inside it, else before a syllable."""
    parts = []
    while width(word, size) > room and len(word) > 1:
        end = len(word) - 1
        while end > 1 and width(word[:end] + "-", size) > room:
            end -= 1
        inside = range(end, max(2, end // 2) - 1, -1)
        cut = next((i for i in inside if word[i - 1] == "-" or word[i].isupper()), 0)
        cut = cut or next((i for i in inside if _starts_syllable(word.lower(), i)), end)
        parts.append(word[:cut] if word[cut - 1] == "-" else word[:cut] + "-")
        word = word[cut:]
    return [*parts, word]


def _starts_syllable(word: str, at: int) -> bool:
    """Whether a consonant before a vowel stands here, which is not the end of a sound written with two letters."""
    return (
        at + 1 < len(word)
        and word[at] not in _VOWELS
        and word[at + 1] in _VOWELS
        and word[at - 1 : at + 1] not in ("ch", "ck", "ph", "th", "sh", "tz", "pf")
    )
