"""Promise: whatever is sent to be signed, the signing key stays secret and nobody's right to one credential is lost.

The attacker has an invitation and sends numbers that blinding would never make. They want a signature whose form gives
the key away, or one that they know without the key; or a wrong signature from a failing machine, from which a factor of
the key follows at once (Boneh, DeMillo and Lipton 1997, on RSA signatures by the Chinese remainder theorem).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import gcd
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPrivateNumbers
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_private_key

from assessment.domain import blind_signatures
from assessment.domain.blind_signatures import SigningFailed
from assessment.domain.error_kinds import Invalid
from assessment.services import issue_credential as issuing
from assessment.services.find_invitation import find_invitation
from assessment.services.issue_credential import issue_credential
from assessment.services.platform import Platform
from assessment.storage import key_files
from tests.anonymity import blind_client
from tests.anonymity.blind_client import Modulus
from tests.anonymity.mailed import Mailed, mailed
from tests.builders import Cast


@dataclass(frozen=True)
class Signed:
    """What was signed though nobody who blinds would ask for it."""

    asked: bytes
    signature: bytes


def signing_file(campaign: Mailed) -> Path:
    (path,) = campaign.platform.settings.key_directory.glob(f"campaign-{campaign.id}-*.signing")
    return path


def key_of(campaign: Mailed, team: str) -> RSAPrivateKey:
    stored = json.loads(signing_file(campaign).read_bytes())[str(campaign.node(team))]
    key = load_der_private_key(base64.b64decode(stored), None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, RSAPrivateKey)
    return key


def no_blinding_makes(numbers: RSAPrivateNumbers) -> dict[str, bytes]:
    """Return what is malformed, by what is wrong with it; the multiples stand for somebody who has guessed a prime."""
    n, p, q = numbers.public_numbers.n, numbers.p, numbers.q
    values = {
        "0": 0,
        "1": 1,
        "n - 1": n - 1,
        "n": n,
        "n + 1": n + 1,
        "n + 2": n + 2,
        "the largest": 2**2048 - 1,
        "p": p,
        "q": q,
        "a multiple of p": p * (q // 2),
        "a multiple of q": q * (p // 3),
    }
    whole = (12345).to_bytes(256, "big")
    other = {"nothing": b"", "short": whole[1:], "long": b"\0" + whole, "twice as long": whole * 2, "one byte": b"\2"}
    return {name: value.to_bytes(256, "big") for name, value in values.items()} | other


def have_signed(campaign: Mailed, token: str, asked: Mapping[str, bytes]) -> dict[str, Signed]:
    """Ask for each; return what was signed."""
    signed = {}
    for name, blinded in asked.items():
        try:
            signed[name] = Signed(blinded, issue_credential(campaign.platform, token, blinded))
        except Invalid:
            continue
    return signed


@pytest.mark.attack("T12")
def test_nothing_is_signed_that_blinding_cannot_make(platform: Platform, cast: Cast) -> None:
    campaign = mailed(platform, cast, teams=["Atlas"])
    token = campaign.tokens["Atlas"][0]
    asked = no_blinding_makes(key_of(campaign, "Atlas").private_numbers())

    assert have_signed(campaign, token, asked) == {}
    # What was refused has used nothing up.
    assert not find_invitation(campaign.platform, token).is_collected
    assert campaign.submit(campaign.collect("Atlas")).reading_key


@pytest.mark.leaky("T12")
def test_a_server_that_signs_any_number_would_sign_what_needs_no_key(
    platform: Platform, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaky: raw RSA without a look at the number."""

    def raw(key: RSAPrivateKey, blinded: bytes) -> bytes:
        numbers = key.private_numbers()
        n = numbers.public_numbers.n
        return pow(int.from_bytes(blinded, "big") % n, numbers.d, n).to_bytes(256, "big")

    monkeypatch.setattr(issuing, "blind_sign", raw)
    campaign = mailed(platform, cast, teams=["Atlas"])
    asked = no_blinding_makes(key_of(campaign, "Atlas").private_numbers())
    signed = {
        name: have_signed(campaign, token, {name: asked[name]})
        for name, token in zip(["1", "n - 1", "p"], campaign.tokens["Atlas"], strict=False)
    }

    assert signed["1"]["1"].signature == asked["1"]
    assert signed["n - 1"]["n - 1"].signature == asked["n - 1"]
    # The signature of a multiple of a prime is one again: whoever guesses right sees it.
    n = key_of(campaign, "Atlas").private_numbers().public_numbers.n
    assert gcd(int.from_bytes(signed["p"]["p"].signature, "big"), n) > 1


def break_a_half(campaign: Mailed, team: str) -> None:
    """Let one half of a key's computation go wrong, as a flipped bit in memory or on the disk does."""
    numbers = key_of(campaign, team).private_numbers()
    broken = RSAPrivateNumbers(
        numbers.p, numbers.q, numbers.d, numbers.dmp1 ^ 2, numbers.dmq1, numbers.iqmp, numbers.public_numbers
    ).private_key(unsafe_skip_rsa_key_validation=True)
    path = signing_file(campaign)
    stored = json.loads(path.read_bytes())
    content = broken.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    stored[str(campaign.node(team))] = base64.b64encode(content).decode()
    key_files.overwrite(path)
    key_files.write(path, json.dumps(stored).encode())


def factor_from_fault(campaign: Mailed, token: str) -> int | None:
    """Collect as everybody does and look whether the reply, if there is one, gives a factor of the key away."""
    key = Modulus.of(find_invitation(campaign.platform, token).public_key)
    blinded = blind_client.blind(key, blind_client.prepare(b"anything")).blinded
    try:
        reply = int.from_bytes(issue_credential(campaign.platform, token, blinded), "big")
    except SigningFailed:
        return None
    found = gcd(pow(reply, key.e, key.n) - int.from_bytes(blinded, "big"), key.n)
    return found if 1 < found < key.n else None


@pytest.mark.attack("T12")
def test_a_machine_that_miscalculates_gives_no_key_away(platform: Platform, cast: Cast) -> None:
    campaign = mailed(platform, cast, teams=["Atlas"])
    token = campaign.tokens["Atlas"][0]
    break_a_half(campaign, "Atlas")

    assert factor_from_fault(campaign, token) is None
    assert not find_invitation(campaign.platform, token).is_collected


@pytest.mark.leaky("T12")
def test_a_signature_that_nobody_checks_would_give_the_key_away(
    platform: Platform, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaky: a signature is handed out as it was computed."""

    def unchecked(key: RSAPrivateKey, blinded: bytes) -> bytes:
        base = int.from_bytes(blinded, "big")
        return blind_signatures._private_power(key.private_numbers(), base).to_bytes(256, "big")

    monkeypatch.setattr(issuing, "blind_sign", unchecked)
    campaign = mailed(platform, cast, teams=["Atlas"])
    numbers = key_of(campaign, "Atlas").private_numbers()
    break_a_half(campaign, "Atlas")

    assert factor_from_fault(campaign, campaign.tokens["Atlas"][0]) in {numbers.p, numbers.q}
