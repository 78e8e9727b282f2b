"""Submitting over HTTP: accepted ballots per second, against two limits of the same machine in the same run.

The first limit is what the same server can do at all: a view that stores one row of the same size (`benchmarks.bare`).
The second is what the database can do without any server. What is sent is what the review page sends.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from statistics import median
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.hashes import SHA384

from assessment.domain.blind_signatures import SALT_LENGTH
from assessment.domain.cards import card_digest, mint_code, mint_token, read_code
from assessment.domain.credentials import RANDOM_LENGTH, Credential
from assessment.services.campaigns import CampaignView
from assessment.services.platform import Platform
from assessment.storage import ballots, campaigns, cards, signing_files
from assessment.web.respond import forms
from benchmarks import bare
from benchmarks.clients import Server, send_all, serving
from benchmarks.instance import DATABASES, new_platform, open_for, set_up_teams
from benchmarks.measuring import Result, in_turns, median_ratio, seconds
from questionnaires.instrument import Questionnaire

LEAST = 0.6
WAYS = {"cards": "a card", "open_link": "an open link", "email": "a credential"}
# As many as the two workers of the usual configuration have threads.
CLIENTS = 8
TEAMS = 4


def run(*, quick: bool, full: bool) -> Iterator[Result]:
    del full
    n, rounds = (16, 1) if quick else (320, 7)
    for database in DATABASES[:1] if quick else DATABASES:
        with new_platform(database) as platform:
            yield from _of(platform, database, n, rounds, None if quick else LEAST)


def _of(platform: Platform, database: str, n: int, rounds: int, least: float | None) -> Iterator[Result]:
    url = platform.settings.database_url
    bare.make_table(url)
    set_up_teams(platform, [f"{way}{number}" for way in WAYS for number in range(TEAMS)])
    opened = {way: open_for(platform, [f"{way}{number}" for number in range(TEAMS)], way) for way in WAYS}
    with ExitStack() as stack:
        product = stack.enter_context(serving(platform.settings, "assessment.cli.web_server"))
        limit = stack.enter_context(serving(platform.settings, "benchmarks.bare"))
        insert_all = stack.enter_context(_driver(url))
        for keep_alive in (False, True):
            for way, view in opened.items():
                yield from _compare(
                    platform, (product, limit, insert_all), view, way, database, n, rounds, least, keep_alive
                )


def _compare(
    platform: Platform,
    places: tuple[Server, Server, Callable[[int], object]],
    view: CampaignView,
    way: str,
    database: str,
    n: int,
    rounds: int,
    least: float | None,
    keep_alive: bool,
) -> Iterator[Result]:
    product, limit, insert_all = places
    before = _n_ballots(platform, view.id)
    bodies = iter(BODIES[way](platform, view, n * (rounds + 1)))
    batches = [[next(bodies) for _ in range(n)] for _ in range(rounds + 1)]
    ready = iter([[product.request("/answer", body, keep_alive=keep_alive) for body in batch] for batch in batches])
    plain = [limit.request("/bare", body, keep_alive=keep_alive) for body in batches[0]]
    rates = in_turns(
        {
            "bare": lambda: send_all(limit, plain, clients=CLIENTS, keep_alive=keep_alive),
            "ours": lambda: send_all(product, next(ready), clients=CLIENTS, keep_alive=keep_alive),
            "database": lambda: n / seconds(lambda: insert_all(n)),
        },
        rounds,
    )
    stored = _n_ballots(platform, view.id) - before
    if stored != n * (rounds + 1):
        raise RuntimeError(f"{n * (rounds + 1)} ballots were acknowledged and {stored} are there")
    name = f"{database}, {WAYS[way]}, {'kept' if keep_alive else 'new'} connections"
    own = median(rates["ours"])
    ratio = median_ratio(rates["ours"], rates["bare"])
    yield Result(f"submit, {name}: bare POST", median(rates["bare"]), own, "ballots/s", ratio, least, "at least")
    ratio = median_ratio(rates["ours"], rates["database"])
    yield Result(f"submit, {name}: driver alone", median(rates["database"]), own, "ballots/s", ratio, None)


def _n_ballots(platform: Platform, campaign_id: int) -> int:
    with platform.reading() as session:
        return ballots.n_of_campaign(session, campaign_id)


@contextmanager
def _driver(url: str) -> Iterator[Callable[[int], object]]:
    """Give what inserts n rows as fast as the database takes them: SQLite from one writer, PostgreSQL from many."""
    connections = [bare.connect_driver(url) for _ in range(1 if url.startswith("sqlite:") else CLIENTS)]

    def insert_all(n: int) -> None:
        def work(insert: bare.Insert) -> None:
            for _ in range(n // len(connections)):
                insert()

        threads = [threading.Thread(target=work, args=(bare.inserter(connection),)) for connection in connections]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    yield insert_all
    for connection in connections:
        connection.close()


def _answers(asked: Questionnaire) -> dict[str, str]:
    given = {question.key: question.lowest + 1 for question in asked.questions}
    return {forms.PACKED: forms.pack(given, asked), "page": "review", "lang": "en", "to": "send"}


def _by_card(platform: Platform, view: CampaignView, n: int) -> list[bytes]:
    """Mint cards beyond those that are printed; what a card is used for is the same."""
    codes = [read_code(mint_code()) or "" for _ in range(n)]
    with platform.transaction() as session:
        for number, team in enumerate(view.teams):
            mine = codes[number :: len(view.teams)]
            cards.add(session, view.id, team.id, (card_digest(code) for code in mine))
    return [urlencode(_answers(view.questionnaire) | {"code": code}).encode() for code in codes]


def _by_link(_platform: Platform, view: CampaignView, n: int) -> list[bytes]:
    links = [(team.link_url or "").rpartition("/")[2] for team in view.teams]
    return [
        urlencode(_answers(view.questionnaire) | {"link": links[number % len(links)], "nonce": mint_token()}).encode()
        for number in range(n)
    ]


def _by_credential(platform: Platform, view: CampaignView, n: int) -> list[bytes]:
    """Sign credentials with the teams' keys, as if they had been collected; that many invitations would take hours."""
    with platform.reading() as session:
        campaign = campaigns.get(session, view.id)
        public_key = campaign.public_key if campaign is not None else None
    assert public_key is not None
    directory = platform.settings.key_directory
    keys = {team.id: signing_files.load(directory, view.id, public_key, team.id) for team in view.teams}
    answers = _answers(view.questionnaire)
    bodies = []
    for number in range(n):
        node = view.teams[number % len(view.teams)].id
        unsigned = Credential(view.id, node, os.urandom(RANDOM_LENGTH), os.urandom(RANDOM_LENGTH), b"")
        key = keys[node]
        assert key is not None
        signature = key.sign(unsigned.message, PSS(MGF1(SHA384()), SALT_LENGTH), SHA384())
        bodies.append(urlencode(answers | {"credential": replace(unsigned, signature=signature).text}).encode())
    return bodies


BODIES = {"cards": _by_card, "open_link": _by_link, "email": _by_credential}
