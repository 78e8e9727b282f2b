"""The pages of a trend: what the quarters say together, the aspects, and the practice areas beside the cultures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

from reports import figures, steady_words, words
from reports.blocks import Block, Chart, Glossary, Heading, Lead, Page, Paragraph, Points, Table
from reports.languages import Language
from reports.released import Reason, Released, ReleasedAspect, ReleasedChoice, ReleasedLadder, Series, Status, Withheld
from reports.steadiness import ALONE, WITH_TEST

NOTHING = "–"


def told(series: Series, language: Language) -> Page:
    """Page 1: how many quarters, what may be said of them together, who took part, and how to read the rest."""
    _ = language.gettext
    quarters = series.quarters
    lead = language.ngettext(
        "One quarter so far: %(last)s.",
        "%(n)s quarters, from %(first)s to %(last)s.",
        len(quarters),
        first=quarters[0].quarter,
        last=quarters[-1].quarter,
    )
    blocks: list[Block] = [Lead(lead)]
    points = tuple(text for text in (_answered(series, language), *_gaps(series, language)) if text)
    if len(quarters) == 1:
        points += (_("From the second quarter on, the quarters stand side by side here."),)
    if points:
        blocks.append(Points(points) if len(points) > 1 else Paragraph(points[0]))
    if len(quarters) > 1:
        steadily = steady_words.steadily(series, language)
        blocks.extend(Paragraph(block.text) for block in steadily if isinstance(block, Paragraph))
    blocks.append(_took_part(series, language))
    if not all(released.is_withheld for released in quarters):
        blocks.append(Heading(_("How to read the quarters")))
        blocks.append(Glossary(_help(series, language)))
    return Page("told", _("The quarters together"), tuple(blocks))


def aspects(series: Series, language: Language) -> Page | None:
    """Page 2: every aspect over all quarters, drawn and as numbers; None where none was ever released."""
    _ = language.gettext
    if not any(isinstance(figure, ReleasedAspect) for one in series.quarters for figure in one.aspects.values()):
        return None
    wide = figures.trend(series, language, of_all=True)
    narrow = figures.trend(series, language, narrow=True, of_all=True)
    how = _(
        "The diamond is the mean (open where it is rounded), the bold line its 90 % interval. Grey cross: views split, "
        "or fewer than 60 % answered. A line joins neighbouring quarters that can be compared."
    )

    def cell(released: Released, key: str) -> str:
        figure = released.aspects.get(key)
        if not isinstance(figure, ReleasedAspect):
            return _missing(figure, language)
        text = words.mean(figure, language)
        last = _last_scale(series, key)
        if figure.scale != last:
            low, high = figure.scale
            return _("%(mean)s on a scale from %(low)s to %(high)s", mean=text, low=low, high=high)
        if figure.interval_90 is None:
            return text
        return f"{text} ({words.interval(figure.interval_90, language)})"

    table = _by_quarter(_("Means with 90 % intervals"), series, "aspects", cell, language)
    note = _("Without an interval: everybody answered, or the size of the group is not known.")
    chart = Chart("trend", _("Each aspect over all quarters"), wide, narrow, how)
    return Page("aspects", _("The aspects over the quarters"), (chart, table, Paragraph(note, small=True)))


def practice(series: Series, language: Language) -> Page | None:
    """Page 3: the rungs reached and the cultures named, by quarter; None where neither was asked."""
    _ = language.gettext

    def rung(released: Released, key: str) -> str:
        figure = released.ladders.get(key)
        return str(figure.reached) if isinstance(figure, ReleasedLadder) else _missing(figure, language)

    def culture(released: Released, key: str) -> str:
        figure = released.choices.get(key)
        if not isinstance(figure, ReleasedChoice):
            return _missing(figure, language)
        return _("mixed") if figure.name is None else _(words.CULTURE_NAMES[figure.name])

    blocks: list[Block] = []
    if any(released.ladders for released in series.quarters):
        text = _("The highest rung, of 0 to 4, that at least two thirds see reached, by practice area.")
        blocks.append(Paragraph(text))
        blocks.append(_by_quarter(_("Rungs reached"), series, "ladders", rung, language))
    if any(released.choices for released in series.quarters):
        text = _("The culture that at least two thirds chose, by aspect; “mixed” where none has two thirds.")
        blocks.append(Paragraph(text))
        blocks.append(_by_quarter(_("Cultures named"), series, "choices", culture, language))
    if not blocks:
        return None
    text = _("A rung or a name can change when one person answers differently. Neither is tested.")
    blocks.append(Paragraph(text, small=True))
    return Page("practice", _("Practice and cultures over the quarters"), tuple(blocks))


def _by_quarter(
    caption: str, series: Series, part: str, cell: Callable[[Released, str], str], language: Language
) -> Table:
    """Return a row per quarter with a column per aspect or area, all that were ever asked."""
    newest_first = series.quarters[::-1]
    keys = list(dict.fromkeys(key for released in newest_first for key in getattr(released, part)))
    names = (next(one for one in newest_first if key in getattr(one, part)) for key in keys)
    head = [words.aspect_name(released, key, language) for released, key in zip(names, keys, strict=True)]
    rows = tuple((released.quarter, *(cell(released, key) for key in keys)) for released in series.quarters)
    return Table(caption, (language.gettext("Quarter"), *head), rows)


def _missing(figure: Withheld | object, language: Language) -> str:
    if isinstance(figure, Withheld) and figure.reason is not Reason.NOT_ASKED:
        return language.gettext("withheld")
    return NOTHING


def _last_scale(series: Series, aspect: str) -> tuple[int, int] | None:
    shown = (released.aspects.get(aspect) for released in reversed(series.quarters))
    return next((figure.scale for figure in shown if isinstance(figure, ReleasedAspect)), None)


def _answered(series: Series, language: Language) -> str:
    """Say between which shares people answered, where every quarter's answers can be counted as people."""
    quarters = series.quarters
    if not all(one.is_countable and one.n_invited for one in quarters):
        return ""
    shares = sorted(100 * one.n_answered / one.n_invited for one in quarters if one.n_invited)
    low, high = (language.number(share, 0) for share in (shares[0], shares[-1]))
    if low == high:
        return language.gettext("%(share)s %% of the people invited answered.", share=low)
    return language.gettext(
        "From quarter to quarter, %(low)s to %(high)s %% of the people invited answered.", low=low, high=high
    )


