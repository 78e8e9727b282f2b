"""The role question: four roles in order, asked last, beside aspects, left out or answered."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from questionnaires import ROLES, InvalidAnswers, Questionnaire, available, decode, encode, questionnaire
from questionnaires.answers import CANNOT_JUDGE
from questionnaires.instrument import Instrument

ASKED = questionnaire(("westrum", "blameless", "roles"))
# Of campaigns that were frozen before there was a role question.
USUAL = "dc076994546196f79039f6ed94b0ccd894a5fe2661262f1aa3f8ce04a55fbf3a"


def test_the_role_is_one_question_at_the_end_and_takes_no_minutes():
    last = ASKED.questions[-1]
    assert (last.key, last.kind, last.part, last.lowest, last.highest) == ("role", "role", "role", 1, 4)
    assert len(ASKED.questions) == len(questionnaire().questions) + 1
    assert sum(one.minutes for one in ASKED.instruments) == sum(one.minutes for one in questionnaire().instruments)
    assert [question.kind for question in questionnaire().questions].count("role") == 0


def test_values_are_the_roles_in_order():
    role = ASKED.role
    assert role is not None
    assert tuple(role.option(value).id for value in (1, 2, 3, 4)) == ROLES
    assert questionnaire().role is None


def test_instruments_without_a_role_keep_the_fingerprint_they_had():
    assert questionnaire().fingerprint == USUAL
    assert "role" not in json.loads(available()["westrum"].canonical())
    assert Questionnaire.from_canonical(ASKED.canonical()) == ASKED


def test_a_role_is_given_or_left_out_and_cannot_be_unjudgeable():
    for given in ({}, *({"role": value} for value in (1, 2, 3, 4))):
        assert decode(encode(given, ASKED), ASKED) == given
    for value in (None, 0, 5, "building"):
        with pytest.raises(InvalidAnswers):
            encode({"role": value}, ASKED)  # type: ignore[dict-item]
    for byte in (CANNOT_JUDGE, 1, 6):
        with pytest.raises(InvalidAnswers):
            decode(encode({}, ASKED)[:-1] + bytes([byte]), ASKED)


@pytest.mark.parametrize(
    "ids", [("roles",), ("roles", "westrum"), ("blameless", "roles"), ("westrum", "roles", "roles")]
)
def test_it_is_asked_once_and_last_and_beside_aspects(ids):
    with pytest.raises(ValueError, match="role"):
        questionnaire(ids)


def test_other_roles_or_another_order_are_refused():
    data = available()["roles"].model_dump(mode="json")
    options = data["role"]["options"]
    for wrong in (options[:3], options[::-1], [*options, options[0]]):
        with pytest.raises(ValidationError, match="give the options building, running, deciding, leading"):
            Instrument.model_validate(data | {"role": data["role"] | {"options": wrong}})


def test_only_the_role_takes_no_time():
    data = available()["westrum"].model_dump(mode="json")
    with pytest.raises(ValidationError, match="take time to answer; write at least 1"):
        Instrument.model_validate(data | {"minutes": 0})
