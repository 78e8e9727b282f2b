"""Which teams of a quarter may be asked, against exact row reduction over all groups of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.domain.overlap import leaves_few

SIZE = 3
PEOPLE = st.sets(st.integers(0, 11), min_size=SIZE, max_size=8).map(frozenset)


def rank(rows: Sequence[Sequence[int]]) -> int:
    left = [[Fraction(value) for value in row] for row in rows]
    n = 0
    for column in range(len(left[0])) if left else ():
        pivot = next((row for row in range(n, len(left)) if left[row][column]), None)
        if pivot is None:
            continue
        left[n], left[pivot] = left[pivot], left[n]
        for row in range(len(left)):
            if row != n and left[row][column]:
                factor = left[row][column] / left[n][column]
                left[row] = [value - factor * other for value, other in zip(left[row], left[n], strict=True)]
        n += 1
    return n


def gives_few_away(teams: Sequence[frozenset[int]], size: int) -> bool:
    """Whether any sum of the teams, with any factors, is about at least one person and fewer than `size`."""
    people = Counter(tuple(person in team for team in teams) for person in frozenset().union(*teams))
    groups = list(people)
    matrix = [[int(group[number]) for group in groups] for number in range(len(teams))]
    small = [number for number, group in enumerate(groups) if people[group] < size]
    for n in range(1, size):
        for chosen in combinations(small, n):
            if sum(people[groups[number]] for number in chosen) < size:
                others = [[row[number] for number in range(len(groups)) if number not in chosen] for row in matrix]
                if rank(others) < rank(matrix):
                    return True
    return False


@given(st.lists(PEOPLE, min_size=2, max_size=4))
def test_teams_that_are_let_through_give_nobody_away(teams: list[frozenset[int]]):
    asked: list[frozenset[int]] = []
    for team in teams:
        if not leaves_few(team, asked, SIZE):
            asked.append(team)
    assert not gives_few_away(asked, SIZE)


@pytest.mark.parametrize(
    ("people", "others", "refused"),
    [
        (range(12), [], False),
        (range(12), [range(12, 20)], False),
        (range(11), [range(12)], True),
        (range(8), [range(12)], True),
        (range(6), [range(12)], False),
        (range(6, 11), [range(12), range(6)], True),
        (range(6, 12), [range(12), range(6)], True),
        # Somebody who changed teams meanwhile keeps neither from being asked.
        (range(4, 16), [range(5)], False),
        (range(3, 8), [range(4)], False),
        (range(4), [range(4, 6)], False),
    ],
)
def test_which_team_of_a_quarter_is_refused(people: range, others: list[range], refused: bool):
    assert leaves_few(people, others, 5) is refused


def test_teams_too_entangled_to_be_looked_at_are_refused():
    ring = [[number, (number + 1) % 12] for number in range(12)]
    assert leaves_few(ring[0], ring[1:], 5)
