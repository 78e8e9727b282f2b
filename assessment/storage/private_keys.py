"""Loading a campaign's private key and opening ballots with it. Only closing may import this; a contract checks it."""

from __future__ import annotations

from pathlib import Path

from argon2.exceptions import HashingError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assessment.domain.ballots import SUITE, context
from assessment.domain.errors import NoKey
from assessment.storage.key_files import NONCE_LENGTH, PLAIN, SALT_LENGTH, WRAPPED, path_of, wrapping_key


class Unreadable(ValueError):
    """A sealed ballot that this key does not open."""


def load(directory: Path, campaign_id: int, public_key: bytes, passphrase: str | None = None) -> X25519PrivateKey:
    """Return the private key of a campaign.

    :raise NoKey: when the file is missing or damaged, or the passphrase is missing or wrong.
    """
    try:
        content = path_of(directory, campaign_id, public_key).read_bytes()
    except OSError as error:
        raise NoKey(campaign=campaign_id, reason=f"its file cannot be read ({error.strerror})") from None
    if content.startswith(WRAPPED):
        raw = _unwrap(content.removeprefix(WRAPPED), campaign_id, public_key, passphrase)
    else:
        raw = content.removeprefix(PLAIN)
    if len(raw) != 32 or not content.startswith((PLAIN, WRAPPED)):
        raise NoKey(campaign=campaign_id, reason="its file is damaged")
    key = X25519PrivateKey.from_private_bytes(raw)
    if key.public_key().public_bytes_raw() != public_key:
        raise NoKey(campaign=campaign_id, reason="its file holds another key")
    return key


def _unwrap(content: bytes, campaign_id: int, public_key: bytes, passphrase: str | None) -> bytes:
    if passphrase is None:
        raise NoKey(campaign=campaign_id, reason="it needs its passphrase")
    salt, nonce = content[:SALT_LENGTH], content[SALT_LENGTH : SALT_LENGTH + NONCE_LENGTH]
    sealed = content[SALT_LENGTH + NONCE_LENGTH :]
    try:
        return AESGCM(wrapping_key(passphrase, salt)).decrypt(nonce, sealed, public_key)
    except (InvalidTag, ValueError, HashingError):
        raise NoKey(campaign=campaign_id, reason="this is not its passphrase, or its file is damaged") from None


def open_sealed(sealed: bytes, key: X25519PrivateKey, campaign_id: int, node_id: int) -> bytes:
    """Return the padded plaintext of a ballot.

    :raise Unreadable: when it was sealed to another key, campaign or team, or was changed since.
    """
    try:
        return SUITE.decrypt(sealed, key, info=context(campaign_id, node_id))
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error
