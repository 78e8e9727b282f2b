"""What was agreed and what came of it, on the pages of a team's report: as of a day, beside the measured part."""

from __future__ import annotations

from collections.abc import Sequence

from questionnaires.changes import Catalogue
from reports import figures, health_words, looking_back, words
from reports.accumulation import title
from reports.blocks import Block, Callout, Callouts, Card, Chart, Glossary, Heading, Page, Paragraph, Table
from reports.follow_up import Agreed, AgreedState, FollowUp, Health
from reports.health import SMALLEST_ROTATION, busiest_share, is_lopsided
from reports.languages import Language, phrase
from reports.released import Released
from reports.room import with_room

MOST_ENTRIES = 4
"""So many thoughts open a report; the page that they open keeps its room for what was measured."""
HEALTH_FITS_MM = 64.0
"""Up to this height of the figure, health facts fit below the aspects since last time."""
MOST_CARDS = 3
"""So many cards of what is under way fit on a page beside what else stands there."""
NOTHING = "–"
BECAME = {
    AgreedState.DONE: phrase("done on %(day)s"),
    AgreedState.DROPPED: phrase("dropped on %(day)s"),
    AgreedState.AGREED: phrase("still open, to be looked at on %(day)s"),
}


def opening(
    released: Released, found: FollowUp | None, language: Language, catalogue: Catalogue
) -> tuple[Glossary, ...]:
    """Return what opens a report: what became of what was agreed before, and whether the focus aspects moved."""
    earlier = found.before(released.quarter) if found is not None else ()
    if found is None or not earlier:
        return ()
    _ = language.gettext
    moved = looking_back.moved(released, language) if released.kind == "team" else ()
    # The last quarter's agreements and whatever was still open after it; older ones have been talked about.
    last, recent = earlier[-1].quarter, found.since_last_time(released.quarter) if found.since else ()
    told = [one for one in earlier if one.quarter == last or one.state is AgreedState.AGREED or one in recent]
    told.sort(key=lambda one: one.state is AgreedState.AGREED)
    room = MOST_ENTRIES - len(moved)
    entries = [(title(one.change, language, catalogue), became(one, language)) for one in told[:room]]
    if len(told) > room:
        more = language.ngettext("and %(n)s more", "and %(n)s more", len(told) - room)
        entries[-1] = (entries[-1][0], f"{entries[-1][1]} · {more}")
    entries += [(one.name, _movement(one)) for one in moved]
    label = _(
        "Agreed after %(quarter)s, and what came of it · as of %(day)s", quarter=last, day=language.date(found.as_of)
    )
    return (Glossary(tuple(entries), 2, label),)


def _movement(one: looking_back.Moved) -> str:
    told = ", ".join(part for part in (one.verdict, one.values) if part)
    return f"{told}. {one.why}" if one.why else told


def became(one: Agreed, language: Language) -> str:
    """Say in a few words what became of something that was agreed; what was seen stands on the roadmap."""
    day = one.due if one.state is AgreedState.AGREED else one.ended_on or one.due
    return language.gettext(BECAME[one.state], day=language.date(day))


def with_health(pages: Sequence[Page], found: FollowUp | None, language: Language) -> tuple[Page, ...]:
    """Return a report's pages with its health facts: on the page of the change since last time, or on their own."""
    if found is None or not found.health:
        return tuple(pages)
    blocks = health(found.health, language)
    (chart,) = (block for block in blocks if isinstance(block, Chart))
    done: list[Page] = []
    for page in pages:
        charts = [block for block in page.blocks if isinstance(block, Chart)]
        if page.id == "since" and len(charts) < 2 and chart.wide.height_mm < HEALTH_FITS_MM:
            heading = Heading(language.gettext("Health facts"))
            done.append(Page(page.id, page.title, (*page.blocks, heading, *blocks)))
            return (*done, *pages[len(done) :])
        done.append(page)
    places = [number for number, page in enumerate(pages, 1) if page.id in ("since", "withheld")]
    at = places[-1] if places else max(0, len(pages) - 1)
    own = Page("health", language.gettext("Health facts"), tuple(blocks))
    return (*pages[:at], own, *pages[at:])


def health(quarters: Sequence[Health], language: Language) -> list[Block]:
    """Return health facts as a figure with targets, a warning where few take most pages, and how to read it."""
    _ = language.gettext
    how = _(
        "Dashed line: the target. Filled circle: within it; open diamond: not; square: no target. Health facts stand "
        "beside the answers and are never averaged with them."
    )
    wide, narrow = figures.health(quarters, language), figures.health(quarters, language, narrow=True)
    blocks: list[Block] = [
        Chart("health", _("Health facts over quarters"), wide, narrow, how, (_table(quarters, language),))
    ]
    known = [one for one in quarters if len(one.page_shares) >= SMALLEST_ROTATION and any(one.page_shares)]
    if known and is_lopsided(known[-1].page_shares):
        share = language.number(100 * busiest_share(known[-1].page_shares), 0)
        text = _(
            "The busiest fifth of the rotation takes %(share)s %% of the pages. From 60 %% on it comes close to the "
            "rule of 20/80: talk about the rotation, not about people.",
            share=share,
        )
        blocks.append(Callouts((Callout(_("A warning"), _("Few carry most pages"), text, "talk"),)))
    return blocks


