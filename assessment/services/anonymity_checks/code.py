"""The program: its version and what respondents' browsers get of it, as digests that people can compare."""

from __future__ import annotations

import base64
import hashlib
from importlib import metadata
from importlib.resources import files
from pathlib import Path

from assessment.services.anonymity_checks.checked import Area, Checked

DISTRIBUTION = "blameless-assessment"
PACKAGES = ("assessment", "reports", "questionnaires", "migrations")
# Directories whose files reach respondents' browsers as they are.
STATIC = ("web/static", "web/respond/static")
KINDS = {".py", ".html", ".js", ".css", ".svg", ".po", ".yaml", ".json"}


def check() -> list[Checked]:
    """Print digests of the program, and compare it with what its installer wrote down."""
    area = Area("code")
    area.ok(f"Version {metadata.version(DISTRIBUTION)}; program SHA-256 {_program()}")
    for path in _static():
        area.ok(f"{path.name} SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}")
    area.note(
        "These digests were made by the program itself, which a hostile operator could alter.",
        "Compare them with another installation of the same version, and let somebody else run this.",
    )
    changed, n_known = _changed()
    if changed:
        area.finding(
            f"Changed since it was installed: {', '.join(changed[:10])}.",
            "Install the version again, and find out who changed it.",
        )
    elif n_known:
        area.ok(f"{n_known} files are as they were installed.")
    else:
        area.note("The program runs from a source folder.", "`git status` and `git log` there say what differs.")
    return area.checked


def _static() -> list[Path]:
    root = Path(str(files("assessment")))
    return sorted(path for folder in STATIC for path in (root / folder).rglob("*") if path.is_file())


def _program() -> str:
    """Return one digest over the paths and contents of everything that the program consists of."""
    whole = hashlib.sha256()
    for package in PACKAGES:
        root = Path(str(files(package)))
        for path in sorted(path for path in root.rglob("*") if path.suffix in KINDS and path.is_file()):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            whole.update(f"{package}/{path.relative_to(root).as_posix()} {content}\n".encode())
    return whole.hexdigest()


def _changed() -> tuple[list[str], int]:
    """Return which files differ from the digests of the installation, and how many digests there are."""
    changed, n_known = [], 0
    for entry in metadata.distribution(DISTRIBUTION).files or ():
        if entry.hash is None or entry.parts[0] not in PACKAGES:
            continue
        n_known += 1
        path = Path(str(entry.locate()))
        digest = hashlib.new(entry.hash.mode, path.read_bytes()).digest() if path.is_file() else b""
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != entry.hash.value:
            changed.append(str(entry))
    return changed, n_known
