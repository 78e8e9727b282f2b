"""Released organisations whose campaign asked for roles: shown, some withheld, all withheld."""

from __future__ import annotations

import math
from dataclasses import replace

from questionnaires.instrument import ASPECTS, Instrument, Questionnaire
from reports.released import (
    OpenEnd,
    Reason,
    ReleasedOrganisation,
    ReleasedRole,
    RoleComparison,
    RoleVerdict,
    Withheld,
)
from tests.reports import document_fixtures as samples

ROLE_NAMES = {
    "building": ("Building", "Entwickeln"),
    "running": ("Running", "Betreiben"),
    "deciding": ("Deciding", "Entscheiden"),
    "leading": ("Leading", "Leiten"),
}


def asking_roles() -> Questionnaire:
    asked = {
        "meaning": "nearest_role",
        "prompt": samples.text("Which is nearest to your work?", "Was kommt Ihrer Arbeit am nächsten?"),
        "explanation": samples.text(
            "Compared for the whole organisation only.", "Nur für die ganze Organisation verglichen."
        ),
        "options": [
            {"id": role, "name": samples.text(*names), "explanation": samples.text(f"About {role}.")}
            for role, names in ROLE_NAMES.items()
        ],
    }
    westrum, blameless = samples.QUESTIONNAIRE.instruments
    left_out = ("aspects", "ladders", "scale", "role")
    more = {key: value for key, value in blameless.model_dump(mode="json").items() if key not in left_out}
    more |= {"id": "roles", "name": samples.text("Roles"), "minutes": 0, "role": asked}
    return Questionnaire((westrum, blameless, Instrument.model_validate(more)))


def role(n: int, mean: float, open_end: OpenEnd | None = None) -> ReleasedRole:
    half = 2.0 / math.sqrt(n)
    return ReleasedRole(n, 3 + n // 10, mean, open_end, (max(1.0, mean - half), min(7.0, mean + half)), (1, 7))


def comparisons_of_roles() -> dict[str, RoleComparison]:
    """Two aspects on which roles differ, two where a role is left out to protect few, one that compares nothing."""
    nothing = dict.fromkeys(ROLE_NAMES, Withheld(Reason.TOO_FEW))
    reveals = Withheld(Reason.WOULD_REVEAL)
    found = {}
    for index, key in enumerate(ASPECTS):
        shown: dict[str, ReleasedRole | Withheld] = {
            "building": role(88, round(4.1 + index / 5, 1)),
            "running": role(41, round(5.3 - index / 5, 1)),
            "deciding": role(14, 6.7, OpenEnd.TOP) if index == 0 else role(13, 4.4),
            "leading": reveals if index in (1, 4) else role(12, 5.9),
        }
        is_different = index in (0, 3)
        verdict = RoleVerdict.DIFFERENT if is_different else RoleVerdict.NOT_DISTINGUISHABLE
        p, adjusted_p = (0.004, 0.024) if is_different else (0.312, 0.374)
        found[key] = RoleComparison(verdict, p, adjusted_p, shown)
    found["novelty"] = RoleComparison(RoleVerdict.NOT_TESTED, None, None, nothing)
    return found


def organisation_with_roles() -> ReleasedOrganisation:
    found = samples.organisation()
    return replace(found, whole=replace(found.whole, questionnaire=asking_roles()), roles=comparisons_of_roles())


def organisation_with_roles_withheld() -> ReleasedOrganisation:
    nothing = dict.fromkeys(ROLE_NAMES, Withheld(Reason.TOO_FEW))
    none = {key: RoleComparison(RoleVerdict.NOT_TESTED, None, None, nothing) for key in ASPECTS}
    return replace(organisation_with_roles(), roles=none)
