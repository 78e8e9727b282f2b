"""`demo`: the sample organisation, a finished report, and the server to look around in."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import click

from assessment.cli.frame import Here, here, progress, write_file
from assessment.cli.serving import located, open_port, serve_instance
from assessment.config import FILE
from assessment.domain.error_kinds import Refused

if TYPE_CHECKING:
    from assessment.services.build_demo import Demo

# Present once a demo is complete; holds the coach's password, so only its owner may read it.
FINISHED = "demo.txt"
# Present from the first moment of building: tells a demo that was interrupted from somebody's own data.
BUILDING = "demo.building"
REPORT = "team-report.pdf"
MAILS = "mail"
ADDRESS = "Address: "


class NotADemo(Refused):
    """The instance holds somebody's own data."""

    sentence = (
        "%(instance)s holds an organisation that no demo made; "
        "give the demo an instance of its own with --instance DIR."
    )


class NeedsEmptyDatabase(Refused):
    """A demo on PostgreSQL is not rebuilt in place."""

    sentence = "The database of DATABASE_URL is not empty; create a new one for the demo, or leave DATABASE_URL out."


@click.command()
@click.option("--no-serve", is_flag=True, help="Stop after building.")
@click.option("--fresh", is_flag=True, help="Build anew instead of using the demo that is there.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number makes other people and answers.")
@click.option("--host", default=None, help="Where to listen; 127.0.0.1 unless set.")
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="8000 unless set.")
@click.option("--workers", type=click.IntRange(1, 256), default=None, help="Web processes; 2 unless set.")
@here
def demo(
    here: Here, no_serve: bool, fresh: bool, seed: int, host: str | None, port: int | None, workers: int | None
) -> None:
    """Build a sample organisation of 25 teams and five quarters, write a report, and serve it.

    A second run uses what the first one built.

    \b
    Example:
      assessment --instance instance/demo demo --no-serve
    """
    if not no_serve:
        # Looked at before a minute of building, and so that printed addresses hold the port that is served.
        with open_port(host or here.settings.host, here.settings.port if port is None else port) as probe:
            settings = located(here.settings, probe)
        here.overrides["base_url"] = settings.base_url
        del here.settings
        port = settings.port
    folder = here.settings.instance
    if fresh:
        clear(here)
    if (folder / FINISHED).exists():
        click.echo(f"Using the demo in {folder}; --fresh builds it anew.")
    else:
        if (folder / BUILDING).exists():
            click.echo("An earlier demo was interrupted; building it anew.")
            clear(here)
        build(here, seed)
    click.echo(note_for((folder / FINISHED).read_text(encoding="utf-8"), here.settings.base_url))
    if not no_serve:
        serve_instance(here, host=host, port=port, workers=workers)


def build(here: Here, seed: int) -> None:
    """Build the demo, write the report and the note with the sign-in.

    :raise NotADemo: when the instance holds an organisation already.
    """
    from assessment.services.build_demo import build_demo
    from assessment.services.organisation import get_organisation

    folder = here.settings.instance
    here.makes_instance = True
    if get_organisation(here.platform) is not None:
        raise NotADemo(instance=folder) if here.settings.is_sqlite else NeedsEmptyDatabase
    write_file(folder / BUILDING, b"")
    let_mails_become_files(here)
    with progress("Building the sample organisation:") as tell:
        built = build_demo(here.platform, seed=seed, progress=tell)
    report = folder / REPORT
    written = write_report(here, built, report)
    note = [
        f"Sample organisation, seed {seed}: {', '.join(built.closed_quarters)} closed, {built.open_quarter} open.",
        f"{ADDRESS}{here.settings.base_url}",
        f"Coach:   {here.settings.base_url}/coach   {built.coach_email}   password {built.coach_password}",
        f"Card:    {built.cards[0].code}   {built.cards[0].url}   (one answer for {built.team})",
        f"         {len(built.cards) - 1} more cards of this team: {'  '.join(card.code for card in built.cards[1:])}",
        *invitation_lines(here, built),
        f"Report:  {report}" if written is None else f"Report:  not written: {written}",
    ]
    write_file(folder / FINISHED, ("\n".join(note) + "\n").encode(), private=True)
    (folder / BUILDING).unlink()


def let_mails_become_files(here: Here) -> None:
    """Write a dry run of mail into the demo's configuration, unless somebody has set anything there or elsewhere."""
    folder = here.settings.instance
    if here.settings.can_mail or (folder / FILE).exists():
        return
    url = json.dumps(f"folder://{quote(str(folder / MAILS))}")
    write_file(folder / FILE, f'mail_url = {url}\nmail_from = "assessment@nordwind.example"\n'.encode(), private=True)
    here.platform.database.dispose()
    del here.platform, here.bare_platform, here.settings


def invitation_lines(here: Here, built: Demo) -> list[str]:
    """Return what the note says about the team that is invited by mail: one link, and where the other mails lie."""
    if built.invited_quarter is None:
        return []
    folder = Path(unquote(here.settings.mail_url.removeprefix("folder://")))
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.eml")))
    link = next((found[0] for text in texts if (found := re.search(r"\S+/e/\w+#t\.\S+", text))), None)
    if link is None:
        return []
    return [
        f"Invited: {link}",
        f"         (collects a credential for {built.team}, {built.invited_quarter}; all its mails: {folder})",
    ]


def note_for(note: str, base_url: str) -> str:
    """Return the note of an earlier build with the address that is served now."""
    built_for = next((line.removeprefix(ADDRESS) for line in note.splitlines() if line.startswith(ADDRESS)), base_url)
    return note.replace(built_for, base_url).rstrip()


def write_report(here: Here, built: Demo, path: Path) -> str | None:
    """Write the shown team's latest report; return why not where the machine cannot make PDFs, None when written."""
    from assessment.cli.documents import Form, write_team
    from reports.pdf import PdfUnavailable

    click.echo("Writing a team report …", err=True)
    try:
        write_team(here.platform, built.team_id, "latest", Form("pdf", here.settings.language), path)
    except PdfUnavailable as error:
        return str(error)
    return None


def clear(here: Here) -> None:
    """Remove a demo's database, report and note, its open campaign's key with them; leave anything else alone.

    :raise NotADemo: when neither a finished nor an interrupted demo is there but an organisation is.
    :raise NeedsEmptyDatabase: on PostgreSQL.
    """
    from assessment.services.actor import Actor
    from assessment.services.campaigns import list_campaigns
    from assessment.services.organisation import get_organisation
    from assessment.services.void_campaign import void_campaign

    folder = here.settings.instance
    here.makes_instance = True
    known = get_organisation(here.platform)
    if known is None:
        return
    if not here.settings.is_sqlite:
        raise NeedsEmptyDatabase
    if not (folder / FINISHED).exists() and not (folder / BUILDING).exists():
        raise NotADemo(instance=folder)
    write_file(folder / BUILDING, b"")
    for campaign in list_campaigns(here.platform, Actor.operator()):
        if campaign.state == "open":
            void_campaign(here.platform, Actor.operator(), campaign.id)
    path = here.platform.database.path
    here.platform.database.dispose()
    leftovers = [folder / FINISHED, folder / REPORT]
    if path is not None:
        leftovers += [path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")]
    leftovers += (folder / MAILS).glob("*.eml")
    for leftover in leftovers:
        leftover.unlink(missing_ok=True)
    del here.platform
    del here.bare_platform
