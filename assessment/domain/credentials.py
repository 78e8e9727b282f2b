"""Credentials of the e-mail way without I/O: what is signed, how it is written, and what is stored of it.

An invitation's token lets somebody collect one credential: a random message that a key of their team signed without
seeing it (RFC 9474, RSABSSA-SHA384-PSS-Randomized). The credential alone answers. Nothing that is stored of the one is
stored of the other, so who holds both tables cannot join them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

RANDOM_LENGTH = 32
# A signature of RSA-2048.
SIGNATURE_LENGTH = 256
KEY_BITS = 8 * SIGNATURE_LENGTH
TOKEN_LENGTH = 16
FINGERPRINT_LENGTH = 16
# What a database numbers its rows with; a longer number is none of ours.
TEXT = re.compile(r"([1-9][0-9]{0,9})\.([1-9][0-9]{0,9})\.([A-Za-z0-9_-]+)")
HIGHEST_ID = 2**31 - 1


@dataclass(frozen=True)
class Credential:
    """The right to answer once for one team of one campaign; says nothing about who has it."""

    campaign_id: int
    node_id: int
    randomizer: bytes
    """The 32 random bytes that RFC 9474's PrepareRandomize (section 4.1) puts in front of what is signed."""
    nonce: bytes
    """32 random bytes that make the credential unlike any other."""
    signature: bytes
    """256 bytes."""

    @property
    def message(self) -> bytes:
        """What was signed: randomizer, context and nonce."""
        return self.randomizer + context(self.campaign_id, self.node_id) + self.nonce

    @property
    def text(self) -> str:
        """The credential as it stands in a link, a QR code or a form."""
        return f"{self.campaign_id}.{self.node_id}.{encoded(self.randomizer + self.nonce + self.signature)}"


def context(campaign_id: int, node_id: int) -> bytes:
    """Return the part of the message that binds a credential to a campaign and a team."""
    return f"assessment/credential/1|{campaign_id}|{node_id}|".encode()


def read_credential(text: str) -> Credential | None:
    """Return a credential from its text, or None when this cannot be one. Whether it is signed is not looked at."""
    match = TEXT.fullmatch(text)
    if match is None:
        return None
    campaign_id, node_id = int(match[1]), int(match[2])
    content = decoded(match[3])
    if (
        content is None
        or len(content) != 2 * RANDOM_LENGTH + SIGNATURE_LENGTH
        or max(campaign_id, node_id) > HIGHEST_ID
    ):
        return None
    randomizer, nonce = content[:RANDOM_LENGTH], content[RANDOM_LENGTH : 2 * RANDOM_LENGTH]
    return Credential(campaign_id, node_id, randomizer, nonce, content[2 * RANDOM_LENGTH :])


def encoded(content: bytes) -> str:
    """Return bytes in base64url without padding, as they stand in links."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text: str) -> bytes | None:
    """Return the bytes of an unpadded base64url text; None when it is none, or not the one way to write them."""
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if encoded(content) == text else None


def token_digest(token: str) -> bytes:
    """Return what the invitation table stores of a token."""
    return hashlib.sha256(b"invitation|" + token.encode()).digest()


def blinded_digest(blinded: bytes) -> bytes:
    """Return what is stored of a blinded message, so that a lost reply can be sent again and no second one signed."""
    return hashlib.sha256(b"blinded|" + blinded).digest()


def ballot_id_of_credential(credential: Credential) -> bytes:
    """Return the key of the ballot that a credential becomes; the database never holds the message itself.

    The signature is left out: of one message there are many valid ones, and the message answers once.
    """
    return hashlib.sha256(f"ballot|{credential.campaign_id}|".encode() + credential.message).digest()


def named_key(campaign_id: int, node_id: int, public_key: bytes) -> bytes:
    """Return what a fingerprint and its words are made of: a team's public key with what it signs for.

    Campaign and team stand in every credential in the clear. If they were not named as well, a server could give
    somebody the right key and a team number of their own, and know them by it when they answer.

    :param public_key: SubjectPublicKeyInfo, DER.
    """
    return context(campaign_id, node_id) + public_key


def fingerprint(named: bytes) -> str:
    """Return the fingerprint of a team's key as it stands in the mail's link.

    :param named: as `named_key` returns it.
    """
    return encoded(hashlib.sha256(named).digest()[:FINGERPRINT_LENGTH])
