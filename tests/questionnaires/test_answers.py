from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import InvalidAnswers, Question, decode, encode, questionnaire

ASKED = questionnaire()


def values(question: Question) -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(question.lowest, question.highest)


ANSWERS = st.fixed_dictionaries({}, optional={question.key: values(question) for question in ASKED.questions})


@given(ANSWERS)
def test_answers_come_back_from_their_bytes(answers):
    coded = encode(answers, ASKED)
    assert decode(coded, ASKED) == answers
    assert len(coded) == 29


@given(st.binary(min_size=29, max_size=29))
def test_bytes_are_answers_or_refused(coded):
    try:
        answers = decode(coded, ASKED)
    except InvalidAnswers:
        return
    assert encode(answers, ASKED) == coded


def test_the_three_ways_to_give_no_number_differ():
    key = "ladder:review"
    codes = {encode(answers, ASKED) for answers in ({}, {key: None}, {key: 0})}
    assert len(codes) == 3


@pytest.mark.parametrize("value", [0, 8, -1, 255, 4.0, 3.5, "4", True])
def test_a_value_that_is_not_offered_names_field_value_and_remedy(value):
    with pytest.raises(InvalidAnswers) as caught:
        encode({"item:coop_help_in_days": value}, ASKED)
    assert caught.value.key == "item:coop_help_in_days"
    assert caught.value.value == value
    assert caught.value.remedy == "choose 1 to 7"
    assert "item:coop_help_in_days" in str(caught.value)


def test_an_unknown_question_is_refused():
    with pytest.raises(InvalidAnswers, match="does not ask this"):
        encode({"item:unheard": 3}, ASKED)


@pytest.mark.parametrize("length", [0, 28, 30])
def test_another_width_is_refused(length):
    with pytest.raises(InvalidAnswers, match="29 bytes are expected"):
        decode(bytes(length), ASKED)


def test_a_byte_outside_the_range_of_its_question_is_refused():
    with pytest.raises(InvalidAnswers, match="outside the question's range"):
        decode(bytes([1]) + bytes(28), ASKED)
