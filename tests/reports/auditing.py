"""An attacker with exact arithmetic: which small groups can be computed from published totals?

Every published figure is the sum over a cover, a 0/1 vector over teams. A group of teams is derivable when its own
0/1 vector is a linear combination of the published ones, which is the case exactly when it is orthogonal to every
vector of their null space. The null space comes from row reduction in fractions, the groups from an exhaustive search
over all sets of teams with fewer answers than the size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction


def row_reduced(rows: Iterable[Sequence[int]]) -> tuple[list[list[Fraction]], list[int]]:
    """Bring a matrix to reduced row echelon form; return its rows and the pivot columns."""
    matrix = [[Fraction(value) for value in row] for row in rows]
    pivots: list[int] = []
    width = len(matrix[0]) if matrix else 0
    for column in range(width):
        top = len(pivots)
        found = next((i for i in range(top, len(matrix)) if matrix[i][column]), None)
        if found is None:
            continue
        matrix[top], matrix[found] = matrix[found], matrix[top]
        lead = matrix[top][column]
        matrix[top] = [value / lead for value in matrix[top]]
        for i, row in enumerate(matrix):
            if i != top and row[column]:
                factor = row[column]
                matrix[i] = [value - factor * other for value, other in zip(row, matrix[top], strict=True)]
        pivots.append(column)
    return matrix[: len(pivots)], pivots


def null_space(rows: Sequence[Sequence[int]], width: int) -> list[list[Fraction]]:
    """Return a basis of all vectors that are orthogonal to every row."""
    reduced, pivots = row_reduced(rows)
    basis = []
    for free in (column for column in range(width) if column not in pivots):
        vector = [Fraction(0)] * width
        vector[free] = Fraction(1)
        for row, pivot in zip(reduced, pivots, strict=True):
            vector[pivot] = -row[free]
        basis.append(vector)
    return basis


def derivable_groups(covers: Iterable[Iterable[int]], n: Mapping[int, int], size: int) -> Iterator[frozenset[int]]:
    """Yield every set of teams with 1 to size - 1 answers whose total can be computed from the covers' totals."""
    teams = sorted(team for team, answers in n.items() if answers)
    rows = [[int(team in cover) for team in teams] for cover in map(frozenset, covers)]
    basis = null_space(rows, len(teams))
    coordinates = [tuple(vector[i] for vector in basis) for i in range(len(teams))]
    zero = (Fraction(0),) * len(basis)

    def search(start: int, chosen: list[int], total: tuple[Fraction, ...], answers: int) -> Iterator[frozenset[int]]:
        for i in range(start, len(teams)):
            more = answers + n[teams[i]]
            if more < size:
                both = tuple(a + b for a, b in zip(total, coordinates[i], strict=True))
                if both == zero:
                    yield frozenset([*(teams[j] for j in chosen), teams[i]])
                yield from search(i + 1, [*chosen, i], both, more)

    yield from search(0, [], zero, 0)


def smallest_block(covers: Iterable[Iterable[int]], n: Mapping[int, int]) -> int | None:
    """Return the answers of the smallest set of teams that is always counted whole.

    Every combination of the totals is constant on such a set, so no combination whatever, with any weights, has fewer
    answers behind it. None when nothing is published.
    """
    published = list(map(frozenset, covers))
    sizes: dict[tuple[bool, ...], int] = {}
    for team, answers in n.items():
        column = tuple(team in cover for cover in published)
        if any(column):
            sizes[column] = sizes.get(column, 0) + answers
    return min((size for size in sizes.values() if size), default=None)
