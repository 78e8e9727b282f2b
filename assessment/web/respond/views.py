"""The pages of the respondents' door, in the order in which somebody meets them.

There is no CSRF token here: nothing a browser sends by itself (no cookie, no session) gives a request any power. Only
the card's code or the link with the id of its form does, and another site's page does not have them.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from assessment.domain.cards import mint_token
from assessment.services.build_report import released_by_reading_key
from assessment.services.find_door import Door
from assessment.services.find_result import find_result
from assessment.services.submit_ballot import submit_ballot
from assessment.web.context import now, platform
from assessment.web.i18n import request_language, use_language
from assessment.web.respond import forms, invitations, problems, wire
from assessment.web.respond.entries import Entry, card_entry, link_entry, posted_entry
from questionnaires.answers import Answers, InvalidAnswers
from reports.kept import ROLE_AT_LEAST, ROLE_TEAMS_AT_LEAST

blueprint = Blueprint("respond", __name__, template_folder="templates", static_folder="static", static_url_path="/door")
THANKS = "/thanks/"
wire.register(blueprint)
problems.register(blueprint)
invitations.register(blueprint)


@blueprint.before_request
def read_body() -> None:
    """Accept only the body of our own form, in a size it can have, and the language it carries."""
    request.max_content_length = request.max_form_memory_size = wire.LARGEST_BODY
    request.max_form_parts = wire.MOST_FIELDS
    if request.method == "POST":
        if request.mimetype != "application/x-www-form-urlencoded":
            abort(415)
        use_language(request.form.get("lang", ""))


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Ask for the code of a card."""
    return render_template("respond/index.html", typed="", problem="")


@blueprint.post("/")
def typed_code() -> ResponseReturnValue:
    """Open the form for a code that was typed."""
    return _form_page(card_entry(request.form.get("code", "")))


@blueprint.get("/a/<code>")
def card(code: str) -> ResponseReturnValue:
    """Open the form for a card whose QR code was scanned."""
    return _form_page(card_entry(code))


@blueprint.get("/l/<token>")
def link(token: str) -> ResponseReturnValue:
    """Open the form for an open link."""
    return _form_page(link_entry(token))


@blueprint.post("/answer")
def answer() -> ResponseReturnValue:
    """Show the form in another language, the review or the form again, or send; all with the answers it carried."""
    entry = posted_entry(request.form)
    step = request.form.get("to", "review")
    if step == "send":
        with suppress(InvalidAnswers):  # Then the form is shown with what is missing or wrong.
            receipt = submit_ballot(platform(), door_key=entry.key, answers=partial(forms.read_whole, request.form))
            where = f"{request.root_path}{THANKS}{receipt.reading_key}?lang={request_language().code}"
            # Something to fill up, so that being accepted is as long as being refused.
            return Response(" ", status=303, headers={"Location": where, **wire.FORGET}, mimetype="text/html")
    door = entry.door(platform())
    answers, refused = forms.read(request.form, door.questionnaire)
    if step.startswith("lang-"):
        use_language(step.removeprefix("lang-"))
        step = "review" if request.form.get("page") == "review" else "form"
    if refused:
        return _form_page(entry, door, answers, refused=refused), 400
    if step in {"review", "send"}:
        if forms.is_empty(answers):
            return _form_page(entry, door, answers, nothing=True), 400
        return _page("respond/review.html", entry, door, answers)
    return _form_page(entry, door, answers)


@blueprint.get(f"{THANKS}<reading_key>")
def thanks(reading_key: str) -> ResponseReturnValue:
    """Say what happens next."""
    found = find_result(platform(), reading_key)
    page = make_response(render_template("respond/thanks.html", result=found))
    if found.way == "email":
        page.headers["Content-Security-Policy"] = wire.policy(script=True)
    return page


@blueprint.get("/result/<reading_key>")
def result(reading_key: str) -> ResponseReturnValue:
    """Show a team's one-page result; before the closing time, when it will be here."""
    found = find_result(platform(), reading_key)
    if not found.is_there:
        return render_template("respond/waiting.html", result=found, is_due=now() >= found.closes_at)
    # Drawing libraries take a while to load, and nobody who answers needs them.
    from reports.document import summary_document
    from reports.html import render

    released = released_by_reading_key(platform(), reading_key)
    nonce = mint_token()
    page = make_response(render(summary_document(released, request_language(), now().date()), nonce=nonce))
    page.headers["Content-Security-Policy"] = wire.policy(style=f"'nonce-{nonce}'")
    return page


@blueprint.get("/trust")
def trust() -> ResponseReturnValue:
    """Answer "why should I believe this?"."""
    return render_template("respond/trust.html")


def _form_page(
    entry: Entry,
    door: Door | None = None,
    answers: Answers | None = None,
    *,
    refused: list[int] | None = None,
    nothing: bool = False,
) -> str:
    door = door or entry.door(platform())
    return _page("respond/form.html", entry, door, answers or {}, refused=refused or [], nothing=nothing)


def _page(template: str, entry: Entry, door: Door, answers: Answers, **values: object) -> str:
    """Render a page that shows answers; its length is that of the same page with the longest ones."""

    role_from = {"n": max(ROLE_AT_LEAST, door.reporting_size), "teams": ROLE_TEAMS_AT_LEAST}

    def shown(given: Answers) -> str:
        sheet = forms.build(door.questionnaire, given, request_language())
        html = render_template(template, entry=entry, door=door, sheet=sheet, role_from=role_from, **values)
        return wire.squeezed(html)

    if request.method == "POST":
        wire.fill_up_to(shown(forms.longest(door.questionnaire, request_language())))
    return shown(answers)
