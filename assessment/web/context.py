"""What a view needs from the application it runs in."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from flask import current_app

from assessment.services.platform import Platform


def platform() -> Platform:
    """Return the platform that this application serves."""
    return cast(Platform, current_app.extensions["platform"])


def now() -> datetime:
    """Return the platform's present moment, with its time zone."""
    return platform().clock()
