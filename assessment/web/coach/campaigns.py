"""One campaign's page, by its state; opening and voiding it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assessment.domain.campaign import State
from assessment.services.build_report import list_reports
from assessment.services.open_campaign import open_campaign
from assessment.services.void_campaign import void_campaign
from assessment.web.coach.blueprint import blueprint
from assessment.web.coach.forms import Confirm, OpenForm, VoidForm
from assessment.web.coach.guards import campaign_of, signed_in, signed_in_actor
from assessment.web.coach.home import at_a_glance
from assessment.web.coach.words import WAYS
from assessment.web.context import now, platform
from assessment.web.i18n import request_language


@blueprint.get("/campaigns/<int:campaign_id>")
def campaign(campaign_id: int) -> ResponseReturnValue:
    """Show a campaign: what opening will freeze, how it goes, what it gave, or that it was voided."""
    return _page(campaign_id, OpenForm())


@blueprint.post("/campaigns/<int:campaign_id>/open")
def open_(campaign_id: int) -> ResponseReturnValue:
    """Open a draft, which freezes everything about it."""
    found = campaign_of(campaign_id, State.DRAFT)
    form = OpenForm()
    if not form.validate_on_submit():
        return _page(campaign_id, form)
    open_campaign(platform(), signed_in_actor(), campaign_id)
    words = request_language().gettext("The campaign for %(quarter)s is open.", quarter=found.quarter)
    flash(words, "good")
    return redirect(url_for("coach.campaign", campaign_id=campaign_id), 303)


@blueprint.route("/campaigns/<int:campaign_id>/void", methods=["GET", "POST"])
def void(campaign_id: int) -> ResponseReturnValue:
    """Ask for the quarter to be typed; then destroy every answer of the campaign and publish nothing."""
    found = campaign_of(campaign_id, State.OPEN)
    form = VoidForm(found.quarter)
    if not form.validate_on_submit():
        return render_template("coach/void.html", campaign=found, form=form), 422 if form.errors else 200
    void_campaign(platform(), signed_in_actor(), campaign_id)
    words = request_language().gettext("The campaign for %(quarter)s was voided.", quarter=found.quarter)
    flash(words, "good")
    return redirect(url_for("coach.campaign", campaign_id=campaign_id), 303)


def _page(campaign_id: int, form: OpenForm) -> ResponseReturnValue:
    found = campaign_of(campaign_id)
    coach = signed_in()
    state = State(found.state)
    teams = [node for node in found.nodes if node.kind == "team"]
    html = render_template(
        f"coach/campaign_{state.value}.html",
        campaign=found,
        coach=coach,
        teams=teams,
        going=at_a_glance(found) if state is State.OPEN else None,
        reports=[row for row in list_reports(platform(), signed_in_actor()) if row.campaign_id == campaign_id]
        if state is State.CLOSED
        else [],
        form=form,
        confirm=Confirm(),
        ways=WAYS,
        is_due=found.closes_at <= now(),
    )
    return html, 422 if form.errors else 200
