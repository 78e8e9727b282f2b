"""What a team takes from its report into meetings: questions where views split, and the card for incident reviews."""

from __future__ import annotations

from questionnaires.meetings import Meetings, meetings
from reports import words
from reports.blocks import Asks, Block, Page, Pairs, Paragraph
from reports.highlights import shown_aspects
from reports.languages import Language
from reports.released import Agreement, Released

MOST_SPLIT = 2
"""So many aspects get their questions: one conversation has no room for more."""
MOST_ASKED = 4
"""So many questions stand there in all: three about one aspect, two each about two."""


def split_aspects(released: Released) -> tuple[str, ...]:
    """Return the aspects to talk about because views split, those of the roadmap first, at most two."""
    figures = shown_aspects(released)
    named = [key for key in released.suggestions.conversations if key in figures]
    split = [key for key, figure in figures.items() if figure.agreement is Agreement.SPLIT]
    return tuple(dict.fromkeys([*named, *split]))[:MOST_SPLIT]


def questions(released: Released, language: Language, asked: Meetings | None = None) -> tuple[Block, ...]:
    """Return the questions for the conversation about aspects on which views split; nothing without such an aspect.

    They ask what happened and what each side sees, never who answered what.
    """
    known = asked or meetings()
    split = split_aspects(released)
    entries = tuple(
        (
            language.gettext("To ask about “%(name)s”", name=words.aspect_name(released, aspect, language)),
            tuple(language.text(text) for text in known.asks(aspect)[: MOST_ASKED // len(split)]),
        )
        for aspect in split
        if known.asks(aspect)
    )
    return (Asks(entries),) if entries else ()


def agenda(language: Language) -> tuple[tuple[str, str], ...]:
    """Return how long the meeting about a report takes, and what for."""
    _ = language.gettext
    return (
        (_("Ten minutes"), _("Everybody reads alone and marks one thing that surprises. Nobody explains yet.")),
        (_("Twenty minutes"), _("Talk about one mark at a time. Ask what happened, never who answered what.")),
        (_("Ten minutes"), _("Choose at most two small changes, each with an owning role and a date.")),
    )


def card(language: Language, asked: Meetings | None = None) -> Page:
    """Return the card for incident reviews: a page that stands by itself and holds no result."""
    known = asked or meetings()
    shown, text = known.card, language.text
    rows = tuple((text(pair.about), text(pair.do), text(pair.leave)) for pair in shown.pairs)
    blocks: tuple[Block, ...] = (
        Paragraph(text(shown.introduction)),
        Pairs(text(shown.title), (language.gettext("About"), text(shown.do), text(shown.leave)), rows),
        Paragraph(text(shown.apart)),
        Paragraph(text(shown.who), small=True),
        Paragraph(text(known.source.credit), small=True),
    )
    return Page("card", text(shown.title), blocks)
