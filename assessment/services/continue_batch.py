"""Going on with a batch of reports that was cancelled, or trying again what could not be made."""

from __future__ import annotations

from assessment.services.actor import Actor
from assessment.services.batches import MADE, MAKING, batch_of
from assessment.services.platform import Platform
from assessment.storage import batches


def continue_batch(platform: Platform, actor: Actor, batch_id: int) -> None:
    """Let the background work make what a batch still lacks; it is deleted when it would have been anyway.

    :raise UnknownBatch: when there is none, or another coach asked for it.
    """
    with platform.transaction() as session:
        batch = batch_of(platform, session, actor, batch_id, alone=True)
        if batch.state != MAKING and any(one.state != MADE for one in batches.reports(session, batch_id)):
            batches.take_up(session, batch_id)
            batch.state = MAKING
