"""The pages of a team's report: one thought per page, in the order in which a team talks about them."""

from __future__ import annotations

from collections.abc import Sequence

from questionnaires.instrument import CULTURES
from reports import figures, highlights, meeting_pages, sentences, since_words, steady_words, tables, words
from reports.blocks import (
    Block,
    Callout,
    Callouts,
    Chart,
    Cultures,
    Glossary,
    Heading,
    Lead,
    Page,
    Paragraph,
    Points,
    Table,
)
from reports.languages import Language
from reports.released import Reason, Released, Series, Status, Tier, Withheld

GLOSSARY_FITS_MM = 138.0
"""Up to this height of the aspects' figure, their explanations fit on the same page."""
COARSE_NOTE_MM = 18.0
"""What the note on rounded values and its space take of that height."""


def told(released: Released, language: Language, opening: Sequence[Block] = ()) -> Page:
    """Page 1: how many answered, three sentences, one strength, one conversation.

    :param opening: what was agreed before and what came of it; such a team knows how the meeting goes.
    """
    _ = language.gettext
    is_short = bool(opening)
    blocks: list[Block] = [*opening, Lead(sentences.answered(released, language))]
    if released.way == "open_link":
        text = _(
            "The link let one person answer several times, and let people outside the team answer. "
            "Read the counts as answers, not as people."
        )
        blocks.append(_caution(_("Open link"), _("Several answers per person were possible"), text, is_short))
    else:
        blocks.append(who_answered(released, language))
    if released.way == "imported":
        text = _("These answers were collected elsewhere and imported. Only the counts were kept.")
        if released.n_invited is None:
            text += " " + _("Without the size of the team there is no response rate and there are no bounds.")
        blocks.append(_caution(_("Imported"), _("Collected elsewhere"), text, is_short))
    blocks.append(Paragraph(sentences.movement(released, language)))
    blocks.append(Points(sentences.told(released, language)))
    boxes = (highlights.strength(released, language), highlights.conversation(released, language))
    blocks.append(Callouts(tuple(box for box in boxes if box is not None)))
    # Beside an opening there is room for the questions, but not for a caution about the answers as well.
    if not is_short or released.way not in ("open_link", "imported"):
        blocks.extend(meeting_pages.questions(released, language))
    if not is_short:
        blocks.append(Heading(_("For the meeting")))
        blocks.append(Glossary(meeting_pages.agenda(language), 3))
    return Page("told", _("What you told us"), tuple(blocks))


def _caution(title: str, subject: str, text: str, is_short: bool) -> Block:
    return Paragraph(f"{subject}. {text}") if is_short else Callout(title, subject, text)


def who_answered(released: Released, language: Language) -> Block:
    """Return the squares of who answered, or say that answers cannot be counted as people."""
    _ = language.gettext
    if released.is_countable or (released.kind == "team" and released.n_invited is None):
        return _chart("participation", _("Who answered"), released, language)
    if released.kind == "team":
        text = _("More answers came than people are said to have been asked, so one of the two numbers is wrong.")
    elif released.n_invited is None:
        text = _("Of some teams it is not known how many people were asked.")
    else:
        text = _(
            "In some teams one person could answer several times, or more answers came than people are said to have "
            "been asked."
        )
    text += " " + _("Read the counts as answers, not as people.")
    return Callout(_("Answers"), _("Not every answer is known to be one person’s"), text)


