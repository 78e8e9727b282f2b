"""Cards and posters on paper. The codes exist in one answer only: the sheet that is printed."""

from __future__ import annotations

from io import BytesIO
from math import ceil

import segno
from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from assessment.domain.campaign import State, Way
from assessment.domain.words import fingerprint_words
from assessment.services.campaigns import CampaignView, NodeView
from assessment.services.list_invitees import team_key
from assessment.services.opening import smallest_of
from assessment.services.print_cards import print_cards
from assessment.web.coach.blueprint import blueprint
from assessment.web.coach.forms import Confirm
from assessment.web.coach.guards import campaign_of, signed_in_actor, team_of
from assessment.web.context import platform
from assessment.web.i18n import use_language

CARDS_A_PAGE = 8


@blueprint.route("/campaigns/<int:campaign_id>/teams/<int:node_id>/cards", methods=["GET", "POST"])
def cards(campaign_id: int, node_id: int) -> ResponseReturnValue:
    """Say what printing does; print as many cards as the team has people."""
    campaign = campaign_of(campaign_id, State.OPEN)
    team = team_of(campaign, node_id)
    if team.way != Way.CARDS:
        raise NotFound
    if not Confirm().validate_on_submit():
        n_pages = ceil((team.n_invited or 0) / CARDS_A_PAGE)
        return render_template("coach/cards.html", campaign=campaign, team=team, n_pages=n_pages)
    sheet = print_cards(platform(), signed_in_actor(), campaign_id, node_id)
    pages = [sheet.cards[start : start + CARDS_A_PAGE] for start in range(0, len(sheet.cards), CARDS_A_PAGE)]
    return _on_paper("coach/cards_sheet.html", campaign, team, pages=pages)


@blueprint.get("/campaigns/<int:campaign_id>/teams/<int:node_id>/poster")
def poster(campaign_id: int, node_id: int) -> ResponseReturnValue:
    """Show an open link large enough for a wall or a projector, or the words to compare with those in a mail."""
    campaign = campaign_of(campaign_id, State.OPEN)
    team = team_of(campaign, node_id)
    if team.way == Way.EMAIL:
        words = fingerprint_words(team_key(platform(), signed_in_actor(), campaign_id, node_id))
        return _on_paper("coach/team_sheet.html", campaign, team, key_words=words)
    if team.link_url is None:
        raise NotFound
    smallest = smallest_of(Way.OPEN_LINK, campaign.reporting_size)
    return _on_paper("coach/poster.html", campaign, team, address=team.link_url, smallest=smallest)


def _on_paper(template: str, campaign: CampaignView, team: NodeView, **words: object) -> str:
    """Fill a template in the language of the people who read the paper; what only the coach reads stays in theirs."""
    above = render_template("coach/on_screen.html", campaign=campaign, team=team, once="pages" in words)
    use_language(campaign.language)
    minutes = sum(instrument.minutes for instrument in campaign.questionnaire.instruments)
    words = {"address": _spoken(platform().settings.base_url), "reading": _spoken(team.result_url or "")} | words
    return render_template(template, campaign=campaign, team=team, minutes=minutes, qr=qr, on_screen=above, **words)


def _spoken(address: str) -> str:
    """Return an address as people type it."""
    return address.removeprefix("https://").removeprefix("http://")


def qr(address: str, label: str) -> Markup:
    """Return an address as a QR code: inline SVG, black on white on every screen and paper."""
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, dark="#000", light="#fff",
        svgclass="qr", lineclass=None, title=label, nl=False,
    )  # fmt: skip
    return Markup(out.getvalue().decode())  # noqa: S704 - segno's own SVG; the title is escaped by it
