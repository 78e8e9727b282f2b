"""What a team agrees on: on its own report only, one small step on another, and with a way back."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from assessment.domain.error_kinds import Invalid, NotFound
from assessment.domain.errors import UnknownReport, UnknownTeam
from assessment.domain.follow_up_errors import (
    AlreadyAgreed,
    AlreadyEnded,
    AlreadyInPlace,
    MissingOrganisationChange,
    MissingPrerequisites,
    NotEnded,
    NotReady,
    OnlyOrganisation,
    OnlyTeams,
    StillDone,
    TooMuchInFlight,
    UnknownAgreement,
    UnknownChange,
)
from assessment.services.actor import Actor
from assessment.services.agree_change import agree_change
from assessment.services.audit import list_audit
from assessment.services.correct_agreement import correct_agreement
from assessment.services.end_agreement import end_agreement
from assessment.services.follow_up import follow_up
from assessment.services.platform import Platform
from assessment.services.reopen_agreement import reopen_agreement
from assessment.services.set_in_place import set_in_place
from assessment.storage.models import Department, Team
from assessment.storage.roadmap_models import Agreement, ChangeInPlace, HealthFactRow, NextFocus, PageShare
from reports.follow_up import AgreedState
from tests.assessment.services.agreeing import QUARTER, ROLE, SIGN, agreed, day, quarter_of
from tests.builders import Cast
from tests.conftest import Clock

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def atlas(platform: Platform, clock: Clock, cast: Cast) -> int:
    quarter_of(platform, clock, cast)
    return cast.teams["Atlas"]


def test_a_change_is_agreed_done_and_in_place(platform: Platform, clock: Clock, cast: Cast, atlas: int):
    number = agreed(platform, cast.ada, atlas, "C04")
    (one,) = follow_up(platform, cast.ada, atlas, QUARTER).agreed
    assert (one.id, one.change, one.quarter, one.state) == (number, "C04", QUARTER, AgreedState.AGREED)
    assert (one.role, one.sign, one.evidence, one.ended_on) == (ROLE, SIGN, "", None)
    assert (one.agreed_on, one.due) == (day(platform), day(platform) + timedelta(days=30))
    clock.move(days=20)
    end_agreement(platform, cast.ada, number, state="done", evidence="Held in weeks 38 to 40")
    told = follow_up(platform, cast.ada, atlas)
    assert told.as_of == day(platform)
    assert told.in_place == ("C04",)
    assert (told.agreed[0].state, told.agreed[0].evidence) == (AgreedState.DONE, "Held in weeks 38 to 40")
    assert told.agreed[0].ended_on == day(platform)
    assert told.in_flight() == ()


@ON_SQLITE
def test_dropping_needs_no_reason_and_puts_nothing_in_place(platform: Platform, cast: Cast, atlas: int):
    number = agreed(platform, cast.ada, atlas)
    end_agreement(platform, cast.ada, number, state="dropped")
    told = follow_up(platform, cast.ada, atlas)
    assert (told.agreed[0].state, told.in_place) == (AgreedState.DROPPED, ())
    assert agreed(platform, cast.ada, atlas) != number


def test_a_wrong_click_is_taken_back(platform: Platform, cast: Cast, atlas: int):
    number = agreed(platform, cast.ada, atlas)
    with pytest.raises(NotEnded):
        reopen_agreement(platform, cast.ada, number)
    end_agreement(platform, cast.ada, number, state="done", evidence="seen twice")
    reopen_agreement(platform, cast.ada, number)
    (one,) = follow_up(platform, cast.ada, atlas).agreed
    assert (one.state, one.ended_on, one.evidence) == (AgreedState.AGREED, None, "seen twice")


@ON_SQLITE
def test_what_is_under_way_is_corrected_and_nothing_else(platform: Platform, clock: Clock, cast: Cast, atlas: int):
    number = agreed(platform, cast.ada, atlas)
    (before,) = follow_up(platform, cast.ada, atlas).agreed
    clock.move(days=40)
    # The day has passed, but it is the role that was mistyped.
    correct_agreement(platform, cast.ada, number, role="team lead", due=before.due, sign=before.sign)
    with pytest.raises(Invalid, match="after today"):
        correct_agreement(platform, cast.ada, number, role="team lead", due=day(platform), sign=before.sign)
    with pytest.raises(NotReady):
        correct_agreement(platform, cast.ada, number, role="Peter", due=before.due, sign=before.sign, override=True)
    with pytest.raises(UnknownAgreement):
        correct_agreement(platform, cast.bruno, number, role="team lead", due=before.due, sign=before.sign)
    (after,) = follow_up(platform, cast.ada, atlas).agreed
    assert after == replace(before, role="team lead")
    end_agreement(platform, cast.ada, number, state="dropped")
    with pytest.raises(AlreadyEnded):
        correct_agreement(platform, cast.ada, number, role="team lead", due=before.due, sign=before.sign)


@ON_SQLITE
def test_what_was_agreed_once_more_cannot_be_reopened(platform: Platform, cast: Cast, atlas: int):
    first = agreed(platform, cast.ada, atlas)
    end_agreement(platform, cast.ada, first, state="dropped")
    second = agreed(platform, cast.ada, atlas)
    with pytest.raises(AlreadyAgreed):
        reopen_agreement(platform, cast.ada, first)
    end_agreement(platform, cast.ada, second, state="done")
    with pytest.raises(AlreadyInPlace):
        reopen_agreement(platform, cast.ada, first)


@ON_SQLITE
def test_reopening_needs_room(platform: Platform, cast: Cast, atlas: int):
    first = agreed(platform, cast.ada, atlas, "C04")
    end_agreement(platform, cast.ada, first, state="dropped")
    agreed(platform, cast.ada, atlas, "C13")
    with pytest.raises(TooMuchInFlight, match="C13"):
        reopen_agreement(platform, cast.ada, first)


@ON_SQLITE
def test_two_small_changes_or_one_medium_are_under_way_at_most(platform: Platform, cast: Cast, atlas: int):
    agreed(platform, cast.ada, atlas, "C04")
    with pytest.raises(TooMuchInFlight, match="C04"):
        agreed(platform, cast.ada, atlas, "C13")
    agreed(platform, cast.ada, atlas, "C15")
    with pytest.raises(TooMuchInFlight, match="C04, C15"):
        agreed(platform, cast.ada, atlas, "C14")
    cygnus = cast.teams["Cygnus"]
    agreed(platform, cast.ada, cygnus, "C13")
    with pytest.raises(TooMuchInFlight):
        agreed(platform, cast.ada, cygnus, "C04")


@ON_SQLITE
def test_the_same_change_is_agreed_once(platform: Platform, cast: Cast, atlas: int):
    number = agreed(platform, cast.ada, atlas)
    with pytest.raises(AlreadyAgreed):
        agreed(platform, cast.ada, atlas)
    end_agreement(platform, cast.ada, number, state="done")
    with pytest.raises(AlreadyInPlace):
        agreed(platform, cast.ada, atlas)
    with pytest.raises(AlreadyEnded, match="C04 is done"):
        end_agreement(platform, cast.ada, number, state="dropped")


@ON_SQLITE
@pytest.mark.parametrize("how", ["done", "said"])
def test_a_change_waits_for_what_it_builds_on(platform: Platform, cast: Cast, atlas: int, how: str):
    with pytest.raises(MissingPrerequisites, match=r"C05 builds on C04"):
        agreed(platform, cast.ada, atlas, "C05")
    if how == "done":
        end_agreement(platform, cast.ada, agreed(platform, cast.ada, atlas), state="done")
    else:
        set_in_place(platform, cast.ada, atlas, "C04", True)
    assert agreed(platform, cast.ada, atlas, "C05")


@ON_SQLITE
def test_rungs_imply_what_is_in_place(platform: Platform, clock: Clock, cast: Cast):
    quarter_of(platform, clock, cast, level=lambda _: 0.5)
    atlas = cast.teams["Atlas"]
    told = follow_up(platform, cast.ada, atlas)
    assert {"C15", "C16"} <= set(told.implied)
    assert told.in_place == ()
    assert agreed(platform, cast.ada, atlas, "C22")


@ON_SQLITE
def test_what_leadership_alone_can_start_is_the_organisations(platform: Platform, cast: Cast, atlas: int):
    set_in_place(platform, cast.ada, atlas, "C16", True)
    with pytest.raises(OnlyOrganisation):
        agreed(platform, cast.ada, atlas, "C03")
    with pytest.raises(MissingOrganisationChange, match="C03"):
        agreed(platform, cast.ada, atlas, "C26")
    with pytest.raises(OnlyTeams):
        agreed(platform, cast.hedy, None, "C04")
    with pytest.raises(MissingPrerequisites, match="C01"):
        agreed(platform, cast.hedy, None, "C03")
    for change in ("C01", "C03"):
        number = agreed(platform, cast.hedy, None, change, role="head of engineering")
        end_agreement(platform, cast.hedy, number, state="done")
    assert follow_up(platform, cast.hedy, None).in_place == ("C01", "C03")
    assert "C03" in follow_up(platform, cast.ada, atlas).implied
    assert agreed(platform, cast.ada, atlas, "C26")


@ON_SQLITE
def test_the_organisation_starts_a_large_change_alone(platform: Platform, cast: Cast, atlas: int):
    set_in_place(platform, cast.hedy, None, "C25", True)
    agreed(platform, cast.hedy, None, "C27", role="head of engineering")
    with pytest.raises(TooMuchInFlight):
        agreed(platform, cast.hedy, None, "C01", role="head of engineering")


@ON_SQLITE
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"role": "  "}, "owning role"),
        ({"role": "x" * 81}, "owning role"),
        ({"sign": ""}, "observable sign"),
        ({"sign": "3 times " * 40}, "observable sign"),
    ],
)
def test_role_and_sign_have_to_be_there_and_short(
    platform: Platform, cast: Cast, atlas: int, given: dict[str, str], field: str
):
    with pytest.raises(Invalid) as caught:
        agreed(platform, cast.ada, atlas, **given)
    assert caught.value.field == field


@ON_SQLITE
@pytest.mark.parametrize("days", [-1, 0, 367])
def test_the_day_lies_ahead_and_within_a_year(platform: Platform, cast: Cast, atlas: int, days: int):
    with pytest.raises(Invalid, match="due date"):
        agreed(platform, cast.ada, atlas, due=day(platform) + timedelta(days=days))


def test_the_longest_texts_are_kept_whole(platform: Platform, cast: Cast, atlas: int):
    role, sign, evidence = "ö" * 80, "3" + "ü" * 299, "ß" * 600
    number = agreed(platform, cast.ada, atlas, role=role, sign=sign)
    end_agreement(platform, cast.ada, number, state="done", evidence=evidence)
    (one,) = follow_up(platform, cast.ada, atlas).agreed
    assert (one.role, one.sign, one.evidence) == (role, sign, evidence)


@ON_SQLITE
@pytest.mark.parametrize(
    "given",
    [
        {"role": "Atlas Person 03"},
        {"role": "Peter"},
        {"role": "Ada"},
        {"sign": "Somebody forgot it fewer than 3 times"},
        {"sign": "Wir werden jede Woche besser aufpassen"},
    ],
)
def test_names_and_blame_are_refused_whatever_is_overridden(
    platform: Platform, cast: Cast, atlas: int, given: dict[str, str]
):
    with pytest.raises(NotReady) as caught:
        agreed(platform, cast.ada, atlas, override=True, **given)
    assert not caught.value.can_be_overridden
    assert caught.value.findings[0].words in next(iter(given.values()))
    assert follow_up(platform, cast.ada, atlas).agreed == ()


@ON_SQLITE
@pytest.mark.parametrize("given", [{"sign": "communication is better"}, {"role": "everybody"}])
def test_vagueness_warns_and_is_overridden(platform: Platform, cast: Cast, atlas: int, given: dict[str, str]):
    with pytest.raises(NotReady) as caught:
        agreed(platform, cast.ada, atlas, **given)
    assert caught.value.can_be_overridden
    assert agreed(platform, cast.ada, atlas, override=True, **given)


@ON_SQLITE
def test_evidence_lays_no_blame(platform: Platform, cast: Cast, atlas: int):
    number = agreed(platform, cast.ada, atlas)
    with pytest.raises(NotReady):
        end_agreement(platform, cast.ada, number, state="done", evidence="Atlas Person 01 forgot it once")
    with pytest.raises(Invalid, match="choose from"):
        end_agreement(platform, cast.ada, number, state="agreed")
    end_agreement(platform, cast.ada, number, state="done", evidence="it works better")


def test_other_coaches_teams_read_as_if_they_were_not_there(platform: Platform, cast: Cast, atlas: int):
    number = agreed(platform, cast.ada, atlas)
    borealis = cast.teams["Borealis"]
    steps: list[tuple[type[Exception], Any]] = [
        (UnknownTeam, lambda: agreed(platform, cast.bruno, atlas, "C15")),
        (UnknownTeam, lambda: agreed(platform, cast.ada, borealis)),
        (UnknownTeam, lambda: set_in_place(platform, cast.ada, borealis, "C04", True)),
        (UnknownTeam, lambda: follow_up(platform, cast.bruno, atlas)),
        (UnknownAgreement, lambda: end_agreement(platform, cast.bruno, number, state="done")),
        (UnknownAgreement, lambda: reopen_agreement(platform, cast.bruno, number)),
        (UnknownAgreement, lambda: end_agreement(platform, cast.ada, 999, state="done")),
        (NotFound, lambda: agreed(platform, cast.ada, None, "C01")),
        (NotFound, lambda: set_in_place(platform, cast.ada, None, "C01", True)),
        (NotFound, lambda: follow_up(platform, cast.ada, None)),
    ]
    for error, step in steps:
        with pytest.raises(error):
            step()
    whole = agreed(platform, cast.hedy, None, "C01", role="head of engineering")
    with pytest.raises(UnknownAgreement):
        end_agreement(platform, cast.ada, whole, state="done")


@ON_SQLITE
def test_a_withheld_team_can_agree_too(platform: Platform, cast: Cast, atlas: int):
    assert agreed(platform, cast.hedy, cast.teams["Borealis"])


@ON_SQLITE
def test_agreeing_needs_a_report_and_a_known_change(platform: Platform, cast: Cast, atlas: int):
    with pytest.raises(UnknownReport):
        agreed(platform, cast.ada, atlas, quarter="2026-Q2")
    with pytest.raises(UnknownReport):
        agreed(platform, cast.hedy, None, "C01", quarter="2026-Q2")
    with pytest.raises(UnknownChange, match="C01 to C27"):
        agreed(platform, cast.ada, atlas, "C99")
    with pytest.raises(UnknownChange):
        set_in_place(platform, cast.ada, atlas, "nonsense", True)


def test_in_place_is_said_once_and_taken_back(platform: Platform, cast: Cast, atlas: int):
    for _ in range(2):
        set_in_place(platform, cast.ada, atlas, "C09", True)
    assert follow_up(platform, cast.ada, atlas).in_place == ("C09",)
    with pytest.raises(AlreadyInPlace):
        agreed(platform, cast.ada, atlas, "C09")
    for _ in range(2):
        set_in_place(platform, cast.ada, atlas, "C09", False)
    assert follow_up(platform, cast.ada, atlas).in_place == ()


@ON_SQLITE
def test_what_is_under_way_or_done_is_not_said_to_be_in_place(platform: Platform, cast: Cast, atlas: int):
    number = agreed(platform, cast.ada, atlas)
    with pytest.raises(AlreadyAgreed):
        set_in_place(platform, cast.ada, atlas, "C04", True)
    end_agreement(platform, cast.ada, number, state="done")
    set_in_place(platform, cast.ada, atlas, "C04", True)
    with pytest.raises(StillDone):
        set_in_place(platform, cast.ada, atlas, "C04", False)
    reopen_agreement(platform, cast.ada, number)
    assert follow_up(platform, cast.ada, atlas).in_place == ()


def test_the_audit_says_what_and_never_in_whose_words(platform: Platform, cast: Cast, atlas: int):
    number = agreed(platform, cast.ada, atlas, sign="Seven marmots, counted weekly")
    end_agreement(platform, cast.ada, number, state="done", evidence="Eight marmots")
    reopen_agreement(platform, cast.ada, number)
    set_in_place(platform, cast.ada, atlas, "C09", True)
    lines = list_audit(platform, cast.hedy, 4)
    told = [(line.action, line.subject, line.detail) for line in lines]
    assert told == [
        ("change in place", f"team {atlas}", "C09"),
        ("change reopened", f"team {atlas}", f"C04, {QUARTER}"),
        ("change done", f"team {atlas}", f"C04, {QUARTER}"),
        ("change agreed", f"team {atlas}", f"C04, {QUARTER}"),
    ]
    assert "marmots" not in str(lines)


def test_everything_goes_with_a_deleted_team(platform: Platform, cast: Cast, atlas: int):
    with platform.transaction() as session:
        gone = Team(department_id=session.scalars(sa.select(Department.id)).first() or 0, name="Draco")
        session.add(gone)
        session.flush()
        common = {"team_id": gone.id, "quarter": QUARTER}
        session.add_all(
            [
                Agreement(**common, change_id="C04", state="agreed", role=ROLE, sign=SIGN, evidence="",
                          due=day(platform), agreed_on=day(platform)),
                ChangeInPlace(team_id=gone.id, change_id="C09", since=day(platform)),
                NextFocus(**common, focus="[]"),
                HealthFactRow(**common, fact="toil", value=0.5),
                PageShare(**common, place=1, pages=3),
            ]
        )  # fmt: skip
        session.flush()
        session.execute(sa.delete(Team).where(Team.id == gone.id))
    with platform.reading() as session:
        for table in (Agreement, ChangeInPlace, NextFocus, HealthFactRow, PageShare):
            assert session.scalars(sa.select(table)).all() == []
    with pytest.raises(UnknownTeam):
        agree_change(platform, cast.hedy, gone.id, QUARTER, "C04", role=ROLE, sign=SIGN, due=day(platform))


def test_what_directs_a_terminal_or_turns_a_line_around_is_left_out(platform: Platform, cast: Cast, atlas: int):
    agreed(platform, cast.ada, atlas, sign="Three\x1b[2J weeks \u202ein a row\u2066,\x07 noted\x9b on the\r\n\x00page")
    (one,) = follow_up(platform, cast.ada, atlas, QUARTER).agreed
    assert one.sign == "Three[2J weeks in a row, noted on the page"


def test_two_coaches_at_once_do_not_agree_on_more_than_there_is_room_for(platform: Platform, cast: Cast, atlas: int):
    outcomes: list[object] = []

    def agree(actor: Actor, change: str) -> None:
        try:
            outcomes.append(agreed(platform, actor, atlas, change))
        except TooMuchInFlight as error:
            outcomes.append(error)

    threads = [threading.Thread(target=agree, args=given) for given in ((cast.ada, "C13"), (cast.hedy, "C11"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["TooMuchInFlight", "int"]
