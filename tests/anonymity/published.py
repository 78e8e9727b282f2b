"""What anybody can get of a random organisation's reports, and the truth beside it, for attacks by subtraction.

The attacker is given more than there is: of every published figure also which teams are in it, and of coarse figures
the exact total in place of the rounded one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from questionnaires.changes import Catalogue
from questionnaires.instrument import Questionnaire
from reports.carry_up import keep
from reports.counting import role_measure
from reports.disclosure import release_organisation
from reports.exactness import Campaign, Shown
from reports.histograms import Histogram
from reports.kept import Kept, Node
from reports.released import Released, ReleasedAspect, ReleasedOrganisation, Tier, Withheld
from tests.reports.builders import answers_of
from tests.reports.test_carry_up import random_answers, random_organisation

NO_CHANGES = Catalogue.model_construct(changes=())
MARK = 1000
Counted = Mapping[int, Mapping[str, Histogram]]


@dataclass(frozen=True)
class Figure:
    """One published figure: which teams it counts, and their answers where they are shown exactly."""

    node: int
    measure: str
    n: int
    teams: frozenset[int]
    histogram: Histogram | None


@dataclass(frozen=True)
class Publication:
    """One closed campaign: its teams' true answers and everything that is published of them."""

    nodes: tuple[Node, ...]
    counted: Counted
    kept: Kept
    released: ReleasedOrganisation
    figures: tuple[Figure, ...]
    kept_covers: Mapping[tuple[int, str], frozenset[int]]
    """Which teams are in every figure of the database, by node and measure."""

    def n(self, measure: str) -> dict[int, int]:
        return {team: histograms[measure].n for team, histograms in self.counted.items()}

    def roles(self, aspect: str) -> tuple[str, ...]:
        """Which roles have a mean of an aspect; whoever reads the database sees those of withheld aspects as well."""
        kept = self.kept.roles.get(aspect)
        if kept is None:
            return ()
        teams = self.kept_covers[self.released.whole.node, f"aspect:{aspect}"]
        for role, one in kept.roles.items():
            # The truth confirms whose scores they are.
            assert one.n == sum(self.counted[team][role_measure(role, aspect)].n for team in teams)
        told = self.released.roles[aspect].roles
        assert {role for role, one in told.items() if not isinstance(one, Withheld)} <= set(kept.roles)
        return tuple(kept.roles)

    def covers(self, *measures: str, exact: bool = False) -> set[frozenset[int]]:
        """Which sets of teams have a published total of one of these measures."""
        figures = (figure for figure in self.figures if figure.measure in measures)
        return {figure.teams for figure in figures if not exact or figure.histogram is not None}


def random_publication(dice: random.Random, asked: Questionnaire, skip: float, *, share: float = 0.8) -> Publication:
    """An organisation of random size and non-response, closed and released."""
    nodes = random_organisation(dice)
    n = random_answers(dice, nodes, share)
    return publish(nodes, {team: answers_of(asked, answers, dice, skip) for team, answers in n.items()}, asked)


def publish(nodes: tuple[Node, ...], counted: Counted, asked: Questionnaire, **more: Any) -> Publication:
    options: dict[str, Any] = {"reporting_size": 5, "questionnaire": asked, "quarter": "2026-Q3", **more}
    kept = keep(nodes, counted, **options)
    # Keeping looks at numbers of answers only: with every team's answers replaced by its own mark, it shows its covers.
    marked = {
        team: {key: Histogram.of({MARK + team: histogram.n}) for key, histogram in histograms.items()}
        for team, histograms in counted.items()
    }
    covers = {
        key: frozenset(value - MARK for value in figure.histogram.counts)
        for key, figure in keep(nodes, marked, **options).figures.items()
    }
    released = release_organisation(kept, changes=NO_CHANGES)
    figures = tuple(_figures(nodes, counted, kept, covers, released))
    return Publication(nodes, counted, kept, released, figures, covers)


def _figures(
    nodes: tuple[Node, ...],
    counted: Counted,
    kept: Kept,
    covers: Mapping[tuple[int, str], frozenset[int]],
    released: ReleasedOrganisation,
) -> Iterator[Figure]:
    settled = Campaign(kept).settled
    for part in (released.whole, *released.departments, *released.teams):
        for measure, shown in shown_figures(part):
            found = settled[part.node, measure]
            assert isinstance(found, Shown)
            own = [covers[owner, measure] - _below(nodes, covers, owner, measure) for owner in found.blocks]
            teams = frozenset(team for block in own for team in block)
            exact = shown.histogram if not isinstance(shown, Withheld) else None
            total = Histogram.total(counted[team][measure] for team in teams)
            # The truth confirms that these are the teams that are counted.
            assert shown.n == total.n
            assert exact is None or exact == total
            yield Figure(part.node, measure, shown.n, teams, exact)
    # Alpha is one number of the complete cases; the attacker gets their whole histogram in its place.
    for aspect, alpha in released.alphas.items():
        if alpha is not None:
            measure = f"complete:aspect:{aspect}"
            teams = covers[released.whole.node, measure]
            total = Histogram.total(counted[team][measure] for team in teams)
            assert alpha.n == total.n
            yield Figure(released.whole.node, measure, total.n, teams, total)


def _below(
    nodes: tuple[Node, ...], covers: Mapping[tuple[int, str], frozenset[int]], owner: int, measure: str
) -> frozenset[int]:
    children = (covers.get((node.id, measure), frozenset()) for node in nodes if node.parent == owner)
    return frozenset().union(*children)


def shown_figures(part: Released) -> Iterator[tuple[str, Any]]:
    """Return what is shown of a node by measure; a choice's counts stand as a histogram."""
    for name, aspect in part.aspects.items():
        if isinstance(aspect, ReleasedAspect):
            yield f"aspect:{name}", aspect
            n_items = len(aspect.items)
            items = {key: item for key, item in aspect.items.items() if not isinstance(item, Withheld)}
            yield from ((f"item:{key}", item) for key, item in items.items() if n_items > 1)
    for name, choice in part.choices.items():
        if not isinstance(choice, Withheld):
            yield f"choice:{name}", _AsHistogram(choice.n, choice.counts)
    for name, ladder in part.ladders.items():
        if not isinstance(ladder, Withheld):
            assert (ladder.histogram is not None) is (ladder.tier is Tier.DETAIL)
            yield f"ladder:{name}", ladder


class _AsHistogram:
    def __init__(self, n: int, counts: tuple[int, int, int] | None) -> None:
        self.n = n
        self.histogram = None if counts is None else Histogram.of(dict(enumerate(counts, start=1)))
