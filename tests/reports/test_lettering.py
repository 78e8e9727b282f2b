from __future__ import annotations

import pytest

from reports.lettering import shorten, width, wrap


def test_wide_letters_are_wider_than_narrow_ones():
    assert width("WWW", 10) > 3 * width("iii", 10) / 2
    assert width("漢", 10) > 0


def test_a_text_that_fits_stays_as_it_is():
    assert wrap("Atlas", 12, 200) == ["Atlas"]
    assert shorten("Atlas", 12, 200) == "Atlas"


def test_words_wrap_and_the_rest_is_shortened():
    lines = wrap("one two three four five six seven eight", 10, 60, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(width(line, 10) <= 60 for line in lines)


@pytest.mark.parametrize("room", [60, 90, 150])
def test_a_long_german_name_never_leaves_its_room(room):
    name = "Zahlungsverkehrsabwicklungsplattform Süd-Ost 2"
    lines = wrap(name, 11, room, 8)
    assert all(width(line, 11) <= room for line in lines)
    assert "".join(line.removesuffix("-") for line in lines).replace(" ", "").startswith("Zahlungsverkehrs")


def test_a_word_breaks_before_a_syllable():
    assert wrap("Zahlungsverkehrsabwicklungsplattform", 10.5, 144)[0] == "Zahlungsverkehrsabwick-"


def test_no_line_at_all_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        wrap("Atlas", 10, 10, 0)
