"""Closing: at its time, final, and after a crash either the sealed ballots or the histograms are there."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from assessment.domain.ballots import SEALED_LENGTH, seal
from assessment.domain.campaign import State
from assessment.domain.errors import (
    BallotsChange,
    CampaignClosed,
    CampaignNotOpen,
    NoKey,
    NotDestroyed,
    NotYetDue,
    UnknownCampaign,
)
from assessment.services import close_campaign as closing
from assessment.services.audit import list_audit
from assessment.services.campaigns import get_campaign
from assessment.services.close_campaign import ClosedView, close_campaign, close_due
from assessment.services.frozen import kept_of
from assessment.services.open_campaign import open_campaign
from assessment.services.platform import Platform
from assessment.services.print_cards import CardSheet
from assessment.services.void_campaign import void_campaign
from assessment.storage import ballots, campaigns, key_files
from reports.histograms import Histogram
from reports.kept import Kept
from tests import builders
from tests.builders import Cast, Opened
from tests.conftest import Clock


class Crash(Exception):
    """Stands for the process dying."""


def kept(platform: Platform, campaign: Opened) -> Kept:
    with platform.reading() as session:
        row = campaigns.get(session, campaign.id)
        assert row is not None
        return kept_of(session, row)


def count(platform: Platform, table: str) -> int:
    with platform.reading() as session:
        return session.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0


def key_path(platform: Platform, campaign: Opened) -> Path:
    with platform.reading() as session:
        row = campaigns.get(session, campaign.id)
        assert row is not None
        assert row.public_key is not None
        return key_files.path_of(platform.settings.key_directory, campaign.id, row.public_key)


def answered(platform: Platform, cast: Cast, clock: Clock) -> Opened:
    """Return a campaign that everybody answered and that is due."""
    campaign = builders.opened(platform, cast)
    for team in campaign.sheets:
        builders.answer(platform, campaign, team)
    clock.set(campaign.view.closes_at)
    return campaign


def test_closing_counts_and_destroys(platform: Platform, cast: Cast, clock: Clock):
    campaign = answered(platform, cast, clock)
    path = key_path(platform, campaign)
    assert close_campaign(platform, campaign.id) == ClosedView(campaign.id, "2026-Q3", 3, 21, 0)
    assert count(platform, "ballot") == count(platform, "card") == 0
    assert not path.exists()
    view = get_campaign(platform, cast.operator, campaign.id)
    assert view.state is State.CLOSED
    assert {node.name: node.n_answered for node in view.nodes} == {
        "Northwind": 21,
        "Infrastructure": 16,
        "Products": 5,
        "Atlas": 12,
        "Borealis": 4,
        "Cygnus": 5,
    }
    assert list_audit(platform, cast.operator)[0].detail == "21 counted, 0 unreadable"


def test_what_is_kept_is_what_was_answered_where_enough_did(platform: Platform, cast: Cast, clock: Clock):
    campaign = answered(platform, cast, clock)
    close_campaign(platform, campaign.id)
    figures = kept(platform, campaign).figures
    atlas, cygnus = campaign.node("Atlas"), campaign.node("Cygnus")
    # Persons 0 to 11 answered at levels 0/6, 1/6 … 6/6, 0/6 …: scale values 1 to 7, then 1 to 5.
    expected = Histogram.of({1: 2, 2: 2, 3: 2, 4: 2, 5: 2, 6: 1, 7: 1})
    assert figures[atlas, "item:coop_settle_together"].histogram == expected
    assert figures[atlas, "aspect:cooperation"].histogram == Histogram.of({6 * v: n for v, n in expected.pairs})
    assert figures[cygnus, "aspect:cooperation"].histogram.n == 5
    assert (cygnus, "item:coop_settle_together") not in figures
    assert not [key for key in figures if key[0] == campaign.node("Borealis")]
    # Borealis' four are too few everywhere: left out of every total.
    assert figures[campaign.node("Northwind"), "aspect:novelty"].histogram.n == 17
    assert count(platform, "cover") == len(figures)


def test_it_is_refused_before_the_promised_time(platform: Platform, cast: Cast, clock: Clock):
    campaign = builders.opened(platform, cast)
    builders.answer(platform, campaign, "Atlas")
    clock.set(campaign.view.closes_at - timedelta(seconds=1))
    with pytest.raises(NotYetDue, match="void"):
        close_campaign(platform, campaign.id)
    assert close_due(platform) == []
    assert count(platform, "ballot") == 12
    assert key_path(platform, campaign).exists()


def test_it_is_final(platform: Platform, cast: Cast, clock: Clock):
    campaign, _ = builders.closed(platform, clock, cast)
    with pytest.raises(CampaignClosed):
        close_campaign(platform, campaign.id)
    with pytest.raises(CampaignClosed):
        void_campaign(platform, cast.operator, campaign.id)
    assert close_due(platform) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_drafts_and_unknown_campaigns_do_not_close(platform: Platform, cast: Cast):
    with pytest.raises(CampaignNotOpen):
        close_campaign(platform, builders.draft(platform, cast))
    with pytest.raises(UnknownCampaign):
        close_campaign(platform, 999)


def test_what_is_due_closes_at_the_next_start(platform: Platform, cast: Cast, clock: Clock):
    one = builders.opened(platform, cast, teams=["Atlas"])
    two = builders.opened(platform, cast, teams=["Cygnus"], closes_at=clock.now + timedelta(days=30))
    builders.answer(platform, one, "Atlas")
    clock.move(days=20)
    assert [view.campaign_id for view in close_due(platform)] == [one.id]
    clock.move(days=20)
    assert [(view.campaign_id, view.n_answered) for view in close_due(platform)] == [(two.id, 0)]


def test_a_ballot_that_does_not_open_is_counted_as_unreadable(platform: Platform, cast: Cast, clock: Clock):
    campaign = answered(platform, cast, clock)
    atlas = campaign.node("Atlas")
    with platform.transaction() as session:
        row = campaigns.get(session, campaign.id)
        assert row is not None
        assert row.public_key is not None
        damaged = {
            b"a" * 32: b"\0" * SEALED_LENGTH,
            b"b" * 32: seal(b"\1" * 29, row.public_key, campaign.id, campaign.node("Cygnus")),
            b"c" * 32: seal(b"\xee" * 29, row.public_key, campaign.id, atlas),
            b"d" * 32: seal(b"\1" * 40, row.public_key, campaign.id, atlas),
        }
        for ballot_id, sealed in damaged.items():
            ballots.add(session, ballot_id=ballot_id, campaign_id=campaign.id, node_id=atlas, sealed=sealed)
    view = close_campaign(platform, campaign.id)
    assert (view.n_answered, view.n_unreadable) == (21, 4)
    assert get_campaign(platform, cast.operator, campaign.id).n_unreadable == 4
    assert kept(platform, campaign).figures[atlas, "aspect:novelty"].histogram.n == 12


def test_ballots_of_a_team_that_the_campaign_does_not_have_are_destroyed_and_said_to_be_unreadable(
    platform: Platform, cast: Cast, clock: Clock
):
    campaign = answered(platform, cast, clock)
    organisation = next(node.id for node in campaign.view.nodes if node.name == "Northwind")
    with platform.transaction() as session:
        for number, node in enumerate([9999, 9999, organisation]):
            stray = {"campaign_id": campaign.id, "node_id": node, "sealed": b"\0" * SEALED_LENGTH}
            ballots.add(session, ballot_id=bytes([number]) * 32, **stray)
    seen: list[tuple[int, int]] = []
    view = close_campaign(platform, campaign.id, progress=lambda done, total: seen.append((done, total)))
    assert (view.n_answered, view.n_unreadable) == (21, 3)
    assert seen[-1] == (21, 21)
    assert count(platform, "ballot") == 0
    assert list_audit(platform, cast.operator)[0].detail == "21 counted, 3 unreadable"


def test_a_crash_while_counting_leaves_the_sealed_ballots(platform: Platform, cast: Cast, clock: Clock):
    campaign = answered(platform, cast, clock)

    def crash(_done: int, _total: int) -> None:
        raise Crash

    with pytest.raises(Crash):
        close_campaign(platform, campaign.id, progress=crash)
    assert (count(platform, "ballot"), count(platform, "histogram")) == (21, 0)
    assert get_campaign(platform, cast.operator, campaign.id).state is State.OPEN
    assert close_campaign(platform, campaign.id).n_answered == 21


def test_a_crash_before_the_commit_leaves_the_sealed_ballots(platform: Platform, cast: Cast, clock: Clock):
    campaign = answered(platform, cast, clock)
    asked: list[datetime] = []

    def failing_clock() -> datetime:
        # The third time is asked for the last line of the audit, when everything is written and nothing committed.
        asked.append(clock())
        if len(asked) == 3:
            raise Crash
        return clock()

    dying = Platform(platform.settings, platform.database, failing_clock)
    with pytest.raises(Crash):
        close_campaign(dying, campaign.id)
    assert (count(platform, "ballot"), count(platform, "card")) == (21, 21)
    assert (count(platform, "histogram"), count(platform, "cover")) == (0, 0)
    assert key_path(platform, campaign).exists()
    assert close_campaign(platform, campaign.id).n_answered == 21


def test_a_crash_after_the_commit_leaves_the_histograms_and_the_key_goes_at_the_next_start(
    platform: Platform, cast: Cast, clock: Clock
):
    campaign = answered(platform, cast, clock)
    path, elsewhere = key_path(platform, campaign), key_path(platform, campaign).with_name("elsewhere")

    def stand_in_the_way(_done: int, _total: int) -> None:
        if path.is_file():
            path.rename(elsewhere)
            path.mkdir()

    with pytest.raises(NotDestroyed):
        close_campaign(platform, campaign.id, progress=stand_in_the_way)
    assert count(platform, "ballot") == 0
    assert count(platform, "histogram") > 0
    path.rmdir()
    elsewhere.rename(path)
    before = kept(platform, campaign)
    assert close_due(platform) == []
    assert not path.exists()
    assert kept(platform, campaign) == before


def test_an_answer_that_arrives_while_counting_is_counted(platform: Platform, cast: Cast, clock: Clock):
    campaign = builders.opened(platform, cast)
    builders.answer(platform, campaign, "Atlas", n=11)
    late: list[int] = []

    def answer_late(_done: int, _total: int) -> None:
        # As if it had been on its way to the disk at the closing time.
        if not late:
            late.append(1)
            now, clock.now = clock.now, campaign.view.closes_at - timedelta(seconds=1)
            builders.answer(platform, campaign, "Cygnus", n=1)
            builders.answer(platform, Opened(campaign.view, {"Atlas": last_card(campaign)}), "Atlas")
            clock.set(now)

    clock.set(campaign.view.closes_at)
    assert close_campaign(platform, campaign.id, progress=answer_late).n_answered == 13


def last_card(campaign: Opened) -> CardSheet:
    """Return a sheet with only the last card of Atlas."""
    sheet = campaign.sheets["Atlas"]
    return replace(sheet, cards=sheet.cards[-1:])


def test_two_that_close_at_the_same_moment_count_once(platform: Platform, cast: Cast, clock: Clock):
    campaign = answered(platform, cast, clock)
    outcomes: list[object] = []

    def attempt() -> None:
        try:
            outcomes.append(close_campaign(platform, campaign.id).n_answered)
        except (CampaignClosed, NoKey) as error:
            outcomes.append(type(error))

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(21) == 1
    assert kept(platform, campaign).figures[campaign.node("Atlas"), "aspect:novelty"].histogram.n == 12


def test_a_wrapped_key_needs_its_passphrase(platform: Platform, cast: Cast, clock: Clock):
    campaign = builders.opened(platform, cast, passphrase="works council 2026")
    assert get_campaign(platform, cast.operator, campaign.id).needs_passphrase
    builders.answer(platform, campaign, "Atlas")
    clock.set(campaign.view.closes_at)
    for wrong in (None, "works council 2025"):
        with pytest.raises(NoKey, match="passphrase"):
            close_campaign(platform, campaign.id, passphrase=wrong)
    assert count(platform, "ballot") == 12
    problem = close_due(platform)[0].problem
    assert isinstance(problem, NoKey)
    assert close_campaign(platform, campaign.id, passphrase="works council 2026").n_answered == 12


def test_one_that_cannot_close_keeps_no_other_from_closing(platform: Platform, cast: Cast, clock: Clock):
    stuck = builders.opened(platform, cast, teams=["Atlas"])
    fine = builders.opened(platform, cast, teams=["Cygnus"])
    key_path(platform, stuck).unlink()
    clock.set(fine.view.closes_at)
    views = {view.campaign_id: view for view in close_due(platform)}
    assert isinstance(views[stuck.id].problem, NoKey)
    assert views[fine.id].problem is None
    void_campaign(platform, cast.operator, stuck.id)
    assert get_campaign(platform, cast.operator, stuck.id).state is State.VOID


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_progress_counts_up_to_the_number_of_ballots(
    platform: Platform, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(closing, "CHUNK", 4)
    campaign, seen = answered(platform, cast, clock), []
    close_campaign(platform, campaign.id, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(4, 21), (8, 21), (12, 21), (16, 21), (20, 21), (21, 21)]


def test_the_chunks_do_not_matter(platform: Platform, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch):
    whole, _ = builders.closed(platform, clock, cast)
    monkeypatch.setattr(closing, "CHUNK", 1)
    single, _ = builders.closed(platform, clock, cast, quarter="2026-Q4")

    def by_name(campaign: Opened) -> dict[tuple[str, str], Histogram]:
        names = {node.id: node.name for node in campaign.view.nodes}
        figures = kept(platform, campaign).figures
        return {(names[node], measure): figure.histogram for (node, measure), figure in figures.items()}

    assert by_name(whole) == by_name(single)


def test_voiding_destroys_everything_and_publishes_nothing(platform: Platform, cast: Cast, clock: Clock):
    campaign = builders.opened(platform, cast)
    path = key_path(platform, campaign)
    builders.answer(platform, campaign, "Atlas")
    void_campaign(platform, cast.hedy, campaign.id)
    assert [count(platform, table) for table in ("ballot", "card", "roster", "histogram")] == [0, 0, 0, 0]
    assert not path.exists()
    view = get_campaign(platform, cast.operator, campaign.id)
    assert view.state is State.VOID
    assert {(node.n_answered, node.reading_key, node.participation) for node in view.nodes} == {(None, None, None)}
    line = list_audit(platform, cast.operator)[0]
    assert (line.actor, line.action, line.subject) == ("Hedy", "campaign voided", f"campaign {campaign.id}")
    clock.set(campaign.view.closes_at)
    assert close_due(platform) == []
    with pytest.raises(CampaignNotOpen):
        void_campaign(platform, cast.hedy, campaign.id)


def test_a_failed_opening_leaves_no_key(platform: Platform, cast: Cast, clock: Clock):
    campaign_id = builders.draft(platform, cast)
    asked: list[int] = []

    def failing_clock() -> datetime:
        asked.append(1)
        if len(asked) == 2:
            raise Crash
        return clock()

    with pytest.raises(Crash):
        open_campaign(Platform(platform.settings, platform.database, failing_clock), cast.operator, campaign_id)
    assert list(platform.settings.key_directory.glob("*")) == []
    assert get_campaign(platform, cast.operator, campaign_id).state is State.DRAFT


def test_ballots_that_keep_changing_end_the_closing(
    platform: Platform, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    campaign = builders.opened(platform, cast, teams=["Atlas"])
    builders.answer(platform, campaign, "Atlas", n=6)
    clock.set(campaign.view.closes_at)
    count = closing._count

    def disturbed(*given: Any) -> Any:
        found = count(*given)
        with platform.transaction() as session:
            session.execute(sa.text("DELETE FROM ballot WHERE id = (SELECT min(id) FROM ballot)"))
        return found

    monkeypatch.setattr(closing, "_count", disturbed)
    with pytest.raises(BallotsChange):
        close_campaign(platform, campaign.id)
    assert get_campaign(platform, cast.hedy, campaign.id).state == "open"
