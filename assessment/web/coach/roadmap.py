"""Roadmaps: of a team, for the meeting in which it agrees, and of the organisation; the page of one small change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from assessment.domain.ready_rule import check
from assessment.services.next_test import next_test
from assessment.services.organisation import get_organisation
from assessment.web.assets import digest
from assessment.web.coach.blueprint import blueprint
from assessment.web.coach.drafts import own_departments
from assessment.web.coach.guards import signed_in, signed_in_actor
from assessment.web.coach.health_rows import HealthRow, health_rows
from assessment.web.coach.reports import plotly_path
from assessment.web.coach.roadmap_forms import AgreeForm, EndForm, FocusForm, Refusal
from assessment.web.coach.roadmap_owner import Owner, name_of, owner_of
from assessment.web.context import platform
from assessment.web.headers import allow_inline_styles
from assessment.web.i18n import request_language
from questionnaires.changes import RITUALS, SmallChange, catalogue
from reports import words
from reports.accumulation import in_words
from reports.blocks import Card, Chart
from reports.change_pages import card
from reports.figures import accumulation
from reports.follow_up import Agreed
from reports.health import facts_before
from reports.html import embed
from reports.looking_back import moved
from reports.released import Released, Suggestion
from reports.roadmap_export import STATES

# What a new agreement proposes: about when the next report is due.
UNTIL_THE_NEXT_REPORT = timedelta(weeks=12)


@dataclass(frozen=True)
class Choice:
    """One small change that can be agreed on, with the form for it."""

    change: SmallChange
    card: Card
    form: AgreeForm
    obstacle: str
    """Why it cannot be agreed on now; empty when it can."""


@dataclass(frozen=True)
class Sent:
    """The form that was sent for one agreement, to end or to correct it, and not taken."""

    agreement_id: int
    form: EndForm | AgreeForm
    refusal: Refusal

    @property
    def is_correction(self) -> bool:
        """Whether the agreement was to be corrected."""
        return isinstance(self.form, AgreeForm)


@blueprint.get("/roadmaps")
def roadmaps() -> ResponseReturnValue:
    """List the teams that the coach may see, in alphabetical order within departments, with their roadmaps."""
    coach = signed_in()
    home = get_organisation(platform())
    return render_template("coach/roadmaps.html", organisation=home, departments=own_departments(home), coach=coach)


@blueprint.get("/teams/<int:team_id>/roadmap")
def team_roadmap(team_id: int) -> ResponseReturnValue:
    """Show a team's roadmap, for a meeting: what opens it, what is under way, what could come next."""
    return roadmap_page(team_id)


@blueprint.get("/roadmaps/organisation")
def organisation_roadmap() -> ResponseReturnValue:
    """Show the organisation's roadmap, and how many teams are how far; none is named."""
    return roadmap_page(None)


@blueprint.get("/roadmaps/organisation/changes/<change_id>")
@blueprint.get("/teams/<int:team_id>/roadmap/changes/<change_id>")
def change(change_id: str, team_id: int | None = None) -> ResponseReturnValue:
    """Show one small change with everything about it, and agree on it."""
    owner, wanted = owner_and_change(team_id, change_id)
    return change_page(owner, wanted, agree_form(owner, wanted))


def owner_and_change(team_id: int | None, change_id: str) -> tuple[Owner, SmallChange]:
    """Return whose roadmap it is and a change of the catalogue.

    :raise SignInNeeded: when nobody is signed in.
    :raise NotFound: when it is not theirs, before the first report, and for a change that there is not.
    """
    owner = owner_of(team_id)
    if owner is None or change_id not in catalogue().by_id:
        raise NotFound
    return owner, catalogue().get(change_id)


