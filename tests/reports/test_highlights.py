"""What may be called strongest, weakest, a strength: only what the printed values show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reports.highlights import conversation, in_order, levels, strength
from reports.languages import language
from reports.released import Agreement, OpenEnd, Tier
from tests.reports import document_fixtures as cast

ENGLISH = language("en")


def plain(mean, **more):
    """An exact aspect that speaks for the group."""
    model = cast.aspect([4.0] * 9, invited=12)
    return replace(model, mean=mean, agreement=Agreement.NEITHER, low_response=False, **more)


def open_at(mean, end):
    return plain(mean, tier=Tier.COARSE, histogram=None, open_end=end)


def team(*figures):
    return replace(cast.atlas(), aspects=dict(zip(cast.atlas().aspects, figures, strict=False)))


def test_an_open_end_is_not_weaker_than_an_exact_mean_beyond_it():
    found = team(open_at(6.7, OpenEnd.TOP), plain(6.8))
    assert "weakest" not in levels(found, ENGLISH)
    assert "lie at the same place: 6.7 or above" in levels(found, ENGLISH)
    assert strength(found, ENGLISH).subject == "Every aspect"
    assert conversation(found, ENGLISH).subject == "What has become invisible"


def test_an_open_end_is_not_stronger_than_an_exact_mean_below_it():
    found = team(open_at(1.3, OpenEnd.BOTTOM), plain(1.2))
    assert "lie at the same place: 1.3 or below" in levels(found, ENGLISH)
    assert strength(found, ENGLISH) is None


def test_what_lies_beyond_the_others_for_certain_is_named():
    found = team(open_at(6.7, OpenEnd.TOP), plain(6.8), plain(6.6), plain(3.2))
    assert levels(found, ENGLISH) == (
        "In these answers, agreement is strongest on “Cooperation” and “Messengers of bad news” (6.7 or above) and "
        "weakest on “Bridging between teams” (3.2)."
    )
    assert strength(found, ENGLISH).subject == "Cooperation · Messengers of bad news"
    assert conversation(found, ENGLISH).subject == "Bridging between teams"


def test_ends_open_from_different_places_overlap():
    groups = in_order(
        {"a": open_at(6.0, OpenEnd.TOP), "b": plain(6.3), "c": open_at(6.7, OpenEnd.TOP), "d": plain(5.9)}
    )
    assert [set(group) for group in groups] == [{"d"}, {"a", "b", "c"}]


def test_a_low_mean_is_no_strength():
    same = team(*[open_at(1.3, OpenEnd.BOTTOM)] * 6)
    assert strength(same, ENGLISH) is None
    best = strength(team(plain(2.0), plain(3.0)), ENGLISH)
    assert best.title == "Furthest along"
    assert "One strength" not in (best.title, best.subject)
    assert strength(team(plain(2.0), plain(5.0)), ENGLISH).title == "One strength"


@pytest.mark.parametrize("grey", [{"low_response": True}, {"agreement": Agreement.SHARED, "low_response": True}])
def test_a_mean_that_does_not_speak_for_the_group_is_not_called_weakest(grey):
    found = team(replace(plain(3.3), **grey), plain(4.0), plain(5.0))
    assert conversation(found, ENGLISH).subject == "Messengers of bad news"
    assert "at 4.0" in conversation(found, ENGLISH).text
    assert "weakest on “Messengers of bad news” (4.0)" in levels(found, ENGLISH)


def test_where_too_few_answered_everything_the_talk_is_about_that():
    found = team(*[replace(plain(mean), low_response=True) for mean in (3.0, 5.0)])
    assert strength(found, ENGLISH) is None
    assert conversation(found, ENGLISH).subject == "What these answers leave open"
    assert "Never ask who did not." in conversation(found, ENGLISH).text


def test_of_many_that_stand_side_by_side_the_number_is_told():
    found = team(*[plain(6.0)] * 4, plain(3.0))
    assert strength(found, ENGLISH).subject == "4 aspects alike"
