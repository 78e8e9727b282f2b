"""Released values in words, the same in figures, tables, alternative texts and sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.languages import Language, phrase
from reports.released import (
    Agreement,
    Change,
    OpenEnd,
    OrganisationChange,
    Reason,
    Released,
    ReleasedAspect,
    ReleasedChoice,
    ReleasedLadder,
    ReleasedRole,
    Spread,
    Status,
    Tier,
    Withheld,
)
from reports.rounding import hundredths

AGREEMENTS: Mapping[Agreement | None, str] = {
    Agreement.SHARED: phrase("shared view"),
    Agreement.SPLIT: phrase("views split"),
}
SPREADS = {
    Spread.MOSTLY_HIGH: phrase("mostly high"),
    Spread.MOSTLY_MIDDLE: phrase("mostly in the middle"),
    Spread.MOSTLY_LOW: phrase("mostly low"),
    Spread.MIXED: phrase("mixed"),
}
STATUSES = {
    Status.CHANGED: phrase("changed"),
    Status.NOT_DISTINGUISHABLE: phrase("not distinguishable from chance"),
    Status.TOO_FEW: phrase("too few answers to tell"),
    Status.NOT_TESTED: phrase("not tested: not a focus aspect"),
    Status.NOT_COMPARABLE: phrase("not comparable"),
    Status.FIRST_QUARTER: phrase("first quarter"),
}
CULTURE_NAMES = {
    "pathological": phrase("pathological"),
    "bureaucratic": phrase("bureaucratic"),
    "generative": phrase("generative"),
}
LEVEL_NAMES = (
    phrase("reactive"),
    phrase("passive"),
    phrase("active"),
    phrase("just"),
    phrase("generative"),
)

MOST_DECIMALS = 6
"""Two numbers that must be told apart are printed with up to so many decimals."""


def verdict(change: Change, released: Released, language: Language) -> str:
    """Say one of the six things that may be said about a change."""
    if change.status is Status.NOT_TESTED and released.kind != "team":
        return language.gettext("not tested")
    return language.gettext(STATUSES[change.status])


def aspect_name(released: Released, aspect: str, language: Language) -> str:
    """Return the name of an aspect or practice area as the campaign's own instrument words it."""
    if aspect in released.questionnaire.aspects:
        return language.text(released.questionnaire.aspects[aspect][1].name)
    if aspect in released.questionnaire.ladders:
        return language.text(released.questionnaire.ladders[aspect].name)
    return aspect


def reason(figure: Withheld, released: Released, language: Language) -> str:
    """Say why a figure is not shown."""
    if figure.reason is Reason.NOT_ASKED:
        return language.gettext("not asked this quarter")
    if figure.reason is Reason.WOULD_REVEAL:
        return language.gettext("withheld: shown, it would give a small group away")
    return language.ngettext(
        "withheld: fewer than %(n)s answer", "withheld: fewer than %(n)s answers", smallest(released)
    )


def smallest(released: Released) -> int:
    """Return how many answers a figure of this node needs: an open link has the detail size as its least."""
    return released.detail_size if released.way == "open_link" else released.reporting_size


def mean(figure: ReleasedAspect | ReleasedRole, language: Language) -> str:
    """Write a mean, or say that it lies at an end of the scale or beyond."""
    value = language.number(figure.mean)
    return _open(value, figure.open_end, language)


def before(value: float, open_end: OpenEnd | None, language: Language) -> str:
    """Write last quarter's mean as it was released then."""
    return _open(language.number(value), open_end, language)


def both_means(figure: ReleasedAspect, language: Language) -> tuple[str, str]:
    """Write last quarter's mean, empty where there is none, and this one's: a change that was found can be seen."""
    change, new = figure.change, mean(figure, language)
    if change.before is None:
        return "", new
    old = before(change.before, change.before_open_end, language)
    for decimals in range(2, MOST_DECIMALS + 1):
        if change.status is not Status.CHANGED or old != new:
            break
        old = _open(language.number(change.before, decimals), change.before_open_end, language)
        new = _open(language.number(figure.mean, decimals), figure.open_end, language)
    return old, new


def p_value(value: float, limit: float, language: Language, decimals: int = 3) -> str:
    """Write a p: never as 0, and with so many decimals that it can be told from the limit it is judged by."""
    least = 10.0**-decimals
    if value < least:
        return f"< {language.number(least, decimals)}"
    while language.number(value, decimals) == language.number(limit, decimals) and decimals < MOST_DECIMALS:
        if value == limit:
            break
        decimals += 1
    return language.number(value, decimals)


def pairs(change: Change | OrganisationChange, language: Language) -> str:
    """Say of how many of 100 pairs the newer is higher, equal and lower.

    Nothing where that would point another way than the verdict: a test of means and one of ranks weigh answers apart.
    """
    if change.pairs is None or (change.pairs[0] - change.pairs[2]) * change.direction <= 0:
        return ""
    higher, equal, lower = hundredths(change.pairs)
    return language.gettext(
        "Of 100 pairs of one answer from each quarter, the newer is higher in about %(higher)s, equal in %(equal)s and "
        "lower in %(lower)s.",
        higher=higher,
        equal=equal,
        lower=lower,
    )


