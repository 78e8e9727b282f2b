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
    for suggestion in suggestions.changes:
        blocks.append(card(suggestion, catalogue.get(suggestion.change), released, language))
    boxes = []
    if suggestions.conversations:
        names = words.listed(
            [words.aspect_name(released, key, language) for key in suggestions.conversations], language
        )
        boxes.append(
            Callout(_("Talk first"), names, _("Views split: understand both sides before changing anything."), "talk")
        )
    if suggestions.keep:
        names = words.listed([words.aspect_name(released, key, language) for key in suggestions.keep], language)
        text = _("%(names)s. Name what works, so that it stays.", names=names)
        boxes.append(Callout(_("Keep doing"), _("No gap here"), text, "strength"))
    if boxes:
        blocks.append(Callouts(tuple(boxes)))
    return Page("changes", _("Next small changes"), tuple(blocks))


def card(suggestion: Suggestion, change: SmallChange, released: Released, language: Language) -> Card:
    """Return one small change as a card."""
    _ = language.gettext
    effort = {
        "S": _("up to a day"),
        "M": _("up to two weeks beside other work"),
        "L": _("about a quarter"),
    }[change.effort]
    names = [words.aspect_name(released, key, language) for key in suggestion.because]
    why = language.text(change.why)
    if names:
        why = _("Why you: the gap in %(names)s.", names=words.listed(names, language)) + " " + why
    steps = (
        (_("First step"), language.text(change.first_step)),
        (_("How you will know"), language.text(change.sign)),
        (_("When to follow it up"), language.text(RITUALS[change.ritual])),
        (_("Who can start it"), language.text(change.who)),
        (_("When not to"), language.text(change.when_not)),
    )
    tags = [change.id, effort]
    if suggestion.n_waiting:
        tags.append(language.ngettext("%(n)s team waits for it", "%(n)s teams wait for it", suggestion.n_waiting))
    return Card(language.text(change.title), tuple(tags), why, steps)
