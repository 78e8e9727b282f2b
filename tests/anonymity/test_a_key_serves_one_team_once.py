"""Promise: a key signs for one team in one campaign, and seals nothing; a campaign opened anew has new keys.

The attacker has the database, the key directory and a good memory. They want a key that is used a second time: then a
credential of one team would open another, an old one a new campaign, or a key that web processes read would open
answers.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from math import gcd

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key
from sqlalchemy.exc import IntegrityError

from assessment.domain import credentials
from assessment.domain.errors import CredentialRefused
from assessment.services import open_campaign
from assessment.services.platform import Platform
from assessment.services.void_campaign import void_campaign
from tests.anonymity.mailed import Mailed, mailed
from tests.builders import Cast


@dataclass
class Memory:
    """Every use of a key that somebody who looked at every campaign has seen: what for, and the key."""

    uses: set[tuple[str, bytes]] = field(default_factory=set)

    def look(self, platform: Platform) -> None:
        """Note the keys of the campaigns that are open now, from the database and from the key directory."""
        with platform.reading() as session:
            for row in session.execute(sa.text("SELECT node_id, public_key FROM signing_key")):
                self.uses.add((f"sign for {row.node_id}", bytes(row.public_key)))
            for row in session.execute(sa.text("SELECT id, public_key FROM campaign WHERE state = 'open'")):
                self.uses.add((f"seal for {row.id}", bytes(row.public_key)))
        for path in platform.settings.key_directory.iterdir():
            campaign_id, content = path.name.split("-")[1], path.read_bytes()
            if path.suffix == ".key":
                opened = X25519PrivateKey.from_private_bytes(content[-32:]).public_key().public_bytes_raw()
                self.uses.add((f"seal for {campaign_id}", opened))
                continue
            for node_id, private in json.loads(content).items():
                key = load_der_private_key(base64.b64decode(private), None)
                spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
                self.uses.add((f"sign for {node_id}", spki))

    def used_twice(self) -> set[bytes]:
        """Return the keys that serve more than one purpose, team or campaign."""
        return {key for key, n in Counter(key for _, key in self.uses).items() if n > 1}

    def moduli_that_share_a_prime(self) -> int:
        """Return how many pairs of signing keys a common factor would break."""
        numbers = [int.from_bytes(key[33:289], "big") for purpose, key in self.uses if purpose.startswith("sign")]
        assert all(number.bit_length() == 2048 for number in numbers)
        pairs = ((a, b) for place, a in enumerate(numbers) for b in numbers[place + 1 :])
        return sum(gcd(a, b) > 1 for a, b in pairs)


def campaigns_one_after_another(platform: Platform, cast: Cast, memory: Memory) -> list[Mailed]:
    """Open one, void it, open it anew, and open another one beside it."""
    first = mailed(platform, cast, teams=["Atlas", "Borealis"])
    memory.look(first.platform)
    void_campaign(first.platform, cast.operator, first.id)
    again = mailed(platform, cast, teams=["Atlas", "Borealis"])
    beside = mailed(platform, cast, teams=["Cygnus"])
    memory.look(again.platform)
    return [first, again, beside]


@pytest.mark.attack("T16")
def test_no_key_is_used_twice_over_teams_campaigns_and_purposes(platform: Platform, cast: Cast) -> None:
    memory = Memory()

    opened = campaigns_one_after_another(platform, cast, memory)

    # Two, two again and one team; three campaigns.
    assert Counter(purpose.split()[0] for purpose, _ in memory.uses) == {"sign": 5, "seal": 3}
    assert memory.used_twice() == set()
    assert memory.moduli_that_share_a_prime() == 0
    gone = f"campaign-{opened[0].id}-"
    assert not [path for path in platform.settings.key_directory.iterdir() if path.name.startswith(gone)]


@pytest.mark.attack("T16")
def test_a_credential_of_a_voided_campaign_opens_none_that_was_opened_anew(platform: Platform, cast: Cast) -> None:

    first = mailed(platform, cast, teams=["Atlas"])
    old = first.collect("Atlas")
    void_campaign(first.platform, cast.operator, first.id)
    again = mailed(platform, cast, teams=["Atlas"])

    for tried in (old, replace(old, campaign_id=again.id, node_id=again.node("Atlas"))):
        with pytest.raises(CredentialRefused):
            again.submit(tried)
    assert again.submit(again.collect("Atlas")).reading_key


@cache
def the_same_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, credentials.KEY_BITS)


def reuse(patch: pytest.MonkeyPatch) -> None:
    """Make our code leaky: one key, made once, for everybody and for ever."""
    patch.setattr(
        open_campaign, "make_signing_keys", lambda _p, _c, nodes, _progress: dict.fromkeys(nodes, the_same_key())
    )


@pytest.mark.leaky("T16")
def test_the_database_itself_refuses_one_key_for_two_teams(
    platform: Platform, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    reuse(monkeypatch)

    with pytest.raises(IntegrityError):
        mailed(platform, cast, teams=["Atlas", "Borealis"])
    assert list(platform.settings.key_directory.iterdir()) == []


@pytest.mark.leaky("T16")
def test_a_key_that_is_kept_for_the_next_campaign_would_be_found(
    platform: Platform, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Memory()
    reuse(monkeypatch)
    first = mailed(platform, cast, teams=["Atlas"])
    memory.look(first.platform)
    void_campaign(first.platform, cast.operator, first.id)
    memory.look(mailed(platform, cast, teams=["Atlas"]).platform)

    assert len(memory.used_twice()) == 1
