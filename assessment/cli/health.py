"""`health`: facts about a team's work with production, typed or imported from a spreadsheet."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from assessment.cli.frame import REFUSED, Commands, Here, here, write_json
from assessment.cli.organisation import FILE, plain_problem
from assessment.cli.reports import team_id

QUARTER = click.option("--quarter", required=True, help="Such as 2026-Q3; it has begun.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group(cls=Commands)
def health() -> None:
    """Health facts: pages, nights, toil, reviews and actions of a team and quarter.

    \b
    Example:
      assessment health set pages_per_week=1.5 toil="40 %" --team Checkout --quarter 2026-Q3
    """


@health.command("set")
@click.argument("facts", nargs=-1, metavar="FACT=VALUE...")
@click.option("--team", required=True, metavar="NAME", help="Whose facts.")
@QUARTER
@click.option(
    "--pages", default=None, metavar="LIST", help='Pages per member of the rotation, such as "9 7 4 4 2 1 1 0".'
)
@here
def set_(here: Here, facts: tuple[str, ...], team: str, quarter: str, pages: str | None) -> None:
    """Note facts; FACT= without a value forgets one. Pages per member take no names and at least 8 people.

    Facts: pages_per_week, night_pages, over_30_minutes, toil, reviews_due, reviews_written, actions_due,
    actions_on_time.

    \b
    Example:
      assessment health set reviews_due=4 reviews_written=3 --team Checkout --quarter 2026-Q3
    """
    from assessment.domain.health_facts import read_fact, read_pages
    from assessment.services.actor import Actor
    from assessment.services.record_health import record_health

    values: dict[str, float | None] = {}
    for fact in facts:
        name, sign, value = fact.partition("=")
        if not sign:
            raise click.UsageError(f"{fact}: write FACT=VALUE, such as toil=0.4.")
        values[name.strip()] = read_fact(name.strip(), value)
    if not values and pages is None:
        raise click.UsageError("Give at least one FACT=VALUE, or --pages.")
    shares = None if pages is None else read_pages(pages)
    record_health(here.platform, Actor.operator(), team_id(here.platform, team), quarter, values, shares)
    click.echo(f"Stored for {team}, {quarter}.")


@health.command("import")
@click.argument("file", type=FILE)
@QUARTER
@click.option("--dry-run", is_flag=True, help="Say what would be stored, and every problem by line; store nothing.")
@AS_JSON
@here
def import_(here: Here, file: Path, quarter: str, dry_run: bool, as_json: bool) -> None:
    """Import facts of many teams from a CSV file: a column team, and one for each fact and page_shares.

    Nothing is stored while a line has a problem.

    \b
    Example:
      assessment health import health.csv --quarter 2026-Q3 --dry-run
    """
    from assessment.services.actor import Actor
    from assessment.services.import_health import import_health

    done = import_health(here.platform, Actor.operator(), quarter, file.read_bytes(), dry_run=dry_run)
    if as_json:
        write_json(asdict(done) | {"problems": [plain_problem(problem) for problem in done.problems]})
    else:
        for problem in done.problems:
            click.echo(str(problem), err=True)
        if not done.problems:
            click.echo(f"{len(done.lines)} teams, {done.quarter}.")
        click.echo("Stored." if done.is_stored else "Nothing was stored.")
    if done.problems:
        raise click.exceptions.Exit(REFUSED)


@health.command("list")
@click.option("--team", required=True, metavar="NAME", help="Whose facts.")
@AS_JSON
@here
def list_(here: Here, team: str, as_json: bool) -> None:
    """List a team's facts by quarter, each with its target.

    \b
    Example:
      assessment health list --team Checkout --json
    """
    from assessment.services.actor import Actor
    from assessment.services.list_health import list_health
    from reports.health import facts_before, measured, standings
    from reports.health_words import TARGETS

    quarters = list_health(here.platform, Actor.operator(), team_id(here.platform, team))
    if as_json:
        write_json([asdict(one) for one in quarters])
        return
    for one in quarters:
        within = standings(one, facts_before(quarters, one.quarter))
        click.echo(one.quarter)
        for measure, value in measured(one).items():
            word = "" if measure not in within else "within target: " if within[measure] else "outside target: "
            click.echo(f"  {measure.value} {value:.3g} {word}{TARGETS[measure]}")
    if not quarters:
        click.echo("Nothing is known yet.")
