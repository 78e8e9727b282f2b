"""Small instruments and files for tests, every part of them replaceable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from questionnaires.instrument import Instrument


def text(english: str, german: str = "deutsch") -> dict[str, str]:
    return {"en": english, "de": german}


def instrument_data(**overrides: Any) -> dict[str, Any]:
    """Return the plain data of an instrument with one aspect of two items and a choice, and one ladder."""
    return {
        "id": "small",
        "version": 1,
        "name": text("Small"),
        "introduction": text("Hello"),
        "minutes": 1,
        "source": {"credit": text("Somebody"), "licence": "Apache-2.0"},
        "languages": ("en", "de"),
        "scale": {"lowest": 1, "highest": 5, "labels": {1: text("no"), 5: text("yes")}},
        "aspects": (
            {
                "id": "novelty",
                "name": text("Novelty"),
                "explanation": text("New things"),
                "items": (
                    {"id": "first", "meaning": "first", "text": text("First")},
                    {"id": "second", "meaning": "second", "text": text("Second")},
                ),
                "choice": {
                    "meaning": "nearest",
                    "prompt": text("Nearest?"),
                    "pathological": text("P"),
                    "bureaucratic": text("B"),
                    "generative": text("G"),
                },
            },
        ),
        "ladders": (
            {
                "id": "review",
                "meaning": "ladder",
                "name": text("Review"),
                "explanation": text("Reviews"),
                "prompt": text("Highest?"),
                "rungs": tuple(text(f"Rung {rung}") for rung in range(5)),
            },
        ),
        **overrides,
    }


def make_instrument(**overrides: Any) -> Instrument:
    return Instrument.model_validate(instrument_data(**overrides))


SMALL = """\
id: small
version: 1
name: {en: Small, de: Klein}
introduction: {en: Hello, de: Hallo}
minutes: 1
source:
  credit: {en: Somebody, de: Jemand}
  licence: Apache-2.0
languages: [en, de]
scale:
  lowest: 1
  highest: 5
  labels:
    1: {en: disagree, de: stimme nicht zu}
    5: {en: agree, de: stimme zu}
aspects:
  - id: novelty
    name: {en: Novelty, de: Neues}
    explanation: {en: New things, de: Neue Dinge}
    items:
      - id: first
        meaning: first
        text:
          en: We tried something.
          de: Wir haben etwas ausprobiert.
      - id: second
        meaning: second
        text:
          en: We finished something.
          de: Wir haben etwas beendet.
"""


def write(directory: Path, content: str | bytes, name: str = "small.yaml") -> Path:
    path = directory / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
