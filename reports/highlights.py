"""What stands out among a node's aspects: which lie highest and lowest, one strength, one conversation.

Only means that speak for the group take part, and an order is claimed only where what is printed shows one. A rounded
mean at an end of the scale says no more than "6.7 or above", so it stands beside a 6.8 and not below it.
"""

from __future__ import annotations

from collections.abc import Mapping

from reports import words
from reports.blocks import Callout
from reports.languages import Language
from reports.released import Agreement, OpenEnd, Released, ReleasedAspect
from reports.rounding import rounded

HIGH_SHARE = 2 / 3
"""From two thirds of the way up the scale (5 of 1 to 7) a mean counts as high."""
MOST_NAMES = 3
"""So many aspects are named at the top of a box; of more, their number."""


def shown_aspects(released: Released) -> dict[str, ReleasedAspect]:
    """Return the aspects that are released."""
    return {key: figure for key, figure in released.aspects.items() if isinstance(figure, ReleasedAspect)}


def firm(released: Released) -> dict[str, ReleasedAspect]:
    """Return the aspects whose mean speaks for the team: released, not split, enough answers."""
    return {key: figure for key, figure in shown_aspects(released).items() if not words.is_grey(figure)}


def in_order(figures: Mapping[str, ReleasedAspect]) -> list[dict[str, ReleasedAspect]]:
    """Return the aspects from low to high, in groups within which what is printed shows no order."""
    groups: list[dict[str, ReleasedAspect]] = []
    end = 0
    for key in sorted(figures, key=lambda key: _tenths(figures[key])):
        least, greatest = _tenths(figures[key])
        if groups and least <= end:
            groups[-1][key] = figures[key]
        else:
            groups.append({key: figures[key]})
        end = max(end, greatest) if len(groups[-1]) > 1 else greatest
    return [{key: figure for key, figure in figures.items() if key in group} for group in groups]


def _tenths(figure: ReleasedAspect) -> tuple[int, int]:
    """Return from where to where the mean may lie, in tenths: one printed tenth, or all up to the end of the scale."""
    printed = int(10 * rounded(figure.mean, 1))
    lowest, highest = figure.scale
    least = 10 * lowest if figure.open_end is OpenEnd.BOTTOM else printed
    return least, 10 * highest if figure.open_end is OpenEnd.TOP else printed


def _value(group: Mapping[str, ReleasedAspect], language: Language) -> str:
    """Write the mean of aspects that stand side by side: where one is open to an end of the scale, so are all."""
    is_open = [figure for figure in group.values() if figure.open_end is not None]
    # Of several open ones, the one that is open from further inside holds for all.
    widest = max(
        is_open or group.values(), key=lambda figure: figure.mean * (-1 if figure.open_end is OpenEnd.TOP else 1)
    )
    return words.mean(widest, language)


def _quoted(group: Mapping[str, ReleasedAspect], released: Released, language: Language) -> str:
    return words.quoted([words.aspect_name(released, key, language) for key in group], language)


def levels(released: Released, language: Language) -> str:
    """Say on which aspects agreement is strongest and weakest, or that they lie at the same place."""
    figures = firm(released)
    if not figures:
        return ""
    groups = in_order(figures)
    low, high = groups[0], groups[-1]
    if len(groups) == 1:
        if 1 < len(figures) < len(released.aspects):
            return language.gettext(
                "The aspects whose mean speaks for the group all lie at the same place: %(mean)s.",
                mean=_value(high, language),
            )
        return language.ngettext(
            "The aspect lies at %(mean)s.",
            "All %(n)s aspects lie at the same place: %(mean)s.",
            len(figures),
            mean=_value(high, language),
        )
    values = {
        "high": _quoted(high, released, language),
        "top": _value(high, language),
        "low": _quoted(low, released, language),
        "bottom": _value(low, language),
    }
    if len(figures) < len(shown_aspects(released)):
        return language.gettext(
            "Where a mean speaks for the group, agreement in these answers is strongest on %(high)s (%(top)s) and "
            "weakest on %(low)s (%(bottom)s).",
            **values,
        )
    return language.gettext(
        "In these answers, agreement is strongest on %(high)s (%(top)s) and weakest on %(low)s (%(bottom)s).",
        **values,
    )


def strength(released: Released, language: Language) -> Callout | None:
    """Return one thing to build on, if an aspect speaks for the team: a strength only where it is high."""
    figures = firm(released)
    if not figures:
        return None
    groups = in_order(figures)
    best = groups[-1]
    low, high = next(iter(best.values())).scale
    is_high = all(figure.mean >= low + (high - low) * HIGH_SHARE for figure in best.values())
    if not is_high and len(groups) == 1:
        return None
    value = language.gettext(
        "%(mean)s on a scale from %(low)s to %(high)s.", mean=_value(best, language), low=low, high=high
    )
    name = _subject(best, released, language)
    if is_high:
        more = language.gettext("Which habit of yours makes this work, and who could learn it from you?")
        return Callout(language.gettext("One strength"), name, f"{value} {more}", "strength")
    more = language.gettext(
        "Not high, but the furthest along in these answers: what has helped here that could help elsewhere?"
    )
    return Callout(language.gettext("Furthest along"), name, f"{value} {more}", "strength")


def conversation(released: Released, language: Language) -> Callout | None:
    """Return one thing to talk about: where views split first, else where agreement is weakest."""
    figures, title = shown_aspects(released), language.gettext("One conversation")
    split = [key for key in released.suggestions.conversations if key in figures]
    split += [key for key, figure in figures.items() if figure.agreement is Agreement.SPLIT]
    if split:
        text = language.gettext("Views split here. Talk before changing anything: what does each side see every day?")
        return Callout(title, words.aspect_name(released, split[0], language), text, "talk")
    if len(figures) < 2:
        return None
    groups = in_order(firm(released))
    if not groups:
        text = language.gettext(
            "Fewer than 60 % answered, so no mean speaks for the group. What would make it safe or worthwhile to "
            "answer next time? Never ask who did not."
        )
        return Callout(title, language.gettext("What these answers leave open"), text, "talk")
    if len(groups) == 1:
        text = language.gettext("The aspects lie alike. What would a newcomer notice that has become normal here?")
        return Callout(title, language.gettext("What has become invisible"), text, "talk")
    value = language.gettext("Weakest agreement in these answers, at %(mean)s.", mean=_value(groups[0], language))
    question = language.gettext("When did this go well in the last three months, and what made that possible?")
    return Callout(title, _subject(groups[0], released, language), f"{value} {question}", "talk")


def _subject(group: Mapping[str, ReleasedAspect], released: Released, language: Language) -> str:
    """Name a few aspects, or say how many they are."""
    if 1 < len(group) == len(released.aspects):
        return language.gettext("Every aspect")
    if len(group) > MOST_NAMES:
        return language.ngettext("%(n)s aspect alike", "%(n)s aspects alike", len(group))
    return " · ".join(words.aspect_name(released, key, language) for key in group)
