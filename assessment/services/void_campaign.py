"""Voiding a campaign that went wrong: everything is destroyed, nothing is published."""

from __future__ import annotations

from assessment.domain.campaign import State
from assessment.domain.errors import CampaignClosed, CampaignNotOpen
from assessment.services.actor import Actor
from assessment.services.clean_up import clean_up
from assessment.services.frozen import decided
from assessment.services.platform import Platform
from assessment.services.refusals import refusals_noted
from assessment.storage import audit, ballots, campaigns, cards, invitations


@refusals_noted("void campaign")
def void_campaign(platform: Platform, actor: Actor, campaign_id: int) -> None:
    """Destroy the ballots, cards, links, rosters and key of an open campaign; it stays listed as void.

    :raise UnknownCampaign, OtherTeams: when it is not the coach's to decide.
    :raise CampaignClosed: when it has closed; closing is final.
    :raise CampaignNotOpen: for a draft, which can be deleted, or a campaign voided before.
    :raise NotDestroyed: when it is void but something that goes with it could not be destroyed.
    """
    with platform.transaction() as session:
        campaign, nodes = decided(session, actor, campaign_id)
        platform.database.lock_campaign(session, campaign_id)
        session.refresh(campaign)
        if campaign.state == State.CLOSED:
            raise CampaignClosed
        if campaign.state != State.OPEN:
            raise CampaignNotOpen
        ballots.destroy(session, campaign_id)
        invitations.destroy(session, campaign.id)
        cards.destroy(session, campaign_id)
        for node in nodes:
            campaigns.forget_roster(session, node.id)
            node.link_token = node.reading_key = node.participation = node.participation_on = None
        campaign.state = State.VOID
        audit.record(
            session, platform.clock(), actor.name, "campaign voided", f"campaign {campaign_id}", campaign.quarter
        )
        public_key = campaign.public_key
    clean_up(platform, campaign_id, public_key)
