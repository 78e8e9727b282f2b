"""Every sentence a person can meet is translated, with the same values in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from assessment.web.i18n import NAMES
from questionnaires.changes import RITUALS
from reports.languages import LANGUAGES, LOCALES, untranslated

ROOT = Path(__file__).parents[2]
PACKAGES = ("reports", "assessment")
VALUES = re.compile(r"%\((\w+)\)")


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
@pytest.mark.parametrize("package", PACKAGES)
def test_every_message_in_the_source_is_translated(package: str, code: str):
    assert untranslated(ROOT / package, code) == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_has_a_name_a_locale_and_the_rituals(code: str):
    assert code in NAMES
    assert code in LOCALES
    assert [ritual for ritual, text in RITUALS.items() if code not in text] == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("*/locale/*.po")), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_translation_names_the_same_values_as_its_message(path: Path):
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    for message in catalogue:
        if message.id and message.string:
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            strings = [message.string] if isinstance(message.string, str) else list(message.string)
            known = {name for text in ids for name in VALUES.findall(text)}
            for string in strings:
                assert set(VALUES.findall(string)) <= known | {"n"}, message.id
            if isinstance(message.id, str):
                assert set(VALUES.findall(message.string)) == known, message.id


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_a_message_of_both_packages_reads_the_same_in_both(code: str):
    found: list[dict[object, object]] = []
    for package in PACKAGES:
        with (ROOT / package / "locale" / f"{code}.po").open("rb") as file:
            found.append({message.id: message.string for message in read_po(file, locale=code) if message.id})
    reports, assessment = found
    assert {key: (text, assessment[key]) for key, text in reports.items() if assessment.get(key, text) != text} == {}
