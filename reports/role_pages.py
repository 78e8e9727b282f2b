"""The page of an organisation's report on how roles see it; only where roles were asked."""

from __future__ import annotations

from reports import figures, role_words, words
from reports.blocks import Block, Chart, Lead, Page, Paragraph, Table
from reports.languages import Language
from reports.released import ReleasedOrganisation, ReleasedRole, RoleVerdict, Withheld
from reports.role_words import NOTHING, Names
from reports.roles import LEAST_ANSWERS, LEAST_TEAMS
from reports.stratified import FALSE_SHARE


def roles(organisation: ReleasedOrganisation, language: Language) -> tuple[Page, ...]:
    """Return how roles compare: a sentence for each difference, a figure, the verdicts; nothing when not asked."""
    _ = language.gettext
    compared = organisation.roles
    if not compared or organisation.whole.questionnaire.role is None:
        return ()
    names = role_words.names(organisation.whole, language)
    intro = _(
        "People could say which kind of work is nearest to their own. Roles are compared for the whole organisation "
        "only, never for a team or a department."
    )
    blocks: list[Block] = [Paragraph(intro)]
    shown = any(isinstance(figure, ReleasedRole) for one in compared.values() for figure in one.roles.values())
    if not shown:
        blocks.append(Lead(_("No roles can be compared this quarter.")))
        blocks.append(Paragraph(_missing(organisation, language)))
        return (Page("roles", _("How roles see it"), tuple(blocks)),)
    blocks.append(_told(organisation, names, language))
    how = _(
        "Each role has a mark of its own shape. Means are rounded, with 90 % intervals, and mix all teams; the words "
        "under an aspect’s name compare within teams. The two can point in different directions: only the words claim "
        "a difference."
    )
    drawn = (figures.roles(compared, names, language), figures.roles(compared, names, language, narrow=True))
    blocks.append(Chart("roles", _("Each aspect by role"), *drawn, how, (_numbers(organisation, names, language),)))
    blocks.append(_verdicts(organisation, names, language))
    careful = _(
        "Roles are what people said of themselves. Whoever runs a service sees other things than whoever decides what "
        "is built: ask what each of them sees. A difference ranks nobody and blames nobody."
    )
    blocks.append(Paragraph(careful))
    blocks.append(Paragraph(f"{_tested(language)} {_missing(organisation, language)}".strip(), small=True))
    return (Page("roles", _("How roles see it"), tuple(blocks)),)


def _told(organisation: ReleasedOrganisation, names: Names, language: Language) -> Block:
    _ = language.gettext
    verdicts = {aspect: one.verdict for aspect, one in organisation.roles.items()}
    different = [aspect for aspect, verdict in verdicts.items() if verdict is RoleVerdict.DIFFERENT]
    if different:
        if len(different) == len(verdicts):
            return Paragraph(_("Roles answer differently within teams on every aspect."))
        aspects = words.quoted([names.aspects[aspect] for aspect in different], language)
        return Paragraph(_("Roles answer differently within teams on %(aspects)s.", aspects=aspects))
    if RoleVerdict.NOT_DISTINGUISHABLE in verdicts.values():
        return Lead(_("On no aspect can a difference between roles be told from chance."))
    return Lead(_("No difference between roles was tested this quarter."))


def _verdicts(organisation: ReleasedOrganisation, names: Names, language: Language) -> Table:
    _ = language.gettext
    rows = []
    for aspect, one in organisation.roles.items():
        adjusted = NOTHING if one.adjusted_p is None else words.p_value(one.adjusted_p, FALSE_SHARE, language)
        rows.append((names.aspects[aspect], role_words.verdict(one, language), adjusted))
    head = (_("Aspect"), _("Verdict"), _("Adjusted p"))
    return Table(_("How roles compare"), head, tuple(rows), (2,))


def _numbers(organisation: ReleasedOrganisation, names: Names, language: Language) -> Table:
    _ = language.gettext
    rows = []
    for aspect, one in organisation.roles.items():
        for role, figure in one.roles.items():
            head = (names.aspects[aspect], names.roles[role])
            if isinstance(figure, Withheld):
                rows.append((*head, role_words.reason(figure, language), *[NOTHING] * 3))
                continue
            mean, interval = words.mean(figure, language), words.interval(figure.interval_90, language)
            rows.append((*head, mean, interval, str(figure.n), str(figure.n_teams)))
    columns = (_("Aspect"), _("Role"), _("Mean"), _("90 % interval"), _("Answers"), _("Teams"))
    return Table(_("The roles as numbers"), columns, tuple(rows), (4, 5))


def _tested(language: Language) -> str:
    """Say what the verdicts rest on."""
    return language.gettext(
        "Roles are compared within each team, and the comparisons are added up (van Elteren’s test for several "
        "groups). All aspects are tested together: of those called different, at most one in ten is expected to be so "
        "by chance."
    )


def _missing(organisation: ReleasedOrganisation, language: Language) -> str:
    """Say from when on a role is shown, where one is not; both reasons, since which of them it was is not told."""
    figures = [figure for one in organisation.roles.values() for figure in one.roles.values()]
    if not any(isinstance(figure, Withheld) for figure in figures):
        return ""
    least = max(LEAST_ANSWERS, organisation.whole.reporting_size)
    enough = language.gettext(
        "A role is shown from %(n)s answers in %(teams)s teams on, and only beside another one.",
        n=least,
        teams=LEAST_TEAMS,
    )
    known = language.gettext(
        "A role is also left out where colleagues who know who does what could work out a few people’s answers from it."
    )
    return f"{enough} {known}"
