"""The invited person's page: one for everybody, and the two requests that its script makes after a click.

Nothing personal is in the page or its address: the token stands in the fragment, which browsers do not send. Asking
what a token opens changes nothing; collecting does, once. Neither reply shows by its length what it says.
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from assessment.domain.credentials import decoded, encoded
from assessment.domain.error_kinds import AssessmentError, Invalid
from assessment.domain.errors import InvitationUnknown
from assessment.domain.words import WORDS
from assessment.services.find_invitation import find_invitation
from assessment.services.issue_credential import issue_credential
from assessment.web.context import platform
from assessment.web.errors import page_for, sentence
from assessment.web.i18n import moment, request_language, use_language
from assessment.web.respond import wire
from reports.languages import LANGUAGES, phrase

TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
# What the page's script asks for; it reads problems as JSON too.
ENDPOINTS = frozenset({"respond.invitation_door", "respond.collect"})
# Replies are filled up to a multiple of this before they are compressed and filled up again, so that a refusal is not
# so short that it is left uncompressed.
STEP = 4096


def register(blueprint: Blueprint) -> None:
    """Add the page and its two requests to the respondents' door."""
    blueprint.add_url_rule("/e/<lang>", view_func=invitation)
    blueprint.add_url_rule("/e/door", view_func=invitation_door, methods=["POST"])
    blueprint.add_url_rule("/e/collect", view_func=collect, methods=["POST"])


def invitation(lang: str) -> ResponseReturnValue:
    """Show the page; to everybody who reads this language the same bytes."""
    if lang not in LANGUAGES:
        abort(404)
    use_language(lang)
    page = make_response(render_template("respond/invitation.html", words=WORDS))
    page.headers["Content-Security-Policy"] = wire.policy(script=True)
    return page


def invitation_door() -> ResponseReturnValue:
    """Say what a token opens; changes nothing."""
    found = find_invitation(platform(), _token())
    door, language = found.door, request_language()
    small = ""
    if door.small_team:
        small = language.ngettext(
            "Your team has %(n)s person, and nothing is shown of fewer than %(size)s. It gets no result of its own: "
            "your answers count only together with those of other teams, or are dropped.",
            "Your team has %(n)s people, and nothing is shown of fewer than %(size)s. It gets no result of its own: "
            "your answers count only together with those of other teams, or are dropped.",
            door.n_invited,
            size=door.smallest,
        )
    return reply(
        campaign=door.campaign_id,
        node=door.node_id,
        team=door.team,
        quarter=door.quarter,
        invited=language.ngettext("%(n)s person", "%(n)s people", door.n_invited),
        roster=list(door.roster),
        closes=moment(door.closes_at, door.timezone),
        until=door.closes_at.isoformat(),
        small=small,
        key=encoded(found.public_key),
        collected=found.is_collected,
    )


def collect() -> ResponseReturnValue:
    """Sign a blinded message, once for each invited person; the same one again gets the same answer."""
    blinded = decoded(request.form.get("blinded", ""))
    if blinded is None:
        raise Invalid(phrase("blinded message"), "", phrase("load the page again and collect once more"))
    return reply(signature=encoded(issue_credential(platform(), _token(), blinded)))


def refused(error: AssessmentError) -> ResponseReturnValue:
    """Return one of our errors as the page's script reads it."""
    return problem(sentence(error), page_for(error).status)


def problem(words: str, status: int) -> ResponseReturnValue:
    """Return a sentence for people as the page's script reads it."""
    return reply(problem=words), status


def reply(**content: object) -> Response:
    """Return JSON, filled up with blanks."""
    response = jsonify(content)
    body = response.get_data().rstrip()
    response.set_data(body + b" " * (-len(body) % STEP))
    return response


def _token() -> str:
    token = request.form.get("token", "")
    if not TOKEN.fullmatch(token):
        raise InvitationUnknown
    return token
