"""The page of small changes: what to try next, what to talk about first, what to keep."""

from __future__ import annotations

from questionnaires.changes import RITUALS, Catalogue, SmallChange
from reports import words
from reports.blocks import Block, Callout, Callouts, Card, Lead, Page, Paragraph
from reports.languages import Language
from reports.released import Released, Suggestion


def changes(released: Released, language: Language, catalogue: Catalogue) -> Page:
    """Page 6: the next small changes, what to talk about first, what to keep."""
    _ = language.gettext
    suggestions = released.suggestions
    blocks: list[Block] = []
    if suggestions.changes:
        blocks.append(Paragraph(_("Pick one or two, agree on an owning role and a date, and look again next quarter.")))
    elif suggestions.conversations:
        blocks.append(Lead(_("Talk first, change later.")))
    else:
        blocks.append(Lead(_("No small change stands out.")))
        blocks.append(
            Paragraph(_("Nothing released here points to a gap. Keep what works, and look again next quarter."))
        )
    if suggestions.conversations:
        names = " · ".join(words.aspect_name(released, key, language) for key in suggestions.conversations)
        text = _("Views split: understand both sides before changing anything.")
        blocks.append(Callouts((Callout(_("Talk first"), names, text, "talk"),)))
    for suggestion in suggestions.changes:
        blocks.append(card(suggestion, catalogue.get(suggestion.change), released, language))
    if suggestions.keep:
        names = words.quoted([words.aspect_name(released, key, language) for key in suggestions.keep], language)
        text = _("%(names)s. Name what works, so that it stays.", names=names)
        blocks.append(Callouts((Callout(_("Keep doing"), _("No gap here"), text, "strength"),)))
    return Page("changes", _("Next small changes"), tuple(blocks))


def card(suggestion: Suggestion | None, change: SmallChange, released: Released, language: Language) -> Card:
    """Return one small change as a card; without a suggestion, nothing of the report speaks for it."""
    _ = language.gettext
    effort = {
        "S": _("up to a day"),
        "M": _("up to two weeks beside other work"),
        "L": _("about a quarter"),
    }[change.effort]
    because = _because(suggestion, released, language) if suggestion is not None else ""
    why = " ".join(part for part in (because, language.text(change.why)) if part)
    steps = (
        (_("First step"), language.text(change.first_step)),
        (_("How you will know"), language.text(change.sign)),
        (_("When to follow it up"), language.text(RITUALS[change.ritual])),
        (_("Who can start it"), language.text(change.who)),
        (_("When not to"), language.text(change.when_not)),
    )
    tags = [change.id, effort]
    if suggestion is not None and suggestion.n_waiting:
        tags.append(language.ngettext("would help %(n)s team", "would help %(n)s teams", suggestion.n_waiting))
    return Card(language.text(change.title), tuple(tags), why, steps)


def _because(suggestion: Suggestion, released: Released, language: Language) -> str:
    """Say which gaps put a change here: weak agreement on aspects, a next rung of practice areas."""
    aspects, areas = (
        words.quoted(
            [words.aspect_name(released, key, language) for key in suggestion.because if key in part], language
        )
        for part in (released.aspects, released.ladders)
    )
    if aspects and areas:
        return language.gettext(
            "Why you: the gap in %(aspects)s, and the next rung in %(areas)s.", aspects=aspects, areas=areas
        )
    if aspects:
        return language.gettext("Why you: the gap in %(names)s.", names=aspects)
    return language.gettext("Why you: the next rung in %(names)s.", names=areas) if areas else ""
