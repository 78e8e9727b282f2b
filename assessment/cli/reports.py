"""`report`: released results as files, one or all of a quarter, and the list of what there is."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assessment.cli.frame import NOT_FOUND, REFUSED, Here, exit_code, here, progress, write_json
from assessment.domain.errors import UnknownReport, UnknownTeam

if TYPE_CHECKING:
    from assessment.services.build_report import ReportRow
    from assessment.services.platform import Platform

ORGANISATION = "organisation"


@click.command()
@click.option("--team", default=None, metavar="NAME", help="One team.")
@click.option("--organisation", "whole", is_flag=True, help="The organisation with all its teams.")
@click.option("--all", "everything", is_flag=True, help="Every team and the organisation, into the folder -o.")
@click.option("--list", "listing", is_flag=True, help="List the reports there are.")
@click.option("--quarter", default="latest", show_default=True, help="Such as 2026-Q3.")
@click.option("--format", "form", type=click.Choice(["html", "pdf", "json"]), default="pdf", show_default=True)
@click.option("--language", type=click.Choice(["en", "de"]), default=None, help="The setting's unless given.")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None, help="The file, or with --all the folder.")
@click.option("--json", "as_json", is_flag=True, help="Print the list, or what was written, as JSON.")
@here
def report(
    here: Here,
    team: str | None,
    whole: bool,
    everything: bool,
    listing: bool,
    quarter: str,
    form: str,
    language: str | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Write reports of closed campaigns as PDF, as one HTML file, or as JSON.

    With --all, a report that cannot be made does not stop the others; the exit code then is 1.

    \b
    Example:
      assessment report --team Checkout --quarter 2026-Q3 --format pdf -o checkout.pdf
      assessment report --all --language de -o reports/
    """
    if sum((team is not None, whole, everything, listing)) != 1:
        raise click.UsageError("Give one of --team NAME, --organisation, --all and --list.")
    rows = reports_of(here.platform, quarter) if not listing else reports_of(here.platform, None)
    if listing:
        if as_json:
            write_json([{"quarter": row.quarter, "team": row.name, "team_id": row.team_id} for row in rows])
            return
        for row in rows:
            click.echo(f"{row.quarter}  {row.name}")
        return
    if output is None:
        raise click.UsageError("Give -o: the file to write, or with --all the folder.")
    language = language or here.settings.language
    wanted = rows if everything else [row for row in rows if row.name == team]
    if team is not None and not wanted:
        raise_missing(here.platform, team, quarter)
    from assessment.cli.documents import write_organisation, write_team

    if not everything:
        if whole:
            write_organisation(here.platform, quarter, form, language, output)
        else:
            write_team(here.platform, wanted[0].team_id, quarter, form, language, output)
        click.echo(str(output))
        return
    written: list[str] = []
    failed: list[tuple[str, str]] = []
    names = [*[row.name for row in wanted], ORGANISATION]
    with progress("Writing reports") as tell:
        for number, row in enumerate([*wanted, None]):
            name = row.name if row else ORGANISATION
            tell(number, len(names), name)
            path = output / file_name(name, row.quarter if row else wanted[0].quarter, form)
            try:
                if row is None:
                    write_organisation(here.platform, wanted[0].quarter, form, language, path)
                else:
                    write_team(here.platform, row.team_id, row.quarter, form, language, path)
            except Exception as error:
                # One team that cannot be drawn must not cost the others theirs.
                known = exit_code(error) is not None
                failed.append((name, str(error) if known else f"{type(error).__name__}: {error}"))
            else:
                written.append(str(path))
    if as_json:
        write_json({"written": written, "failed": [{"report": name, "reason": reason} for name, reason in failed]})
    else:
        click.echo(f"{len(written)} reports in {output}")
    for name, reason in failed:
        click.echo(f"Error: {name}: {reason}", err=True)
    if failed:
        raise click.exceptions.Exit(REFUSED)


def reports_of(platform: Platform, quarter: str | None) -> list[ReportRow]:
    """Return the reports of a quarter (or of the latest, or of all for None), by team.

    :raise UnknownReport: when the quarter has none.
    """
    from assessment.domain.campaign import Quarter
    from assessment.services.actor import Actor
    from assessment.services.build_report import list_reports

    rows = [row for row in list_reports(platform, Actor.operator())]
    if quarter is None:
        return rows
    if quarter == "latest":
        wanted = max((row.quarter for row in rows), default="")
    else:
        wanted = str(Quarter.parse(quarter))
    found = [row for row in rows if row.quarter == wanted]
    if not found:
        raise UnknownReport(node="any team", quarter=quarter)
    return found


def raise_missing(platform: Platform, team: str, quarter: str) -> None:
    """Say whether it is the team that does not exist, or its report.

    :raise UnknownTeam: when no team has this name.
    :raise UnknownReport: when the team has no report for the quarter.
    """
    from assessment.services.organisation import get_organisation

    organisation = get_organisation(platform)
    if organisation is None or team not in {known.name for known in organisation.teams}:
        raise UnknownTeam(team=team)
    raise UnknownReport(node=team, quarter=quarter)


def file_name(name: str, quarter: str, form: str) -> str:
    """Return a file name of plain letters: `Lager & Büro` in 2026-Q3 as a PDF is `2026-Q3-lager-buero.pdf`."""
    spelled = name.lower().translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}))
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return f"{quarter}-{re.sub(r'[^a-z0-9]+', '-', plain).strip('-') or 'team'}.{form}"
