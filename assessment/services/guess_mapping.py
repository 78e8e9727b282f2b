"""A first mapping file for somebody's export."""

from __future__ import annotations

from assessment.domain.mapping_guess import guess
from assessment.domain.spreadsheet import read_spreadsheet
from questionnaires.loader import available


def guess_mapping(source: bytes) -> str:
    """Return a mapping file for a spreadsheet, as YAML with remarks on what to check.

    :raise Invalid: when the file is no table, or no column reads like a question of ours.
    """
    return guess(read_spreadsheet(source), available())
