"""Who is asking, and is this theirs? The first line of every view of this door.

Anonymous visitors are led to the sign-in page. What does not exist and what is somebody else's read the same: 404.
"""

from __future__ import annotations

from datetime import timedelta
from typing import cast
from urllib.parse import urlsplit

from flask import current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from assessment.domain.campaign import Quarter, State
from assessment.domain.error_kinds import Invalid
from assessment.services.actor import Actor
from assessment.services.campaigns import CampaignView, NodeView, get_campaign
from assessment.services.coaches import CoachView, get_coach
from assessment.services.organisation import TeamView, get_organisation
from assessment.services.refusals import note_refusal
from assessment.web.coach.blueprint import blueprint
from assessment.web.context import now, platform
from assessment.web.i18n import request_language
from assessment.web.sessions import COACHES, is_coach_path

HOURS = 12
# Which of the places in the frame a page belongs to, by the first part of its address.
SECTIONS = {
    "campaigns": "coach.home",
    "reports": "coach.report_list",
    "organisation": "coach.organisation",
    "roadmaps": "coach.roadmaps",
    "teams": "coach.roadmaps",
    "health": "coach.roadmaps",
}


class SignInNeeded(Exception):
    """Nobody is signed in, or the session has ended."""


def start_session(coach_id: int) -> None:
    """Sign a coach in: whatever the session held before, but the language, belongs to nobody."""
    language = session.get("language")
    session.clear()
    session.permanent = True
    session["coach"] = coach_id
    session["until"] = (now() + timedelta(hours=HOURS)).timestamp()
    if language:
        session["language"] = language


def visitor() -> CoachView | None:
    """Return the coach who is signed in, or None; looked up anew for every request, so that a right can end."""
    if "coach" not in g:
        known = isinstance(session.get("coach"), int) and session.get("until", 0) > now().timestamp()
        g.coach = get_coach(platform(), session["coach"]) if known else None
    return cast("CoachView | None", g.coach)


def signed_in() -> CoachView:
    """Return the coach who is signed in.

    :raise SignInNeeded: when nobody is.
    """
    found = visitor()
    if found is None:
        raise SignInNeeded
    return found


def signed_in_actor() -> Actor:
    """Return the coach as services want to know who acts.

    :raise SignInNeeded: when nobody is signed in.
    """
    found = signed_in()
    return Actor(found.name, found.id)


def signed_in_for_everything() -> Actor:
    """Return the coach when they may see the whole organisation.

    :raise SignInNeeded: when nobody is signed in.
    :raise NotFound: for a coach of some teams only.
    """
    if not signed_in().sees_all:
        raise NotFound
    return signed_in_actor()


def campaign_of(campaign_id: int, *states: State) -> CampaignView:
    """Return a campaign that the coach may see, in one of these states if any are named.

    :raise SignInNeeded: when nobody is signed in.
    :raise UnknownCampaign: when there is none, or it is not theirs.
    :raise NotFound: in another state.
    """
    campaign = get_campaign(platform(), signed_in_actor(), campaign_id)
    if states and campaign.state not in states:
        if request.method == "POST":
            # No page offers this form in this state, so somebody made the request by hand, or came too late.
            asked, reason = (request.endpoint or "").removeprefix("coach."), f"the campaign is {campaign.state}"
            note_refusal(platform(), signed_in_actor(), asked, f"campaign {campaign_id}", reason)
        raise NotFound
    return campaign


def team_of(campaign: CampaignView, node_id: int) -> NodeView:
    """Return a team of a campaign; the campaign was looked up for this coach, so it has no other teams than theirs.

    :raise NotFound: when there is none.
    """
    for team in campaign.teams:
        if team.id == node_id:
            return team
    raise NotFound


def own_team(team_id: int) -> TeamView:
    """Return a team of today's organisation, if it is one of the coach's.

    :raise SignInNeeded: when nobody is signed in.
    :raise NotFound: when there is none, or it is not theirs.
    """
    coach, home = signed_in(), get_organisation(platform())
    for team in home.teams if home is not None else ():
        if team.id == team_id and (coach.sees_all or team_id in coach.teams):
            return team
    raise NotFound


def quarter_of(text: str) -> str:
    """Return a quarter as it is written in addresses.

    :raise NotFound: when it is none.
    """
    try:
        return str(Quarter.parse(text))
    except Invalid:
        raise NotFound from None


def safe_next(target: str | None) -> str:
    """Return where to go after signing in: a page of this door, whatever the address asked for."""
    home = url_for("coach.home")
    if not target or "\\" in target or any(ord(character) < 32 for character in target):
        return home
    parts = urlsplit(target)
    inside = not parts.scheme and not parts.netloc and (parts.path == home or parts.path.startswith("/coach/"))
    return target if inside and ".." not in parts.path else home


@blueprint.app_context_processor
def _signed() -> dict[str, object]:
    """Give templates of this door the coach who is signed in, for the frame around every page."""
    if not is_coach_path(request.path):
        return {}
    part = request.path.removeprefix(COACHES).split("/")[1:2]
    return {"signed": visitor(), "place": request.endpoint, "section": SECTIONS.get("".join(part))}


@blueprint.app_errorhandler(SignInNeeded)
def lead_to_sign_in(_error: SignInNeeded) -> ResponseReturnValue:
    """Redirect to the sign-in page; remember what was to be read, or the page of the form that was sent too late."""
    target: str | None = request.full_path.rstrip("?")
    if request.method != "GET":
        words = request_language().gettext("Your session had ended. Nothing was changed: sign in and repeat the step.")
        flash(words, "warm")
        address = current_app.create_url_adapter(request)
        target = request.path if address is not None and address.test(request.path, method="GET") else None
    return redirect(url_for("coach.sign_in", next=target), 303)
