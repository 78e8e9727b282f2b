"""The ready rule finds blame, persons and vagueness, and leaves plain sentences alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assessment.domain.ready_rule import Kind, check, is_ready
from questionnaires.changes import catalogue
from tests.assessment.domain.ready_texts import (
    HARMLESS_ROLES,
    HARMLESS_SIGNS_DE,
    HARMLESS_SIGNS_EN,
    NAMES,
    OFFENDING_DE,
    OFFENDING_EN,
    PERSONS_AS_ROLES,
    VAGUE_ROLES,
    VAGUE_SIGNS,
)

MEETINGS = yaml.safe_load(Path(__file__).with_name("ready_meetings.yaml").read_text(encoding="utf-8"))
# A family name alone, a deed and advice without a word of blame: only their meaning offends.
OUT_OF_REACH = {
    "The junior dev pushed straight to main without testing",
    "Der Junior hat ohne Test direkt auf main geschoben",
    "Kowalski, Jan",
    "People read the docs before touching production",
    "Alle lesen vorher die Doku, statt blind zu klicken",
}


def test_there_are_enough_texts_to_say_anything():
    assert min(map(len, (HARMLESS_SIGNS_EN, HARMLESS_SIGNS_DE, OFFENDING_EN, OFFENDING_DE))) >= 60


@pytest.mark.parametrize("field", ["sign", "evidence"])
@pytest.mark.parametrize("text", [*HARMLESS_SIGNS_EN, *HARMLESS_SIGNS_DE])
def test_a_plain_sentence_passes(text: str, field: str):
    assert check(text, field, names=NAMES) == []


@pytest.mark.parametrize("field", ["sign", "evidence"])
@pytest.mark.parametrize("text", [*OFFENDING_EN, *OFFENDING_DE])
def test_blame_and_persons_are_pointed_at(text: str, field: str):
    found = check(text, field, names=NAMES)
    assert any(finding.refuses for finding in found)
    assert not is_ready(found, override=True)
    for finding in found:
        assert text[finding.start : finding.end] == finding.words != ""
        assert len(finding.suggestion) > 20


@pytest.mark.parametrize("text", HARMLESS_ROLES)
def test_a_role_passes(text: str):
    assert check(text, "role", names=NAMES) == []


@pytest.mark.parametrize("text", PERSONS_AS_ROLES)
def test_a_person_is_no_role(text: str):
    assert {finding.kind for finding in check(text, "role", names=NAMES)} == {Kind.PERSON}


@pytest.mark.parametrize("text", VAGUE_SIGNS)
def test_a_vague_sign_warns_and_can_be_overridden(text: str):
    found = check(text, "sign", names=NAMES)
    assert {finding.kind for finding in found} == {Kind.VAGUE}
    assert not is_ready(found)
    assert is_ready(found, override=True)
    assert check(text, "evidence", names=NAMES) == []


@pytest.mark.parametrize("text", VAGUE_ROLES)
def test_nobody_in_particular_is_a_vague_role(text: str):
    assert {finding.kind for finding in check(text, "role", names=NAMES)} == {Kind.VAGUE}


@pytest.mark.parametrize("change", catalogue().changes, ids=lambda change: change.id)
def test_the_catalogue_itself_is_ready(change):
    for language in ("en", "de"):
        assert check(change.sign[language], "sign", names=NAMES) == []
        assert check(change.who[language], "role", names=NAMES) in ([], check(change.who[language], "role", "en"))


@pytest.mark.parametrize("language", ["en", "de"])
def test_nothing_harmless_that_is_said_in_a_meeting_is_stopped(language: str):
    stopped = [text for field, text in MEETINGS[language]["harmless"] if check(text, field)]
    assert (len(MEETINGS[language]["harmless"]) >= 70, stopped) == (True, [])


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_offends_in_a_meeting_is_found_but_for_what_only_its_meaning_tells(language: str):
    offending = MEETINGS[language]["offending"]
    missed = {text for field, text in offending if not check(text, field)}
    assert (len(offending) >= 70, missed - OUT_OF_REACH) == (True, set())


@pytest.mark.parametrize(
    "text",
    [
        "care\u200bless",
        "fahr\u00adlässig",
        "ｃａｒｅｌｅｓｓ",
        "fahrla\u0308ssig",
        "\u2060careless",
        "CARE\u200dLESS",
    ],
)
def test_letters_that_nobody_sees_hide_nothing(text: str):
    typed = f"A \u200b{text} release"
    (found,) = check(typed, "evidence")
    assert found.kind is Kind.BLAME
    assert typed[found.start : found.end] == found.words
    assert found.words.strip("\u2060") == text.strip("\u2060")


@pytest.mark.parametrize("text", ["Jürgen", "Juergen", "Jurgen", "JÜRGEN", "jürgen", "Jürgens Fehler", "JUERGEN"])
def test_a_first_name_is_known_in_every_spelling(text: str):
    assert {finding.kind for finding in check(text, "role")} == {Kind.PERSON}


def test_what_is_denied_as_a_cause_is_spoken_about():
    assert check("Human error is no longer given as a cause", "sign") == []
    assert check("Menschliches Versagen steht in keiner Rückschau als Ursache", "sign") == []
    assert check("Human error happens no longer", "sign") != []


def test_case_white_space_and_spelling_of_umlauts_do_not_matter():
    for text in ("HUMAN   ERROR", "human\nerror", "Man haette es merken muessen", "man hätte es merken müssen"):
        assert [finding.kind for finding in check(text, "evidence")] == [Kind.BLAME]


def test_one_language_alone_leaves_the_others_words():
    assert check("Das war menschliches Versagen", "evidence", "en") == []
    assert check("That was human error", "evidence", "de") == []


def test_words_are_found_where_they_stand():
    text = "The release went wrong because Mira forgot the flag"
    assert [(finding.words, finding.kind) for finding in check(text, "evidence", names=NAMES)] == [
        ("Mira", Kind.PERSON),
        ("forgot", Kind.BLAME),
    ]


def test_an_empty_text_has_nothing_to_find():
    assert check("", "evidence") == check("  ", "sign") == []
