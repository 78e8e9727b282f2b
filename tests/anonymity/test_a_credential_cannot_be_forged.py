"""Promise: only what a team's key signed for somebody of the team is taken, and a refusal says nothing but that.

The attacker has credentials of their own, may collect what they like with their own invitation, and sends whatever they
make of it to the door. They want an answer counted that they have no right to, or at least to learn from a refusal how
far they got.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA384
from flask.testing import FlaskClient

from assessment.domain import credentials
from assessment.domain.credentials import Credential, encoded, read_credential
from assessment.services import find_door
from assessment.services.find_invitation import find_invitation
from assessment.services.issue_credential import issue_credential
from assessment.services.platform import Platform
from assessment.services.void_campaign import void_campaign
from assessment.storage import ballots
from assessment.web import create_app
from tests import builders
from tests.anonymity import blind_client
from tests.anonymity.blind_client import Modulus
from tests.anonymity.mailed import Mailed, mailed
from tests.builders import Cast


@dataclass(frozen=True)
class Reply:
    """What an attacker sees of a reply."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def collected(campaign: Mailed, token: str, prepared: bytes, *, salt_length: int = 48) -> bytes:
    """Have any message at all signed with one's own invitation: the server cannot see what it signs."""
    key = Modulus.of(find_invitation(campaign.platform, token).public_key)
    made = blind_client.blind(key, prepared, salt_length=salt_length)
    reply = issue_credential(campaign.platform, token, made.blinded)
    return blind_client.finalize(key, prepared, reply, made.inverse, salt_length=salt_length)


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def forgeries(campaign: Mailed, other: Mailed, cards_node: tuple[int, int]) -> dict[str, str]:
    """Return everything that an insider can try, by what is wrong with it; none has a right to answer."""
    tokens, ids = campaign.tokens["Atlas"], (campaign.id, campaign.node("Atlas"))
    own, second = campaign.collect("Atlas", 0), campaign.collect("Atlas", 1)
    n = Modulus.of(find_invitation(campaign.platform, tokens[0]).public_key).n
    product = int.from_bytes(own.signature, "big") * int.from_bytes(second.signature, "big") % n
    negative = n - int.from_bytes(own.signature, "big")
    bare = blind_client.prepare(secrets.token_bytes(32))
    foreign = blind_client.prepare(b"assessment/credential/2|%d|%d|" % ids + bytes(32))
    short_salt, no_salt = (blind_client.prepare(blind_client.message(*ids)) for _ in range(2))
    made = {
        "tampered signature": replace(own, signature=flipped(own.signature, 255)),
        "tampered randomizer": replace(own, randomizer=flipped(own.randomizer, 0)),
        "tampered nonce": replace(own, nonce=flipped(own.nonce, 31)),
        "signature of another": replace(own, signature=second.signature),
        "made up": Credential(*ids, bytes(32), bytes(32), secrets.token_bytes(256)),
        "zeros": Credential(*ids, bytes(32), bytes(32), bytes(256)),
        "product of two": replace(own, signature=product.to_bytes(256, "big")),
        "negated": replace(own, signature=negative.to_bytes(256, "big")),
        "wrong team": replace(own, node_id=campaign.node("Cygnus")),
        "wrong campaign": replace(own, campaign_id=other.id),
        "wrong campaign and team": replace(own, campaign_id=other.id, node_id=other.node("Borealis")),
        "team of another campaign": replace(own, node_id=other.node("Borealis")),
        "team with cards": replace(own, campaign_id=cards_node[0], node_id=cards_node[1]),
        "unknown campaign": replace(own, campaign_id=2**31 - 1),
        "unknown team": replace(own, node_id=2**31 - 1),
        "no salt": blind_client.credential_of(*ids, no_salt, collected(campaign, tokens[2], no_salt, salt_length=0)),
        "short salt": blind_client.credential_of(
            *ids, short_salt, collected(campaign, tokens[3], short_salt, salt_length=32)
        ),
        "without context": blind_client.credential_of(*ids, bare, collected(campaign, tokens[4], bare)),
        "other context": blind_client.credential_of(*ids, foreign, collected(campaign, tokens[5], foreign)),
    }
    content = own.text.rpartition(".")[2]
    return {name: credential.text for name, credential in made.items()} | {
        "no text": "",
        "no structure": "credential",
        "short": own.text[:-4],
        "long": own.text + "AAAA",
        "too long by far": own.text + "A" * 4000,
        "other base64": f"{ids[0]}.{ids[1]}.{encoded(bytes(1))}{content[2:]}",
        "padded": own.text + "=",
        "number too large": f"{2**64}.{ids[1]}.{content}",
        "leading zero": f"0{ids[0]}.{ids[1]}.{content}",
        "negative": f"-{ids[0]}.{ids[1]}.{content}",
        "digits of another script": f"{chr(0x660 + ids[0])}.{ids[1]}.{content}",
        "null": f"{ids[0]}.{ids[1]}.{content[:-1]}\0",
    }


def knock(client: FlaskClient, text: str, **fields: str) -> Reply:
    form = {"credential": text, "lang": "en", "to": "form"} | fields
    reply = client.post("/answer", data=form, headers={"Accept-Encoding": "gzip"})
    return Reply(reply.status_code, tuple(sorted(reply.headers)), reply.data)


