"""The tables behind the figures: what a screen reader reads and what a spreadsheet wants, from released values only."""

from __future__ import annotations

from questionnaires.instrument import CULTURES
from reports import words
from reports.blocks import Table
from reports.languages import Language
from reports.released import (
    Released,
    ReleasedAspect,
    ReleasedChoice,
    ReleasedItem,
    ReleasedLadder,
    ReleasedOrganisation,
    Withheld,
)

NOTHING = "–"


def aspects(released: Released, language: Language) -> Table:
    """Return a row per aspect: mean, interval, bounds, low, middle and high."""
    _ = language.gettext
    rows = []
    for aspect, figure in released.aspects.items():
        name = words.aspect_name(released, aspect, language)
        if isinstance(figure, Withheld):
            rows.append((name, words.reason(figure, released, language), *[NOTHING] * 5))
            continue
        spread = words.spread(figure, language) or NOTHING
        if figure.low_middle_high is not None:
            spread = " / ".join(str(count) for count in figure.low_middle_high)
        bounds = NOTHING if figure.bounds is None else words.interval(figure.bounds, language)
        view = words.AGREEMENTS.get(figure.agreement)
        agreement = _(view) if view else NOTHING
        mean, sure = words.mean(figure, language), words.how_sure(figure, language)
        rows.append((name, mean, sure, bounds, spread, agreement, str(figure.n)))
    head = (
        _("Aspect"),
        _("Mean"),
        _("90 % interval"),
        _("Bounds"),
        _("Low / middle / high"),
        _("Views"),
        _("Answers"),
    )
    return Table(_("The aspects as numbers"), head, tuple(rows), (6,))


def short(released: Released, language: Language) -> Table:
    """Return a row per aspect with its mean and what stands beside it, for the one-page summary."""
    _ = language.gettext
    rows = []
    for aspect, figure in released.aspects.items():
        name = words.aspect_name(released, aspect, language)
        if isinstance(figure, Withheld):
            rows.append((name, NOTHING, words.reason(figure, released, language)))
        else:
            beside = ", ".join(words.labels(figure, language)) or NOTHING
            rows.append((name, words.mean(figure, language), beside))
    return Table(_("The aspects in short"), (_("Aspect"), _("Mean"), _("Views")), tuple(rows))


def short_ladders(released: Released, language: Language) -> Table:
    """Return a row per practice area with the sentence of the rung it has reached, for the one-page summary."""
    _ = language.gettext
    rows = []
    for area, figure in released.ladders.items():
        name = words.aspect_name(released, area, language)
        if isinstance(figure, Withheld):
            rows.append((name, words.reason(figure, released, language)))
        elif area in released.questionnaire.ladders:
            text = language.text(released.questionnaire.ladders[area].rungs[figure.reached])
            rows.append((name, f"{figure.reached} · {text}"))
    return Table(_("The practice areas in short"), (_("Practice area"), _("Where the team stands")), tuple(rows))


def items(released: Released, language: Language) -> Table | None:
    """Return a row per agreement statement that is released; None where no statement is."""
    _ = language.gettext
    rows = []
    for aspect, (_instrument, part) in released.questionnaire.aspects.items():
        figure = released.aspects.get(aspect)
        if not isinstance(figure, ReleasedAspect):
            continue
        for item in part.items:
            shown = figure.items.get(item.id)
            if isinstance(shown, ReleasedItem):
                rows.append((language.text(item.text), language.number(shown.mean), str(shown.n)))
    if not rows:
        return None
    return Table(_("The statements behind the aspects"), (_("Statement"), _("Mean"), _("Answers")), tuple(rows), (1, 2))


def choices(released: Released, language: Language) -> Table:
    """Return a row per aspect with the counts of the three descriptions, or words."""
    _ = language.gettext
    rows = []
    for aspect, figure in released.choices.items():
        name = words.aspect_name(released, aspect, language)
        if isinstance(figure, Withheld):
            rows.append((name, *[NOTHING] * 3, words.reason(figure, released, language)))
        elif figure.counts is None:
            rows.append((name, *[NOTHING] * 3, words.choice(figure, language)))
        else:
            rows.append((name, *(str(count) for count in figure.counts), words.choice(figure, language)))
    cultures = tuple(_(words.CULTURE_NAMES[culture]) for culture in CULTURES)
    return Table(_("The choices as numbers"), (_("Aspect"), *cultures, _("In words")), tuple(rows), (1, 2, 3))


