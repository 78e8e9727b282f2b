from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from questionnaires import ASPECTS, Questionnaire, available, questionnaire
from questionnaires.instrument import AREAS, Instrument
from tests.questionnaires.builders import instrument_data, make_instrument, text


def test_the_usual_questionnaire_asks_29_questions():
    questions = questionnaire().questions
    kinds = [question.kind for question in questions]
    assert (kinds.count("item"), kinds.count("choice"), kinds.count("ladder")) == (18, 6, 5)
    assert len(questions) == 29


def test_three_items_and_a_choice_stand_together_by_aspect_in_westrums_order_then_the_ladders():
    questions = questionnaire().questions
    assert [question.part for question in questions] == [part for part in ASPECTS for _ in range(4)] + list(AREAS)
    assert [question.kind for question in questions[:4]] == ["item", "item", "item", "choice"]


def test_the_short_form_asks_one_item_per_aspect_and_shares_no_meaning_with_the_full_form():
    short, full = available()["westrum-short"], available()["westrum"]
    assert [question.part for question in short.questions] == list(ASPECTS)
    assert {q.meaning for q in short.questions}.isdisjoint(q.meaning for q in full.questions)
    assert all(short.aspect_meaning(aspect) != full.aspect_meaning(aspect) for aspect in ASPECTS)


def test_minutes_are_what_a_respondent_is_told():
    assert {name: instrument.minutes for name, instrument in available().items()} == {
        "westrum": 5,
        "blameless": 2,
        "westrum-short": 1,
        "roles": 0,
    }


@pytest.mark.parametrize("name", ["westrum", "westrum-short"])
def test_every_value_of_the_scale_has_a_label(name):
    scale = available()[name].scale
    assert scale is not None
    assert list(scale.labels) == list(range(1, 8))


def test_a_meaning_id_stands_for_one_question_in_every_instrument():
    asked: dict[str, set[object]] = {}
    for instrument in available().values():
        for question in instrument.questions:
            asked.setdefault(question.meaning, set()).add(
                (question.kind, question.lowest, question.highest, question.part)
            )
    assert {meaning: kinds for meaning, kinds in asked.items() if len(kinds) > 1} == {}


def test_the_languages_of_a_questionnaire_are_those_all_instruments_have():
    german_only = make_instrument(id="german", languages=("de",), aspects=())
    assert questionnaire().languages == ("en", "de")
    assert Questionnaire((available()["westrum"], german_only)).languages == ("de",)


def test_parts_are_found_by_id():
    asked = questionnaire()
    assert list(asked.aspects) == list(ASPECTS)
    assert asked.aspects["inquiry"][0].id == "westrum"
    assert list(asked.ladders) == list(AREAS)


def test_texts_are_found_with_the_place_they_stand_at():
    texts = dict(make_instrument().texts())
    assert texts["aspects[novelty].items[second].text"] == text("Second")
    assert texts["ladders[review].rungs[4]"] == text("Rung 4")
    assert texts["scale.labels[5]"] == text("yes")
    assert len(texts) == 21


def test_options_of_a_choice_go_by_their_stored_value():
    choice = make_instrument().aspects[0].choice
    assert choice is not None
    assert [choice.option(value)["en"] for value in (1, 2, 3)] == ["P", "B", "G"]


def test_the_meaning_of_an_aspect_is_its_scale_and_its_items():
    assert make_instrument().aspect_meaning("novelty") == ("1-5", "first", "second")
    with pytest.raises(KeyError):
        make_instrument().aspect_meaning("bridging")


