"""Promise: who knows everybody's role still learns nothing of a few people, from reports or from the whole database.

The attacker is given more than there is: the role of every single person (or that they gave none), which teams are in
every published figure, the exact total of every group that figures are made of, and of the roles that are kept the
exact total in place of the mean in tenths. Then every union of groups is tried against every set of roles, one by one
and without the equations that our own code uses: what is left when the one is taken from the other, on either side?
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pytest

from assessment.domain.ballots import SEALED_LENGTH, seal
from questionnaires.answers import encode
from questionnaires.instrument import Questionnaire
from questionnaires.roles import ROLES
from reports.canonical import to_json
from reports.kept import Node
from tests.anonymity import leaks_disclosure as leaks
from tests.anonymity.published import Publication, publish
from tests.reports.builders import counted_of, one_aspect
from tests.reports.test_carry_up import random_organisation

SMALL = 5
MOST_GROUPS = 12
ASPECT = "cooperation"
Roles = tuple[str, ...]


class Person(NamedTuple):
    """What colleagues know of somebody who answered."""

    team: int
    role: str | None


class Found(NamedTuple):
    """A sum that is known: of these people's scores, less those people's."""

    plus: frozenset[int]
    minus: frozenset[int]


@pytest.fixture
def n_organisations(request: pytest.FixtureRequest) -> int:
    return 600 if request.config.getoption("--slow", default=False) else 60


@pytest.fixture
def asked() -> Questionnaire:
    return one_aspect(with_roles=True)


def random_people(dice: random.Random, nodes: Sequence[Node], asked: Questionnaire) -> dict[int, list[dict[str, int]]]:
    """Everybody's answers by team: teams differ in which roles they have, and some people do not say theirs."""
    silent = dice.choice([0.0, 0.05, 0.2])
    found: dict[int, list[dict[str, int]]] = {}
    for node in nodes:
        if node.kind != "team":
            continue
        shares = dice.choice([(1, 1, 1, 1), (8, 2, 1, 0), (1, 8, 0, 1), (1, 0, 0, 0), (0, 1, 0, 0), (4, 3, 2, 1)])
        found[node.id] = []
        for _ in range(node.n_invited or 0):
            if dice.random() < 0.15:
                continue
            person = {q.key: dice.randint(1, 7) for q in asked.questions if q.kind == "item" and dice.random() > 0.05}
            if dice.random() >= silent:
                person["role"] = dice.choices([1, 2, 3, 4], shares)[0]
            found[node.id].append(person)
    return found


def closed(nodes: tuple[Node, ...], people: Mapping[int, list[dict[str, int]]], asked: Questionnaire) -> Publication:
    return publish(nodes, {team: counted_of(asked, answers) for team, answers in people.items()}, asked)


def known(people: Mapping[int, list[dict[str, int]]]) -> list[Person]:
    """Return who has a score, which takes two answered statements, with team and role."""
    return [
        Person(team, ROLES[person["role"] - 1] if "role" in person else None)
        for team, answers in people.items()
        for person in answers
        if sum(key.startswith("item:") for key in person) >= 2
    ]


def groups_of(publication: Publication) -> list[frozenset[int]]:
    """Return the sets of teams that all totals of the aspect are made of, published or kept: those that none parts."""
    measure = f"aspect:{ASPECT}"
    covers = publication.covers(measure) | {c for (_, kept), c in publication.kept_covers.items() if kept == measure}
    apart: dict[frozenset[frozenset[int]], set[int]] = {}
    for team in frozenset().union(*covers):
        apart.setdefault(frozenset(cover for cover in covers if team in cover), set()).add(team)
    return [frozenset(teams) for teams in apart.values()]


