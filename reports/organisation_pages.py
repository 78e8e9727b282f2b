"""The pages of an organisation's report: where to invest and what only leadership can unblock. Nobody is ranked."""

from __future__ import annotations

from questionnaires.changes import Catalogue
from reports import chance_pages, change_pages, figures, highlights, role_pages, sentences, tables, team_pages
from reports.blocks import Block, Callout, Callouts, Chart, Heading, Lead, Page, Paragraph, Points, Table
from reports.languages import Language
from reports.released import ReleasedOrganisation, Series

ROWS = 32
"""Teams on one printed page of strips."""


def pages(
    organisation: ReleasedOrganisation, language: Language, catalogue: Catalogue, series: Series | None
) -> tuple[Page, ...]:
    """Return all pages, the same thought in the same place whatever the size of the organisation."""
    whole = organisation.whole
    found = [summary(organisation, language)]
    if whole.aspects:
        found += [team_pages.aspects(whole, language), *strips(organisation, language)]
    if whole.ladders:
        found.append(rungs(organisation, language))
    if whole.choices:
        found.append(team_pages.choices(whole, language))
    if whole.aspects:
        found += _changed(organisation, language, series)
        found += [chance_pages.funnels(organisation, language), *role_pages.roles(organisation, language)]
    found.append(changes(organisation, language, catalogue))
    if whole.aspects:
        found.append(chance_pages.methods(organisation, language))
    return tuple(found)


def _changed(organisation: ReleasedOrganisation, language: Language, series: Series | None) -> list[Page]:
    """Return the change of all answers and the one within teams; in a first quarter one page says there is none."""
    since = team_pages.since(organisation.whole, language, series)
    if chance_pages.is_first(organisation):
        return [Page(since.id, since.title, (*since.blocks, chance_pages.from_next_on(language)))]
    return [since, chance_pages.within(organisation, language)]


def summary(organisation: ReleasedOrganisation, language: Language) -> Page:
    """Page 1: who took part, three sentences, one strength, one conversation."""
    _ = language.gettext
    whole = organisation.whole
    took_part = [team for team in organisation.teams if team.n_answered]
    withheld = sum(team.is_withheld for team in took_part)
    blocks: list[Block] = [Lead(sentences.answered(whole, language)), team_pages.who_answered(whole, language)]
    covered = language.ngettext("%(n)s team took part.", "%(n)s teams took part.", len(took_part))
    if withheld:
        covered += " " + language.ngettext(
            "%(n)s of them is too small to show; its answers count here where that is safe.",
            "%(n)s of them are too small to show; their answers count here where that is safe.",
            withheld,
        )
    if len(took_part) < len(organisation.teams):
        covered += " " + language.ngettext(
            "From %(n)s more team no answer came.",
            "From %(n)s more teams no answer came.",
            len(organisation.teams) - len(took_part),
        )
    blocks.append(Paragraph(f"{covered} {sentences.movement(whole, language)}"))
    blocks.append(Points(sentences.told(whole, language)))
    boxes = (highlights.strength(whole, language), highlights.conversation(whole, language))
    blocks.append(Callouts(tuple(box for box in boxes if box is not None)))
    if organisation.departments:
        blocks.append(tables.coverage(organisation, language))
    return Page("summary", _("What the organisation told us"), tuple(blocks))


def strips(organisation: ReleasedOrganisation, language: Language) -> tuple[Page, ...]:
    """Return the teams on one scale, in alphabetical order, as many pages as they need."""
    _ = language.gettext
    teams, whole = organisation.teams, organisation.whole
    how = _(
        "Alphabetical, not ranked: with groups this small, the order of means would mostly be chance. "
        "Filled diamonds are exact means, open ones rounded; lines are 90 % intervals. Grey cross: views split, or "
        "fewer than 60 % answered."
    )
    found = []
    for start in range(0, max(1, len(teams)), ROWS):
        part = teams[start : start + ROWS]
        drawn = figures.strips(whole, part, language)
        behind = (tables.teams(organisation.part(tuple(part)), language),)
        chart = Chart(f"strips-{start // ROWS + 1}", _("Teams on one scale"), drawn, None, how, behind)
        intro = Paragraph(_("Every team’s six aspects. Look for what most teams share, not for a first and a last."))
        title = _("Every team on one scale")
        if start:
            title = _("%(title)s, continued", title=title)
        found.append(Page(f"teams-{start // ROWS + 1}", title, (intro, chart) if not start else (chart,)))
    return tuple(found)


def rungs(organisation: ReleasedOrganisation, language: Language) -> Page:
    """Return how many teams have reached each rung, and the rungs as the whole organisation sees them."""
    _ = language.gettext
    whole, teams = organisation.whole, organisation.teams
    wide, narrow = figures.rungs(whole, teams, language), figures.rungs(whole, teams, language, narrow=True)
    chart = Chart("rungs", _("Teams per rung"), wide, narrow, _("Each square is one team at the rung it has reached."))
    everybody = figures.ladders(whole, language), figures.ladders(whole, language, narrow=True)
    blocks: list[Block] = [
        Paragraph(_("How many teams have reached each rung, by practice area. Withheld teams are not counted.")),
        chart,
        Heading(_("All answers together")),
        Chart(
            "ladders",
            _("Five practice areas, all answers"),
            *everybody,
            _("Filled circle: the rung that at least two thirds see reached. Open circle: what more than half see."),
            (tables.ladders(whole, language),),
        ),
    ]
    return Page("rungs", _("Five practice areas"), tuple(blocks))


def changes(organisation: ReleasedOrganisation, language: Language, catalogue: Catalogue) -> Page:
    """Return what only leadership can unblock, and how many teams were suggested what."""
    _ = language.gettext
    whole = organisation.whole
    blocks: list[Block] = []
    mine = [s for s in whole.suggestions.changes if catalogue.get(s.change).organisation]
    if mine:
        blocks.append(Paragraph(_("Some changes no team can start alone. These wait for leadership.")))
        blocks.extend(change_pages.card(s, catalogue.get(s.change), whole, language) for s in mine)
    else:
        blocks.append(Paragraph(_("No change waits for leadership alone this quarter.")))
    counts: dict[str, int] = {}
    for team in organisation.teams:
        for suggestion in team.suggestions.changes:
            counts[suggestion.change] = counts.get(suggestion.change, 0) + 1
    if counts:
        rows = tuple(
            (change.id, language.text(change.title), language.text(change.who), str(counts[change.id]))
            for change in catalogue.changes
            if change.id in counts
        )
        head = (_("No."), _("Small change"), _("Who can start it"), _("Teams"))
        blocks.append(Table(_("What teams were suggested, in the order of the catalogue"), head, rows, (3,)))
    talking = _talking(organisation, language)
    if talking:
        blocks.append(Callouts((talking,)))
    return Page("changes", _("What leadership can unblock"), tuple(blocks))


def _talking(organisation: ReleasedOrganisation, language: Language) -> Callout | None:
    _ = language.gettext
    n = sum(bool(team.suggestions.conversations) for team in organisation.teams)
    if not n:
        return None
    subject = language.ngettext("%(n)s team talks first", "%(n)s teams talk first", n)
    text = _("Views split there: give the conversation time before asking for a change.")
    return Callout(_("Before any change"), subject, text, "talk")