def _gaps(series: Series, language: Language) -> Iterable[str]:
    """Say which quarters are withheld, and between which the questions changed."""
    withheld = [one.quarter for one in series.quarters if one.is_withheld]
    if withheld:
        yield language.ngettext(
            "%(quarters)s is withheld to protect a small group; its place stays empty.",
            "%(quarters)s are withheld to protect a small group; their places stay empty.",
            len(withheld),
            quarters=words.listed(withheld, language),
        )
    for before, after in pairwise(series.quarters):
        shown = {key: figure for key, figure in after.aspects.items() if isinstance(figure, ReleasedAspect)}
        changed = [key for key, figure in shown.items() if figure.change.status is Status.NOT_COMPARABLE]
        values = {"before": before.quarter, "after": after.quarter}
        if changed and len(changed) == len(shown):
            yield language.gettext(
                "After %(before)s the questions changed: what came before is not compared with %(after)s.", **values
            )
        elif changed:
            names = words.quoted([words.aspect_name(after, key, language) for key in changed], language)
            yield language.gettext(
                "After %(before)s the questions on %(names)s changed: there, %(after)s is not compared with what came "
                "before.",
                names=names,
                **values,
            )


def _took_part(series: Series, language: Language) -> Table:
    """Return a row per quarter: who was asked, who answered, who came and went, and what to know about it."""
    _ = language.gettext
    has_teams = series.quarters[-1].kind != "team"

    def count(value: int | None) -> str:
        return NOTHING if value is None else str(value)

    rows = []
    for one in series.quarters:
        teams = (str(one.n_teams),) if has_teams else ()
        moved = () if has_teams else (count(one.n_joined), count(one.n_left))
        rows.append(
            (one.quarter, *teams, str(one.n_answered), count(one.n_invited), *moved, _remark(one, language) or NOTHING)
        )
    head = (
        _("Quarter"),
        *((_("Teams"),) if has_teams else ()),
        _("Answers"),
        _("Invited"),
        *(() if has_teams else (_("Joined"), _("Left"))),
        _("To know"),
    )
    return Table(_("Who took part"), head, tuple(rows), tuple(range(1, len(head) - 1)))


def _remark(released: Released, language: Language) -> str:
    _ = language.gettext
    if released.is_withheld:
        figures_of = [*released.aspects.values(), *released.choices.values(), *released.ladders.values()]
        reasons = [one for one in figures_of if isinstance(one, Withheld) and one.reason is not Reason.NOT_ASKED]
        return words.reason(reasons[0], released, language) if reasons else _("withheld")
    if released.way == "open_link":
        return _("open link: several answers per person were possible")
    if released.way == "imported":
        return _("collected elsewhere and imported")
    shown = [figure for figure in released.aspects.values() if isinstance(figure, ReleasedAspect)]
    return _("under 60 % answered") if shown and all(figure.low_response for figure in shown) else ""


def _help(series: Series, language: Language) -> tuple[tuple[str, str], ...]:
    _ = language.gettext
    if series.quarters[-1].kind == "team":
        steady = _(
            "The one word for a movement over several quarters: %(alone)s all one way, or %(with_test)s and a passed "
            "test on a focus aspect. Three points in a row that rise are often chance.",
            alone=ALONE,
            with_test=WITH_TEST,
        )
    else:
        steady = _("Nothing is called steady here: which teams count may differ from quarter to quarter.")
    return (
        (
            _("A line"),
            _("It joins neighbouring quarters that can be compared. It describes and claims nothing."),
        ),
        (
            _("An interval"),
            _("Where the intervals of two quarters overlap far, the quarters may well be alike."),
        ),
        (_("Steady"), steady),
        (
            _("A gap"),
            _("The quarter is withheld, asked other questions, or was held without this aspect."),
        ),
    )
