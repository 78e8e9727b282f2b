"""Logs: no file of this installation or of a proxy in front says when somebody was at a respondents' page."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

from assessment.config import Settings
from assessment.domain.cards import ALPHABET, read_code
from assessment.services.anonymity_checks.checked import Area, Checked

# Paths of respondents' pages as a log line has them, after a method or a host.
PATHS = re.compile(
    r"(?:\b(?:GET|POST|HEAD)\s+(?:https?://[^/\s]+)?|\"(?:uri|path|url|request_uri)\":\s*\"(?:https?://[^/\s\"]+)?)"
    r"(?:/(?:a|l|e|thanks|result|door)/|/(?:answer|trust|e)\b|/[?\s\"])"
)
CODE = re.compile(rf"\b[{ALPHABET}]{{4}}(?:-?[{ALPHABET}]{{4}}){{3}}\b")
# What records requests inside a program, when it is installed and started.
WATCHERS = {"sentry-sdk", "ddtrace", "newrelic", "elastic-apm", "scout-apm", "opentelemetry-instrumentation-flask"}
# Enough for a day of a busy proxy; more would take longer than somebody waits.
MOST_BYTES = 200_000_000


def check(settings: Settings, logs: Sequence[Path], proxy_configurations: Sequence[Path]) -> list[Checked]:
    """Look through log files of the instance and those named, and through configurations of a proxy.

    :param logs: files to look through beside those below the instance folder; `.gz` too.
    :param proxy_configurations: of nginx, Caddy or Apache.
    """
    area = Area("logs")
    own = sorted(path for path in settings.instance.rglob("*") if path.is_file() and ".log" in path.suffixes)
    for path in [*own, *logs]:
        _log(area, path)
    if not own:
        area.ok("There is no log file in the instance folder. The program logs coaches' requests, to standard error.")
    if not logs:
        area.note("No log of a proxy was checked.", "Name it: `assessment audit-anonymity --log FILE`.")
    for path in proxy_configurations:
        _configuration(area, path)
    if not proxy_configurations:
        area.note(
            "No configuration of a proxy was checked.",
            "Name it: `assessment audit-anonymity --proxy-config FILE`; docs/privacy.md has ones that log nothing.",
        )
    watching = sorted(WATCHERS & {(each.name or "").lower() for each in metadata.distributions()})
    if watching:
        area.note(
            f"Installed beside the program, and able to record requests: {', '.join(watching)}.",
            "Remove it from this environment, or see that the server is not started through it.",
        )
    return area.checked


def _log(area: Area, path: Path) -> None:
    """Look for respondents' paths and cards' codes; say which line first, never what it says."""
    try:
        for number, line in enumerate(_lines(path), 1):
            if PATHS.search(line) or any(read_code(found[0]) for found in CODE.finditer(line)):
                area.finding(
                    f"{path} has a visit to a respondents' page (first in line {number}): when somebody was there.",
                    "Switch logging off outside /coach (docs/privacy.md), then delete this file and its older copies.",
                )
                return
    except OSError as error:
        area.finding(f"{path} cannot be read: {error.strerror or error}.", "Name a file that you may read.")
        return
    area.ok(f"{path} names no respondents' page and no card's code.")


def _lines(path: Path) -> Iterator[str]:
    n_bytes = 0
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            n_bytes += len(line)
            if n_bytes > MOST_BYTES:
                return
            yield line.decode("utf-8", "replace")


def _configuration(area: Area, path: Path) -> None:
    """Look for directives that log requests without a condition; a first look, not a proof."""
    try:
        text = re.sub(r"^\s*#.*$", "", path.read_text(encoding="utf-8", errors="replace"), flags=re.MULTILINE)
    except OSError as error:
        area.finding(f"{path} cannot be read: {error.strerror or error}.", "Name a file that you may read.")
        return
    found = [line.strip() for line in text.splitlines() if _logs_all(line)]
    if "proxy_pass" in text:
        if not re.search(r"^\s*access_log\s", text, re.MULTILINE):
            found.append("no access_log, so nginx does what its main configuration says")
        # Below this level nginx writes the whole request that failed, with its path, address and time.
        if not re.search(r"^\s*error_log\s+(?:/dev/null\b.*|\S+\s+(?:alert|emerg)\s*);", text, re.MULTILINE):
            found.append("error_log is neither /dev/null nor of level alert")
    if "reverse_proxy" in text:
        if re.search(r"^\s*log\b(?!\s+default)", text, re.MULTILINE) and not re.search(r"log_skip|skip_log", text):
            found.append("log without log_skip")
        if not re.search(r"^\s*exclude\b.*\bhttp\.log\.error\b", text, re.MULTILINE):
            found.append("http.log.error is not excluded, so Caddy logs a request that fails")
    if "ProxyPass" in text and not re.search(r"^\s*ErrorLog\s+/dev/null\s*$", text, re.MULTILINE):
        found.append("ErrorLog is not /dev/null")
    for line in found:
        area.finding(
            f"{path} may log respondents' requests: {line}.", "Log below /coach only; docs/privacy.md has the lines."
        )
    if not found:
        area.ok(f"{path} has no directive that logs respondents' requests, as far as a first look tells.")


def _logs_all(line: str) -> bool:
    words = line.split()
    if not words:
        return False
    if words[0] == "access_log":
        return words[1:2] != ["off;"] and "if=" not in line
    return words[0] in {"CustomLog", "TransferLog"} and not re.search(r"\b(env|expr)=|/dev/null", line)
