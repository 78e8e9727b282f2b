from __future__ import annotations

import re
from pathlib import Path

import pytest

import questionnaires
from questionnaires import UnknownInstrument, available, check_file, load_instrument, questionnaire
from questionnaires.loader import DATA
from tests.questionnaires.builders import SMALL, write

SHIPPED = sorted(DATA.glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_file_is_whole(path: Path):
    assert check_file(path) == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_file_names_its_schema_for_editors(path: Path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert match
    assert (path.parent / match[1]).is_file()


def test_the_shipped_instruments_go_by_their_file_name_the_usual_ones_first():
    assert list(available()) == ["westrum", "blameless", "westrum-short", "roles"]
    assert all((DATA / f"{name}.yaml").is_file() for name in available())
    assert available() is available()


def test_instruments_are_taken_together_in_the_given_order():
    assert [one.id for one in questionnaire(("blameless", "westrum")).instruments] == ["blameless", "westrum"]
    assert [one.id for one in questionnaire(("westrum-short",)).instruments] == ["westrum-short"]


def test_an_instrument_that_is_not_shipped_is_named_with_those_that_are():
    with pytest.raises(UnknownInstrument) as caught:
        questionnaire(("westrum", "horoscope"))
    assert (caught.value.field, caught.value.value) == ("instruments", "horoscope")
    assert "choose from westrum, blameless, westrum-short, roles" in str(caught.value)


def test_a_scale_belongs_to_the_instrument(tmp_path):
    instrument = load_instrument(write(tmp_path, SMALL))
    assert {(question.lowest, question.highest) for question in instrument.questions} == {(1, 5)}


def test_public_names_are_there():
    assert sorted(questionnaires.__all__) == sorted(set(questionnaires.__all__))
    assert all(hasattr(questionnaires, name) for name in questionnaires.__all__)
