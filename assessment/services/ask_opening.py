"""Asking for a campaign to be opened: at once, or in the background where keys for many teams have to be made first."""

from __future__ import annotations

from assessment.domain.campaign import State, Way, check_draft
from assessment.domain.errors import OpeningUnderWay, UnsafeDatabase
from assessment.services.actor import Actor
from assessment.services.campaigns import CampaignView, get_campaign
from assessment.services.frozen import decided
from assessment.services.open_campaign import open_campaign
from assessment.services.opening import freezing
from assessment.services.platform import Platform
from assessment.services.refusals import refusals_noted
from assessment.storage import audit


@refusals_noted("open campaign")
def ask_opening(platform: Platform, actor: Actor, campaign_id: int) -> CampaignView:
    """Open a draft, or mark it for the background work when it invites by mail.

    What keeps it from being opened is said at once. Until the background work is done it stays a draft that nobody can
    change; when something comes between, it is an ordinary draft again.

    :raise OpeningUnderWay: when somebody asked already.
    :raise AssessmentError: whatever `open_campaign` would refuse with.
    """
    unsafe = platform.database.unsafe_settings()
    if unsafe:
        raise UnsafeDatabase(settings=", ".join(unsafe))
    with platform.transaction() as session:
        platform.database.lock_opening(session)
        campaign, nodes = decided(session, actor, campaign_id)
        check_draft(campaign_id, State(campaign.state))
        if campaign.n_keys_made is not None:
            raise OpeningUnderWay(campaign=campaign_id)
        plan = freezing(session, campaign, nodes, platform.clock(), platform.settings)
        if plan.obstacles:
            raise plan.obstacles[0]
        by_mail = any(team.way is Way.EMAIL for team in plan.teams)
        if by_mail:
            campaign.n_keys_made = 0
            audit.record(session, platform.clock(), actor.name, "opening asked for", f"campaign {campaign_id}")
    if by_mail:
        return get_campaign(platform, actor, campaign_id)
    return open_campaign(platform, actor, campaign_id)