class TestFrozenCopy:
    def test_it_reads_back_to_the_same_questionnaire(self):
        asked = questionnaire()
        back = Questionnaire.from_canonical(asked.canonical())
        assert back == asked
        assert back.canonical() == asked.canonical()
        assert back.fingerprint == asked.fingerprint
        assert back.questions == asked.questions
        assert hash(back) == hash(asked)

    def test_a_damaged_copy_is_refused(self):
        damaged = json.loads(questionnaire().canonical())
        del damaged[0]["aspects"][0]["items"][0]["text"]
        with pytest.raises(ValidationError):
            Questionnaire.from_canonical(json.dumps(damaged))

    def test_the_order_of_keys_leaves_the_fingerprint(self):
        data = instrument_data()
        turned = dict(reversed(data.items()))
        turned["name"] = dict(reversed(data["name"].items()))
        assert Instrument.model_validate(turned).fingerprint == make_instrument().fingerprint

    def test_a_changed_word_changes_the_fingerprint(self):
        assert make_instrument(name=text("Small!")).fingerprint != make_instrument().fingerprint
        first, second = make_instrument(), make_instrument(version=2)
        assert Questionnaire((first,)).fingerprint != Questionnaire((second,)).fingerprint

    def test_a_copy_with_a_replaced_part_forgets_what_was_computed_before(self):
        before = make_instrument()
        assert before.fingerprint
        after = before.model_copy(update={"aspects": ()})
        assert [question.key for question in after.questions] == ["ladder:review"]
        assert after.fingerprint != before.fingerprint
        with pytest.raises(ValidationError):
            before.model_copy(update={"version": 0})
        assert before.model_copy() == before

    def test_it_cannot_be_changed(self):
        with pytest.raises(ValidationError):
            make_instrument().version = 2


def refused(**overrides: object) -> str:
    with pytest.raises(ValidationError) as caught:
        make_instrument(**overrides)
    return str(caught.value)


class TestRefusals:
    def test_an_instrument_that_asks_nothing(self):
        assert "asks nothing" in refused(aspects=(), ladders=())

    def test_aspects_without_a_scale(self):
        assert "add the key scale" in refused(scale=None)

    def test_ladders_need_no_scale(self):
        assert make_instrument(scale=None, aspects=()).scale is None

    def test_an_aspect_may_go_without_a_choice(self):
        aspect = {**instrument_data()["aspects"][0], "choice": None}
        assert [q.kind for q in make_instrument(aspects=(aspect,)).questions] == ["item", "item", "ladder"]

    def test_a_scale_without_its_ends(self):
        assert "end 5 has no label" in refused(scale={"lowest": 1, "highest": 5, "labels": {1: text("no")}})

    def test_a_label_outside_the_scale(self):
        labels = {1: text("no"), 5: text("yes"), 6: text("more")}
        assert "label 6 lies outside" in refused(scale={"lowest": 1, "highest": 5, "labels": labels})

    def test_an_empty_translation(self):
        assert "'de' is empty" in refused(name=text("Small", " "))

    def test_a_missing_translation(self):
        assert "name has no text in 'de'" in refused(name={"en": "Small"})

    def test_a_missing_label(self):
        labels = {1: {"en": "no"}, 5: text("yes")}
        assert "scale.labels[1] has no text in 'de'" in refused(scale={"lowest": 1, "highest": 5, "labels": labels})

    @pytest.mark.parametrize(
        ("part", "name"),
        [("aspects", "aspect 'novelty'"), ("ladders", "ladder 'review'"), ("languages", "language 'en'")],
    )
    def test_a_part_that_stands_twice(self, part, name):
        data = instrument_data()
        assert f"{name} is there twice" in refused(**{part: (*data[part], data[part][0])})

    def test_a_meaning_that_stands_twice(self):
        ladder = {**instrument_data()["ladders"][0], "meaning": "nearest"}
        assert "meaning 'nearest' is there twice" in refused(ladders=(ladder,))

    def test_four_rungs(self):
        ladder = instrument_data()["ladders"][0]
        assert "at least 5 items" in refused(ladders=({**ladder, "rungs": ladder["rungs"][:4]},))


class TestTogether:
    def test_two_instruments_that_ask_the_same_question(self):
        with pytest.raises(ValueError, match="both ask"):
            Questionnaire((make_instrument(), make_instrument(id="other")))

    def test_two_instruments_that_score_the_same_aspect(self):
        with pytest.raises(ValueError, match="both ask 'aspect:bridging'"):
            questionnaire(("westrum-short", "westrum"))

    def test_no_instrument(self):
        with pytest.raises(ValueError, match="choose at least one"):
            questionnaire(())
