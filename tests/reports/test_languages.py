from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jinja2 import Environment

from reports import languages
from reports.languages import UnknownLanguage, install, language, phrase, register_catalogue


@pytest.fixture
def catalogue(tmp_path: Path):
    (tmp_path / "de.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "A lamp for %(name)s"\nmsgstr "Eine Lampe für %(name)s"\n\n'
        'msgid "%(n)s lamp"\nmsgid_plural "%(n)s lamps"\nmsgstr[0] "%(n)s Lampe"\nmsgstr[1] "%(n)s Lampen"\n',
        encoding="utf-8",
    )
    before = list(languages._catalogues)
    register_catalogue(tmp_path)
    yield tmp_path
    languages._catalogues[:] = before
    language.cache_clear()


def test_a_registered_catalogue_translates_sentences_and_plurals(catalogue):
    german = language("de")
    assert german.gettext("A lamp for %(name)s", name="Ada") == "Eine Lampe für Ada"
    assert german.ngettext("%(n)s lamp", "%(n)s lamps", 1) == "1 Lampe"
    assert german.ngettext("%(n)s lamp", "%(n)s lamps", 3) == "3 Lampen"


def test_a_sentence_without_translation_reads_in_english(catalogue):
    assert language("de").gettext("Nobody wrote this down") == "Nobody wrote this down"
    assert language("en").gettext("A lamp for %(name)s", name="Ada") == "A lamp for Ada"


def test_our_own_catalogue_stays_when_another_is_registered(catalogue):
    assert language("de").gettext("withheld") == "zurückgehalten"


def test_a_percent_sign_needs_no_care_without_values():
    assert language("en").gettext("a 90 % interval") == "a 90 % interval"


def test_numbers_and_dates_follow_the_language():
    at = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)
    assert language("en").number(5.44) == "5.4"
    assert language("de").number(-0.25, 2) == "−0,25"
    assert language("de").number(4, 0) == "4"
    assert language("en").date(date(2026, 10, 31)) == "31 October 2026"
    assert language("en").moment(at, "Europe/Berlin") == "31 October 2026, 18:00 CET"
    assert language("de").moment(at, "Europe/Berlin") == "31. Oktober 2026, 18:00 MEZ"
    with pytest.raises(ValueError, match="no time zone"):
        language("en").moment(datetime(2026, 1, 1), "Europe/Berlin")


def test_text_falls_back_to_english_then_to_the_first():
    assert language("de").text({"en": "one", "de": "eins"}) == "eins"
    assert language("de").text({"en": "one", "fr": "un"}) == "one"
    assert language("de").text({"fr": "un"}) == "un"
    with pytest.raises(ValueError, match="empty"):
        language("de").text({})


def test_an_unknown_language_is_named():
    with pytest.raises(UnknownLanguage, match="'xx' is not offered; choose one of en, de"):
        language("xx")


def test_templates_escape_values_and_trust_sentences(catalogue):
    environment = Environment(autoescape=True)
    install(environment, lambda: language("de"))
    page = environment.from_string(
        "{{ _('A lamp for %(name)s', name='<b>') }}|{{ ngettext('%(n)s lamp', '%(n)s lamps', 2) }}|{{ _('a & b') }}"
    )
    assert page.render() == "Eine Lampe für &lt;b&gt;|2 Lampen|a & b"


def test_phrase_returns_its_sentence():
    assert phrase("left as it is") == "left as it is"


def test_update_writes_new_messages_and_keeps_translations(tmp_path: Path):
    package = tmp_path / "shop"
    (package / "templates").mkdir(parents=True)
    (package / "goods.py").write_text('_("Lamp")\nlanguage.ngettext("one lamp", "%(n)s lamps", 2)\nphrase("Chair")\n')
    (package / "templates" / "page.html").write_text("<p>{{ _('Welcome') }}</p>")
    (package / "locale").mkdir()
    (package / "locale" / "de.po").write_text('msgid "Lamp"\nmsgstr "Leuchte"\n\nmsgid "Gone"\nmsgstr "Weg"\n')
    assert languages.update(package) == [package / "locale" / "de.po"]
    text = (package / "locale" / "de.po").read_text(encoding="utf-8")
    assert 'msgstr "Leuchte"' in text
    assert "Gone" not in text
    assert set(languages.untranslated(package, "de")) == {"Welcome", "one lamp", "Chair"}
    assert languages.update(package) == []