def knock_with_all(client: FlaskClient, texts: Mapping[str, str]) -> dict[str, Reply]:
    """Try every text at the door: once to see the form, once to have answers counted."""
    tried = {f"{name}, looking": knock(client, text) for name, text in texts.items()}
    sent = {f"{name}, sending": knock(client, text, q01="4", to="send") for name, text in texts.items()}
    return tried | sent


def let_in(replies: Mapping[str, Reply]) -> list[str]:
    """Return what is not refused."""
    return [name for name, reply in replies.items() if reply.status != 403]


@dataclass(frozen=True)
class Stage:
    campaign: Mailed
    other: Mailed
    client: FlaskClient
    texts: dict[str, str]


@pytest.fixture
def stage(platform: Platform, cast: Cast) -> Stage:
    campaign = mailed(platform, cast, teams=["Atlas", "Cygnus"])
    other = mailed(platform, cast, teams=["Borealis"])
    cards = builders.opened(platform, cast, teams=["Cygnus"], quarter="2026-Q4")
    app = create_app(campaign.platform)
    app.config["TESTING"] = True
    texts = forgeries(campaign, other, (cards.id, cards.node("Cygnus")))
    return Stage(campaign, other, app.test_client(), texts)


def n_ballots(stage: Stage) -> int:
    with stage.campaign.platform.reading() as session:
        return ballots.n_of_campaign(session, stage.campaign.id) + ballots.n_of_campaign(session, stage.other.id)


@pytest.mark.attack("T11")
def test_whatever_is_wrong_with_a_credential_reads_the_same(stage: Stage) -> None:
    replies = knock_with_all(stage.client, stage.texts)

    assert let_in(replies) == []
    assert n_ballots(stage) == 0
    assert len(set(replies.values())) == 1, {name: reply.body[:80] for name, reply in replies.items()}


@pytest.mark.attack("T11")
def test_a_credential_of_a_voided_campaign_is_one_more_that_opens_nothing(stage: Stage, cast: Cast) -> None:
    credential = stage.campaign.collect("Atlas", 7)
    assert knock(stage.client, credential.text).status == 200
    refused = knock(stage.client, stage.texts["made up"])

    void_campaign(stage.campaign.platform, cast.operator, stage.campaign.id)

    assert {knock(stage.client, text) for text in (credential.text, stage.texts["made up"])} == {refused}


def test_the_right_one_is_let_in_and_counted_beside_all_that_are_refused(stage: Stage) -> None:
    right = stage.campaign.collect("Atlas", 6)
    assert read_credential(right.text) == right

    assert knock(stage.client, right.text).status == 200
    assert knock(stage.client, right.text, q01="4", to="send").status == 303
    assert n_ballots(stage) == 1


Leak = Callable[[pytest.MonkeyPatch, Stage], None]


def signatures_unchecked(patch: pytest.MonkeyPatch, _stage: Stage) -> None:
    patch.setattr(find_door, "verify", lambda *_args, **_values: True)


def any_salt(patch: pytest.MonkeyPatch, _stage: Stage) -> None:
    def verify(key: RSAPublicKey, message: bytes, signature: bytes) -> bool:
        try:
            key.verify(signature, message, PSS(MGF1(SHA384()), PSS.AUTO), SHA384())
        except Exception:
            return False
        return True

    patch.setattr(find_door, "verify", verify)


def no_context(patch: pytest.MonkeyPatch, _stage: Stage) -> None:
    patch.setattr(credentials, "context", lambda _campaign_id, _node_id: b"")


def one_key_for_all(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    """All teams' credentials are checked with one key, and what it signed is not asked either."""
    found = find_invitation(stage.campaign.platform, stage.campaign.tokens["Atlas"][0])
    patch.setattr(find_door.signing_files, "public_of", lambda *_args: found.public_key)
    own = (stage.campaign.id, stage.campaign.node("Atlas"))
    context = credentials.context
    patch.setattr(credentials, "context", lambda _campaign_id, _node_id: context(*own))


@pytest.mark.leaky("T11")
@pytest.mark.parametrize(
    ("leak", "forgery"),
    [
        (signatures_unchecked, "made up"),
        (any_salt, "no salt"),
        (any_salt, "short salt"),
        (no_context, "without context"),
        (one_key_for_all, "wrong team"),
        (one_key_for_all, "wrong campaign and team"),
    ],
)
def test_without_one_of_the_checks_a_forgery_would_be_let_in(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, leak: Leak, forgery: str
) -> None:
    leak(monkeypatch, stage)

    assert f"{forgery}, looking" in let_in(knock_with_all(stage.client, {forgery: stage.texts[forgery]}))


@pytest.mark.leaky("T11")
def test_a_helpful_refusal_would_tell_how_far_somebody_got(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaky: a wrong team is answered in another way than a wrong signature."""
    find = find_door.find_by_credential

    def helpful(platform: Platform, session: Any, credential: Credential) -> Any:
        if find_door.campaigns.node(session, credential.node_id) is None:
            raise find_door.NotFound
        return find(platform, session, credential)

    monkeypatch.setattr(find_door, "find_by_credential", helpful)
    replies = knock_with_all(stage.client, stage.texts)

    assert len(set(replies.values())) > 1
