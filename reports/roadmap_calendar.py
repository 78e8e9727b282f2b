"""What is under way as an iCalendar file (RFC 5545): the day to look again, and the ritual in which it is followed up.

All events last a day, since nobody typed an hour, and leave that day free. The same agreement always has the same UID
and a SEQUENCE that grows by the day and with its end, so that a file imported again moves its events; what has ended
before its day is told once more, as cancelled, until that day. The same roadmap gives the same bytes.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from icalendar import Calendar, Event

from questionnaires.changes import RITUALS, Catalogue, SmallChange
from reports.accumulation import title
from reports.follow_up import Agreed, AgreedState
from reports.languages import Language
from reports.roadmap_export import Roadmap

PRODUCT = "-//Blameless Assessment//Roadmap//EN"
# How often a ritual comes round; what follows an incident has no day.
RULES: dict[str, dict[str, Any]] = {
    "weekly_sync": {"freq": "weekly"},
    "on_call_handover": {"freq": "weekly"},
    "refinement": {"freq": "weekly"},
    "sprint_planning": {"freq": "weekly", "interval": 2},
    "monthly_review": {"freq": "weekly", "interval": 4},
    "community": {"freq": "weekly", "interval": 4},
    "quarterly_planning": {"freq": "weekly", "interval": 13},
}


def calendar_file(roadmap: Roadmap, language: Language, catalogue: Catalogue, *, origin: str) -> bytes:
    """Return the events of everything that is under way, and what calendars may still hold of what has ended.

    :param origin: the address of this installation, which keeps its UIDs apart from those of others.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", language.gettext("Roadmap of %(name)s", name=roadmap.name))
    stamp = datetime.combine(roadmap.found.as_of, time(), tzinfo=UTC)
    for agreed in roadmap.found.agreed:
        is_over = agreed.state is not AgreedState.AGREED
        if is_over and agreed.due <= roadmap.found.as_of:
            continue
        for event in _events(agreed, roadmap.name, language, catalogue, origin):
            event.add("dtstamp", stamp)
            event.add("sequence", 2 * max(0, (roadmap.found.as_of - agreed.agreed_on).days) + is_over)
            if is_over:
                event.add("status", "CANCELLED")
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(agreed: Agreed, name: str, language: Language, catalogue: Catalogue, origin: str) -> Iterator[Event]:
    _ = language.gettext
    what = title(agreed.change, language, catalogue)
    told = [
        f"{_('Owning role')}: {agreed.role}",
        f"{_('How you will know')}: {agreed.sign}",
    ]
    change = catalogue.by_id.get(agreed.change)
    if change is not None:
        told.append(f"{_('When to follow it up')}: {language.text(RITUALS[change.ritual])}")
    review = _event(agreed, "review", _("%(name)s: look at “%(change)s”", name=name, change=what), agreed.due, origin)
    review.add("description", "\n".join(told))
    yield review
    if change is None or change.ritual not in RULES:
        return
    first = first_day(agreed, change)
    if first >= agreed.due:
        return
    ritual = language.text(RITUALS[change.ritual])
    again = _event(agreed, "ritual", f"{name}: {ritual} – {what}", first, origin)
    again.add("rrule", RULES[change.ritual] | {"until": agreed.due - timedelta(days=1)})
    again.add("description", "\n".join([*told[:2], f"{_('First step')}: {language.text(change.first_step)}"]))
    yield again


def first_day(agreed: Agreed, change: SmallChange) -> date:
    """Return the first day of a ritual: a round of it after the agreement."""
    rule = RULES[change.ritual]
    return agreed.agreed_on + timedelta(weeks=rule.get("interval", 1))


def _event(agreed: Agreed, kind: str, summary: str, day: date, origin: str) -> Event:
    event = Event()
    key = f"{origin}/agreements/{agreed.id}/{agreed.change}/{agreed.agreed_on.isoformat()}#{kind}"
    event.add("uid", str(uuid.uuid5(uuid.NAMESPACE_URL, key)))
    event.add("summary", summary)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event
