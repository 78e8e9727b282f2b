"""What a card's code, an open link or a credential opens: everything the page says before the first question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from sqlalchemy.orm import Session

from assessment.domain.blind_signatures import verify
from assessment.domain.campaign import State, Way, check_answerable
from assessment.domain.cards import ballot_id_of_card, card_digest, read_code
from assessment.domain.credentials import Credential, ballot_id_of_credential
from assessment.domain.error_kinds import NotFound
from assessment.domain.errors import (
    CampaignClosed,
    CardSpent,
    CardUnknown,
    CredentialRefused,
    CredentialSpent,
    KeyAway,
    LinkUnknown,
)
from assessment.services.frozen import questionnaire_at
from assessment.services.opening import smallest_of
from assessment.services.platform import Platform
from assessment.storage import ballots, campaigns, key_files, places, signing_files
from assessment.storage.database import Asking
from assessment.storage.places import CampaignRow, Place
from questionnaires.instrument import Questionnaire
from reports.carry_up import detail_size


@dataclass(frozen=True)
class Door:
    """One team's campaign, as its members are told about it."""

    campaign_id: int
    node_id: int
    way: Way
    quarter: str
    team: str
    n_invited: int
    reporting_size: int
    detail_size: int
    smallest: int
    """How many answers the team's own report needs: the reporting size, more on an open link."""
    small_team: bool
    """Whether even everybody's answers are too few for a report of its own."""
    closes_at: datetime
    """Aware, in UTC; pages show it in `timezone`."""
    timezone: str
    language: str
    questionnaire: Questionnaire
    roster: tuple[str, ...]
    """Who was in the team at opening: a made-up colleague is noticed by those who know the team."""


def card_door(platform: Platform, code: str) -> Door:
    """Return what a card opens.

    :param code: as typed; case, spaces, hyphens and look-alike characters do not matter.
    :raise CardUnknown: when it is mistyped, was replaced by a newer print, or its campaign is over.
    :raise CardSpent: when it was used; its answer counts.
    :raise CampaignClosed: after the closing time.
    :raise KeyAway: when the campaign's private key is not in its place.
    """
    with platform.reading() as session:
        found = find_by_card(session, code)
        check_answerable(State(found.campaign.state), found.campaign.closes_at, platform.clock())
        if ballots.is_there(session, [ballot_id_of_card(found.campaign.id, read_code(code) or "")]):
            raise CardSpent
        check_key(platform, found.campaign)
        return door_of(session, found)


def link_door(platform: Platform, link_token: str) -> Door:
    """Return what an open link opens.

    :raise LinkUnknown: when it is mistyped or its campaign was voided.
    :raise CampaignClosed: after the closing time.
    :raise KeyAway: when the campaign's private key is not in its place.
    """
    with platform.reading() as session:
        found = find_by_link(session, link_token)
        check_answerable(State(found.campaign.state), found.campaign.closes_at, platform.clock())
        check_key(platform, found.campaign)
        return door_of(session, found)


def credential_door(platform: Platform, credential: Credential) -> Door:
    """Return what a credential opens.

    :raise CredentialRefused: when it is not signed by the key of its team, or takes no answers for another reason.
    :raise CredentialSpent: when it was used; its answer counts.
    :raise CampaignClosed: after the closing time.
    :raise KeyAway: when the campaign's private keys are not in their place.
    """
    with platform.reading() as session:
        found = find_by_credential(platform, session, credential)
        check_answerable(State(found.campaign.state), found.campaign.closes_at, platform.clock())
        if ballots.is_there(session, [ballot_id_of_credential(credential)]):
            raise CredentialSpent
        return door_of(session, found)


def check_key(platform: Platform, campaign: CampaignRow) -> bytes:
    """Return the public key of an open campaign, made sure to be the one that opening made.

    The key directory says so, where its private key has its name: who can write into the database alone cannot have
    answers sealed to a key of their own, and no answer is taken that nobody could count.

    :raise KeyAway: when there is no such private key.
    """
    key = campaign.public_key
    if key is None or not key_files.exists(platform.settings.key_directory, campaign.id, key):
        raise KeyAway
    return key


def find_by_card(session: Asking, typed: str) -> Place:
    """Return the campaign and team of a card, whatever their state.

    :raise CardUnknown, CardSpent: as in `card_door`; a used card whose team got new cards is still told apart.
    """
    code = read_code(typed)
    if code is None:
        raise CardUnknown
    place = places.of_card(session, card_digest(code))
    if place is None:
        running = campaigns.ids_of_open(session)
        if ballots.is_there(session, [ballot_id_of_card(campaign_id, code) for campaign_id in running]):
            raise CardSpent
        raise CardUnknown
    return place


def find_by_link(session: Asking, link_token: str) -> Place:
    """Return the campaign and team of an open link, whatever their state.

    :raise LinkUnknown: when there is none.
    """
    place = places.of_link(session, link_token)
    if place is None:
        raise LinkUnknown
    return place


def find_by_credential(platform: Platform, session: Asking, credential: Credential) -> Place:
    """Return the campaign and team of a credential that their own key signed.

    Whatever is wrong with it reads the same, so that nobody learns from a refusal how far they got.

    :raise CredentialRefused: when it is none, or its campaign is not open.
    :raise CampaignClosed: when its campaign has closed; the keys that could tell whether it was one are gone.
    :raise KeyAway: when the campaign's private keys are not in their place.
    """
    place = places.of_node(session, credential.campaign_id, credential.node_id)
    if place is None or place.node.way != Way.EMAIL:
        raise CredentialRefused
    campaign, node = place.campaign, place.node
    if campaign.state == State.CLOSED:
        raise CampaignClosed
    if campaign.state != State.OPEN:
        raise CredentialRefused
    public_key = check_key(platform, campaign)
    signed_by = signing_files.public_of(platform.settings.key_directory, campaign.id, public_key, node.id)
    if signed_by is None:
        raise KeyAway
    if not verify(_loaded(signed_by), credential.message, credential.signature):
        raise CredentialRefused
    return place


@lru_cache(maxsize=4096)
def _loaded(public_key: bytes) -> RSAPublicKey:
    key = load_der_public_key(public_key)
    assert isinstance(key, RSAPublicKey)
    return key


def door_of(session: Session, found: Place) -> Door:
    """Return what a team's page says before the first question."""
    campaign, node = found.campaign, found.node
    if node.n_invited is None or node.way is None:
        raise NotFound
    way = Way(node.way)
    smallest = smallest_of(way, campaign.reporting_size)
    return Door(
        campaign_id=campaign.id,
        node_id=node.id,
        way=way,
        quarter=campaign.quarter,
        team=node.name,
        n_invited=node.n_invited,
        reporting_size=campaign.reporting_size,
        detail_size=detail_size(campaign.reporting_size),
        smallest=smallest,
        small_team=node.n_invited < smallest,
        closes_at=campaign.closes_at,
        timezone=campaign.timezone,
        language=campaign.language,
        questionnaire=questionnaire_at(session, campaign),
        roster=tuple(person.name for person in campaigns.roster(session, node.id)),
    )