def aspects(released: Released, language: Language) -> Page:
    """Page 2: the aspects, a square per person where released."""
    _ = language.gettext
    shown = highlights.shown_aspects(released)
    coarse = any(figure.tier is Tier.COARSE for figure in shown.values())
    intro = _("How far people agree with statements about working together around production, by aspect.")
    counts = [figure.histogram.n for figure in shown.values() if figure.histogram is not None]
    how = _(
        "The diamond is the mean (open where it is rounded), the bold line its 90 % interval, the thin line how far "
        "those who did not answer could move it. Grey cross: views split, or fewer than 60 % answered."
    )
    if counts and max(counts) <= figures.MOST_SQUARES:
        square = _("Each square is one person, at the nearest half point.")
        if not released.is_countable:
            square = _("Each square is one answer, at the nearest half point.")
        how = f"{square} {how}"
    elif counts:
        how = _("Bars count answers by half points; squares, where there are any, are single answers.") + " " + how
    blocks: list[Block] = [Paragraph(intro)]
    if coarse and not counts and released.n_answered < released.detail_size:
        text = _(
            "There are fewer than %(detail)s answers, so single ones are not shown and values are rounded: nobody can "
            "be recognised by them.",
            detail=released.detail_size,
        )
        blocks.append(Paragraph(text))
    elif coarse:
        text = _(
            "Where single answers are missing and the value is rounded, there are fewer than %(detail)s, or a small "
            "group could be worked out from the exact value.",
            detail=released.detail_size,
        )
        blocks.append(Paragraph(text))
    if any(words.is_partial(figure, released) for figure in shown.values()):
        text = _(
            "Where not all teams are counted, showing the others would give a small group away. The mean and the "
            "bold line then speak for the teams counted; the thin line spans everybody."
        )
        blocks.append(Paragraph(text, small=True))
    chart = _chart("aspects", _("The aspects"), released, language, how)
    blocks.append(chart)
    if chart.wide.height_mm < GLOSSARY_FITS_MM - COARSE_NOTE_MM * coarse:
        blocks.append(Heading(_("What the aspects are about")))
        blocks.append(Glossary(_explained(released, language)))
    return Page("aspects", _("Six aspects") if len(released.aspects) == 6 else _("The aspects"), tuple(blocks))


def _explained(released: Released, language: Language) -> tuple[tuple[str, str], ...]:
    parts = [part for _instrument, part in released.questionnaire.aspects.values()]
    return tuple((language.text(part.name), language.text(part.explanation)) for part in parts)


def choices(released: Released, language: Language) -> Page:
    """Page 3: the three-way choices, beside our own three descriptions."""
    _ = language.gettext
    intro = _("Three descriptions per aspect; each person picked the nearest one.")
    if not released.is_countable:
        intro = _("Three descriptions per aspect; each answer picks the nearest one.")
    blocks: list[Block] = [Paragraph(intro)]
    names = tuple(_(words.CULTURE_NAMES[culture]) for culture in CULTURES)
    for aspect, figure in released.choices.items():
        part = released.questionnaire.aspects[aspect][1].choice if aspect in released.questionnaire.aspects else None
        if part is None:
            continue
        name = words.aspect_name(released, aspect, language)
        wide = figures.choice(released, aspect, language)
        narrow = figures.choice(released, aspect, language, narrow=True)
        options = tuple((names[i], language.text(part.option(i + 1))) for i in range(3))
        verdict = tables.names_of_choices(figure, released, language)
        chart = Chart(f"choice-{aspect}", name, wide, narrow)
        blocks.append(Cultures(name, language.text(part.prompt), verdict, chart, options))
    note = _(
        "A culture is named only when at least two thirds chose it. The three types follow Ron Westrum’s typology of "
        "how information flows; the descriptions are our own."
    )
    blocks.append(Paragraph(note, small=True))
    return Page("choices", _("Pathological, bureaucratic, generative"), tuple(blocks))


def ladders(released: Released, language: Language) -> Page:
    """Page 4: the practice areas, with the rungs in words."""
    _ = language.gettext
    how = _(
        "Filled circle: the rung that at least two thirds see reached. Open circle: what more than half see. "
        "Where squares are shown, each is one person."
    )
    if not released.is_countable:
        how = _(
            "Filled circle: the rung that at least two thirds see reached. Open circle: what more than half see. "
            "Where squares are shown, each is one answer."
        )
    chart = _chart("ladders", _("Five practice areas"), released, language, how)
    blocks: list[Block] = [
        Paragraph(_("Which sentence was the highest true one in the last three months, by practice area.")),
        chart,
    ]
    rungs = tables.rungs_in_words(released, language)
    if rungs.rows:
        blocks.append(rungs)
    return Page("ladders", _("Five practice areas"), tuple(blocks))


