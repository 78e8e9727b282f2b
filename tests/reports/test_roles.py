"""Which roles are kept, what of them, and that the search for small groups misses none."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.roles import ROLES
from reports import roles
from reports.canonical import to_json
from reports.carry_up import keep
from reports.counting import measures, role_measure
from reports.disclosure import release_organisation
from reports.kept import Kept, KeptRole, KeptRoles
from reports.released import OpenEnd, Reason, ReleasedRole, RoleVerdict, Withheld
from reports.roles import keep_roles, largest_safe, leaves_few
from reports.stratified import RowMeanScores
from tests.reports.builders import counted_of, one_aspect, organisation_of, questionnaire, scores, team

BUILDING, RUNNING, DECIDING, LEADING = ROLES
ASKED = one_aspect(with_roles=True)
cells = st.lists(st.integers(0, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), max_size=7)
parted = st.lists(st.tuples(*[st.integers(0, 9)] * 4, st.integers(0, 6)), min_size=1, max_size=5)


def person(score: int, role: str | None) -> dict[str, int]:
    answers = {f"item:cooperation_{i}": score for i in (1, 2, 3)}
    return answers if role is None else answers | {"role": ROLES.index(role) + 1}


def closed(teams: Sequence[Mapping[str | None, Sequence[int]]], **more: object) -> Kept:
    """One department of teams; each gives its people's scores by role."""
    nodes = organisation_of([team(number, n_invited=40) for number in range(2, 2 + len(teams))])
    counted = {
        number: counted_of(ASKED, [person(score, role) for role, given in by.items() for score in given])
        for number, by in enumerate(teams, start=2)
    }
    options = {"reporting_size": 5, "questionnaire": ASKED, "quarter": "2026-Q3", **more}
    return keep(nodes, counted, **options)


def by_hand(parts: Sequence[tuple[int, int]], least: int) -> bool:
    """Every union of blocks, one after the other."""
    for inside in itertools.product((False, True), repeat=len(parts)):
        plus = sum(n - role for (n, role), is_in in zip(parts, inside, strict=True) if is_in)
        minus = sum(role for (_, role), is_in in zip(parts, inside, strict=True) if not is_in)
        if 0 < max(plus, minus) < least:
            return True
    return False


@given(cells, st.integers(2, 12))
def test_the_search_finds_what_trying_every_union_finds(parts, least):
    assert leaves_few(parts, least) == by_hand(parts, least)


@given(parted, st.integers(2, 9))
def test_the_roles_kept_are_the_best_of_all_sets_that_leave_nobody(rows, least):
    blocks = [(sum(row), dict(zip(ROLES, row, strict=False))) for row in rows]
    answers = {role: sum(by[role] for _, by in blocks) for role in ROLES}

    def is_safe(chosen):
        parts = [part for size in range(1, len(chosen) + 1) for part in itertools.combinations(chosen, size)]
        return not any(by_hand([(n, sum(by[role] for role in part)) for n, by in blocks], least) for part in parts)

    sets = [chosen for size in range(1, 5) for chosen in itertools.combinations(ROLES, size) if is_safe(chosen)]
    best = max(((len(chosen), sum(answers[role] for role in chosen)) for chosen in sets), default=(0, 0))
    ours = largest_safe(blocks, ROLES, least)
    assert (len(ours), sum(answers[role] for role in ours)) == best
    assert ours == next((c for c in sets if (len(c), sum(answers[role] for role in c)) == best), ())


@given(parted)
def test_more_is_left_over_by_a_larger_least_size(rows):
    parts = [(sum(row), row[0]) for row in rows]
    few = [leaves_few(parts, least) for least in range(2, 12)]
    assert few == sorted(few)


def test_two_roles_are_kept_with_coarse_means_and_nothing_else():
    kept = closed([{BUILDING: [2, 2, 3, 3, 4], RUNNING: [5, 5, 6, 6]}] * 4)
    assert kept.roles == {"cooperation": KeptRoles({BUILDING: KeptRole(20, 4, 28), RUNNING: KeptRole(16, 4, 55)}, 1)}
    assert not [measure for _, measure in kept.figures if "role" in measure]
    assert "role" not in measures(ASKED)


