"""One rule for every printed number: halves upwards."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.coarse import coarse_mean
from reports.funnel import _dot
from reports.histograms import Histogram
from reports.languages import language
from reports.rounding import hundredths, rounded
from tests.reports import document_fixtures as cast

ENGLISH = language("en")


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (4.25, 1, "4.3"),
        (4.35, 1, "4.4"),
        (4.05, 1, "4.1"),
        (0.125, 2, "0.13"),
        (4.249, 1, "4.2"),
        (-0.25, 1, "−0.3"),
        (-0.04, 1, "0.0"),
        (2.5, 0, "3"),
        (Fraction(17, 4), 1, "4.3"),
        (Fraction(-1, 8), 2, "−0.13"),
    ],
)
def test_halves_are_printed_upwards(value, decimals, text):
    assert ENGLISH.number(value, decimals) == text


@given(st.integers(6, 42 * 7), st.integers(1, 60))
def test_a_mean_is_printed_like_the_fraction_that_it_is(total, n):
    mean = Fraction(total, 6 * n)
    assert rounded(float(mean), 1) == rounded(mean, 1)


def test_coarse_values_funnels_and_text_round_alike():
    scores = Histogram.of({6 * 4: 3, 6 * 5: 1})
    assert float(coarse_mean(scores, (1, 7)).value) == 4.3
    figure = cast.aspect([4.0, 4.0, 4.0, 5.0] * 2, invited=10)
    assert figure.mean == 4.25
    assert _dot(figure, 4.0, 1.0).mean == 4.3
    assert ENGLISH.number(figure.mean) == "4.3"


@given(st.lists(st.integers(0, 1000), min_size=3, max_size=3).filter(any))
def test_shares_are_printed_as_a_hundred_together(counts):
    shares = [count / sum(counts) for count in counts]
    found = hundredths(shares)
    assert sum(found) == 100
    assert all(abs(part - 100 * share) < 1 for part, share in zip(found, shares, strict=True))


def test_what_nobody_has_is_printed_as_none():
    assert hundredths([0.5, 0.5, 0.0]) == [50, 50, 0]
    assert hundredths([1 / 3, 1 / 3, 1 / 3]) == [34, 33, 33]
