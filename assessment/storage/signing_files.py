"""The files with which credentials are signed: one for each campaign that invites by mail, with a key for each team.

They lie beside the key that closing needs, and unlike it are read by web processes, which sign while the campaign is
open. Whoever has such a file can make credentials, that is add answers; it opens no answer.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from assessment.storage import key_files

SUFFIX = ".signing"


def path_of(directory: Path, campaign_id: int, public_key: bytes) -> Path:
    """Return where a campaign's signing keys lie, or would.

    :param public_key: the campaign's own, to which answers are sealed; the name tells that both belong together.
    """
    return key_files.path_of(directory, campaign_id, public_key).with_suffix(SUFFIX)


def create(directory: Path, campaign_id: int, public_key: bytes, keys: Mapping[int, RSAPrivateKey]) -> None:
    """Write the signing keys of a campaign by team node, for the owner only, synced to disk.

    :raise OSError: when it cannot be written; then nothing of it is left.
    """
    private = {
        str(node_id): base64.b64encode(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).decode()
        for node_id, key in keys.items()
    }
    key_files.write(path_of(directory, campaign_id, public_key), json.dumps(private).encode())


def load(directory: Path, campaign_id: int, public_key: bytes, node_id: int) -> RSAPrivateKey | None:
    """Return the signing key of a team, None when it is not there or the file is damaged."""
    return _load(path_of(directory, campaign_id, public_key), node_id)


def _load(path: Path, node_id: int) -> RSAPrivateKey | None:
    try:
        private = json.loads(path.read_bytes())
        # The key is our own and its numbers are looked at again by every signature's fault check.
        key = load_der_private_key(base64.b64decode(private[str(node_id)]), None, unsafe_skip_rsa_key_validation=True)
    except (OSError, ValueError, LookupError):
        return None
    return key if isinstance(key, RSAPrivateKey) else None


@lru_cache(maxsize=4096)
def _public_in(path: Path, node_id: int) -> bytes | None:
    """Return the public part of a team's signing key; read once, since the file's name says which keys are in it."""
    key = _load(path, node_id)
    return None if key is None else public_bytes(key)


def public_of(directory: Path, campaign_id: int, public_key: bytes, node_id: int) -> bytes | None:
    """Return the public part of a team's signing key as opening made it; None when the file is not there (any more).

    It is taken from the file, so that who can write into the database alone cannot have credentials of their own made.
    """
    if not exists(directory, campaign_id, public_key):
        return None
    return _public_in(path_of(directory, campaign_id, public_key), node_id)


def public_bytes(key: RSAPrivateKey) -> bytes:
    """Return the public part of a signing key as it is stored and sent: SubjectPublicKeyInfo, DER."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def exists(directory: Path, campaign_id: int, public_key: bytes) -> bool:
    """Whether the signing keys of a campaign are there, as far as this process can see."""
    try:
        return path_of(directory, campaign_id, public_key).exists()
    except OSError:
        return False


def destroy(directory: Path, campaign_id: int, public_key: bytes) -> bool:
    """Overwrite and remove a campaign's signing keys, synced to disk; return whether there were any.

    :raise OSError: when they are there and stay.
    """
    return key_files.overwrite(path_of(directory, campaign_id, public_key))
