"""Promise: whenever the server is killed, nobody loses their right to answer, no answer counts twice or half.

Not an attacker but the worst moments: a process is killed (`kill -9`) just before or just after the database's commit,
while somebody collects and while somebody sends. What is looked for are people who are worse off for it: who cannot
collect or answer any more, whose acknowledged answer is missing, or who count twice. That closing releases all or
nothing is tested with closing itself, in `tests/assessment/services/test_closing.py`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass

import pytest

from assessment.domain.credentials import Credential, ballot_id_of_credential
from assessment.domain.errors import CredentialSpent, CredentialTaken
from assessment.services import issue_credential as issuing
from assessment.services.find_invitation import find_invitation
from assessment.services.issue_credential import issue_credential
from assessment.services.platform import Platform
from assessment.storage import ballots
from tests.anonymity import blind_client
from tests.anonymity.blind_client import Blinding, Modulus
from tests.anonymity.mailed import Mailed, mailed
from tests.builders import Cast

# A server of which a fork does one thing and is killed: before the commit reaches the database, or after it and before
# the reply. What is printed has reached the respondent.
SERVER = """
import json, os, signal, sys
from datetime import datetime
import sqlalchemy as sa
from assessment.config import Settings
from assessment.domain.credentials import read_credential
from assessment.services.issue_credential import issue_credential
from assessment.services.platform import connect
from assessment.services.submit_ballot import submit_ballot
from assessment.storage.driver import Driver

given = json.load(sys.stdin)

def die(*_):
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGKILL)

def work(name, moment):
    platform = connect(Settings.load(), lambda: datetime.fromisoformat(given["now"]))
    if moment == "before":
        sa.event.listen(platform.database.engine, "commit", die)
        Driver.commit = die
    if name.startswith("collect"):
        issue_credential(platform, given[name][0], bytes.fromhex(given[name][1]))
    else:
        submit_ballot(platform, door_key=read_credential(given[name]), answers=given["answers"])
        print(name)
    die()

exec(given["leak"])
for name in ("collect before", "collect after", "send before", "send after"):
    child = os.fork()
    if not child:
        work(name, name.split()[1])
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
"""
# Answers are acknowledged at once and written when there is time.
WRITTEN_LATER = """
Driver.commit = lambda self: None
"""


@dataclass(frozen=True)
class Kept:
    """What somebody's browser keeps until it has its credential."""

    token: str
    prepared: bytes
    blinding: Blinding


def begin(campaign: Mailed, person: int) -> Kept:
    """Blind a message and keep what is needed to ask again."""
    token = campaign.tokens["Atlas"][person]
    key = Modulus.of(find_invitation(campaign.platform, token).public_key)
    prepared = blind_client.prepare(blind_client.message(campaign.id, campaign.node("Atlas")))
    return Kept(token, prepared, blind_client.blind(key, prepared))


def finish(campaign: Mailed, kept: Kept) -> Credential:
    """Ask (again) for the signature of what was kept."""
    key = Modulus.of(find_invitation(campaign.platform, kept.token).public_key)
    reply = issue_credential(campaign.platform, kept.token, kept.blinding.blinded)
    signature = blind_client.finalize(key, kept.prepared, reply, kept.blinding.inverse)
    return blind_client.credential_of(campaign.id, campaign.node("Atlas"), kept.prepared, signature)


@dataclass(frozen=True)
class Victims:
    """People in the middle of something when the server is killed, by what they were about to do."""

    collecting: dict[str, Kept]
    sending: dict[str, Credential]