def few_left_over(groups: Sequence[frozenset[int]], people: Sequence[Person], roles: Sequence[str]) -> list[Found]:
    """The attack: return every few people whose scores' sum, or its difference from few others', can be computed."""
    counted = [number for number, one in enumerate(people) if any(one.team in group for group in groups)]
    inside = np.array([[people[number].team in group for number in counted] for group in groups], dtype=bool)
    unions = np.array([*itertools.product((False, True), repeat=len(groups))], dtype=bool)
    in_union = (unions.astype(np.int8) @ inside.astype(np.int8)).astype(bool)
    found = []
    for size in range(1, len(roles) + 1):
        for chosen in itertools.combinations(roles, size):
            has_role = np.array([people[number].role in chosen for number in counted])
            plus, minus = in_union & ~has_role, ~in_union & has_role
            n_plus, n_minus = plus.sum(axis=1), minus.sum(axis=1)
            for line in np.flatnonzero((n_plus < SMALL) & (n_minus < SMALL) & (n_plus + n_minus > 0)):
                sides = (frozenset(counted[i] for i in np.flatnonzero(side[line])) for side in (plus, minus))
                found.append(Found(*sides))
    return found


def attacked(dice: random.Random, asked: Questionnaire) -> tuple[list[Found], Roles]:
    """Close a random organisation and attack it; return what was found and which roles are kept."""
    while True:
        nodes = random_organisation(dice)
        people = random_people(dice, nodes, asked)
        publication = closed(nodes, people, asked)
        groups = groups_of(publication)
        if groups and len(groups) <= MOST_GROUPS:
            break
    roles = publication.roles(ASPECT)
    return few_left_over(groups, known(people), roles), roles


@pytest.mark.attack("T19")
def test_no_union_of_groups_less_any_roles_leaves_few_people(
    n_organisations: int, asked: Questionnaire, capsys: pytest.CaptureFixture[str]
):
    dice, n_shown = random.Random(211), 0
    for _ in range(n_organisations):
        found, roles = attacked(dice, asked)
        assert found == []
        n_shown += bool(roles)
    with capsys.disabled():
        print(f"\n{n_organisations} organisations: roles compared in {n_shown}, 0 small groups derivable")
    assert n_shown > n_organisations / 10


@pytest.mark.leaky("T19")
def test_roles_kept_from_ten_people_of_three_teams_leave_few(
    monkeypatch: pytest.MonkeyPatch, n_organisations: int, asked: Questionnaire
):
    leaks.roles_by_their_own_size(monkeypatch)
    dice = random.Random(211)
    broken = [bool(attacked(dice, asked)[0]) for _ in range(n_organisations)]
    assert sum(broken) > n_organisations / 10


@pytest.mark.attack("T19")
def test_nothing_but_the_comparison_depends_on_who_has_which_role(asked: Questionnaire):
    dice, n_different = random.Random(213), 0
    for _ in range(10):
        nodes = random_organisation(dice)
        people = random_people(dice, nodes, asked)
        one = closed(nodes, people, asked)
        for answers in people.values():
            for person in answers:
                person["role"] = dice.randint(1, 4)
        other = closed(nodes, people, asked)
        n_different += one.kept.roles != other.kept.roles
        assert one.kept.figures == other.kept.figures
        assert not [key for _, key in one.kept.figures if "role" in key]
        assert (one.released.whole, one.released.departments) == (other.released.whole, other.released.departments)
        assert one.released.teams == other.released.teams
        for part in (*one.released.teams, *one.released.departments, one.released.whole):
            assert not [role for role in (*ROLES, "role") if f'"{role}"' in json.dumps(to_json(part))]
    assert n_different


@pytest.mark.leaky("T19")
def test_roles_counted_for_teams_would_depend_on_them(monkeypatch: pytest.MonkeyPatch, asked: Questionnaire):
    leaks.roles_counted_for_teams(monkeypatch)
    dice = random.Random(213)
    nodes = random_organisation(dice)
    people = random_people(dice, nodes, asked)
    one = closed(nodes, people, asked)
    assert [key for _, key in one.kept.figures if "role" in key]


def test_a_ballot_with_a_role_is_as_long_as_one_without(asked: Questionnaire):
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    public = X25519PrivateKey.generate().public_key().public_bytes_raw()
    without = {question.key: 4 for question in asked.questions if question.kind != "role"}
    coded = [encode(given, asked) for given in ({}, without, *(without | {"role": value} for value in (1, 2, 3, 4)))]
    assert len({len(one) for one in coded}) == 1
    assert {len(seal(one, public, 1, 2)) for one in coded} == {SEALED_LENGTH}
