"""Signing one blinded message for each invited person: they get a credential, and nobody can tell later which."""

from __future__ import annotations

from assessment.domain.blind_signatures import InvalidBlinded, blind_sign
from assessment.domain.campaign import State, check_answerable
from assessment.domain.credentials import blinded_digest
from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import CampaignNotOpen, CredentialTaken, KeyAway
from assessment.services.find_door import check_key
from assessment.services.find_invitation import asked, check_signing_key, find_by_token
from assessment.services.platform import Platform
from assessment.storage import campaigns, signing_files
from reports.languages import phrase


def issue_credential(platform: Platform, token: str, blinded: bytes) -> bytes:
    """Return the signature of a blinded message (256 bytes); when this returns, no other one is ever signed.

    The same blinded message again gets the same signature, so a lost reply loses nothing.

    :param blinded: 256 bytes, as RFC 9474 section 4.2 makes them.
    :raise InvitationUnknown: when the token opens nothing.
    :raise CampaignClosed, CampaignNotOpen: when no answers are taken.
    :raise CredentialTaken: when another blinded message was signed for this person.
    :raise Invalid: when this cannot be a blinded message; nothing is used up.
    :raise KeyAway: when the campaign's keys are not in their place.
    """
    digest = blinded_digest(blinded)
    with platform.reading() as session:
        invited = find_by_token(session, token)
        campaign, node = invited.found.campaign, invited.found.node
        check_answerable(State(campaign.state), campaign.closes_at, platform.clock())
        public_key = check_key(platform, campaign)
        check_signing_key(platform, session, campaign, node.id)
        if asked(session, invited).blinded not in {None, digest}:
            raise CredentialTaken
    key = signing_files.load(platform.settings.key_directory, campaign.id, public_key, node.id)
    if key is None:
        raise KeyAway
    # Signing takes most of the time and needs no lock. What is signed and not stored below is never given out.
    try:
        signature = blind_sign(key, blinded)
    except InvalidBlinded as error:
        remedy = phrase("it cannot be signed; load the page again and collect once more")
        raise Invalid(phrase("blinded message"), f"{len(blinded)} bytes", remedy) from error
    with platform.transaction() as session:
        # Closing waits for what is being signed; what comes later finds the campaign closed.
        platform.database.lock_campaign(session, campaign.id, shared=True)
        present = campaigns.state_of(session, campaign.id)
        if present is None:
            raise CampaignNotOpen
        check_answerable(State(present[0]), present[1], platform.clock())
        # The token may have been taken back meanwhile, because its address was wrong.
        invitee = asked(session, find_by_token(session, token), lock=True)
        if invitee.blinded not in {None, digest}:
            raise CredentialTaken
        invitee.is_issued, invitee.blinded = True, digest
    return signature
