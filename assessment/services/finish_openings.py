"""The background part of opening: makes the keys of campaigns whose opening was asked for, and opens them."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.domain.campaign import State
from assessment.domain.error_kinds import AssessmentError
from assessment.services.actor import Actor
from assessment.services.campaigns import OPENING_FAILED
from assessment.services.open_campaign import open_campaign
from assessment.services.platform import Platform
from assessment.storage import audit, campaigns


@dataclass(frozen=True)
class Finished:
    """A campaign that was opened, or why it is an ordinary draft again."""

    campaign_id: int
    problem: AssessmentError | None


def finish_openings(platform: Platform) -> list[Finished]:
    """Open every campaign whose opening was asked for; also what a start after a crash calls.

    One that cannot be opened any more keeps no other from being opened: it becomes an ordinary draft again, and its
    page says what is in the way.
    """
    with platform.reading() as session:
        drafts = campaigns.in_state(session, State.DRAFT)
        asked = [campaign.id for campaign in drafts if campaign.n_keys_made is not None]
    finished = []
    for campaign_id in asked:
        problem = None
        try:
            open_campaign(platform, Actor.operator(), campaign_id)
        except AssessmentError as error:
            problem = error
            _give_up(platform, campaign_id, error)
        finished.append(Finished(campaign_id, problem))
    return finished


def _give_up(platform: Platform, campaign_id: int, problem: AssessmentError) -> None:
    with platform.transaction() as session:
        campaign = campaigns.get(session, campaign_id)
        if campaign is not None and campaign.state == State.DRAFT and campaign.n_keys_made is not None:
            campaign.n_keys_made = None
            note = problem.nameless
            audit.record(session, platform.clock(), "clock", OPENING_FAILED, f"campaign {campaign_id}", note)
