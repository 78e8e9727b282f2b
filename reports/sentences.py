"""Sentences that adapt to what was released: one person or many, known or unknown, shared, split or withheld."""

from __future__ import annotations

from collections.abc import Mapping

from reports import words
from reports.highlights import levels, shown_aspects
from reports.languages import Language
from reports.released import Agreement, Released, ReleasedAspect, ReleasedLadder, Status, Tier


def answered(released: Released, language: Language) -> str:
    """Say how many answered, of how many if that is known; answers where they cannot be counted as people."""
    n, invited = released.n_answered, released.n_invited
    if released.way == "open_link":
        return language.ngettext(
            "%(n)s answer came in over an open link.", "%(n)s answers came in over an open link.", n
        )
    if released.kind == "team" and invited is None:
        return language.ngettext(
            "%(n)s answer was imported; how many people were asked is not known.",
            "%(n)s answers were imported; how many people were asked is not known.",
            n,
        )
    if invited is None:
        return language.ngettext(
            "%(n)s answer came in; how many people were asked is not known everywhere.",
            "%(n)s answers came in; how many people were asked is not known everywhere.",
            n,
        )
    if released.kind != "team" and not released.is_countable:
        return language.ngettext(
            "%(n)s answer came in; in some teams answers cannot be counted as people.",
            "%(n)s answers came in; in some teams answers cannot be counted as people.",
            n,
        )
    if not released.is_countable:
        return language.ngettext(
            "%(n)s answer was imported, although %(invited)s people are said to have been asked.",
            "%(n)s answers were imported, although %(invited)s people are said to have been asked.",
            n,
            invited=invited,
        )
    if n == invited:
        return language.ngettext("The one person invited answered.", "All %(n)s people answered.", n)
    if n == 0:
        return language.ngettext(
            "Nobody answered; %(n)s person was invited.", "Nobody answered; %(n)s people were invited.", invited
        )
    return language.ngettext(
        "%(answered)s of %(n)s person answered.", "%(answered)s of %(n)s people answered.", invited, answered=n
    )


def movement(released: Released, language: Language) -> str:
    """Say how many joined and left since the previous quarter; never who."""
    if released.previous_quarter is None:
        return language.gettext("This is the first quarter, so there is nothing to compare with yet.")
    if released.n_joined is None or released.n_left is None:
        return language.gettext("The previous quarter was %(quarter)s.", quarter=released.previous_quarter)
    if released.n_joined == released.n_left == 0:
        return language.gettext("Since %(quarter)s nobody joined and nobody left.", quarter=released.previous_quarter)
    joined = language.ngettext("%(n)s person joined", "%(n)s people joined", released.n_joined)
    left = language.ngettext("%(n)s left", "%(n)s have left", released.n_left)
    return language.gettext(
        "Since %(quarter)s: %(joined)s, %(left)s.", quarter=released.previous_quarter, joined=joined, left=left
    )


def shown_ladders(released: Released) -> dict[str, ReleasedLadder]:
    """Return the practice areas that are released."""
    return {key: figure for key, figure in released.ladders.items() if isinstance(figure, ReleasedLadder)}


def told(released: Released, language: Language) -> tuple[str, ...]:
    """Return the sentences of what a node told us: where it agrees, how close views lie, where practice stands."""
    return tuple(
        sentence
        for sentence in (levels(released, language), _views(released, language), _practice(released, language))
        if sentence
    )


def _views(released: Released, language: Language) -> str:
    figures = shown_aspects(released)
    if not figures:
        return ""
    split = [key for key, figure in figures.items() if figure.agreement is Agreement.SPLIT]
    n_shared = sum(figure.agreement is Agreement.SHARED for figure in figures.values())
    if len(split) == len(released.aspects) > 1:
        return language.gettext("Views split on every aspect: a mean alone would hide that.")
    if split:
        names = words.quoted([words.aspect_name(released, key, language) for key in split], language)
        return language.gettext("Views split on %(names)s; there a mean alone would hide the difference.", names=names)
    if n_shared == len(released.aspects) > 1:
        return language.gettext("Views lie close together on every aspect.")
    if len(figures) < len(released.aspects) or any(figure.spread is None for figure in figures.values()):
        # Where no word may be told about an aspect, nothing is claimed about all of them.
        return (
            language.ngettext(
                "Views lie close together on one of the aspects shown.",
                "Views lie close together on %(n)s of the aspects shown.",
                n_shared,
            )
            if n_shared
            else ""
        )
    if n_shared:
        return language.ngettext(
            "Views lie close together on one aspect and split on none.",
            "Views lie close together on %(n)s of %(all)s aspects and split on none.",
            n_shared,
            all=len(figures),
        )
    return language.gettext("Views split on no aspect, and on none do they lie especially close together.")


