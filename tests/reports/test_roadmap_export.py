"""A roadmap as Markdown, CSV and iCalendar, the last one read by a library and checked line by line."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from questionnaires.changes import catalogue
from reports.follow_up import Agreed, AgreedState, FollowUp
from reports.languages import language
from reports.looking_back import moved
from reports.released import Change, OpenEnd, Reason, Status, Withheld
from reports.roadmap_calendar import RULES, calendar_file
from reports.roadmap_export import Roadmap, csv_file, markdown, plain, roadmap_of
from tests.reports import document_matrix as matrix

SHELF, ENGLISH, GERMAN = catalogue(), language("en"), language("de")
AS_OF = date(2026, 10, 2)
ORIGIN = "https://assessment.example.org"


def agreed(number: int, change: str, state: AgreedState = AgreedState.AGREED, **values: object) -> Agreed:
    ended = None if state is AgreedState.AGREED else date(2026, 9, 1)
    made = Agreed(
        change, "2026-Q2", state, "product owner", date(2026, 12, 1), "Seen; three, weeks", "", date(2026, 7, 1), ended
    )
    return replace(made, id=number, **values)  # type: ignore[arg-type]


def roadmap(*listed: Agreed, name: str = "Atlas", **values: object) -> Roadmap:
    found = FollowUp(AS_OF, tuple(listed), **values)  # type: ignore[arg-type]
    return Roadmap(name, found, matrix.team(), ("C10",))


def events(content: bytes) -> list[dict[str, object]]:
    parsed = Calendar.from_ical(content)
    return [
        {key.lower(): parsed_event.decoded(key) for key in parsed_event if key.lower() != "rrule"}
        | {"rrule": parsed_event.get("rrule")}
        for parsed_event in parsed.walk("VEVENT")
    ]


def test_a_calendar_has_the_day_to_look_again_and_the_ritual():
    past = agreed(8, "C10", AgreedState.DONE, due=AS_OF)
    review, ritual = events(calendar_file(roadmap(agreed(7, "C04"), past), ENGLISH, SHELF, origin=ORIGIN))
    assert (review["dtstart"], review["dtend"]) == (date(2026, 12, 1), date(2026, 12, 2))
    assert review["summary"] == "Atlas: look at “Look at production together for 30 minutes a week”"
    assert "Seen; three, weeks" in review["description"]  # type: ignore[operator]
    assert ritual["dtstart"] == date(2026, 7, 8)
    assert ritual["rrule"] == {"FREQ": ["WEEKLY"], "UNTIL": [date(2026, 11, 30)]}
    assert {event["dtstamp"] for event in (review, ritual)} == {datetime(2026, 10, 2, tzinfo=UTC)}


def test_a_calendar_keeps_to_the_rules_of_its_format():
    named = roadmap(agreed(7, "C04", sign="x" * 290), name="Zürich; „Lager, Büro“ " + "ü" * 60)
    content = calendar_file(named, GERMAN, SHELF, origin=ORIGIN)
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert not any(b"\n" in line or len(line) > 75 for line in lines)
    text = content.decode().replace("\r\n ", "")
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    for needed in ("PRODID:", "VERSION:2.0", "METHOD:PUBLISH"):
        assert f"\r\n{needed}" in text
    for event in re.findall(r"BEGIN:VEVENT.*?END:VEVENT", text, re.DOTALL):
        for needed in ("UID", "DTSTAMP", "DTSTART", "SUMMARY"):
            assert len(re.findall(rf"\r\n{needed}[:;]", event)) == 1, needed
    assert "Zürich\\; „Lager\\, Büro“" in text


def test_the_same_agreement_always_has_the_same_uid_and_others_have_others():
    first = roadmap(agreed(7, "C04"), agreed(8, "C06"))
    later = replace(first, found=replace(first.found, as_of=date(2026, 11, 3)))
    told = [
        [event["uid"] for event in events(calendar_file(one, ENGLISH, SHELF, origin=ORIGIN))] for one in (first, later)
    ]
    assert told[0] == told[1]
    assert len(set(told[0])) == 4
    elsewhere = events(calendar_file(first, ENGLISH, SHELF, origin="https://other.example.org"))
    assert not {event["uid"] for event in elsewhere} & set(told[0])
    assert calendar_file(first, ENGLISH, SHELF, origin=ORIGIN) == calendar_file(first, ENGLISH, SHELF, origin=ORIGIN)


def test_what_has_ended_is_cancelled_in_calendars_that_still_show_it():
    begun = roadmap(agreed(7, "C04"))
    dropped = roadmap(agreed(7, "C04", AgreedState.DROPPED))
    before, after = (events(calendar_file(one, ENGLISH, SHELF, origin=ORIGIN)) for one in (begun, dropped))
    assert [event["uid"] for event in before] == [event["uid"] for event in after]
    assert ["status" in event for event in before] == [False, False]
    assert [event["status"] for event in after] == ["CANCELLED", "CANCELLED"]
    assert all(old["sequence"] < new["sequence"] for old, new in zip(before, after, strict=True))  # type: ignore[operator]


def test_a_later_export_takes_the_place_of_an_earlier_one():
    first = roadmap(agreed(7, "C04"))
    later = replace(first, found=replace(first.found, as_of=date(2026, 11, 3)))
    early, late = (events(calendar_file(one, ENGLISH, SHELF, origin=ORIGIN)) for one in (first, later))
    for one, other in zip(early, late, strict=True):
        assert 0 < one["sequence"] < other["sequence"]  # type: ignore[operator]


def test_what_follows_an_incident_or_ends_before_its_first_round_is_no_ritual():
    after = events(calendar_file(roadmap(agreed(7, "C15")), ENGLISH, SHELF, origin=ORIGIN))
    soon = events(calendar_file(roadmap(agreed(7, "C04", due=date(2026, 7, 8))), ENGLISH, SHELF, origin=ORIGIN))
    assert [len(after), len(soon)] == [1, 1]
    assert {change.ritual for change in SHELF.changes} - set(RULES) == {"after_incident"}


def test_a_change_that_the_catalogue_has_lost_is_still_written():
    lost = roadmap(agreed(7, "C99"))
    assert len(events(calendar_file(lost, ENGLISH, SHELF, origin=ORIGIN))) == 1
    assert "### C99" in markdown(lost, ENGLISH, SHELF)


def test_markdown_tells_what_became_of_it_and_what_comes_next():
    released = replace(matrix.team(), focus=("messengers",))
    change = Change(Status.CHANGED, before=3.9, before_interval_90=(3.0, 4.8), direction=1)
    released = matrix.changed(released, change)
    done = agreed(8, "C10", AgreedState.DONE, evidence="Held in weeks 38 and 39")
    found = FollowUp(AS_OF, (done, agreed(7, "C04")), in_place=("C10",), next_focus=("inquiry",))
    written = markdown(Roadmap("Atlas", found, released, ("C15",)), ENGLISH, SHELF)
    assert written.startswith("# Roadmap of Atlas\n")
    for told in (
        "moved up, from 3.9 to",
        "### Look at production together for 30 minutes a week",
        "- Owning role: product owner",
        "- Look again on: 1 December 2026",
        "done, 1 September 2026. Held in weeks 38 and 39",
        "- Hold a short review after each serious incident",
        "## Next focus",
    ):
        assert told in written, told
    assert "Nothing is under way." in markdown(roadmap(), ENGLISH, SHELF)


def test_markdown_suggests_no_more_than_has_room_beside_what_is_under_way():
    one, two, medium = ([agreed(1, "C04")], [agreed(1, "C04"), agreed(2, "C10")], [agreed(1, "C06")])
    for listed, is_now in ((one, True), (two, False), (medium, False)):
        found = FollowUp(AS_OF, tuple(listed))
        written = markdown(Roadmap("Atlas", found, matrix.team(), ("C15",)), ENGLISH, SHELF)
        assert ("## Suggested now" in written) == is_now
        assert ("Could come next: “Hold a short review after each serious incident”." in written) != is_now


def test_markdown_shows_what_was_typed_and_nothing_else():
    assert plain("<script>[x](y) *b*\n# h") == r"\<script\>\[x\](y) \*b\* \# h"
    typed = markdown(roadmap(agreed(7, "C04", sign="<img src=x> ![a](b)")), ENGLISH, SHELF)
    assert r"\<img src=x\> \!\[a\](b)" in typed


def test_no_cell_of_a_csv_is_a_formula():
    content = csv_file(
        roadmap(agreed(7, "C04", role="=1+1", sign="@x"), name="=SUM(A1)"), ENGLISH, SHELF, with_mark=True
    )
    assert content.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert (row["whose"], row["role"], row["sign"]) == ("'=SUM(A1)", "'=1+1", "'@x")
    assert (row["change"], row["state"], row["due"], row["ended_on"]) == ("C04", "agreed", "2026-12-01", "")


def test_what_has_begun_is_suggested_no_more():
    released = matrix.team()
    suggested = [one.change for one in released.suggestions.changes]
    assert roadmap_of(released, FollowUp(AS_OF)).suggested == tuple(suggested)
    begun = FollowUp(AS_OF, tuple(agreed(n, change) for n, change in enumerate(suggested)))
    assert roadmap_of(released, begun).suggested == ()


CANNOT = [Status.NOT_DISTINGUISHABLE, Status.TOO_FEW, Status.NOT_COMPARABLE, Status.NOT_TESTED, Status.FIRST_QUARTER]


@pytest.mark.parametrize("status", CANNOT)
def test_what_no_test_said_cannot_be_told(status: Status):
    released = replace(matrix.changed(matrix.team(), Change(status)), focus=("messengers",))
    (told,) = moved(released, ENGLISH)
    assert (told.is_told, told.verdict) == (False, "cannot be told")
    assert told.why


def test_a_focus_aspect_moved_up_or_down_or_is_withheld():
    base = replace(matrix.team(), focus=("messengers",))
    down = Change(Status.CHANGED, before=6.7, before_open_end=OpenEnd.TOP, direction=-1)
    (told,) = moved(matrix.changed(base, down), ENGLISH)
    assert told.verdict == "moved down"
    assert told.values.startswith("from 6.7 or above to")
    other = Change(Status.CHANGED, before=3.0, before_scale=(1, 5), direction=1)
    (told,) = moved(matrix.changed(base, other), ENGLISH)
    assert (told.verdict, told.values) == ("moved up", "")
    (told,) = moved(replace(base, aspects={"messengers": Withheld(Reason.TOO_FEW)}), ENGLISH)
    assert (told.verdict, told.is_told) == ("cannot be told", False)
    assert "withheld" in told.why
