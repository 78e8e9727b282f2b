"""Builders: an organisation, campaigns and answers, made through the services that everybody uses."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from argon2 import PasswordHasher
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from assessment.domain.cards import mint_token
from assessment.domain.credentials import TOKEN_LENGTH, Credential, fingerprint, named_key, token_digest
from assessment.services import organisation as organisations
from assessment.services.actor import Actor
from assessment.services.campaigns import CampaignView
from assessment.services.close_campaign import ClosedView, close_campaign
from assessment.services.draft_campaign import draft_campaign
from assessment.services.open_campaign import open_campaign
from assessment.services.platform import Platform
from assessment.services.print_cards import CardSheet, print_cards
from assessment.services.submit_ballot import Receipt, submit_ballot
from assessment.storage import campaigns, coaches, invitations, signing_files
from assessment.storage import organisation as stored
from questionnaires.instrument import Question, Questionnaire

if TYPE_CHECKING:
    from tests.conftest import Clock

PASSWORD = "correct-horse-battery"
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
# Well above the reporting size, one below, exactly at it.
SIZES = {"Atlas": 12, "Borealis": 4, "Cygnus": 5}
DEPARTMENTS = {"Atlas": "Infrastructure", "Borealis": "Infrastructure", "Cygnus": "Products"}


@cache
def _password_hash() -> str:
    """Hash the password once and cheaply: a hash says itself how slow it is to check."""
    return QUICK_HASHER.hash(PASSWORD)


@dataclass(frozen=True)
class Cast:
    """The fixed cast. Ada has Atlas and Cygnus, Bruno has no team, Hedy sees all."""

    teams: Mapping[str, int]
    departments: Mapping[str, int]
    ada: Actor
    bruno: Actor
    hedy: Actor
    ada_email: str = "ada@example.org"
    bruno_email: str = "bruno@example.org"
    hedy_email: str = "hedy@example.org"
    password: str = PASSWORD

    @property
    def operator(self) -> Actor:
        return Actor.operator()


@dataclass(frozen=True)
class Opened:
    """An open campaign with its printed cards by team name."""

    view: CampaignView
    sheets: Mapping[str, CardSheet] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return self.view.id

    @property
    def questionnaire(self) -> Questionnaire:
        return self.view.questionnaire

    def node(self, name: str) -> int:
        return next(node.id for node in self.view.nodes if node.name == name)

    def size(self, name: str) -> int:
        return next(node.n_invited for node in self.view.teams if node.name == name) or 0

    def link(self, name: str) -> str:
        """Return the token of a team's open link."""
        url = next(node.link_url for node in self.view.nodes if node.name == name)
        assert url is not None
        return url.rpartition("/")[2]

    def codes(self, name: str) -> list[str]:
        return [card.code for card in self.sheets[name].cards]


def organisation(platform: Platform, *, sizes: Mapping[str, int] = SIZES) -> Cast:
    """Set up the organisation with the fixed cast; teams beside it go to Infrastructure."""
    organisations.set_up(platform, name="Northwind", language="en", timezone="Europe/Berlin")
    with platform.transaction() as session:
        wanted = {team: DEPARTMENTS.get(team, "Infrastructure") for team in sizes}
        departments = {name: stored.add_department(session, name).id for name in sorted(set(wanted.values()))}
        teams = {}
        for team, size in sizes.items():
            teams[team] = stored.add_team(session, departments[wanted[team]], team).id
            for number in range(size):
                email = f"{team.lower()}{number}@example.org"
                stored.add_member(session, teams[team], f"{team} Person {number:02}", email)
    actors = {}
    for name, given, sees_all in (("Ada", ("Atlas", "Cygnus"), False), ("Bruno", (), False), ("Hedy", (), True)):
        with platform.transaction() as session:
            coach_id = coaches.add(
                session,
                name=name,
                email=f"{name.lower()}@example.org",
                password_hash=_password_hash(),
                sees_all=sees_all,
                teams=[teams[team] for team in given if team in teams],
            )
        actors[name.lower()] = Actor(name, coach_id)
    return Cast(teams, departments, **actors)


def draft(platform: Platform, cast: Cast, *, teams: Sequence[str] = tuple(SIZES), **values: Any) -> int:
    """Draft a campaign of these teams that closes in two weeks; returns its id."""
    given = {"quarter": "2026-Q3", "closes_at": platform.clock() + timedelta(days=14)} | values
    return draft_campaign(platform, cast.operator, teams=[cast.teams[team] for team in teams], **given)


