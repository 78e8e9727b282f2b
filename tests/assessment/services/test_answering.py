"""A card counts once, a double click counts once, nothing is burned, and an acknowledged answer stays."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from assessment.domain.cards import mint_code, read_code
from assessment.domain.error_kinds import AssessmentError
from assessment.domain.errors import CampaignClosed, CampaignNotOpen, CardSpent, CardUnknown, LinkUnknown
from assessment.services.close_campaign import close_campaign
from assessment.services.find_door import card_door, link_door
from assessment.services.open_campaign import open_campaign
from assessment.services.platform import Platform
from assessment.services.submit_ballot import Receipt, submit_ballot
from assessment.services.void_campaign import void_campaign
from assessment.storage import ballots
from questionnaires.answers import InvalidAnswers
from tests import builders
from tests.builders import Cast, Opened
from tests.conftest import Clock

TRIES = 50


def n_ballots(platform: Platform, campaign: Opened) -> int:
    with platform.reading() as session:
        return ballots.n_of_campaign(session, campaign.id)


def at_once(tries: int, attempt: Callable[[int], object]) -> Counter[str]:
    """Run an attempt in many threads that start together, and count what came out by type."""
    start, outcomes = threading.Barrier(tries), Counter[str]()

    def run(number: int) -> None:
        start.wait()
        try:
            outcome = type(attempt(number)).__name__
        except AssessmentError as error:
            outcome = type(error).__name__
        outcomes[outcome] += 1

    threads = [threading.Thread(target=run, args=(number,)) for number in range(tries)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_a_card_opens_its_teams_door(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast)
    door = card_door(platform, campaign.codes("Cygnus")[0].lower())
    assert (door.team, door.quarter, door.n_invited, door.reporting_size) == ("Cygnus", "2026-Q3", 5, 5)
    assert not door.small_team
    assert door.roster == tuple(f"Cygnus Person {number:02}" for number in range(5))
    assert door.closes_at.utcoffset() is not None
    assert door.questionnaire == campaign.questionnaire
    assert card_door(platform, campaign.codes("Borealis")[0]).small_team


def test_an_open_link_opens_its_teams_door(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast, way="open_link")
    door = link_door(platform, campaign.link("Atlas"))
    assert (door.team, door.way, door.smallest, len(door.roster)) == ("Atlas", "open_link", 8, 12)
    with pytest.raises(LinkUnknown):
        link_door(platform, "nonsense")


def test_an_answer_brings_the_reading_key_and_nothing_else(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast)
    receipt = builders.answer(platform, campaign, "Atlas", n=1)[0]
    assert receipt.reading_key == campaign.sheets["Atlas"].reading_key
    assert receipt.url == f"http://127.0.0.1:8000/result/{receipt.reading_key}"
    assert receipt.closes_at == campaign.view.closes_at


def test_a_used_card_says_that_it_counted(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast)
    code = campaign.codes("Atlas")[0]
    submit_ballot(platform, door_key=code, answers=builders.answers(campaign.questionnaire))
    with pytest.raises(CardSpent, match="If this was you, it counted"):
        card_door(platform, code)
    with pytest.raises(CardSpent, match="If this was you, it counted"):
        submit_ballot(platform, door_key=code, answers=builders.answers(campaign.questionnaire, 0.1))
    assert n_ballots(platform, campaign) == 1


@pytest.mark.parametrize("code", ["", "no code", "0000-0000-0000-0001", "well formed, never printed"])
def test_other_codes_open_nothing(platform: Platform, cast: Cast, code: str):
    code = mint_code() if code == "well formed, never printed" else code
    campaign = builders.opened(platform, cast)
    with pytest.raises(CardUnknown):
        card_door(platform, code)
    with pytest.raises(CardUnknown):
        submit_ballot(platform, door_key=code, answers=builders.answers(campaign.questionnaire))


def test_a_card_counts_once_under_fifty_simultaneous_tries(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast)
    code, given = campaign.codes("Atlas")[0], builders.answers(campaign.questionnaire)
    outcomes = at_once(TRIES, lambda _: submit_ballot(platform, door_key=code, answers=given))
    assert outcomes == {"Receipt": 1, "CardSpent": TRIES - 1}
    assert n_ballots(platform, campaign) == 1


def test_everybody_at_once_is_counted(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast)
    codes = [code for team in campaign.sheets for code in campaign.codes(team)]
    given = builders.answers(campaign.questionnaire)
    outcomes = at_once(len(codes), lambda person: submit_ballot(platform, door_key=codes[person], answers=given))
    assert outcomes == {"Receipt": 21}
    assert n_ballots(platform, campaign) == 21


def test_a_double_click_on_the_open_link_counts_once(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast, way="open_link")
    key, given = (campaign.link("Atlas"), "one-form"), builders.answers(campaign.questionnaire)
    receipts: list[Receipt] = []
    outcomes = at_once(TRIES, lambda _: receipts.append(submit_ballot(platform, door_key=key, answers=given)))
    assert outcomes == {"NoneType": TRIES}
    assert len(set(receipts)) == 1
    assert n_ballots(platform, campaign) == 1
    submit_ballot(platform, door_key=(key[0], "another-form"), answers=given)
    assert n_ballots(platform, campaign) == 2


def test_a_form_without_its_id_is_not_taken(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast, way="open_link")
    with pytest.raises(LinkUnknown):
        submit_ballot(platform, door_key=(campaign.link("Atlas"), ""), answers=builders.answers(campaign.questionnaire))


def test_bad_answers_store_nothing_and_leave_the_card(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast)
    code = campaign.codes("Atlas")[0]
    for given in ({}, {"item:nonsense": 3}, {"choice:novelty": 4}, {"ladder:review": -1}):
        with pytest.raises(InvalidAnswers):
            submit_ballot(platform, door_key=code, answers=given)
    assert n_ballots(platform, campaign) == 0
    submit_ballot(platform, door_key=code, answers={"choice:novelty": None})
    assert n_ballots(platform, campaign) == 1


def test_a_failed_insert_never_burns_a_card(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast)
    code, given = campaign.codes("Atlas")[0], builders.answers(campaign.questionnaire)
    break_ballots(platform)
    with pytest.raises(sa.exc.DBAPIError):
        submit_ballot(platform, door_key=code, answers=given)
    mend_ballots(platform)
    assert n_ballots(platform, campaign) == 0
    submit_ballot(platform, door_key=code, answers=given)
    assert n_ballots(platform, campaign) == 1


def break_ballots(platform: Platform) -> None:
    with platform.transaction() as session:
        session.execute(sa.text("ALTER TABLE ballot RENAME COLUMN sealed TO elsewhere"))


def mend_ballots(platform: Platform) -> None:
    with platform.transaction() as session:
        session.execute(sa.text("ALTER TABLE ballot RENAME COLUMN elsewhere TO sealed"))


def test_no_answers_before_opening_after_closing_time_or_after_voiding(platform: Platform, cast: Cast, clock: Clock):
    campaign = builders.opened(platform, cast)
    code, given = campaign.codes("Atlas")[0], builders.answers(campaign.questionnaire)
    clock.set(campaign.view.closes_at)
    for attempt in (
        lambda: card_door(platform, code),
        lambda: submit_ballot(platform, door_key=code, answers=given),
    ):
        with pytest.raises(CampaignClosed):
            attempt()
    assert n_ballots(platform, campaign) == 0


def test_a_link_says_that_its_campaign_has_closed_and_forgets_a_void_one(platform: Platform, cast: Cast, clock: Clock):
    first = builders.opened(platform, cast, way="open_link", teams=["Atlas"])
    second = builders.opened(platform, cast, way="open_link", teams=["Cygnus"])
    void_campaign(platform, cast.operator, second.id)
    with pytest.raises(LinkUnknown):
        link_door(platform, second.link("Cygnus"))
    clock.set(first.view.closes_at)
    close_campaign(platform, first.id)
    with pytest.raises(CampaignClosed):
        link_door(platform, first.link("Atlas"))
    with pytest.raises(CampaignClosed):
        submit_ballot(platform, door_key=(first.link("Atlas"), "late"), answers={"choice:novelty": 1})


def test_no_card_row_changes_when_somebody_answers(platform: Platform, cast: Cast):
    def rows() -> list[object]:
        with platform.reading() as session:
            return [tuple(row) for row in session.execute(sa.text("SELECT * FROM card ORDER BY digest"))]

    campaign = builders.opened(platform, cast)
    before = rows()
    builders.answer(platform, campaign, "Atlas")
    assert rows() == before
    with platform.reading() as session:
        stored = {bytes(row[0]) for row in session.execute(sa.text("SELECT id FROM ballot"))}
    assert not stored & {bytes(row[0]) for row in before}  # type: ignore[index]


def test_answers_at_the_closing_time_are_counted_or_refused(platform: Platform, cast: Cast, clock: Clock):
    campaign = builders.opened(platform, cast)
    codes, given = campaign.codes("Atlas"), builders.answers(campaign.questionnaire)
    n_counted = []

    def attempt(number: int) -> object:
        if number == 6:
            clock.set(campaign.view.closes_at)
            n_counted.append(close_campaign(platform, campaign.id).n_answered)
            return None
        return submit_ballot(platform, door_key=codes[number], answers=given)

    outcomes = at_once(12, attempt)
    assert n_counted == [outcomes["Receipt"]]
    # Once the campaign is closed its cards are gone, so a late card is either closed or unknown.
    assert outcomes["Receipt"] + outcomes["CampaignClosed"] + outcomes["CardUnknown"] == 11
    assert n_ballots(platform, campaign) == 0


def test_a_draft_takes_no_answers(platform: Platform, cast: Cast):
    view = open_campaign(platform, cast.operator, builders.draft(platform, cast, way="open_link", teams=["Atlas"]))
    token = str(view.teams[0].link_url).rpartition("/")[2]
    with platform.transaction() as session:
        session.execute(sa.text("UPDATE campaign SET state = 'draft'"))
    with pytest.raises(CampaignNotOpen):
        submit_ballot(platform, door_key=(token, "x"), answers={"choice:novelty": 1})


def test_codes_are_stored_nowhere(platform: Platform, cast: Cast, tmp_path: Path):
    campaign = builders.opened(platform, cast)
    builders.answer(platform, campaign, "Atlas", n=3)
    plain = {(read_code(code) or "").encode() for code in campaign.codes("Atlas")}
    for path in [path for path in tmp_path.rglob("*") if path.is_file()]:
        content = path.read_bytes()
        assert not [code for code in plain if code in content], path
