"""The pages of an organisation's report that tell a change or a difference from chance, and how reliable it all is."""

from __future__ import annotations

from reports import figures, words
from reports.blocks import Block, Callout, Chart, Heading, Lead, Page, Paragraph, Points, Table
from reports.funnel import INNER, LEAST_TEAMS, Funnel, funnel, limits, n_beyond
from reports.languages import Language
from reports.released import OrganisationChange, ReleasedOrganisation, Status
from reports.reliability import AT_LEAST, team_difference
from reports.stratified import FALSE_SHARE

NOTHING = "–"
RESTS_ON = (Status.CHANGED, Status.NOT_DISTINGUISHABLE, Status.NOT_TESTED)


def is_first(organisation: ReleasedOrganisation) -> bool:
    """Whether there is no quarter before to compare teams with."""
    return all(change.status is Status.FIRST_QUARTER for change in organisation.changes.values())


def from_next_on(language: Language) -> Paragraph:
    """Say in a first quarter what the change within teams will be."""
    return Paragraph(
        language.gettext("From then on, each team is also compared with itself, and the comparisons are added up.")
    )


def within(organisation: ReleasedOrganisation, language: Language) -> Page:
    """Return the change within teams since last quarter: a sentence for each change, a table, what it rests on."""
    _ = language.gettext
    whole, changes = organisation.whole, organisation.changes
    title = _("Change within teams")
    told = [
        sentence(words.aspect_name(whole, aspect, language), change, language)
        for aspect, change in changes.items()
        if change.status is Status.CHANGED
    ]
    intro = _(
        "Each team is compared with itself, and the comparisons are added up: "
        "so a change here does not come from which teams answered more this time."
    )
    blocks: list[Block] = [Paragraph(intro)]
    if told:
        blocks.append(Points(tuple(told)))
    elif any(change.status is Status.NOT_DISTINGUISHABLE for change in changes.values()):
        blocks.append(Lead(_("On no aspect can the change within teams be told from chance.")))
    else:
        blocks.append(Lead(_("No change within teams was tested this quarter.")))
    blocks.append(_changes(organisation, language))
    blocks.append(Paragraph(_reasons(organisation, language), small=True))
    return Page("within", title, tuple(blocks))


def sentence(name: str, change: OrganisationChange, language: Language) -> str:
    """Say that an aspect changed within teams, which way, on how many teams that rests, and how clearly."""
    if change.direction > 0:
        text = language.ngettext(
            "%(name)s changed: higher within the %(n)s team compared.",
            "%(name)s changed: higher within the %(n)s teams compared, taken together.",
            change.n_teams,
            name=name,
        )
    else:
        text = language.ngettext(
            "%(name)s changed: lower within the %(n)s team compared.",
            "%(name)s changed: lower within the %(n)s teams compared, taken together.",
            change.n_teams,
            name=name,
        )
    return f"{text} {words.pairs(change, language)}".rstrip()


def _changes(organisation: ReleasedOrganisation, language: Language) -> Table:
    _ = language.gettext
    whole, rows = organisation.whole, []
    for aspect, change in organisation.changes.items():
        rests = change.status in RESTS_ON
        rows.append(
            (
                words.aspect_name(whole, aspect, language),
                _verdict(change, language),
                NOTHING if change.adjusted_p is None else words.p_value(change.adjusted_p, FALSE_SHARE, language),
                str(change.n_teams) if rests else NOTHING,
                str(change.n_before) if rests else NOTHING,
                str(change.n_after) if rests else NOTHING,
            )
        )
    head = (
        _("Aspect"),
        _("Verdict"),
        _("Adjusted p"),
        _("Teams"),
        _("Answers before"),
        _("Answers now"),
    )
    return Table(_("The change within teams as numbers"), head, tuple(rows), (2, 3, 4, 5))


def _verdict(change: OrganisationChange, language: Language) -> str:
    if change.status is Status.NOT_TESTED:
        return language.gettext("not tested: fewer than three teams")
    if change.status is Status.TOO_FEW:
        return language.gettext("too few: no team is shown exactly in both quarters")
    if change.status is Status.CHANGED:
        way = language.gettext("higher") if change.direction > 0 else language.gettext("lower")
        return f"{language.gettext(words.STATUSES[change.status])}: {way}"
    return language.gettext(words.STATUSES[change.status])


def _reasons(organisation: ReleasedOrganisation, language: Language) -> str:
    """Say what the verdicts rest on."""
    _ = language.gettext
    statuses = {change.status for change in organisation.changes.values()}
    told = []
    if statuses & {Status.CHANGED, Status.NOT_DISTINGUISHABLE}:
        text = _(
            "Compared are the teams whose answers are shown exactly in both quarters, by van Elteren’s test. All "
            "aspects are tested together: of those called changed, at most one in ten is expected to be so by chance."
        )
        told.append(text)
    told.append(_("Teams that are shown rounded or not at all take no part; the verdicts do not speak for them."))
    if Status.NOT_COMPARABLE in statuses:
        text = _("Where an aspect was asked differently last quarter, the two quarters are not compared.")
        told.append(text)
    return " ".join(told)


