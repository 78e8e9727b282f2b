"""Agreeing with defaults, on a quarter that the whole cast has closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from assessment.services.actor import Actor
from assessment.services.agree_change import agree_change
from assessment.services.platform import Platform
from tests import builders
from tests.builders import Cast
from tests.conftest import Clock

QUARTER = "2026-Q3"
ROLE, SIGN = "product owner", "Three weeks in a row, noted on the page"


def quarter_of(platform: Platform, clock: Clock, cast: Cast, quarter: str = QUARTER, **values: Any) -> None:
    """Close a quarter of the whole cast in which everybody sees much to do, and no rung implies anything."""
    level: Callable[[int], float] = values.pop("level", lambda _: 0.1)
    answered = {"Atlas": 8, "Borealis": 1, "Cygnus": 5}
    builders.closed(platform, clock, cast, quarter=quarter, level=level, **({"answered": answered} | values))


def agreed(
    platform: Platform, actor: Actor, team_id: int | None, change: str = "C04", quarter: str = QUARTER, **values: Any
) -> int:
    """Agree on a change with a role, a day and a sign that pass."""
    given = {"role": ROLE, "sign": SIGN, "due": day(platform) + timedelta(days=30)} | values
    return agree_change(platform, actor, team_id, quarter, change, **given)


def day(platform: Platform) -> date:
    return platform.clock().date()
