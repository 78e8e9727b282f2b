"""`audit-anonymity`: whether a live installation can keep its promises, for operators and works councils."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assessment.cli.frame import REFUSED, Here, here, write_json
from assessment.domain.error_kinds import Invalid

if TYPE_CHECKING:
    from assessment.services.anonymity_checks.checked import Checked

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MARKS = {"ok": "  ok     ", "note": "  note   ", "finding": "  FINDING"}


@click.command("audit-anonymity")
@click.option("--url", default=None, metavar="URL", help="The public address; respondents' pages are fetched from it.")
@click.option("--log", "logs", multiple=True, type=FILE, help="A log to look through; may be given often.")
@click.option(
    "--proxy-config", "proxies", multiple=True, type=FILE, help="Configuration of nginx, Caddy or Apache to look at."
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@here
def audit_anonymity(
    here: Here, url: str | None, logs: tuple[Path, ...], proxies: tuple[Path, ...], as_json: bool
) -> None:
    """Check settings, schema, files, keys, logs, pages and clock of this installation; change nothing.

    It says what it checked, what it found and what to do. It ends with 1 when there is a finding.

    \b
    Example:
      assessment audit-anonymity --url https://assessment.example.org --log /var/log/nginx/access.log
    """
    from assessment.services.audit_anonymity import audit_anonymity as look

    platform = here.bare_platform
    path = platform.database.path
    if path is not None and not path.exists():
        remedy = "nothing is stored there; name another folder with --instance"
        raise Invalid("instance", str(here.settings.instance), remedy)
    checked = look(platform, environ=os.environ, url=url, log_files=logs, proxy_configurations=proxies)
    numbers = {outcome: sum(each.outcome == outcome for each in checked) for outcome in MARKS}
    if as_json:
        write_json({"numbers": numbers, "checked": [asdict(each) for each in checked]})
    else:
        show(checked)
        counts = f"{counted(numbers['finding'], 'finding')}, {counted(numbers['note'], 'note')}"
        click.echo(f"{counts}, {numbers['ok']} in order.")
    if numbers["finding"]:
        raise click.exceptions.Exit(REFUSED)


def counted(n: int, what: str) -> str:
    """Return a number with what it counts."""
    return f"{n} {what if n == 1 else what + 's'}"


def show(checked: list[Checked]) -> None:
    """Print what was checked by area, each remedy below what it is for."""
    area = ""
    for each in checked:
        if each.area != area:
            area = each.area
            click.echo(area.capitalize())
        click.echo(f"{MARKS[each.outcome]} {each.what}")
        if each.remedy:
            click.echo(f"          → {each.remedy}")
