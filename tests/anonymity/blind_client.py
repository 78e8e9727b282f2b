"""A respondent's side of RFC 9474 in Python, written from the RFCs: what it computes shares no code with the server.

It stands in for the browser where a test needs many respondents, and for a second opinion on both of them. All four
variants: salts of 48 bytes (PSS) or none (PSSZERO), a random prefix before the message (Randomized) or none.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from math import gcd

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from assessment.domain.credentials import Credential
from assessment.services.find_invitation import InvitationDoor, find_invitation
from assessment.services.issue_credential import issue_credential
from assessment.services.platform import Platform

HASH_LENGTH = 48
RANDOMIZER_LENGTH = 32
CONTEXT = b"assessment/credential/1|%d|%d|"


class InvalidSignature(ValueError):
    """What the server sent back is no signature of what was blinded."""


class OtherKey(ValueError):
    """The server shows another key than the mail said."""


@dataclass(frozen=True)
class Blinding:
    """What blinding made: the message to send, and what the respondent keeps to unblind the answer."""

    blinded: bytes
    inverse: int


@dataclass(frozen=True)
class Modulus:
    """An RSA public key as numbers."""

    n: int
    e: int

    @classmethod
    def of(cls, key: RSAPublicKey | bytes) -> Modulus:
        """Read a key, also from its SubjectPublicKeyInfo in DER."""
        loaded = load_der_public_key(key) if isinstance(key, bytes) else key
        assert isinstance(loaded, RSAPublicKey)
        numbers = loaded.public_numbers()
        return cls(numbers.n, numbers.e)

    @property
    def size(self) -> int:
        """Bytes of a message or a signature."""
        return (self.n.bit_length() + 7) // 8

    @property
    def n_encoded_bits(self) -> int:
        """Bits of an encoded message: one fewer than the modulus has, so that its number is smaller."""
        return self.n.bit_length() - 1


def prepare(message: bytes, *, is_randomized: bool = True, prefix: bytes | None = None) -> bytes:
    """PrepareRandomize or PrepareIdentity (RFC 9474, section 4.1)."""
    if not is_randomized:
        return message
    return (secrets.token_bytes(RANDOMIZER_LENGTH) if prefix is None else prefix) + message


def blind(
    key: Modulus, prepared: bytes, *, salt_length: int = 48, salt: bytes | None = None, r: int | None = None
) -> Blinding:
    """Blind (RFC 9474, section 4.2); salt and r are drawn unless a test vector prescribes them."""
    drawn = secrets.token_bytes(salt_length) if salt is None else salt
    encoded = int.from_bytes(pss_encoded(prepared, key.n_encoded_bits, drawn), "big")
    if gcd(encoded, key.n) != 1:
        raise ValueError("this message shares a factor with the modulus")
    factor = _random_unit(key.n) if r is None else r
    blinded = encoded * pow(factor, key.e, key.n) % key.n
    return Blinding(blinded.to_bytes(key.size, "big"), pow(factor, -1, key.n))


def finalize(key: Modulus, prepared: bytes, blind_signature: bytes, inverse: int, *, salt_length: int = 48) -> bytes:
    """Finalize (RFC 9474, section 4.4).

    :raise InvalidSignature: when what comes out is no valid signature of the message.
    """
    if len(blind_signature) != key.size:
        raise InvalidSignature(f"{len(blind_signature)} bytes where {key.size} are needed")
    signature = (int.from_bytes(blind_signature, "big") * inverse % key.n).to_bytes(key.size, "big")
    if not is_valid(key, prepared, signature, salt_length=salt_length):
        raise InvalidSignature
    return signature


def is_valid(key: Modulus, prepared: bytes, signature: bytes, *, salt_length: int = 48) -> bool:
    """RSASSA-PSS-VERIFY (RFC 8017, section 8.1.2)."""
    number = int.from_bytes(signature, "big")
    if len(signature) != key.size or number >= key.n:
        return False
    encoded = pow(number, key.e, key.n)
    length = (key.n_encoded_bits + 7) // 8
    return encoded.bit_length() <= 8 * length and _fits(
        prepared, encoded.to_bytes(length, "big"), key.n_encoded_bits, salt_length
    )


def pss_encoded(message: bytes, n_bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE (RFC 8017, section 9.1.1) with SHA-384 and MGF1."""
    length = (n_bits + 7) // 8
    digest = _digest_with(message, salt)
    block = b"\1" + salt
    padded = block.rjust(length - HASH_LENGTH - 1, b"\0")
    masked = _without_top_bits(_xor(padded, _mask(digest, len(padded))), 8 * length - n_bits)
    return masked + digest + b"\xbc"


