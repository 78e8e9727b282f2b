from __future__ import annotations

import random
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.answers import CANNOT_JUDGE, InvalidAnswers, encode
from reports import counting
from reports.counting import collapse, complete_measures, measures, merge, needed_items, role_measures
from reports.histograms import Histogram
from tests.reports.builders import counted_of, one_aspect, questionnaire


def _random_ballots(asked, n, seed, skip=0.2):
    """Ballots with answers, blanks and "cannot judge", coded and as plain dictionaries."""
    dice = random.Random(seed)
    coded, plain = [], []
    for _ in range(n):
        person = {}
        for question in asked.questions:
            fate = dice.random()
            if fate < skip / 2:
                continue
            if fate < skip and not question.takes_cannot_judge:
                continue
            person[question.key] = None if fate < skip else dice.randint(question.lowest, question.highest)
        coded.append(encode(person, asked))
        plain.append({key: value for key, value in person.items() if value is not None})
    return b"".join(coded), plain


@pytest.mark.parametrize("n_items", [1, 2, 3])
@pytest.mark.parametrize("scale", [(1, 7), (1, 5), (0, 10)])
def test_counts_equal_raw_answers_counted_one_by_one(n_items, scale):
    asked = questionnaire(n_items=n_items, scale=scale)
    coded, plain = _random_ballots(asked, 300, seed=n_items)
    assert collapse(coded, asked) == counted_of(asked, plain)


def test_chunks_give_the_same_counts(monkeypatch):
    asked = questionnaire()
    coded, plain = _random_ballots(asked, 100, seed=4)
    monkeypatch.setattr(counting, "CHUNK_ROWS", 7)
    assert collapse(coded, asked) == counted_of(asked, plain)


def test_parts_add_up_to_the_whole():
    asked = questionnaire()
    coded, _ = _random_ballots(asked, 90, seed=5)
    cut = 40 * len(asked.questions)
    assert merge(collapse(coded[:cut], asked), collapse(coded[cut:], asked)) == collapse(coded, asked)


def test_merge_keeps_what_only_one_side_has():
    assert merge({"a": Histogram.of({1: 2})}, {"b": Histogram.of({3: 1})}) == {
        "a": Histogram.of({1: 2}),
        "b": Histogram.of({3: 1}),
    }


@given(st.lists(st.lists(st.sampled_from([None, *range(1, 8)]), min_size=3, max_size=3), max_size=8))
def test_a_score_needs_two_of_three_items(rows):
    asked = one_aspect()
    keys = [question.key for question in asked.questions]
    coded = b"".join(encode(dict(zip(keys, row, strict=True)), asked) for row in rows)
    expected = []
    for row in rows:
        given_values = [value for value in row if value is not None]
        if len(given_values) >= 2:
            expected.append(6 * sum(given_values) // len(given_values))
    assert collapse(coded, asked)["aspect:cooperation"] == Histogram.count(expected)


@given(st.lists(st.lists(st.sampled_from([None, *range(1, 8)]), min_size=3, max_size=3), max_size=8))
def test_complete_cases_are_counted_by_themselves(rows):
    asked = one_aspect()
    keys = [question.key for question in asked.questions]
    counted = collapse(b"".join(encode(dict(zip(keys, row, strict=True)), asked) for row in rows), asked)
    complete = [row for row in rows if None not in row]
    assert counted["complete:aspect:cooperation"] == Histogram.count(2 * sum(row) for row in complete)
    for index, key in enumerate(keys):
        assert counted[f"complete:{key}"] == Histogram.count(row[index] for row in complete)


def test_a_single_item_has_no_complete_cases():
    assert complete_measures(questionnaire(n_items=1)) == ()


@pytest.mark.parametrize(("n_items", "needed"), [(1, 1), (2, 2), (3, 2)])
def test_two_thirds_of_the_items_are_needed(n_items, needed):
    assert needed_items(n_items) == needed


def test_nobody_answered():
    asked = questionnaire()
    assert collapse(b"", asked) == dict.fromkeys((*measures(asked), *complete_measures(asked)), Histogram())


def test_rung_0_counts_and_cannot_judge_does_not():
    asked = questionnaire(aspects=(), areas=("review",), with_choices=False)
    ballots = np.array([[1], [1], [5], [CANNOT_JUDGE], [0]], dtype=np.uint8)
    assert collapse(ballots, asked) == {"ladder:review": Histogram.of({0: 2, 4: 1})}


@pytest.mark.parametrize("byte", [1, 9, 254])
def test_a_value_that_is_not_offered_is_refused(byte):
    asked = one_aspect()
    with pytest.raises(InvalidAnswers, match="cooperation_2"):
        collapse(bytes([2, byte, 2]), asked)


@pytest.mark.parametrize(
    "ballots", [b"\x02\x02", np.zeros((2, 4), dtype=np.uint8), np.zeros((2, 3), dtype=np.int64)], ids=str
)
def test_rows_of_another_width_are_refused(ballots):
    with pytest.raises(InvalidAnswers, match="3 bytes"):
        collapse(ballots, one_aspect())


def test_a_million_ballots_need_little_memory():
    asked = questionnaire()
    dice = np.random.default_rng(1)
    few = np.column_stack([dice.integers(q.lowest + 1, q.highest + 2, 1000) for q in asked.questions]).astype(np.uint8)
    many = np.broadcast_to(few, (1000, *few.shape)).reshape(-1, few.shape[1])
    tracemalloc.start()
    counted = collapse(many, asked)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000
    once = collapse(few, asked)
    assert all(counted[key].counts == {value: 1000 * n for value, n in once[key].pairs} for key in counted)


@pytest.mark.parametrize("scale", [(1, 7), (1, 5), (0, 10)])
def test_scores_are_counted_by_role_and_roles_by_themselves_are_not(scale):
    asked = questionnaire(scale=scale, with_roles=True)
    coded, plain = _random_ballots(asked, 400, seed=9)
    counted = collapse(coded, asked)
    assert counted == counted_of(asked, plain)
    assert set(counted) == {*measures(asked), *complete_measures(asked), *role_measures(asked)}
    assert "role" not in counted
    assert len(role_measures(asked)) == 4 * len(asked.aspects)
    assert role_measures(questionnaire()) == ()
    half = len(asked.questions) * 200
    assert merge(collapse(coded[:half], asked), collapse(coded[half:], asked)) == counted


@pytest.mark.parametrize("byte", [1, 6, CANNOT_JUDGE])
def test_a_byte_that_is_no_role_is_refused(byte):
    asked = one_aspect(with_roles=True)
    with pytest.raises(InvalidAnswers, match="role"):
        collapse(encode({}, asked)[:-1] + bytes([byte]), asked)
