"""Reading the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assessment.domain.error_kinds import NotFound
from assessment.services.actor import Actor, scope_of
from assessment.services.platform import Platform
from assessment.storage import audit


@dataclass(frozen=True)
class AuditLine:
    """Something somebody did; never about respondents."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: str


def list_audit(platform: Platform, actor: Actor, limit: int = 200) -> list[AuditLine]:
    """Return the latest lines of the audit, newest first.

    :raise NotFound: for a coach who does not see all teams.
    """
    with platform.reading() as session:
        if not scope_of(session, actor).sees_all:
            raise NotFound("There is nothing here.")
        return [
            AuditLine(line.at, line.actor, line.action, line.subject, line.detail)
            for line in audit.latest(session, limit)
        ]
