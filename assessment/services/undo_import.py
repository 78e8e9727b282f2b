"""Taking an import back: the campaign and everything that was kept of it go, as if it had never been."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.domain.error_kinds import Refused
from assessment.services.actor import Actor
from assessment.services.forget_batches import delete_files
from assessment.services.frozen import decided
from assessment.services.platform import Platform
from assessment.services.refusals import refusals_noted
from assessment.storage import audit, batches, campaigns, histograms, roles
from reports.languages import phrase


class NotImported(Refused):
    """Answers that people gave here cannot be taken back, only those that came from a file."""

    sentence = phrase("Campaign %(campaign)s was answered here and stays; only an imported campaign can be undone.")


@dataclass(frozen=True)
class Undone:
    """What was removed."""

    campaign_id: int
    quarter: str
    teams: tuple[str, ...]


@refusals_noted("undo import")
def undo_import(platform: Platform, actor: Actor, campaign_id: int) -> Undone:
    """Remove an imported campaign with its nodes and figures. Teams that the import created stay.

    :raise UnknownCampaign: when there is none, or none of its teams is the coach's.
    :raise OtherTeams: when some of its teams are not the coach's.
    :raise NotImported: when it was answered here.
    """
    with platform.transaction() as session:
        campaign, nodes = decided(session, actor, campaign_id)
        if campaign.source != "imported":
            raise NotImported(campaign=campaign_id)
        teams = tuple(node.name for node in nodes if node.kind == "team")
        undone = Undone(campaign_id, campaign.quarter, teams)
        # Any report may compare with it, so none that was made of it stays as a file.
        folders = batches.delete_until(session, None)
        histograms.destroy(session, campaign_id)
        roles.destroy(session, campaign_id)
        campaigns.delete(session, campaign_id)
        audit.record(session, at=platform.clock(), actor=actor.name, action="import undone",
                     subject=f"campaign {campaign_id}", detail=f"{undone.quarter}, {len(teams)} teams")  # fmt: skip
    delete_files(platform, folders)
    platform.database.forget_log()
    return undone
