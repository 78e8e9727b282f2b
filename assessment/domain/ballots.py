"""The shape of a sealed ballot, and sealing itself: HPKE (RFC 9180) to the campaign's public key.

Sealing needs the public key only. Opening needs the private one and lives with the closing of a campaign.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

PADDED_LENGTH = 256
# X25519 encapsulated key (32 bytes) and AES-GCM tag (16 bytes).
SEALED_LENGTH = PADDED_LENGTH + 32 + 16
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def context(campaign_id: int, node_id: int) -> bytes:
    """Return the HPKE info that binds a ballot to its campaign and team."""
    return f"assessment/ballot/1|{campaign_id}|{node_id}".encode()


def seal(coded: bytes, public_key: bytes, campaign_id: int, node_id: int) -> bytes:
    """Return coded answers sealed to a campaign's public key (32 raw bytes); always `SEALED_LENGTH` bytes.

    :raise ValueError: when the answers do not fit into the fixed length.
    """
    if len(coded) > PADDED_LENGTH:
        raise ValueError(f"{len(coded)} coded answers do not fit into {PADDED_LENGTH} bytes")
    key = X25519PublicKey.from_public_bytes(public_key)
    return SUITE.encrypt(coded.ljust(PADDED_LENGTH, b"\0"), key, info=context(campaign_id, node_id))
