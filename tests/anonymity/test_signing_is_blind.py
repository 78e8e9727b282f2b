"""Promise: who signs credentials cannot tell later which of them answered, also with every key and every transcript.

The attacker is the server itself: it saw every blinded message with the person it came from, it has the private key,
and it sees every credential that answers. The browser's own client is held to the same vectors in a real browser; here
a client in Python stands in for it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import gcd
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from assessment.domain import blind_signatures, credentials
from assessment.domain.credentials import Credential
from assessment.services import find_invitation as finding
from assessment.services import issue_credential as issuing
from assessment.services.find_invitation import find_invitation
from assessment.services.platform import Platform
from assessment.storage import signing_files
from tests.anonymity import blind_client
from tests.anonymity.blind_client import Modulus, OtherKey
from tests.anonymity.mailed import Mailed, mailed
from tests.anonymity.test_signing_gives_no_key_away import key_of
from tests.builders import Cast

VECTORS = json.loads((Path(__file__).parents[1] / "assessment/domain/rfc9474_vectors.json").read_text())


def differences_from_the_rfc() -> list[str]:
    """Put every published vector through our server's part and the client's; return where they differ."""
    p, q, d, e, n = (int(VECTORS["key"][name], 16) for name in ("p", "q", "d", "e", "N"))
    crt = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    key = rsa.RSAPrivateNumbers(p, q, d, *crt, rsa.RSAPublicNumbers(e, n)).private_key()
    different = []
    for vector in VECTORS["vectors"]:
        raw = {name: bytes.fromhex(text) for name, text in vector.items() if isinstance(text, str) and name != "name"}
        salt_length, r = vector["sLen"], pow(int(vector["inv"], 16), -1, n)
        prepared = blind_client.prepare(raw["msg"], is_randomized=vector["isRandomized"], prefix=raw["msg_prefix"])
        made = blind_client.blind(Modulus(n, e), prepared, salt_length=salt_length, salt=raw["salt"], r=r)
        reply = blind_signatures.blind_sign(key, raw["blinded_msg"])
        claims = {
            "blinded_msg": made.blinded == raw["blinded_msg"],
            "blind_sig": reply == raw["blind_sig"],
            "sig": blind_signatures.verify(key.public_key(), prepared, raw["sig"], salt_length=salt_length),
            "other salt": not blind_signatures.verify(
                key.public_key(), prepared, raw["sig"], salt_length=48 - salt_length
            ),
            "other message": not blind_signatures.verify(
                key.public_key(), prepared + b"\0", raw["sig"], salt_length=salt_length
            ),
        }
        different += [f"{vector['name']}: {name}" for name, holds in claims.items() if not holds]
    return different


@pytest.mark.attack("T13")
def test_server_and_client_give_what_the_rfc_publishes() -> None:
    assert len(VECTORS["vectors"]) == 4
    assert differences_from_the_rfc() == []


@pytest.mark.attack("T13")
def test_a_client_written_from_the_rfc_and_our_server_understand_each_other(platform: Platform, cast: Cast) -> None:
    campaign = mailed(platform, cast)
    for team in ("Atlas", "Borealis", "Cygnus"):
        key = Modulus.of(find_invitation(campaign.platform, campaign.tokens[team][0]).public_key)
        credential = campaign.collect(team)
        assert blind_client.is_valid(key, credential.message, credential.signature)
        assert blind_signatures.verify(key_of(campaign, team).public_key(), credential.message, credential.signature)
        assert campaign.submit(credential).reading_key


@pytest.mark.leaky("T13")
@pytest.mark.parametrize(
    ("name", "broken", "caught"),
    [
        ("blind_sign", lambda key, blinded: bytes(len(blinded) - 1) + b"\2", "blind_sig"),
        ("verify", lambda *_args, **_values: False, "sig"),
        ("verify", lambda *_args, **_values: True, "other message"),
    ],
)
def test_a_home_made_variant_would_differ(
    monkeypatch: pytest.MonkeyPatch, name: str, broken: Callable[..., Any], caught: str
) -> None:
    monkeypatch.setattr(blind_signatures, name, broken)

    found = {line.rpartition(": ")[2] for line in differences_from_the_rfc()}

    assert caught in found


@dataclass(frozen=True)
class Transcript:
    """What the server saw of one collection, by the person it came from."""

    person: int
    blinded: int
    reply: int


def factor(key: rsa.RSAPrivateKey, issued: Transcript, answered: Credential) -> int | None:
    """Return the blinding factor with which this collection would have led to this credential; None if none would.

    A signature is the encoded message to the power d, so the encoded message is the signature to the power e.
    """
    numbers = key.private_numbers()
    n, e = numbers.public_numbers.n, numbers.public_numbers.e
    signature = int.from_bytes(answered.signature, "big")
    encoded = pow(signature, e, n)
    r = issued.reply * pow(signature, -1, n) % n
    leads_there = gcd(r, n) == 1 and issued.reply * pow(r, -1, n) % n == signature
    return r if leads_there and encoded * pow(r, e, n) % n == issued.blinded else None


def singled_out(key: rsa.RSAPrivateKey, issued: Sequence[Transcript], answered: Sequence[Credential]) -> dict[int, int]:
    """Return whose credential is whose (person to place), as far as the factors tell: the only possible, or odd one."""
    n_bits = key.key_size
    found = {}
    for each in issued:
        factors = {place: factor(key, each, credential) for place, credential in enumerate(answered)}
        possible = [place for place, r in factors.items() if r is not None]
        # A random factor is shorter than half the modulus once in 2^1024 times.
        odd = [place for place, r in factors.items() if r is not None and r.bit_length() < n_bits // 2]
        for places in (possible, odd):
            if len(places) == 1:
                found[each.person] = places[0]
    return found


def collected_by_everybody(
    campaign: Mailed, team: str, patch: pytest.MonkeyPatch, r: Callable[[], int] | None = None
) -> tuple[list[Transcript], list[Credential]]:
    """Let everybody of a team collect, and write down what the server sees; r draws the factors of a lazy client."""
    seen: list[Transcript] = []
    sign, blind = issuing.blind_sign, blind_client.blind

    def watched(key: rsa.RSAPrivateKey, blinded: bytes) -> bytes:
        reply = sign(key, blinded)
        seen.append(Transcript(len(seen), int.from_bytes(blinded, "big"), int.from_bytes(reply, "big")))
        return reply

    patch.setattr(issuing, "blind_sign", watched)
    if r is not None:
        patch.setattr(blind_client, "blind", lambda key, prepared: blind(key, prepared, r=r()))
    made = [campaign.collect(team, person) for person in range(len(campaign.tokens[team]))]
    return seen, made


@pytest.mark.attack("T14")
def test_every_collection_could_have_led_to_every_credential(
    platform: Platform, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = mailed(platform, cast, teams=["Atlas"])
    key = key_of(campaign, "Atlas")

    issued, answered = collected_by_everybody(campaign, "Atlas", monkeypatch)

    factors = {(each.person, place): factor(key, each, credential)
               for each in issued for place, credential in enumerate(answered)}  # fmt: skip
    assert len(factors) == 144
    assert None not in factors.values()
    assert len(set(factors.values())) == 144
    assert singled_out(key, issued, answered) == {}


@pytest.mark.leaky("T14")
@pytest.mark.parametrize("bits", [1, 64, 1000])
def test_a_client_that_blinds_with_little_would_be_seen_through(
    platform: Platform, cast: Cast, monkeypatch: pytest.MonkeyPatch, bits: int
) -> None:
    """Leaky: the factor is 1 (nothing is blinded), or a number as long as other programs' keys."""
    campaign = mailed(platform, cast, teams=["Atlas"])

    issued, answered = collected_by_everybody(campaign, "Atlas", monkeypatch, lambda: secrets.randbits(bits) | 1)

    assert singled_out(key_of(campaign, "Atlas"), issued, answered) == {person: person for person in range(12)}


