"""What tests of the audit do again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from assessment.services.anonymity_checks.checked import Checked, Outcome
from assessment.services.audit_anonymity import audit_anonymity
from assessment.services.platform import Platform

Look = Callable[..., list[Checked]]


def notes(platform: Platform, **given: Any) -> str:
    checked = audit_anonymity(platform, environ={}, **given)
    return "\n".join(each.what for each in checked if each.outcome is Outcome.NOTE)


def run(platform: Platform, statement: str) -> None:
    with platform.database.connection() as connection:
        connection.exec_driver_sql(statement)


def with_settings(platform: Platform, **values: Any) -> Platform:
    return replace(platform, settings=replace(platform.settings, **values))


def assert_one(found: list[Checked], area: str, *words: str) -> None:
    assert len(found) == 1, found
    assert found[0].area == area
    for word in words:
        assert word in found[0].what + found[0].remedy
