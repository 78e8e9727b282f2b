"""What the organisation agreed itself and what its teams did, as counts: pages of its report that name no team."""

from __future__ import annotations

from collections.abc import Sequence

from questionnaires.changes import Catalogue
from reports import accumulation_pages, follow_up_pages, health_words
from reports.accumulation import organisation_steps
from reports.blocks import Block, Card, Page, Paragraph, Table
from reports.follow_up import AgreedState, OrganisationFollowUp
from reports.health import Measure
from reports.languages import Language
from reports.released import ReleasedOrganisation

NOTHING = "–"


def added(
    pages: Sequence[Page],
    organisation: ReleasedOrganisation,
    found: OrganisationFollowUp,
    language: Language,
    catalogue: Catalogue,
) -> tuple[Page, ...]:
    """Return the pages of a report with what was agreed and done behind what is suggested."""
    at = next((number for number, page in enumerate(pages, 1) if page.id == "changes"), len(pages))
    kept = [_without_begun(page, found, language) for page in pages]
    own = [agreed(organisation, found, language, catalogue), roadmap(organisation, found, language, catalogue)]
    if found.health:
        own.append(health(found, language))
    return (*kept[:at], *own, *kept[at:])


def _without_begun(page: Page, found: OrganisationFollowUp, language: Language) -> Page:
    """Leave out the cards of what has begun already."""
    begun = {one.change for one in found.own.in_flight()} | {*found.own.in_place, *found.own.implied}
    if page.id != "changes" or not any(_is_of(block, begun) for block in page.blocks):
        return page
    kept = [block for block in page.blocks if not _is_of(block, begun)]
    if not any(isinstance(block, Card) for block in kept):
        kept[0] = Paragraph(language.gettext("What waits for leadership has begun: it stands on the next page."))
    return Page(page.id, page.title, tuple(kept))


def _is_of(block: Block, changes: set[str]) -> bool:
    return isinstance(block, Card) and bool(block.tags) and block.tags[0] in changes


def agreed(
    organisation: ReleasedOrganisation, found: OrganisationFollowUp, language: Language, catalogue: Catalogue
) -> Page:
    """Return what the organisation agreed itself, and what came of it."""
    _ = language.gettext
    blocks: list[Block] = []
    whole = organisation.whole
    blocks += follow_up_pages.opening(whole, found.own, language, catalogue)
    under_way = follow_up_pages.under_way(found.own, language, catalogue)
    if under_way:
        blocks.append(Paragraph(_("Under way in the organisation itself:")))
        blocks += under_way
    elif not blocks:
        blocks.append(Paragraph(_("The organisation itself has agreed on nothing yet.")))
    blocks.append(Paragraph(follow_up_pages.as_of(found.own, language), small=True))
    return Page("agreed", _("What was agreed"), tuple(blocks))


def health(found: OrganisationFollowUp, language: Language) -> Page:
    """Return how many teams are within the targets of their health facts, and how many got better or worse."""
    _ = language.gettext
    text = _("Counts of teams with such facts; none is named, and facts are never averaged with the answers.")
    few = _("Facts that fewer than three teams know are left out.")
    as_of = Paragraph(follow_up_pages.as_of(found.own, language), small=True)
    return Page("health", _("Health facts of teams"), (_counted(found, language), Paragraph(f"{text} {few}"), as_of))


def _counted(found: OrganisationFollowUp, language: Language) -> Table:
    _ = language.gettext
    rows = []
    for name, count in found.health.items():
        measure = Measure(name)
        within = NOTHING
        if count.n_within is not None:
            within = _("%(n)s of %(all)s", n=count.n_within, all=count.n_known).replace(" ", "\u00a0")
        moves = [str(n) for n in (count.n_better, count.n_same, count.n_worse)]
        words = _(health_words.NAMES[measure]), _(health_words.TARGETS[measure])
        rows.append((*words, str(count.n_known), within, *moves))
    head = (
        _("Health fact"), _("Target"), _("Teams that know it"), _("Within target"), _("Better"), _("Same"), _("Worse"),
    )  # fmt: skip
    return Table(_("Teams within their targets, and since the quarter before"), head, tuple(rows), (2, 3, 4, 5, 6))


def roadmap(
    organisation: ReleasedOrganisation, found: OrganisationFollowUp, language: Language, catalogue: Catalogue
) -> Page:
    """Return which small changes build on which, with how many teams have or have begun each."""
    suggested = [one.change for one in organisation.whole.suggestions.changes]
    steps = organisation_steps(found, suggested, catalogue)
    intro = language.ngettext(
        "What %(n)s team has in place and under way, and what the organisation started itself.",
        "What %(n)s teams have in place and under way, and what the organisation started itself.",
        found.n_teams,
    )
    tables = (_counts(found, language, catalogue),) if found.agreed or found.in_place else ()
    return accumulation_pages.page(steps, Paragraph(intro), tables, language, catalogue)


def _counts(found: OrganisationFollowUp, language: Language, catalogue: Catalogue) -> Table:
    _ = language.gettext
    rows = []
    for change in catalogue.changes:
        states = found.agreed.get(change.id, {})
        counts = [states.get(state, 0) for state in (AgreedState.AGREED, AgreedState.DONE, AgreedState.DROPPED)]
        counts.append(found.in_place.get(change.id, 0))
        if any(counts):
            rows.append((change.id, language.text(change.title), *map(str, counts)))
    head = (_("No."), _("Small change"), _("Under way"), _("Done"), _("Dropped"), _("In place"))
    return Table(_("Teams by small change"), head, tuple(rows), (2, 3, 4, 5))
