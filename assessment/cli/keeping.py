"""`init`, `migrate`, `questionnaire`, `backup` and `restore`: setting up and keeping an installation."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from assessment.cli.frame import REFUSED, Commands, Here, here, write_json
from assessment.cli.organisation import FILE


@click.command()
@click.option("--name", default="Our organisation", show_default=True, help="The organisation's name.")
@click.option("--language", default=None, help="Language of pages and reports: en or de; the setting's unless given.")
@click.option("--timezone", default=None, help="Such as Europe/Berlin; the setting's unless given.")
@here
def init(here: Here, name: str, language: str | None, timezone: str | None) -> None:
    """Make an instance: its folder, its secret, its database, and the organisation's name.

    \b
    Example:
      assessment init --name "Nordwind Commerce" --language de --timezone Europe/Berlin
    """
    from assessment.services.migrate import migrate as bring_up_to_date
    from assessment.services.organisation import get_organisation, set_up

    settings = here.settings
    bring_up_to_date(here.bare_platform)
    known = get_organisation(here.platform)
    if known is None:
        set_up(here.platform, name=name, language=language or settings.language, timezone=timezone or settings.timezone)
        click.echo(f"{settings.instance} is ready. Next: assessment coach add, assessment organisation import.")
    else:
        click.echo(f"{settings.instance} holds {known.name} already; its database is up to date.")


@click.command()
@here
def migrate(here: Here) -> None:
    """Bring the database to this version's shape; on SQLite every start does it, after a backup.

    \b
    Example:
      DATABASE_URL=postgresql://… assessment migrate
    """
    from assessment.services.migrate import migrate as bring_up_to_date

    done = bring_up_to_date(here.bare_platform)
    if done.before == done.after:
        click.echo(f"The database is at {done.after} already.")
    else:
        click.echo(f"The database was at {done.before or 'nothing'} and is at {done.after} now.")
    if done.backup is not None:
        click.echo(f"Backup from before: {done.backup}")


@click.group(cls=Commands)
def questionnaire() -> None:
    """Instruments and the catalogue of small changes.

    \b
    Example:
      assessment questionnaire check my-instrument.yaml
    """


@questionnaire.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_instruments(as_json: bool) -> None:
    """List the instruments that a campaign may ask.

    \b
    Example:
      assessment questionnaire list
    """
    from questionnaires.loader import available

    rows = [
        {
            "id": instrument.id,
            "version": instrument.version,
            "name": instrument.name.get("en", instrument.id),
            "questions": len(instrument.questions),
            "minutes": instrument.minutes,
            "languages": list(instrument.languages),
            "fingerprint": instrument.fingerprint,
        }
        for instrument in available().values()
    ]
    if as_json:
        write_json(rows)
        return
    for row in rows:
        asked = "1 question" if row["questions"] == 1 else f"{row['questions']} questions"
        click.echo(f"{row['id']:<16} version {row['version']}, {asked}: {row['name']}")


@questionnaire.command("check")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Check YAML files; each problem names file, line, key and remedy.

    \b
    Example:
      assessment questionnaire check questionnaires/data/*.yaml
    """
    from questionnaires.loader import check_file

    found = [problem for file in files for problem in check_file(file)]
    if as_json:
        write_json(
            [
                {"file": str(p.file), "line": p.line, "key": p.key, "message": p.message, "remedy": p.remedy}
                for p in found
            ]
        )
    else:
        for problem in found:
            click.echo(str(problem), err=True)
        click.echo(f"{len(files)} files checked, {len(found)} problems.")
    if found:
        raise click.exceptions.Exit(REFUSED)


@click.command()
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The new file.")
@click.option(
    "--with-keys", is_flag=True, help="Put the keys of open campaigns in: whoever has it can read their ballots."
)
@here
def backup(here: Here, output: Path, with_keys: bool) -> None:
    """Write everything that is stored into one file; ballots in it stay sealed.

    \b
    Example:
      assessment backup -o backup-2026-11-21.tar.gz
    """
    from assessment.services.backup import backup as write

    done = write(here.platform, output, with_keys=with_keys)
    click.echo(f"{done.path}: {done.n_rows} rows, {done.n_bytes} bytes, schema {done.schema}.")
    sealed = [number for number in done.open_campaigns if number not in done.keys_of]
    if done.keys_of:
        click.echo(f"Open campaigns in it with their keys: {', '.join(map(str, done.keys_of))}; guard this file.")
    if sealed:
        click.echo(f"Open campaigns in it without their keys: {', '.join(map(str, sealed))}; a restore voids them.")


@click.command()
@click.argument("file", type=FILE)
@click.option("--resume", is_flag=True, help="Keep campaigns open whose key is at hand; later answers are lost.")
@click.option("--json", "as_json", is_flag=True, help="Print what was restored and lost as JSON.")
@here
def restore(here: Here, file: Path, resume: bool, as_json: bool) -> None:
    """Fill an empty instance from a backup and say what was lost.

    Campaigns that were open are void afterwards, unless --resume finds their key.

    \b
    Example:
      assessment --instance ./new restore backup-2026-11-21.tar.gz
    """
    from assessment.services.restore import restore as read

    done = read(here.settings, file, resume_open=resume)
    if as_json:
        write_json(asdict(done))
        return
    click.echo(f"Restored the backup of {done.made_at}: {sum(done.rows.values())} rows. Everything since is lost.")
    for lost in done.lost:
        hint = "; its key is at hand, --resume would keep it" if lost.has_key else ""
        size = f"{len(lost.teams)} teams, {lost.n_invited} invited"
        click.echo(f"Void: campaign {lost.campaign_id} ({lost.quarter}, {size}){hint}.")
    for resumed in done.resumed:
        click.echo(f"Resumed: campaign {resumed.campaign_id} ({resumed.quarter}, {len(resumed.teams)} teams).")
