"""`roadmap`: what a team or the organisation agreed on after its report, and what became of it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from assessment.cli.frame import REFUSED, Commands, Here, fail, here, write_json
from assessment.cli.reports import team_id
from assessment.domain.error_kinds import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assessment.domain.ready_rule import Finding
    from assessment.services.platform import Platform
    from reports.follow_up import FollowUp

QUARTER = click.option("--quarter", default="latest", show_default=True, help="Of the report, such as 2026-Q3.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def for_whom(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the two options that say whose roadmap it is."""
    command = click.option("--organisation", "whole", is_flag=True, help="The organisation's own.")(command)
    return click.option("--team", default=None, metavar="NAME", help="A team's.")(command)


def whose(platform: Platform, team: str | None, *, whole: bool) -> int | None:
    """Return the team's id, or None for the organisation.

    :raise UnknownTeam: for a name that no team has.
    """
    if (team is None) != whole:
        raise click.UsageError("Give either --team NAME or --organisation.")
    return None if team is None else team_id(platform, team)


@contextmanager
def words_are_ready() -> Iterator[None]:
    """Print what the ready rule found in a text, and end with the exit code of what is refused."""
    from assessment.domain.follow_up_errors import NotReady

    try:
        yield
    except NotReady as error:
        for finding in error.findings:
            click.echo(f"{error.field}: {told(finding)}", err=True)
        way_on = " --override lets it pass." if error.can_be_overridden else ""
        fail(f"The {error.field} is not ready.{way_on}", REFUSED)


@click.group(cls=Commands)
def roadmap() -> None:
    """Small changes: agreed with a report, done or dropped before the next one.

    \b
    Example:
      assessment roadmap show --team Checkout
    """


@roadmap.command()
@for_whom
@QUARTER
@AS_JSON
@here
def show(here: Here, team: str | None, whole: bool, quarter: str, as_json: bool) -> None:
    """Show what was agreed up to a report, what is in place, the next focus and the health facts.

    \b
    Example:
      assessment roadmap show --team Checkout --quarter 2026-Q3 --json
    """
    from assessment.services.actor import Actor
    from assessment.services.follow_up import follow_up

    found = follow_up(here.platform, Actor.operator(), whose(here.platform, team, whole=whole), quarter)
    if as_json:
        write_json(asdict(found))
    else:
        describe(found)


@roadmap.command()
@click.argument("change", metavar="CHANGE")
@for_whom
@QUARTER
@click.option("--role", required=True, help="Who looks after it: a role, never a name.")
@click.option("--due", required=True, metavar="DATE", help="Such as 2026-12-01; within a year.")
@click.option("--sign", required=True, help="What somebody from outside can see when it has arrived.")
@click.option("--override", is_flag=True, help="Let vague words pass; names and blame never do.")
@AS_JSON
@here
def agree(here: Here, /, change: str, team: str | None, whole: bool, as_json: bool, **given: Any) -> None:
    """Note that a small change was agreed on with a report; CHANGE is an id such as C04.

    \b
    Example:
      assessment roadmap agree C04 --team Checkout --role "engineer on call" --due 2026-12-01 --sign "3 weeks in a row"
    """
    from assessment.services.actor import Actor
    from assessment.services.agree_change import agree_change

    wanted = whose(here.platform, team, whole=whole)
    with words_are_ready():
        number = agree_change(
            here.platform,
            Actor.operator(),
            wanted,
            given["quarter"],
            change,
            role=given["role"],
            due=day(given["due"]),
            sign=given["sign"],
            override=given["override"],
        )
    if as_json:
        write_json({"agreement": number})
    else:
        click.echo(f"Agreement {number}: {change.upper()}.")


@roadmap.command()
@click.argument("agreement", type=int)
@click.option("--role", default=None, help="Another role.")
@click.option("--due", default=None, metavar="DATE", help="Another day.")
@click.option("--sign", default=None, help="Another sign.")
@click.option("--override", is_flag=True, help="Let vague words pass; names and blame never do.")
@here
def correct(here: Here, agreement: int, role: str | None, due: str | None, sign: str | None, override: bool) -> None:
    """Correct a change that is under way, or give it another day; what is left out stays.

    \b
    Example:
      assessment roadmap correct 7 --due 2027-01-15
    """
    from assessment.services.actor import Actor
    from assessment.services.correct_agreement import correct_agreement

    if role is None and due is None and sign is None:
        raise click.UsageError("Give at least one of --role, --due and --sign.")
    with words_are_ready():
        when = None if due is None else day(due)
        correct_agreement(here.platform, Actor.operator(), agreement, role=role, due=when, sign=sign, override=override)
    click.echo(f"Agreement {agreement} is corrected.")


