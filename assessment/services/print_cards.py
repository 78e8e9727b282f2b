"""Printing cards: as many single-use codes as people. The codes exist in what is returned and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from assessment.domain.campaign import State, Way, check_answerable
from assessment.domain.cards import card_digest, mint_code, read_code
from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import CardsJustPrinted, UnknownTeam
from assessment.services.actor import Actor
from assessment.services.frozen import seen
from assessment.services.platform import Platform
from assessment.services.refusals import refusals_noted
from assessment.storage import audit, cards
from reports.languages import phrase


@dataclass(frozen=True)
class Card:
    """One card to print."""

    code: str
    """As printed: `XXXX-XXXX-XXXX-XXXX`."""
    url: str
    """What its QR code says."""


@dataclass(frozen=True)
class CardSheet:
    """All cards of one team, to be printed in one go, shuffled and drawn face down."""

    campaign_id: int
    node_id: int
    quarter: str
    team: str
    cards: tuple[Card, ...]
    reading_key: str
    reading_url: str
    """Where the team's result will be; on every card."""
    closes_at: datetime
    timezone: str
    language: str
    is_reprint: bool
    """Whether cards printed before that nobody has used are void now."""


@refusals_noted("print cards")
def print_cards(platform: Platform, actor: Actor, campaign_id: int, node_id: int) -> CardSheet:
    """Make a team's cards and return them once.

    Printing anew makes as many cards as before and voids those that nobody has used. How many were used must not
    show, so it does not make fewer; the team's answers then end at the number of people invited.

    :raise UnknownCampaign, UnknownTeam: when campaign or team are not the coach's.
    :raise CampaignNotOpen, CampaignClosed: when no answers are taken.
    :raise CardsJustPrinted: when they were printed anew today already.
    :raise Invalid: for a team that answers in another way.
    """
    now = platform.clock()
    with platform.transaction() as session:
        platform.database.lock_campaign(session, campaign_id)
        campaign, nodes, scope = seen(session, actor, campaign_id)
        node = next((node for node in nodes if node.id == node_id and node.kind == "team"), None)
        if node is None or not scope.has(node.team_id):
            raise UnknownTeam(team=node_id)
        check_answerable(State(campaign.state), campaign.closes_at, now)
        if node.way != Way.CARDS or node.n_invited is None or node.reading_key is None:
            raise Invalid(phrase("way"), node.way, phrase("cards are printed for teams that answer by cards"))
        is_reprint = cards.n_of_node(session, campaign_id, node_id) > 0
        today = now.astimezone(ZoneInfo(campaign.timezone)).date()
        if is_reprint and node.cards_reprinted_on == today:
            raise CardsJustPrinted(team=node.name, after=(today + timedelta(days=1)).isoformat())
        codes = [mint_code() for _ in range(node.n_invited)]
        cards.destroy_of_node(session, campaign_id, node_id)
        cards.add(session, campaign_id, node_id, (card_digest(read_code(code) or "") for code in codes))
        node.cards_reprinted_on = today if is_reprint else None
        action = "cards printed anew" if is_reprint else "cards printed"
        audit.record(session, now, actor.name, action, f"campaign {campaign_id}", f"{len(codes)} for {node.name}")
        base = platform.settings.base_url
        return CardSheet(
            campaign_id=campaign_id,
            node_id=node_id,
            quarter=campaign.quarter,
            team=node.name,
            cards=tuple(Card(code, f"{base}/a/{read_code(code)}") for code in codes),
            reading_key=node.reading_key,
            reading_url=f"{base}/result/{node.reading_key}",
            closes_at=campaign.closes_at,
            timezone=campaign.timezone,
            language=campaign.language,
            is_reprint=is_reprint,
        )
