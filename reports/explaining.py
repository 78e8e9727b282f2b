"""The steps from a released histogram to each released number, one value after the other, as with a pencil.

Everything is computed anew from what a `Released` holds, in the order in which a person would, and not by the functions
that released it: a test holds the ends of both ways equal.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from questionnaires.instrument import AREAS, ASPECTS, CULTURES, LEVELS, SIXTHS
from reports.histograms import Histogram
from reports.released import Agreement, Released, ReleasedAspect, ReleasedChoice, ReleasedLadder, Withheld
from reports.statistics import CONFIDENCE, LEAST_DISPERSION, agreed_within, t_quantile

# What other instruments ask: with their names, but no figure here.
_ELSEWHERE = frozenset(
    [f"{group}:{aspect}" for group in ("aspect", "choice") for aspect in ASPECTS] + [f"ladder:{area}" for area in AREAS]
)
Figure = ReleasedAspect | ReleasedChoice | ReleasedLadder


class UnknownMeasure(LookupError):
    """The report has no such aspect, choice or ladder; `choices` are those it has."""

    def __init__(self, measure: str, choices: tuple[str, ...]) -> None:
        super().__init__(f"{measure!r} is not in this report; it has {', '.join(choices)}")
        self.choices = choices


@dataclass(frozen=True)
class IntervalSteps:
    """From the mean and the variance to the 90 % interval (see `reports.statistics.wilson_interval`)."""

    p: float
    """The mean as a share of the scale's width."""
    binomial: float
    """p (1 - p), the variance of yes-or-no answers with this mean."""
    raw_dispersion: float | None
    """s^2 / (width^2 p (1 - p)); None where p is 0 or 1."""
    dispersion: float
    """phi: the same, not below 0.08 and not above 1."""
    missing: float
    """1 - n / N, the share of those invited who did not answer; 1 where N is unknown."""
    effective: float
    """n_e = n / (phi (1 - n / N))."""
    z: float
    """t quantile with n - 1 degrees of freedom."""
    centre: float
    half: float
    interval: tuple[float, float]
    """In points."""


@dataclass(frozen=True)
class AspectSteps:
    """From an aspect's histogram to all that is shown of its level."""

    histogram: Histogram
    """Counts by score in sixths of a point."""
    scale: tuple[int, int]
    n_invited: int | None
    """N; None where it is unknown, or one person may have answered several times."""
    total: int
    """S1: sum of score times count, in sixths."""
    squares: int
    """S2: sum of squared score times count."""
    mean: Fraction
    variance: Fraction
    """s^2, in squared points."""
    interval: IntervalSteps | None
    """None where everybody answered, or a single person did."""
    bounds: tuple[Fraction, Fraction] | None
    thirds: tuple[int, int, int]
    side: int
    """So many low and so many high answers a split needs, and more of both together than between them."""
    median: int
    """In sixths."""
    distance: int
    """Sum of the distances from the median, in sixths."""
    deviation: Fraction
    """Mean distance from the median, in points."""
    within: Fraction
    """The largest mean distance of a shared view; below 0 where there is none."""
    agreement: Agreement


@dataclass(frozen=True)
class LadderSteps:
    """From a ladder's histogram to the rung reached, the majority's, and what the next one lacks."""

    histogram: Histogram
    at_or_above: tuple[int, ...]
    """By rung: how many put the team there or higher."""
    needed: int
    """Two thirds, rounded up."""
    more_than_half: int
    reached: int
    majority: int
    missing_for_next: int | None


@dataclass(frozen=True)
class ChoiceSteps:
    """From the counts of the three descriptions to the name."""

    counts: tuple[int, int, int]
    needed: int
    name: str | None


Steps = AspectSteps | LadderSteps | ChoiceSteps


def find(released: Released, measure: str) -> tuple[str, Figure | Withheld | None]:
    """Return a measure's full name and figure: `cooperation` is the aspect, `choice:cooperation` its choice.

    An aspect or practice area that the quarter's instruments leave out has no figure.

    :raise UnknownMeasure: when the report has no such measure.
    """
    found: dict[str, Figure | Withheld] = {
        **{f"aspect:{key}": aspect for key, aspect in released.aspects.items()},
        **{f"ladder:{key}": ladder for key, ladder in released.ladders.items()},
        **{f"choice:{key}": choice for key, choice in released.choices.items()},
    }
    for name in (measure, f"aspect:{measure}", f"ladder:{measure}"):
        if name in found:
            return name, found[name]
    for name in (measure, f"aspect:{measure}", f"ladder:{measure}"):
        if name in _ELSEWHERE:
            return name, None
    raise UnknownMeasure(measure, tuple(name.removeprefix("aspect:") for name in found))


