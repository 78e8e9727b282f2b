"""`audit`: who opened, printed, voided, imported or was refused what. Nothing in it is about respondents."""

from __future__ import annotations

from dataclasses import asdict
from zoneinfo import ZoneInfo

import click

from assessment.cli.frame import Here, here, write_json


@click.command()
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many lines at most.")
@click.option("--json", "as_json", is_flag=True, help="Print the lines as JSON.")
@here
def audit(here: Here, limit: int, as_json: bool) -> None:
    """List who changed what about campaigns and access, and what was refused; the newest first.

    \b
    Example:
      assessment audit --limit 20
    """
    from assessment.services.actor import Actor
    from assessment.services.audit import list_audit

    lines = list_audit(here.platform, Actor.operator(), limit)
    if as_json:
        write_json([asdict(line) | {"at": line.at.isoformat()} for line in lines])
        return
    zone = ZoneInfo(here.settings.timezone)
    for line in lines:
        told = f": {line.detail}" if line.detail else ""
        click.echo(f"{line.at.astimezone(zone):%Y-%m-%d %H:%M}  {line.actor:<12}  {line.action}, {line.subject}{told}")
    if not lines:
        click.echo("Nothing has happened yet.")
