"""Cancelling a batch of reports: what is made stays until its time is over, nothing more is begun."""

from __future__ import annotations

from assessment.services.actor import Actor
from assessment.services.batches import CANCELLED, MAKING, batch_of
from assessment.services.platform import Platform


def cancel_batch(platform: Platform, actor: Actor, batch_id: int) -> None:
    """Begin no further report of a batch; one that has ended stays as it is.

    :raise UnknownBatch: when there is none, or another coach asked for it.
    """
    with platform.transaction() as session:
        batch = batch_of(platform, session, actor, batch_id, alone=True)
        if batch.state == MAKING:
            batch.state = CANCELLED
