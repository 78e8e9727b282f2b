"""One table: which error reads which page, with which status. Views hold no `try` for these."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from assessment.domain import errors as domain
from assessment.domain.error_kinds import AssessmentError, Invalid, NotFound, Refused
from assessment.web.i18n import request_language
from assessment.web.sessions import is_coach_path
from reports.languages import phrase
from reports.pdf import PdfUnavailable


@dataclass(frozen=True)
class Page:
    """Status, heading and, where the error itself has no sentence for people, what to say."""

    status: HTTPStatus
    title: str
    text: str = ""


NOT_FOUND = Page(
    HTTPStatus.NOT_FOUND,
    phrase("There is nothing here"),
    phrase("The address may be mistyped, or the page may have been for somebody else. Check it and try again."),
)
# The first class that fits an error counts, so the special stands before the general.
PAGES: tuple[tuple[type[Exception], Page], ...] = (
    (domain.UnknownReadingKey, Page(HTTPStatus.NOT_FOUND, phrase("No result here (yet)"))),
    (NotFound, NOT_FOUND),
    (domain.CampaignClosed, Page(HTTPStatus.GONE, phrase("This campaign has closed"))),
    (domain.CampaignNotOpen, Page(HTTPStatus.CONFLICT, phrase("Not open for answers"))),
    (domain.CardUnknown, Page(HTTPStatus.NOT_FOUND, phrase("This code opens nothing"))),
    (domain.LinkUnknown, Page(HTTPStatus.NOT_FOUND, phrase("This link opens nothing"))),
    (domain.CardSpent, Page(HTTPStatus.CONFLICT, phrase("This card was used already"))),
    (domain.InvitationUnknown, Page(HTTPStatus.NOT_FOUND, phrase("This invitation opens nothing"))),
    (domain.CredentialTaken, Page(HTTPStatus.CONFLICT, phrase("Collected already"))),
    (domain.CredentialRefused, Page(HTTPStatus.FORBIDDEN, phrase("This credential opens nothing"))),
    (domain.CredentialSpent, Page(HTTPStatus.CONFLICT, phrase("This credential was used already"))),
    (domain.CardsJustPrinted, Page(HTTPStatus.CONFLICT, phrase("Printed today already"))),
    (domain.KeyAway, Page(HTTPStatus.SERVICE_UNAVAILABLE, phrase("No answers are taken at the moment"))),
    (domain.SignInThrottled, Page(HTTPStatus.TOO_MANY_REQUESTS, phrase("Too many attempts"))),
    (Invalid, Page(HTTPStatus.BAD_REQUEST, phrase("This value cannot be used"))),
    (Refused, Page(HTTPStatus.CONFLICT, phrase("Not possible now"))),
    (AssessmentError, Page(HTTPStatus.BAD_REQUEST, phrase("This did not work"))),
)
HTTP_PAGES: dict[int, Page] = {
    400: Page(
        HTTPStatus.BAD_REQUEST,
        phrase("The request could not be read"),
        phrase("Something was missing or garbled on the way. Go back, load the page again and repeat the last step."),
    ),
    404: NOT_FOUND,
    405: Page(
        HTTPStatus.METHOD_NOT_ALLOWED,
        phrase("This address does not work this way"),
        phrase("Go back to the form and use its button."),
    ),
    413: Page(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        phrase("Too large"),
        phrase("What was sent is larger than anything this page needs. Nothing was stored."),
    ),
    415: Page(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        phrase("The request could not be read"),
        phrase("Only the page's own form can be sent here. Go back, load it again and use its button."),
    ),
}
UNEXPECTED = Page(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    phrase("Something broke on our side"),
    phrase("Nothing you did was wrong. Try again in a minute; if it stays, tell whoever runs this installation."),
)
EXPIRED = Page(
    HTTPStatus.BAD_REQUEST,
    phrase("This form has expired"),
    phrase(
        "For your safety a form works only in the session it was opened in. Nothing was changed. "
        "Go back, load the page again and repeat the step."
    ),
)


def register(app: Flask) -> None:
    """Show a page for every error; unexpected ones are logged and read 500."""
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(AssessmentError, _ours)
    app.register_error_handler(PdfUnavailable, _no_pdf)


def page_for(error: Exception) -> Page:
    """Return the page of one of our errors."""
    return next(page for kind, page in PAGES if isinstance(error, kind))


def sentence(error: AssessmentError) -> str:
    """Return an error's sentence in the language of the request."""
    return error.translated(request_language().gettext)


def error_page(page: Page, text: str = "", command: str = "") -> ResponseReturnValue:
    """Return the page and its status, in the frame of the door it happened at."""
    language = request_language()
    template = "coach/error.html" if is_coach_path(request.path) else "error.html"
    words = text or (language.gettext(page.text) if page.text else "")
    html = render_template(template, status=int(page.status), title=language.gettext(page.title), text=words,
                           command=command)  # fmt: skip
    return html, page.status


def _ours(error: AssessmentError) -> ResponseReturnValue:
    page = page_for(error)
    # At the coaches' door "there is none" and "not yours" read the same, so the sentence must not name it either.
    if page is NOT_FOUND:
        return error_page(page)
    return error_page(page, sentence(error))


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error
    return error_page(HTTP_PAGES.get(error.code or 500, UNEXPECTED if (error.code or 500) >= 500 else HTTP_PAGES[400]))


def expired(_error: CSRFError) -> ResponseReturnValue:
    """Say that a form was sent without the token of its session."""
    return error_page(EXPIRED)


def _no_pdf(error: PdfUnavailable) -> ResponseReturnValue:
    page = Page(
        HTTPStatus.SERVICE_UNAVAILABLE,
        phrase("PDFs cannot be made yet"),
        phrase("This machine lacks a system package. Whoever runs it can install it with the command below."),
    )
    return error_page(page, command=error.remedy)
