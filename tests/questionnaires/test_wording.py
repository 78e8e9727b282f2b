"""What can be checked of the wording rules without reading."""

from __future__ import annotations

import re

import pytest

from questionnaires import ASPECTS, available, catalogue
from questionnaires.instrument import AREAS
from questionnaires.meetings import meetings
from questionnaires.texts import walk

INSTRUMENTS = sorted(available().values(), key=lambda instrument: instrument.id)
ITEMS = [item for instrument in INSTRUMENTS for aspect in instrument.aspects for item in aspect.items]
OPTIONS = [
    (f"{aspect.id}-{value}", aspect.choice.option(value))
    for aspect in available()["westrum"].aspects
    if aspect.choice is not None
    for value in (1, 2, 3)
]
RUNGS = [
    (f"{ladder.id}-{rung}", text)
    for ladder in available()["blameless"].ladders
    for rung, text in enumerate(ladder.rungs)
]
SENTENCES = [
    # An item that two instruments share under one meaning id is one sentence.
    *({item.meaning: (item.id, item.text) for item in ITEMS}.values()),
    *OPTIONS,
    *RUNGS,
]
FILES = [*((one.id, one) for one in INSTRUMENTS), ("changes", catalogue()), ("meetings", meetings())]
# Words of policy and of the scale: an item says what happened, and the scale says how much.
POLICY = re.compile(
    r"\b(encouraged|should|supposed|expected to|allowed to|policy|must|sollen|sollte|ermutigt|angehalten|müssen)\b",
    re.I,
)
ADJECTIVES = re.compile(
    r"\b(very|always|never|often|usually|really|good|great|openly|fairly|sehr|immer|nie|oft|meistens|wirklich|gut|fair|offen)\b",
    re.I,
)
REVERSED = re.compile(
    r"\b(not|never|nobody|rarely|hardly|failed|refused|nicht|nie|niemand|kaum|selten|kein\w*)\b", re.I
)
# Masculine nouns for people of any gender; German has neutral words for all of them.
MASCULINE = re.compile(
    r"\b(Mitarbeiter|Kollegen?|Entwickler|Nutzer|Benutzer|Anwender|Kunden?|Manager|Ingenieure?|Experten?|Vorgesetzter|"
    r"Moderator(en)?|Teilnehmer|Verantwortlicher|Leser|Überbringer|Chef)\b|\bman\b|[a-zß][*:_]in(nen)?\b|Innen\b"
)
TEAM = {"en": r"\b(our|we|us)\b", "de": r"\b(uns\w*|wir)\b"}


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_an_item_fits_a_phone_and_speaks_of_the_team(item):
    for language, sentence in item.text.items():
        assert len(sentence) <= 120
        assert sentence.endswith(".")
        assert re.search(TEAM[language], sentence, re.I), sentence


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_an_item_tells_practice_in_words_the_scale_can_answer(item):
    for sentence in item.text.values():
        assert not POLICY.search(sentence)
        assert not ADJECTIVES.search(sentence)
        assert not REVERSED.search(sentence)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_an_item_asks_one_thing(item):
    # "and" may join nouns of one list; a second verb would need a second clause after a comma or a semicolon.
    for sentence in item.text.values():
        assert ";" not in sentence
        assert not re.search(r", (and|but|und|aber)\b", sentence)
        assert sentence.count(". ") == 0


@pytest.mark.parametrize(("name", "sentence"), RUNGS, ids=[name for name, _ in RUNGS])
def test_a_rung_is_short(name, sentence):
    assert max(map(len, sentence.values())) <= 125


@pytest.mark.parametrize(("name", "option"), OPTIONS, ids=[name for name, _ in OPTIONS])
def test_a_description_is_short(name, option):
    assert max(map(len, option.values())) <= 100


def test_the_three_descriptions_of_an_aspect_are_of_similar_length():
    # A description that stands out by its length is chosen for its length.
    for aspect in available()["westrum"].aspects:
        assert aspect.choice is not None
        for language in ("en", "de"):
            lengths = [len(aspect.choice.option(value)[language]) for value in (1, 2, 3)]
            assert max(lengths) - min(lengths) <= 40, (aspect.id, language, lengths)


def test_no_sentence_stands_twice():
    for language in ("en", "de"):
        sentences = [text[language] for _, text in SENTENCES]
        assert len(sentences) == len(set(sentences))


@pytest.mark.parametrize(("name", "source"), FILES, ids=[name for name, _ in FILES])
def test_every_text_is_complete_typeset_and_neutral(name, source):
    for _, where, text in walk(source):
        assert set(text) == {"en", "de"}, where
        for sentence in text.values():
            assert sentence == sentence.strip(), where
            assert "  " not in sentence, where
            assert '"' not in sentence, where
        assert text["de"].count("„") == text["de"].count("“"), where
        assert text["en"].count("“") == text["en"].count("”"), where
        assert not MASCULINE.search(text["de"]), where
        assert not re.search(r"\b(Ihr|Ihnen|Ihre|du|dein|euer|eure)\b", text["de"]), where


def test_a_small_change_fits_its_card():
    for change in catalogue().changes:
        for language in ("en", "de"):
            assert len(change.title[language]) <= 80
            assert not change.title[language].endswith(".")
            for part in (change.why, change.first_step):
                assert len(part[language]) <= 185
                assert part[language][-1] in ".?…"
            for part in (change.sign, change.when_not):
                assert len(part[language]) <= 110
                assert part[language].endswith(".")


def test_every_part_has_the_same_name_in_every_instrument():
    names = {}
    for instrument in INSTRUMENTS:
        for part in (*instrument.aspects, *instrument.ladders):
            assert names.setdefault(part.id, part.name) == part.name
    assert set(names) == {*ASPECTS, *AREAS}


def test_the_models_are_credited_and_no_equivalence_is_claimed():
    # The role question measures nothing that could be taken for somebody's scale.
    for instrument in (one for one in INSTRUMENTS if one.role is None):
        for credit in instrument.source.credit.values():
            assert "DORA" in credit
            assert "Edmondson" in credit
    for instrument_id in ("westrum", "westrum-short"):
        for credit in available()[instrument_id].source.credit.values():
            for name in ("Ron Westrum", "2004", "Vladyslav Ukis", "InfoQ", "Establishing SRE Foundations"):
                assert name in credit
    for credit in available()["blameless"].source.credit.values():
        assert "Blameless SRE" in credit
