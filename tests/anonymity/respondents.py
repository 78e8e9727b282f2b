"""People who answer by card or by mail, each knowing which rows are theirs: what an attacker would like to find out."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from assessment.domain.cards import ballot_id_of_card, card_digest, mint_token, read_code
from assessment.domain.credentials import Credential, ballot_id_of_credential, context, token_digest
from assessment.services.find_invitation import find_invitation
from assessment.services.issue_credential import issue_credential
from assessment.services.platform import Platform
from assessment.services.submit_ballot import DoorKey, submit_ballot
from assessment.storage import invitations
from questionnaires.answers import Answers
from questionnaires.instrument import Questionnaire
from tests import builders
from tests.anonymity import blind_client
from tests.anonymity.forensics import Key

WAYS = ("cards", "email")
# Whose answer is on its way. Our code never gets to know; a leaky variant sends it along.
ANSWERING: ContextVar[Mapping[str, Key]] = ContextVar("ANSWERING")


@dataclass
class Respondent:
    """Somebody who is asked: the rows that are about them, and the ballot that becomes of their answer."""

    node_id: int
    rows: Mapping[str, Key]
    door_key: DoorKey | None
    ballot: Key | None
    token: str = ""
    given: dict[str, int | None] = field(default_factory=dict)

    def collect(self, platform: Platform) -> None:
        """Collect the credential that a mail's token gives; somebody with a card has nothing to collect."""
        if self.door_key is not None:
            return
        door = find_invitation(platform, self.token)
        campaign_id, node_id = door.door.campaign_id, door.door.node_id
        key = blind_client.Modulus.of(door.public_key)
        nonce = secrets.token_bytes(32)
        prepared = blind_client.prepare(context(campaign_id, node_id) + nonce)
        blinding = blind_client.blind(key, prepared)
        signed = issue_credential(platform, self.token, blinding.blinded)
        signature = blind_client.finalize(key, prepared, signed, blinding.inverse)
        credential = Credential(campaign_id, node_id, prepared[:32], nonce, signature)
        self.door_key, self.ballot = credential, (ballot_id_of_credential(credential),)

    def answer(self, platform: Platform, answers: Answers) -> None:
        assert self.door_key is not None
        self.given = dict(answers)
        ANSWERING.set(self.rows)
        submit_ballot(platform, door_key=self.door_key, answers=answers)

    @property
    def secrets(self) -> Iterator[str]:
        """What this person has in hand."""
        if isinstance(self.door_key, Credential):
            yield from (self.token, self.door_key.text.rpartition(".")[2])
        elif isinstance(self.door_key, str):
            yield from (self.door_key, read_code(self.door_key) or "")


def with_mail(platform: Platform) -> Platform:
    """Return the platform with settings that let it invite by mail; nothing here sends one."""
    settings = replace(platform.settings, mail_url="folder:///nowhere", mail_from="assessment@example.org")
    return replace(platform, settings=settings)


def asked(platform: Platform, cast: builders.Cast, way: str, **values: Any) -> tuple[builders.Opened, list[Respondent]]:
    """Open a campaign and return everybody who is asked."""
    campaign = builders.opened(with_mail(platform), cast, way=way, **values)
    return campaign, by_mail(platform, campaign) if way == "email" else by_card(campaign)


def by_card(campaign: builders.Opened) -> list[Respondent]:
    found = []
    for sheet in campaign.sheets.values():
        for card in sheet.cards:
            code = read_code(card.code) or ""
            ballot = (ballot_id_of_card(campaign.id, code),)
            found.append(Respondent(sheet.node_id, {"card": (card_digest(code),)}, card.code, ballot))
    return found


def by_mail(platform: Platform, campaign: builders.Opened) -> list[Respondent]:
    """Mint everybody a token as the mail job does, one transaction a mail."""
    with platform.reading() as session:
        query = sa.text("SELECT node_id, member_id FROM invitee WHERE campaign_id = :id")
        people = session.execute(query, {"id": campaign.id}).all()
    found = []
    for node_id, member_id in people:
        token = mint_token()
        digest = token_digest(token)
        with platform.transaction() as session:
            invitations.add_token(session, digest, campaign.id, node_id, member_id)
        rows = {"invitee": (node_id, member_id), "invitation": (digest,)}
        found.append(Respondent(node_id, rows, None, None, token))
    return found


def unmistakable(questionnaire: Questionnaire) -> dict[str, int | None]:
    """Answer every question by lot: bytes that stand nowhere else."""
    return {
        question.key: question.lowest + secrets.randbelow(question.highest - question.lowest + 1)
        for question in questionnaire.questions
    }


def shuffled(people: Sequence[Respondent]) -> list[Respondent]:
    return secrets.SystemRandom().sample(people, len(people))


def answer_later(platform: Platform, people: Sequence[Respondent], answers: Answers) -> None:
    """Let everybody collect first and answer later, in another order."""
    for person in shuffled(people):
        person.collect(platform)
    for person in shuffled(people):
        person.answer(platform, answers)
