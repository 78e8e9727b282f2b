"""Health measures, their targets, and how even a rotation is; expected values are worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.follow_up import Health
from reports.health import (
    MEASURES,
    Measure,
    busiest_share,
    facts_before,
    is_lopsided,
    is_within,
    lorenz,
    measured,
    n_busiest,
    standings,
    trend,
)
from reports.health_words import courses

EVEN, STEEP, RULE = (3,) * 10, (9, 7, 4, 4, 2, 1, 1, 0), (40, 40, 5, 5, 2, 2, 2, 2, 1, 1)


def test_measures_come_from_facts_and_the_unknown_is_left_out():
    facts = {"toil": 0.4, "reviews_due": 4, "reviews_written": 3, "actions_due": 0, "actions_on_time": 0, "mood": 1}
    assert measured(Health("2026-Q3", facts, STEEP)) == {
        Measure.TOIL: 0.4,
        Measure.REVIEWS: 0.75,
        Measure.BUSIEST_SHARE: pytest.approx((9 + 0.6 * 7) / 28),
    }
    assert measured(Health("2026-Q3", {}, (0,) * 8)) == {}
    assert [*measured(Health("2026-Q3", {"toil": 0, "pages_per_week": 0}))] == [Measure.PAGES_PER_WEEK, Measure.TOIL]


@pytest.mark.parametrize(
    ("measure", "value", "expected"),
    [
        (Measure.PAGES_PER_WEEK, 1.99, True),
        (Measure.PAGES_PER_WEEK, 2, False),
        (Measure.NIGHT_PAGES, 1, False),
        (Measure.OVER_30_MINUTES, 0.9, None),
        (Measure.TOIL, 0.49, True),
        (Measure.TOIL, 0.5, False),
        (Measure.REVIEWS, 1, True),
        (Measure.REVIEWS, 0.99, False),
        (Measure.ACTIONS, 0.7, True),
        (Measure.ACTIONS, 0.69, False),
        (Measure.BUSIEST_SHARE, 0.6, False),
    ],
)
def test_targets(measure, value, expected):
    assert is_within(measure, value) is expected


def test_only_the_calendar_quarter_before_is_compared_with():
    """A page, a report, the ranking and the organisation tell of the same team the same."""
    skipped = (Health("2025-Q3", {"toil": 0.1}), Health("2026-Q1", {"toil": 0.3}), Health("2026-Q2", {"toil": 0.4}))
    assert facts_before(skipped, "2026-Q1") is None
    assert facts_before(skipped, "2025-Q4") == skipped[0]
    assert facts_before((Health("2025-Q4", {}),), "2026-Q1") == Health("2025-Q4", {})
    assert [point.is_within for point in courses(skipped)[Measure.TOIL]] == [True, True, False]
    assert [standings(one, facts_before(skipped, one.quarter))[Measure.TOIL] for one in skipped] == [True, True, False]


def test_toil_must_not_rise_either():
    assert is_within(Measure.TOIL, 0.4, before=0.3) is False
    assert is_within(Measure.TOIL, 0.4, before=0.4) is True
    assert is_within(Measure.TOIL, 0.6, before=0.9) is False
    assert standings(Health("2026-Q3", {"toil": 0.4}), Health("2026-Q2", {"toil": 0.3})) == {Measure.TOIL: False}
    assert standings(Health("2026-Q3", {"toil": 0.4, "over_30_minutes": 0.1})) == {Measure.TOIL: True}


def test_better_and_worse():
    assert [trend(Measure.TOIL, 0.5, now) for now in (0.4, 0.5, 0.6)] == [1, 0, -1]
    assert [trend(Measure.ACTIONS, 0.5, now) for now in (0.4, 0.5, 0.6)] == [-1, 0, 1]


def test_how_even_a_rotation_is():
    assert (busiest_share(EVEN), n_busiest(EVEN), is_lopsided(EVEN)) == (pytest.approx(0.2), 8, False)
    assert (busiest_share(RULE), n_busiest(RULE), is_lopsided(RULE)) == (pytest.approx(0.8), 2, True)
    assert (n_busiest((0,) * 8), is_lopsided((0,) * 8)) == (0, False)
    assert busiest_share((7, *[0] * 7)) == 1


def test_lorenz_steps_go_from_nothing_to_everything():
    assert lorenz((1, 3)) == ((0.0, 0.0), (0.5, 0.75), (1.0, 1.0))
    assert lorenz((0, 0))[-1] == (1.0, 0.0)


@given(st.lists(st.integers(0, 50), min_size=8, max_size=30).filter(any))
def test_the_busiest_fifth_takes_at_least_a_fifth(pages):
    share = busiest_share(pages)
    assert 0.2 - 1e-9 <= share <= 1
    assert share == busiest_share(sorted(pages))
    steps = lorenz(pages)
    assert all(y >= x - 1e-9 for x, y in steps)
    assert 1 <= n_busiest(pages) <= len(pages)


def test_every_measure_has_its_target_in_the_order_shown():
    assert [*MEASURES] == [*Measure]
