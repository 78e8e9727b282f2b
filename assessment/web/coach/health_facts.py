"""Health facts: typed for a team and quarter, or imported from a spreadsheet for many, with a dry run first."""

from __future__ import annotations

import base64
import binascii
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotFound

from assessment.domain.campaign import Quarter
from assessment.domain.error_kinds import AssessmentError, Invalid
from assessment.domain.follow_up_errors import PersonalData
from assessment.domain.health_facts import PAGES, SHARES
from assessment.services.import_health import COLUMNS, HealthImport, import_health
from assessment.services.list_health import list_health
from assessment.services.organisation import get_organisation
from assessment.services.record_health import record_health
from assessment.web.coach.blueprint import blueprint
from assessment.web.coach.downloads import save
from assessment.web.coach.drafts import own_departments
from assessment.web.coach.forms import ConfirmImportForm, ImportForm
from assessment.web.coach.guards import own_team, quarter_of, signed_in, signed_in_actor
from assessment.web.coach.health_rows import health_rows
from assessment.web.coach.roadmap_forms import HealthFileForm, HealthForm
from assessment.web.coach.words import FACTS, PAGES_WORDS
from assessment.web.context import now, platform
from assessment.web.errors import sentence
from assessment.web.i18n import request_language
from reports.csv_export import written
from reports.follow_up import Health, HealthFact

N_QUARTERS = 6


@blueprint.get("/teams/<int:team_id>/health")
def health(team_id: int) -> ResponseReturnValue:
    """Lead to a team's health facts of this quarter."""
    own_team(team_id)
    return redirect(url_for("coach.health_of_quarter", team_id=team_id, quarter=_quarters()[0]), 303)


@blueprint.route("/teams/<int:team_id>/health/<quarter>", methods=["GET", "POST"])
def health_of_quarter(team_id: int, quarter: str) -> ResponseReturnValue:
    """Ask for a team's health facts of a quarter, beside their targets; an empty field forgets a fact."""
    team, wanted = own_team(team_id), quarter_of(quarter)
    if wanted > _quarters()[0]:
        raise NotFound
    actor = signed_in_actor()
    known = list_health(platform(), actor, team_id)
    stored = next((one for one in known if one.quarter == wanted), None)
    form = HealthForm(data=_typed(stored))
    if form.validate_on_submit() and (read := form.read()) is not None:
        try:
            record_health(platform(), actor, team_id, wanted, *read)
        except (Invalid, PersonalData) as error:
            _blame(form, error)
        else:
            words = request_language().gettext("The facts of %(quarter)s are stored.", quarter=wanted)
            flash(words, "good")
            return redirect(url_for("coach.health_of_quarter", team_id=team_id, quarter=wanted), 303)
    before = str(Quarter.parse(wanted).before())
    html = render_template(
        "coach/health.html",
        team=team,
        wanted=wanted,
        quarters=_quarters(wanted),
        form=form,
        facts=[(str(fact), FACTS[fact]) for fact in HealthFact] + [(PAGES, PAGES_WORDS)],
        rows=health_rows(stored, next((one for one in known if one.quarter == before), None)) if stored else [],
        before=before,
    )
    return html, 422 if form.errors else 200


@blueprint.get("/health/import")
def health_import_form() -> ResponseReturnValue:
    """Ask for a CSV and its quarter."""
    signed_in()
    return _asked(ImportForm(), "")


@blueprint.post("/health/import")
def health_dry_run() -> ResponseReturnValue:
    """Say what an import would store and every problem by its line; nothing is stored."""
    signed_in()
    form = ImportForm()
    source = form.source()
    if not source.strip():
        return _asked(form, request_language().gettext("Paste the table or choose a file first."))
    try:
        done = import_health(platform(), signed_in_actor(), _asked_quarter(), source, dry_run=True)
    except Invalid as error:
        return _asked(form, sentence(error))
    content = base64.b64encode(source).decode()
    return _checked(done, content, form.pasted.data or ""), 422 if done.problems else 200


@blueprint.post("/health/import/confirm")
def health_confirmed() -> ResponseReturnValue:
    """Store what the dry run was about; problems that appeared since are shown and nothing is stored."""
    signed_in()
    form = ConfirmImportForm()
    try:
        source = base64.b64decode(form.content.data or "", validate=True)
    except binascii.Error:
        raise BadRequest from None
    done = import_health(platform(), signed_in_actor(), _asked_quarter(), source)
    if done.problems:
        return _checked(done, form.content.data or "", ""), 422
    language = request_language()
    flash(
        language.ngettext("Facts of %(n)s team are stored.", "Facts of %(n)s teams are stored.", len(done.lines)),
        "good",
    )
    return redirect(url_for("coach.roadmaps"), 303)


@blueprint.get("/health/template.csv")
def health_template() -> ResponseReturnValue:
    """Send a table to fill in: a line for each team of the coach's, a column for each fact."""
    signed_in()
    departments = own_departments(get_organisation(platform()))
    names = sorted((team.name for department in departments for team in department.teams), key=str.casefold)
    rows = [[str(column) for column in COLUMNS], *([name, *[""] * (len(COLUMNS) - 1)] for name in names)]
    return save(written(rows, with_mark=True), "health-facts.csv", "csv")


def _asked_quarter() -> str:
    return str(HealthFileForm().quarter.data or _quarters()[0])


def _asked(form: ImportForm, problem: str) -> ResponseReturnValue:
    html = render_template(
        "coach/health_import.html",
        form=form,
        problem=problem,
        quarters=_quarters(),
        chosen=_asked_quarter(),
        columns=[(fact, FACTS[HealthFact(fact)]) for fact in HealthFact] + [(PAGES, PAGES_WORDS)],
    )
    return html, 422 if problem else 200


def _checked(done: HealthImport, content: str, pasted: str) -> str:
    gettext = request_language().gettext
    problems = [
        (problem, gettext(problem.template, **problem.values), gettext(problem.field)) for problem in done.problems
    ]
    lines = [(line, health_rows(Health(done.quarter, line.values, line.page_shares))) for line in done.lines]
    return render_template(
        "coach/health_checked.html", done=done, problems=problems, lines=lines, content=content, pasted=pasted
    )


def _quarters(chosen: str = "") -> list[str]:
    """Return the quarters that have begun, the latest first, and one that is chosen already."""
    home = get_organisation(platform())
    zone = home.timezone if home is not None else platform().settings.timezone
    this = Quarter.of(now().astimezone(ZoneInfo(zone)).date())
    offered = {str(this.before(n)) for n in range(N_QUARTERS)}
    return sorted(offered | ({chosen} if chosen else set()), reverse=True)


def _typed(stored: Health | None) -> dict[str, str]:
    """Return stored facts as people type them."""
    if stored is None:
        return {}
    typed = {fact: _number(fact, value) for fact, value in stored.facts.items()}
    return typed | {PAGES: " ".join(map(str, stored.page_shares))}


def _number(fact: str, value: float) -> str:
    comma = request_language().number(0.5)[1]
    if fact in SHARES:
        return f"{100 * value:.10g} %".replace(".", comma)
    return f"{value:.10g}".replace(".", comma)


def _blame(form: HealthForm, error: AssessmentError) -> None:
    """Put what is wrong at the field that it names, at the pages otherwise."""
    name = error.field if isinstance(error, Invalid) and error.field in form else PAGES
    form.blame(name, error)
