"""Lines with right-to-left words, for a writer that sets letter by letter from left to right."""

from __future__ import annotations

import unicodedata

import pytest

from reports.right_to_left import as_seen


def read_back(line: str) -> str:
    """Return the letters that presentation forms stand for."""
    return unicodedata.normalize("NFKC", line)


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("Zahlungen (2)", "Zahlungen (2)"),
        ("Ομάδα Πληρωμών", "Ομάδα Πληρωμών"),
        ("שלום עולם", "םלוע םולש"),
        ("Team שלום B", "Team םולש B"),
        ("Team שלום, עולם!", "Team םלוע ,םולש!"),
        ("שלום 12", "12 םולש"),
        ("שלום (12) B", "(12) םולש B"),
        ("A שלום B עולם C", "A םולש B םלוע C"),
        ("", ""),
    ],
)
def test_right_to_left_words_are_turned_and_nothing_else(line: str, seen: str):
    assert as_seen(line) == seen


def test_arabic_letters_take_the_form_that_joins_them():
    # Beh has four forms; alef and dal join only what stands before them.
    assert as_seen("ببب ب") == "\ufe8f \ufe90\ufe92\ufe91"
    assert as_seen("باب") == "\ufe8f\ufe8e\ufe91"
    assert as_seen("دب") == "\ufe8f\ufea9"


def test_lam_and_alef_become_one_letter():
    assert as_seen("الأمن") == "\ufee6\ufee3\ufef7\ufe8d"
    assert read_back(as_seen("الأمن")) != as_seen("الأمن")


def test_marks_stay_behind_their_letter_and_do_not_part_its_neighbours():
    assert as_seen("بَب") == "\ufe90\ufe91\u064e"


def test_persian_letters_are_joined_too():
    assert as_seen("گپ") == "\ufb57\ufb94"


@pytest.mark.parametrize("name", ["فريق المدفوعات", "گروه پرداخت", "شبکه", "لا"])
def test_every_letter_is_still_there(name: str):
    assert sorted(read_back(as_seen(name))) == sorted(read_back(name))
