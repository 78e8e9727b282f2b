"""What is done on a roadmap: agreeing, ending, taking back, saying what is there already, and the next focus."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from assessment.domain.error_kinds import AssessmentError, Invalid, Refused
from assessment.services.agree_change import agree_change
from assessment.services.agree_focus import agree_focus
from assessment.services.correct_agreement import correct_agreement
from assessment.services.end_agreement import ENDED, end_agreement
from assessment.services.reopen_agreement import reopen_agreement
from assessment.services.set_in_place import set_in_place
from assessment.web.coach.blueprint import blueprint
from assessment.web.coach.guards import signed_in_actor
from assessment.web.coach.roadmap import Sent, change_page, owner_and_change, roadmap_page
from assessment.web.coach.roadmap_forms import AgreeForm, EndForm, FocusForm, InPlaceForm, Refusal, told
from assessment.web.coach.roadmap_owner import Owner, owner_of
from assessment.web.context import platform
from assessment.web.i18n import request_language
from questionnaires.changes import catalogue
from reports.accumulation import title
from reports.follow_up import Agreed
from reports.languages import phrase

SAID = {
    "done": phrase("“%(change)s” is done."),
    "dropped": phrase("“%(change)s” is dropped. That needs no reason."),
}


@blueprint.post("/roadmaps/organisation/changes/<change_id>/agree")
@blueprint.post("/teams/<int:team_id>/roadmap/changes/<change_id>/agree")
def agree(change_id: str, team_id: int | None = None) -> ResponseReturnValue:
    """Agree on a small change; what cannot be taken comes back as it was typed, with the words marked."""
    owner, wanted = owner_and_change(team_id, change_id)
    form = AgreeForm()
    if not form.validate_on_submit() or form.due.data is None:
        return change_page(owner, wanted, form, Refusal())
    try:
        agree_change(
            platform(),
            signed_in_actor(),
            team_id,
            owner.released.quarter,
            wanted.id,
            role=form.role.data or "",
            due=form.due.data,
            sign=form.sign.data or "",
            override=bool(form.override.data),
        )
    except (Invalid, Refused) as error:
        return change_page(owner, wanted, form, form.refusal(error))
    gettext = request_language().gettext
    flash(gettext("Agreed: “%(change)s”.", change=_title(wanted.id)), "good")
    return _back(team_id, "under-way")


@blueprint.post("/roadmaps/organisation/changes/<change_id>/in-place")
@blueprint.post("/teams/<int:team_id>/roadmap/changes/<change_id>/in-place")
def in_place(change_id: str, team_id: int | None = None) -> ResponseReturnValue:
    """Note that a change is there already, or that it is not."""
    _, wanted = owner_and_change(team_id, change_id)
    form = InPlaceForm()
    is_there = bool(form.is_in_place.data)
    try:
        set_in_place(platform(), signed_in_actor(), team_id, wanted.id, is_there)
    except Refused as error:
        return roadmap_page(team_id, refusal=told(error))
    gettext = request_language().gettext
    said = gettext("“%(change)s” is in place.") if is_there else gettext("“%(change)s” is not in place any more.")
    flash(said % {"change": _title(wanted.id)}, "good")
    return _back(team_id, "history" if is_there else "all-changes")


@blueprint.post("/roadmaps/organisation/agreements/<int:agreement_id>/end")
@blueprint.post("/teams/<int:team_id>/roadmap/agreements/<int:agreement_id>/end")
def end(agreement_id: int, team_id: int | None = None) -> ResponseReturnValue:
    """Note that an agreed change is done, or dropped without blame."""
    change_id = _agreed(team_id, agreement_id).change
    form = EndForm()
    state = form.state.data or ""
    if state not in ENDED:
        raise NotFound
    try:
        end_agreement(platform(), signed_in_actor(), agreement_id, state=state, evidence=form.evidence.data or "")
    except (Invalid, Refused) as error:
        return _not_taken(team_id, agreement_id, form, error)
    flash(request_language().gettext(SAID[state], change=_title(change_id)), "good")
    return _back(team_id, "history")


@blueprint.post("/roadmaps/organisation/agreements/<int:agreement_id>/correct")
@blueprint.post("/teams/<int:team_id>/roadmap/agreements/<int:agreement_id>/correct")
def correct(agreement_id: int, team_id: int | None = None) -> ResponseReturnValue:
    """Note another role, day or sign for what is under way; what cannot be taken comes back as it was typed."""
    agreed = _agreed(team_id, agreement_id)
    form = AgreeForm()
    form.accepted = (agreed.role, agreed.sign)
    if not form.validate_on_submit() or form.due.data is None:
        return roadmap_page(team_id, sent=Sent(agreement_id, form, Refusal()))
    try:
        correct_agreement(
            platform(),
            signed_in_actor(),
            agreement_id,
            role=form.role.data or "",
            due=form.due.data,
            sign=form.sign.data or "",
            override=bool(form.override.data),
        )
    except (Invalid, Refused) as error:
        return _not_taken(team_id, agreement_id, form, error)
    flash(request_language().gettext("“%(change)s” is corrected.", change=_title(agreed.change)), "good")
    return _back(team_id, "under-way")


@blueprint.post("/roadmaps/organisation/agreements/<int:agreement_id>/reopen")
@blueprint.post("/teams/<int:team_id>/roadmap/agreements/<int:agreement_id>/reopen")
def reopen(agreement_id: int, team_id: int | None = None) -> ResponseReturnValue:
    """Take back that a change is done or dropped."""
    change_id = _agreed(team_id, agreement_id).change
    try:
        reopen_agreement(platform(), signed_in_actor(), agreement_id)
    except Refused as error:
        return roadmap_page(team_id, refusal=told(error))
    flash(request_language().gettext("“%(change)s” is under way again.", change=_title(change_id)), "good")
    return _back(team_id, "under-way")


@blueprint.post("/teams/<int:team_id>/roadmap/focus")
def focus(team_id: int) -> ResponseReturnValue:
    """Agree on the aspects that the team's next campaign tests."""
    owner = _owner(team_id)
    form = FocusForm(tuple(owner.released.questionnaire.aspects))
    if not form.validate_on_submit():
        return roadmap_page(team_id, focus=form)
    chosen = [str(aspect) for aspect in form.aspects.data or ()]
    try:
        agree_focus(platform(), signed_in_actor(), team_id, owner.released.quarter, chosen)
    except (Invalid, Refused) as error:
        return roadmap_page(team_id, focus=form, refusal=told(error))
    gettext = request_language().gettext
    said = gettext("The next focus is agreed.") if chosen else gettext("The next campaign’s own focus counts.")
    flash(said, "good")
    return _back(team_id, "next-focus")


def _owner(team_id: int | None) -> Owner:
    owner = owner_of(team_id)
    if owner is None:
        raise NotFound
    return owner


def _agreed(team_id: int | None, agreement_id: int) -> Agreed:
    """Return an agreement of this roadmap.

    :raise NotFound: when the roadmap has none of this number, although another may.
    """
    for agreed in _owner(team_id).found.agreed:
        if agreed.id == agreement_id:
            return agreed
    raise NotFound


def _not_taken(
    team_id: int | None, agreement_id: int, form: EndForm | AgreeForm, error: AssessmentError
) -> ResponseReturnValue:
    refusal = form.refusal(error)
    if refusal.words:
        return roadmap_page(team_id, refusal=refusal.words)
    return roadmap_page(team_id, sent=Sent(agreement_id, form, refusal))


def _title(change_id: str) -> str:
    return title(change_id, request_language(), catalogue())


def _back(team_id: int | None, place: str) -> ResponseReturnValue:
    page = "coach.organisation_roadmap" if team_id is None else "coach.team_roadmap"
    # On a projector the letters stay large.
    large = "1" if request.args.get("large") == "1" else None
    return redirect(url_for(page, team_id=team_id, large=large, _anchor=place), 303)
