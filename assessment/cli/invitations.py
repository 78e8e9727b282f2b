"""`campaign open` and what follows by mail: reminders, addresses, and `mail test`."""

from __future__ import annotations

import click

from assessment.cli.campaigns import campaign, describe
from assessment.cli.frame import Commands, Here, here, progress, write_json
from assessment.domain.errors import UnknownTeam


@campaign.command("open")
@click.argument("campaign_id", type=int)
@click.option(
    "--ask-passphrase",
    is_flag=True,
    help="Type a passphrase that closing will ask for. If it is lost before closing, the campaign can only be voided.",
)
@here
def open_(here: Here, campaign_id: int, ask_passphrase: bool) -> None:
    """Open a draft: roster, sizes, instruments, closing time and reporting size are frozen, and its keys are made.

    A key or passphrase that is lost before closing leaves one thing to do: void the campaign.

    \b
    Example:
      assessment campaign open 3
    """
    from assessment.services.actor import Actor
    from assessment.services.open_campaign import open_campaign

    passphrase = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True) if ask_passphrase else None
    with progress("Making keys") as tell:
        view = open_campaign(
            here.platform,
            Actor.operator(),
            campaign_id,
            passphrase=passphrase,
            progress=lambda done, total: tell(done, total, ""),
        )
    describe(view)
    if view.way == "email":
        click.echo("Next: the mails go out while assessment serve runs")
    else:
        click.echo(f"Next: print cards or copy the links at {here.settings.base_url}/coach")


@campaign.command()
@click.argument("campaign_id", type=int)
@here
def remind(here: Here, campaign_id: int) -> None:
    """Remind everybody by mail, also those who have answered: nobody knows who has. Once a day.

    \b
    Example:
      assessment campaign remind 3
    """
    from assessment.jobs import enqueue_mail
    from assessment.services.actor import Actor
    from assessment.services.remind import remind

    n_people = remind(here.platform, Actor.operator(), campaign_id)
    enqueue_mail(here.settings)
    click.echo(f"{n_people} mails wait; they go out while assessment serve runs.")


@campaign.command()
@click.argument("campaign_id", type=int)
@click.option("--team", default=None, metavar="NAME", help="This team only; all that are invited by mail unless given.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@here
def addresses(here: Here, campaign_id: int, team: str | None, as_json: bool) -> None:
    """Show where the mails of an open campaign go and what became of the last one; never who collected or answered.

    \b
    Example:
      assessment campaign addresses 3 --team Checkout
    """
    from assessment.services.actor import Actor
    from assessment.services.campaigns import get_campaign
    from assessment.services.list_invitees import list_invitees

    view = get_campaign(here.platform, Actor.operator(), campaign_id)
    teams = [node for node in view.teams if team in {None, node.name}]
    if not teams:
        raise UnknownTeam(team=team)
    people = [
        (node.name, person)
        for node in teams
        for person in list_invitees(here.platform, Actor.operator(), campaign_id, node.id)
    ]
    if as_json:
        write_json(
            [
                {"team": name, "person": one.member_id, "name": one.name, "email": one.email, "mail": one.mail}
                for name, one in people
            ]
        )
        return
    for name, one in people:
        click.echo(f"{one.member_id:>6}  {one.mail:<8}  {name}  {one.name}  {one.email}")


@campaign.command("correct-address")
@click.argument("campaign_id", type=int)
@click.argument("person", type=int)
@click.argument("email")
@here
def correct_address(here: Here, campaign_id: int, person: int, email: str) -> None:
    """Send somebody's invitation to another address; `campaign addresses` shows the number of each PERSON.

    Links sent before stop working, and a note goes to the old address. Nobody gets a second credential.

    \b
    Example:
      assessment campaign correct-address 3 17 grace@example.org
    """
    from assessment.jobs import enqueue_mail
    from assessment.services.actor import Actor
    from assessment.services.campaigns import get_campaign
    from assessment.services.correct_address import correct_address
    from assessment.services.list_invitees import list_invitees

    actor = Actor.operator()
    for node in get_campaign(here.platform, actor, campaign_id).teams:
        if person in {one.member_id for one in list_invitees(here.platform, actor, campaign_id, node.id)}:
            correct_address(here.platform, actor, campaign_id, node.id, person, email)
            enqueue_mail(here.settings)
            click.echo("The address is corrected; a new link goes there while assessment serve runs.")
            return
    raise UnknownTeam("There is no person %(person)s here; see assessment campaign addresses.", person=person)


@click.group(cls=Commands)
def mail() -> None:
    """Mail: does it leave?

    \b
    Example:
      assessment mail test --to ada@example.org
    """


@mail.command("test")
@click.option("--to", required=True, metavar="ADDRESS", help="Where the test mail goes.")
@here
def mail_test(here: Here, to: str) -> None:
    """Send a test mail with the settings mail_url and mail_from, and say what the mail server answered.

    \b
    Example:
      assessment mail test --to ada@example.org
    """
    from assessment.services.send_test_mail import send_test_mail

    send_test_mail(here.platform, to)
    if here.settings.is_dry_run:
        click.echo(f"A test mail to {to} was written into the folder that mail_url names, and sent to nobody.")
    else:
        click.echo(f"The mail server has taken a test mail to {to}.")
