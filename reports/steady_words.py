"""What is said below the lines over several quarters: which aspects moved steadily, and by which rule."""

from __future__ import annotations

from reports import words
from reports.blocks import Block, Paragraph
from reports.languages import Language
from reports.released import ReleasedAspect, Series
from reports.rounding import rounded
from reports.steadiness import ALONE, WITH_TEST, Steady, chance_of_any, steady


def steadily(series: Series, language: Language) -> tuple[Block, ...]:
    """Return a line that names the aspects that moved steadily, or says that none did; nothing but for teams.

    How often it would name one by chance stands beside it.
    """
    if not series.quarters or series.quarters[-1].kind != "team":
        return ()
    latest = series.quarters[-1]
    told = [
        _movement(words.aspect_name(latest, aspect, language), movement, language)
        for aspect, movement in movements(series).items()
    ]
    rule = language.gettext(
        "%(alone)s quarters all one way, or %(with_test)s and a passed test on a focus aspect",
        alone=ALONE,
        with_test=WITH_TEST,
    )
    if told:
        text = language.gettext("Moved steadily: %(aspects)s (%(rule)s).", aspects="; ".join(told), rule=rule)
    else:
        text = language.gettext("No aspect moved steadily (%(rule)s).", rule=rule)
    n_shown = sum(isinstance(figure, ReleasedAspect) for figure in latest.aspects.values())
    if n_shown:
        text += " " + language.gettext(
            "Where nothing changes, about one report in %(n)s still calls some aspect steady.",
            n=rounded(1 / chance_of_any(n_shown), 0),
        )
    return (Paragraph(text, small=True),)


def movements(series: Series) -> dict[str, Steady]:
    """Return the aspects of the last quarter that moved steadily, with how."""
    if not series.quarters:
        return {}
    found = {aspect: steady(series, aspect) for aspect in series.quarters[-1].aspects}
    return {aspect: movement for aspect, movement in found.items() if movement is not None}


def _movement(name: str, movement: Steady, language: Language) -> str:
    if movement.direction > 0:
        return language.gettext("“%(name)s”, rising over %(n)s quarters", name=name, n=movement.n_quarters)
    return language.gettext("“%(name)s”, falling over %(n)s quarters", name=name, n=movement.n_quarters)
