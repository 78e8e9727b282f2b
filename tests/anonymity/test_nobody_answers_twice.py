"""Promise: everybody who is asked counts once, however often and however fast something is sent.

The attackers have what a respondent has: an invitation's token, a credential, a card's code or a filled-in form, and
many connections. What they want is a second ballot, or a second credential.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from assessment.domain.credentials import Credential
from assessment.domain.errors import CardSpent, CredentialSpent, CredentialTaken
from assessment.services import issue_credential as issuing
from assessment.services.find_invitation import find_invitation
from assessment.services.issue_credential import issue_credential
from assessment.services.platform import Platform
from assessment.services.submit_ballot import DoorKey, submit_ballot
from assessment.storage import ballots
from tests import builders
from tests.anonymity import blind_client
from tests.anonymity.blind_client import Modulus
from tests.anonymity.mailed import Mailed, mailed, mint_tokens
from tests.builders import Cast

THREADS = 50


def at_once(work: list[Callable[[], Any]]) -> list[Any]:
    """Start everything at the same moment, each in a thread of its own; return results, or what was raised."""
    start = threading.Barrier(len(work))

    def run(job: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return job()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def n_ballots(platform: Platform) -> int:
    with platform.reading() as session:
        return session.scalar(sa.text("SELECT count(*) FROM ballot")) or 0


def spend_often(platform: Platform, door_key: DoorKey, answers: dict[str, int | None], n: int = THREADS) -> list[Any]:
    """Send one key with many answers at once and once more after; return what came back."""
    send = [lambda: submit_ballot(platform, door_key=door_key, answers=answers)] * n
    return [*at_once(send), *at_once(send[:1])]


def keys_of_every_way(platform: Platform, cast: Cast) -> dict[str, tuple[Platform, DoorKey, dict[str, int | None]]]:
    """Return something to answer with of each way, with its platform and answers."""
    by_mail = mailed(platform, cast, teams=["Atlas"])
    by_card = builders.opened(platform, cast, teams=["Borealis"])
    by_link = builders.opened(platform, cast, teams=["Cygnus"], way="open_link")
    return {
        "email": (by_mail.platform, by_mail.collect("Atlas"), by_mail.answers()),
        "cards": (platform, by_card.codes("Borealis")[0], builders.answers(by_card.questionnaire)),
        "open_link": (platform, (by_link.link("Cygnus"), "one-form"), builders.answers(by_link.questionnaire)),
    }


@pytest.mark.attack("T10")
@pytest.mark.parametrize("way", ["email", "cards", "open_link"])
def test_one_key_sent_by_many_at_once_and_again_later_is_one_ballot(platform: Platform, cast: Cast, way: str) -> None:
    sending, key, answers = keys_of_every_way(platform, cast)[way]

    replies = spend_often(sending, key, answers)

    assert n_ballots(platform) == 1
    refused = [reply for reply in replies if isinstance(reply, Exception)]
    assert {type(error) for error in refused} <= {CardSpent, CredentialSpent}
    # A form of the open link that is sent again reads the same receipt; it is stored once all the same.
    assert len(refused) == (0 if way == "open_link" else THREADS)


@pytest.mark.leaky("T10")
@pytest.mark.parametrize("way", ["email", "cards", "open_link"])
def test_a_mark_that_is_looked_at_before_would_let_many_in(
    platform: Platform, cast: Cast, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaky: the ballot's key is drawn, so that only looking before could tell a second one."""
    sending, key, answers = keys_of_every_way(platform, cast)[way]
    add = ballots.add

    def drawn(session: Any, *, ballot_id: bytes, **values: Any) -> bool:
        return add(session, ballot_id=secrets.token_bytes(len(ballot_id)), **values)

    monkeypatch.setattr(ballots, "add", drawn)
    spend_often(sending, key, answers)

    assert n_ballots(platform) > 1


def collect_often(campaign: Mailed, token: str, n: int = 12) -> list[Credential]:
    """Have as many different messages signed for one token at once; return the credentials that came of it."""
    found = find_invitation(campaign.platform, token)
    key, ids = Modulus.of(found.public_key), (found.door.campaign_id, found.door.node_id)
    prepared = [blind_client.prepare(blind_client.message(*ids)) for _ in range(n)]
    made = [blind_client.blind(key, each) for each in prepared]

    def ask(blinded: bytes) -> Callable[[], bytes]:
        return lambda: issue_credential(campaign.platform, token, blinded)

    replies = at_once([ask(each.blinded) for each in made])
    assert {type(reply) for reply in replies} <= {bytes, CredentialTaken}
    return [
        blind_client.credential_of(*ids, message, blind_client.finalize(key, message, reply, blinding.inverse))
        for message, blinding, reply in zip(prepared, made, replies, strict=True)
        if isinstance(reply, bytes)
    ]


@pytest.mark.attack("T10")
def test_one_token_collects_one_credential_however_many_ask_at_once(platform: Platform, cast: Cast) -> None:
    campaign = mailed(platform, cast, teams=["Atlas"])

    credentials = collect_often(campaign, campaign.tokens["Atlas"][0])

    assert len(credentials) == 1
    assert campaign.submit(credentials[0]).reading_key
    assert n_ballots(platform) == 1


@pytest.mark.attack("T10")
def test_every_mail_of_a_person_collects_the_same_one_credential(platform: Platform, cast: Cast) -> None:
    """A reminder mints another token; it is another way to the same right, also when both are used at once."""
    campaign = mailed(platform, cast, teams=["Atlas"])
    reminder = mint_tokens(campaign.platform, campaign.id, campaign.node("Atlas"))
    tokens = [campaign.tokens["Atlas"][0], reminder[0]] * 4

    replies = at_once([lambda token=token: blind_client.collect(campaign.platform, token) for token in tokens])

    assert sum(isinstance(reply, Credential) for reply in replies) == 1
    assert blind_client.collect(campaign.platform, reminder[1])


@pytest.mark.leaky("T10")
def test_an_invitation_without_a_mark_would_give_out_several(
    platform: Platform, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaky: what was signed for somebody is not looked at when the next message comes."""
    campaign = mailed(platform, cast, teams=["Atlas"])
    asked = issuing.asked

    def unmarked(session: Any, invited: Any, *, lock: bool = False) -> Any:
        invitee = asked(session, invited, lock=lock)
        invitee.is_issued, invitee.blinded = False, None
        return invitee

    monkeypatch.setattr(issuing, "asked", unmarked)

    assert len(collect_often(campaign, campaign.tokens["Atlas"][0])) > 1


@pytest.mark.leaky("T10")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_mark_that_is_read_without_a_lock_would_give_out_several(
    platform: Platform, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaky: the row is not held. SQLite writes one transaction at a time, so this leak is PostgreSQL's alone."""
    campaign = mailed(platform, cast, teams=["Atlas"])
    asked = issuing.asked

    def read_only(session: Any, invited: Any, *, lock: bool = False) -> Any:
        invitee = asked(session, invited)
        time.sleep(0.2 if lock else 0)
        return invitee

    monkeypatch.setattr(issuing, "asked", read_only)

    assert len(collect_often(campaign, campaign.tokens["Atlas"][0])) > 1
