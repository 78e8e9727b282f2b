"""A roadmap to take along: as Markdown for a team's own pages, and as CSV for a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from questionnaires.changes import RITUALS, Catalogue
from reports import words
from reports.accumulation import names, title
from reports.csv_export import Value, written
from reports.follow_up import Agreed, AgreedState, FollowUp
from reports.languages import Language, phrase
from reports.looking_back import moved
from reports.released import Released
from reports.room import with_room

COLUMNS = (
    "whose",
    "agreed_with",
    "change",
    "title",
    "state",
    "role",
    "due",
    "sign",
    "evidence",
    "agreed_on",
    "ended_on",
)
STATES = {
    AgreedState.AGREED: phrase("under way"),
    AgreedState.DONE: phrase("done"),
    AgreedState.DROPPED: phrase("dropped"),
}
# What would be markup in Markdown or HTML; typed words are words.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


@dataclass(frozen=True)
class Roadmap:
    """Everything that an export writes."""

    name: str
    """Of the team, or of the organisation."""
    found: FollowUp
    released: Released
    """The report that the roadmap belongs to."""
    suggested: tuple[str, ...] = ()
    """Ids of what is suggested and neither under way nor in place."""


def roadmap_of(released: Released, found: FollowUp) -> Roadmap:
    """Return a report with what followed from it; what is suggested and has begun is suggested no more."""
    begun = {agreed.change for agreed in found.in_flight()} | {*found.in_place, *found.implied}
    suggested = tuple(one.change for one in released.suggestions.changes if one.change not in begun)
    return Roadmap(released.name, found, released, suggested)


def markdown(roadmap: Roadmap, language: Language, catalogue: Catalogue) -> str:
    """Return a roadmap as Markdown (CommonMark): what became of it, what is under way, what could come next."""
    return "\n".join(_lines(roadmap, language, catalogue)).rstrip() + "\n"


def csv_file(roadmap: Roadmap, language: Language, catalogue: Catalogue, *, with_mark: bool = False) -> bytes:
    """Return all agreements as CSV, a row each, oldest first, every cell safe to open in a spreadsheet."""
    return written(_rows(roadmap, language, catalogue), with_mark=with_mark)


def _rows(roadmap: Roadmap, language: Language, catalogue: Catalogue) -> Iterator[Sequence[Value]]:
    yield COLUMNS
    for one in roadmap.found.agreed:
        yield (
            roadmap.name,
            one.quarter,
            one.change,
            title(one.change, language, catalogue),
            one.state.value,
            one.role,
            one.due.isoformat(),
            one.sign,
            one.evidence,
            one.agreed_on.isoformat(),
            one.ended_on.isoformat() if one.ended_on is not None else "",
        )


def _lines(roadmap: Roadmap, language: Language, catalogue: Catalogue) -> Iterator[str]:
    _, found = language.gettext, roadmap.found
    yield f"# {_('Roadmap of %(name)s', name=plain(roadmap.name))}"
    yield ""
    as_of = _("As of %(day)s", day=language.date(found.as_of))
    yield f"{as_of} · {_('report of %(quarter)s', quarter=roadmap.released.quarter)}"
    ended = [one for one in found.agreed if one.state is not AgreedState.AGREED]
    told = moved(roadmap.released, language) if roadmap.released.kind == "team" else ()
    if told:
        yield from ("", f"## {_('Did it move?')}", "")
        for one in told:
            verdict = ", ".join(part for part in (one.verdict, one.values) if part)
            yield f"- **{plain(one.name)}**: {plain(f'{verdict}. {one.why}')}"
    yield from ("", f"## {_('Under way')}", "")
    if not found.in_flight():
        yield _("Nothing is under way.")
    for agreed in found.in_flight():
        yield from _under_way(agreed, language, catalogue)
    under_way = [one.change for one in found.in_flight()]
    fitting, waiting = with_room(roadmap.suggested, under_way, catalogue)
    if fitting:
        yield from ("", f"## {_('Suggested now')}", "")
        yield from (f"- {plain(title(name, language, catalogue))}" for name in fitting)
    if waiting:
        quoted = words.quoted([title(name, language, catalogue) for name in waiting], language)
        yield from ("", plain(_("Could come next: %(names)s.", names=quoted)))
    if ended:
        yield from ("", f"## {_('Done and dropped')}", "")
        for agreed in ended:
            day = language.date(agreed.ended_on) if agreed.ended_on is not None else ""
            line = f"- **{plain(title(agreed.change, language, catalogue))}**: {_(STATES[agreed.state])}, {day}"
            yield f"{line}. {plain(agreed.evidence)}".rstrip()
    if found.in_place:
        yield from ("", f"## {_('In place')}", "")
        yield plain(names(found.in_place, catalogue, language))
    if found.next_focus:
        listed = words.listed(
            [words.aspect_name(roadmap.released, key, language) for key in found.next_focus], language
        )
        yield from ("", f"## {_('Next focus')}", "", plain(listed))


def _under_way(agreed: Agreed, language: Language, catalogue: Catalogue) -> Iterator[str]:
    _ = language.gettext
    yield f"### {plain(title(agreed.change, language, catalogue))}"
    yield ""
    yield f"- {_('Owning role')}: {plain(agreed.role)}"
    yield f"- {_('Look again on')}: {language.date(agreed.due)}"
    yield f"- {_('How you will know')}: {plain(agreed.sign)}"
    if agreed.change in catalogue.by_id:
        change = catalogue.get(agreed.change)
        yield f"- {_('First step')}: {plain(language.text(change.first_step))}"
        yield f"- {_('When to follow it up')}: {plain(language.text(RITUALS[change.ritual]))}"
    yield ""


def plain(text: str) -> str:
    """Return words so that Markdown shows them as they were typed."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
