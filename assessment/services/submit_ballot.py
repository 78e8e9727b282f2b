"""Taking one person's answers: checked, sealed, stored, and acknowledged only once they are on the disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from assessment.domain.ballots import seal
from assessment.domain.campaign import State, check_answerable
from assessment.domain.cards import ballot_id_of_card, ballot_id_of_link, card_digest, read_code
from assessment.domain.credentials import Credential, ballot_id_of_credential
from assessment.domain.errors import (
    AllAnswered,
    CampaignNotOpen,
    CardSpent,
    CardUnknown,
    CredentialSpent,
    LinkUnknown,
)
from assessment.services.find_door import check_key, find_by_card, find_by_credential, find_by_link
from assessment.services.frozen import questionnaire_at
from assessment.services.platform import Platform
from assessment.storage import ballots, places
from assessment.storage.database import Asking
from assessment.storage.places import Place
from questionnaires.answers import Answers, InvalidAnswers, encode
from questionnaires.instrument import Questionnaire

# A card's code, an open link's token with the id of the form that was sent, or a credential.
DoorKey = str | tuple[str, str] | Credential
# Reads answers from where they stand, once it is known what was asked.
Reader = Callable[[Questionnaire], Answers]


@dataclass(frozen=True)
class Receipt:
    """What somebody takes along: where the team's result will be, and from when. Nothing about the answers."""

    reading_key: str
    url: str
    closes_at: datetime
    timezone: str


def submit_ballot(platform: Platform, *, door_key: DoorKey, answers: Answers | Reader) -> Receipt:
    """Store a sealed ballot; when this returns, it survives a crash of the server.

    The ballot's own key guards against a second count, so nothing is marked as used and a failure uses up nothing.
    Sending the same form of an open link again stores nothing and returns the same receipt.

    :raise CardUnknown, LinkUnknown: when the key opens nothing.
    :raise CredentialRefused: when the credential is none of this campaign's.
    :raise CardSpent, CredentialSpent: when the card or credential was used already.
    :raise CampaignClosed, CampaignNotOpen: when no answers are taken.
    :raise KeyAway: when the campaign's private key is not in its place.
    :raise AllAnswered: when as many have answered as were invited, after a new print of cards or a resumed backup.
    :raise InvalidAnswers: for an answer that is not offered, or no answer at all.
    """
    with platform.answering() as driver:
        found = _find(platform, driver, door_key)
        campaign, node = found.campaign, found.node
        check_answerable(State(campaign.state), campaign.closes_at, platform.clock())
        if node.reading_key is None:
            raise CampaignNotOpen
        public_key = check_key(platform, campaign)
        questionnaire = questionnaire_at(driver, campaign)
        given = answers(questionnaire) if callable(answers) else answers
        if not given:
            raise InvalidAnswers("answers", None, "answer at least one question")
        # Checking and sealing take most of the time and need no lock.
        coded = encode(given, questionnaire)
        sealed = seal(coded, public_key, campaign.id, node.id)
        with platform.storing(driver):
            _store(platform, driver, found, door_key, sealed)
    url = f"{platform.settings.base_url}/result/{node.reading_key}"
    return Receipt(node.reading_key, url, campaign.closes_at, campaign.timezone)


def _find(platform: Platform, session: Asking, door_key: DoorKey) -> Place:
    if isinstance(door_key, Credential):
        return find_by_credential(platform, session, door_key)
    if isinstance(door_key, str):
        return find_by_card(session, door_key)
    return find_by_link(session, door_key[0])


def _store(platform: Platform, session: Asking, found: Place, door_key: DoorKey, sealed: bytes) -> None:
    campaign_id, node_id = found.campaign.id, found.node.id
    # Closing waits for the answers that are being stored, and answers that come later find the campaign closed.
    has_more = found.node.cards_reprinted_on is not None
    platform.database.lock_campaign(session, campaign_id, shared=not has_more)
    code = read_code(door_key) or "" if isinstance(door_key, str) else ""
    present = places.state_and_card(session, campaign_id, card_digest(code))
    if present is None:
        raise CampaignNotOpen
    state, closes_at, has_card = present
    check_answerable(State(state), closes_at, platform.clock())
    if isinstance(door_key, Credential):
        ballot_id = ballot_id_of_credential(door_key)
        if has_more:
            _check_room(session, found, ballot_id)
        if not ballots.add(session, ballot_id=ballot_id, campaign_id=campaign_id, node_id=node_id, sealed=sealed):
            raise CredentialSpent
        return
    if isinstance(door_key, tuple):
        nonce = door_key[1]
        if not nonce:
            raise LinkUnknown
        ballot_id = ballot_id_of_link(campaign_id, node_id, nonce)
        ballots.add(session, ballot_id=ballot_id, campaign_id=campaign_id, node_id=node_id, sealed=sealed)
        return
    ballot_id = ballot_id_of_card(campaign_id, code)
    if not has_card:
        raise CardSpent if ballots.is_there(session, [ballot_id]) else CardUnknown
    # The first print makes as many cards as people. After a new one more may be about, so the ballots are counted.
    if has_more:
        _check_room(session, found, ballot_id)
    if not ballots.add(session, ballot_id=ballot_id, campaign_id=campaign_id, node_id=node_id, sealed=sealed):
        raise CardSpent


def _check_room(session: Asking, found: Place, ballot_id: bytes) -> None:
    """Make sure that never more answers count than people were invited.

    :raise AllAnswered: when as many are there already and this is another one.
    """
    n_there = ballots.n_of_node(session, found.campaign.id, found.node.id)
    if n_there >= (found.node.n_invited or 0) and not ballots.is_there(session, [ballot_id]):
        raise AllAnswered