def roadmap_page(
    team_id: int | None,
    *,
    sent: Sent | None = None,
    focus: FocusForm | None = None,
    refusal: str = "",
) -> ResponseReturnValue:
    """Return a roadmap, with the one form that was not taken as it was typed."""
    owner = owner_of(team_id)
    if owner is None:
        return render_template("coach/roadmap_none.html", name=name_of(team_id), team_id=team_id)
    language, shelf = request_language(), catalogue()
    is_large = request.args.get("large") == "1"
    asked = tuple(owner.released.questionnaire.aspects)
    html = render_template(
        f"coach/roadmap_{'organisation' if team_id is None else 'team'}.html",
        owner=owner,
        changes=shelf.by_id,
        rituals=RITUALS,
        states=STATES,
        moved=moved(owner.released, language) if team_id is not None else (),
        choices=[_choice(owner, suggestion) for suggestion in owner.suggestions if suggestion.change in shelf.by_id],
        conversations=_names(owner.released, owner.released.suggestions.conversations),
        keep=_names(owner.released, owner.released.suggestions.keep),
        health=_health(owner),
        graph=_graph(owner, is_large=is_large),
        in_words=lambda step: in_words(step, language),
        corrections={one.id: correction(one) for one in owner.found.in_flight()},
        end_form=EndForm(formdata=None),
        sent=sent,
        tested=_tested(owner),
        agreed_focus=_names(owner.released, owner.found.next_focus),
        focus=focus or FocusForm(asked, formdata=None, aspects=list(owner.found.next_focus)),
        aspects=[(aspect, words.aspect_name(owner.released, aspect, language)) for aspect in asked],
        refusal=refusal,
        is_large=is_large,
    )
    if not is_large:
        allow_inline_styles(html)
    return html, 422 if sent or refusal or (focus is not None and focus.errors) else 200


def change_page(
    owner: Owner, wanted: SmallChange, form: AgreeForm, refusal: Refusal | None = None
) -> ResponseReturnValue:
    """Return the page of one change, with the form as it was typed."""
    suggestion = next((one for one in owner.suggestions if one.change == wanted.id), None)
    steps = {step.change.id: step for step in owner.steps}
    in_flight = next((one for one in owner.found.in_flight() if one.change == wanted.id), None)
    html = render_template(
        "coach/roadmap_change.html",
        owner=owner,
        step=steps[wanted.id],
        steps=steps,
        card=card(suggestion, wanted, owner.released, request_language()),
        unlocks=catalogue().unlocks(wanted.id),
        in_words=lambda step: in_words(step, request_language()),
        in_flight=in_flight,
        is_said=wanted.id in owner.said,
        is_in_place=wanted.id in owner.found.in_place,
        obstacle=owner.obstacle(wanted),
        form=form,
        refusal=refusal or Refusal(),
    )
    return html, 200 if refusal is None else 422


def agree_form(owner: Owner, wanted: SmallChange) -> AgreeForm:
    """Return the form of one change with what the catalogue proposes, but for a role that nobody could be asked for."""
    language = request_language()
    role = language.text(wanted.who)
    return AgreeForm(
        formdata=None,
        role="" if check(role, "role") else role,
        due=owner.found.as_of + UNTIL_THE_NEXT_REPORT,
        sign=language.text(wanted.sign),
    )


def correction(agreed: Agreed) -> AgreeForm:
    """Return the form that corrects what is under way."""
    return AgreeForm(formdata=None, role=agreed.role, due=agreed.due, sign=agreed.sign)


def _choice(owner: Owner, suggestion: Suggestion) -> Choice:
    wanted = catalogue().get(suggestion.change)
    shown = card(suggestion, wanted, owner.released, request_language())
    return Choice(wanted, shown, agree_form(owner, wanted), owner.obstacle(wanted))


def _tested(owner: Owner) -> tuple[str, str] | None:
    """Return the quarter of the team's next campaign and what it tests, once that is frozen."""
    if owner.team_id is None:
        return None
    found = next_test(platform(), signed_in_actor(), owner.team_id, owner.released.quarter)
    return None if found is None else (found.quarter, _names(owner.released, found.focus))


def _names(released: Released, keys: tuple[str, ...]) -> str:
    language = request_language()
    return words.listed([words.aspect_name(released, key, language) for key in keys], language)


def _health(owner: Owner) -> list[HealthRow]:
    """Return what is known of the report's own quarter beside the quarter before."""
    now = owner.found.now(owner.released.quarter)
    if now is None:
        return []
    return health_rows(now, facts_before(owner.found.health, now.quarter))


def _graph(owner: Owner, *, is_large: bool) -> Markup:
    """Return what stands on what as a figure; on a projector it stays still, so that it can grow with the letters."""
    language, shelf = request_language(), catalogue()
    title = language.gettext("What stands on what")
    wide, narrow = (accumulation(owner.steps, shelf, language, narrow=narrow) for narrow in (False, True))
    script = "none" if is_large else url_for("coach.plotly_js", v=digest(plotly_path()))
    return embed(Chart("accumulation", title, wide, narrow), language.code, script=script)
