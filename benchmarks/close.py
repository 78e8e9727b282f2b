"""Closing a campaign, against opening its sealed ballots and nothing else; and the memory it takes.

Each measurement is a process of its own, so that the highest memory it ever used is that of one closing. It opens the
same ballots in a bare loop before and after closing, so that a busy minute hits both.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from pathlib import Path
from shutil import copyfile, copytree
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import sqlalchemy as sa

from assessment.config import Settings
from assessment.domain.ballots import SUITE, context, seal
from assessment.services.campaigns import CampaignView
from assessment.services.close_campaign import CHUNK, close_campaign
from assessment.services.platform import Platform, connect, utc_now
from assessment.storage import ballots, campaigns
from assessment.storage.private_keys import load
from benchmarks.counting import many_ballots
from benchmarks.instance import new_platform, open_for, set_up_teams
from benchmarks.measuring import Result

MOST = 1.3
# Megabytes by which more ballots may raise the highest memory of a closing: a page cache here, a list of a chunk there.
MOST_GROWTH = 16.0
TEAMS = 50
SEALED_AT_A_TIME = 5_000


def run(*, quick: bool, full: bool) -> Iterator[Result]:
    sizes = [500] if quick else [10_000, 100_000, *([1_000_000] if full else [])]
    peaks: dict[int, float] = {}
    for n in sizes:
        rounds = 1 if quick or n >= 1_000_000 else 3 if n >= 100_000 else 7
        with new_platform("SQLite") as platform:
            teams = [f"Team{number:02}" for number in range(5 if quick else TEAMS)]
            set_up_teams(platform, teams)
            view = open_for(platform, teams, "cards")
            _fill(platform, view, n)
            measured = [_measure(platform.settings, view.id) for _ in range(rounds)]
        bare, ours = (median(one[name] for one in measured) / n * 1e6 for name in ("bare", "ours"))
        ratio = median(one["ours"] / one["bare"] for one in measured)
        name = f"close {n:,} ballots, against opening them: per ballot"
        yield Result(name, bare, ours, "µs", ratio, None if quick else MOST)
        peaks[n] = median(one["peak"] for one in measured)
    for n in sizes[1:]:
        before = peaks[sizes[0]]
        name = f"close {n:,} ballots: highest memory, and growth from {sizes[0]:,}"
        yield Result(name, before, peaks[n], "MB", peaks[n] - before, MOST_GROWTH)


def _fill(platform: Platform, view: CampaignView, n: int) -> None:
    """Store n truly sealed ballots of all teams, as answering leaves them, by as many processes as there are cores."""
    with platform.reading() as session:
        campaign = campaigns.get(session, view.id)
        public_key = campaign.public_key if campaign is not None else None
    assert public_key is not None
    coded = many_ballots(view.questionnaire, n)
    nodes = [team.id for team in view.teams]
    parts = range(0, n, SEALED_AT_A_TIME)
    with ProcessPoolExecutor() as pool:
        jobs = [
            pool.submit(_seal, coded[start : start + SEALED_AT_A_TIME], start, public_key, view.id, nodes)
            for start in parts
        ]
        for job in jobs:
            with platform.transaction() as session:
                session.execute(sa.insert(ballots.BALLOT), job.result())
    platform.database.forget_log()


def _seal(coded: np.ndarray, first: int, public_key: bytes, campaign_id: int, nodes: list[int]) -> list[dict[str, Any]]:
    rows = []
    for number, row in enumerate(coded, start=first):
        node = nodes[number % len(nodes)]
        sealed = seal(row.tobytes(), public_key, campaign_id, node)
        rows.append({"id": os.urandom(32), "campaign_id": campaign_id, "node_id": node, "sealed": sealed})
    return rows


def _measure(settings: Settings, campaign_id: int) -> dict[str, float]:
    """Close a copy of the instance in a process of its own."""
    with TemporaryDirectory(prefix="assessment-bench-") as name:
        folder = Path(name)
        (folder / "instance").mkdir()
        copyfile(settings.database_url.removeprefix("sqlite:///"), folder / "instance" / "assessment.sqlite")
        copytree(settings.key_directory, folder / "keys")
        command = [sys.executable, "-m", "benchmarks.close", name, str(campaign_id)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _close_here(folder: Path, campaign_id: int) -> dict[str, float]:
    """Return the seconds of the bare loop, those of closing, and the highest memory of this process in MB."""
    settings = Settings.load(folder / "instance", {"ASSESSMENT_KEY_DIRECTORY": str(folder / "keys")})
    platform = connect(settings, lambda: utc_now() + timedelta(days=2))
    with platform.reading() as session:
        campaign = campaigns.get(session, campaign_id)
        assert campaign is not None
        assert campaign.public_key is not None
        key = load(settings.key_directory, campaign_id, campaign.public_key)
        n = ballots.n_of_campaign(session, campaign_id)
        node = next(node.id for node in campaigns.nodes(session, campaign_id) if node.kind == "team")
        sample = next(ballots.sealed_of_node(session, campaign_id, node, CHUNK))
    info = context(campaign_id, node)

    def bare(n: int) -> float:
        start = time.perf_counter()
        for number in range(n):
            SUITE.decrypt(sample[number % len(sample)], key, info=info)
        return time.perf_counter() - start

    bare(min(n, 2000))
    before = bare(n // 2)
    start = time.perf_counter()
    view = close_campaign(platform, campaign_id)
    ours = time.perf_counter() - start
    after = bare(n - n // 2)
    if (view.n_answered, view.n_unreadable) != (n, 0):
        raise RuntimeError(f"of {n} ballots {view.n_answered} were counted")
    return {"bare": before + after, "ours": ours, "peak": _peak()}


def _peak() -> float:
    """Return the highest memory this process ever held, in MB; what `getrusage` says includes the parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    print(json.dumps(_close_here(Path(sys.argv[1]), int(sys.argv[2]))))
