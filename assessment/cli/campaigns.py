"""`campaign` and `close`: drafting, opening, looking at and ending campaigns."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from assessment.cli.frame import REFUSED, Commands, Here, here, progress, write_json
from assessment.domain.error_kinds import AssessmentError, Invalid
from assessment.domain.errors import UnknownTeam

if TYPE_CHECKING:
    from assessment.services.campaigns import CampaignView

WAYS = {"email": "email", "cards": "cards", "open-link": "open_link"}
MOMENT_FORMATS = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")


@click.group(cls=Commands)
def campaign() -> None:
    """Campaigns: draft, then open, then closed when the time has come, or void.

    \b
    Example:
      assessment campaign draft --quarter 2026-Q4 --all-teams --closes "2026-12-15 18:00"
    """


@campaign.command()
@click.option("--quarter", required=True, help="Such as 2026-Q4.")
@click.option("--closes", required=True, help='Closing time, such as "2026-12-15 18:00"; fixed once opened.')
@click.option("--timezone", default=None, help="Of the closing time; the organisation's unless given.")
@click.option("--team", "teams", multiple=True, metavar="NAME", help="A team to ask; may be given often.")
@click.option("--all-teams", is_flag=True, help="Ask every team.")
@click.option("--way", type=click.Choice([*WAYS]), default="cards", show_default=True, help="How people answer.")
@click.option(
    "--instrument", "instruments", multiple=True, help="Id of an instrument; westrum and blameless unless given."
)
@click.option(
    "--ask-role", is_flag=True, help="Ask for the role at the end, optionally; compared for the organisation only."
)
@click.option("--reporting-size", type=int, default=5, show_default=True, help="Least answers of a published figure.")
@click.option("--focus", multiple=True, metavar="ASPECT", help="An aspect whose change is tested; one or two.")
@click.option("--language", default=None, help="en or de; the organisation's unless given.")
@click.option("--json", "as_json", is_flag=True, help="Print the draft as JSON.")
@here
def draft(here: Here, /, as_json: bool, **given: Any) -> None:
    """Draft a campaign and say what opening it will freeze.

    \b
    Example:
      assessment campaign draft --quarter 2026-Q4 --team Checkout --closes "2026-12-15 18:00" --focus messengers
    """
    from assessment.services.actor import Actor
    from assessment.services.campaigns import get_campaign
    from assessment.services.draft_campaign import draft_campaign
    from assessment.services.organisation import get_organisation
    from questionnaires.loader import USUAL, WITH_ROLE

    organisation = get_organisation(here.platform)
    known = {team.name: team.id for team in organisation.teams} if organisation else {}
    names = [*known] if given["all_teams"] else [*given["teams"]]
    if not names:
        raise click.UsageError(
            "Give --team NAME (as often as needed) or --all-teams, in an organisation that has teams."
        )
    for name in names:
        if name not in known:
            raise UnknownTeam(team=name)
    zone = given["timezone"] or (organisation.timezone if organisation else here.settings.timezone)
    asked = given["instruments"] or USUAL
    if given["ask_role"] and WITH_ROLE not in asked:
        asked = (*asked, WITH_ROLE)
    new = draft_campaign(
        here.platform,
        Actor.operator(),
        quarter=given["quarter"],
        teams=[known[name] for name in names],
        closes_at=moment(given["closes"], zone),
        way=WAYS[given["way"]],
        reporting_size=given["reporting_size"],
        focus=given["focus"],
        language=given["language"],
        timezone=zone,
        instruments=asked,
    )
    view = get_campaign(here.platform, Actor.operator(), new)
    if as_json:
        write_json(as_plain(view))
        return
    describe(view)
    obstacles = view.freezing.obstacles if view.freezing else ()
    click.echo(f"{'Then' if obstacles else 'Next'}: assessment campaign open {view.id}")


@campaign.command()
@click.argument("campaign_id", type=int, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@here
def status(here: Here, campaign_id: int | None, as_json: bool) -> None:
    """Show one campaign, or all of them; how many answered is not known before closing.

    \b
    Example:
      assessment campaign status --json
    """
    from assessment.services.actor import Actor
    from assessment.services.campaigns import get_campaign, list_campaigns

    if campaign_id is not None:
        view = get_campaign(here.platform, Actor.operator(), campaign_id)
        if as_json:
            write_json(as_plain(view))
        else:
            describe(view)
        return
    views = list_campaigns(here.platform, Actor.operator())
    if as_json:
        write_json([as_plain(view) for view in views])
        return
    for view in views:
        click.echo(f"{view.id:>4}  {view.quarter}  {view.state:<6}  {len(view.teams)} teams, {closing(view)}")
    if not views:
        click.echo("There is no campaign yet.")


@campaign.command()
@click.argument("campaign_id", type=int)
@click.option("--yes", is_flag=True, help="Do not ask.")
@here
def void(here: Here, campaign_id: int, yes: bool) -> None:
    """End a campaign without publishing: ballots, cards and key are destroyed, for good.

    \b
    Example:
      assessment campaign void 3 --yes
    """
    from assessment.services.actor import Actor
    from assessment.services.campaigns import get_campaign
    from assessment.services.void_campaign import void_campaign

    view = get_campaign(here.platform, Actor.operator(), campaign_id)
    if not yes:
        click.confirm(f"Destroy every answer of campaign {view.id} ({view.quarter}) and publish nothing?", abort=True)
    void_campaign(here.platform, Actor.operator(), campaign_id)
    click.echo(f"Campaign {campaign_id} is void; nothing of it is left to publish.")


@click.command()
@click.argument("campaign_id", type=int, required=False)
@click.option("--ask-passphrase", is_flag=True, help="Type the passphrase that the key was wrapped with.")
@click.option("--json", "as_json", is_flag=True, help="Print what was closed as JSON.")
@here
def close(here: Here, campaign_id: int | None, ask_passphrase: bool, as_json: bool) -> None:
    """Close every campaign that is due, or one; refused before its closing time.

    \b
    Example:
      assessment close
    """
    from assessment.services.actor import Actor
    from assessment.services.campaigns import list_campaigns
    from assessment.services.close_campaign import close_campaign

    due = [view.id for view in list_campaigns(here.platform, Actor.operator()) if view.is_due]
    wanted = due if campaign_id is None else [campaign_id]
    passphrase = click.prompt("Passphrase", hide_input=True) if ask_passphrase else None
    closed, problems = [], []
    for number in wanted:
        try:
            with progress(f"Closing campaign {number}") as tell:
                closed.append(
                    close_campaign(
                        here.platform,
                        number,
                        actor=Actor.operator(),
                        passphrase=passphrase,
                        progress=lambda done, total: tell(done, total, ""),
                    )
                )
        except AssessmentError as error:
            if campaign_id is not None:
                raise
            problems.append((number, str(error)))
    if as_json:
        write_json(
            {
                "closed": [{"campaign": view.campaign_id, "n_answered": view.n_answered} for view in closed],
                "not_closed": [{"campaign": number, "reason": reason} for number, reason in problems],
            }
        )
    else:
        for view in closed:
            click.echo(f"Campaign {view.campaign_id} is closed: {view.n_answered} answers counted and destroyed.")
        if not wanted:
            click.echo("Nothing is due.")
    for number, reason in problems:
        click.echo(f"Error: campaign {number}: {reason}", err=True)
    if problems:
        raise click.exceptions.Exit(REFUSED)


def moment(text: str, zone: str) -> datetime:
    """Read a closing time in a time zone.

    :raise Invalid: when it is no moment, or the zone is unknown.
    """
    for form in MOMENT_FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=ZoneInfo(zone))
        except ValueError:
            continue
        except KeyError:
            raise Invalid("time zone", zone, "write a zone name such as Europe/Berlin") from None
    raise Invalid("closing time", text, 'write a day and a time such as "2026-12-15 18:00"')


def closing(view: CampaignView) -> str:
    """Return when a campaign closes or closed, in its own time zone."""
    if view.is_imported:
        return "imported"
    at = view.closes_at.astimezone(ZoneInfo(view.timezone))
    verb = {"closed": "closed", "void": "would have closed"}.get(view.state, "closes")
    return f"{verb} {at:%Y-%m-%d %H:%M} {view.timezone}"


def describe(view: CampaignView) -> None:
    """Print one campaign and its teams."""
    click.echo(
        f"Campaign {view.id}, {view.quarter}, {view.state}: {closing(view)}, way {view.way}, "
        f"reporting size {view.reporting_size}, instruments {', '.join(view.instruments)}"
        + (f", focus {', '.join(view.focus)}" if view.focus else "")
    )
    for node in view.teams:
        shown = f"{node.n_invited} invited" if node.n_invited is not None else "size unknown"
        if node.n_answered is not None:
            shown += f", {node.n_answered} answered"
        elif node.participation is not None:
            shown += f", {str(node.participation).replace('_', ' ')} answered as of {node.participation_on}"
        if node.is_small:
            shown += "; too small for figures of its own"
        click.echo(f"  {node.name}: {shown}")
    for obstacle in view.freezing.obstacles if view.freezing else ():
        click.echo(f"  Cannot be opened yet: {obstacle}", err=True)


def as_plain(view: CampaignView) -> dict[str, Any]:
    """Return a campaign for JSON: what `describe` prints, and the reading keys of nobody."""
    return {
        "id": view.id,
        "quarter": view.quarter,
        "state": str(view.state),
        "way": str(view.way),
        "closes_at": view.closes_at.isoformat(),
        "timezone": view.timezone,
        "is_due": view.is_due,
        "is_imported": view.is_imported,
        "reporting_size": view.reporting_size,
        "instruments": list(view.instruments),
        "fingerprint": view.fingerprint,
        "focus": list(view.focus),
        "teams": [
            {
                "name": node.name,
                "n_invited": node.n_invited,
                "n_answered": node.n_answered,
                "participation": node.participation and str(node.participation),
                "participation_on": node.participation_on,
                "n_joined": node.n_joined,
                "n_left": node.n_left,
            }
            for node in view.teams
        ],
        "obstacles": [str(obstacle) for obstacle in view.freezing.obstacles] if view.freezing else [],
    }
