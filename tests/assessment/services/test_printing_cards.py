"""Cards: as many as people, shown once, replaced as a whole."""

from __future__ import annotations

import pytest

from assessment.domain.cards import read_code
from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import (
    AllAnswered,
    CampaignClosed,
    CampaignNotOpen,
    CardsJustPrinted,
    CardSpent,
    CardUnknown,
    UnknownCampaign,
    UnknownTeam,
)
from assessment.services.audit import list_audit
from assessment.services.find_door import card_door
from assessment.services.platform import Platform
from assessment.services.print_cards import print_cards
from assessment.services.submit_ballot import submit_ballot
from assessment.storage import campaigns
from tests import builders
from tests.builders import Cast
from tests.conftest import Clock


def test_there_are_as_many_cards_as_people(platform: Platform, cast: Cast):
    sheet = builders.opened(platform, cast).sheets["Atlas"]
    codes = [card.code for card in sheet.cards]
    assert len(set(codes)) == 12
    assert (sheet.team, sheet.quarter, sheet.is_reprint) == ("Atlas", "2026-Q3", False)
    assert sheet.cards[0].url == f"http://127.0.0.1:8000/a/{read_code(codes[0])}"
    assert sheet.reading_url.endswith(sheet.reading_key)


def test_printing_anew_voids_what_nobody_used_and_shows_no_count(platform: Platform, cast: Cast, clock: Clock):
    campaign = builders.opened(platform, cast)
    used, unused = campaign.codes("Atlas")[:2]
    given = builders.answers(campaign.questionnaire)
    submit_ballot(platform, door_key=used, answers=given)
    clock.move(days=1)
    sheet = print_cards(platform, cast.ada, campaign.id, campaign.node("Atlas"))
    assert (len(sheet.cards), sheet.is_reprint) == (12, True)
    with pytest.raises(CardUnknown):
        card_door(platform, unused)
    with pytest.raises(CardSpent, match="it counted"):
        card_door(platform, used)
    # Twelve were invited and one has answered: eleven more are taken, whoever still has a card.
    for card in sheet.cards[:11]:
        submit_ballot(platform, door_key=card.code, answers=given)
    with pytest.raises(AllAnswered):
        submit_ballot(platform, door_key=sheet.cards[11].code, answers=given)
    with pytest.raises(CardSpent):
        submit_ballot(platform, door_key=sheet.cards[0].code, answers=given)


def test_cards_are_printed_anew_once_a_day(platform: Platform, cast: Cast, clock: Clock):
    campaign = builders.opened(platform, cast)
    atlas = campaign.node("Atlas")
    print_cards(platform, cast.ada, campaign.id, atlas)
    with pytest.raises(CardsJustPrinted, match="Atlas were printed anew today already; print again from 2026-09-02"):
        print_cards(platform, cast.ada, campaign.id, atlas)
    clock.move(days=1)
    print_cards(platform, cast.ada, campaign.id, atlas)
    print_cards(platform, cast.ada, campaign.id, campaign.node("Cygnus"))
    actions = [(line.action, line.detail) for line in list_audit(platform, cast.operator)]
    assert actions[:2] == [("cards printed anew", "5 for Cygnus"), ("cards printed anew", "12 for Atlas")]


def test_only_a_teams_coach_prints_its_cards(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast)
    with pytest.raises(UnknownTeam):
        print_cards(platform, cast.ada, campaign.id, campaign.node("Borealis"))
    with pytest.raises(UnknownTeam):
        print_cards(platform, cast.ada, campaign.id, campaign.node("Infrastructure"))
    with pytest.raises(UnknownCampaign):
        print_cards(platform, cast.bruno, campaign.id, campaign.node("Atlas"))


def test_cards_are_for_open_campaigns_that_answer_by_cards(platform: Platform, cast: Cast, clock: Clock):
    link = builders.opened(platform, cast, way="open_link", teams=["Cygnus"])
    with pytest.raises(Invalid, match="by cards"):
        print_cards(platform, cast.operator, link.id, link.node("Cygnus"))
    draft = builders.draft(platform, cast, teams=["Atlas"])
    with platform.reading() as session:
        node = campaigns.nodes(session, draft)[0].id
    with pytest.raises(CampaignNotOpen):
        print_cards(platform, cast.operator, draft, node)
    cards = builders.opened(platform, cast, teams=["Borealis"])
    clock.set(cards.view.closes_at)
    with pytest.raises(CampaignClosed):
        print_cards(platform, cast.operator, cards.id, cards.node("Borealis"))
