"""What is kept of how roles answer: coarse already in the database, and for the whole organisation only.

People often know who of their colleagues builds, runs, decides or leads. Somebody who knows everybody's role can add
and subtract whatever is kept: the groups that do not overlap and that all figures of an aspect are made of (*blocks*),
and the figures of roles, which run across them. With V some of the roles shown and U some of the blocks, "U less V"
leaves the people in U with another role or none, with a plus, and those outside U with a role of V, with a minus. Where
neither of the two is as large as the least size, few people's answers come out. So for every V and every U both must be
nobody, or one of them at least the least size. Other factors than plus and minus one give nothing better: what they
leave contains what one such U and V leave.

Whether there is such a U needs no search through all of them: block by block, one adds its people without V (it is in
U) or its people with V (it is not). Only pairs of sums that are both below the least size matter, and those are few.
Which V fail does not depend on the other roles shown; so the roles kept are the largest set without a V that fails.

The least size here is the detail size, from which exact sums are shown: the reporting size would let a group of five to
seven, whose own mean is told to one decimal and open at the ends, be measured a second time.

Who left out a statement nobody knows, so complete cases (`reports.carry_up`) are no group that a role could be compared
with. And the means kept are in tenths; that the sums are taken for exact here is on the safe side.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from questionnaires.roles import ROLES
from reports.coarse import coarse_mean
from reports.counting import role_measure
from reports.histograms import Histogram
from reports.kept import DETAIL_AT_LEAST, ROLE_AT_LEAST, ROLE_TEAMS_AT_LEAST, KeptRole, KeptRoles
from reports.statistics import Scale
from reports.stratified import row_mean_scores

LEAST_ANSWERS = ROLE_AT_LEAST
"""Of fewer people with a role, its mean is not kept."""
LEAST_TEAMS = ROLE_TEAMS_AT_LEAST
"""Of fewer teams with a role among them, its mean is not kept."""

Counted = Mapping[int, Mapping[str, Histogram]]
Roles = frozenset[str]
_EMPTY = Histogram()


def keep_roles(
    aspect: str, scale: Scale, blocks: Sequence[Collection[int]], counted: Counted, reporting_size: int
) -> KeptRoles | None:
    """Return what is kept of how roles score one aspect, or None where fewer than two roles may be kept.

    :param blocks: teams by the groups that the organisation's own figure of the aspect is made of.
    :param counted: histograms by team and measure, as `reports.counting.collapse` gives them.
    """
    teams = [team for block in blocks for team in block]

    def scores(team: int, role: str) -> Histogram:
        return counted.get(team, {}).get(role_measure(role, aspect), _EMPTY)

    by_role = {role: [part for part in (scores(team, role) for team in teams) if part.n] for role in ROLES}
    answers = {role: sum(part.n for part in parts) for role, parts in by_role.items()}
    enough = max(LEAST_ANSWERS, reporting_size)
    large = [role for role in ROLES if answers[role] >= enough and len(by_role[role]) >= LEAST_TEAMS]
    cells = [
        (
            sum(counted.get(team, {}).get(f"aspect:{aspect}", _EMPTY).n for team in block),
            {role: sum(scores(team, role).n for team in block) for role in large},
        )
        for block in blocks
    ]
    found = largest_safe(cells, large, max(DETAIL_AT_LEAST, reporting_size))
    if len(found) < 2:
        return None
    kept = {}
    for role in found:
        tenths = 10 * coarse_mean(Histogram.total(by_role[role]), scale).value
        kept[role] = KeptRole(answers[role], len(by_role[role]), int(tenths))
    test = row_mean_scores([scores(team, role) for role in found] for team in teams)
    thousandths = None if test is None else math.ceil(1000 * Fraction(test.p))
    return KeptRoles(kept, thousandths)


def largest_safe(cells: Sequence[tuple[int, Mapping[str, int]]], large: Sequence[str], least: int) -> tuple[str, ...]:
    """Return the largest set of roles of which no part gives a small group away, in the order of the question.

    Of several sets of one size it is that with most answers, then that with the earlier roles.

    :param cells: of every block, how many people it has and how many of each role.
    :param large: the roles to choose from, in the order of the question.
    :param least: the least size of what may be left over.
    """
    sets = [chosen for size in range(1, len(large) + 1) for chosen in itertools.combinations(large, size)]
    failing = [
        frozenset(part) for part in sets if leaves_few([(n, sum(by[role] for role in part)) for n, by in cells], least)
    ]
    answers = {role: sum(by[role] for _, by in cells) for role in large}
    safe = [chosen for chosen in sets if not any(part <= frozenset(chosen) for part in failing)]
    # Sets of one size stand in the order of the question, and the first of the best is taken.
    return max(safe, key=lambda chosen: (len(chosen), sum(answers[role] for role in chosen)), default=())


def leaves_few(cells: Sequence[tuple[int, int]], least: int) -> bool:
    """Whether some union of blocks, less the people of some roles, leaves few people, but not nobody.

    :param cells: of every block, how many people it has and how many of them have one of the roles.
    :param least: the least number of people, on one of the two sides, that is not few.
    """
    # The bit a * least + b stands for: a people left over with a plus, b with a minus, both below the least size.
    everything = (1 << least * least) - 1
    column = sum(1 << least * plus for plus in range(least))
    reached = 1
    for n, n_role in cells:
        plus, minus = n - n_role, n_role
        inside = reached << least * plus & everything if plus < least else 0
        outside = (reached & column * ((1 << least - minus) - 1)) << minus if minus < least else 0
        reached = inside | outside
        if not reached:
            return False
    return reached != 1
