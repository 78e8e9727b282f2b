"""Reports in every state, by name: made by hand as documents are tested with, and released from answers."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from functools import cache
from typing import Any

from reports.canonical import to_json
from reports.carry_up import keep
from reports.disclosure import release, release_organisation, release_series
from reports.kept import Kept
from reports.languages import Language, language
from reports.released import Released, ReleasedOrganisation, Series
from tests.reports import document_fixtures as samples
from tests.reports import role_fixtures
from tests.reports.builders import answers_of, organisation_of, questionnaire, team, team_campaign

ENGLISH = language("en")
MADE: dict[str, Callable[[], Released | ReleasedOrganisation]] = {
    name: getattr(samples, name)
    for name in ("atlas", "cygnus", "borealis", "unanimous", "split", "first_quarter", "organisation")
}


def campaign(n: int, seed: int = 1, **options: Any) -> Kept:
    asked = questionnaire(**{"scale": (1, 7), **{k: v for k, v in options.items() if k in ("scale", "n_items")}})
    more = {k: v for k, v in options.items() if k not in ("scale", "n_items")}
    counted = answers_of(asked, n, random.Random(seed), skip=0.05)
    return team_campaign(counted, asked=asked, n_answered=n, focus=("inquiry",), **more)


def released(n: int, seed: int = 1, before: int | None = 12, **options: Any) -> Released:
    previous = None if before is None else campaign(before, seed + 1, quarter="2026-Q2")
    return release(campaign(n, seed, **options), 10, previous=previous)


def large(quarter: str, seed: int) -> Kept:
    """An organisation of eight teams of twelve, and a small one."""
    asked, dice = questionnaire(), random.Random(seed)
    nodes = organisation_of([team(10 + i, n_invited=14, n_answered=12) for i in range(8)], [team(30, n_answered=4)])
    counted = {node.id: answers_of(asked, node.n_answered, dice) for node in nodes if node.kind == "team"}
    return keep(nodes, counted, reporting_size=5, questionnaire=asked, quarter=quarter)


RELEASED: dict[str, Callable[[], Released | ReleasedOrganisation]] = {
    "exact": lambda: released(11),
    "coarse": lambda: released(6),
    "coarse after coarse": lambda: released(6, before=7),
    "withheld": lambda: released(4),
    "everybody": lambda: released(12),
    "open link": lambda: released(9, way="open_link"),
    "unknown size": lambda: released(9, way="imported", n_invited=None),
    "scale 1-5, one statement": lambda: released(9, scale=(1, 5), n_items=1),
    "first": lambda: released(9, before=None),
    "organisation of one team": lambda: release_organisation(campaign(9), previous=campaign(10, 2, quarter="2026-Q2")),
    "large organisation": lambda: release_organisation(large("2026-Q3", 1), previous=large("2026-Q2", 2)),
}
WITH_ROLES: dict[str, Callable[[], Released | ReleasedOrganisation]] = {
    "organisation with roles": role_fixtures.organisation_with_roles,
    "organisation with roles withheld": role_fixtures.organisation_with_roles_withheld,
}
EVERY = {name: cache(make) for name, make in (MADE | RELEASED | WITH_ROLES).items()}
"""Each is made once: nobody changes it, and some of them are released from thousands of answers."""


def quarters() -> Series:
    return release_series([campaign(9, 2, quarter="2026-Q2"), campaign(11)], 10, "team")


def as_read(
    found: Released | ReleasedOrganisation, series: Series | None = None, spoken: Language | None = None
) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(json.dumps(to_json(found, spoken, series)))
    return value