def opened(platform: Platform, cast: Cast, *, teams: Sequence[str] = tuple(SIZES), **values: Any) -> Opened:
    """Open such a campaign and print its cards, if it has any."""
    passphrase = values.pop("passphrase", None)
    view = open_campaign(platform, cast.operator, draft(platform, cast, teams=teams, **values), passphrase=passphrase)
    if view.way != "cards":
        return Opened(view)
    sheets = {node.name: print_cards(platform, cast.operator, view.id, node.id) for node in view.teams}
    return Opened(view, sheets)


def value_of(question: Question, level: float) -> int:
    """Return the offered value that lies at this share of the question's range, 0 to 1."""
    return round(question.lowest + level * (question.highest - question.lowest))


def answers(questionnaire: Questionnaire, level: float = 0.7, **others: int | None) -> dict[str, int | None]:
    """Answer every question at one level; others by key with `__` for the colon: `ladder__review=2`."""
    given: dict[str, int | None] = {question.key: value_of(question, level) for question in questionnaire.questions}
    return given | {key.replace("__", ":", 1): value for key, value in others.items()}


def answer(
    platform: Platform,
    campaign: Opened,
    team: str,
    *,
    n: int | None = None,
    level: Callable[[int], float] = lambda person: (person % 7) / 6,
) -> list[Receipt]:
    """Let the first n people of a team answer by card, credential or the open link; everybody if None."""
    receipts = []
    questionnaire = campaign.questionnaire
    if campaign.view.way == "cards":
        keys: list[Any] = list(campaign.codes(team))
    elif campaign.view.way == "email":
        keys = [credential(platform, campaign, team) for _ in range(campaign.size(team))]
    else:
        size = campaign.size(team)
        keys = [(campaign.link(team), f"form-{team}-{person:04}") for person in range(n or size)]
    for person, key in enumerate(keys[:n]):
        given = answers(questionnaire, level(person))
        receipts.append(submit_ballot(platform, door_key=key, answers=given))
    return receipts


def invited(platform: Platform, campaign: Opened, team: str) -> list[str]:
    """Mint a token for everybody of a team that is invited by mail, as their mails do; in the order of member ids."""
    node = campaign.node(team)
    tokens = []
    with platform.transaction() as session:
        for person in invitations.invitees(session, campaign.id):
            if person.node_id == node:
                tokens.append(mint_token(TOKEN_LENGTH))
                digest = token_digest(tokens[-1])
                invitations.add_token(session, digest, campaign.id, node, person.member_id)
    return tokens


def invitation_link(platform: Platform, campaign: Opened, team: str, token: str, language: str = "en") -> str:
    """Return the link that a mail with this token has."""
    with platform.reading() as session:
        key = invitations.signing_key(session, campaign.node(team))
    assert key is not None
    named = named_key(campaign.id, campaign.node(team), key)
    return f"{platform.settings.base_url}/e/{language}#t.{token}.{fingerprint(named)}"


def credential(platform: Platform, campaign: Opened, team: str) -> Credential:
    """Make a credential of a team straight from its key: what collecting gives, without an invitation being used."""
    node = campaign.node(team)
    with platform.reading() as session:
        stored = campaigns.get(session, campaign.id)
    assert stored is not None
    assert stored.public_key is not None
    key = signing_files.load(platform.settings.key_directory, campaign.id, stored.public_key, node)
    assert key is not None
    unsigned = Credential(campaign.id, node, secrets.token_bytes(32), secrets.token_bytes(32), b"")
    signature = key.sign(unsigned.message, padding.PSS(padding.MGF1(hashes.SHA384()), 48), hashes.SHA384())
    return replace(unsigned, signature=signature)


def closed(
    platform: Platform,
    clock: Clock,
    cast: Cast,
    *,
    answered: Mapping[str, int] | None = None,
    level: Callable[[int], float] = lambda person: (person % 7) / 6,
    **values: Any,
) -> tuple[Opened, ClosedView]:
    """Open a campaign, let people answer (all of them unless said otherwise), and close it at its time."""
    campaign = opened(platform, cast, **values)
    for node in campaign.view.teams:
        answer(platform, campaign, node.name, n=(answered or {}).get(node.name), level=level)
    clock.set(campaign.view.closes_at)
    return campaign, close_campaign(platform, campaign.id, passphrase=values.get("passphrase"))