def since(released: Released, language: Language, series: Series | None) -> Page:
    """Page 5: since last time, focus aspects first, in no words but the six verdicts."""
    _ = language.gettext
    shown = highlights.shown_aspects(released)
    blocks: list[Block] = []
    compared = [key for key, figure in shown.items() if figure.change.status is not Status.FIRST_QUARTER]
    if not shown:
        blocks.append(Lead(_("No aspect is shown this quarter, so none is compared.")))
        return Page("since", _("Since last time"), tuple(blocks))
    if not compared:
        blocks.append(Lead(_("This is the first quarter.")))
        blocks.append(Paragraph(_("Next quarter this page compares each aspect with today.")))
        if released.focus:
            blocks.append(Paragraph(_focus(released, language)))
        if released.kind != "team":
            return Page("since", _("Since last time"), tuple(blocks))
        text = _(
            "Only one or two focus aspects are tested, chosen before people answer. With small groups, looking at "
            "everything would find changes that are only chance."
        )
        blocks.append(Callout(_("Why so few"), _("A test asks one question well"), text))
        return Page("since", _("Since last time"), tuple(blocks))
    blocks.append(since_words.told(released, language))
    blocks.extend(since_words.not_comparable(released, language))
    if any(words.is_partial(shown[key], released) or shown[key].change.is_before_partial for key in compared):
        text = _(
            "Each quarter counts only the teams that can be shown safely. A difference can come from that alone, so no "
            "line joins such quarters."
        )
        blocks.append(Paragraph(text))
    how = _(
        "Previous quarter on the left, this quarter on the right, with 90 % intervals. "
        "A line describes; only the word “changed” claims. Open marks are rounded. Grey cross: views split, or fewer "
        "than 60 % answered."
    )
    blocks.append(_chart("since", _("Each aspect since last time"), released, language, how))
    if series is not None and len(series.quarters) > 2:
        blocks.append(Heading(_("Over all quarters")))
        wide, narrow = figures.trend(series, language), figures.trend(series, language, narrow=True)
        blocks.append(Chart("trend", _("Each aspect over all quarters"), wide, narrow))
        blocks.extend(steady_words.steadily(series, language))
    detectable = since_words.detectable(released, language)
    if detectable:
        blocks.append(Paragraph(detectable, small=True))
    return Page("since", _("Since last time"), tuple(blocks))


def _focus(released: Released, language: Language) -> str:
    names = words.quoted([words.aspect_name(released, key, language) for key in released.focus], language)
    return language.gettext("The focus of this quarter: %(names)s.", names=names)


def withheld(released: Released, language: Language) -> Page:
    """The only page of a withheld node: why, and what happened with its answers."""
    _ = language.gettext
    leads = {
        "team": _("This team has no report of its own this quarter."),
        "department": _("This department has no figures of its own this quarter."),
        "organisation": _("There are no figures for the whole organisation this quarter."),
    }
    reasons = {figure.reason for figure in released.aspects.values() if isinstance(figure, Withheld)}
    n = words.smallest(released)
    blocks: list[Block] = [Lead(leads[released.kind])]
    if released.n_answered >= n or reasons == {Reason.WOULD_REVEAL}:
        text = _("Shown beside the others, these answers would give a small group away by subtraction.")
    else:
        text = language.ngettext(
            "A result is shown from %(n)s answer on. Here it would be too easy to tell who said what.",
            "A result is shown from %(n)s answers on. Below that it would be too easy to tell who said what.",
            n,
        )
    blocks.append(Paragraph(text))
    happened = _(
        "Nobody’s answers are shown on their own. Where the next larger group is large enough, they count there; "
        "otherwise they were dropped. The ballots themselves were destroyed when the quarter closed, like everybody’s."
    )
    blocks.append(Callout(_("What happened with the answers"), _("Counted upwards, or dropped"), happened))
    blocks.append(Heading(_("What you can do")))
    others = (
        _("Read the reports of the teams that have one; each stands for itself.")
        if released.kind == "organisation"
        else _("Read the report of your department or organisation together, and ask which of it you recognise.")
    )
    advice = (
        others,
        _("Talk about one question in your next meeting: what did you last hear too late, and why?"),
        _("If few answered, ask what would make it safe or worthwhile to answer next time. Never ask who did not."),
    )
    blocks.append(Points(advice))
    return Page("withheld", _("Why there is no result"), tuple(blocks))


def _chart(name: str, title: str, released: Released, language: Language, caption: str = "") -> Chart:
    build = {
        "participation": figures.participation,
        "aspects": figures.aspects,
        "ladders": figures.ladders,
        "since": figures.since_last_time,
    }[name]
    behind: tuple[Table | None, ...] = ()
    if name == "aspects":
        behind = (tables.aspects(released, language), tables.items(released, language))
    elif name == "ladders":
        behind = (tables.ladders(released, language),)
    elif name == "since":
        behind = (tables.since(released, language),)
    wide, narrow = build(released, language), build(released, language, narrow=True)
    return Chart(name, title, wide, narrow, caption, tuple(table for table in behind if table is not None))
