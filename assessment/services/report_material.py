"""Everything a report is made of, read once: what was released, its quarters, and what was agreed since."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from assessment.services.actor import Actor
from assessment.services.build_report import (
    LATEST,
    ReportRow,
    organisation_series,
    released_organisation,
    released_team,
    team_series,
)
from assessment.services.follow_up import follow_up
from assessment.services.organisation_follow_up import organisation_follow_up
from assessment.services.platform import Platform
from reports.canonical import to_json
from reports.follow_up import FollowUp, OrganisationFollowUp
from reports.languages import language as speak
from reports.released import Released, ReleasedOrganisation, Series

# Whoever draws with other versions of these gives other pages, and so does whoever changed one of our own files.
DRAWN_WITH = ("weasyprint", "plotly")
WRITTEN_BY = ("questionnaires", "reports")
# What Python and the catalogues make of them as they run.
NOT_READ = (".pyc", ".mo")


@dataclass(frozen=True)
class TeamMaterial:
    """What a team's report says, in no language yet."""

    released: Released
    series: Series
    follow_up: FollowUp


@dataclass(frozen=True)
class OrganisationMaterial:
    """What the organisation's report says, in no language yet."""

    released: ReleasedOrganisation
    series: Series
    follow_up: OrganisationFollowUp


Material = TeamMaterial | OrganisationMaterial


def report_material(
    platform: Platform, actor: Actor, team_id: int | None, quarter: str = LATEST, *, campaign_id: int | None = None
) -> Material:
    """Return what the report of a team, or of the organisation for None, is made of.

    :param campaign_id: which of a quarter's campaigns the organisation means, when several were held.
    :raise UnknownTeam, NotFound, UnknownReport, AmbiguousQuarter: as `released_team` and `released_organisation`.
    """
    if team_id is not None:
        released = released_team(platform, actor, team_id, quarter)
        agreed = follow_up(platform, actor, team_id, released=released)
        return TeamMaterial(released, team_series(platform, actor, team_id), agreed)
    whole = released_organisation(platform, actor, quarter, campaign_id=campaign_id)
    counted = organisation_follow_up(platform, actor, released=whole)
    return OrganisationMaterial(whole, organisation_series(platform, actor), counted)


def of_row(platform: Platform, actor: Actor, row: ReportRow) -> Material:
    """Return what a listed report is made of."""
    return report_material(platform, actor, row.team_id, row.quarter, campaign_id=row.campaign_id)


def digest(material: Material, language: str) -> str:
    """Return 64 digits that change when the report would say or draw something else; the day it is made is left out."""
    agreed = asdict(material.follow_up)
    agreed.get("own", agreed).pop("as_of")
    said: dict[str, Any] = {
        "report": to_json(material.released, speak(language), material.series),
        "follow_up": agreed,
        "language": language,
        "drawn_with": [version(name) for name in DRAWN_WITH],
        "written_by": _written_by(),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


@cache
def _written_by() -> str:
    """Return 64 digits that change with any file that texts and figures come from."""
    found = hashlib.sha256()
    for package in WRITTEN_BY:
        root = Path(str(files(package)))
        for path in sorted(one for one in root.rglob("*") if one.is_file() and one.suffix not in NOT_READ):
            content = path.read_bytes()
            found.update(f"{package}/{path.relative_to(root)} {len(content)}\n".encode() + content)
    return found.hexdigest()
