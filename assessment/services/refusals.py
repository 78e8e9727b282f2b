"""Noting what was refused: who asks for what opening or closing has settled leaves a line in the audit.

The refusal rolls back everything the use case did, so the line has a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from assessment.domain.error_kinds import Refused
from assessment.services.actor import Actor
from assessment.services.platform import Platform
from assessment.storage import audit

P = ParamSpec("P")
R = TypeVar("R")


def note_refusal(platform: Platform, actor: Actor, action: str, subject: str, reason: str) -> None:
    """Write that somebody was refused something."""
    with platform.transaction() as session:
        audit.record(session, platform.clock(), actor.name, f"refused: {action}", subject, reason)


@contextmanager
def noted(platform: Platform, actor: Actor | None, action: str, subject: str) -> Iterator[None]:
    """Note a `Refused` that comes out of the block, and let it go on.

    :param actor: who asks; nothing is noted for None, the clock.
    :param action: what was asked for, such as `close campaign`.
    :param subject: of what, such as `campaign 3`.
    """
    try:
        yield
    except Refused as error:
        # One use case may call another that notes its refusals too; the inner one has told the reason already.
        if actor is not None and not vars(error).get("is_noted"):
            vars(error)["is_noted"] = True
            note_refusal(platform, actor, action, subject, f"{type(error).__name__}: {error.nameless}")
        raise


def refusals_noted(
    action: str,
) -> Callable[
    [Callable[Concatenate[Platform, Actor, int, P], R]],
    Callable[Concatenate[Platform, Actor, int, P], R],
]:
    """Note every `Refused` of a use case that takes the platform, who asks, and the campaign's id."""

    def decorate(
        use_case: Callable[Concatenate[Platform, Actor, int, P], R],
    ) -> Callable[Concatenate[Platform, Actor, int, P], R]:
        @wraps(use_case)
        def noting(platform: Platform, actor: Actor, campaign_id: int, /, *positional: P.args, **named: P.kwargs) -> R:
            with noted(platform, actor, action, f"campaign {campaign_id}"):
                return use_case(platform, actor, campaign_id, *positional, **named)

        return noting

    return decorate
