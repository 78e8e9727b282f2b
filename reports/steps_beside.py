"""What stands beside a level's steps: which teams it counts, its change, and what only an organisation's report has.

These numbers rest on more than one histogram, so their steps are not a column of one report. What they rest on is
said, and the section of the methods in which they are worked out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from statistics import NormalDist

from reports import role_words, words
from reports.comparisons import ALPHA
from reports.funnel import INNER, OUTER, funnel, limits
from reports.languages import language
from reports.organisation_tests import LEAST_TEAMS
from reports.released import (
    Change,
    Method,
    OrganisationChange,
    Released,
    ReleasedAspect,
    ReleasedOrganisation,
    ReleasedRole,
    RoleComparison,
    Status,
)
from reports.reliability import AT_LEAST, team_difference
from reports.rounding import hundredths
from reports.stratified import FALSE_SHARE

_ENGLISH = language("en")
_WHY_NO_VERDICT: Mapping[Status, str] = {
    Status.FIRST_QUARTER: "the first quarter: there is nothing to compare with",
    Status.NOT_COMPARABLE: "not comparable: asked differently then, or on another scale",
    Status.TOO_FEW: "nothing of it was shown then, so there is nothing to compare with",
}


def counted(released: Released, figure: ReleasedAspect) -> Iterator[str]:
    """Say how many of a department's or the organisation's teams a level counts; nothing of a team."""
    if released.kind == "team":
        return
    yield f"Counts the answers of {figure.n_teams} of {released.n_teams} teams."
    yield ""


def since(released: Released, figure: ReleasedAspect) -> Iterator[str]:
    """Return what is said of an aspect's change since the quarter before, and what it rests on."""
    change = figure.change
    yield ""
    yield f"Since {released.previous_quarter or 'last quarter'}"
    if change.status in _WHY_NO_VERDICT:
        yield f"   {_WHY_NO_VERDICT[change.status]}"
    if change.before is not None:
        mean, now = words.both_means(figure, _ENGLISH)
        scale = f" on a scale from {change.before_scale[0]} to {change.before_scale[1]}" if change.before_scale else ""
        yield f"   before: {mean}{scale}; now: {now}"
    if change.status is Status.NOT_TESTED:
        if released.kind == "team":
            yield "   not tested: none of the focus aspects chosen before people answered"
        else:
            yield "   not tested: who answers in which team changes too; teams are compared with themselves instead"
    elif change.status in (Status.CHANGED, Status.NOT_DISTINGUISHABLE):
        yield from _tested(figure, change)
    if change.detectable is not None:
        yield f"   detectable: {_number(change.detectable)} points; methods, “Minimum detectable change”"


def _tested(figure: ReleasedAspect, change: Change) -> Iterator[str]:
    yield f"   printed: {words.STATUSES[change.status]}"
    if change.p is None or change.delta is None:
        yield "   at least one of the quarters is rounded, so the verdict is computed of rounded values; methods,"
        yield "   “Where a quarter is coarse”"
        return
    told = "at most" if change.p <= ALPHA else "more than"
    found = "counted exactly (mid-p)" if change.method is Method.EXACT else "from the normal limit"
    yield f"   p = {_p(change.p, ALPHA)}, {told} {_number(float(ALPHA))}, {found}; methods, “The test”"
    yield f"   delta = {_number(change.delta)}: the share of pairs whose newer answer is higher, less that of lower"
    if change.pairs is not None:
        higher, equal, lower = hundredths(change.pairs)
        yield f"   of 100 pairs, the newer is higher in about {higher}, equal in {equal} and lower in {lower}"
    yield f"   both need two histograms: this one of {figure.n} answers, and that of the report of the quarter before"


def of_the_organisation(organisation: ReleasedOrganisation, aspect: str) -> Iterator[str]:
    """Return what only an organisation's report has of an aspect; nothing of an aspect that was not asked."""
    if aspect not in organisation.whole.aspects:
        return
    yield from _within(organisation.changes.get(aspect))
    yield from _funnel(organisation, aspect)
    yield from _reliability(organisation, aspect)
    if aspect in organisation.roles:
        yield from _roles(organisation, organisation.roles[aspect])