@pytest.mark.parametrize(
    ("teams", "why"),
    [
        ([{BUILDING: [4] * 9, RUNNING: [5] * 3}] * 3, "nine people run"),
        ([{BUILDING: [4] * 9, RUNNING: [5] * 9}] * 2 + [{BUILDING: [4] * 9, None: [4] * 8}], "two teams run"),
        ([{BUILDING: [4] * 12}] * 3, "a single role"),
        ([{BUILDING: [4] * 9, RUNNING: [5] * 9, None: [4]}] * 3, "three gave none"),
        ([{BUILDING: [4] * 10, RUNNING: [5]}] * 2 + [{RUNNING: [5] * 9, BUILDING: [3]}] * 2, "nearly two teams"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nothing_is_kept_where(teams, why):
    assert closed(teams).roles == {}, why


def test_a_role_that_would_leave_few_is_left_out_and_others_stay():
    # All four together would leave the two who gave no role; any three leave nine or more.
    kept = closed([{BUILDING: [2] * 5, RUNNING: [4] * 4, DECIDING: [6] * 3, None: [4]}] * 2 + [
        {BUILDING: [2] * 5, RUNNING: [4] * 4, DECIDING: [6] * 3}] * 2)  # fmt: skip
    assert list(kept.roles["cooperation"].roles) == [BUILDING, RUNNING]


def test_a_larger_reporting_size_asks_for_more_people_of_a_role():
    teams = [{BUILDING: [2, 3, 4, 5], RUNNING: [5] * 4, None: [1] * 12}] * 3
    assert set(closed(teams, reporting_size=12).roles["cooperation"].roles) == {BUILDING, RUNNING}
    assert closed(teams, reporting_size=13).roles == {}


def test_people_of_groups_that_are_left_out_are_in_no_role():
    three = [{BUILDING: [2] * 5, RUNNING: [6] * 5}] * 3
    with_small = closed([*three, {BUILDING: [7] * 3, RUNNING: [7]}])
    assert with_small.roles == closed(three).roles


def test_without_the_question_nothing_is_counted_or_kept():
    asked = one_aspect()
    nodes = organisation_of([team(2, n_invited=40)])
    kept = keep(
        nodes,
        {2: {"aspect:cooperation": scores(*[4] * 30), role_measure(BUILDING, "cooperation"): scores(*[4] * 30)}},
        reporting_size=5,
        questionnaire=asked,
        quarter="2026-Q3",
    )
    assert kept.roles == {}
    assert release_organisation(kept).roles == {}


def test_equal_answers_within_teams_cannot_be_tested():
    kept = closed([{BUILDING: [4] * 5, RUNNING: [4] * 5}] * 4)
    assert kept.roles["cooperation"].p_thousandths is None
    told = release_organisation(kept).roles["cooperation"]
    assert (told.verdict, told.p, told.adjusted_p) == (RoleVerdict.NOT_TESTED, None, None)


def test_p_is_rounded_up_so_that_none_passes_by_rounding(monkeypatch):
    teams = [{BUILDING: [2, 2, 3, 3, 4], RUNNING: [7, 7, 7, 7]}] * 4
    for p, expected in ((0.1004, 101), (0.0996, 100), (0.125, 125), (1.0, 1000), (1e-9, 1)):
        monkeypatch.setattr(roles, "row_mean_scores", lambda strata, p=p: RowMeanScores(3.0, 1, p))
        assert closed(teams).roles["cooperation"].p_thousandths == expected


def test_a_release_says_all_four_roles_coarsely_and_gives_one_reason_for_those_it_withholds():
    kept = closed([{BUILDING: [2, 2, 3, 3, 4], RUNNING: [7, 7, 7, 7], LEADING: [5, 5]}] * 4)
    told = release_organisation(kept).roles["cooperation"]
    assert list(told.roles) == list(ROLES)
    building, running = told.roles[BUILDING], told.roles[RUNNING]
    assert isinstance(building, ReleasedRole)
    assert isinstance(running, ReleasedRole)
    assert (building.n, building.n_teams, building.mean, building.open_end) == (20, 4, 2.8, None)
    assert (running.mean, running.open_end, running.interval_90[1]) == (6.7, OpenEnd.TOP, 7.0)
    assert building.interval_90[0] < 2.8 < building.interval_90[1]
    assert told.verdict is RoleVerdict.DIFFERENT
    assert told.roles[DECIDING] == told.roles[LEADING] == Withheld(Reason.WOULD_REVEAL)


def test_where_the_organisation_has_no_figure_roles_say_the_same():
    told = release_organisation(closed([{BUILDING: [2], RUNNING: [6]}])).roles["cooperation"]
    assert set(told.roles.values()) == {Withheld(Reason.TOO_FEW)}
    assert told.verdict is RoleVerdict.NOT_TESTED


def test_aspects_are_corrected_together():
    asked = questionnaire(aspects=("cooperation", "novelty"), areas=(), with_choices=False, with_roles=True)
    dice = random.Random(3)
    nodes = organisation_of([team(number, n_invited=40) for number in range(2, 8)])

    def one(role: int) -> dict[str, int]:
        items = {q.key: min(7, dice.randint(1, 6) + (role == 2)) for q in asked.questions if q.kind == "item"}
        return items | {"role": role}

    counted = {node.id: counted_of(asked, [one(1 + i % 2) for i in range(12)]) for node in nodes if node.kind == "team"}
    kept = keep(nodes, counted, reporting_size=5, questionnaire=asked, quarter="2026-Q3")
    told = release_organisation(kept).roles
    p_values = [told[aspect].p for aspect in ("cooperation", "novelty")]
    assert p_values == [kept.roles[aspect].p_thousandths / 1000 for aspect in ("cooperation", "novelty")]
    assert max(p_values) == max(told[aspect].adjusted_p for aspect in told)
    assert min(told[aspect].adjusted_p for aspect in told) == min(2 * min(p_values), max(p_values))
    assert "roles" in to_json(release_organisation(kept))


def test_blocks_without_answers_do_not_matter():
    assert keep_roles("cooperation", (1, 7), [], {}, 5) is None
    assert not leaves_few([], 5)
