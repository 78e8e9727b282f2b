"""`import`: answers that an organisation already has become a closed campaign; `import undo` takes one back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assessment.cli.frame import NOT_FOUND, REFUSED, USAGE, Commands, Here, fail, here, progress, write_json
from assessment.cli.organisation import FILE, plain_problem

if TYPE_CHECKING:
    from assessment.services.import_answers import AnswersImport

# The command that a file name stands for: `import ANSWERS.csv` and `import undo` live side by side.
ANSWERS = "answers"


class FileOrCommand(Commands):
    """A group in which anything that is no command's name belongs to `answers`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command's name before a file or an option."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [ANSWERS, *args]
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write both forms."""
        formatter.write_usage(ctx.command_path, "ANSWERS.csv [OPTIONS]")
        formatter.write_usage(ctx.command_path, "undo --campaign ID | --quarter QUARTER")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of `answers`, which nobody types by name."""
        self.commands[ANSWERS].format_options(ctx, formatter)
        with formatter.section("Commands"):
            formatter.write_dl([("undo", self.commands["undo"].get_short_help_str())])


@click.group("import", cls=FileOrCommand)
def import_() -> None:
    """Count a spreadsheet's answers into a closed campaign; the file itself is never stored.

    \b
    Example:
      assessment import answers.csv --guess > mapping.yaml
      assessment import answers.csv --mapping mapping.yaml --quarter 2026-Q1 --dry-run
      assessment import undo --quarter 2026-Q1
    """


@import_.command(ANSWERS, hidden=True)
@click.argument("file", type=FILE)
@click.option("--mapping", type=FILE, default=None, help="Which column is which question; --guess writes a first one.")
@click.option("--quarter", default=None, help="The quarter the answers are of, such as 2026-Q1.")
@click.option("--guess", is_flag=True, help="Print a first mapping made from the header, and stop.")
@click.option("--dry-run", is_flag=True, help="Say what would be counted and each row that would not; store nothing.")
@click.option("--skip-bad-rows", is_flag=True, help="Leave rows out that cannot be counted, instead of stopping.")
@click.option("--create-teams", is_flag=True, help="Add teams that the mapping names and the organisation lacks.")
@click.option("--reporting-size", type=int, default=5, show_default=True, help="Least answers of a published figure.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@here
def answers(
    here: Here,
    /,
    file: Path,
    mapping: Path | None,
    quarter: str | None,
    guess: bool,
    dry_run: bool,
    as_json: bool,
    **decisions: Any,
) -> None:
    """Count a spreadsheet's answers into a closed campaign.

    \b
    Example:
      assessment import answers.csv --mapping mapping.yaml --quarter 2026-Q1 --dry-run
    """
    from assessment.services.actor import Actor
    from assessment.services.guess_mapping import guess_mapping
    from assessment.services.import_answers import BadRows, import_answers

    source = file.read_bytes()
    if guess:
        click.echo(guess_mapping(source), nl=False)
        return
    if mapping is None or quarter is None:
        raise click.UsageError("Give --mapping MAP.yaml and --quarter 2026-Q1, or --guess for a first mapping.")
    try:
        with progress(f"Reading {file.name}") as tell:
            result = import_answers(
                here.platform,
                source,
                mapping,
                quarter=quarter,
                actor=Actor.operator(),
                dry_run=dry_run,
                progress=lambda done, total: tell(done, total, ""),
                **decisions,
            )
    except BadRows as error:
        show(error.result, as_json=as_json)
        fail(f"{error} --skip-bad-rows leaves them out.", REFUSED)
    show(result, as_json=as_json)
    # Skipping was decided; without the decision a dry run ends as the import would.
    if result.taken or (result.n_bad and not decisions["skip_bad_rows"]):
        raise click.exceptions.Exit(REFUSED)


@import_.command()
@click.option("--campaign", "campaign_id", type=int, default=None, help="The imported campaign's number.")
@click.option("--quarter", default=None, help="The quarter, when one import has it.")
@here
def undo(here: Here, campaign_id: int | None, quarter: str | None) -> None:
    """Take an import back: its campaign and everything kept of it go.

    \b
    Example:
      assessment import undo --quarter 2026-Q1
    """
    from assessment.domain.campaign import Quarter
    from assessment.services.actor import Actor
    from assessment.services.campaigns import list_campaigns
    from assessment.services.undo_import import undo_import

    if (campaign_id is None) == (quarter is None):
        raise click.UsageError("Give either --campaign ID or --quarter QUARTER.")
    if quarter is not None:
        wanted = str(Quarter.parse(quarter))
        views = list_campaigns(here.platform, Actor.operator())
        found = [view.id for view in views if view.is_imported and view.quarter == wanted]
        if not found:
            fail(f"Nothing was imported for {wanted}; assessment campaign status lists what there is.", NOT_FOUND)
        if len(found) > 1:
            numbers = ", ".join(map(str, found))
            fail(f"{len(found)} imports are of {wanted}; choose one with --campaign: {numbers}.", USAGE)
        campaign_id = found[0]
    undone = undo_import(here.platform, Actor.operator(), campaign_id or 0)
    click.echo(f"Removed the import of {undone.quarter} ({len(undone.teams)} teams).")


def show(result: AnswersImport, *, as_json: bool) -> None:
    """Print what was or would be counted, by team and measure, and each row that was not."""
    if as_json:
        write_json(asdict(result) | {"problems": [plain_problem(problem) for problem in result.problems]})
        return
    click.echo(
        f"{result.quarter}, {', '.join(result.instruments)} ({result.encoding}, separator {result.separator!r}): "
        f"{result.n_rows} rows, {result.n_answered} counted, {result.n_blank} blank, {result.n_bad} not counted."
    )
    for team in result.teams:
        size = "size unknown" if team.n_invited is None else f"of {team.n_invited}"
        new = " (new)" if team.is_new else ""
        click.echo(f"  {team.name}{new}: {team.n_answered} {size}, {team.n_complete} complete, {team.n_blank} blank")
        for measure, n in team.measures.items():
            click.echo(f"      {measure}: {n}")
    for problem in result.problems:
        click.echo(f"  not counted: {problem}", err=True)
    if result.unmentioned:
        click.echo(f"  columns that the mapping does not mention: {', '.join(result.unmentioned)}")
    if result.reworded:
        told = "worded differently from the instrument, so never tested against quarters answered with it"
        click.echo(f"  {told}: {', '.join(result.reworded)}")
    for team_name in result.taken:
        click.echo(f"  {team_name} already has a campaign for {result.quarter}; an import would be refused.", err=True)
    if result.campaign_id is None:
        click.echo("Nothing was stored.")
    else:
        click.echo(f"Stored as campaign {result.campaign_id}; only histograms were kept.")
