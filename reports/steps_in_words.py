"""The steps to a number as lines of text, for an engineer with a pencil; all their sentences stand here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from questionnaires.instrument import CULTURES, SIXTHS
from reports import steps_beside, words
from reports.coarse import assumed_deviation
from reports.explaining import AspectSteps, ChoiceSteps, Figure, IntervalSteps, LadderSteps, find, steps
from reports.languages import language
from reports.released import Agreement, Reason, Released, ReleasedAspect, ReleasedOrganisation, Withheld

_ENGLISH = language("en")
_WHY_WITHHELD = {
    Reason.TOO_FEW: "Fewer than {least} answers to this came, so nothing of it is shown.",
    Reason.WOULD_REVEAL: "It is withheld: shown, it would give a small group away by subtraction.",
    Reason.NOT_ASKED: "It was not asked this quarter.",
}


def in_words(report: Released | ReleasedOrganisation, measure: str) -> str:
    """Return the histogram of a measure and each step from it to the released numbers, or why there are none.

    Of an organisation's report, what only that has follows: change within teams, funnel, reliability and roles.

    :raise reports.explaining.UnknownMeasure: when the report has no such measure.
    """
    released = report.whole if isinstance(report, ReleasedOrganisation) else report
    name, figure = find(released, measure)
    group, _, key = name.partition(":")
    title = f"{words.aspect_name(released, key, _ENGLISH)} ({group}), {released.name}, {released.quarter}"
    lines = [title, "=" * len(title), *_told(released, figure)]
    if isinstance(report, ReleasedOrganisation) and group == "aspect":
        lines += steps_beside.of_the_organisation(report, key)
    return "\n".join(lines) + "\n"


def _told(released: Released, figure: Figure | Withheld | None) -> Iterator[str]:
    if figure is None or isinstance(figure, Withheld):
        reason = Reason.NOT_ASKED if figure is None else figure.reason
        yield "No number to explain."
        yield _WHY_WITHHELD[reason].format(least=words.smallest(released))
        return
    found = steps(released, figure)
    if isinstance(figure, ReleasedAspect):
        yield from steps_beside.counted(released, figure)
    if isinstance(found, AspectSteps):
        yield from _aspect(found, released)
    elif isinstance(found, LadderSteps):
        yield from _ladder(found)
    elif isinstance(found, ChoiceSteps):
        yield from _choice(found)
    else:
        yield from _coarse(released, figure)
    if isinstance(figure, ReleasedAspect):
        yield from steps_beside.since(released, figure)


def _coarse(released: Released, figure: Figure) -> Iterator[str]:
    least = released.detail_size
    yield "No histogram to start from, so no steps."
    if figure.n < least:
        yield f"{figure.n} answers to this came. Below {least} answers, counts would show who may have said what,"
        yield "and so would a way to compute them: what is shown is rounded or said in words on purpose."
    else:
        yield f"{figure.n} answers are counted, but groups of fewer than {least} are among them, whose answers exact"
        yield "counts would show by subtraction: what is shown is rounded or said in words on purpose."
    if not isinstance(figure, ReleasedAspect):
        return
    yield ""
    yield f"mean      {words.mean(figure, _ENGLISH)}, to one decimal and open at the ends of the scale"
    if figure.interval_90 is not None:
        deviation = _number(assumed_deviation(figure.agreement, figure.scale))
        goes_with = "where no label is told" if figure.agreement is None else f"with the label “{figure.agreement}”"
        yield f"interval  {_pair(figure.interval_90)}, from that rounded mean and an assumed standard deviation of"
        yield f"          {deviation} points, which goes {goes_with}; not from the answers"
    if figure.bounds is not None:
        yield f"bounds    {_pair(figure.bounds)}, from that rounded mean, wider by what rounding may hide"


def _aspect(found: AspectSteps, released: Released) -> Iterator[str]:
    n, (lowest, highest) = found.histogram.n, found.scale
    yield f"A score is the mean of a person's answers to the aspect's statements, from {lowest} to {highest},"
    yield f"counted in sixths of a point: {SIXTHS * lowest} is {lowest}, {SIXTHS * highest} is {highest}."
    yield ""
    yield "1. Histogram"
    head = ("score", "points", "answers", "score × answers", "score² × answers")
    rows = [(v, _number(v / SIXTHS), count, v * count, v * v * count) for v, count in found.histogram.pairs]
    yield from _table([head, *rows, ("sum", "", n, found.total, found.squares)])
    yield ""
    yield "2. Mean"
    yield f"   {found.total} / {n} answers = {_number(found.total / n)} sixths; / 6 = {_number(found.mean)} points"
    yield f"   printed: {_ENGLISH.number(float(found.mean))}"
    yield ""
    yield "3. Variance"
    if n > 1:
        sixths = found.variance * SIXTHS**2
        yield f"   ({found.squares} − {found.total}² / {n}) / ({n} − 1) = {_number(sixths)} squared sixths"
        yield f"   / 36 = s² = {_number(found.variance)} squared points"
    else:
        yield "   a single answer has none"
    yield ""
    yield "4. 90 % interval for the mean of everybody invited"
    yield from _interval(found, released)
    yield ""
    yield "5. Bounds, whatever those who did not answer think"
    yield from _bounds(found)
    yield ""
    yield "6. Views"
    yield from _views(found)


def _interval(found: AspectSteps, released: Released) -> Iterator[str]:
    n, (lowest, highest), through = found.histogram.n, found.scale, found.interval
    width = highest - lowest
    if through is None:
        yield "   everyone answered: there is nothing left to estimate, so none" if n > 1 else "   none of one answer"
        return
    yield f"   p = ({_number(found.mean)} − {lowest}) / {width} = {_number(through.p)}, as a share of the scale"
    yield f"   p (1 − p) = {_number(through.binomial)}"
    yield from _dispersion(found, through, width)
    if found.n_invited is not None:
        yield f"   share that did not answer = 1 − {n} / {found.n_invited} = {_number(through.missing)}"
    elif released.way == "open_link":
        yield "   over an open link one person may have answered several times: without its correction"
    else:
        yield "   the number invited is unknown: without its correction"
    yield (
        f"   n_e = {n} / ({_number(through.dispersion)} × {_number(through.missing)}) = {_number(through.effective)},"
        " the answers that count"
    )
    yield f"   z = {_number(through.z)}, from a table of Student's t: 95 %, {n - 1} degrees of freedom"
    shrink = 1 + through.z**2 / through.effective
    yield f"   1 + z² / n_e = {_number(shrink)}"
    yield f"   centre = (p + z² / (2 n_e)) / {_number(shrink)} = {_number(through.centre)}"
    yield f"   half   = z √(p (1 − p) / n_e + z² / (4 n_e²)) / {_number(shrink)} = {_number(through.half)}"
    low, high = through.interval
    yield f"   from {lowest} + {width} × ({_number(through.centre)} − {_number(through.half)}) = {_number(low)}"
    yield f"   to   {lowest} + {width} × ({_number(through.centre)} + {_number(through.half)}) = {_number(high)}"
    yield f"   printed: {words.interval(through.interval, _ENGLISH)}"


def _dispersion(found: AspectSteps, through: IntervalSteps, width: int) -> Iterator[str]:
    if through.raw_dispersion is None:
        yield f"   φ = {_number(through.dispersion)}, taken because all answers lie at one end of the scale"
        return
    ratio = f"{_number(found.variance)} / ({width}² × {_number(through.binomial)}) = {_number(through.raw_dispersion)}"
    if through.dispersion != through.raw_dispersion:
        end = "at least" if through.dispersion > through.raw_dispersion else "at most"
        yield f"   φ = s² / (width² p (1 − p)) = {ratio}, but {end} {_number(through.dispersion)}"
    else:
        yield f"   φ = s² / (width² p (1 − p)) = {ratio}"


def _bounds(found: AspectSteps) -> Iterator[str]:
    if found.bounds is None or found.n_invited is None:
        yield "   none: how many were invited is not known, or one person may have answered several times"
        return
    n, invited = found.histogram.n, found.n_invited
    for end, bound in zip(found.scale, found.bounds, strict=True):
        yield f"   ({n} × {_number(found.mean)} + {invited - n} × {end}) / {invited} = {_number(bound)}"
    low, high = found.bounds
    yield f"   printed: {words.interval((float(low), float(high)), _ENGLISH)}"


def _views(found: AspectSteps) -> Iterator[str]:
    n, (low, middle, high), (lowest, highest) = found.histogram.n, found.thirds, found.scale
    third = Fraction(highest - lowest, 3)
    ends = _number(lowest + third), _number(highest - third)
    yield f"   low (to {ends[0]}): {low}; middle: {middle}; high (from {ends[1]}): {high}"
    yield f"   a split needs {found.side} low and {found.side} high: at least two, and a sixth of {n};"
    yield f"   and more answers at the two sides than between: {low} + {high} against {middle}"
    yield (
        f"   median {_number(found.median / SIXTHS)}; mean distance from it = {found.distance} / {n} / 6 = "
        + _number(found.deviation)
    )
    if found.within >= 0:
        yield f"   a shared view needs at most {_number(found.within)}: 0.8 where the scale is six points wide, and so"
        yield "   little that no more than 5 of 100 groups are as close whose people lie anywhere on the scale"
    else:
        yield "   a shared view is never told of so few: even full agreement is found among 5 of 100 by chance"
    told = {Agreement.SPLIT: "views split", Agreement.SHARED: "shared view", Agreement.NEITHER: "neither, so no label"}
    yield f"   so: {told[found.agreement]}"


def _ladder(found: LadderSteps) -> Iterator[str]:
    n = found.histogram.n
    yield "1. Histogram"
    counts = [found.histogram.counts.get(rung, 0) for rung in range(len(found.at_or_above))]
    rows = list(zip(range(len(counts)), counts, found.at_or_above, strict=True))
    yield from _table([("rung", "answers", "at or above"), *rows, ("sum", n, "")])
    yield ""
    yield "2. Reached"
    yield f"   two thirds of {n} answers are {found.needed}; the highest rung with {found.needed} at or above is"
    yield f"   printed: {found.reached}"
    yield ""
    yield "3. Majority"
    yield f"   more than half of {n} answers are {found.more_than_half}; the highest rung with as many is"
    yield f"   printed: {found.majority}"
    yield ""
    yield "4. Missing for the next rung"
    if found.missing_for_next is None:
        yield "   the highest rung is reached"
    else:
        following = found.reached + 1
        yield f"   {found.needed} − {found.at_or_above[following]} at or above rung {following}"
        yield f"   printed: {found.missing_for_next}"


def _choice(found: ChoiceSteps) -> Iterator[str]:
    n = sum(found.counts)
    yield "1. Counts"
    yield from _table([("description", "answers"), *zip(CULTURES, found.counts, strict=True), ("sum", n)])
    yield ""
    yield "2. Name"
    yield f"   two thirds of {n} answers are {found.needed}"
    yield f"   printed: {'mixed, as none has so many' if found.name is None else f'mostly {found.name}'}"


def _table(rows: Sequence[Sequence[object]]) -> list[str]:
    """Set rows in columns, numbers to the right."""
    texts = [[str(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return ["   " + "  ".join(value.rjust(width) for value, width in zip(row, widths, strict=True)) for row in texts]


def _number(value: Fraction | float) -> str:
    """Write a number with up to four decimals and a true minus sign."""
    return _ENGLISH.number(value, 4).rstrip("0").rstrip(".")


def _pair(ends: tuple[float, float]) -> str:
    return words.interval(ends, _ENGLISH)
