"""Sessions exist for coaches only; on every other path there is nothing to read from and nothing to write to."""

from __future__ import annotations

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

COACHES = "/coach"


def is_coach_path(path: str) -> bool:
    """Whether a path belongs to the coaches' door."""
    return path == COACHES or path.startswith(f"{COACHES}/")


class CoachesOnly(SecureCookieSessionInterface):
    """Signed cookie sessions below `/coach`; a respondent's page that tries to use one fails loudly."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the coach's session, or None (a session that cannot be written) on a respondent's path."""
        return super().open_session(app, request) if is_coach_path(request.path) else None
