"""What somebody reads when it does not go on: kind, plain, and never at the price of their answers."""

from __future__ import annotations

import re
import sys

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from assessment.domain import errors
from assessment.domain.cards import LENGTH, read_code
from assessment.domain.error_kinds import AssessmentError
from assessment.web import access_log
from assessment.web.errors import HTTP_PAGES, page_for, sentence
from assessment.web.i18n import request_language
from assessment.web.respond import invitations, wire
from reports.languages import phrase

# What a form carries; anything else is not sent back into a page.
CARRIED = re.compile(r"q\d{2,3}|code|credential|link|nonce|lang|page|answers|to")
LONGEST_VALUE = 512

ANSWERING = phrase(
    "It is not counted, and nothing of it was stored, not even half. Results of everybody who sent in time "
    "appear at the address of the reading key, which stands on your card, in your mail or on the poster."
)
NOT_COUNTED = phrase("What you answered just now was not counted, and nothing of it was stored.")
SPENT = phrase(
    "If this was you, your answer is in and nothing needs doing: a second press of the button changes nothing. "
    "If it was not you, tell your coach that you need a new card; what was sent with this one stays counted, "
    "because nobody can tell which ballot it became."
)
ENDED = phrase(
    "The code is well-formed, but no open campaign knows it: the campaign has ended, or newer cards were printed "
    "and replaced it. Your coach can tell which, and has new cards."
)
MISTYPED = phrase(
    "This is not a card's code as it was printed: 16 letters and digits, of which one seems mistyped. "
    "The letters I, L, O and U are never used."
)
MISCOUNTED = phrase(
    "A card's code has 16 letters and digits, and this has %(n)s. "
    "Perhaps a part was left out or typed twice; look at the card again."
)
VOIDED = phrase(
    "Whoever ran it ended it without a result. Everything that had been answered was destroyed and is shown to nobody."
)
CREDENTIAL_SPENT = phrase(
    "If this was you, your answer is in and nothing needs doing: a second press of the button changes nothing. "
    "If it was not you, somebody has had your link, your QR code or your device; what was sent with it stays counted, "
    "because nobody can tell which ballot it became."
)
READING_KEY = phrase(
    "Check it on your card or in the address you were given. If a campaign was voided, there is nothing to show, "
    "and its keys open nothing any more."
)
LINK = phrase("It may be mistyped, or its campaign has ended. Ask whoever gave it to you.")
NOTHING_LOST = phrase("Nothing is lost: this page carries your answers. Wait a moment, then try again.")
ONCE = phrase("If the first try did arrive after all, it still counts only once.")
# The page about a credential that is spent, or whose campaign has closed, erases the copy that this browser may keep.
SCRIPTED = {"Content-Security-Policy": wire.policy(script=True)}
BROKEN = phrase("It is not your fault. Wait a moment, then load the page again.")


def register(blueprint: Blueprint) -> None:
    """Give the blueprint a page for everything that can go wrong in it."""
    blueprint.register_error_handler(errors.CardUnknown, _unknown_card)
    blueprint.register_error_handler(AssessmentError, _named)
    blueprint.register_error_handler(HTTPException, _http)
    blueprint.register_error_handler(Exception, _unexpected)


def _unknown_card(error: errors.CardUnknown) -> ResponseReturnValue:
    language, typed = request_language(), _typed_code()
    status = page_for(error).status
    if read_code(typed) is None:
        n = sum(character.isalnum() for character in typed)
        words = language.gettext(MISTYPED) if n == LENGTH else language.gettext(MISCOUNTED, n=n)
        problem = words if typed else ""
        return render_template("respond/index.html", typed=typed, problem=problem), status
    if request.endpoint == "respond.answer":
        return _page(phrase("This campaign has ended meanwhile"), NOT_COUNTED, ENDED), status
    return render_template("respond/index.html", typed=typed, problem=language.gettext(ENDED)), status


def _named(error: AssessmentError) -> ResponseReturnValue:
    if request.endpoint in invitations.ENDPOINTS:
        return invitations.refused(error)
    # Somebody who brings a credential asks for the form there too, and has answered nothing yet.
    answering = request.endpoint == "respond.answer" and request.form.get("to") != "form"
    page = page_for(error)
    match error:
        case errors.CampaignClosed():
            title, words = page.title, sentence(error)
            if answering:
                title, words = phrase("The closing time has passed while you were answering"), ANSWERING
            is_spent = "credential" in request.form
            return _page(title, words, is_spent=is_spent), page.status, SCRIPTED if is_spent else {}
        case errors.CampaignNotOpen():
            text = _page(phrase("This campaign is not open"), *([NOT_COUNTED] if answering else []), VOIDED)
        case errors.CardSpent():
            text = _page(page.title, SPENT)
        case errors.CredentialSpent():
            return _page(page.title, CREDENTIAL_SPENT, is_spent=True, offers_card=False), page.status, SCRIPTED
        case errors.CredentialRefused():
            text = _page(page.title, sentence(error), offers_card=False)
        case errors.UnknownReadingKey():
            text = _page(phrase("This reading key opens no result"), READING_KEY)
        case errors.KeyAway() if answering:
            carried, again = _carried(), url_for("respond.answer")
            text = _page(page.title, sentence(error), NOTHING_LOST, carried=carried, action=again)
        case errors.LinkUnknown():
            text = _page(page.title, *([NOT_COUNTED] if answering else []), LINK)
        case _:
            text = _page(page.title, sentence(error))
    return text, page.status


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    page = HTTP_PAGES.get(error.code, HTTP_PAGES[400])
    if request.endpoint in invitations.ENDPOINTS:
        return invitations.problem(request_language().gettext(page.text), error.code)
    return _page(page.title, page.text), error.code


def _unexpected(_error: Exception) -> ResponseReturnValue:
    access_log.exception(current_app.logger, sys.exc_info())
    if request.endpoint in invitations.ENDPOINTS:
        return invitations.problem(request_language().gettext(BROKEN), 500)
    if request.method != "POST":
        return _page(phrase("This did not work just now"), BROKEN), 500
    title = phrase("This did not work just now")
    again = url_for(request.endpoint or "respond.index")
    return _page(title, NOTHING_LOST, ONCE, carried=_carried(), action=again), 500


def _carried() -> list[tuple[str, str]]:
    """Return what our own form sent, to go into the page once more."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if CARRIED.fullmatch(name) and len(value) <= LONGEST_VALUE
    ]


def _page(
    title: str,
    *paragraphs: str,
    carried: list[tuple[str, str]] | None = None,
    action: str = "",
    is_spent: bool = False,
    offers_card: bool = True,
) -> str:
    gettext = request_language().gettext
    words = [gettext(paragraph) for paragraph in paragraphs]
    return render_template(
        "respond/problem.html",
        title=gettext(title),
        paragraphs=words,
        carried=carried,
        action=action,
        is_spent=is_spent,
        offers_card=offers_card,
    )


def _typed_code() -> str:
    typed = request.form.get("code", "") if request.method == "POST" else (request.view_args or {}).get("code", "")
    return str(typed).strip()[:40]
