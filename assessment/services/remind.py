"""Reminding everybody of a campaign: nobody knows who has answered, and a reminder to some would tell."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from assessment.domain.campaign import State, Way, check_answerable
from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import NoMail, RemindedToday
from assessment.services.actor import Actor
from assessment.services.frozen import decided
from assessment.services.platform import Platform
from assessment.services.refusals import refusals_noted
from assessment.storage import audit, outbox
from reports.languages import phrase


@refusals_noted("remind everybody")
def remind(platform: Platform, actor: Actor, campaign_id: int) -> int:
    """Let a mail with a fresh token wait for everybody, also for those who collected; return for how many.

    A credential that was collected stays the only one: a fresh token of the same person collects no second.

    :raise UnknownCampaign, OtherTeams: when it is not the coach's to decide.
    :raise CampaignNotOpen, CampaignClosed: when no answers are taken.
    :raise RemindedToday: when everybody was reminded today already.
    :raise Invalid: for a campaign that does not invite by mail.
    :raise NoMail: when mail cannot be sent.
    """
    now = platform.clock()
    with platform.transaction() as session:
        platform.database.lock_campaign(session, campaign_id)
        campaign, nodes = decided(session, actor, campaign_id)
        session.refresh(campaign)
        check_answerable(State(campaign.state), campaign.closes_at, now)
        if not any(node.way == Way.EMAIL for node in nodes):
            raise Invalid(phrase("way"), nodes[-1].way, phrase("only teams that are invited by e-mail can be reminded"))
        if not platform.settings.can_mail:
            raise NoMail
        today = now.astimezone(ZoneInfo(campaign.timezone)).date()
        if campaign.reminded_on == today:
            raise RemindedToday(after=(today + timedelta(days=1)).isoformat())
        campaign.reminded_on = today
        n_people = outbox.wait_again(session, campaign_id)
        audit.record(session, now, actor.name, "everybody reminded", f"campaign {campaign_id}", f"{n_people} mails")
        return n_people
