"""The words of a fingerprint can be told apart by ear and by eye."""

from __future__ import annotations

import hashlib
from itertools import combinations

from assessment.domain.words import WORDS, fingerprint_words


def test_every_byte_has_a_word_of_its_own():
    assert len(WORDS) == len(set(WORDS)) == 256
    assert list(WORDS) == sorted(WORDS)


def test_words_are_short_and_written_without_signs_that_one_language_lacks():
    assert [word for word in WORDS if not (3 <= len(word) <= 9 and word.isascii() and word.islower())] == []


def test_no_two_words_are_one_slip_apart_or_begin_alike():
    assert [pair for pair in combinations(WORDS, 2) if distance(*pair) < 2] == []
    assert len({word[:4] for word in WORDS}) == len(WORDS)


def test_a_fingerprint_is_eight_words_that_follow_the_digest():
    words = fingerprint_words(b"a key")
    assert [WORDS.index(word) for word in words] == list(hashlib.sha256(b"a key").digest()[:8])
    assert fingerprint_words(b"another key") != words


def distance(left: str, right: str) -> int:
    """Return how many letters to change, add or leave out."""
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        above, row = row, [i]
        for j, b in enumerate(right, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (a != b)))
    return row[-1]
