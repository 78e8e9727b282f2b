"""Sealing: fixed length, only the private key opens, bound to campaign and team."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from assessment.domain.ballots import PADDED_LENGTH, SEALED_LENGTH, SUITE, context, seal


@pytest.fixture(scope="module")
def key() -> X25519PrivateKey:
    return X25519PrivateKey.generate()


def public(key: X25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


@pytest.mark.parametrize("coded", [b"", b"\1", b"\7" * 29, b"\xff" * PADDED_LENGTH])
def test_every_sealed_ballot_is_equally_long(key: X25519PrivateKey, coded: bytes):
    sealed = seal(coded, public(key), 1, 2)
    assert len(sealed) == SEALED_LENGTH
    assert SUITE.decrypt(sealed, key, info=context(1, 2)) == coded.ljust(PADDED_LENGTH, b"\0")


def test_the_same_answers_never_look_the_same(key: X25519PrivateKey):
    assert len({seal(b"\4" * 29, public(key), 1, 2) for _ in range(50)}) == 50


def test_a_ballot_opens_for_its_own_campaign_and_team_only(key: X25519PrivateKey):
    sealed = seal(b"\4" * 29, public(key), 1, 2)
    for other in (context(1, 3), context(2, 2), context(12, 2), b""):
        with pytest.raises(InvalidTag):
            SUITE.decrypt(sealed, key, info=other)
    with pytest.raises(InvalidTag):
        SUITE.decrypt(sealed, X25519PrivateKey.generate(), info=context(1, 2))


def test_too_many_answers_are_refused(key: X25519PrivateKey):
    with pytest.raises(ValueError, match="do not fit"):
        seal(b"\1" * (PADDED_LENGTH + 1), public(key), 1, 2)