def _open(value: str, open_end: OpenEnd | None, language: Language) -> str:
    if open_end is OpenEnd.TOP:
        return language.gettext("%(value)s or above", value=value)
    if open_end is OpenEnd.BOTTOM:
        return language.gettext("%(value)s or below", value=value)
    return value


def interval(ends: tuple[float, float], language: Language) -> str:
    """Write two ends of an interval."""
    return language.gettext("%(low)s to %(high)s", low=language.number(ends[0]), high=language.number(ends[1]))


def how_sure(aspect: ReleasedAspect, language: Language) -> str:
    """Say in a few words how sure a mean is: its interval, or why it has none."""
    if aspect.everyone_answered:
        return language.gettext("everyone answered")
    if aspect.interval_90 is None:
        return language.gettext("no interval")
    return interval(aspect.interval_90, language)


def labels(aspect: ReleasedAspect, language: Language) -> list[str]:
    """Return what stands beside a mean: shared or split, few answers, and at the coarse tier the spread."""
    found = []
    if aspect.tier is Tier.COARSE and aspect.spread is not None and not _crosses_a_limit(aspect):
        found.append(spread(aspect, language))
    if view := AGREEMENTS.get(aspect.agreement):
        found.append(language.gettext(view))
    if aspect.low_response:
        found.append(language.gettext("under 60 % answered"))
    return found


def is_grey(aspect: ReleasedAspect) -> bool:
    """Whether a mean is drawn grey, because few answered or because views split."""
    return aspect.low_response or aspect.agreement is Agreement.SPLIT


def why_grey(aspect: ReleasedAspect, language: Language) -> str:
    """Say in brackets why a mean is drawn as a grey cross, for who cannot see it; nothing for others."""
    found = [language.gettext(AGREEMENTS[Agreement.SPLIT])] if aspect.agreement is Agreement.SPLIT else []
    if aspect.low_response:
        found.append(language.gettext("under 60 % answered"))
    return f" ({', '.join(found)})" if found else ""


def spread(aspect: ReleasedAspect, language: Language) -> str:
    """Say where most answers lie; close together across a limit of the thirds, they are not called mixed."""
    if aspect.spread is None:
        return ""
    if _crosses_a_limit(aspect):
        return language.gettext("in neighbouring parts of the scale")
    return language.gettext(SPREADS[aspect.spread])


def _crosses_a_limit(aspect: ReleasedAspect) -> bool:
    """Whether answers lie close together although no third of the scale has most of them."""
    return aspect.spread is Spread.MIXED and aspect.agreement is Agreement.SHARED


def is_partial(figure: ReleasedAspect | ReleasedLadder, released: Released) -> bool:
    """Whether a figure of a department or the organisation counts only some of its teams."""
    return released.kind != "team" and figure.n_teams < released.n_teams


def counted(figure: ReleasedAspect | ReleasedLadder, released: Released, language: Language) -> list[str]:
    """Say in short lines how many answers a figure counts, and of how many teams where it does not count all."""
    lines = [language.ngettext("%(n)s answer", "%(n)s answers", figure.n)]
    if is_partial(figure, released):
        teams = language.ngettext(
            "%(counted)s of %(n)s team", "%(counted)s of %(n)s teams", released.n_teams, counted=figure.n_teams
        )
        lines.append(teams)
    return lines


def choice(figure: ReleasedChoice, language: Language) -> str:
    """Name the culture that two thirds chose, or say that the choice is mixed."""
    if figure.name is None:
        return language.gettext("mixed")
    return language.gettext("mostly %(culture)s", culture=language.gettext(CULTURE_NAMES[figure.name]))


def ladder(figure: ReleasedLadder, language: Language) -> str:
    """Say which rung is reached, in one short line."""
    if figure.majority is not None and figure.majority > figure.reached:
        return language.gettext(
            "reached %(reached)s, a majority sees %(majority)s", reached=figure.reached, majority=figure.majority
        )
    return language.gettext("reached %(reached)s", reached=figure.reached)


def missing(figure: ReleasedLadder, language: Language) -> str:
    """Say how many raters the next rung lacks; empty where that is not released or the top is reached."""
    if figure.missing_for_next is None:
        return ""
    return language.gettext("%(n)s more for rung %(next)s", n=figure.missing_for_next, next=figure.reached + 1)


def quoted(names: Sequence[str], language: Language) -> str:
    """Join names to a list, each between quotation marks."""
    return listed([language.gettext("“%(name)s”", name=name) for name in names], language)


def listed(words: Sequence[str], language: Language) -> str:
    """Join words to a list as a sentence does: one, two and three."""
    if len(words) < 2:
        return "".join(words)
    return language.gettext("%(first)s and %(last)s", first=", ".join(words[:-1]), last=words[-1])
