"""The languages a person can read us in: translated sentences, numbers and dates.

Messages are written in English in the source and looked up in the `.po` catalogues of every registered directory,
which are compiled in memory; no compiled catalogue is kept. A sentence that a catalogue lacks reads in English.

In Python, `language.gettext("…")`; for a sentence in a table that is translated later, `phrase("…")`. In templates,
after `install`, `{{ _('…') }}` and `{{ ngettext('%(n)s team', '%(n)s teams', n) }}`: values are escaped, the sentence
itself is trusted. `python -m reports.languages` brings the catalogues up to date with the source.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_datetime, get_timezone, get_timezone_name
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from markupsafe import Markup

from reports.rounding import rounded

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog
    from jinja2 import Environment
    from jinja2.runtime import Context

LANGUAGES = ("en", "de")
# British English writes the day before the month, as every other language we ship does.
LOCALES = {"en": "en_GB", "de": "de_DE"}
KEYWORDS: dict[str, Any] = {"gettext": None, "ngettext": (1, 2), "_": None, "phrase": None}
METHODS = [("**/templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]

_catalogues: list[Path] = [Path(__file__).parent / "locale"]


class UnknownLanguage(LookupError):
    """A language we have no catalogue for."""

    def __init__(self, code: str) -> None:
        super().__init__(f"language: {code!r} is not offered; choose one of {', '.join(LANGUAGES)}")
        self.field, self.value, self.remedy = "language", code, f"choose one of {', '.join(LANGUAGES)}"


class Foreign(str):
    """A text in another language than the one asked for, because it was never written in that one."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, text: str, code: str) -> Foreign:
        """Keep the text with the code of its language."""
        made = super().__new__(cls, text)
        made.code = code
        return made


def phrase(message: str) -> str:
    """Mark a sentence for extraction and return it as it is; `gettext` translates it where it is shown."""
    return message


@dataclass(frozen=True)
class Language:
    """One language: sentences, plural forms, numbers and dates."""

    code: str
    _translations: NullTranslations = field(repr=False, compare=False)

    @property
    def locale(self) -> Locale:
        """The locale that numbers and dates are written for."""
        return Locale.parse(LOCALES[self.code])

    def gettext(self, message: str, **values: object) -> str:
        """Translate a sentence; `%(name)s` in it is replaced when values are given.

        :raise KeyError: when the sentence names a value that is not given.
        """
        translated: str = self._translations.gettext(message)
        return translated % values if values else translated

    def ngettext(self, one: str, many: str, n: int, **values: object) -> str:
        """Translate a sentence in the plural form that n asks for; n itself is there as `%(n)s`.

        :raise KeyError: when the sentence names a value that is not given.
        """
        translated: str = self._translations.ngettext(one, many, n)
        return translated % {"n": n, **values}

    def plural(self, one: str, many: str, n: int) -> str:
        """Return the translated plural form that n asks for, without putting values in."""
        translated: str = self._translations.ngettext(one, many, n)
        return translated

    def number(self, value: float | Fraction, decimals: int = 1) -> str:
        """Write a number with fixed decimals, halves upwards, and a true minus sign: 5.4 or 5,4."""
        pattern = "0" if decimals == 0 else "0." + "0" * decimals
        return format_decimal(rounded(value, decimals), format=pattern, locale=self.locale).replace("-", "−")

    def date(self, day: date) -> str:
        """Write a day: 31 October 2026 or 31. Oktober 2026."""
        return format_date(day, format="long", locale=self.locale)

    def moment(self, at: datetime, zone: str) -> str:
        """Write a moment in a time zone: 31 October 2026, 18:00 CET.

        :raise ValueError: when the moment itself has no time zone.
        :raise LookupError: for an unknown time zone.
        """
        if at.tzinfo is None:
            raise ValueError(f"at: {at} has no time zone; give an aware moment")
        local = at.astimezone(ZoneInfo(zone))
        name = get_timezone_name(local, width="short", locale=self.locale)
        time = format_datetime(local, "HH:mm", tzinfo=get_timezone(zone), locale=self.locale)
        return f"{self.date(local.date())}, {time} {name}"

    def text(self, translations: Mapping[str, str]) -> str:
        """Return an instrument's text in this language, else `Foreign` in English, else in the first one it has.

        :raise ValueError: when there is no text at all.
        """
        if self.code in translations:
            return translations[self.code]
        for code in ("en", *translations):
            if code in translations:
                return Foreign(translations[code], code)
        raise ValueError("translations: the text is empty; write at least one language")


