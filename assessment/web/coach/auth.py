"""Signing in and out, and the language a coach reads in."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from assessment.domain.errors import SignInRefused, SignInThrottled
from assessment.services import coaches
from assessment.web.coach.blueprint import blueprint
from assessment.web.coach.forms import SignInForm
from assessment.web.coach.guards import SignInNeeded, lead_to_sign_in, safe_next, start_session, visitor
from assessment.web.context import platform
from assessment.web.errors import expired, page_for, sentence
from assessment.web.i18n import request_language
from reports.languages import LANGUAGES


@blueprint.before_request
def keep_language() -> None:
    """Remember the language a coach asked for in the address."""
    asked = request.args.get("lang")
    if asked in LANGUAGES and request.endpoint != "coach.static":
        session["language"] = asked


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form; start a session for a right password."""
    target = safe_next(request.values.get("next"))
    if request.method == "GET" and visitor() is not None:
        return redirect(target, 303)
    form = SignInForm()
    refusal, status = "", 200
    if form.validate_on_submit():
        try:
            found = coaches.sign_in(
                platform(), form.email.data or "", form.password.data or "", request.remote_addr or ""
            )
        except (SignInRefused, SignInThrottled) as error:
            refusal = sentence(error)
            status = int(page_for(error).status) if isinstance(error, SignInThrottled) else 422
        else:
            start_session(found.id)
            return redirect(target, 303)
    elif form.is_submitted():
        status = 422
    return render_template("coach/sign_in.html", form=form, refusal=refusal, target=target), status


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    flash(request_language().gettext("You are signed out."), "good")
    return redirect(url_for("coach.sign_in"), 303)


@blueprint.errorhandler(CSRFError)
def without_token(error: CSRFError) -> ResponseReturnValue:
    """Lead somebody whose session ended while they filled in a form to the sign-in page, and back to it afterwards."""
    if visitor() is None and request.endpoint != "coach.sign_in":
        return lead_to_sign_in(SignInNeeded())
    return expired(error)


@blueprint.after_request
def no_copy(response: Response) -> Response:
    """Let no shared cache keep what a cookie opened."""
    if request.endpoint != "coach.static":
        response.headers.add("Vary", "Cookie")
    return response
