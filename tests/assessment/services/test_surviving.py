"""A process that is killed loses nothing it acknowledged, and closing many ballots needs little memory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from assessment.domain.ballots import seal
from assessment.domain.cards import ballot_id_of_card
from assessment.services.platform import Platform
from assessment.storage import ballots, campaigns
from questionnaires.answers import encode
from tests import builders
from tests.builders import Cast
from tests.conftest import Clock

ANSWERING = """
import json, sys
from datetime import datetime
from assessment.config import Settings
from assessment.services.platform import connect
from assessment.services.submit_ballot import submit_ballot
now, codes, answers = json.loads(sys.stdin.readline())
platform = connect(Settings.load(), lambda: datetime.fromisoformat(now))
for code in codes:
    submit_ballot(platform, door_key=code, answers=answers)
    print(code, flush=True)
"""

CLOSING = """
import sys
from datetime import datetime
from assessment.config import Settings
from assessment.services.close_campaign import close_campaign
from assessment.services.platform import connect
def most():
    # Not getrusage: that begins with what the parent had.
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
before = most()
platform = connect(Settings.load(), lambda: datetime.fromisoformat(sys.argv[2]))
view = close_campaign(platform, int(sys.argv[1]))
print(view.n_answered, before, most())
"""


@pytest.mark.parametrize("n_before", [1, 7, 20])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_acknowledged_answer_survives_kill_9(
    platform: Platform, cast: Cast, clock: Clock, environ: dict[str, str], n_before: int
):
    campaign = builders.opened(platform, cast)
    codes = [code for team in campaign.sheets for code in campaign.codes(team)]
    given = builders.answers(campaign.questionnaire)
    process = subprocess.Popen(
        [sys.executable, "-c", ANSWERING],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **environ},
        text=True,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps([clock().isoformat(), codes, given]) + "\n")
        process.stdin.flush()
        acknowledged = [process.stdout.readline().strip() for _ in range(n_before)]
        process.send_signal(signal.SIGKILL)
        acknowledged += process.stdout.read().split()
    assert process.returncode == -signal.SIGKILL
    assert acknowledged == codes[: len(acknowledged)]
    with platform.reading() as session:
        for code in acknowledged:
            assert ballots.is_there(session, [ballot_id_of_card(campaign.id, code.replace("-", ""))])
    # Those that were not acknowledged can answer again, or hear that they are counted.
    assert len(acknowledged) <= n_stored(platform, campaign.id) <= len(acknowledged) + 1


def n_stored(platform: Platform, campaign_id: int) -> int:
    with platform.reading() as session:
        return ballots.n_of_campaign(session, campaign_id)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_closing_needs_little_memory(
    platform: Platform, cast: Cast, clock: Clock, environ: dict[str, str], full: bool, tmp_path: Path
):
    n_ballots = 100_000 if full else 6_000
    campaign = builders.opened(platform, cast, way="open_link")
    node, coded = campaign.node("Atlas"), encode(builders.answers(campaign.questionnaire), campaign.questionnaire)
    with platform.transaction() as session:
        row = campaigns.get(session, campaign.id)
        assert row is not None
        assert row.public_key is not None
        key = row.public_key
        session.connection().execute(
            ballots.BALLOT.insert(),
            [
                {
                    "id": number.to_bytes(32, "big"),
                    "campaign_id": campaign.id,
                    "node_id": node,
                    "sealed": seal(coded, key, campaign.id, node),
                }
                for number in range(n_ballots)
            ],
        )
    command = [sys.executable, "-c", CLOSING, str(campaign.id), campaign.view.closes_at.isoformat()]
    done = subprocess.run(command, env={**os.environ, **environ}, capture_output=True, text=True, check=True)
    n_answered, before, after = map(int, done.stdout.split())
    print(f"{n_answered} ballots: {before / 1024:.0f} MB before, {after / 1024:.0f} MB at most")
    assert n_answered == n_ballots
    assert after < 200 * 1024
