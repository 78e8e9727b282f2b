"""Making the keys that sign credentials: one for each team of one campaign, never used for anything else."""

from __future__ import annotations

from collections.abc import Callable, Collection

from cryptography.hazmat.primitives.asymmetric import rsa

from assessment.domain.credentials import KEY_BITS
from assessment.services.platform import Platform
from assessment.storage import campaigns

# Called with how many keys are made and how many there will be.
Progress = Callable[[int, int], None]


def make_signing_keys(
    platform: Platform, campaign_id: int, node_ids: Collection[int], progress: Progress | None = None
) -> dict[int, rsa.RSAPrivateKey]:
    """Return a new RSA-2048 key for each team node; outside any transaction, since 500 take half a minute.

    How many are made is stored with the draft where its opening is under way, so that a page can show it.
    """
    keys: dict[int, rsa.RSAPrivateKey] = {}
    for number, node_id in enumerate(sorted(node_ids), start=1):
        keys[node_id] = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
        if progress is not None:
            progress(number, len(node_ids))
        if number % 10 == 0 or number == len(node_ids):
            _tell(platform, campaign_id, number)
    return keys


def _tell(platform: Platform, campaign_id: int, n_made: int) -> None:
    with platform.transaction() as session:
        campaign = campaigns.get(session, campaign_id)
        if campaign is not None and campaign.n_keys_made is not None:
            campaign.n_keys_made = n_made