def tag(campaign: Mailed, tokens: Sequence[str], patch: pytest.MonkeyPatch) -> rsa.RSAPrivateKey:
    """Become a hostile server: whoever comes with one of these tokens meets a key of their own."""
    marked = rsa.generate_private_key(65537, credentials.KEY_BITS)
    digests = {credentials.token_digest(token) for token in tokens}
    load, check, find = signing_files.load, finding.check_signing_key, finding.invitations.find
    now: list[bytes] = []

    def noticed(session: Any, digest: bytes) -> Any:
        now[:] = [digest]
        return find(session, digest)

    def shown(*args: Any) -> bytes:
        return signing_files.public_bytes(marked) if now[0] in digests else check(*args)

    patch.setattr(finding.invitations, "find", noticed)
    patch.setattr(finding, "check_signing_key", shown)
    patch.setattr(issuing.signing_files, "load", lambda *args: marked if now[0] in digests else load(*args))
    return marked


def recognised(
    campaign: Mailed, tokens: Sequence[str], expected: str | None, marked: rsa.RSAPrivateKey
) -> tuple[list[int], list[int]]:
    """Let people collect who expect this fingerprint; return who is recognised by the key, and who stopped before."""
    known, stopped = [], []
    for person, token in enumerate(tokens):
        try:
            credential = blind_client.collect(campaign.platform, token, expected)
        except OtherKey:
            stopped.append(person)
            continue
        if blind_signatures.verify(marked.public_key(), credential.message, credential.signature):
            known.append(person)
    return known, stopped


@pytest.mark.attack("T15")
def test_a_server_with_a_second_key_for_somebody_is_left_before_anything_is_asked_of_it(
    platform: Platform, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is expected stood in the mail and on the team's sheet, which do not change when the server does."""
    campaign = mailed(platform, cast, teams=["Atlas"])
    tokens = campaign.tokens["Atlas"]
    expected = blind_client.fingerprint(find_invitation(campaign.platform, tokens[0]))
    marked = tag(campaign, tokens[3:5], monkeypatch)

    assert recognised(campaign, tokens, expected, marked) == ([], [3, 4])
    monkeypatch.undo()
    assert not find_invitation(campaign.platform, tokens[3]).is_collected


@pytest.mark.leaky("T15")
def test_a_client_that_compares_nothing_would_carry_the_mark(
    platform: Platform, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = mailed(platform, cast, teams=["Atlas"])
    tokens = campaign.tokens["Atlas"]
    marked = tag(campaign, tokens[3:5], monkeypatch)

    assert recognised(campaign, tokens, None, marked) == ([3, 4], [])
