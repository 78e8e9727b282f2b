"""People who answer by chance: the made-up teams that the simulations are run on.

Five kinds of team: low, middle and high opinions, near-consensus, and a team split in two halves. A person has an
opinion on an aspect; four fifths of its variance stay from quarter to quarter, one fifth is the mood of the day. Each
of three items adds its own noise and is rounded to 1 to 7. The score is their sum, in sixths of a point.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from questionnaires.changes import Catalogue
from questionnaires.instrument import Questionnaire
from questionnaires.loader import questionnaire
from reports.carry_up import keep
from reports.disclosure import release, release_series
from reports.histograms import Histogram
from reports.kept import Kept, Node
from reports.released import ReleasedAspect, Series

ITEM_NOISE = 0.7
STAYS = 0.8
ASPECT = "cooperation"
NO_CHANGES = Catalogue.model_construct(changes=())
Scores = NDArray[np.int64]


@dataclass(frozen=True)
class Profile:
    """A kind of team: where opinions lie and how far apart."""

    centres: tuple[float, ...]
    deviation: float

    def moved(self, points: float) -> Profile:
        return replace(self, centres=tuple(centre + points for centre in self.centres))

    def opinions(self, dice: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
        """Draw what people think, apart from the mood of the day."""
        return dice.choice(self.centres, shape) + dice.normal(0, self.deviation * STAYS**0.5, shape)

    def answers(self, dice: np.random.Generator, opinions: NDArray[np.float64]) -> Scores:
        """Let people answer three items on one day; return their scores in sixths of a point."""
        today = opinions + dice.normal(0, self.deviation * (1 - STAYS) ** 0.5, opinions.shape)
        items = today[..., None] + dice.normal(0, ITEM_NOISE, (*opinions.shape, 3))
        return 2 * np.clip(np.rint(items), 1, 7).astype(np.int64).sum(axis=-1)


PROFILES = {
    "low": Profile((2.5,), 1.0),
    "middle": Profile((4.2,), 1.1),
    "high": Profile((6.1,), 0.8),
    "consensus": Profile((5.5,), 0.35),
    "split": Profile((2.3, 5.8), 0.5),
}


def counted(scores: Scores) -> Histogram:
    return Histogram.count(scores.tolist())


@dataclass(frozen=True)
class Turnout:
    """So many of so many people answer."""

    n: int
    size: int

    def __str__(self) -> str:
        return f"{self.n} of {self.size}"


def two_quarters(
    dice: np.random.Generator, profile: Profile, before: Turnout, after: Turnout, turnover: float, shift: float = 0.0
) -> tuple[Histogram, Histogram]:
    """Return the scores of one team in two quarters.

    :param turnover: the share of people who are replaced by others in between; 1 for all.
    :param shift: by how many points everybody's opinion really moves.
    """
    people = profile.opinions(dice, (max(before.size, after.size),))
    first = profile.answers(dice, people[: before.size])[: before.n]
    others = profile.opinions(dice, people.shape)
    people = np.where(dice.random(people.shape) < turnover, others, people) + shift
    second = profile.answers(dice, dice.permutation(people[: after.size]))[: after.n]
    return counted(first), counted(second)


def quarters(
    dice: np.random.Generator, profile: Profile, turnouts: Sequence[Turnout], turnover: float
) -> Iterator[Histogram]:
    """Yield one team's scores in quarters in which nothing happens, oldest first.

    :param turnouts: one a quarter; no team is larger than the first.
    """
    people = profile.opinions(dice, (turnouts[0].size,))
    for turnout in turnouts:
        yield counted(dice.permutation(profile.answers(dice, people[: turnout.size]))[: turnout.n])
        people = np.where(dice.random(people.shape) < turnover, profile.opinions(dice, people.shape), people)


@cache
def one_aspect() -> Questionnaire:
    """The shipped questionnaire with nothing but one aspect of three items."""
    instrument, aspect = questionnaire().aspects[ASPECT]
    alone = aspect.model_copy(update={"choice": None})
    return Questionnaire((instrument.model_copy(update={"aspects": (alone,), "ladders": ()}),))


def kept(scores: Histogram, size: int, quarter: str = "2026-Q1", *, is_focus: bool = True) -> Kept:
    """Return a closed campaign of one team with these scores."""
    nodes = (Node(3, "team", "Team", None, size, "cards", scores.n, focus=(ASPECT,) if is_focus else (), team=3),)
    figures = {3: {f"aspect:{ASPECT}": scores}}
    return keep(nodes, figures, reporting_size=5, questionnaire=one_aspect(), quarter=quarter)


def shown(scores: Histogram, size: int) -> ReleasedAspect:
    """Return what a report shows of a team with these scores."""
    found = release(kept(scores, size), 3, changes=NO_CHANGES).aspects[ASPECT]
    assert isinstance(found, ReleasedAspect)
    return found


def series(scores: list[Histogram], size: int, *, is_focus: bool = True) -> Series:
    """Return a team's series with these scores, oldest first."""
    quarters = [f"20{20 + n // 4}-Q{n % 4 + 1}" for n in range(len(scores))]
    campaigns = [kept(*one, is_focus=is_focus) for one in zip(scores, itertools.repeat(size), quarters, strict=False)]
    return release_series(campaigns, 3, "team", changes=NO_CHANGES)
