"""Promise: what is stored of a person and what is stored of an answer cannot be brought together.

Who reads the database, its log and its own notes on every row (PostgreSQL's `xmin`, `xmax` and `ctid`, SQLite's row
ids and write-ahead log) has all rows here, and the codes and tokens of nobody. Where somebody answers right after
collecting a credential, order does link the rows on PostgreSQL and in SQLite's log; then sealing is what holds.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from scipy.stats import binom

from assessment.services.platform import Platform
from questionnaires.instrument import Questionnaire
from tests import builders
from tests.anonymity import leaks
from tests.anonymity.forensics import PEOPLE, Key, SqliteLog, every_value, keys_in, orders, readable, rows, tables
from tests.anonymity.leaks import Leak
from tests.anonymity.respondents import WAYS, Respondent, answer_later, asked, shuffled

ALPHA = 0.001
QUARTERS = [f"{year}-Q{quarter}" for year in range(2026, 2029) for quarter in range(1, 5)]
both_ways = pytest.mark.parametrize("way", WAYS)


# One row that names another, or was written by the same transaction.


def derived(value: object, campaign_id: int) -> Iterator[bytes]:
    """Yield what a program may have made of a value: itself, and its digest as this program makes digests."""
    content = value if isinstance(value, bytes) else str(value).encode()
    yield content
    labels = ("", "card|", "ballot|", "invitation|", "blinded|", f"ballot|{campaign_id}|")
    for spelt in (content, content.hex().encode()):
        yield from (hashlib.sha256(label.encode() + spelt).digest() for label in labels)


def joins(platform: Platform, log: SqliteLog) -> set[tuple[str, str]]:
    """Return by which table and what a ballot can be joined with something else that is stored."""
    found = set()
    stored = rows(platform, "ballot")
    written = {value for ballot in stored for value in ballot.values() if isinstance(value, bytes)}
    transactions = {ballot.get("_xmin") for ballot in stored} - {None}
    for table in set(tables(platform)) - {"ballot"}:
        for row in rows(platform, table):
            found |= {(table, name) for name in ("_xmin", "_xmax") if row.get(name) in transactions}
            if table in PEOPLE:
                for name, value in row.items():
                    if any(guess in written for guess in derived(value, row["campaign_id"])):
                        found.add((table, name))
    for commit in log.commits():
        if "ballot" in commit.changed:
            found |= {(table, "the same commit") for table in commit.changed.keys() - {"ballot"}}
    return found


def everybody_answers(platform: Platform, cast: builders.Cast, way: str) -> SqliteLog:
    campaign, people = asked(platform, cast, way, teams=["Atlas"])
    log = SqliteLog(platform)
    answer_later(platform, people, builders.answers(campaign.questionnaire))
    return log


@pytest.mark.attack("T1")
@both_ways
def test_no_ballot_shares_a_transaction_or_a_value_with_anything_else(
    platform: Platform, cast: builders.Cast, way: str
):
    assert joins(platform, everybody_answers(platform, cast, way)) == set()


@pytest.mark.leaky("T1")
@pytest.mark.parametrize(
    ("way", "leak", "table"),
    [
        ("cards", leaks.people_marked_as_answered, "card"),
        ("cards", leaks.one_digest_for_both, "card"),
        ("email", leaks.people_marked_as_answered, "invitee"),
        ("email", leaks.a_live_count, "node"),
    ],
)
def test_joins_are_found_where_there_are_some(
    platform: Platform, cast: builders.Cast, monkeypatch: pytest.MonkeyPatch, way: str, leak: Leak, table: str
):
    with leak(platform, monkeypatch):
        assert table in {table for table, _ in joins(platform, everybody_answers(platform, cast, way))}


# Both tables brought into an order, and their rows matched one by one.


@dataclass(frozen=True)
class Guessed:
    """How often matching row by row met the truth, of how many rows in teams of which size."""

    n_met: int
    n: int
    team_size: int

    def chance(self) -> float:
        """How likely somebody who only guesses does as well."""
        return float(binom.sf(self.n_met - 1, self.n, 1 / self.team_size))


def ordered(platform: Platform, table: str, node_id: int, written: dict[Key, int]) -> dict[str, list[Key]]:
    found = orders(platform, table, node_id)
    keys = [key for key in found["as stored"] if key in written]
    if keys:
        found["log"] = sorted(keys, key=lambda key: written[key])
    return found | {f"{name}, backwards": keys[::-1] for name, keys in found.items()}


def matches(platform: Platform, log: SqliteLog, people: Sequence[Respondent]) -> dict[tuple[str, str, str], Guessed]:
    """Match every order of people with every order of ballots, team by team; return how well each did."""
    met: Counter[tuple[str, str, str]] = Counter()
    nodes = sorted({person.node_id for person in people})
    written = {table: log.last_written(table) for table in ("ballot", *PEOPLE)}
    for table in {table for person in people for table in person.rows}:
        truth = {person.rows[table]: person.ballot for person in people}
        for node_id in nodes:
            ballots = ordered(platform, "ballot", node_id, written["ballot"])
            for by, keys in ordered(platform, table, node_id, written[table]).items():
                for ballots_by, ballot_keys in ballots.items():
                    hits = sum(truth[key] == ballot for key, ballot in zip(keys, ballot_keys, strict=False))
                    met[table, by, ballots_by] += hits
    return {pair: Guessed(n_met, len(people), len(people) // len(nodes)) for pair, n_met in met.items()}


def linked(found: dict[tuple[str, str, str], Guessed]) -> set[tuple[str, str, str]]:
    """Return the orders that do better than chance, however many were tried."""
    return {pair for pair, guessed in found.items() if guessed.chance() < ALPHA / len(found)}


def simulated(platform: Platform, cast: builders.Cast, way: str, quarter: str) -> set[tuple[str, str, str]]:
    """Let every team collect and answer in orders of their own; return which orders link the rows."""
    campaign, people = asked(platform, cast, way, quarter=quarter, teams=tuple(cast.teams))
    log = SqliteLog(platform)
    answer_later(platform, people, builders.answers(campaign.questionnaire))
    return linked(matches(platform, log, people))


@pytest.fixture
def many_teams(platform: Platform, full: bool) -> builders.Cast:
    """Each team is a campaign of its own for who matches rows."""
    return builders.organisation(platform, sizes={f"T{number}": 5 for number in range(60 if full else 12)})


@pytest.mark.attack("T2")
@pytest.mark.slow
@both_ways
def test_no_order_of_people_and_ballots_does_better_than_guessing(
    platform: Platform, many_teams: builders.Cast, way: str, full: bool
):
    for quarter in QUARTERS[::2] if full else QUARTERS[:1]:
        found = simulated(platform, many_teams, way, quarter)
        # What happened by chance does not happen again.
        again = simulated(platform, many_teams, way, QUARTERS[QUARTERS.index(quarter) + 1]) if found else set()
        assert found & again == set()


@pytest.mark.leaky("T2")
@pytest.mark.parametrize(("way", "table"), [("cards", "card"), ("email", "invitee")])
def test_orders_are_found_where_people_are_marked_as_they_answer(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, way: str, table: str
):
    some_teams = builders.organisation(platform, sizes={f"T{number}": 5 for number in range(4)})
    with leaks.people_marked_afterwards(platform, monkeypatch):
        found = simulated(platform, some_teams, way, QUARTERS[0])
    assert table in {pair[0] for pair in found}


# Somebody watches who comes, and has every row in the order in which it was written.


def seen_coming(platform: Platform, log: SqliteLog, came: Sequence[Respondent]) -> dict[int, Key]:
    """Return which ballot belongs to whom in a list of those who came one after the other, as far as order tells."""
    written = log.last_written("ballot")
    found = ordered(platform, "ballot", came[0].node_id, written)
    by = next(name for name in ("created_at", "number", "rowid", "_xmin", "log", "id") if name in found)
    return dict(enumerate(found[by]))


def answered_at_once(
    platform: Platform, cast: builders.Cast, way: str
) -> tuple[Questionnaire, SqliteLog, list[Respondent]]:
    campaign, people = asked(platform, cast, way, teams=["Atlas"])
    log = SqliteLog(platform)
    came = shuffled(people)
    for number, person in enumerate(came):
        person.collect(platform)
        person.answer(platform, builders.answers(campaign.questionnaire, number / 11))
    return campaign.questionnaire, log, came


def answers_of_people(platform: Platform, cast: builders.Cast, way: str) -> list[int]:
    """Return whose answers somebody knows who watched the twelve of Atlas come and then reads what is stored."""
    questionnaire, log, came = answered_at_once(platform, cast, way)
    keys = keys_in(every_value(platform), platform.settings.instance)
    ballots, answers = seen_coming(platform, log, came), readable(rows(platform, "ballot"), keys, questionnaire)
    return [number for number, person in enumerate(came) if answers.get(ballots[number], None) == person.given]


@pytest.mark.attack("T3")
@both_ways
def test_who_watches_people_come_reads_no_answer_of_theirs(platform: Platform, cast: builders.Cast, way: str):
    assert answers_of_people(platform, cast, way) == []


@pytest.mark.leaky("T3")
@pytest.mark.parametrize("leak", [leaks.ballots_unsealed, leaks.key_in_the_database])
@both_ways
def test_answers_are_read_where_they_are_not_sealed_or_the_key_lies_beside(
    platform: Platform, cast: builders.Cast, monkeypatch: pytest.MonkeyPatch, way: str, leak: Leak
):
    with leak(platform, monkeypatch):
        assert len(answers_of_people(platform, cast, way)) == 12


def test_order_alone_does_tell_which_ballot_is_whose(platform: Platform, cast: builders.Cast):
    """What sealing is for: SECURITY.md says so, and nobody should believe that order is hidden too."""
    _, log, came = answered_at_once(platform, cast, "cards")
    ballots = seen_coming(platform, log, came)
    assert [ballots[number] for number in range(12)] == [person.ballot for person in came]
