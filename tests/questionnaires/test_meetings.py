from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from questionnaires import ASPECTS, available
from questionnaires.loader import check_file
from questionnaires.meetings import SHIPPED, Meetings, meetings
from questionnaires.texts import walk

# Who answered what is nobody's to ask, in either language.
WHO_ANSWERED = re.compile(r"\b(who (said|answered|chose|thinks|gave)|wer (hat|war|denkt|gab|sagte|antwortete))\b", re.I)


def data(**overrides: Any) -> dict[str, Any]:
    return meetings().model_dump(mode="python") | overrides


def test_every_aspect_has_two_or_three_open_questions():
    for aspect in ASPECTS:
        asks = meetings().asks(aspect)
        assert 2 <= len(asks) <= 3
        for text in asks:
            for sentence in text.values():
                assert sentence.endswith("?")
                assert not WHO_ANSWERED.search(sentence), sentence


def test_an_aspect_of_another_questionnaire_has_no_questions():
    assert meetings().asks("velocity") == ()


def test_the_card_has_at_most_six_pairs_that_fit_their_place():
    card = meetings().card
    assert 5 <= len(card.pairs) <= 6
    for pair in card.pairs:
        assert max(map(len, [*pair.do.values(), *pair.leave.values()])) <= 115
        assert max(map(len, pair.about.values())) <= 22


def test_every_text_is_there_in_both_languages():
    assert all({"en", "de"} <= set(text) for _place, _label, text in walk(meetings()))


def test_no_instrument_is_read_from_it():
    assert "meetings" not in available()
    assert SHIPPED.parent.name == "meeting"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda d: d.update(questions=d["questions"][1:]), "'cooperation' has no questions"),
        (lambda d: d.update(questions=(*d["questions"], d["questions"][0])), "is there twice"),
        (lambda d: d["card"]["title"].pop("de"), "has no text in 'de'"),
        (lambda d: d["card"].update(pairs=d["card"]["pairs"] * 2), "at most 6"),
        (lambda d: d["questions"][0].update(asks=d["questions"][0]["asks"][:1]), "at least 2"),
    ],
)
def test_what_is_not_whole_is_refused(change: Any, complaint: str):
    broken = data()
    change(broken)
    with pytest.raises(ValidationError, match=complaint):
        Meetings.model_validate(broken)


def test_a_file_is_checked_with_the_line_of_what_is_wrong(tmp_path: Path):
    assert check_file(SHIPPED) == []
    broken = tmp_path / "meetings.yaml"
    broken.write_text(SHIPPED.read_text(encoding="utf-8").replace("aspect: novelty", "aspect: newness"), "utf-8")
    (problem, *_) = check_file(broken)
    assert problem.key.startswith("questions[5].aspect")
    assert problem.line > 1
