"""Instruments from YAML files: the shipped ones by id, any file checked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from questionnaires.changes import SHIPPED as CATALOGUE
from questionnaires.changes import Catalogue
from questionnaires.files import BrokenFile, Problem, fit, parse, read
from questionnaires.instrument import Instrument, Questionnaire
from questionnaires.meetings import Meetings

DATA = Path(__file__).parent / "data"
# What a campaign asks unless a coach chooses otherwise.
USUAL = ("westrum", "blameless")
# What asks for the role; it goes last, behind an instrument with aspects.
WITH_ROLE = "roles"

__all__ = ["BrokenFile", "Problem", "UnknownInstrument", "available", "check_file", "load_instrument", "questionnaire"]


class UnknownInstrument(ValueError):
    """An instrument was asked for that is not shipped."""

    def __init__(self, instrument_id: str, known: Sequence[str]) -> None:
        super().__init__(f"instruments: {instrument_id!r} is not known; choose from {', '.join(known)}")
        self.field, self.value, self.remedy = "instruments", instrument_id, f"choose from {', '.join(known)}"


def load_instrument(path: Path) -> Instrument:
    """Read an instrument from a YAML file.

    :raise BrokenFile: when the file is not a whole instrument; nothing of it is loaded then.
    """
    return read(path, Instrument)


def check_file(path: Path) -> list[Problem]:
    """Return everything that is wrong with an instrument, a catalogue of small changes, or what goes into meetings."""
    try:
        parsed = parse(path)
        if isinstance(parsed.data, dict) and "changes" in parsed.data:
            fit(parsed, Catalogue)
        elif isinstance(parsed.data, dict) and "card" in parsed.data:
            fit(parsed, Meetings)
        else:
            fit(parsed, Instrument)
    except BrokenFile as error:
        return list(error.problems)
    return []


@cache
def available() -> dict[str, Instrument]:
    """Return the shipped instruments by id, the usual ones first and the role question last.

    The mapping is shared: do not change it.

    :raise BrokenFile: when one of them is broken.
    """
    shipped = [load_instrument(path) for path in DATA.glob("*.yaml") if path != CATALOGUE]
    found = {instrument.id: instrument for instrument in shipped}
    # The role question comes last, as it does in a campaign.
    order = [*USUAL, *sorted(set(found) - set(USUAL), key=lambda name: (found[name].role is not None, name))]
    return {instrument_id: found[instrument_id] for instrument_id in order}


def questionnaire(ids: Sequence[str] = USUAL) -> Questionnaire:
    """Return shipped instruments taken together, in the given order.

    :raise UnknownInstrument: when one of them is not shipped.
    :raise ValueError: when none is given, or two of them ask the same.
    """
    shipped = available()
    for instrument_id in ids:
        if instrument_id not in shipped:
            raise UnknownInstrument(instrument_id, tuple(shipped))
    return Questionnaire(tuple(shipped[instrument_id] for instrument_id in ids))
