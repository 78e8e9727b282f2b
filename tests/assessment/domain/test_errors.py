"""Every error says a whole sentence, also in translation."""

from __future__ import annotations

import re

import pytest

from assessment.domain import error_kinds, errors, follow_up_errors
from assessment.domain.error_kinds import AssessmentError, Invalid
from assessment.domain.errors import CampaignClosed, SignInThrottled
from reports.languages import language


def every(base: type[AssessmentError] = AssessmentError) -> list[type[AssessmentError]]:
    modules = {errors.__name__, error_kinds.__name__, follow_up_errors.__name__}
    found = [found for found in base.__subclasses__() if found.__module__ in modules]
    return found + [deeper for one in found for deeper in every(one)]


@pytest.mark.parametrize(
    "error", [one for one in every() if not issubclass(one, Invalid)], ids=lambda one: one.__name__
)
def test_every_error_says_a_sentence_of_its_own(error: type[AssessmentError]):
    names = re.findall(r"%\((\w+)\)", error.sentence)
    assert re.fullmatch(r"[A-Z%].*\.", error.sentence)
    assert "%" not in str(error(**dict.fromkeys(names, "x")))


def test_an_invalid_value_is_named_with_its_field_and_the_remedy():
    error = Invalid("closing time", "yesterday", "choose one of %(known)s", known="today, tomorrow")
    assert str(error) == "closing time 'yesterday': choose one of today, tomorrow"
    assert (error.field, error.value) == ("closing time", "yesterday")
    said = error.translated(language("en").gettext)
    assert said == "closing time “yesterday”: choose one of today, tomorrow"


def test_errors_are_said_in_a_language_with_their_values():
    assert "7" in SignInThrottled(minutes=7).translated(language("de").gettext)
    assert CampaignClosed().translated(language("en").gettext) == CampaignClosed.sentence
