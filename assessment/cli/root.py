"""The command's root: the instance option, and the commands of every group."""

from __future__ import annotations

from pathlib import Path

import click

from assessment.cli import (
    anonymity,
    audit,
    campaigns,
    demonstration,
    health,
    imports,
    invitations,
    keeping,
    organisation,
    reports,
    roadmap,
    roadmap_export,
    serving,
)
from assessment.cli.frame import EXIT_CODES, Commands, Here

EPILOG = "\b\nExit codes:\n" + "\n".join(f"  {code:>3}  {meaning}" for code, meaning in EXIT_CODES.items())


@click.group(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--instance",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="ASSESSMENT_INSTANCE",
    show_envvar=True,
    help="The folder with the configuration and the SQLite file; ./instance unless given.",
)
@click.version_option(package_name="blameless-assessment", prog_name="assessment")
@click.pass_context
def main(context: click.Context, instance: Path | None) -> None:
    """Anonymous culture assessments around production: campaigns, reports, and running the server.

    \b
    Example:
      assessment --instance ./instance demo
    """
    here = context.ensure_object(Here)
    if instance is not None:
        here.instance = instance


roadmap.roadmap.add_command(roadmap_export.export)

for command in (
    keeping.init,
    demonstration.demo,
    serving.serve,
    organisation.coach,
    organisation.organisation,
    campaigns.campaign,
    campaigns.close,
    invitations.mail,
    imports.import_,
    reports.report,
    roadmap.roadmap,
    health.health,
    audit.audit,
    keeping.questionnaire,
    keeping.backup,
    keeping.restore,
    keeping.migrate,
    anonymity.audit_anonymity,
):
    main.add_command(command)
