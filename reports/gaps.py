"""The gaps that small changes are ranked by: how far released figures lie below where they should be.

- An aspect: how far its mean lies below three quarters of the scale (5.5 on 1-7), in halves of the scale, at
  most 1; in full where the whole 90 % interval lies below, half where the interval straddles, none where it lies above.
- A practice area: the share of answers below the next rung, none at rung 4. At the coarse tier a
  fixed share stands for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from questionnaires.instrument import SIXTHS
from reports.released import ReleasedAspect, ReleasedLadder, Tier, Withheld
from reports.statistics import at_or_above

Aspects = Mapping[str, ReleasedAspect | Withheld]
Ladders = Mapping[str, ReleasedLadder | Withheld]

# Fractions and whole numbers, so that what is equal is equal whatever was added first.
NO_GAP = Fraction(0)
TOP_RUNG = 4
# What a coarse ladder's gap is taken for.
COARSE_GAP = Fraction(3, 4)


def gaps(aspects: Aspects, ladders: Ladders) -> dict[str, Fraction]:
    """Return the gap of every aspect and area that is not withheld, from 0 to 1."""
    found = {key: _aspect_gap(figure) for key, figure in aspects.items() if isinstance(figure, ReleasedAspect)}
    return found | {key: _ladder_gap(figure) for key, figure in ladders.items() if isinstance(figure, ReleasedLadder)}


def _aspect_gap(figure: ReleasedAspect) -> Fraction:
    lowest, highest = figure.scale
    width = highest - lowest
    # A quarter of a whole number is exact in floating point.
    target = lowest + 3 * width / 4
    # A mean is a whole number of sixths over n, or of tenths: this is the fraction that its floating point stands for.
    steps = 10 if figure.tier is Tier.COARSE else SIXTHS * figure.n
    below, most = (4 * lowest + 3 * width) * steps - 4 * round(figure.mean * steps), 2 * width * steps
    if below <= 0:
        return NO_GAP
    size = Fraction(min(below, most), most)
    if figure.interval_90 is None or figure.interval_90[1] < target:
        return size
    return size / 2 if figure.interval_90[0] < target else NO_GAP


def _ladder_gap(figure: ReleasedLadder) -> Fraction:
    if figure.reached >= TOP_RUNG:
        return NO_GAP
    if figure.tier is Tier.DETAIL and figure.histogram is not None:
        return Fraction(figure.n - at_or_above(figure.histogram, figure.reached + 1), figure.n)
    return COARSE_GAP
