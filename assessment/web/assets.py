"""Addresses of stylesheets and scripts that change with their content, so that browsers may keep them for a year.

A page can name the hash of a script beside its address, and the browser runs no other.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from flask import Flask, current_app, request, url_for

YEAR = 365 * 24 * 3600
# What a response says that is the same for everybody and whose address changes with its content.
KEEP = f"public, max-age={YEAR}, immutable"


def register(app: Flask) -> None:
    """Give templates `asset('style.css')` and `asset('coach.css', 'coach')`, and `integrity` of the same."""
    app.jinja_env.globals.update(asset=asset, integrity=integrity)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR


def asset(filename: str, blueprint: str | None = None) -> str:
    """Return the address of a static file, with a digest of its content in the query."""
    endpoint = f"{blueprint}.static" if blueprint else "static"
    return url_for(endpoint, filename=filename, v=digest(_path(filename, blueprint)))


def integrity(filename: str, blueprint: str | None = None) -> str:
    """Return a static file's hash as an `integrity` attribute names it (Subresource Integrity, SHA-384)."""
    return f"sha384-{base64.b64encode(hashlib.sha384(_path(filename, blueprint).read_bytes()).digest()).decode()}"


def is_static() -> bool:
    """Whether this request is for a static file, which is the same for everybody."""
    return (request.endpoint or "").split(".")[-1] == "static"


def digest(path: Path) -> str:
    """Return eight hexadecimal digits of a file's SHA-256, read anew only when the file changed."""
    known: dict[Path, tuple[int, str]] = current_app.extensions.setdefault("assets", {})
    changed = path.stat().st_mtime_ns
    if path not in known or known[path][0] != changed:
        known[path] = (changed, hashlib.sha256(path.read_bytes()).hexdigest()[:8])
    return known[path][1]


def _path(filename: str, blueprint: str | None) -> Path:
    folder = current_app.blueprints[blueprint].static_folder if blueprint else current_app.static_folder
    return Path(folder or "") / filename
