"""Campaigns that invite by e-mail, and what their mails hold, without a mail being sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from assessment.domain.cards import mint_token
from assessment.domain.credentials import Credential, token_digest
from assessment.services.platform import Platform
from assessment.services.submit_ballot import Receipt, submit_ballot
from assessment.storage import invitations
from tests import builders
from tests.anonymity import blind_client
from tests.builders import Cast, Opened


@dataclass(frozen=True)
class Mailed:
    """An open campaign with the tokens of its mails by team name."""

    platform: Platform
    opened: Opened
    tokens: Mapping[str, list[str]]

    @property
    def id(self) -> int:
        return self.opened.id

    def node(self, team: str) -> int:
        return self.opened.node(team)

    def answers(self, level: float = 0.7) -> dict[str, int | None]:
        return builders.answers(self.opened.questionnaire, level)

    def collect(self, team: str, person: int = 0) -> Credential:
        return blind_client.collect(self.platform, self.tokens[team][person])

    def submit(self, credential: Credential, level: float = 0.7) -> Receipt:
        return submit_ballot(self.platform, door_key=credential, answers=self.answers(level))


def with_mail(platform: Platform) -> Platform:
    """Return the platform with settings that let it invite by mail."""
    given = {"mail_url": f"folder://{platform.settings.instance / 'mail'}", "mail_from": "assessment@example.org"}
    return replace(platform, settings=replace(platform.settings, **given))


def mailed(platform: Platform, cast: Cast, **values: Any) -> Mailed:
    """Open a campaign that invites by mail, with one token for everybody."""
    sending = with_mail(platform)
    opened = builders.opened(sending, cast, **{"way": "email"} | values)
    tokens = {node.name: mint_tokens(sending, opened.id, node.id) for node in opened.view.teams}
    return Mailed(sending, opened, tokens)


def mint_tokens(platform: Platform, campaign_id: int, node_id: int) -> list[str]:
    """Do what sending a mail to everybody of a team does to the database; returns their tokens by member."""
    minted = []
    with platform.transaction() as session:
        for invitee in invitations.invitees(session, campaign_id):
            if invitee.node_id == node_id:
                minted.append(mint_token())
                invitations.add_token(session, token_digest(minted[-1]), campaign_id, node_id, invitee.member_id)
    return minted
