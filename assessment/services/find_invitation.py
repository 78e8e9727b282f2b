"""What an invitation's token opens: the team's campaign, and the key that will sign without seeing what."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from assessment.domain.campaign import State, check_answerable
from assessment.domain.credentials import token_digest
from assessment.domain.errors import InvitationUnknown, KeyAway
from assessment.services.find_door import Door, check_key, door_of
from assessment.services.platform import Platform
from assessment.storage import invitations, places, signing_files
from assessment.storage.models import Invitee
from assessment.storage.places import CampaignRow, Place


@dataclass(frozen=True)
class InvitationDoor:
    """What somebody reads before they collect their credential."""

    door: Door
    public_key: bytes
    """SubjectPublicKeyInfo, DER."""
    is_collected: bool


@dataclass(frozen=True)
class Invited:
    """A campaign and team, and the person in it, that a token was mailed to."""

    found: Place
    member_id: int


def find_invitation(platform: Platform, token: str) -> InvitationDoor:
    """Return what a token opens; looking changes nothing.

    :raise InvitationUnknown: when it opens nothing.
    :raise CampaignClosed, CampaignNotOpen: when no answers are taken.
    :raise KeyAway: when the campaign's keys are not in their place, or not those that opening made.
    """
    with platform.reading() as session:
        invited = find_by_token(session, token)
        campaign, node = invited.found.campaign, invited.found.node
        check_answerable(State(campaign.state), campaign.closes_at, platform.clock())
        check_key(platform, campaign)
        key = check_signing_key(platform, session, campaign, node.id)
        invitee = asked(session, invited)
        return InvitationDoor(door_of(session, invited.found), key, invitee.is_issued)


def find_by_token(session: Session, token: str) -> Invited:
    """Return whom a token was mailed to, whatever their campaign's state.

    :raise InvitationUnknown: when there is nobody.
    """
    invitation = invitations.find(session, token_digest(token))
    if invitation is None:
        raise InvitationUnknown
    place = places.of_node(session, invitation.campaign_id, invitation.node_id)
    if place is None:
        raise InvitationUnknown
    return Invited(place, invitation.member_id)


def asked(session: Session, invited: Invited, *, lock: bool = False) -> Invitee:
    """Return the row of somebody who was invited.

    :raise InvitationUnknown: when there is none.
    """
    invitee = invitations.invitee(session, invited.found.node.id, invited.member_id, lock=lock)
    if invitee is None:
        raise InvitationUnknown
    return invitee


def check_signing_key(platform: Platform, session: Session, campaign: CampaignRow, node_id: int) -> bytes:
    """Return the public key that signs a team's credentials, made sure to be the one that opening made.

    :raise KeyAway: when its private part is not in its place, or the database names another.
    """
    directory = platform.settings.key_directory
    made = signing_files.public_of(directory, campaign.id, campaign.public_key or b"", node_id)
    if made is None or made != invitations.signing_key(session, node_id):
        raise KeyAway
    return made
