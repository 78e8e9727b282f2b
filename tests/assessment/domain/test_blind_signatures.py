"""Blind signatures are those of RFC 9474: every vector of its Appendix A, for the server and for a client of our own.

The server works with RSABSSA-SHA384-PSS-Randomized only; the other three variants are tested because a mistake in the
part that all share shows in each of them.
"""

from __future__ import annotations

import json
import secrets
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from assessment.domain.blind_signatures import InvalidBlinded, SigningFailed, blind_sign, verify
from tests.anonymity import blind_client
from tests.anonymity.blind_client import InvalidSignature, Modulus

# What Appendix A prints, under its names; bytes and numbers in hexadecimal.
PUBLISHED: dict[str, Any] = json.loads(Path(__file__).with_name("rfc9474_vectors.json").read_text())
VECTORS: list[dict[str, Any]] = PUBLISHED["vectors"]

each_vector = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])


@cache
def published_key() -> rsa.RSAPrivateKey:
    p, q, d, e, n = (int(PUBLISHED["key"][name], 16) for name in ("p", "q", "d", "e", "N"))
    public = rsa.RSAPublicNumbers(e, n)
    numbers = rsa.RSAPrivateNumbers(
        p, q, d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q), public
    )
    return numbers.private_key()


@cache
def small_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def number(key: rsa.RSAPrivateKey, value: int) -> bytes:
    return value.to_bytes(key.key_size // 8, "big")


def content(vector: dict[str, Any], name: str) -> bytes:
    return bytes.fromhex(vector[name])


def test_all_four_variants_of_the_rfc_are_here() -> None:
    assert [(vector["sLen"], vector["isRandomized"]) for vector in VECTORS] == [
        (48, True),
        (0, True),
        (48, False),
        (0, False),
    ]


@each_vector
def test_preparing_and_blinding_give_the_published_message(vector: dict[str, Any]) -> None:
    key = Modulus.of(published_key().public_key())
    prepared = blind_client.prepare(
        content(vector, "msg"), is_randomized=vector["isRandomized"], prefix=content(vector, "msg_prefix")
    )
    assert prepared == content(vector, "prepared_msg")

    made = blind_client.blind(
        key,
        prepared,
        salt_length=vector["sLen"],
        salt=content(vector, "salt"),
        r=pow(int(vector["inv"], 16), -1, key.n),
    )

    assert made.blinded == content(vector, "blinded_msg")
    assert made.inverse == int(vector["inv"], 16)


@each_vector
def test_the_server_signs_as_published(vector: dict[str, Any]) -> None:
    assert blind_sign(published_key(), content(vector, "blinded_msg")) == content(vector, "blind_sig")


@each_vector
def test_unblinding_gives_the_published_signature(vector: dict[str, Any]) -> None:
    key = Modulus.of(published_key().public_key())

    signature = blind_client.finalize(
        key,
        content(vector, "prepared_msg"),
        content(vector, "blind_sig"),
        int(vector["inv"], 16),
        salt_length=vector["sLen"],
    )

    assert signature == content(vector, "sig")


@each_vector
def test_the_published_signature_is_valid_and_nothing_near_it(vector: dict[str, Any]) -> None:
    key, message, signature = published_key().public_key(), content(vector, "prepared_msg"), content(vector, "sig")
    n, e = Modulus.of(key).n, Modulus.of(key).e
    assert verify(key, message, signature, salt_length=vector["sLen"])

    other_salt = 48 - vector["sLen"]
    beyond = (int.from_bytes(signature, "big") + n).to_bytes(513, "big")
    tampered = [
        (message[:-1] + bytes([message[-1] ^ 1]), signature, vector["sLen"]),
        (bytes([message[0] ^ 128]) + message[1:], signature, vector["sLen"]),
        (message, signature[:-1] + bytes([signature[-1] ^ 1]), vector["sLen"]),
        (message, content(vector, "blind_sig"), vector["sLen"]),
        (message, signature, other_salt),
        (message, signature, vector["sLen"] + 1),
        (message, signature[:-1], vector["sLen"]),
        (message, b"\0" + signature, vector["sLen"]),
        (message, beyond, vector["sLen"]),
        (message, b"", vector["sLen"]),
        (message, bytes(512), vector["sLen"]),
        (message, (n - int.from_bytes(signature, "big")).to_bytes(512, "big"), vector["sLen"]),
    ]
    for wrong_message, wrong_signature, salt_length in tampered:
        assert not verify(key, wrong_message, wrong_signature, salt_length=salt_length)
        assert not blind_client.is_valid(Modulus(n, e), wrong_message, wrong_signature, salt_length=salt_length)


def test_a_signature_collected_from_the_server_is_valid_and_says_nothing_of_its_collection() -> None:
    key = small_key()
    public = Modulus.of(key.public_key())
    prepared = blind_client.prepare(b"something")
    made = blind_client.blind(public, prepared)

    signature = blind_client.finalize(public, prepared, blind_sign(key, made.blinded), made.inverse)

    assert verify(key.public_key(), prepared, signature)
    assert signature != blind_sign(key, made.blinded)


def test_the_same_blinded_message_gets_the_same_signature() -> None:
    made = blind_client.blind(Modulus.of(small_key().public_key()), b"something")

    assert len({blind_sign(small_key(), made.blinded) for _ in range(5)}) == 1


def test_a_client_notices_a_signature_of_another_key() -> None:
    key, other = small_key(), rsa.generate_private_key(65537, 2048)
    public = Modulus.of(key.public_key())
    prepared = blind_client.prepare(b"something")
    made = blind_client.blind(public, prepared)
    reply = other.private_numbers()
    wrong = pow(int.from_bytes(made.blinded, "big") % reply.public_numbers.n, reply.d, reply.public_numbers.n)

    with pytest.raises(InvalidSignature):
        blind_client.finalize(public, prepared, number(key, wrong), made.inverse)
    with pytest.raises(InvalidSignature):
        blind_client.finalize(public, prepared, b"", made.inverse)


@pytest.mark.parametrize("length", [0, 1, 255, 257, 512])
def test_only_as_many_bytes_as_the_modulus_has_are_signed(length: int) -> None:
    with pytest.raises(InvalidBlinded, match="256"):
        blind_sign(small_key(), b"\1" * length)


def test_numbers_that_blinding_cannot_make_are_not_signed() -> None:
    key = small_key()
    numbers = key.private_numbers()
    n, p, q = numbers.public_numbers.n, numbers.p, numbers.q
    for value in (0, 1, n - 1, n, n + 1, 2**2048 - 1, p, q, 2 * p, 3 * q, n - p, n - q):
        with pytest.raises(InvalidBlinded):
            blind_sign(key, number(key, value))
    assert blind_sign(key, number(key, 2))
    assert blind_sign(key, number(key, n - 2))


def test_a_faulty_computation_is_not_handed_out() -> None:
    """A signature whose one half of the Chinese remainder theorem is wrong would give the key away."""
    numbers = small_key().private_numbers()
    broken = rsa.RSAPrivateNumbers(
        numbers.p, numbers.q, numbers.d, numbers.dmp1 ^ 2, numbers.dmq1, numbers.iqmp, numbers.public_numbers
    ).private_key(unsafe_skip_rsa_key_validation=True)

    with pytest.raises(SigningFailed):
        blind_sign(broken, number(broken, 12345))


def test_each_signing_is_hidden_behind_a_fresh_random_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    draw = secrets.randbelow

    def watched(limit: int) -> int:
        drawn.append(draw(limit))
        return drawn[-1]

    monkeypatch.setattr(secrets, "randbelow", watched)
    signatures = {blind_sign(small_key(), number(small_key(), 12345)) for _ in range(3)}

    assert len(set(drawn)) == 3
    assert min(drawn) > 2**1900
    assert len(signatures) == 1
