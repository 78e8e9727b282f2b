"""`coach` and `organisation`: who works with the platform and about whom."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assessment.cli.frame import REFUSED, Commands, Here, here, write_json

if TYPE_CHECKING:
    from assessment.domain.spreadsheet import LineProblem

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.group(cls=Commands)
def coach() -> None:
    """Coaches: those who run campaigns and read reports.

    \b
    Example:
      assessment coach add ada@example.org --name "Ada Abebe" --all-teams
    """


@coach.command("add")
@click.argument("email")
@click.option("--name", required=True, help="As others see it.")
@click.option("--team", "teams", multiple=True, metavar="NAME", help="A team this coach may see; may be given often.")
@click.option("--all-teams", is_flag=True, help="May see every team and the organisation.")
@click.option("--ask-password", is_flag=True, help="Type a password instead of getting one.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@here
def add(
    here: Here, email: str, name: str, teams: tuple[str, ...], all_teams: bool, ask_password: bool, as_json: bool
) -> None:
    """Add a coach; the password made is printed this once.

    \b
    Example:
      assessment coach add bruno@example.org --name "Bruno Costa" --team Checkout --team Payouts
    """
    from assessment.services.actor import Actor
    from assessment.services.coaches import add_coach

    if not teams and not all_teams:
        raise click.UsageError(
            "Give --team NAME (as often as needed) or --all-teams: a coach without teams sees nothing."
        )
    password = click.prompt("Password", hide_input=True, confirmation_prompt=True) if ask_password else None
    new = add_coach(
        here.platform, Actor.operator(), name=name, email=email, password=password, sees_all=all_teams, teams=teams
    )
    if as_json:
        write_json({"id": new.id, "email": new.email, "password": None if ask_password else new.password})
        return
    click.echo(f"Coach {new.email} can sign in at {here.settings.base_url}/coach")
    if not ask_password:
        click.echo(f"Password: {new.password}   (shown this once)")


@click.group(cls=Commands)
def organisation() -> None:
    """Departments, teams and people.

    \b
    Example:
      assessment organisation import people.csv --dry-run
    """


@organisation.command("import")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Say what would change, and every problem by line; store nothing.")
@click.option("--remove-missing", is_flag=True, help="Remove people who are not in the file.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@here
def import_people(here: Here, file: Path, dry_run: bool, remove_missing: bool, as_json: bool) -> None:
    """Bring the organisation up to date with a CSV file: department, team, name, e-mail.

    Nothing is stored while a line has a problem. Rosters of campaigns that are open stay as they were frozen.

    \b
    Example:
      assessment organisation import people.csv --dry-run
    """
    from assessment.services.actor import Actor
    from assessment.services.import_organisation import import_organisation

    result = import_organisation(
        here.platform, file.read_bytes(), actor=Actor.operator(), dry_run=dry_run, remove_missing=remove_missing
    )
    if as_json:
        write_json(asdict(result) | {"problems": [plain_problem(problem) for problem in result.problems]})
    elif result.problems:
        for problem in result.problems:
            click.echo(str(problem), err=True)
        click.echo("Nothing was stored.")
    else:
        click.echo(
            f"{result.n_people} people: {len(result.added_people)} new, {len(result.moved_people)} moved, "
            f"{len(result.changed_people)} changed, {result.n_unchanged} unchanged, "
            f"{len(result.missing_people)} not in the file; "
            f"{len(result.added_departments)} new departments, {len(result.added_teams)} new teams, "
            f"{len(result.moved_teams)} moved teams."
        )
        if result.is_stored:
            click.echo(f"Stored; {result.n_removed} removed." if remove_missing else "Stored.")
        else:
            click.echo("Nothing was stored.")
    if result.problems:
        raise click.exceptions.Exit(REFUSED)


def plain_problem(problem: LineProblem) -> dict[str, object]:
    """Return a line's problem for JSON."""
    return {"line": problem.line, "field": problem.field, "value": problem.value, "message": problem.message}


@organisation.command("erase-member")
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask.")
@here
def erase(here: Here, who: str, yes: bool) -> None:
    """Erase somebody, by e-mail address or whole name: from the organisation and from rosters of ended campaigns.

    \b
    Example:
      assessment organisation erase-member mira@example.org
    """
    from assessment.services.actor import Actor
    from assessment.services.erase_people import erase_member

    if not yes:
        click.confirm(f"Erase {who}? There is no way back but a backup.", abort=True, err=True)
    done = erase_member(here.platform, Actor.operator(), who)
    click.echo(f"Erased member {done.member_id}, and the name in {done.n_rosters} rosters.")
    click.echo("Backups made before have the name still, and so does the file that people are imported from.")


@organisation.command("erase-rosters")
@here
def erase_all(here: Here) -> None:
    """Erase the names in rosters of all campaigns that are not open; how many were asked stays.

    \b
    Example:
      assessment organisation erase-rosters
    """
    from assessment.services.actor import Actor
    from assessment.services.erase_people import erase_rosters

    click.echo(f"Erased {erase_rosters(here.platform, Actor.operator())} names.")
