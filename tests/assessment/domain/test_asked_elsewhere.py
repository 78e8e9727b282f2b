from __future__ import annotations

from assessment.domain.asked_elsewhere import as_asked, meaning_of, reworded
from assessment.domain.mapping import MatchedColumn, own_words
from questionnaires.loader import questionnaire
from reports.comparisons import is_comparable

OURS = questionnaire(["westrum-short"])
FULL = questionnaire(["westrum", "blameless"])
QUESTION = OURS.questions[0]
OWN_TEXT = OURS.aspects["cooperation"][1].items[0].text


def asked(words, worth=None):
    own = own_words(QUESTION, OURS)
    return as_asked(OURS, [MatchedColumn(QUESTION, 0, {**own, **(worth or {})})], [words])


def test_another_wording_is_another_meaning_although_it_answers_the_same_aspect():
    foreign = asked("We get the information we need")
    assert not is_comparable(foreign, OURS, "cooperation")
    assert is_comparable(foreign, OURS, "novelty")
    assert reworded(OURS, foreign) == ("item:short_cooperation",)
    assert reworded(OURS, OURS) == ()
    assert foreign.aspects["cooperation"][1].items[0].text == dict.fromkeys(OWN_TEXT, "We get the information we need")


def test_the_same_form_imported_twice_can_be_compared():
    assert is_comparable(asked("We get the information"), asked("  we get the  information "), "cooperation")
    assert not is_comparable(asked("We get the information"), asked("We get information"), "cooperation")


def test_our_own_question_asked_elsewhere_stays_ours():
    for sentence in OWN_TEXT.values():
        assert asked(f" {sentence} ") == OURS


def test_our_question_on_words_of_another_scale_is_not_ours():
    strange = asked(OWN_TEXT["en"], {"always": 7})
    assert not is_comparable(strange, OURS, "cooperation")
    assert not is_comparable(strange, asked(OWN_TEXT["en"], {"always": 6}), "cooperation")
    assert asked(OWN_TEXT["en"], {"strongly agree": 7, "no idea": None}) == OURS


def test_choices_and_ladders_keep_the_wording_they_were_asked_in():
    questions = {question.key: question for question in FULL.questions}
    columns = [
        MatchedColumn(questions[key], place, own_words(questions[key], FULL))
        for place, key in enumerate(("choice:inquiry", "ladder:review"))
    ]
    found = as_asked(FULL, columns, ["Nearest to us", "Highest that is true"])
    choice, ladder = found.aspects["inquiry"][1].choice, found.ladders["review"]
    assert choice is not None
    assert (choice.prompt["de"], choice.meaning) == ("Nearest to us", meaning_of("Nearest to us", {}))
    assert (ladder.prompt["en"], ladder.meaning) == ("Highest that is true", meaning_of("Highest that is true", {}))
    assert is_comparable(found, FULL, "inquiry")
    assert [question.key for question in found.questions] == [question.key for question in FULL.questions]
