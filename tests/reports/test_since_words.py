"""What stands beside the change since last time, so that it is not read for more than it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reports.blocks import Paragraph
from reports.languages import language
from reports.since_words import detectable, not_comparable
from tests.reports import document_matrix as matrix

ENGLISH = language("en")
WHY = "The questions or the scale are not those of the quarter before."


def test_where_nothing_can_be_compared_the_reason_is_said():
    other = matrix.changed(matrix.team(), matrix.NOT_COMPARABLE)
    assert not_comparable(other, ENGLISH) == (Paragraph(WHY),)
    assert not_comparable(matrix.team(), ENGLISH) == ()


def test_where_some_cannot_be_compared_they_are_named():
    released = matrix.team()
    other = matrix.changed(released, matrix.NOT_COMPARABLE).aspects["novelty"]
    mixed = replace(released, aspects=dict(released.aspects) | {"novelty": other})
    (said,) = not_comparable(mixed, ENGLISH)
    assert said == Paragraph(f"Not comparable: “Novelty”. {WHY}")


@pytest.mark.parametrize(("n_joined", "is_said"), [(12, True), (8, True), (7, False), (0, False), (None, False)])
def test_a_team_of_mostly_new_people_is_told_that_others_answered(n_joined: int | None, is_said: bool):
    said = detectable(matrix.team(invited=14, answered=12, n_joined=n_joined, n_left=9), ENGLISH)
    assert ("mostly others answered" in said) is is_said
    assert ("People who join and leave change a mean too" in said) is not is_said
    if n_joined and is_said:
        assert f"{n_joined} of 14 people are new since then" in said
