"""What browsers may do with our pages: nothing from elsewhere, no frame around them, no copy kept."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache

from flask import Flask, Response, g, request

from assessment.web.assets import KEEP, YEAR, is_static
from assessment.web.context import platform
from assessment.web.sessions import is_coach_path

POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "img-src": "'self' data:",
    "script-src": "'self'",
    "style-src": "'self'",
}
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\b(?:src|type)=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)


def register(app: Flask) -> None:
    """Set the headers of every response."""
    app.after_request(add_headers)


def allow_inline_styles(page: str) -> None:
    """Let this response carry inline styles, and exactly the inline scripts of this page, each by its hash.

    Report pages need it: Plotly writes style attributes, and the page upgrades its own figures.
    """
    hashes = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts(page))
    g.policy = {
        "script-src": " ".join(["'self'", *(f"'sha256-{digest}'" for digest in hashes)]),
        "style-src": "'self' 'unsafe-inline'",
    }


def scripts(page: str) -> list[str]:
    """Return the content of the executable inline scripts of a page."""
    return INLINE_SCRIPT.findall(page)


@cache
def usual_headers(*, coach: bool, https: bool) -> dict[str, str]:
    """Return what every response of a door has."""
    wanted = {
        "Content-Security-Policy": written(POLICY),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # A coach's form is checked against the page it came from; a respondent's address holds the card's code.
        "Referrer-Policy": "same-origin" if coach else "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    if https:
        wanted["Strict-Transport-Security"] = f"max-age={YEAR}"
    return wanted


def written(policy: dict[str, str]) -> str:
    """Return a content policy as its header has it."""
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def add_headers(response: Response) -> Response:
    """Add what is missing; a view that set a header itself knows better."""
    if "policy" in g:
        response.headers.setdefault("Content-Security-Policy", written(POLICY | g.policy))
    https = platform().settings.base_url.startswith("https://")
    # Every look for one header goes through all of them, so they are looked through once.
    there = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - without it, pairs are given
    for name, value in usual_headers(coach=is_coach_path(request.path), https=https).items():
        if name.lower() not in there:
            response.headers.add(name, value)
    if is_static() and response.status_code in {200, 304}:
        response.headers["Cache-Control"] = KEEP
    elif response.headers.get("Cache-Control") != KEEP:
        response.headers["Cache-Control"] = "no-store"
    return response
