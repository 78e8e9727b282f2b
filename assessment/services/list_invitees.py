"""Who a team's campaign asks by mail, and what became of the mails; never who collected a credential."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from assessment.domain.campaign import State, Way
from assessment.domain.credentials import named_key
from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import UnknownTeam
from assessment.services.actor import Actor
from assessment.services.frozen import seen
from assessment.services.platform import Platform
from assessment.storage import invitations, outbox
from assessment.storage.models import Campaign, Node
from reports.languages import phrase


@dataclass(frozen=True)
class InviteeView:
    """Somebody who is asked by mail."""

    member_id: int
    name: str
    email: str
    mail: str
    """What became of the last mail: `waiting`, `sent` or `failed`."""


@dataclass(frozen=True)
class MailCounts:
    """How many mails of a team are in each state."""

    n_sent: int
    n_waiting: int
    n_failed: int


def list_invitees(platform: Platform, actor: Actor, campaign_id: int, node_id: int) -> list[InviteeView]:
    """Return whom a team's open campaign asks by mail, by name.

    :raise UnknownCampaign, UnknownTeam: when campaign or team are not the coach's.
    :raise Invalid: for a team that is not invited by e-mail.
    """
    with platform.reading() as session:
        invited_team(session, actor, campaign_id, node_id)
        return [
            InviteeView(person.member_id, person.name, person.email, person.mail)
            for person in outbox.addressees(session, node_id)
        ]


def count_mails(platform: Platform, actor: Actor, campaign_id: int) -> dict[int, MailCounts]:
    """Return for each team of the actor's that is invited by mail what became of its mails, by node.

    :raise UnknownCampaign: when there is none, or none of its teams is the coach's.
    """
    with platform.reading() as session:
        _, nodes, scope = seen(session, actor, campaign_id)
        counts = outbox.counts(session, campaign_id)
        return {
            node.id: MailCounts(
                counts.get((node.id, "sent"), 0),
                counts.get((node.id, "waiting"), 0),
                counts.get((node.id, "failed"), 0),
            )
            for node in nodes
            if node.way == Way.EMAIL and scope.has(node.team_id)
        }


def team_key(platform: Platform, actor: Actor, campaign_id: int, node_id: int) -> bytes:
    """Return the key that signs a team's credentials, as `credentials.named_key` names it, for the team's sheet.

    :raise UnknownCampaign, UnknownTeam: when campaign or team are not the coach's, or it has no key.
    :raise Invalid: for a team that is not invited by e-mail.
    """
    with platform.reading() as session:
        invited_team(session, actor, campaign_id, node_id)
        key = invitations.signing_key(session, node_id)
        if key is None:
            raise UnknownTeam(team=node_id)
        return named_key(campaign_id, node_id, key)


def invited_team(session: Session, actor: Actor, campaign_id: int, node_id: int) -> tuple[Campaign, Node]:
    """Return a campaign and its team that is invited by mail.

    :raise UnknownCampaign, UnknownTeam, Invalid: as `list_invitees`.
    """
    campaign, nodes, scope = seen(session, actor, campaign_id)
    node = next((node for node in nodes if node.id == node_id and node.kind == "team"), None)
    if node is None or not scope.has(node.team_id) or campaign.state != State.OPEN:
        raise UnknownTeam(team=node_id)
    if node.way != Way.EMAIL:
        raise Invalid(phrase("way"), node.way, phrase("only teams that are invited by e-mail have addresses"))
    return campaign, node
