"""`report`: released results as files, one or all of a quarter, the list of what there is, and how a number came."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from assessment.cli.batch import write_all
from assessment.cli.documents import MEANINGS, REPORTS, Form, explain, write_meaning, write_organisation, write_team
from assessment.cli.frame import STANDARD_OUTPUT, Here, here, put, write_json
from assessment.cli.trends import TRENDS, write_trend
from assessment.domain.errors import UnknownReport, UnknownTeam
from reports.languages import LANGUAGES

if TYPE_CHECKING:
    from assessment.services.build_report import ReportRow
    from assessment.services.platform import Platform


@click.command()
@click.option("--team", default=None, metavar="NAME", help="One team.")
@click.option("--organisation", "whole", is_flag=True, help="The organisation with all its teams.")
@click.option("--department", default=None, metavar="NAME", help="One department, for --explain only.")
@click.option("--all", "everything", is_flag=True, help="Every team and the organisation, into the folder -o.")
@click.option("--list", "listing", is_flag=True, help="List the reports there are.")
@click.option("--trend", is_flag=True, help="With --team or --organisation: up to eight quarters side by side.")
@click.option("--quarter", default="latest", show_default=True, help="Such as 2026-Q3.")
@click.option(
    "--format",
    "form",
    type=click.Choice([*REPORTS, *MEANINGS]),
    default="pdf",
    show_default=True,
    help="codebook says what a CSV's columns mean, schema (a JSON Schema) what the keys of JSON do.",
)
@click.option(
    "--shape",
    type=click.Choice(["long", "wide"]),
    default="long",
    show_default=True,
    help="Of a CSV: a row per number, or a row per team, department and organisation.",
)
@click.option("--bom", "with_mark", is_flag=True, help="Begin a CSV with a byte order mark, for Excel.")
@click.option(
    "--explain",
    "measure",
    default=None,
    metavar="ASPECT",
    help="Print the steps to the numbers of an aspect, ladder:AREA or choice:ASPECT.",
)
@click.option("--language", type=click.Choice(LANGUAGES), default=None, help="The setting's unless given.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=None,
    help="The file (- prints it), or with --all the folder.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=None,
    help="With --all, how many reports are made at once; the number of processors unless given.",
)
@click.option("--fresh", is_flag=True, help="With --all, make also what is there and has not changed.")
@click.option("--json", "as_json", is_flag=True, help="Print the list, or what was written, as JSON.")
@here
def report(
    here: Here,
    team: str | None,
    whole: bool,
    department: str | None,
    everything: bool,
    listing: bool,
    trend: bool,
    quarter: str,
    form: str,
    shape: Literal["long", "wide"],
    with_mark: bool,
    measure: str | None,
    language: str | None,
    output: Path | None,
    workers: int | None,
    fresh: bool,
    as_json: bool,
) -> None:
    """Write reports of closed campaigns as PDF, as one HTML file, as JSON, or as CSV.

    With --all, a report that cannot be made does not stop the others; the exit code then is 1. What is in the folder
    already and has not changed is left as it is, so the same command goes on where another ended.

    \b
    Example:
      assessment report --team Checkout --quarter 2026-Q3 --format pdf -o checkout.pdf
      assessment report --team Checkout --format json -o - | jq .aspects
      assessment report --all --language de -o reports/
      assessment report --all --quarter 2026-Q3 --workers 4 -o reports/
      assessment report --organisation --format csv --shape wide --bom -o 2026-Q3.csv
      assessment report --format codebook -o codebook.csv
      assessment report --team Checkout --explain inquiry
      assessment report --team Checkout --trend -o checkout-trend.pdf
    """
    if trend:
        is_more = everything or listing or measure is not None or department is not None
        check_trend(quarter, form, is_of_one=(team is not None) != whole and not is_more)
    n_chosen = sum((team is not None, whole, department is not None, everything, listing))
    if form in MEANINGS and n_chosen == 0 and measure is None:
        write_meaning(form, asked_for(output, as_json), with_mark=with_mark)
        return
    if form in MEANINGS:
        raise click.UsageError(f"--format {form} is the same for every report; give it with -o alone.")
    if n_chosen != 1:
        raise click.UsageError("Give one of --team NAME, --organisation, --all and --list.")
    if measure is not None:
        if everything or listing or as_json:
            raise click.UsageError("--explain goes with --team, --department or --organisation, and prints text.")
        wanted = team_id(here.platform, team) if team is not None else None
        put(output or STANDARD_OUTPUT, explain(here.platform, wanted, quarter, measure, department).encode())
        return
    if department is not None:
        raise click.UsageError("A department is a part of the organisation’s report; ask for --organisation.")
    if listing:
        show_list(here.platform, as_json=as_json)
        return
    if everything and output == STANDARD_OUTPUT:
        raise click.UsageError("--all writes a file for each team; give -o a folder.")
    if not everything and (workers is not None or fresh):
        raise click.UsageError("--workers and --fresh go with --all.")
    path = asked_for(output, as_json)
    chosen = Form(form, language or here.settings.language, shape, with_mark)
    if everything:
        rows = reports_of(here.platform, quarter)
        write_all(here.platform, rows, chosen, path, workers=workers, fresh=fresh, as_json=as_json)
        return
    if trend:
        write_trend(here.platform, team_id(here.platform, team) if team is not None else None, chosen, path)
    elif team is not None:
        write_team(here.platform, team_id(here.platform, team), quarter, chosen, path)
    else:
        write_organisation(here.platform, quarter, chosen, path)
    if as_json:
        write_json({"written": [str(path)], "failed": []})
    elif path != STANDARD_OUTPUT:
        click.echo(str(path))


def check_trend(quarter: str, form: str, *, is_of_one: bool) -> None:
    """Refuse what a trend has none of.

    :raise UsageError: naming what goes with --trend.
    """
    if not is_of_one:
        raise click.UsageError("--trend goes with one of --team NAME and --organisation.")
    if form not in TRENDS:
        raise click.UsageError(f"--trend is written as {', '.join(TRENDS)}; --format {form} is of one quarter.")
    if quarter != "latest":
        raise click.UsageError("--trend shows the last quarters there are; leave --quarter out.")


def asked_for(output: Path | None, as_json: bool) -> Path:
    """Return where to write.

    :raise UsageError: when that was not said, or two things would be printed.
    """
    if output is None:
        raise click.UsageError("Give -o: the file to write, or with --all the folder.")
    if output == STANDARD_OUTPUT and as_json:
        raise click.UsageError("--json tells what was written; with -o - the report itself is printed. Leave one out.")
    return output


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
