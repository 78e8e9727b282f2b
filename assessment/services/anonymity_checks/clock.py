"""Clocks: closing happens at the time that was promised, by a clock that is right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from assessment.services.anonymity_checks.checked import Area, Checked
from assessment.services.anonymity_checks.stand import Standing
from assessment.services.platform import Platform
from assessment.storage import audit, inspection

TOLERANCE = timedelta(seconds=60)
# Background work looks once a minute; counting a large campaign takes a while.
OVERDUE = timedelta(minutes=15)


def check(platform: Platform, campaigns: Sequence[Standing]) -> list[Checked]:
    """Look at the machine's clock, the database's, and whether what is due is closed."""
    area = Area("clock")
    now = platform.clock()
    away = abs(inspection.clock(platform.database) - now) if not platform.settings.is_sqlite else timedelta()
    if away > TOLERANCE:
        area.finding(
            f"This machine's clock and the database's are {round(away.total_seconds())} seconds apart.",
            "Let both follow a time server (`timedatectl`): campaigns close by this machine's clock.",
        )
    else:
        area.ok(f"The clock says {now:%Y-%m-%d %H:%M} UTC" + ("." if platform.settings.is_sqlite else ", both do."))
    with platform.reading() as session:
        last = next((line.at for line in audit.latest(session, 1)), None)
    if last is not None and last - now > TOLERANCE:
        area.finding(
            f"The clock is behind the audit, whose last line is of {last:%Y-%m-%d %H:%M} UTC.",
            "Set the clock right (`timedatectl`); somebody who sets it forward makes campaigns close early.",
        )
    overdue = [campaign.id for campaign in campaigns if campaign.is_open and now - campaign.closes_at > OVERDUE]
    if overdue:
        area.finding(
            f"Open although its closing time is over: campaign {', '.join(map(str, overdue))}.",
            "Start `assessment serve`, whose background work closes it, or run `assessment close`; "
            "ballots and keys stay until then.",
        )
    else:
        area.ok("No open campaign is past its closing time.")
    return area.checked