def register_catalogue(directory: Path) -> None:
    """Read `<code>.po` of this directory too, from the next `language` on; doing it twice changes nothing."""
    if directory not in _catalogues:
        _catalogues.append(directory)
        language.cache_clear()


@cache
def language(code: str) -> Language:
    """Return a language with all registered catalogues.

    :raise UnknownLanguage: for a code that is not in `LANGUAGES`.
    """
    if code not in LANGUAGES:
        raise UnknownLanguage(code)
    translations: NullTranslations = NullTranslations()
    for directory in _catalogues:
        path = directory / f"{code}.po"
        if path.exists():
            compiled = BytesIO()
            write_mo(compiled, _read(path, code))
            compiled.seek(0)
            part = Translations(compiled)
            part.add_fallback(translations)
            translations = part
    return Language(code, translations)


def install(environment: Environment, current: Callable[[], Language]) -> None:
    """Give templates `_`, `gettext` and `ngettext` in the language that `current` returns at the time of the call."""
    from jinja2 import pass_context

    def finished(context: Context, sentence: str, values: Mapping[str, object]) -> str:
        text = Markup(sentence) if context.eval_ctx.autoescape else sentence  # noqa: S704 - our own catalogues
        return text % values if values else text

    @pass_context
    def gettext(context: Context, message: str, **values: object) -> str:
        return finished(context, current().gettext(message), values)

    @pass_context
    def ngettext(context: Context, one: str, many: str, n: int, **values: object) -> str:
        return finished(context, current().plural(one, many, n), {"n": n, **values})

    environment.globals.update({"_": gettext, "gettext": gettext, "ngettext": ngettext})


def extract(package: Path) -> Catalog:
    """Return every message in a package's Python files and templates, as an empty catalogue."""
    from babel.messages.catalog import Catalog

    catalogue = Catalog(charset="utf-8")
    found = extract_from_dir(package, method_map=METHODS, keywords=KEYWORDS, comment_tags=("translators:",))
    for name, _line, message, comments, _context in sorted(found, key=lambda entry: (entry[0], entry[1])):
        catalogue.add(message, None, [(f"{package.name}/{name}", 0)], auto_comments=comments)
    return catalogue


def update(package: Path) -> list[Path]:
    """Bring the catalogues of a package up to date with its source; return those that changed."""
    changed = []
    template = extract(package)
    for code in LANGUAGES:
        path = package / "locale" / f"{code}.po"
        if code == "en" or not len(template):
            continue
        catalogue = _read(path, code)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        written = BytesIO()
        write_po(written, catalogue, width=116, omit_header=True, include_lineno=False, sort_by_file=True)
        header = f'msgid ""\nmsgstr ""\n"Language: {code}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        header += f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
        text = header.encode() + written.getvalue()
        if not path.exists() or path.read_bytes() != text:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text)
            changed.append(path)
    return changed


def _read(path: Path, code: str) -> Catalog:
    from babel.messages.catalog import Catalog

    if not path.exists():
        return Catalog(locale=code)
    with path.open("rb") as file:
        return read_po(file, locale=code)


def main() -> int:
    """Update the catalogues of both packages that show sentences; say what changed and what lacks a translation."""
    for name in ("reports", "assessment"):
        package = Path(__file__).parents[1] / name
        for path in update(package):
            sys.stdout.write(f"{path.parent.parent.name}/locale/{path.name} brought up to date\n")
        for code in LANGUAGES[1:]:
            lacking = untranslated(package, code)
            if lacking:
                sys.stdout.write(f"{name}: {len(lacking)} messages lack a translation into {code!r}\n")
    return 0


def untranslated(package: Path, code: str) -> list[str]:
    """Return the messages of a package's source that a catalogue has no translation of, in the order of the source."""
    catalogue = _read(package / "locale" / f"{code}.po", code)
    lacking = []
    for message in extract(package):
        if not message.id:
            continue
        name = message.id if isinstance(message.id, str) else message.id[0]
        known = catalogue.get(name)
        string = known.string if known is not None else None
        if not string or not all([string] if isinstance(string, str) else string):
            lacking.append(name)
    return lacking


if __name__ == "__main__":
    raise SystemExit(main())
