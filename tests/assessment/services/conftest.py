"""Fixtures of services' tests: an installation as `init` makes it, and what the audit finds in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from assessment.services.anonymity_checks.checked import Checked, Outcome
from assessment.services.audit_anonymity import audit_anonymity
from assessment.services.platform import Platform, utc_now
from tests.assessment.services.auditing import Look
from tests.conftest import Clock


@pytest.fixture
def live(platform: Platform, clock: Clock) -> Platform:
    """An installation as `init` makes it, with the machine's time."""
    clock.set(utc_now())
    platform.settings.instance.chmod(0o700)
    return platform


@pytest.fixture
def look(live: Platform) -> Look:
    """Audit and return the findings."""

    def findings(platform: Platform = live, environ: Mapping[str, str] | None = None, **given: Any) -> list[Checked]:
        checked = audit_anonymity(platform, environ=environ or {}, **given)
        assert all(each.remedy for each in checked if each.outcome is not Outcome.OK)
        assert not any(each.remedy for each in checked if each.outcome is Outcome.OK)
        return [each for each in checked if each.outcome is Outcome.FINDING]

    return findings