def steps(released: Released, figure: Figure) -> Steps | None:
    """Return the steps from a figure's histogram; None where it is coarse and has none."""
    if isinstance(figure, ReleasedChoice):
        return None if figure.counts is None else choice_steps(figure.counts)
    if figure.histogram is None:
        return None
    if isinstance(figure, ReleasedLadder):
        return ladder_steps(figure.histogram)
    # Bounds are there wherever it is known how many people were asked, each once; without them, N counts nowhere.
    n_invited = None if figure.bounds is None else released.n_invited
    asked = released.questionnaire.aspects
    n_items = next(len(asked[key][1].items) for key, one in released.aspects.items() if one is figure)
    return aspect_steps(figure.histogram, figure.scale, n_invited, n_items)


def aspect_steps(histogram: Histogram, scale: tuple[int, int], n_invited: int | None, n_items: int) -> AspectSteps:
    """Return the steps from an aspect's histogram, in sixths of a point.

    :param n_invited: N; None where it is unknown.
    :param n_items: how many items the aspect has.
    :raise ZeroDivisionError: for an empty histogram.
    """
    n, (lowest, highest) = histogram.n, scale
    total = sum(score * count for score, count in histogram.pairs)
    squares = sum(score * score * count for score, count in histogram.pairs)
    mean = Fraction(total, n * SIXTHS)
    variance = Fraction(0) if n == 1 else (squares - Fraction(total * total, n)) / (n - 1) / SIXTHS**2
    bounds = None
    if n_invited is not None:
        silent = n_invited - n
        bounds = ((n * mean + silent * lowest) / n_invited, (n * mean + silent * highest) / n_invited)
    low = sum(count for score, count in histogram.pairs if score <= SIXTHS * Fraction(2 * lowest + highest, 3))
    high = sum(count for score, count in histogram.pairs if score >= SIXTHS * Fraction(lowest + 2 * highest, 3))
    median = histogram.expanded()[(n - 1) // 2]
    distance = sum(abs(score - median) * count for score, count in histogram.pairs)
    deviation, side = Fraction(distance, n * SIXTHS), max(2, math.ceil(n / 6))
    within, is_split = agreed_within(n, scale, n_items), min(low, high) >= side and low + high > n - low - high
    agreement = Agreement.SHARED if deviation <= within else Agreement.NEITHER
    return AspectSteps(
        histogram,
        scale,
        n_invited,
        total,
        squares,
        mean,
        variance,
        _interval(float(mean), float(variance), n, n_invited, scale),
        bounds,
        (low, n - low - high, high),
        side,
        median,
        distance,
        deviation,
        within,
        Agreement.SPLIT if is_split else agreement,
    )


def _interval(
    mean: float, variance: float, n: int, n_invited: int | None, scale: tuple[int, int]
) -> IntervalSteps | None:
    if n in (1, n_invited):
        return None
    lowest, width = scale[0], scale[1] - scale[0]
    p = (mean - lowest) / width
    binomial = p * (1 - p)
    raw = variance / (width * width * binomial) if binomial > 0 else None
    dispersion = min(max(raw or 0.0, LEAST_DISPERSION), 1.0)
    missing = 1.0 if n_invited is None else 1 - n / n_invited
    effective = n / (dispersion * missing)
    z = t_quantile((1 + CONFIDENCE) / 2, n - 1)
    shrink = 1 + z * z / effective
    centre = (p + z * z / (2 * effective)) / shrink
    half = z * math.sqrt(binomial / effective + z * z / (4 * effective * effective)) / shrink
    ends = lowest + width * max(centre - half, 0.0), lowest + width * min(centre + half, 1.0)
    return IntervalSteps(p, binomial, raw, dispersion, missing, effective, z, centre, half, ends)


def ladder_steps(histogram: Histogram) -> LadderSteps:
    """Return the steps from a ladder's histogram."""
    n = histogram.n
    above = tuple(sum(count for value, count in histogram.pairs if value >= rung) for rung in range(LEVELS))
    needed, more_than_half = math.ceil(Fraction(2 * n, 3)), n // 2 + 1
    reached = max(rung for rung in range(LEVELS) if above[rung] >= needed)
    majority = max(rung for rung in range(LEVELS) if above[rung] >= more_than_half)
    missing = None if reached == LEVELS - 1 else needed - above[reached + 1]
    return LadderSteps(histogram, above, needed, more_than_half, reached, majority, missing)


def choice_steps(counts: tuple[int, int, int]) -> ChoiceSteps:
    """Return the steps from the counts of the three descriptions."""
    needed = math.ceil(Fraction(2 * sum(counts), 3))
    name = next((culture for culture, count in zip(CULTURES, counts, strict=True) if count >= needed), None)
    return ChoiceSteps(counts, needed, name)