def _within(change: OrganisationChange | None) -> Iterator[str]:
    yield ""
    yield "Change within teams"
    if change is None or change.status in _WHY_NO_VERDICT:
        known = Status.FIRST_QUARTER if change is None else change.status
        few = "no team is shown exactly in both quarters"
        yield f"   {few if known is Status.TOO_FEW else _WHY_NO_VERDICT[known]}"
        return
    yield (
        f"   {change.n_teams} teams shown exactly in both quarters: {change.n_before} answers then, "
        f"{change.n_after} now"
    )
    if change.p is None or change.adjusted_p is None or change.delta is None:
        yield f"   not tested: fewer than {LEAST_TEAMS} teams"
        return
    told = "at most" if change.adjusted_p <= FALSE_SHARE else "more than"
    corrected = _p(change.adjusted_p, FALSE_SHARE)
    yield f"   p = {_p(change.p)}, adjusted for all aspects {corrected}: {told} {FALSE_SHARE:g}"
    yield f"   delta within teams = {_number(change.delta)}"
    yield f"   printed: {words.STATUSES[change.status]}"
    yield "   from two histograms of each team, which the two reports of a team hold; methods, “Change within teams”"


def _funnel(organisation: ReleasedOrganisation, aspect: str) -> Iterator[str]:
    found = funnel(organisation, aspect)
    yield ""
    yield "Teams and chance"
    if found is None:
        yield f"   fewer than {LEAST_TEAMS} teams are shown exactly, so no limits"
        return
    n = organisation.whole.detail_size
    yield f"   {len(found.dots)} teams shown exactly, around {_number(found.mean)}; within teams, answers stray by"
    yield f"   {_number(found.deviation)} points (from these teams' histograms; methods, “Teams beside each other”)"
    for share in (INNER, OUTER):
        z = NormalDist().inv_cdf((1 + share) / 2)
        half = z * found.deviation / math.sqrt(n)
        ends = words.interval(limits(found.mean, found.deviation, n, share, found.scale), _ENGLISH)
        yield f"   limits of {100 * share:g} %: ∓ {_number(z)} × {_number(found.deviation)} / √{n} = ∓ {_number(half)},"
        yield f"   no further than the scale; printed: {ends}"


def _reliability(organisation: ReleasedOrganisation, aspect: str) -> Iterator[str]:
    alpha, difference = organisation.alphas.get(aspect), team_difference(organisation, aspect)
    yield ""
    yield "Reliability"
    if alpha is None:
        yield f"   no alpha: fewer than {AT_LEAST} answers to every statement, or not all of groups shown exactly"
    else:
        low, high = alpha.interval_90
        ends = f"from {_ENGLISH.number(low, 2)} to {_ENGLISH.number(high, 2)}"
        yield f"   alpha = {_number(alpha.alpha)}, {ends}, of {alpha.n} people who answered every"
        yield "   statement; their answers are counted apart and never shown, so there are no steps from a histogram"
    if difference is None:
        yield f"   no ICC: fewer than {LEAST_TEAMS} teams shown exactly, or fewer than {AT_LEAST} answers of theirs"
    else:
        icc, n_teams = difference.icc, difference.n_teams
        yield f"   ICC(1) = {_number(float(icc.single))}, ICC(2) = {_number(float(icc.average))}, from the histograms"
        yield f"   of {n_teams} teams with {difference.n} answers; methods, “Reliability”"


def _roles(organisation: ReleasedOrganisation, comparison: RoleComparison) -> Iterator[str]:
    names = role_words.names(organisation.whole, _ENGLISH).roles
    yield ""
    yield "Roles"
    for role, figure in comparison.roles.items():
        text = role_words.in_words(names.get(role, role), figure, _ENGLISH)
        if isinstance(figure, ReleasedRole):
            text += f" in {figure.n_teams} teams, 90 % interval {words.interval(figure.interval_90, _ENGLISH)}"
        yield f"   {text}"
    if comparison.p is not None and comparison.adjusted_p is not None:
        yield f"   p = {_p(comparison.p)}, adjusted for all aspects {_p(comparison.adjusted_p, FALSE_SHARE)}"
    yield f"   printed: {role_words.VERDICTS[comparison.verdict]}"
    yield "   of roles only rounded values are kept, so there are no steps from a histogram; methods, “Roles”"


def _number(value: float) -> str:
    """Write a number with up to four decimals and a true minus sign."""
    return _ENGLISH.number(value, 4).rstrip("0").rstrip(".")


def _p(value: float, limit: float | Fraction = ALPHA) -> str:
    """Write a p with four decimals or more, so that it can be told from its limit and is never 0."""
    return words.p_value(value, float(limit), _ENGLISH, 4).rstrip("0").rstrip(".")