def _practice(released: Released, language: Language) -> str:
    figures = shown_ladders(released)
    if not figures:
        return ""
    lowest, highest = _ends({key: float(figure.reached) for key, figure in figures.items()})
    low, high = figures[lowest].reached, figures[highest].reached
    if low == high and len(figures) < len(released.ladders):
        return language.ngettext(
            "The one practice area shown stands on rung %(rung)s of 4.",
            "All %(n)s practice areas shown stand on rung %(rung)s of 4.",
            len(figures),
            rung=low,
        )
    if low == high:
        return language.gettext("All practice areas stand on rung %(rung)s of 4.", rung=low)
    at_low = [words.aspect_name(released, key, language) for key, figure in figures.items() if figure.reached == low]
    at_high = [words.aspect_name(released, key, language) for key, figure in figures.items() if figure.reached == high]
    return language.gettext(
        "Practice reaches furthest in %(high)s (rung %(top)s of 4) and least far in %(low)s (rung %(bottom)s).",
        high=words.quoted(at_high, language),
        top=high,
        low=words.quoted(at_low, language),
        bottom=low,
    )


def _ends(values: Mapping[str, float]) -> tuple[str, str]:
    """Return the keys of the lowest and the highest value, the first of several in the order given."""
    return min(values, key=lambda key: values[key]), max(values, key=lambda key: values[key])


def sure(released: Released, language: Language) -> str:
    """Say in one line how sure all this is."""
    figures = shown_aspects(released)
    parts = []
    if released.way != "open_link" and (released.n_invited is not None or released.kind != "team"):
        parts.append(answered(released, language).rstrip("."))
    else:
        parts.append(
            language.ngettext(
                "%(n)s answer, group size unknown", "%(n)s answers, group size unknown", released.n_answered
            )
        )
    if any(figure.interval_90 is not None for figure in figures.values()):
        parts.append(language.gettext("levels with 90 % intervals"))
    coarse = [figure.tier is Tier.COARSE for figure in figures.values()]
    if all(coarse) and coarse:
        parts.append(language.gettext("rounded to protect a small group"))
    elif any(coarse):
        parts.append(language.gettext("partly rounded to protect a small group"))
    exact, rounded = detectable(released)
    if exact is not None:
        points = language.number(exact)
        parts.append(
            language.gettext("with the usual spread, a change below %(points)s points could be chance", points=points)
        )
    elif rounded is not None:
        points = language.number(rounded)
        parts.append(language.gettext("no change below %(points)s points can be told from chance", points=points))
    return language.gettext("How sure is this?") + " " + "; ".join(parts) + "."


def detectable(released: Released) -> tuple[float | None, float | None]:
    """Return from where on changes can be told from chance: the largest such step of exact means with the usual spread,
    and the smallest that any rounded mean's test can tell, in points; None without such means."""
    exact: list[float] = []
    rounded: list[float] = []
    for figure in shown_aspects(released).values():
        if figure.change.detectable is not None:
            is_rounded = Tier.COARSE in (figure.tier, figure.change.before_tier)
            (rounded if is_rounded else exact).append(figure.change.detectable)
    return max(exact, default=None), min(rounded, default=None)


def focus(released: Released, aspect: str, language: Language) -> str:
    """Say what may be said about a focus aspect since last time, or why it has no figure."""
    figure = released.aspects[aspect]
    if isinstance(figure, ReleasedAspect):
        return change(released, aspect, figure, language)
    return f"{words.aspect_name(released, aspect, language)}: {words.reason(figure, released, language)}."


def change(released: Released, aspect: str, figure: ReleasedAspect, language: Language) -> str:
    """Say what may be said about one aspect since last time, in a sentence."""
    name = words.aspect_name(released, aspect, language)
    verdict = figure.change
    if verdict.status is not Status.CHANGED or verdict.before is None:
        return f"{name}: {words.verdict(verdict, released, language)}."
    old, new = words.both_means(figure, language)
    values = {"name": name, "before": old, "now": new}
    if verdict.direction > 0:
        sentence = language.gettext("%(name)s changed: higher, from %(before)s to %(now)s.", **values)
    elif verdict.direction < 0:
        sentence = language.gettext("%(name)s changed: lower, from %(before)s to %(now)s.", **values)
    else:
        sentence = language.gettext("%(name)s changed, from %(before)s to %(now)s.", **values)
    return f"{sentence} {words.pairs(verdict, language)}".rstrip()