def ladders(released: Released, language: Language) -> Table:
    """Return a row per practice area: the rung reached, the majority's, what is missing, raters per rung."""
    _ = language.gettext
    rows = []
    for area, figure in released.ladders.items():
        name = words.aspect_name(released, area, language)
        if isinstance(figure, Withheld):
            rows.append((name, words.reason(figure, released, language), NOTHING, NOTHING, *[NOTHING] * 5))
            continue
        counts = [NOTHING] * 5
        if figure.histogram is not None:
            counts = [str(figure.histogram.counts.get(rung, 0)) for rung in range(5)]
        missing = words.missing(figure, language) or NOTHING
        majority = NOTHING if figure.majority is None else str(figure.majority)
        rows.append((name, str(figure.reached), majority, missing, *counts))
    rungs = tuple(_("Rung %(rung)s", rung=rung) for rung in range(5))
    head = (_("Practice area"), _("Reached"), _("Majority"), _("Missing"), *rungs)
    return Table(_("The practice areas as numbers"), head, tuple(rows), (1, 2, 4, 5, 6, 7, 8))


def rungs_in_words(released: Released, language: Language) -> Table:
    """Return a row per practice area with the sentences of the rung reached and of the next one."""
    _ = language.gettext
    rows = []
    for area, figure in released.ladders.items():
        if isinstance(figure, ReleasedLadder) and area in released.questionnaire.ladders:
            texts = released.questionnaire.ladders[area].rungs
            reached = f"{figure.reached} · {language.text(texts[figure.reached])}"
            following = _("The highest rung is reached.")
            if figure.reached + 1 < len(texts):
                following = f"{figure.reached + 1} · {language.text(texts[figure.reached + 1])}"
            rows.append((words.aspect_name(released, area, language), reached, following))
    head = (_("Practice area"), _("Where the team stands"), _("What the next rung says"))
    return Table(_("The rungs in words"), head, tuple(rows))


def since(released: Released, language: Language) -> Table:
    """Return a row per aspect: previous and present mean, and the verdict in words."""
    _ = language.gettext
    rows = []
    for aspect, figure in released.aspects.items():
        name = words.aspect_name(released, aspect, language)
        if isinstance(figure, Withheld):
            rows.append((name, NOTHING, words.reason(figure, released, language), NOTHING))
            continue
        change = figure.change
        old, new = words.both_means(figure, language)
        if change.before_scale is not None and change.before_scale != figure.scale:
            low, high = change.before_scale
            old = _("%(mean)s on a scale from %(low)s to %(high)s", mean=old, low=low, high=high)
        rows.append((name, old or NOTHING, new, words.verdict(change, released, language)))
    head = (_("Aspect"), released.previous_quarter or _("Before"), released.quarter, _("Verdict"))
    return Table(_("The change as numbers"), head, tuple(rows))


def teams(organisation: ReleasedOrganisation, language: Language) -> Table:
    """Return a row per team, in alphabetical order, with its aspect means."""
    _ = language.gettext
    whole = organisation.whole
    head = (_("Team"), *(words.aspect_name(whole, aspect, language) for aspect in whole.aspects))
    rows = []
    for team in organisation.teams:
        cells = []
        for aspect in whole.aspects:
            figure = team.aspects.get(aspect)
            cells.append(words.mean(figure, language) if isinstance(figure, ReleasedAspect) else _("withheld"))
        rows.append((team.name, *cells))
    return Table(_("The teams as numbers"), head, tuple(rows))


def coverage(organisation: ReleasedOrganisation, language: Language) -> Table:
    """Return a row per department with its teams and its answers, then the whole."""
    _ = language.gettext
    rows = []
    for node in (*organisation.departments, organisation.whole):
        invited = NOTHING if node.n_invited is None else str(node.n_invited)
        rows.append((node.name, str(node.n_teams), str(node.n_answered), invited))
    head = (_("Department"), _("Teams"), _("Answers"), _("Invited"))
    return Table(_("Who took part"), head, tuple(rows), (1, 2, 3))


def names_of_choices(figure: ReleasedChoice | Withheld, released: Released, language: Language) -> str:
    """Say in words what was chosen, or why it is not shown."""
    return words.reason(figure, released, language) if isinstance(figure, Withheld) else words.choice(figure, language)