def _table(quarters: Sequence[Health], language: Language) -> Table:
    _ = language.gettext
    shown = [one.quarter for one in quarters]
    rows = []
    for measure, points in health_words.courses(quarters).items():
        values = {one.quarter: health_words.shown(measure, one.value, language) for one in points}
        cells = [values.get(quarter, NOTHING) for quarter in shown]
        rows.append((_(health_words.NAMES[measure]), _(health_words.TARGETS[measure]), *cells))
    head = (_("Health fact"), _("Target"), *shown)
    return Table(_("Health facts as numbers"), head, tuple(rows), tuple(range(2, len(head))))


def under_way(found: FollowUp, language: Language, catalogue: Catalogue) -> list[Block]:
    """Return what is agreed and neither done nor dropped as cards; what finds no room is named."""
    agreed = found.in_flight()
    blocks: list[Block] = [_agreed(one, language, catalogue) for one in agreed[:MOST_CARDS]]
    if len(agreed) > MOST_CARDS:
        names = words.quoted([title(one.change, language, catalogue) for one in agreed[MOST_CARDS:]], language)
        blocks.append(Paragraph(language.gettext("Under way as well: %(names)s.", names=names)))
    return blocks


def _agreed(one: Agreed, language: Language, catalogue: Catalogue) -> Card:
    _ = language.gettext
    steps = (
        (_("Owning role"), one.role),
        (_("Look again on"), language.date(one.due)),
        (_("How you will know"), one.sign),
    )
    tags = (one.change, _("under way"), _("agreed after %(quarter)s", quarter=one.quarter))
    return Card(title(one.change, language, catalogue), tags, "", steps)


def with_agreed(
    page: Page, released: Released, found: FollowUp | None, language: Language, catalogue: Catalogue
) -> Page:
    """Return the page of small changes with what is under way first; a suggestion waits where there is no room for it.

    :param page: as it is without follow-up, with a card for each suggested change.
    """
    if found is None:
        return page
    _ = language.gettext
    cards = [block for block in page.blocks if isinstance(block, Card)]
    rest = [block for block in page.blocks if not isinstance(block, Card)]
    agreed = under_way(found, language, catalogue)
    begun = {one.change for one in found.in_flight()}
    card_of = {one.change: card for one, card in zip(released.suggestions.changes, cards, strict=True)}
    open_ones = [change for change in card_of if change not in {*begun, *found.in_place, *found.implied}]
    has_room, has_to_wait = with_room(open_ones, begun, catalogue)
    fitting = [card_of[change] for change in has_room]
    waiting = [card_of[change].title for change in has_to_wait]
    if agreed:
        intro = _(
            "Finish or drop what is under way before more begins: two small changes at most, or a larger one alone."
        )
        blocks: list[Block] = [Paragraph(intro), *agreed]
        if waiting:
            names = words.quoted(waiting, language)
            blocks.append(Paragraph(_("Could come next: %(names)s.", names=names)))
        blocks += [*fitting, *(block for block in rest if isinstance(block, Callouts))]
    elif len(fitting) == len(cards):
        blocks = list(page.blocks)
    elif fitting:
        blocks = [rest[0], *fitting, *rest[1:]]
    else:
        text = _("What would be suggested is in place already. Keep what works, and look again next quarter.")
        blocks = [Paragraph(text), *(block for block in rest if isinstance(block, Callouts))]
    if found.next_focus:
        names = words.quoted([words.aspect_name(released, key, language) for key in found.next_focus], language)
        blocks.append(Paragraph(_("Focus agreed for the next quarter: %(names)s.", names=names)))
    if not found.is_empty:
        blocks.append(Paragraph(as_of(found, language), small=True))
    return Page(page.id, page.title, tuple(blocks))


def withheld(
    page: Page, opening: Sequence[Block], found: FollowUp | None, language: Language, catalogue: Catalogue
) -> tuple[Page, ...]:
    """Return the page that says why there is no result, with what was agreed before it and what is under way after."""
    pages = [Page(page.id, page.title, (*opening, *page.blocks))]
    if found is not None and found.in_flight():
        blocks = (*under_way(found, language, catalogue), Paragraph(as_of(found, language), small=True))
        pages.append(Page("changes", language.gettext("Under way"), blocks))
    return tuple(pages)


def as_of(found: FollowUp, language: Language) -> str:
    """Say of which day agreements and health facts are."""
    return language.gettext("Agreements and health facts as of %(day)s.", day=language.date(found.as_of))