def _fits(message: bytes, encoded: bytes, n_bits: int, salt_length: int) -> bool:
    """EMSA-PSS-VERIFY (RFC 8017, section 9.1.2): take the salt out and encode again."""
    digest, surplus = encoded[-HASH_LENGTH - 1 : -1], 8 * len(encoded) - n_bits
    masked = encoded[: -HASH_LENGTH - 1]
    block = _without_top_bits(_xor(masked, _mask(digest, len(masked))), surplus)
    salt = block[len(block) - salt_length :]
    return pss_encoded(message, n_bits, salt) == encoded


def _digest_with(message: bytes, salt: bytes) -> bytes:
    return hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()


def _mask(seed: bytes, length: int) -> bytes:
    """MGF1 (RFC 8017, appendix B.2.1)."""
    n_blocks = -(-length // HASH_LENGTH)
    blocks = (hashlib.sha384(seed + number.to_bytes(4, "big")).digest() for number in range(n_blocks))
    return b"".join(blocks)[:length]


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _without_top_bits(content: bytes, n_bits: int) -> bytes:
    return bytes([content[0] & (0xFF >> n_bits)]) + content[1:]


def _random_unit(n: int) -> int:
    while True:
        candidate = secrets.randbelow(n)
        if candidate > 1 and gcd(candidate, n) == 1:
            return candidate


def message(campaign_id: int, node_id: int) -> bytes:
    """Return a new message as the server asks for it, before `prepare`: which team it is for, and 32 random bytes."""
    return CONTEXT % (campaign_id, node_id) + secrets.token_bytes(RANDOMIZER_LENGTH)


def fingerprint(found: InvitationDoor) -> str:
    """Return the fingerprint of a key with its campaign and team, as it stands in a mail's link."""
    named = CONTEXT % (found.door.campaign_id, found.door.node_id) + found.public_key
    return base64.urlsafe_b64encode(hashlib.sha256(named).digest()[:16]).decode().rstrip("=")


def collect(platform: Platform, token: str, expected: str | None = None) -> Credential:
    """Collect a credential as the browser does: look, compare, blind, have it signed, unblind, verify.

    :param expected: the fingerprint of the mail's link; nothing is compared if None.
    :raise OtherKey: when the server's key has another one; nothing was asked of it then.
    """
    found = find_invitation(platform, token)
    if expected is not None and fingerprint(found) != expected:
        raise OtherKey
    key, campaign_id, node_id = Modulus.of(found.public_key), found.door.campaign_id, found.door.node_id
    prepared = prepare(message(campaign_id, node_id))
    made = blind(key, prepared)
    signature = finalize(key, prepared, issue_credential(platform, token, made.blinded), made.inverse)
    return credential_of(campaign_id, node_id, prepared, signature)


def credential_of(campaign_id: int, node_id: int, prepared: bytes, signature: bytes) -> Credential:
    """Return the credential that a prepared message and its signature are."""
    randomizer, nonce = prepared[:RANDOMIZER_LENGTH], prepared[-RANDOMIZER_LENGTH:]
    return Credential(campaign_id, node_id, randomizer, nonce, signature)
