"""`python -m assessment.cli` is the `assessment` command."""

from __future__ import annotations

from assessment.cli import main

main()
