"""Settings: is everything between respondents and this program private, and are secrets what they should be?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from assessment.config import Settings
from assessment.domain.addresses import LOCAL_HOSTS
from assessment.services.anonymity_checks.checked import Area, Checked
from assessment.services.anonymity_checks.stand import Standing

# Programs that record requests with their times, by the variables that switch them on.
WATCHERS = ("SENTRY_", "OTEL_", "NEW_RELIC_", "ELASTIC_APM_", "DD_TRACE_", "DATADOG_", "SCOUT_", "APPSIGNAL_")


def check(settings: Settings, campaigns: Sequence[Standing], environ: Mapping[str, str]) -> list[Checked]:
    """Look at the settings.

    :param environ: the environment; of it only the names of variables are looked at.
    """
    area = Area("settings")
    _address(area, settings, campaigns)
    _mail(area, settings, campaigns)
    area.ok("The key that signs coaches' sessions has at least 16 characters and no default.")
    watching = sorted(name for name in environ if name.startswith(WATCHERS))
    if watching:
        area.finding(
            f"The environment sets {', '.join(watching)}, which switches on a program that records requests.",
            "Start the server without them; a trace or an error report says when somebody answered, or even what.",
        )
    else:
        area.ok("No variable in this environment switches on a program that traces requests.")
    return area.checked


def _address(area: Area, settings: Settings, campaigns: Sequence[Standing]) -> None:
    parts = urlsplit(settings.base_url)
    is_local = parts.hostname in LOCAL_HOSTS
    if not settings.is_secure:
        area.finding(
            f"base_url is {settings.base_url}: without HTTPS the network reads every answer and every code.",
            "Let a reverse proxy speak HTTPS, and set base_url to the https:// address.",
        )
    else:
        area.ok(f"base_url is {settings.base_url}: {'this machine only' if is_local else 'HTTPS'}.")
    if is_local and any(campaign.is_open for campaign in campaigns):
        area.note(
            "A campaign is open and base_url leads to this machine only.",
            "Set base_url to the https:// address that people type, before cards are printed or mails sent.",
        )
    if parts.scheme == "https" and not is_local and not settings.proxies:
        area.note(
            "base_url is https:// and proxies is 0: every coach seems to come from the proxy's address.",
            "Set proxies to the number of reverse proxies in front.",
        )
    if settings.host not in LOCAL_HOSTS:
        area.note(
            f"The server listens on {settings.host}, where it may be reached without the proxy and its HTTPS.",
            "Let only the proxy reach this port, or listen on 127.0.0.1.",
        )


def _mail(area: Area, settings: Settings, campaigns: Sequence[Standing]) -> None:
    mails = any(campaign.is_open and "email" in campaign.ways for campaign in campaigns)
    scheme = urlsplit(settings.mail_url).scheme
    if mails and not settings.can_mail:
        area.finding(
            "A campaign that invites by e-mail is open, and mail_url or mail_from is not set.",
            "Set both; until then no reminder leaves and no address can be corrected.",
        )
    elif mails and scheme == "folder":
        area.finding(
            "A campaign that invites by e-mail is open, and mails go to a folder instead of people.",
            "Set mail_url to a mail server, send a reminder, and delete the folder: whoever reads a mail first "
            "can collect the credential in somebody's place.",
        )
    elif scheme == "folder":
        area.note("Mails go to a folder (dry run).", "Set mail_url to a mail server before inviting anybody.")
    elif settings.can_mail:
        area.ok("Mail leaves encrypted, or by a mail server on this machine.")
    else:
        area.ok("No mail is configured; opening refuses invitations by e-mail.")