def funnels(organisation: ReleasedOrganisation, language: Language) -> Page:
    """Return the funnels: whether teams differ by more than chance, without saying which."""
    _ = language.gettext
    title = _("Teams and chance")
    found = {aspect: one for aspect in organisation.whole.aspects if (one := funnel(organisation, aspect))}
    if not found:
        text = language.ngettext(
            "Whether teams differ by more than chance is drawn from %(n)s team shown exactly on an aspect.",
            "Whether teams differ by more than chance is drawn from %(n)s teams on, shown exactly on an aspect.",
            LEAST_TEAMS,
        )
        return Page("funnels", title, (Paragraph(text),))
    intro = _(
        "Each mark is a team whose mean is shown exactly, without its name. The more people answer, the less a mean "
        "strays by chance: if all teams were alike, 95 of 100 would lie between the dashed lines and 998 of 1000 "
        "between the outer ones."
    )
    how = _(
        "Dots lie within the dashed lines, open circles beyond them, diamonds beyond the outer lines. "
        "Of 20 teams that are alike, about one lies beyond the dashed lines. "
        "A mark beyond is a reason to ask what is different there, not a verdict on a team."
    )
    drawn = figures.funnels(organisation.whole, found, language)
    narrow = figures.funnels(organisation.whole, found, language, narrow=True)
    behind = (_limits(organisation, found, language),)
    chart = Chart("funnels", _("Team means and the limits of chance"), drawn, narrow, how, behind)
    return Page("funnels", title, (Paragraph(intro), chart))


def _limits(organisation: ReleasedOrganisation, found: dict[str, Funnel], language: Language) -> Table:
    _ = language.gettext
    size = organisation.whole.detail_size
    rows = []
    for aspect, drawn in found.items():
        low, high = limits(drawn.mean, drawn.deviation, size, INNER, drawn.scale)
        rows.append(
            (
                words.aspect_name(organisation.whole, aspect, language),
                str(len(drawn.dots)),
                language.number(drawn.mean),
                language.number(drawn.deviation),
                words.interval((low, high), language),
                str(n_beyond(drawn.dots, 1)),
                str(n_beyond(drawn.dots, 2)),
            )
        )
    head = (
        _("Aspect"),
        _("Teams"),
        _("Mean"),
        _("Spread within teams"),
        _("Limits for %(n)s answers", n=size),
        _("Beyond 95 %"),
        _("Beyond 99.8 %"),
    )
    return Table(_("The funnels as numbers"), head, tuple(rows), (1, 2, 3, 4, 5, 6))


def methods(organisation: ReleasedOrganisation, language: Language) -> Page:
    """Return how reliable the aspects are: alpha of their statements and the intraclass correlations of teams."""
    _ = language.gettext
    whole, rows = organisation.whole, []
    differences = {aspect: team_difference(organisation, aspect) for aspect in whole.aspects}
    for aspect, difference in differences.items():
        alpha = organisation.alphas.get(aspect)
        row = [words.aspect_name(whole, aspect, language), *[NOTHING] * 6]
        if alpha is not None:
            low, high = (language.number(end, 2) for end in alpha.interval_90)
            row[1:4] = [language.number(alpha.alpha, 2), _("%(low)s to %(high)s", low=low, high=high), str(alpha.n)]
        if difference is not None:
            icc = difference.icc
            row[4:] = [
                language.number(float(icc.single), 2),
                language.number(float(icc.average), 2),
                str(difference.n_teams),
            ]
        rows.append(tuple(row))
    head = (
        _("Aspect"),
        _("Alpha"),
        _("90 % interval"),
        _("Complete answers"),
        _("ICC(1)"),
        _("ICC(2)"),
        _("Teams"),
    )
    blocks: list[Block] = [
        Paragraph(
            _("How far the statements of an aspect measure one thing, and how far teams differ from each other.")
        ),
        Table(_("Reliability as numbers"), head, tuple(rows), (1, 2, 3, 4, 5, 6)),
    ]
    missing = []
    if any(organisation.alphas.get(aspect) is None for aspect in whole.aspects):
        text = _(
            "Alpha is missing where an aspect has fewer than %(n)s answers to all of its statements, where not all of "
            "them belong to groups shown exactly, or where an aspect has one statement only: of fewer answers it would "
            "say nothing.",
            n=AT_LEAST,
        )
        missing.append(text)
    if any(difference is None for difference in differences.values()):
        text = _(
            "The intraclass correlations are missing where the teams shown exactly are fewer than three, have fewer "
            "than %(n)s answers together, or all have the same mean.",
            n=AT_LEAST,
        )
        missing.append(text)
    if missing:
        blocks.append(Callout(_("Why not everywhere"), _("Too few answers for these numbers"), " ".join(missing)))
    blocks.append(Heading(_("How to read them")))
    blocks.append(Points(_how(language)))
    blocks.append(Paragraph(_written(language), small=True))
    return Page("methods", _("How reliable this is"), tuple(blocks))


def _written(language: Language) -> str:
    """Say where a reader without the program finds how every number is computed."""
    return language.gettext(
        "How every number of this report is computed, why in this way, and an example to follow with a pencil, is "
        "written down in the document “Methods” (docs/methods.md), a part of the program that made this report. "
        "Whoever runs it for you has it, and can print the steps to each of these numbers."
    )


def _how(language: Language) -> tuple[str, ...]:
    _ = language.gettext
    return (
        _(
            "Alpha (Cronbach’s, with Feldt’s interval): near 1, people who agree with one statement of an aspect agree "
            "with the others too. For a few short statements .7 to .85 is usual."
        ),
        _(
            "ICC(1): which share of the differences between answers lies between teams. For questions about teams .1 "
            "to .2 is usual; near 0, teams are alike and a difference between them is mostly chance."
        ),
        _("ICC(2): how far the same teams would stand alike if other people of theirs had answered."),
        _("All three come from the counts of groups shown exactly. Teams are never listed by them."),
    )
