"""Looking at a live installation with the eyes of somebody who wants to know whether it can keep its promises.

Nothing is changed, and nothing that is returned says who answered or how many.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from assessment.services.anonymity_checks import clock, code, database, files, keys, logs, pages, schema, settings
from assessment.services.anonymity_checks.checked import Checked, Outcome
from assessment.services.anonymity_checks.stand import campaigns_of
from assessment.services.platform import Platform


def audit_anonymity(
    platform: Platform,
    *,
    environ: Mapping[str, str],
    url: str | None = None,
    log_files: Sequence[Path] = (),
    proxy_configurations: Sequence[Path] = (),
) -> list[Checked]:
    """Return what was checked, area by area: settings, schema, database, files, keys, logs, pages, clock, code.

    :param environ: the environment that the server is started in; only names of variables are looked at.
    :param url: the public address to fetch respondents' pages from; none are fetched without.
    :param log_files: logs of a proxy to look through.
    :param proxy_configurations: configurations of nginx, Caddy or Apache to look at.
    """
    # An older schema has not the columns by which campaigns are read; the schema's own finding says so.
    is_readable = schema.is_current(platform)
    campaigns = campaigns_of(platform) if is_readable else []
    areas: dict[str, Callable[[], list[Checked]]] = {
        "settings": lambda: settings.check(platform.settings, campaigns, environ),
        "schema": lambda: schema.check(platform),
        "database": lambda: database.check(platform) if is_readable else [],
        "files": lambda: files.check(platform, campaigns),
        "keys": lambda: keys.check(platform, campaigns) if is_readable else [],
        "logs": lambda: logs.check(platform.settings, log_files, proxy_configurations),
        "pages": lambda: pages.check(url),
        "clock": lambda: clock.check(platform, campaigns) if is_readable else [],
        "code": code.check,
    }
    return [checked for name, look in areas.items() for checked in _looked(name, look)]


def _looked(area: str, look: Callable[[], list[Checked]]) -> list[Checked]:
    """Return what a check says; what this user may not look at is a finding, since nobody looked."""
    try:
        return look()
    except OSError as error:
        what = f"It could not be checked: {error.filename or ''} {error.strerror or error}.".replace(":  ", ": ")
        return [Checked(area, what, Outcome.FINDING, "Run this as the user that the server runs as.")]
