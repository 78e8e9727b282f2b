"""The roadmap of a team and of the organisation, in coaches' browsers without JavaScript."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from assessment.services.follow_up import follow_up
from assessment.services.platform import Platform
from assessment.services.set_in_place import set_in_place
from assessment.storage.models import Audit
from assessment.web.coach.roadmap_owner import Owner
from reports.follow_up import Agreed, AgreedState, FollowUp
from tests import builders
from tests.assessment.services.agreeing import QUARTER, SIGN, agreed, quarter_of
from tests.assessment.web.coach.browsing import ONE_DATABASE, follow, send, text
from tests.builders import Cast
from tests.conftest import Clock, signed_in
from tests.reports import document_matrix as matrix

ROLE = "product owner"
# A small page with a form: the token of one serves for all, and roadmaps take long to make.
FORM = "/coach/health/import"


EVERYBODY = pytest.mark.parametrize("closed", [tuple(builders.SIZES)], indirect=True)


@pytest.fixture
def closed(request: pytest.FixtureRequest, platform: Platform, clock: Clock, cast: Cast) -> None:
    """A quarter of Atlas, or of the teams that a test names."""
    quarter_of(platform, clock, cast, teams=getattr(request, "param", ("Atlas",)))


@pytest.fixture
def ada(app: Flask, closed: None, cast: Cast) -> FlaskClient:
    return signed_in(app, cast.ada_email, cast.password)


@pytest.fixture
def hedy(app: Flask, closed: None, cast: Cast) -> FlaskClient:
    return signed_in(app, cast.hedy_email, cast.password)


@pytest.fixture
def page(cast: Cast) -> str:
    return f"/coach/teams/{cast.teams['Atlas']}/roadmap"


def agree(client: FlaskClient, page: str, platform: Platform, change: str = "C04", **typed: Any) -> Any:
    due = platform.clock().date() + timedelta(days=40)
    given = {"role": ROLE, "sign": SIGN, "due": due.isoformat()} | typed
    return send(client, FORM, given, to=f"{page}/changes/{change}/agree")


@ONE_DATABASE
def test_the_report_and_its_json_show_what_is_under_way(
    ada: FlaskClient, hedy: FlaskClient, page: str, platform: Platform, cast: Cast
):
    report = f"/coach/reports/{QUARTER}/teams/{cast.teams['Atlas']}"
    before = ada.get(f"{report}.json").get_json(force=True)
    assert SIGN not in text(ada.get(report))
    agree(ada, page, platform)
    assert SIGN in text(ada.get(report))
    after = ada.get(f"{report}.json").get_json(force=True)
    (agreed,) = after["roadmap"]["agreed"]
    assert (agreed["id"], agreed["state"], agreed["role"]) == ("C04", "agreed", ROLE)
    assert after["measured_hash"] == before["measured_hash"]
    listed = hedy.get("/coach/reports").get_data(as_text=True)
    (whole,) = set(re.findall(rf"/coach/reports/{QUARTER}/organisation/\d+(?=\")", listed))
    assert "What was agreed" in text(hedy.get(whole))
    counted = hedy.get(f"{whole}.json").get_json(force=True)["roadmap"]["n_teams_agreed"]
    assert counted == {"C04": {"agreed": 1, "done": 0, "dropped": 0}}


def test_a_change_is_agreed_done_undone_and_dropped(ada: FlaskClient, page: str, platform: Platform, cast: Cast):
    first = text(ada.get(page))
    assert "Look at production together for 30 minutes a week" in first
    assert "Nothing is under way." in first
    assert "nothing to look back on yet" in first
    shown = text(follow(ada, agree(ada, page, platform)))
    assert "Agreed: “Look at production together for 30 minutes a week”." in shown
    assert "product owner" in shown
    (one,) = follow_up(platform, cast.ada, cast.teams["Atlas"]).in_flight()
    ended = send(ada, FORM, {"state": "done", "evidence": "Held 3 times"}, to=f"{page}/agreements/{one.id}/end")
    assert "is done." in text(follow(ada, ended))
    assert "Held 3 times" in text(ada.get(page))
    reopened = follow(ada, send(ada, FORM, to=f"{page}/agreements/{one.id}/reopen"))
    assert "is under way again." in text(reopened)
    dropped = follow(ada, send(ada, FORM, {"state": "dropped"}, to=f"{page}/agreements/{one.id}/end"))
    assert "is dropped. That needs no reason." in text(dropped)
    (one,) = follow_up(platform, cast.ada, cast.teams["Atlas"]).agreed
    assert (one.state, one.role, one.sign) == ("dropped", ROLE, SIGN)
    with platform.reading() as session:
        told = " ".join(map(str, session.execute(sa.select(Audit.action, Audit.detail)).all()))
    assert "change agreed" in told
    assert not any(typed in told for typed in ("Held 3", ROLE, "Three weeks"))


@ONE_DATABASE
def test_words_that_blame_come_back_marked_with_everything_that_was_typed(
    ada: FlaskClient, page: str, platform: Platform
):
    sign = "Nobody says that Peter should have been more careful, three weeks in a row"
    reply = agree(ada, page, platform, role="Peter", sign=sign, due="2027-01-15")
    shown = reply.get_data(as_text=True)
    assert reply.status_code == 422
    assert '<mark class="not">Peter</mark>' in shown
    assert 'value="Peter"' in shown
    assert sign in shown
    assert 'value="2027-01-15"' in shown
    assert "names a person" in text(reply)
    assert "Use these words anyway" not in text(reply)
    assert 'href="#role"' in shown
    assert 'href="#sign"' in shown
    forced = agree(ada, page, platform, role="Peter", override="y")
    assert forced.status_code == 422


@ONE_DATABASE
def test_vague_words_may_be_used_anyway(ada: FlaskClient, page: str, platform: Platform, cast: Cast):
    reply = agree(ada, page, platform, sign="better   communication")
    assert '<mark class="may">better communication</mark>' in reply.get_data(as_text=True)
    assert "cannot be seen or counted" in text(reply)
    assert "Use these words anyway" in text(reply)
    assert agree(ada, page, platform, sign="better communication", override="y").status_code == 303
    assert len(follow_up(platform, cast.ada, cast.teams["Atlas"]).in_flight()) == 1


@ONE_DATABASE
def test_what_is_typed_is_never_markup(ada: FlaskClient, page: str, platform: Platform):
    reply = agree(ada, page, platform, role="<b>Peter</b>", sign="<script>alert(1)</script> human error").get_data(
        as_text=True
    )
    assert "<b>" not in reply
    assert "<script>alert" not in reply


REMEDIES = (
    ("role", "", "Write who looks after it: a role, never a name."),
    ("role", "   ", "it may not be empty"),
    ("role", "x" * 81, "write at most 80 characters"),
    ("sign", "", "Write what somebody from outside could see."),
    ("due", "", "Choose the day on which you look again."),
    ("due", "soon", "Write the day as year, month and day"),
    ("due", "2020-01-01", "choose a day after today"),
    ("due", "2031-01-01", "choose a day within a year"),
)


@ONE_DATABASE
def test_what_cannot_be_says_so_at_its_field(ada: FlaskClient, page: str, platform: Platform):
    for name, typed, told in REMEDIES:
        reply = agree(ada, page, platform, **{name: typed})
        assert reply.status_code == 422, told
        assert told in text(reply)
        assert f'id="{name}-error"' in reply.get_data(as_text=True), told


@ONE_DATABASE
def test_what_stands_in_the_way_names_titles(ada: FlaskClient, page: str, platform: Platform, cast: Cast):
    early = agree(ada, page, platform, "C05")
    assert early.status_code == 422
    assert "builds on “Look at production together for 30 minutes a week”" in text(early)
    assert f"{SIGN}</textarea>" in early.get_data(as_text=True)
    assert "is for the organisation to start" in text(agree(ada, page, platform, "C01"))
    for change in ("C04", "C15"):
        agreed(platform, cast.ada, cast.teams["Atlas"], change)
    assert "which is under way: say that it is done first." in text(ada.get(f"{page}/changes/C05"))
    full = text(agree(ada, page, platform, "C14"))
    assert "“Hold a short review after each serious incident” is under way." in full
    assert "At most two small changes" in full
    assert "is agreed already and under way" in text(agree(ada, page, platform, "C04"))


@ONE_DATABASE
def test_we_have_this_already_and_taking_it_back(ada: FlaskClient, page: str, platform: Platform, cast: Cast):
    there = follow(ada, send(ada, FORM, {"is_in_place": "y"}, to=f"{page}/changes/C04/in-place"))
    assert "“Look at production together for 30 minutes a week” is in place." in text(there)
    assert follow_up(platform, cast.ada, cast.teams["Atlas"]).in_place == ("C04",)
    change = text(ada.get(f"{page}/changes/C04"))
    assert "Take back that it is in place" in change
    back = follow(ada, send(ada, FORM, to=f"{page}/changes/C04/in-place"))
    assert "is not in place any more." in text(back)
    agreed(platform, cast.ada, cast.teams["Atlas"])
    refused = send(ada, FORM, {"is_in_place": "y"}, to=f"{page}/changes/C04/in-place")
    assert refused.status_code == 422
    assert "is agreed already and under way" in text(refused)
    assert "Say that it is done, or drop it" in text(ada.get(f"{page}/changes/C04"))


@ONE_DATABASE
def test_evidence_that_blames_comes_back_at_its_own_agreement(
    ada: FlaskClient, page: str, platform: Platform, cast: Cast
):
    number = agreed(platform, cast.ada, cast.teams["Atlas"])
    other = agreed(platform, cast.ada, cast.teams["Atlas"], "C15")
    typed = {"state": "done", "evidence": "Done, but human error again"}
    reply = send(ada, FORM, typed, to=f"{page}/agreements/{number}/end")
    shown = reply.get_data(as_text=True)
    assert reply.status_code == 422
    assert '<mark class="not">human error</mark>' in shown
    assert f'id="a{number}-evidence-ready"' in shown
    assert f'id="a{other}-evidence-ready"' not in shown
    assert "Done, but human error again</textarea>" in shown
    long = send(ada, FORM, {"state": "done", "evidence": "x" * 700}, to=f"{page}/agreements/{number}/end")
    assert "write at most 600 characters" in text(long)


@ONE_DATABASE
def test_what_is_under_way_is_corrected_where_it_stands(ada: FlaskClient, page: str, platform: Platform, cast: Cast):
    number = agreed(platform, cast.ada, cast.teams["Atlas"])
    address, due = f"{page}/agreements/{number}/correct", platform.clock().date() + timedelta(days=80)
    typed = {"role": "Peter", "sign": "Held 5 times", "due": "2020-01-01"}
    refused = send(ada, FORM, typed, to=address)
    shown = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert '<mark class="not">Peter</mark>' in shown
    assert "choose a day after today" in shown
    assert all(value in shown for value in ('value="Peter"', "Held 5 times</textarea>", 'value="2020-01-01"'))
    assert f'href="#c{number}-role"' in shown
    assert f'href="#c{number}-due"' in shown
    assert "Write what somebody from outside could see." in text(send(ada, FORM, typed | {"sign": ""}, to=address))
    done = follow(ada, send(ada, FORM, typed | {"role": "team lead", "due": due.isoformat()}, to=address))
    assert "is corrected." in text(done)
    (one,) = follow_up(platform, cast.ada, cast.teams["Atlas"]).agreed
    assert (one.id, one.role, one.sign, one.due) == (number, "team lead", "Held 5 times", due)


@ONE_DATABASE
def test_what_ended_is_not_ended_twice(ada: FlaskClient, page: str, platform: Platform, cast: Cast):
    number = agreed(platform, cast.ada, cast.teams["Atlas"])
    send(ada, FORM, {"state": "done"}, to=f"{page}/agreements/{number}/end")
    late = send(ada, FORM, {"state": "dropped"}, to=f"{page}/agreements/{number}/end")
    assert late.status_code == 422
    assert re.search(r"is done since \d+ \w+ 2026; reopen it first", text(late))
    send(ada, FORM, to=f"{page}/agreements/{number}/reopen")
    again = send(ada, FORM, to=f"{page}/agreements/{number}/reopen")
    assert "only what is done or dropped can be reopened" in text(again)
    assert send(ada, FORM, {"state": "agreed"}, to=f"{page}/agreements/{number}/end").status_code == 404


@ONE_DATABASE
@EVERYBODY
def test_an_agreement_of_another_roadmap_reads_404(
    ada: FlaskClient, hedy: FlaskClient, page: str, platform: Platform, cast: Cast
):
    foreign = agreed(platform, cast.hedy, cast.teams["Borealis"])
    mine = agreed(platform, cast.ada, cast.teams["Cygnus"])
    for number in (foreign, mine, 99):
        for what in ("end", "reopen", "correct"):
            reply = send(ada, FORM, {"state": "done"}, to=f"{page}/agreements/{number}/{what}")
            assert reply.status_code == 404
    borealis = f"/coach/teams/{cast.teams['Borealis']}/roadmap"
    assert [ada.get(address).status_code for address in (borealis, f"{borealis}.md", f"{borealis}/changes/C04")] == [
        404
    ] * 3
    assert ada.get("/coach/roadmaps/organisation").status_code == 404
    assert ada.get(f"{page}/changes/C99").status_code == 404
    assert hedy.get(borealis).status_code == 200


@ONE_DATABASE
def test_the_next_focus_is_agreed_and_taken_back(ada: FlaskClient, page: str, platform: Platform, cast: Cast):
    chosen = send(ada, FORM, {"aspects": ["messengers", "inquiry"]}, to=f"{page}/focus")
    assert "The next focus is agreed." in text(follow(ada, chosen))
    assert follow_up(platform, cast.ada, cast.teams["Atlas"]).next_focus == ("messengers", "inquiry")
    three = send(ada, FORM, {"aspects": ["messengers", "inquiry", "novelty"]}, to=f"{page}/focus")
    assert three.status_code == 422
    assert "Choose one or two focus aspects, or none." in text(three)
    assert re.findall(r'value="(\w+)" checked', three.get_data(as_text=True)) == ["messengers", "inquiry", "novelty"]
    assert "own focus counts" in text(follow(ada, send(ada, FORM, to=f"{page}/focus")))
    send(ada, FORM, {"aspects": ["messengers", "inquiry"]}, to=f"{page}/focus?large=1")
    assert "opening freezes them." in text(ada.get(page))
    builders.opened(platform, cast, teams=["Atlas"], quarter="2026-Q4")
    # Said before anything is sent, and refused all the same.
    assert (
        "The campaign of 2026-Q4 is open or over, so its focus is frozen: Messengers and Inquiry after failure."
        in text(ada.get(page))
    )
    assert 'name="aspects"' not in ada.get(page).get_data(as_text=True)
    late = send(ada, FORM, {"aspects": ["novelty"]}, to=f"{page}/focus")
    assert late.status_code == 422
    assert "has a campaign after 2026-Q3 already" in text(late)


@ONE_DATABASE
def test_before_the_first_report_it_says_when_it_begins(app: Flask, cast: Cast):
    ada = signed_in(app, cast.ada_email, cast.password)
    atlas = f"/coach/teams/{cast.teams['Atlas']}/roadmap"
    reply = ada.get(atlas)
    assert reply.status_code == 200
    assert "A roadmap begins with the first one" in text(reply)
    assert [ada.get(f"{atlas}{rest}").status_code for rest in (".md", "/changes/C04")] == [404, 404]
    hedy = signed_in(app, cast.hedy_email, cast.password)
    assert "A roadmap begins with the first one" in text(hedy.get("/coach/roadmaps/organisation"))


@ONE_DATABASE
@EVERYBODY
def test_a_withheld_team_has_a_roadmap_too(hedy: FlaskClient, platform: Platform, cast: Cast):
    borealis = f"/coach/teams/{cast.teams['Borealis']}/roadmap"
    assert "The report is withheld, so it suggests nothing." in text(hedy.get(borealis))
    assert agree(hedy, borealis, platform, "C15").status_code == 303


@ONE_DATABASE
def test_on_a_projector_the_page_is_the_same_and_needs_no_script(ada: FlaskClient, page: str):
    usual, large = ada.get(page), ada.get(f"{page}?large=1")
    shown = large.get_data(as_text=True)
    assert '<body class="large">' in shown
    assert "<script" not in shown
    assert "unsafe" not in large.headers["Content-Security-Policy"]
    assert "'unsafe-inline'" in usual.headers["Content-Security-Policy"]
    assert text(large).replace("Usual letters", "Large letters, for a projector") == text(usual)


@ONE_DATABASE
@EVERYBODY
def test_the_organisation_counts_teams_and_names_none(hedy: FlaskClient, platform: Platform, cast: Cast):
    for team in ("Atlas", "Cygnus"):
        agreed(platform, cast.hedy, cast.teams[team])
    set_in_place(platform, cast.hedy, cast.teams["Borealis"], "C15", True)
    page = "/coach/roadmaps/organisation"
    shown = text(hedy.get(page))
    assert "Look at production together for 30 minutes a week 0 2 0" in shown
    assert "2 under way" in shown
    assert "1 of 3 has it" in shown
    assert not any(team in shown for team in builders.SIZES)
    assert agree(hedy, page, platform, "C01", role="head of engineering").status_code == 303
    (own,) = follow_up(platform, cast.hedy, None).in_flight()
    done = follow(hedy, send(hedy, FORM, {"state": "done"}, to=f"{page}/agreements/{own.id}/end"))
    assert "“Put SRE on the list of official initiatives” is done." in text(done)
    assert "for teams to start" in text(agree(hedy, page, platform, "C04"))


@ONE_DATABASE
def test_the_files_carry_what_was_agreed(ada: FlaskClient, page: str, platform: Platform, cast: Cast):
    agreed(platform, cast.ada, cast.teams["Atlas"])
    for form, kind in (("md", "text/markdown"), ("csv", "text/csv"), ("ics", "text/calendar")):
        reply = ada.get(f"{page}.{form}")
        assert reply.headers["Content-Type"] == f"{kind}; charset=utf-8"
        assert reply.headers["Content-Disposition"] == f'attachment; filename="2026-Q3-atlas-roadmap.{form}"'
    assert len(Calendar.from_ical(ada.get(f"{page}.ics").data).walk("VEVENT")) == 2
    assert SIGN in ada.get(f"{page}.md").get_data(as_text=True)
    assert ada.get(f"{page}.exe").status_code == 404


@ONE_DATABASE
def test_ways_lead_there_from_home_reports_and_the_bar(ada: FlaskClient, hedy: FlaskClient, page: str, cast: Cast):
    report = f"/coach/reports/{QUARTER}/teams/{cast.teams['Atlas']}"
    for client, address, wanted in (
        (ada, "/coach", page),
        (ada, "/coach/reports", page),
        (ada, report, page),
        (ada, "/coach/roadmaps", page),
        (hedy, "/coach/roadmaps", "/coach/roadmaps/organisation"),
        (hedy, "/coach/reports", "/coach/roadmaps/organisation"),
    ):
        assert f'href="{wanted}"' in client.get(address).get_data(as_text=True), address
    assert "/coach/roadmaps/organisation" not in ada.get("/coach/roadmaps").get_data(as_text=True)
    assert "Borealis" not in text(ada.get("/coach/roadmaps"))


def test_what_opens_a_roadmap_is_what_happened_since_the_report_before():
    day = date(2026, 6, 1)
    made = [
        Agreed("C04", "2025-Q4", AgreedState.DONE, "r", day, "s", "", day, date(2026, 2, 1)),
        Agreed("C10", "2025-Q4", AgreedState.DONE, "r", day, "s", "", day, date(2026, 8, 1)),
        Agreed("C11", "2025-Q4", AgreedState.AGREED, "r", day, "s", "", day, None),
        # In the quarter before, but one after the report of that quarter and one just before it.
        Agreed("C13", "2026-Q1", AgreedState.DROPPED, "r", day, "s", "", day, date(2026, 6, 20)),
        Agreed("C16", "2026-Q1", AgreedState.DONE, "r", day, "s", "", day, date(2026, 6, 3)),
        Agreed("C15", "2026-Q2", AgreedState.DROPPED, "r", day, "s", "", day, date(2026, 8, 1)),
        Agreed("C18", "2026-Q3", AgreedState.AGREED, "r", day, "s", "", day, None),
    ]
    released = replace(matrix.team(), quarter="2026-Q3", previous_quarter="2026-Q2")
    has = ("C04", "C10", "C14", "C16")
    found = FollowUp(date(2026, 10, 1), tuple(made), in_place=has, since=date(2026, 6, 4))
    owner = Owner(1, "Atlas", released, found, None)
    assert [one.change for one in owner.opening] == ["C10", "C11", "C13", "C15"]
    ended = [(quarter, [one.change for one in ones]) for quarter, ones in owner.ended]
    assert ended == [("2026-Q2", ["C15"]), ("2026-Q1", ["C16", "C13"]), ("2025-Q4", ["C10", "C04"])]
    assert owner.said == ("C14",)


@ONE_DATABASE
def test_a_text_far_too_long_comes_back_at_once(ada: FlaskClient, page: str, platform: Platform):
    began = time.process_time()
    reply = agree(ada, page, platform, role="a" * 60_000)
    assert reply.status_code == 422
    assert time.process_time() - began < 5