@roadmap.command()
@click.argument("agreement", type=int)
@click.option("--evidence", default="", help="What was seen.")
@here
def done(here: Here, agreement: int, evidence: str) -> None:
    """Note that an agreed change is done; show lists the agreements with their numbers.

    \b
    Example:
      assessment roadmap done 7 --evidence "Held in weeks 38, 39 and 40"
    """
    end(here.platform, agreement, "done", evidence)


@roadmap.command()
@click.argument("agreement", type=int)
@click.option("--evidence", default="", help="What was seen; nobody has to say why it was dropped.")
@here
def drop(here: Here, agreement: int, evidence: str) -> None:
    """Note that an agreed change was dropped, without blame.

    \b
    Example:
      assessment roadmap drop 7
    """
    end(here.platform, agreement, "dropped", evidence)


@roadmap.command()
@click.argument("agreement", type=int)
@here
def reopen(here: Here, agreement: int) -> None:
    """Take back that a change is done or dropped.

    \b
    Example:
      assessment roadmap reopen 7
    """
    from assessment.services.actor import Actor
    from assessment.services.reopen_agreement import reopen_agreement

    reopen_agreement(here.platform, Actor.operator(), agreement)
    click.echo(f"Agreement {agreement} is under way again.")


@roadmap.command("in-place")
@click.argument("change", metavar="CHANGE")
@for_whom
@click.option("--not", "is_not", is_flag=True, help="Take it back.")
@here
def in_place(here: Here, change: str, team: str | None, whole: bool, is_not: bool) -> None:
    """Note that a team, or the organisation, has a small change already.

    \b
    Example:
      assessment roadmap in-place C04 --team Checkout
    """
    from assessment.services.actor import Actor
    from assessment.services.set_in_place import set_in_place

    set_in_place(here.platform, Actor.operator(), whose(here.platform, team, whole=whole), change, not is_not)
    click.echo(f"{change.upper()} is {'not ' if is_not else ''}in place.")


@roadmap.command()
@click.argument("aspects", nargs=-1, metavar="[ASPECT]...")
@click.option("--team", required=True, metavar="NAME", help="Whose next campaign tests them.")
@QUARTER
@here
def focus(here: Here, aspects: tuple[str, ...], team: str, quarter: str) -> None:
    """Agree on the one or two aspects that a team's next campaign tests; none takes them back.

    \b
    Example:
      assessment roadmap focus messengers inquiry --team Checkout
    """
    from assessment.services.actor import Actor
    from assessment.services.agree_focus import agree_focus

    agree_focus(here.platform, Actor.operator(), team_id(here.platform, team), quarter, aspects)
    click.echo(f"Next focus: {', '.join(aspects) or 'the campaign’s own'}.")


def end(platform: Platform, agreement: int, state: str, evidence: str) -> None:
    """End an agreement; say what of the evidence is not ready."""
    from assessment.domain.follow_up_errors import NotReady
    from assessment.services.actor import Actor
    from assessment.services.end_agreement import end_agreement

    try:
        end_agreement(platform, Actor.operator(), agreement, state=state, evidence=evidence)
    except NotReady as error:
        for finding in error.findings:
            click.echo(f"{error.field}: {told(finding)}", err=True)
        fail(f"The {error.field} is not ready.", REFUSED)
    click.echo(f"Agreement {agreement} is {state}.")


def told(finding: Finding) -> str:
    """Return a finding on one line."""
    return f"“{finding.words}” ({finding.kind.value}). {finding.suggestion}"


def day(text: str) -> date:
    """Read a day.

    :raise Invalid: when it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("due date", text, "write a day such as 2026-12-01") from None


def describe(found: FollowUp) -> None:
    """Print a follow-up for reading."""
    from questionnaires.changes import catalogue

    shelf = catalogue().by_id
    click.echo(f"As of {found.as_of.isoformat()}")
    for one in found.agreed:
        title = shelf[one.change].title["en"] if one.change in shelf else ""
        ended = f" {one.ended_on.isoformat()}" if one.ended_on else ""
        click.echo(f"{one.id:>5}  {one.quarter}  {one.change} {title}: {one.state.value}{ended}")
        click.echo(f"       {one.role}, due {one.due.isoformat()}; sign: {one.sign}")
        if one.evidence:
            click.echo(f"       seen: {one.evidence}")
    for name, listed in (("In place", found.in_place), ("Counts as in place", found.implied)):
        if listed:
            click.echo(f"{name}: {', '.join(listed)}")
    if found.next_focus:
        click.echo(f"Next focus: {', '.join(found.next_focus)}")
    for health in found.health:
        facts = ", ".join(f"{fact} {value:g}" for fact, value in health.facts.items())
        pages = f"pages {' '.join(map(str, health.page_shares))}" if health.page_shares else ""
        click.echo(f"{health.quarter}: {', '.join(filter(None, (facts, pages)))}")
    if not (found.agreed or found.in_place or found.next_focus or found.health):
        click.echo("Nothing was agreed yet.")
