"""`report`: released results as files, one or all of a quarter, and the list of what there is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assessment.cli.frame import REFUSED, STANDARD_OUTPUT, Here, exit_code, here, progress, write_json
from assessment.domain.errors import UnknownReport, UnknownTeam
from reports.languages import LANGUAGES
from reports.naming import file_name

if TYPE_CHECKING:
    from assessment.services.build_report import ReportRow
    from assessment.services.platform import Platform


@click.command()
@click.option("--team", default=None, metavar="NAME", help="One team.")
@click.option("--organisation", "whole", is_flag=True, help="The organisation with all its teams.")
@click.option("--all", "everything", is_flag=True, help="Every team and the organisation, into the folder -o.")
@click.option("--list", "listing", is_flag=True, help="List the reports there are.")
@click.option("--quarter", default="latest", show_default=True, help="Such as 2026-Q3.")
@click.option("--format", "form", type=click.Choice(["html", "pdf", "json"]), default="pdf", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), default=None, help="The setting's unless given.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=None,
    help="The file (- prints it), or with --all the folder.",
)
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
      assessment report --team Checkout --format json -o - | jq .aspects
      assessment report --all --language de -o reports/
    """
    if sum((team is not None, whole, everything, listing)) != 1:
        raise click.UsageError("Give one of --team NAME, --organisation, --all and --list.")
    if listing:
        show_list(here.platform, as_json=as_json)
        return
    if output is None:
        raise click.UsageError("Give -o: the file to write, or with --all the folder.")
    language = language or here.settings.language
    if everything:
        if output == STANDARD_OUTPUT:
            raise click.UsageError("--all writes a file for each team; give -o a folder.")
        write_all(here.platform, quarter, form, language, output, as_json=as_json)
        return
    if output == STANDARD_OUTPUT and as_json:
        raise click.UsageError("--json tells what was written; with -o - the report itself is printed. Leave one out.")
    from assessment.cli.documents import write_organisation, write_team

    if team is not None:
        write_team(here.platform, team_id(here.platform, team), quarter, form, language, output)
    else:
        write_organisation(here.platform, quarter, form, language, output)
    if as_json:
        write_json({"written": [str(output)], "failed": []})
    elif output != STANDARD_OUTPUT:
        click.echo(str(output))


def show_list(platform: Platform, *, as_json: bool) -> None:
    """Print which reports there are, the latest quarter first."""
    rows = reports_of(platform, None)
    if as_json:
        keys = ("quarter", "kind", "name", "department", "n_invited", "n_answered", "is_withheld", "is_imported")
        write_json([{key: getattr(row, key) for key in keys} for row in rows])
        return
    for row in rows:
        click.echo(f"{row.quarter}  {row.kind:<12}  {row.name}" + ("  (withheld)" if row.is_withheld else ""))
    if not rows:
        click.echo("There is no report yet; reports exist from the moment a campaign closes.")


def write_all(platform: Platform, quarter: str, form: str, language: str, folder: Path, *, as_json: bool) -> None:
    """Write every report of a quarter into a folder; one that cannot be made does not stop the others.

    :raise UnknownReport: when the quarter has none.
    """
    from assessment.cli.documents import write_organisation, write_team

    rows = reports_of(platform, quarter)
    written: list[str] = []
    failed: list[tuple[str, str]] = []
    names: set[str] = set()
    with progress("Writing reports:") as tell:
        for number, row in enumerate(rows):
            tell(number, len(rows), row.name)
            name = file_name(row.name if row.kind == "team" else "organisation", row.quarter, form)
            if name in names:
                name = file_name(f"{row.name} {row.node_id}", row.quarter, form)
            names.add(name)
            try:
                if row.team_id is not None:
                    write_team(platform, row.team_id, row.quarter, form, language, folder / name)
                else:
                    write_organisation(platform, row.quarter, form, language, folder / name, row.campaign_id)
            except Exception as error:
                # Whatever is wrong with one report, the others are worth having.
                known = exit_code(error) is not None
                failed.append((row.name, str(error) if known else f"{type(error).__name__}: {error}"))
            else:
                written.append(str(folder / name))
    if as_json:
        write_json({"written": written, "failed": [{"report": name, "reason": reason} for name, reason in failed]})
    else:
        click.echo(f"{len(written)} reports in {folder}")
    for name, reason in failed:
        click.echo(f"Error: {name}: {reason}", err=True)
    if failed:
        raise click.exceptions.Exit(REFUSED)


def reports_of(platform: Platform, quarter: str | None) -> list[ReportRow]:
    """Return the reports of a quarter (`latest` for the latest, None for all of them).

    :raise UnknownReport: when the quarter has none.
    """
    from assessment.domain.campaign import Quarter
    from assessment.services.actor import Actor
    from assessment.services.build_report import LATEST, list_reports

    rows = list_reports(platform, Actor.operator())
    if quarter is None:
        return rows
    latest = max((row.quarter for row in rows), default="")
    wanted = latest if quarter == LATEST else str(Quarter.parse(quarter))
    found = [row for row in rows if row.quarter == wanted]
    if not found:
        raise UnknownReport(node="any team", quarter=quarter)
    return found


def team_id(platform: Platform, name: str) -> int:
    """Return a team's id.

    :raise UnknownTeam: when no team has this name.
    """
    from assessment.services.organisation import get_organisation

    organisation = get_organisation(platform)
    found = {team.name: team.id for team in organisation.teams} if organisation else {}
    if name not in found:
        raise UnknownTeam(team=name)
    return found[name]
