"""Cards and posters on paper. The codes exist in one answer only: the sheet that is printed."""

from __future__ import annotations

from io import BytesIO

import segno
from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from assessment.domain.campaign import State
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
    if team.way != "cards":
        raise NotFound
    if not Confirm().validate_on_submit():
        return render_template("coach/cards.html", campaign=campaign, team=team, confirm=Confirm())
    sheet = print_cards(platform(), signed_in_actor(), campaign_id, node_id)
    pages = [sheet.cards[start : start + CARDS_A_PAGE] for start in range(0, len(sheet.cards), CARDS_A_PAGE)]
    # The paper speaks the language of the people who draw the cards, not the one of the coach who prints them.
    use_language(campaign.language)
    return render_template("coach/cards_sheet.html", campaign=campaign, team=team, sheet=sheet, pages=pages, qr=qr)


@blueprint.get("/campaigns/<int:campaign_id>/teams/<int:node_id>/poster")
def poster(campaign_id: int, node_id: int) -> ResponseReturnValue:
    """Show an open link large enough for a wall or a projector."""
    campaign = campaign_of(campaign_id, State.OPEN)
    team = team_of(campaign, node_id)
    if team.way != "open_link" or not team.link_token:
        raise NotFound
    address = platform().settings.base_url + url_for("respond.link", token=team.link_token)
    use_language(campaign.language)
    return render_template("coach/poster.html", campaign=campaign, team=team, address=address, qr=qr)


def qr(address: str, label: str) -> Markup:
    """Return an address as a QR code: inline SVG without styles of its own, black on white on every screen and paper."""
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, dark="#000", light="#fff",
        svgclass="qr", lineclass=None, title=label, nl=False,
    )  # fmt: skip
    return Markup(out.getvalue().decode())  # noqa: S704 - segno's own SVG; the title is escaped by it
