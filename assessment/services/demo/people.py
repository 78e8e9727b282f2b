"""The people of the sample organisation, quarter by quarter: a few leave and join, as anywhere. None of them exists."""

from __future__ import annotations

import csv
import io
import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from assessment.services.demo.teams import SampleTeam, Story

NAMES = Path(__file__).with_name("names.yaml")
# What an address writes for letters that lose their meaning without a mark.
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "ł": "l", "ø": "o", "đ": "d"})


@dataclass(frozen=True)
class Person:
    """Somebody in a team; the number tells two people of one name apart and seeds how this person answers."""

    number: int
    name: str
    email: str


def rosters(teams: Sequence[SampleTeam], n_quarters: int, seed: int) -> list[dict[str, tuple[Person, ...]]]:
    """Return who is in each team, by team name, for so many quarters, oldest first.

    The last quarter is the open one; the team whose story is `ALL_NEW` has new people in the one before it.
    """
    chance = random.Random(f"people|{seed}")  # noqa: S311 - sample data, repeatable on purpose
    listed = yaml.safe_load(NAMES.read_text(encoding="utf-8"))
    names = [f"{first} {last}" for first in listed["first_names"] for last in listed["last_names"]]
    chance.shuffle(names)
    n_people = 0

    def hire() -> Person:
        nonlocal n_people
        name, number = names[n_people], n_people
        n_people += 1
        return Person(number, name, f"{_address(name)}@nordwind.example")

    current = {team.name: tuple(hire() for _ in range(team.size)) for team in teams}
    quarters = [current]
    for quarter in range(1, n_quarters):
        following: dict[str, tuple[Person, ...]] = {}
        for team in teams:
            people = list(current[team.name])
            if team.story is Story.ALL_NEW and quarter == n_quarters - 2:
                people = [hire() for _ in people]
            elif team.story not in (Story.TINY, Story.UNANIMOUS) and chance.random() < 0.45:
                people[chance.randrange(len(people))] = hire()
            following[team.name] = tuple(people)
        current = following
        quarters.append(current)
    return quarters


def organisation_csv(teams: Sequence[SampleTeam], roster: dict[str, tuple[Person, ...]]) -> bytes:
    """Return a quarter's organisation in the form that `assessment organisation import` reads."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["department", "team", "name", "email"])
    for team in teams:
        for person in roster[team.name]:
            writer.writerow([team.department, team.name, person.name, person.email])
    return text.getvalue().encode()


def _address(name: str) -> str:
    """Return a name as the first part of an address: plain letters, words joined by a dot."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_SPELLED))
    letters = "".join(
        character for character in plain if character.isascii() and (character.isalpha() or character in " -")
    )
    return letters.replace(" ", ".")
