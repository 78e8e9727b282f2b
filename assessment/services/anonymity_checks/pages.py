"""Pages: what respondents' browsers get at the public address, through whatever proxy stands in front."""

from __future__ import annotations

import hashlib
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from assessment.services.anonymity_checks.checked import Area, Checked

PATHS = ("/", "/trust", "/e/en", "/e/de")
# Seconds for one page.
PATIENCE = 5.0
LARGEST = 2_000_000
LINK = re.compile(r"""(?:src|href|action|data|poster|srcset)\s*=\s*["']?((?:https?:)?//[^"'\s>]+)""", re.IGNORECASE)
# Headers of machines in between that read along.
BETWEEN = ("Via", "X-Cache", "CF-Ray", "X-Served-By", "X-Amz-Cf-Id", "Age")
AGENTS = ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Mobile")


@dataclass(frozen=True)
class Page:
    """A page as it came."""

    status: int
    headers: Message
    body: bytes


class _Stay(urllib.request.HTTPRedirectHandler):
    """Goes nowhere else."""

    def redirect_request(self, *_args: Any, **_values: Any) -> None:
        return None


def check(url: str | None) -> list[Checked]:
    """Fetch respondents' pages and look at what comes with them.

    :param url: the public address; nothing is fetched without one.
    """
    area = Area("pages")
    if url is None:
        area.note(
            "Respondents' pages were not fetched.",
            "Name the public address: `assessment audit-anonymity --url https://…`.",
        )
        return area.checked
    address = url.rstrip("/")
    for path in PATHS:
        try:
            one, other = (_fetch(address + path, agent) for agent in AGENTS)
        except (OSError, HTTPException, ValueError) as error:
            area.finding(
                f"{address}{path} cannot be fetched: {getattr(error, 'reason', None) or error}.",
                "Start the server or correct the address; a certificate that is not trusted is a finding of its own.",
            )
            return area.checked
        if one.status == 404 and path.startswith("/e/"):
            continue
        _look_at(area, address, path, one)
        if one.body != other.body:
            area.finding(
                f"{path} is not the same for two browsers.",
                "Find out what alters it on the way: a page made for one person can tell who answers.",
            )
    return area.checked


def _fetch(address: str, agent: str) -> Page:
    # Straight to the address: a proxy of this machine would show its own headers.
    opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))
    wanted = {"User-Agent": agent, "Accept-Language": "en", "Accept": "text/html"}
    if urlsplit(address).scheme not in {"http", "https"}:
        raise ValueError("write an address that begins with https://")
    request = urllib.request.Request(address, headers=wanted)  # noqa: S310 - looked at above
    try:
        with opener.open(request, timeout=PATIENCE) as reply:
            return Page(reply.status, reply.headers, reply.read(LARGEST))
    except urllib.error.HTTPError as error:
        with error:
            return Page(error.code, error.headers, error.read(LARGEST))


def _look_at(area: Area, address: str, path: str, page: Page) -> None:
    before = len(area.checked)
    fix = "The program sends it right; correct the proxy in front, which adds or removes headers."
    if page.status != 200:
        area.finding(f"{path} answers with status {page.status}.", "Check the address and the proxy.")
        return
    if page.headers.get_all("Set-Cookie"):
        area.finding(f"{path} sets a cookie.", fix)
    if page.headers.get("Referrer-Policy") != "no-referrer":
        area.finding(f"{path} has no Referrer-Policy no-referrer.", fix)
    problem = _policy(page.headers.get_all("Content-Security-Policy") or [])
    if problem:
        area.finding(f"{path}: {problem}.", fix)
    cache = page.headers.get("Cache-Control", "")
    if "no-store" not in cache and not path.startswith("/e/"):
        area.finding(f"{path} may be kept by browsers and caches (Cache-Control: {cache or 'none'}).", fix)
    if address.startswith("https://") and not page.headers.get("Strict-Transport-Security"):
        area.note(f"{path} comes without Strict-Transport-Security.", "Set base_url to the https:// address.")
    host = urlsplit(address).netloc
    foreign = {urlsplit(found).netloc for found in LINK.findall(page.body.decode("utf-8", "replace"))} - {host, ""}
    if foreign:
        area.finding(f"{path} names other hosts: {', '.join(sorted(foreign))}.", "Find out what puts them there.")
    between = [name for name in BETWEEN if page.headers.get(name)]
    if between:
        area.note(
            f"{path} comes through a machine that says so ({', '.join(between)}).",
            "A content delivery network or cache ends HTTPS and reads answers; use none.",
        )
    if len(area.checked) == before:
        area.ok(f"{path}: no cookie, no referrer, nothing from elsewhere, no copy kept.")
    area.ok(f"{path} SHA-256 {hashlib.sha256(page.body).hexdigest()}")


def _policy(policies: list[str]) -> str:
    """Return what is wrong with a page's content policy; an empty text when nothing is."""
    if not policies:
        return "there is no Content-Security-Policy"
    rules = {rule.split()[0]: rule.split()[1:] for rule in policies[0].split(";") if rule.split()}
    if rules.get("default-src") != ["'none'"]:
        return "its Content-Security-Policy does not begin with default-src 'none'"
    if rules.get("frame-ancestors") != ["'none'"]:
        return "its Content-Security-Policy lets others frame it"
    allowed = {source for sources in rules.values() for source in sources}
    loose = sorted(
        source
        for source in allowed
        if source not in {"'none'", "'self'", "data:"} and not source.startswith(("'sha256-", "'nonce-"))
    )
    return f"its Content-Security-Policy allows {', '.join(loose)}" if loose else ""
