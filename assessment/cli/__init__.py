"""The `assessment` command."""

from __future__ import annotations

from assessment.cli.root import main

__all__ = ["main"]
