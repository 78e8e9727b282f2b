"""Invitations by e-mail as a coach meets them: what became of the mails, correcting an address, reminding everybody.

Nothing here tells who collected a credential: pages read the same before and after.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from assessment.domain.campaign import State, Way
from assessment.domain.error_kinds import Invalid, Refused
from assessment.jobs import enqueue_mail
from assessment.services.campaigns import CampaignView
from assessment.services.correct_address import correct_address
from assessment.services.list_invitees import count_mails, list_invitees
from assessment.services.remind import remind
from assessment.services.send_test_mail import send_test_mail
from assessment.web.coach.blueprint import blueprint
from assessment.web.coach.forms import AddressForm, Confirm
from assessment.web.coach.guards import campaign_of, signed_in, signed_in_actor, team_of
from assessment.web.context import now, platform
from assessment.web.errors import sentence
from assessment.web.i18n import request_language
from reports.languages import phrase

TAKEN = {
    False: phrase("The mail server has taken a test mail to %(email)s."),
    True: phrase("A test mail to %(email)s was written into the folder of the dry run, and sent to nobody."),
}


def is_dry_run() -> bool:
    """Whether mails become files instead of leaving this installation."""
    return platform().settings.is_dry_run


def mail_words(campaign: CampaignView) -> dict[str, object]:
    """Return what the page of an open campaign says about its mails; nothing for one that sends none."""
    if campaign.way is not Way.EMAIL:
        return {}
    today = now().astimezone(ZoneInfo(campaign.timezone)).date()
    return {
        "mails": count_mails(platform(), signed_in_actor(), campaign.id),
        "is_reminded": campaign.reminded_on == today,
        "is_dry_run": is_dry_run(),
    }


@blueprint.route("/campaigns/<int:campaign_id>/teams/<int:node_id>/addresses", methods=["GET", "POST"])
def addresses(campaign_id: int, node_id: int) -> ResponseReturnValue:
    """Show where a team's mails go and what became of them; correct an address."""
    campaign = campaign_of(campaign_id, State.OPEN)
    team = team_of(campaign, node_id)
    if team.way != Way.EMAIL:
        raise NotFound
    form, problem = AddressForm(), ""
    if form.validate_on_submit():
        try:
            member_id, email = form.member_id.data or 0, form.email.data or ""
            correct_address(platform(), signed_in_actor(), campaign_id, node_id, member_id, email)
        except (Invalid, Refused) as error:
            problem = sentence(error)
        else:
            enqueue_mail(platform().settings)
            gettext = request_language().gettext
            flash(gettext("The address was corrected. A new link goes there, and the old address is told."), "good")
            return redirect(url_for("coach.addresses", campaign_id=campaign_id, node_id=node_id), 303)
    people = list_invitees(platform(), signed_in_actor(), campaign_id, node_id)
    html = render_template(
        "coach/addresses.html", campaign=campaign, team=team, people=people, form=form, problem=problem
    )
    return html, 422 if form.errors or problem else 200


@blueprint.post("/campaigns/<int:campaign_id>/remind")
def remind_everybody(campaign_id: int) -> ResponseReturnValue:
    """Remind everybody of the campaign."""
    campaign_of(campaign_id, State.OPEN)
    if Confirm().validate_on_submit():
        remind(platform(), signed_in_actor(), campaign_id)
        enqueue_mail(platform().settings)
        flash(request_language().gettext("A reminder is on its way to everybody."), "good")
    return redirect(url_for("coach.campaign", campaign_id=campaign_id), 303)


@blueprint.post("/campaigns/<int:campaign_id>/test-mail")
def test_mail(campaign_id: int) -> ResponseReturnValue:
    """Send a test mail to the coach who asks."""
    campaign_of(campaign_id, State.DRAFT, State.OPEN)
    if Confirm().validate_on_submit():
        language, to = request_language(), signed_in().email
        try:
            send_test_mail(platform(), to, language.code)
        except Refused as error:
            flash(sentence(error), "bad")
        else:
            flash(language.gettext(TAKEN[is_dry_run()], email=to), "good")
    return redirect(url_for("coach.campaign", campaign_id=campaign_id), 303)
