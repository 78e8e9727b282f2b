"""Drafting a campaign, changing and deleting the draft."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assessment.domain.campaign import REPORTING_SIZE, Quarter, State
from assessment.domain.error_kinds import Invalid, Refused
from assessment.domain.errors import NoMail, NotSecure, QuarterTaken
from assessment.services.draft_campaign import delete_draft, draft_campaign, update_draft
from assessment.services.organisation import DepartmentView, OrganisationView, get_organisation
from assessment.web.coach.blueprint import blueprint
from assessment.web.coach.forms import Confirm, DraftForm, chosen_freely, first_closing_time
from assessment.web.coach.guards import campaign_of, signed_in, signed_in_actor
from assessment.web.coach.words import WAYS
from assessment.web.context import now, platform
from assessment.web.errors import sentence
from assessment.web.i18n import request_language
from questionnaires.loader import USUAL, WITH_ROLE, questionnaire
from reports.kept import ROLE_AT_LEAST, ROLE_TEAMS_AT_LEAST


@blueprint.route("/campaigns/new", methods=["GET", "POST"])
def new_draft() -> ResponseReturnValue:
    """Ask for everything a campaign is made of; draft it."""
    actor = signed_in_actor()
    organisation = get_organisation(platform())
    departments = own_departments(organisation)
    if organisation is None or not departments:
        return render_template("coach/draft_needs_teams.html")
    closes = first_closing_time(now(), organisation.timezone)
    teams = [team.id for department in departments for team in department.teams]
    form = _form(
        organisation,
        departments,
        quarter=str(Quarter.of(closes.date())),
        # Who has one team has chosen it already.
        teams=teams if len(teams) == 1 else [],
        instruments=list(USUAL),
        way="cards",
        closes_on=closes.date(),
        closes_at=closes.time(),
        reporting_size=REPORTING_SIZE,
        language=organisation.language,
    )
    refusal = ""
    if form.validate_on_submit():
        try:
            campaign_id = draft_campaign(platform(), actor, **_values(form))
        except (Invalid, QuarterTaken) as error:
            refusal = sentence(error)
        else:
            return redirect(url_for("coach.campaign", campaign_id=campaign_id), 303)
    return _page(form, organisation, departments, refusal, None)


@blueprint.route("/campaigns/<int:campaign_id>/edit", methods=["GET", "POST"])
def edit_draft(campaign_id: int) -> ResponseReturnValue:
    """Change a draft."""
    campaign = campaign_of(campaign_id, State.DRAFT)
    organisation = get_organisation(platform())
    departments = own_departments(organisation)
    if organisation is None or not departments:
        return render_template("coach/draft_needs_teams.html")
    closes = campaign.closes_at.astimezone(ZoneInfo(organisation.timezone))
    form = _form(
        organisation,
        departments,
        quarter=campaign.quarter,
        teams=[team.team_id for team in campaign.teams],
        instruments=[name for name in campaign.instruments if name != WITH_ROLE],
        role=WITH_ROLE in campaign.instruments,
        way=campaign.way.value,
        closes_on=closes.date(),
        closes_at=closes.time(),
        reporting_size=campaign.reporting_size,
        focus=list(campaign.focus),
        language=campaign.language,
    )
    refusal = ""
    if form.validate_on_submit():
        try:
            update_draft(platform(), signed_in_actor(), campaign_id, **_values(form))
        except (Invalid, QuarterTaken) as error:
            refusal = sentence(error)
        else:
            flash(request_language().gettext("The draft was changed."), "good")
            return redirect(url_for("coach.campaign", campaign_id=campaign_id), 303)
    return _page(form, organisation, departments, refusal, campaign_id)


@blueprint.post("/campaigns/<int:campaign_id>/delete")
def delete(campaign_id: int) -> ResponseReturnValue:
    """Delete a draft; nothing of it remains."""
    campaign = campaign_of(campaign_id, State.DRAFT)
    if Confirm().validate_on_submit():
        delete_draft(platform(), signed_in_actor(), campaign_id)
        words = request_language().gettext("The draft for %(quarter)s was deleted.", quarter=campaign.quarter)
        flash(words, "good")
    return redirect(url_for("coach.home"), 303)


def own_departments(organisation: OrganisationView | None) -> list[DepartmentView]:
    """Return the departments with those of their teams that the coach may see; without any, a department is missing."""
    coach = signed_in()
    found = []
    for department in organisation.departments if organisation else ():
        teams = tuple(team for team in department.teams if coach.sees_all or team.id in coach.teams)
        if teams:
            found.append(DepartmentView(department.id, department.name, teams))
    return found


def lacking_for_mail() -> list[Refused]:
    """Return what this installation lacks for invitations by e-mail, whatever the teams are."""
    settings = platform().settings
    lacking: list[Refused] = [] if settings.is_secure else [NotSecure(base_url=settings.base_url)]
    return lacking if settings.can_mail else [*lacking, NoMail()]


def _form(organisation: OrganisationView, departments: list[DepartmentView], **values: object) -> DraftForm:
    teams = [team.id for department in departments for team in department.teams]
    return DraftForm(organisation, teams, now(), **values)


def _values(form: DraftForm) -> dict[str, Any]:
    return {
        "quarter": form.quarter.data,
        "teams": form.teams.data,
        # Always last: the frozen order is the order of the form.
        "instruments": (*(form.instruments.data or ()), *((WITH_ROLE,) if form.role.data else ())),
        "way": form.way.data,
        "closes_at": form.closing_time(),
        "reporting_size": form.reporting_size.data,
        "focus": tuple(form.focus.data or ()),
        "language": form.language.data,
    }


def _page(
    form: DraftForm,
    organisation: OrganisationView,
    departments: list[DepartmentView],
    refusal: str,
    campaign_id: int | None,
) -> ResponseReturnValue:
    html = render_template(
        "coach/draft.html",
        form=form,
        organisation=organisation,
        departments=departments,
        refusal=refusal,
        campaign_id=campaign_id,
        instruments=chosen_freely(),
        aspects=questionnaire().aspects,
        role_from={"n": ROLE_AT_LEAST, "teams": ROLE_TEAMS_AT_LEAST},
        ways=WAYS,
        lacking=[sentence(error) for error in lacking_for_mail()],
    )
    return html, 422 if form.errors or refusal else 200
