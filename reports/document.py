"""Reports as plain data: which pages a node's released values make, in one language.

Only released values come in, so a document cannot say what disclosure control held back.
"""

from __future__ import annotations

from datetime import date

from questionnaires.changes import Catalogue, catalogue
from reports import (
    accumulation_pages,
    canonical,
    change_pages,
    follow_up_pages,
    highlights,
    meeting_pages,
    organisation_follow_up_pages,
    organisation_pages,
    sentences,
    tables,
    team_pages,
)
from reports.blocks import Block, Callout, Callouts, Document, DocumentKind, Lead, Page, Paragraph, Points
from reports.follow_up import FollowUp, OrganisationFollowUp
from reports.languages import Language
from reports.naming import in_line
from reports.released import Released, ReleasedOrganisation, Series

__all__ = ["Document", "organisation_document", "summary_document", "team_document"]


def team_document(
    released: Released,
    language: Language,
    as_of: date,
    series: Series | None = None,
    *,
    follow_up: FollowUp | None = None,
    changes: Catalogue | None = None,
) -> Document:
    """Return the report of a team or department: seven pages, or one that says why there is no result.

    A page more shows what stands on what once something was agreed or is in place, and one the health facts where they
    do not fit below the aspects since last time.

    :param series: the node's quarters; those after the report's own are left out.
    :param follow_up: what was agreed and what came of it; the measured part is the same with and without.
    :raise KeyError: when a suggested change is not in the catalogue.
    """
    earlier = series and series.until(released.quarter)
    shelf = changes or catalogue()
    opening = follow_up_pages.opening(released, follow_up, language, shelf)
    if released.is_withheld:
        pages: tuple[Page, ...] = follow_up_pages.withheld(
            team_pages.withheld(released, language), opening, follow_up, language, shelf
        )
    else:
        suggested = change_pages.changes(released, language, shelf)
        pages = tuple(
            page
            for page, is_asked in (
                (team_pages.told(released, language, opening), True),
                (team_pages.aspects(released, language), bool(released.aspects)),
                (team_pages.choices(released, language), bool(released.choices)),
                (team_pages.ladders(released, language), bool(released.ladders)),
                (team_pages.since(released, language, earlier), bool(released.aspects)),
                (follow_up_pages.with_agreed(suggested, released, follow_up, language, shelf), True),
                (meeting_pages.card(language), True),
            )
            if is_asked
        )
    pages = follow_up_pages.with_health(pages, follow_up, language)
    stands_on = accumulation_pages.of_team(released, follow_up, language, shelf)
    # The card for the wall stays the last page.
    at = len(pages) if released.is_withheld else len(pages) - 1
    pages = (*pages[:at], *stands_on, *pages[at:])
    title = language.gettext("Team report") if released.kind == "team" else language.gettext("Department report")
    return _document("team", title, released, language, as_of, pages)


def organisation_document(
    organisation: ReleasedOrganisation,
    language: Language,
    as_of: date,
    series: Series | None = None,
    *,
    follow_up: OrganisationFollowUp | None = None,
    changes: Catalogue | None = None,
) -> Document:
    """Return the report of the organisation with its teams in alphabetical order, none of them ranked.

    :param series: the organisation's quarters; those after the report's own are left out.
    :param follow_up: what was agreed and what came of it; the measured part is the same with and without.
    :raise KeyError: when a suggested change is not in the catalogue.
    """
    whole = organisation.whole
    if whole.is_withheld:
        pages: tuple[Page, ...] = (team_pages.withheld(whole, language),)
        if not all(team.is_withheld for team in organisation.teams):
            pages += organisation_pages.strips(organisation, language)
    else:
        earlier = series and series.until(whole.quarter)
        pages = organisation_pages.pages(organisation, language, changes or catalogue(), earlier)
    if follow_up is not None and not follow_up.is_empty:
        pages = organisation_follow_up_pages.added(pages, organisation, follow_up, language, changes or catalogue())
    return _document("organisation", language.gettext("Organisation report"), whole, language, as_of, pages)


def summary_document(released: Released, language: Language, as_of: date) -> Document:
    """Return the one page that respondents read with their reading key."""
    title = language.gettext("Result in short")
    if released.is_withheld:
        return _document("summary", title, released, language, as_of, (team_pages.withheld(released, language),))
    blocks: list[Block] = [Lead(sentences.answered(released, language))]
    if released.way == "open_link":
        text = language.gettext(
            "The link let one person answer several times: read the counts as answers, not as people."
        )
        blocks.append(
            Callout(language.gettext("Open link"), language.gettext("Several answers per person were possible"), text)
        )
    blocks.append(Points(sentences.told(released, language)))
    boxes = (highlights.strength(released, language), highlights.conversation(released, language))
    blocks.append(Callouts(tuple(box for box in boxes if box is not None)))
    if released.aspects:
        blocks.append(tables.short(released, language))
    if released.ladders:
        blocks.append(tables.short_ladders(released, language))
    blocks.append(
        Paragraph(
            language.gettext("Your coach has the full report; ask for it in your next retrospective."), small=True
        )
    )
    page = Page("summary", language.gettext("What you told us"), tuple(blocks))
    return _document("summary", title, released, language, as_of, (page,))


def _document(
    kind: DocumentKind, title: str, released: Released, language: Language, as_of: date, pages: tuple[Page, ...]
) -> Document:
    _ = language.gettext
    parts = [title, released.quarter, *([released.parent_name] if released.parent_name else [])]
    owed = dict.fromkeys(language.text(instrument.source.credit) for instrument in released.questionnaire.instruments)
    return Document(
        kind=kind,
        language=language.code,
        title=released.name,
        eyebrow=" · ".join(parts),
        subject=f"{in_line(released.name)} · {released.quarter}",
        sure=sentences.sure(released, language)
        if not released.is_withheld
        else _("Withheld to protect a small group."),
        hash=canonical.measured_hash(released),
        promise=_("For the team’s own learning, not for performance reviews."),
        as_of=_("As of %(day)s", day=language.date(as_of)),
        credit=" ".join(owed),
        pages=pages,
    )
