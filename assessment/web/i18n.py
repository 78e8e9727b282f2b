"""The language of a request: what the address asks for, what a coach chose, what the browser prefers, ours."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from flask import Flask, g, request, session

from assessment.web.context import platform
from assessment.web.sessions import is_coach_path
from reports.languages import LANGUAGES, Language, install, language

# Each language is named in itself: somebody who looks for it may not read the present one.
NAMES = {"en": "English", "de": "Deutsch"}


def register(app: Flask) -> None:
    """Give templates `_`, `ngettext`, `language`, `languages`, `moment` and `day`."""
    install(app.jinja_env, request_language)
    app.jinja_env.globals.update(moment=moment, day=day)

    @app.context_processor
    def _languages() -> dict[str, object]:
        return {"language": request_language(), "languages": NAMES}


def request_language() -> Language:
    """Return the language of this request; the same one however often it is asked."""
    if "language" not in g:
        g.language = language(_choose())
    return cast(Language, g.language)


def use_language(code: str) -> None:
    """Answer this request in a language that a form carried; an unknown one changes nothing."""
    if code in LANGUAGES:
        g.language = language(code)


def _choose() -> str:
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    if is_coach_path(request.path) and session.get("language") in LANGUAGES:
        return str(session["language"])
    preferred = request.accept_languages.best_match(LANGUAGES)
    if preferred is not None:
        return preferred
    ours = platform().settings.language
    return ours if ours in LANGUAGES else LANGUAGES[0]


def moment(at: datetime, zone: str | None = None) -> str:
    """Write a moment in the language of the request, in the given time zone or the installation's."""
    return request_language().moment(at, zone or platform().settings.timezone)


def day(at: date) -> str:
    """Write a day in the language of the request."""
    return request_language().date(at)
