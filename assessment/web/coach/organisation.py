"""The organisation as it is today, and its import from a CSV: a dry run first, then the same bytes again."""

from __future__ import annotations

import base64
import binascii

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from assessment.domain.error_kinds import Invalid, Refused
from assessment.services.import_organisation import OrganisationImport, import_organisation
from assessment.services.organisation import get_organisation
from assessment.web.coach.blueprint import blueprint
from assessment.web.coach.drafts import own_departments
from assessment.web.coach.forms import ConfirmImportForm, ImportForm
from assessment.web.coach.guards import signed_in, signed_in_for_everything
from assessment.web.context import platform
from assessment.web.errors import sentence
from assessment.web.i18n import request_language

EXAMPLE = "department,team,name,email\nPlattform,Atlas,Ada Lovelace,ada@example.org\nPlattform,Atlas,Grace Hopper,\n"


@blueprint.get("/organisation")
def organisation() -> ResponseReturnValue:
    """Show departments and teams with their number of members; names of members are nobody's business here."""
    coach = signed_in()
    found = get_organisation(platform())
    departments = own_departments(found)
    teams = [team for department in departments for team in department.teams]
    return render_template(
        "coach/organisation.html",
        organisation=found,
        departments=departments,
        n_teams=len(teams),
        n_people=sum(team.n_members for team in teams),
        coach=coach,
    )


@blueprint.get("/organisation/import")
def import_form() -> ResponseReturnValue:
    """Ask for a CSV."""
    signed_in_for_everything()
    return render_template("coach/import.html", form=ImportForm(), example=EXAMPLE, problem="")


@blueprint.post("/organisation/import")
def import_dry_run() -> ResponseReturnValue:
    """Say what an import would change and every problem by its line; nothing is stored."""
    actor = signed_in_for_everything()
    form = ImportForm()
    source = form.source()
    if not source.strip():
        problem = request_language().gettext("Paste the table or choose a file first.")
        return render_template("coach/import.html", form=form, example=EXAMPLE, problem=problem), 422
    try:
        result = import_organisation(platform(), source, actor=actor, dry_run=True)
    except (Invalid, Refused) as error:
        return render_template("coach/import.html", form=form, example=EXAMPLE, problem=sentence(error)), 422
    confirm = ConfirmImportForm(formdata=None, content=base64.b64encode(source).decode())
    status = 422 if result.problems else 200
    return _checked(result, confirm, form.pasted.data or ""), status


@blueprint.post("/organisation/import/confirm")
def import_confirmed() -> ResponseReturnValue:
    """Import what the dry run was about; problems that appeared since are shown again and nothing is stored."""
    actor = signed_in_for_everything()
    form = ConfirmImportForm()
    try:
        source = base64.b64decode(form.content.data or "", validate=True)
    except binascii.Error:
        raise BadRequest from None
    remove = bool(form.remove_missing.data)
    result = import_organisation(platform(), source, actor=actor, dry_run=False, remove_missing=remove)
    if result.problems:
        return _checked(result, form), 422
    flash(request_language().gettext("The organisation was brought up to date."), "good")
    return redirect(url_for("coach.organisation"), 303)


def _checked(result: OrganisationImport, confirm: ConfirmImportForm, pasted: str = "") -> str:
    gettext = request_language().gettext
    problems = [
        (problem, gettext(problem.template, **problem.values), gettext(problem.field)) for problem in result.problems
    ]
    return render_template(
        "coach/import_checked.html", result=result, confirm=confirm, problems=problems, pasted=pasted
    )
