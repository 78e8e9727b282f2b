"""One campaign's page, by its state; opening and voiding it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assessment.domain.campaign import State, Way
from assessment.jobs import enqueue_opening
from assessment.services.ask_opening import ask_opening
from assessment.services.build_report import list_reports
from assessment.services.campaigns import CampaignView
from assessment.services.void_campaign import void_campaign
from assessment.web.coach.blueprint import blueprint
from assessment.web.coach.forms import OpenForm, VoidForm
from assessment.web.coach.guards import campaign_of, signed_in_actor
from assessment.web.coach.home import at_a_glance
from assessment.web.coach.invitations import mail_words
from assessment.web.coach.words import WAYS
from assessment.web.context import platform
from assessment.web.errors import sentence
from assessment.web.i18n import request_language

SECONDS_BETWEEN_LOOKS = 2


@blueprint.get("/campaigns/<int:campaign_id>")
def campaign(campaign_id: int) -> ResponseReturnValue:
    """Show a campaign: what opening will freeze, how it goes, what it gave, or that it was voided."""
    return _page(campaign_id, OpenForm())


@blueprint.post("/campaigns/<int:campaign_id>/open")
def open_(campaign_id: int) -> ResponseReturnValue:
    """Open a draft, which freezes everything about it; the keys of many teams are made in the background."""
    found = campaign_of(campaign_id, State.DRAFT)
    form = OpenForm()
    if not form.validate_on_submit():
        return _page(campaign_id, form)
    if ask_opening(platform(), signed_in_actor(), campaign_id).state is State.OPEN:
        words = request_language().gettext("The campaign for %(quarter)s is open.", quarter=found.quarter)
        flash(words, "good")
    else:
        enqueue_opening(platform().settings)
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
    if found.n_keys_made is not None:
        return _opening(found)
    words: dict[str, object] = {"campaign": found, "ways": WAYS}
    if found.freezing is not None:
        words |= {
            "form": form,
            "obstacles": [sentence(error) for error in found.freezing.obstacles],
            "can_test": found.way is Way.EMAIL and platform().settings.can_mail,
            "n_people": sum(team.n_invited for team in found.freezing.teams),
        }
    elif found.state is State.OPEN:
        departments = {node.id: node.name for node in found.nodes if node.kind == "department"}
        words |= {"going": at_a_glance(found), "departments": departments} | mail_words(found)
    elif found.state is State.CLOSED:
        reports = list_reports(platform(), signed_in_actor())
        words["rows"] = [row for row in reports if row.campaign_id == campaign_id]
    return render_template(f"coach/campaign_{found.state.value}.html", **words), 422 if form.errors else 200


def _opening(found: CampaignView) -> ResponseReturnValue:
    """Show how far the background work is; the browser asks again by itself, without a script."""
    html = render_template(
        "coach/campaign_opening.html", campaign=found, n_keys=max(len(found.teams), found.n_keys_made or 0)
    )
    return html, 200, {"Refresh": str(SECONDS_BETWEEN_LOOKS)}
