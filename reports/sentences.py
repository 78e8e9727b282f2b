"""Sentences that adapt to what was released: one person or many, known or unknown, shared, split or withheld."""

from __future__ import annotations

from collections.abc import Mapping

from reports import words
from reports.blocks import Callout
from reports.languages import Language
from reports.released import Agreement, Released, ReleasedAspect, ReleasedLadder, Status, Tier

HIGH_SHARE = 2 / 3
"""From two thirds of the way up the scale (5 of 1 to 7) a mean counts as high."""


def answered(released: Released, language: Language) -> str:
    """Say how many answered, of how many if that is known."""
    n, invited = released.n_answered, released.n_invited
    if released.way == "open_link":
        return language.ngettext(
            "%(n)s answer came in over an open link.", "%(n)s answers came in over an open link.", n
        )
    if invited is None:
        return language.ngettext(
            "%(n)s answer was imported; how many people were asked is not known.",
            "%(n)s answers were imported; how many people were asked is not known.",
            n,
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


def shown_aspects(released: Released) -> dict[str, ReleasedAspect]:
    """Return the aspects that are released."""
    return {key: figure for key, figure in released.aspects.items() if isinstance(figure, ReleasedAspect)}


def shown_ladders(released: Released) -> dict[str, ReleasedLadder]:
    """Return the practice areas that are released."""
    return {key: figure for key, figure in released.ladders.items() if isinstance(figure, ReleasedLadder)}


def firm(released: Released) -> dict[str, ReleasedAspect]:
    """Return the aspects whose mean speaks for the team: released, not split, enough answers."""
    return {key: figure for key, figure in shown_aspects(released).items() if not words.is_grey(figure)}


def told(released: Released, language: Language) -> tuple[str, ...]:
    """Return the sentences of what a node told us: where it agrees, how close views lie, where practice stands."""
    return tuple(
        sentence
        for sentence in (_levels(released, language), _views(released, language), _practice(released, language))
        if sentence
    )


def _levels(released: Released, language: Language) -> str:
    figures = firm(released)
    if not figures:
        return ""
    lowest, highest = _ends({key: figure.mean for key, figure in figures.items()})
    top, bottom = figures[highest], figures[lowest]
    if words.mean(top, language) == words.mean(bottom, language):
        if 1 < len(figures) < len(released.aspects):
            return language.gettext(
                "The aspects whose mean speaks for the group all lie at the same place: %(mean)s.",
                mean=words.mean(top, language),
            )
        return language.ngettext(
            "The aspect lies at %(mean)s.",
            "All %(n)s aspects lie at the same place: %(mean)s.",
            len(figures),
            mean=words.mean(top, language),
        )
    values = {
        "high": _alike(figures, top, released, language),
        "top": words.mean(top, language),
        "low": _alike(figures, bottom, released, language),
        "bottom": words.mean(bottom, language),
    }
    if len(figures) < len(shown_aspects(released)):
        return language.gettext(
            "Where a mean speaks for the group, agreement is strongest on %(high)s (%(top)s) and weakest on "
            "%(low)s (%(bottom)s).",
            **values,
        )
    return language.gettext(
        "Agreement is strongest on %(high)s (%(top)s) and weakest on %(low)s (%(bottom)s).", **values
    )


def _alike(figures: Mapping[str, ReleasedAspect], end: ReleasedAspect, released: Released, language: Language) -> str:
    """Name every aspect whose mean reads like the one at an end."""
    value = words.mean(end, language)
    same = [key for key, figure in figures.items() if words.mean(figure, language) == value]
    return words.quoted([words.aspect_name(released, key, language) for key in same], language)


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


def strength(released: Released, language: Language) -> Callout | None:
    """Return one thing to build on, if an aspect speaks for the team."""
    figures = firm(released)
    if not figures:
        return None
    _, best = _ends({key: figure.mean for key, figure in figures.items()})
    figure = figures[best]
    name = words.aspect_name(released, best, language)
    low, high = figure.scale
    if len(figures) > 1 and len({words.mean(one, language) for one in figures.values()}) == 1:
        name = language.gettext("Every aspect")
    is_high = figure.mean >= low + (high - low) * HIGH_SHARE
    value = language.gettext(
        "%(mean)s on a scale from %(low)s to %(high)s.", mean=words.mean(figure, language), low=low, high=high
    )
    if is_high:
        more = language.gettext("Which habit of yours makes this work, and who could learn it from you?")
    else:
        more = language.gettext("Not high yet, but the furthest along: what has helped here that could help elsewhere?")
    return Callout(language.gettext("One strength"), name, f"{value} {more}", "strength")


def conversation(released: Released, language: Language) -> Callout | None:
    """Return one thing to talk about: where views split first, else where agreement is weakest."""
    figures = shown_aspects(released)
    split = [key for key in released.suggestions.conversations if key in figures]
    split += [key for key, figure in figures.items() if figure.agreement is Agreement.SPLIT]
    title = language.gettext("One conversation")
    if split:
        text = language.gettext("Views split here. Talk before changing anything: what does each side see every day?")
        return Callout(title, words.aspect_name(released, split[0], language), text, "talk")
    if not figures or len(figures) < 2:
        return None
    lowest, _ = _ends({key: figure.mean for key, figure in figures.items()})
    if len({words.mean(one, language) for one in figures.values()}) == 1:
        text = language.gettext("All aspects lie alike. What would a newcomer notice that has become normal here?")
        return Callout(title, language.gettext("What has become invisible"), text, "talk")
    value = language.gettext("Weakest agreement, at %(mean)s.", mean=words.mean(figures[lowest], language))
    question = language.gettext("When did this go well in the last three months, and what made that possible?")
    return Callout(title, words.aspect_name(released, lowest, language), f"{value} {question}", "talk")


def sure(released: Released, language: Language) -> str:
    """Say in one line how sure all this is."""
    figures = shown_aspects(released)
    parts = []
    if released.n_invited is not None and released.way != "open_link":
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
    detectable = [f.change.detectable for f in figures.values() if f.change.detectable is not None]
    if detectable:
        points = language.number(max(detectable))
        parts.append(
            language.gettext("with the usual spread, a change below %(points)s points could be chance", points=points)
        )
    return language.gettext("How sure is this?") + " " + "; ".join(parts) + "."


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
    old, new = words.before(verdict.before, verdict.before_open_end, language), words.mean(figure, language)
    values = {"name": name, "before": old, "now": new}
    if verdict.direction > 0:
        sentence = language.gettext("%(name)s changed: higher, from %(before)s to %(now)s.", **values)
    elif verdict.direction < 0:
        sentence = language.gettext("%(name)s changed: lower, from %(before)s to %(now)s.", **values)
    else:
        sentence = language.gettext("%(name)s changed, from %(before)s to %(now)s.", **values)
    if verdict.delta is None:
        return sentence
    pairs = round(50 * (1 + verdict.delta))
    return (
        sentence
        + " "
        + language.gettext(
            "Of 100 pairs of one answer from each quarter, the newer is the higher in about %(pairs)s.", pairs=pairs
        )
    )