def kill_the_server(campaign: Mailed, environ: dict[str, str], leak: str = "") -> tuple[Victims, list[str]]:
    """Kill a server in each of the worst moments; return who was affected and which sendings were acknowledged."""
    collecting = {"collect before": begin(campaign, 0), "collect after": begin(campaign, 1)}
    sending = {"send before": campaign.collect("Atlas", 2), "send after": campaign.collect("Atlas", 3)}
    given = {
        "now": campaign.platform.clock().isoformat(),
        "answers": campaign.answers(),
        "leak": leak,
        **{name: [kept.token, kept.blinding.blinded.hex()] for name, kept in collecting.items()},
        **{name: credential.text for name, credential in sending.items()},
    }
    done = subprocess.run(
        [sys.executable, "-c", SERVER],
        input=json.dumps(given),
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    return Victims(collecting, sending), done.stdout.splitlines()


def harmed(campaign: Mailed, victims: Victims, acknowledged: list[str]) -> list[str]:
    """Let everybody try again as their browser would; return who is worse off than without the crash, and how."""
    found = []
    for name, kept in victims.collecting.items():
        try:
            campaign.submit(finish(campaign, kept))
        except CredentialTaken:
            found.append(f"{name}: cannot collect any more")
    for name, credential in victims.sending.items():
        was_there = is_counted(campaign, credential)
        if name in acknowledged and not was_there:
            found.append(f"{name}: acknowledged and lost")
        try:
            campaign.submit(credential)
        except CredentialSpent:
            if not was_there:
                found.append(f"{name}: used up without an answer")
    return found


def is_counted(campaign: Mailed, credential: Credential) -> bool:
    with campaign.platform.reading() as session:
        return ballots.is_there(session, [ballot_id_of_credential(credential)])


def n_ballots(campaign: Mailed) -> int:
    with campaign.platform.reading() as session:
        return ballots.n_of_campaign(session, campaign.id)


@pytest.mark.attack("T32")
def test_a_server_that_is_killed_harms_nobody(platform: Platform, cast: Cast, environ: dict[str, str]) -> None:
    campaign = mailed(platform, cast, teams=["Atlas"])

    victims, acknowledged = kill_the_server(campaign, environ)

    assert acknowledged == ["send after"]
    collected = [find_invitation(campaign.platform, kept.token).is_collected for kept in victims.collecting.values()]
    assert collected == [False, True]
    assert [is_counted(campaign, credential) for credential in victims.sending.values()] == [False, True]
    assert harmed(campaign, victims, acknowledged) == []
    assert n_ballots(campaign) == 4


@pytest.mark.attack("T32")
def test_asking_again_after_a_lost_reply_gives_the_same_signature_and_no_other(platform: Platform, cast: Cast) -> None:
    campaign = mailed(platform, cast, teams=["Atlas"])
    kept, other = begin(campaign, 0), begin(campaign, 0)

    replies = {issue_credential(campaign.platform, kept.token, kept.blinding.blinded) for _ in range(3)}

    assert len(replies) == 1
    with pytest.raises(CredentialTaken):
        issue_credential(campaign.platform, other.token, other.blinding.blinded)
    assert campaign.submit(finish(campaign, kept)).reading_key
    # Also after it answered: whoever asks learns nothing about that.
    assert {issue_credential(campaign.platform, kept.token, kept.blinding.blinded)} == replies


@pytest.mark.leaky("T32")
def test_a_server_that_knows_only_that_it_signed_would_strand_somebody(
    platform: Platform, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaky: what was signed is not noted, so a second request for the same looks like one for another."""
    campaign = mailed(platform, cast, teams=["Atlas"])
    victims = Victims({"collect after": begin(campaign, 0)}, {})
    monkeypatch.setattr(issuing, "blinded_digest", lambda _blinded: os.urandom(32))
    for kept in victims.collecting.values():
        issue_credential(campaign.platform, kept.token, kept.blinding.blinded)  # the reply is lost

    assert harmed(campaign, victims, []) == ["collect after: cannot collect any more"]


@pytest.mark.leaky("T32")
def test_a_server_that_writes_later_would_lose_what_it_acknowledged(
    platform: Platform, cast: Cast, environ: dict[str, str]
) -> None:
    campaign = mailed(platform, cast, teams=["Atlas"])

    victims, acknowledged = kill_the_server(campaign, environ, WRITTEN_LATER)

    assert "send after: acknowledged and lost" in harmed(campaign, victims, acknowledged)
