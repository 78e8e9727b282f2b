"""All reports of a quarter at once: asking for them, how far they are, one ZIP file of them."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from flask import Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment.domain.error_kinds import NotFound
from assessment.jobs import enqueue_batches
from assessment.services.ask_batch import ask_batch
from assessment.services.batches import KEPT, MAKING, BatchView, get_batch
from assessment.services.cancel_batch import cancel_batch as cancel
from assessment.services.continue_batch import continue_batch as go_on
from assessment.services.organisation import get_organisation
from assessment.services.pack_batch import pack_batch
from assessment.web.coach.blueprint import blueprint
from assessment.web.coach.forms import Confirm
from assessment.web.coach.guards import quarter_of, signed_in_actor
from assessment.web.context import platform
from assessment.web.i18n import request_language
from reports.languages import LANGUAGES, phrase

# What a report's problem reads on the page; whatever else it was stands in the server's log.
PROBLEMS = {
    "died": phrase("the program that made it was ended, perhaps for want of memory"),
    "slow": phrase("it was not done after ten minutes"),
    "PdfUnavailable": phrase("the server lacks a library for PDFs"),
    "UnknownReport": phrase("there is no such report any more"),
    "UnknownTeam": phrase("there is no such report any more"),
    "OSError": phrase("the file could not be stored"),
}
OTHERWISE = phrase("something in it is wrong; the server’s log says where")
MINUTE = timedelta(minutes=1).total_seconds()


@blueprint.post("/reports/batches")
def ask_for_batch() -> ResponseReturnValue:
    """Ask for all reports of a quarter that the coach may see."""
    actor = signed_in_actor()
    language = request.form.get("language", "")
    if not Confirm().validate_on_submit() or language not in LANGUAGES or request.form.get("format") != "pdf":
        raise NotFound
    batch_id = ask_batch(platform(), actor, quarter_of(request.form.get("quarter", "")), language)
    enqueue_batches(platform().settings)
    return redirect(url_for("coach.batch", batch_id=batch_id), 303)


@blueprint.get("/reports/batches/<int:batch_id>")
def batch(batch_id: int) -> ResponseReturnValue:
    """Show how far the reports are, and where to get them; the page looks again by itself while they are made."""
    found = get_batch(platform(), signed_in_actor(), batch_id)
    g.policy = {"connect-src": "'self'"}
    organisation = get_organisation(platform())
    problems = [(report.name, PROBLEMS.get(report.problem, OTHERWISE)) for report in found.broken]
    return render_template(
        "coach/batch.html",
        batch=found,
        is_making=found.state == MAKING and found.is_here,
        left=time_left(found),
        problems=problems,
        zone=organisation.timezone if organisation is not None else None,
        n_hours=round(KEPT / timedelta(hours=1)),
    )


@blueprint.post("/reports/batches/<int:batch_id>/cancel")
def cancel_batch(batch_id: int) -> ResponseReturnValue:
    """Begin no further report."""
    cancel(platform(), signed_in_actor(), batch_id)
    return redirect(url_for("coach.batch", batch_id=batch_id), 303)


@blueprint.post("/reports/batches/<int:batch_id>/continue")
def continue_batch(batch_id: int) -> ResponseReturnValue:
    """Make what was left out, and try again what could not be made."""
    go_on(platform(), signed_in_actor(), batch_id)
    enqueue_batches(platform().settings)
    return redirect(url_for("coach.batch", batch_id=batch_id), 303)


@blueprint.get("/reports/batches/<int:batch_id>.zip")
def batch_zip(batch_id: int) -> ResponseReturnValue:
    """Send the reports that are made so far as one ZIP file."""
    actor = signed_in_actor()
    found = get_batch(platform(), actor, batch_id)
    response = Response(pack_batch(platform(), actor, batch_id), content_type="application/zip")
    name = f"{found.quarter}-reports-{found.language}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def time_left(found: BatchView) -> str:
    """Return how long it takes until all reports are made, in words; empty while nobody knows."""
    language, seconds = request_language(), found.seconds_left
    if seconds is None:
        return ""
    if seconds < MINUTE:
        return language.gettext("less than a minute left")
    n = ceil(seconds / MINUTE)
    return language.ngettext("about %(n)s minute left", "about %(n)s minutes left", n)
