"""Key files of campaigns: made at opening, destroyed after closing. Reading them is `private_keys`' business.

A file is named after its campaign and its public key, so two installations may share a key directory. It holds the 32
raw bytes of an X25519 key behind a header, or the same bytes under AES-256-GCM with a key that Argon2id made of a
passphrase.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PLAIN = b"assessment key 1 plain\n"
WRAPPED = b"assessment key 1 wrapped\n"
SALT_LENGTH = 16
NONCE_LENGTH = 12


def path_of(directory: Path, campaign_id: int, public_key: bytes) -> Path:
    """Return where a campaign's private key lies, or would.

    The name tells whether a public key is ours, so it holds as much of the digest as nobody can meet by trying.
    """
    return directory / f"campaign-{campaign_id}-{hashlib.sha256(public_key).hexdigest()[:32]}.key"


def create(directory: Path, campaign_id: int, passphrase: str | None = None) -> bytes:
    """Make a key pair, write its private part for the owner only, synced to disk; return the public part (32 bytes).

    :raise OSError: when it cannot be written; then nothing of it is left.
    """
    key = X25519PrivateKey.generate()
    public_key = key.public_key().public_bytes_raw()
    content = PLAIN + key.private_bytes_raw()
    if passphrase is not None:
        salt, nonce = secrets.token_bytes(SALT_LENGTH), secrets.token_bytes(NONCE_LENGTH)
        sealed = AESGCM(wrapping_key(passphrase, salt)).encrypt(nonce, key.private_bytes_raw(), public_key)
        content = WRAPPED + salt + nonce + sealed
    write(path_of(directory, campaign_id, public_key), content)
    return public_key


def write(path: Path, content: bytes) -> None:
    """Write a new file of the key directory for the owner only, synced to disk.

    :raise OSError: when it cannot be written; then nothing of it is left.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _sync(path.parent)
    except OSError:
        path.unlink()
        raise


def wrapping_key(passphrase: str, salt: bytes) -> bytes:
    """Return the key that a passphrase wraps with: Argon2id, 64 MiB, three passes."""
    return hash_secret_raw(
        passphrase.encode(), salt, time_cost=3, memory_cost=65536, parallelism=1, hash_len=32, type=Type.ID
    )


def exists(directory: Path, campaign_id: int, public_key: bytes) -> bool:
    """Whether the private key of a campaign is there, as far as this process can see."""
    try:
        return path_of(directory, campaign_id, public_key).exists()
    except OSError:
        return False


def others(directory: Path, campaign_id: int) -> list[str]:
    """Return the names of all key files of campaigns with this number, whichever installation they belong to."""
    return sorted(path.name for path in directory.glob(f"campaign-{campaign_id}-*"))


def destroy(directory: Path, campaign_id: int, public_key: bytes) -> bool:
    """Overwrite and remove a campaign's private key, synced to disk; return whether there was one.

    :raise OSError: when it is there and stays.
    """
    return overwrite(path_of(directory, campaign_id, public_key))


def overwrite(path: Path) -> bool:
    """Overwrite and remove a file of the key directory, synced to disk; return whether there was one.

    :raise OSError: when it is there and stays.
    """
    try:
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return False
    _sync(path.parent)
    return True


def _sync(directory: Path) -> None:
    """Make the directory's present entries survive a loss of power."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
