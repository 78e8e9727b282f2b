"""`roadmap export`: what was agreed as a file to take along."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assessment.cli.frame import STANDARD_OUTPUT, Here, here, put
from assessment.cli.roadmap import QUARTER, for_whom, whose
from reports.languages import LANGUAGES

if TYPE_CHECKING:
    from assessment.services.platform import Platform
    from reports.roadmap_export import Roadmap


@click.command()
@for_whom
@QUARTER
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "csv", "ics"]),
    default="md",
    show_default=True,
    help="Markdown, CSV, or iCalendar with the days to look again and the rituals.",
)
@click.option("--bom", "with_mark", is_flag=True, help="Begin a CSV with a byte order mark, for Excel.")
@click.option("--language", type=click.Choice(LANGUAGES), default=None, help="The setting's unless given.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The file; - prints it.")
@here
def export(
    here: Here,
    team: str | None,
    whole: bool,
    quarter: str,
    form: str,
    with_mark: bool,
    language: str | None,
    output: Path,
) -> None:
    """Write a roadmap as Markdown, as CSV, or as a calendar.

    \b
    Example:
      assessment roadmap export --team Checkout --format ics -o checkout.ics
    """
    from questionnaires.changes import catalogue
    from reports.languages import language as speak
    from reports.roadmap_calendar import calendar_file
    from reports.roadmap_export import csv_file, markdown

    found = taken_along(here.platform, whose(here.platform, team, whole=whole), quarter)
    spoken, shelf = speak(language or here.settings.language), catalogue()
    if form == "md":
        content = markdown(found, spoken, shelf).encode()
    elif form == "csv":
        content = csv_file(found, spoken, shelf, with_mark=with_mark)
    else:
        content = calendar_file(found, spoken, shelf, origin=here.settings.base_url)
    put(output, content)
    if output != STANDARD_OUTPUT:
        click.echo(str(output))


def taken_along(platform: Platform, team: int | None, quarter: str) -> Roadmap:
    """Return the roadmap of a team, or of the organisation for None, with its report.

    :raise UnknownReport, AmbiguousQuarter: when there is none, or several campaigns were held.
    """
    from assessment.services.actor import Actor
    from assessment.services.build_report import released_organisation, released_team
    from assessment.services.follow_up import follow_up
    from reports.roadmap_export import roadmap_of

    actor = Actor.operator()
    if team is not None:
        released = released_team(platform, actor, team, quarter)
    else:
        released = released_organisation(platform, actor, quarter).whole
    return roadmap_of(released, follow_up(platform, actor, team, released=released))
