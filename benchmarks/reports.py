"""Reports as PDF: one against WeasyPrint's own time for its pages without figures, and many by one and two workers."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import weasyprint
from markupsafe import Markup

from assessment.domain.campaign import State
from assessment.services.actor import Actor
from assessment.services.build_report import list_reports
from assessment.services.keep_counted import keep_counted
from assessment.services.platform import Platform
from assessment.services.report_material import Material, report_material
from assessment.storage import campaigns
from benchmarks.counting import many_ballots
from benchmarks.instance import PEOPLE_OF_A_TEAM, new_platform, open_for, set_up_teams
from benchmarks.measuring import Result, in_turns, median_ratio, seconds
from reports import pdf
from reports.counting import collapse
from reports.document import Document, team_document
from reports.html import page
from reports.languages import language
from reports.released import Released

MOST = 1.5
LEAST = 1.9
AS_OF = date(2027, 1, 15)
QUARTERS = ("2026-Q3", "2026-Q4")


def run(*, quick: bool, full: bool) -> Iterator[Result]:
    del full
    n_reports, rounds = (2, 1) if quick else (500, 9)
    with new_platform("SQLite") as platform:
        # The organisation has one of them.
        teams = [f"Team{number:03}" for number in range(n_reports - 1)]
        fill(platform, teams)
        row = next(row for row in list_reports(platform, Actor.operator()) if row.team_id is not None)
        material = report_material(platform, Actor.operator(), row.team_id, row.quarter)
        yield one(material, rounds, quick=quick)
        yield from many(platform, n_reports, rounds=1, quick=quick)


def fill(platform: Platform, teams: list[str]) -> None:
    """Set up teams that all answered in two quarters, which are closed."""
    set_up_teams(platform, teams)
    for quarter in QUARTERS:
        view = open_for(platform, teams, "cards", quarter=quarter)
        coded = many_ballots(view.questionnaire, PEOPLE_OF_A_TEAM * len(teams))
        with platform.transaction() as session:
            campaign = campaigns.get(session, view.id)
            assert campaign is not None
            nodes = campaigns.nodes(session, view.id)
            own = [node.id for node in nodes if node.kind == "team"]
            counted = {
                node: collapse(coded[place :: len(own)].tobytes(), view.questionnaire) for place, node in enumerate(own)
            }
            campaign.state, campaign.n_unreadable = State.CLOSED, 0
            keep_counted(session, campaign, nodes, counted, dict.fromkeys(own, PEOPLE_OF_A_TEAM))


def one(material: Material, rounds: int, *, quick: bool) -> Result:
    """Compare a team's PDF, from its released values on, with what WeasyPrint takes for its text alone."""
    released, spoken = material.released, language("en")
    assert isinstance(released, Released)
    bare = without_figures(team_document(released, spoken, AS_OF, material.series))

    def ours() -> None:
        pdf.write(team_document(released, spoken, AS_OF, material.series))

    def theirs() -> None:
        weasyprint.HTML(string=bare).write_pdf(pdf_variant="pdf/ua-1", custom_metadata=False)

    times = in_turns({"bare": lambda: seconds(theirs), "ours": lambda: seconds(ours)}, rounds)
    name = "a team's PDF, against WeasyPrint for its pages without figures"
    ratio = median_ratio(times["ours"], times["bare"])
    return Result(name, median(times["bare"]), median(times["ours"]), "s", ratio, None if quick else MOST)


def without_figures(document: Document) -> str:
    """Return the source of a document's pages with nothing where its figures are."""
    return page(
        document,
        "print.html",
        styles=("report.css", "print.css"),
        drawn=lambda *_: Markup(""),
        page_number=pdf._page_number(document),
    )


@dataclass(frozen=True)
class Spent:
    """What one run of the command took."""

    wall: float
    processor: float
    """Seconds of all its processes."""


def many(platform: Platform, n: int, *, rounds: int, quick: bool) -> Iterator[Result]:
    """Compare the command with one worker and with two."""
    taken: dict[int, list[Spent]] = {1: [], 2: []}
    for _ in range(rounds):
        for workers, found in taken.items():
            found.append(_command(platform, workers, n))
    wall, processor = (
        {workers: median(getattr(spent, what) for spent in found) for workers, found in taken.items()}
        for what in ("wall", "processor")
    )
    ratio = median(one.wall / two.wall for one, two in zip(taken[1], taken[2], strict=True))
    rates = _rates(wall, n)
    yield Result(
        f"{n} reports by two workers, against one", *rates, "reports/s", ratio, None if quick else LEAST, "at least"
    )
    cost = {workers: processor[workers] / n for workers in processor}
    yield Result(f"{n} reports by two workers: processor time of each", cost[1], cost[2], "s", cost[2] / cost[1], None)


def _rates(wall: Mapping[int, float], n: int) -> tuple[float, float]:
    return n / wall[1], n / wall[2]


def _command(platform: Platform, workers: int, n: int) -> Spent:
    with TemporaryDirectory(prefix="assessment-bench-") as folder:
        command = [sys.executable, "-m", "assessment.cli", "report", "--all", "--workers", str(workers), "-o", folder]
        environ = os.environ | {
            "ASSESSMENT_INSTANCE": str(platform.settings.instance),
            "ASSESSMENT_KEY_DIRECTORY": str(platform.settings.key_directory),
        }
        before, start = _children(), time.perf_counter()
        subprocess.run(command, check=True, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        spent = Spent(time.perf_counter() - start, _children() - before)
        n_made = len(list(Path(folder).glob("*.pdf")))
    if n_made != n:
        raise RuntimeError(f"of {n} reports {n_made} were made")
    return spent


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
