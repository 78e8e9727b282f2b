"""Promise: whatever is added to and subtracted from reports, no group smaller than the reporting size comes out.

The attacker reads every report of an organisation: numbers of answers, participation, aspects, items, choices and
ladders of teams, departments and the whole. Coarse figures are taken for exact totals, which gives the attacker more
than they show. The comparison with the previous quarter repeats that quarter's figures and adds none. Linear algebra in
fractions then finds every group whose total is a combination of published ones: below the reporting size there must be
none, and below eight none among the totals that really are exact.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from tests.anonymity import leaks_disclosure as leaks
from tests.anonymity.published import Publication, random_publication
from tests.reports.auditing import derivable_groups, smallest_block
from tests.reports.builders import one_aspect, questionnaire

SMALL, EXACT = 5, 8
Found = list[tuple[str, frozenset[int]]]


@pytest.fixture
def n_organisations(request: pytest.FixtureRequest) -> int:
    return 1000 if request.config.getoption("--slow", default=False) else 40


def subtract(publication: Publication, *systems: Iterable[str]) -> Found:
    """The attack: return every group that can be computed although it is too small, by system of measures.

    :param systems: measures whose totals are over the same answers, and may be combined.
    """
    found: Found = []
    for measures in map(tuple, systems):
        n = publication.n(measures[0])
        for exact, size in ((False, SMALL), (True, EXACT)):
            covers = publication.covers(*measures, exact=exact)
            groups = list(derivable_groups(covers, n, size))
            # A second way, without equations: no combination takes apart what is always counted together.
            block = smallest_block(covers, n) or size
            found += [(measures[0], group) for group in groups or [frozenset()] * (block < size)]
    return found


def kept_share(publication: Publication, measure: str) -> tuple[int, int]:
    """How many teams are large enough for a report of their own, and how many of them have one."""
    n, shown = publication.n(measure), {f.node for f in publication.figures if f.measure == measure}
    teams = [node for node in publication.nodes if node.kind == "team"]
    large = {node.id for node in teams if n[node.id] >= (EXACT if node.way == "open_link" else SMALL)}
    return len(large), len(large & shown)


@pytest.mark.slow
@pytest.mark.attack("T19")
def test_differences_of_reports(n_organisations: int, capsys: pytest.CaptureFixture[str]):
    """Everybody answers everything, so items add up to scores and all of them are one system."""
    dice, asked = random.Random(191), questionnaire(aspects=("cooperation",), areas=("review",))
    together = ("aspect:cooperation", *(f"item:cooperation_{i}" for i in (1, 2, 3)))
    n_large = n_shown = 0
    for _ in range(n_organisations):
        publication = random_publication(dice, asked, 0.0)
        assert subtract(publication, together, ["choice:cooperation"], ["ladder:review"]) == []
        large, shown = kept_share(publication, "choice:cooperation")
        n_large, n_shown = n_large + large, n_shown + shown
    with capsys.disabled():
        print(f"\n{n_organisations} organisations: {n_shown} of {n_large} team reports kept, 0 small groups derivable")
    assert n_shown == n_large > 0


@pytest.mark.slow
@pytest.mark.attack("T20")
def test_differences_of_single_questions(n_organisations: int, capsys: pytest.CaptureFixture[str]):
    """People skip questions, so every question has its own small groups."""
    dice, asked = random.Random(201), questionnaire(aspects=("cooperation",), areas=("review",))
    n_figures = 0
    for _ in range(n_organisations):
        publication = random_publication(dice, asked, dice.choice([0.05, 0.1, 0.2, 0.4]))
        measures = {figure.measure for figure in publication.figures}
        assert subtract(publication, *([measure] for measure in sorted(measures))) == []
        n_figures += len(publication.figures)
    with capsys.disabled():
        print(f"\n{n_organisations} organisations, questions skipped: {n_figures} figures, 0 small groups derivable")
    assert n_figures > 10 * n_organisations


@pytest.mark.leaky("T19")
def test_a_threshold_at_every_node_is_subtracted_from(monkeypatch: pytest.MonkeyPatch):
    leaks.a_threshold_at_every_node(monkeypatch)
    dice, asked = random.Random(192), one_aspect()
    found = [subtract(random_publication(dice, asked, 0.0), ["aspect:cooperation"]) for _ in range(20)]
    assert sum(map(bool, found)) > 5


@pytest.mark.leaky("T19")
def test_items_over_everybody_are_subtracted_from_scores(monkeypatch: pytest.MonkeyPatch):
    leaks.items_counted_over_everybody(monkeypatch)
    dice, asked = random.Random(193), one_aspect()
    together = ("aspect:cooperation", "item:cooperation_1", "item:cooperation_2", "item:cooperation_3")
    found = [subtract(random_publication(dice, asked, 0.0), together) for _ in range(30)]
    assert any(found)


@pytest.mark.leaky("T20")
def test_a_threshold_for_every_question_is_subtracted_from(monkeypatch: pytest.MonkeyPatch):
    leaks.a_threshold_at_every_node(monkeypatch)
    dice, asked = random.Random(202), one_aspect()
    found = [subtract(random_publication(dice, asked, 0.3), ["aspect:cooperation"]) for _ in range(20)]
    assert sum(map(bool, found)) > 5
