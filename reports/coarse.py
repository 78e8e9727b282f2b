"""Coarse values: what may be said of five to seven answers, computed so that it says nothing more.

Everything here is a function of the mean rounded to one decimal (and open at the ends of the scale), the number of
answers, the number invited and the agreement label. Two groups that are equal in these are shown alike to the last
digit, whatever their answers were.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from reports.histograms import Histogram
from reports.released import Agreement, OpenEnd
from reports.statistics import Scale, bounds, mean, wilson_interval

# "6.7 or above" and "1.3 or below" on a 1-7 scale; the same distance from the ends of every scale.
OPEN_FROM = Fraction(3, 10)
_HALF_A_STEP = Fraction(1, 20)

# Standard deviations in points of a 1-7 scale that stand for the group's own, which a coarse mean together with an
# interval computed from it would give away nearly exactly. They depend on nothing but the agreement label, which is
# shown anyway, and lie above what most groups with that label have: the interval is rather too wide than too narrow.
ASSUMED_DEVIATION = {Agreement.SHARED: 0.9, Agreement.NEITHER: 1.6, Agreement.SPLIT: 2.5}


class CoarseMean(NamedTuple):
    """A mean to one decimal, or the end of the scale that it lies at."""

    value: Fraction
    open_end: OpenEnd | None


def coarse_mean(histogram: Histogram, scale: Scale) -> CoarseMean:
    """Round the mean of aspect scores to one decimal (halves upwards) and open it at the ends.

    :raise ValueError: for an empty histogram.
    """
    tenths = Fraction((10 * mean(histogram) + Fraction(1, 2)).__floor__(), 10)
    lowest, highest = scale[0] + OPEN_FROM, scale[1] - OPEN_FROM
    if tenths >= highest:
        return CoarseMean(highest, OpenEnd.TOP)
    if tenths <= lowest:
        return CoarseMean(lowest, OpenEnd.BOTTOM)
    return CoarseMean(tenths, None)


def coarse_interval(
    average: CoarseMean, agreement: Agreement, n: int, n_invited: int | None, scale: Scale
) -> tuple[float, float] | None:
    """Return the interval around the coarse mean with the assumed deviation; it reaches an open end.

    :return: None where everybody answered, as for exact figures.
    """
    deviation = ASSUMED_DEVIATION[agreement] * (scale[1] - scale[0]) / 6
    found = wilson_interval(float(average.value), deviation**2, n, n_invited, scale)
    if found is None:
        return None
    low, high = found
    return (
        float(scale[0]) if average.open_end is OpenEnd.BOTTOM else low,
        float(scale[1]) if average.open_end is OpenEnd.TOP else high,
    )


def coarse_bounds(average: CoarseMean, n: int, n_invited: int, scale: Scale) -> tuple[Fraction, Fraction]:
    """Return bounds that hold for every mean which is rounded to the coarse one.

    They are the exact bounds of the coarse mean, wider by what rounding may have taken or the open end may hide.
    """
    least = Fraction(scale[0]) if average.open_end is OpenEnd.BOTTOM else average.value - _HALF_A_STEP
    greatest = Fraction(scale[1]) if average.open_end is OpenEnd.TOP else average.value + _HALF_A_STEP
    return bounds(least, n, n_invited, scale)[0], bounds(greatest, n, n_invited, scale)[1]
