"""What disclosure promises, tried by an attacker who has every released value and exact arithmetic."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from questionnaires.changes import Catalogue, catalogue
from reports.canonical import canonical_json
from reports.carry_up import keep
from reports.coarse import (
    _AGREEMENTS,
    _SPREADS,
    UNTOLD,
    Words,
    _kinds,
    coarse_bounds,
    coarse_interval,
    coarse_mean,
    possible_scores,
    told_words,
)
from reports.disclosure import release, release_organisation
from reports.exactness import Campaign, Shown
from reports.histograms import Histogram
from reports.levels import coarse_level
from reports.released import Agreement, OpenEnd, ReleasedAspect, ReleasedItem, ReleasedLadder, Spread, Tier
from reports.statistics import agreement, mean, spread_words, thirds
from tests.reports.auditing import derivable_groups, smallest_block
from tests.reports.builders import (
    answers_of,
    counted_of,
    one_aspect,
    organisation_of,
    questionnaire,
    scores,
    team,
    team_campaign,
)
from tests.reports.test_carry_up import random_answers, random_organisation

EMPTY = Catalogue.model_construct(changes=())
# A team's mark is an even number of sixths, so that it could be the mean of three whole points.
MARK = 1000


def exact_covers(kept, measure):
    """The teams behind every exact histogram of a release, told by the values that only one team has."""
    found = release_organisation(kept, changes=EMPTY)
    covers = {}
    for released in (found.whole, *found.departments, *found.teams):
        kind, _, name = measure.partition(":")
        if kind == "item":
            aspect = released.aspects["cooperation"]
            figure = aspect.items[name] if isinstance(aspect, ReleasedAspect) else None
            histogram = figure.histogram if isinstance(figure, ReleasedItem) else None
        else:
            figure = released.aspects[name] if kind == "aspect" else released.ladders[name]
            histogram = figure.histogram if isinstance(figure, ReleasedAspect | ReleasedLadder) else None
        if histogram is not None:
            covers[released.node] = frozenset((value - MARK) // 2 for value in histogram.counts)
    return covers


def marked_campaign(dice, nodes, asked, skip):
    """A campaign in which every answer says from which team it is."""
    counted = {}
    for node, n in random_answers(dice, nodes).items():
        marked = answers_of(asked, n, dice, skip=skip)
        counted[node] = {key: Histogram.of({MARK + 2 * node: h.n}) for key, h in marked.items()}
    return keep(nodes, counted, reporting_size=5, questionnaire=asked, quarter="2026-Q3"), counted


@pytest.fixture
def n_organisations(request):
    return 1000 if request.config.getoption("--slow", default=False) else 100


def test_no_exact_figure_of_fewer_than_eight_can_be_computed(n_organisations, capsys):
    dice = random.Random(30)
    asked = one_aspect(areas=("review",))
    n_naive_leaks = n_kept = n_shown = 0
    for _ in range(n_organisations):
        nodes = random_organisation(dice)
        kept, counted = marked_campaign(dice, nodes, asked, skip=dice.choice([0, 0.1, 0.3]))
        for measure in ("aspect:cooperation", "ladder:review", "item:cooperation_1"):
            n = {node: histograms[measure].n for node, histograms in counted.items()}
            covers = exact_covers(kept, measure)
            assert list(derivable_groups(covers.values(), n, 8)) == []
            assert (smallest_block(covers.values(), n) or 8) >= 8
        n = {node: histograms["ladder:review"].n for node, histograms in counted.items()}
        # What one would do without the second pass: exact wherever eight or more are kept.
        large = [key for key, figure in kept.figures.items() if key[1] == "ladder:review" and figure.histogram.n >= 8]
        naive = [frozenset((value - MARK) // 2 for value in kept.figures[key].histogram.counts) for key in large]
        n_naive_leaks += any(derivable_groups(naive, n, 8))
        parents = {node.id for node in nodes if node.kind != "team"}
        n_kept += sum(node in parents for node, _ in large)
        n_shown += sum(node in parents for node in exact_covers(kept, "ladder:review"))
    with capsys.disabled():
        print(f"\nexact departments and organisations: {n_shown} of {n_kept}; naive leaks: {n_naive_leaks}")
    assert n_naive_leaks > n_organisations // 4


def test_items_and_scores_together_give_no_small_group_away(n_organisations):
    dice = random.Random(31)
    asked = one_aspect()
    for _ in range(n_organisations):
        kept, counted = marked_campaign(dice, random_organisation(dice), asked, skip=0)
        n = {node: histograms["aspect:cooperation"].n for node, histograms in counted.items()}
        both = [*exact_covers(kept, "aspect:cooperation").values(), *exact_covers(kept, "item:cooperation_1").values()]
        assert list(derivable_groups(both, n, 8)) == []


def test_coarse_figures_with_words_never_overlap(n_organisations):
    """So they are not taken from each other either; what is coarse because small groups are in it has no words."""
    dice = random.Random(32)
    asked = one_aspect()
    for _ in range(n_organisations // 2):
        kept, _ = marked_campaign(dice, random_organisation(dice), asked, skip=0.1)
        shown = {key: found for key, found in Campaign(kept).settled.items() if isinstance(found, Shown)}
        coarse = [found for found in shown.values() if found.tier is Tier.COARSE]
        assert all(found.figure.histogram.n >= 8 for found in coarse if found.is_mixed)
        own = [
            found.blocks
            for (node, _), found in shown.items()
            if found.tier is Tier.COARSE and not found.is_mixed and kept.node(node).kind != "organisation"
        ]
        assert len(set(own)) == len(own)


def profile(asked, n, end, odd):
    """All at one end of everything, or all but one, who is one step off."""
    people = []
    for person in range(n):
        step = 1 if odd and person == 0 else 0
        people.append({q.key: q.highest - step if end == "top" else q.lowest + step for q in asked.questions})
    return counted_of(asked, people)


@pytest.mark.parametrize("n_missing", [0, 3])
@pytest.mark.parametrize("end", ["top", "bottom"])
@pytest.mark.parametrize("n", [5, 6, 7])
def test_all_and_all_but_one_are_shown_alike(n, end, n_missing):
    asked = questionnaire()
    all_alike, all_but_one = (
        release(team_campaign(profile(asked, n, end, odd), asked=asked, n_invited=n + n_missing), 10)
        for odd in (False, True)
    )
    assert all_alike == all_but_one
    assert canonical_json(all_alike) == canonical_json(all_but_one)
    assert all_alike.suggestions == all_but_one.suggestions


@pytest.mark.parametrize("end", ["top", "bottom"])
def test_apart_from_n_all_and_all_but_one_of_five_to_seven_look_the_same(end):
    asked = questionnaire()
    shown = set()
    for n, odd in itertools.product((5, 6, 7), (False, True)):
        released = release(team_campaign(profile(asked, n, end, odd), asked=asked, n_invited=12), 10)
        for figure in released.aspects.values():
            shown.add((figure.mean, figure.open_end, figure.agreement, figure.spread))
        shown |= {(figure.reached, figure.majority) for figure in released.ladders.values()}
        shown |= {figure.name for figure in released.choices.values()}
    assert len(shown) == 3


@cache
def shown_as(n):
    """What every possible team of n would be shown as, one by one through the code that releases."""
    found: dict[object, list[tuple[int, ...]]] = {}
    for values in itertools.combinations_with_replacement(range(6, 43, 2), n):
        found.setdefault(view_of(Histogram.count(values)), []).append(values)
    return found


def view_of(histogram):
    level = coarse_level([histogram], (1, 7), 12, 3)
    return (level.mean, level.words)


def test_at_least_ten_histograms_remain_behind_any_coarse_aspect_of_five(capsys):
    sizes = sorted(map(len, shown_as(5).values()))
    with capsys.disabled():
        print(f"\nall {sum(sizes)} teams of five: {sizes[0]} or more candidates, median {sizes[len(sizes) // 2]}")
    assert sizes[0] >= 10
    for candidates in shown_as(5).values():
        # Not even all but one of the scores are certain.
        assert max(min(values.count(v) for values in candidates) for v in range(6, 43, 2)) < 4


@pytest.mark.parametrize("n", [5, 6, 7])
def test_the_words_are_told_by_the_rule_that_they_are_counted_by(n):
    dice = random.Random(38)
    possible = possible_scores(n, (1, 7), 3)
    kinds = _kinds(possible, (1, 7), 3)
    for row in dice.sample(range(len(possible)), 400):
        histogram = Histogram.count(map(int, possible[row]))
        tenths, pair = divmod(int(kinds[row]), 12)
        assert tenths == 10 * coarse_mean(histogram, (1, 7)).value
        assert _SPREADS[pair // 3] is spread_words(thirds(histogram, (1, 7)))
        assert _AGREEMENTS[pair % 3] is agreement(histogram, (1, 7), 3)


def test_many_histograms_remain_for_sampled_teams(request, capsys):
    dice = random.Random(33)
    n_teams = 600 if request.config.getoption("--slow", default=False) else 90
    kinds = {n: _kinds(possible_scores(n, (1, 7), 3), (1, 7), 3) for n in (5, 6, 7)}
    remaining = []
    for index in range(n_teams):
        n = 5 + index % 3
        centre = dice.choice([1.3, 2.5, 4.2, 5.5, 6.1, 6.8])
        truth = [min(max(round(3 * dice.gauss(centre, 0.9)), 3), 21) for _ in range(n)]
        kept = team_campaign({"aspect:cooperation": scores(*(v / 3 for v in truth))}, asked=one_aspect())
        figure = release(kept, 10, changes=EMPTY).aspects["cooperation"]
        tenths = round(10 * figure.mean)
        told = told_words(n, (1, 7), 3)[tenths]
        codes = {
            Words(spread, view): (tenths * 4 + i) * 3 + j
            for i, spread in enumerate(_SPREADS)
            for j, view in enumerate(_AGREEMENTS)
        }
        words = Words(figure.spread, figure.agreement)
        same = [codes[words]] if words != UNTOLD else [code for pair, code in codes.items() if pair not in told]
        remaining.append(int(np.isin(kinds[n], same).sum()))
    with capsys.disabled():
        print(
            f"\nsampled teams of 5 to 7: {min(remaining)} or more candidates, median {sorted(remaining)[n_teams // 2]}"
        )
    assert min(remaining) >= 10


def test_words_that_would_tell_everything_are_left_out():
    figure = release(of_five(1, 1, 1, 10 / 3, 10 / 3), 10, changes=EMPTY).aspects["cooperation"]
    assert (figure.mean, figure.spread, figure.agreement) == (1.9, None, None)
    usual = release(of_five(1, 1, 2, 8 / 3, 8 / 3), 10, changes=EMPTY).aspects["cooperation"]
    assert (usual.mean, usual.spread, usual.agreement) == (1.9, Spread.MOSTLY_LOW, Agreement.NEITHER)


@pytest.mark.parametrize("n", [5, 6, 7])
@pytest.mark.parametrize("n_items", [1, 3])
def test_a_view_is_told_wherever_a_third_is_and_nowhere_else(n, n_items):
    for words in set().union(*told_words(n, (1, 7), n_items).values()):
        assert None not in words
    assert UNTOLD == (None, None)


def of_five(*values):
    return team_campaign({"aspect:cooperation": scores(*values)}, asked=one_aspect())


def test_an_exact_sum_of_two_coarse_teams_would_give_both_away(capsys):
    """Why small groups are exact only as a crowd: how many ways to part the sum fit both coarse figures?"""
    dice = random.Random(39)
    remaining = []
    for _ in range(30):
        one, other = (
            Histogram.count(2 * round(3 * min(max(dice.gauss(centre, 1.1), 1), 7)) for _ in range(n))
            for n, centre in ((5, dice.gauss(4.5, 0.8)), (6, dice.gauss(4.5, 0.8)))
        )
        both = one + other
        parts = {Histogram.count(part) for part in itertools.combinations(both.expanded(), 5)}
        fits = [p for p in parts if view_of(p) == view_of(one) and view_of(both - p) == view_of(other)]
        assert one in fits
        remaining.append(len(fits))
        counted = {10: {"aspect:cooperation": one}, 11: {"aspect:cooperation": other}}
        nodes = organisation_of([team(10), team(11)])
        kept = keep(nodes, counted, reporting_size=5, questionnaire=one_aspect(), quarter="2026-Q3")
        for node in (1, 100):
            assert release(kept, node, changes=EMPTY).aspects["cooperation"].histogram is None
    remaining.sort()
    with capsys.disabled():
        print(f"\ntwo coarse teams in one exact sum: {remaining[0]} or more ways to part it, median {remaining[15]}")
    assert remaining[0] < 10


def test_equal_coarse_values_give_equal_suggestions():
    """Suggestions follow from what is shown: teams that look alike are advised alike."""
    asked, dice = questionnaire(), random.Random(34)
    seen: dict[str, object] = {}
    for _ in range(200):
        people = [
            {
                q.key: min(max(round(dice.gauss((q.lowest + q.highest) / 2, 0.5)), q.lowest), q.highest)
                for q in asked.questions
            }
            for _ in range(5)
        ]
        one = {key: h for key, h in counted_of(asked, people).items() if key in ("aspect:inquiry", "ladder:review")}
        released = release(team_campaign(one, asked=asked), 10)
        text = canonical_json(released)
        assert seen.setdefault(text, released.suggestions) == released.suggestions
    assert len(seen) < 200
    assert catalogue().changes


@pytest.mark.parametrize("n", [5, 6, 7])
def test_coarse_bounds_hold(n):
    dice = random.Random(35)
    for _ in range(300):
        silent = dice.randint(1, 6)
        everybody = [dice.choice([6, 42, dice.randint(6, 42)]) for _ in range(n + silent)]
        shown = coarse_mean(Histogram.count(everybody[:n]), (1, 7))
        low, high = coarse_bounds(shown, n, n + silent, (1, 7))
        assert low <= mean(Histogram.count(everybody)) <= high
        assert 1 <= low < high <= 7


def test_coarse_intervals_cover_at_least_what_they_say(request, capsys):
    n_runs = 3000 if request.config.getoption("--slow", default=False) else 300
    dice = np.random.default_rng(36)
    worst, widths = 1.0, []
    for n, size in ((5, 6), (5, 10), (6, 8), (6, 12), (7, 9), (7, 15)):
        for centre, sd in ((2.5, 1.0), (4.2, 1.1), (6.1, 0.8), (5.5, 0.35), (None, 0.5)):
            hits = 0
            for _ in range(n_runs):
                person = (dice.choice([2.3, 5.8], size) if centre is None else centre) + dice.normal(0, sd, size)
                items = np.clip(np.rint(person[:, None] + dice.normal(0, 0.7, (size, 3))), 1, 7).astype(int)
                team_scores = [2 * int(total) for total in items.sum(axis=1)]
                answered = Histogram.count(team_scores[:n])
                shown = coarse_mean(answered, (1, 7))
                low, high = coarse_interval(shown, agreement(answered, (1, 7), 3), n, size, (1, 7))
                hits += low <= float(mean(Histogram.count(team_scores))) <= high
                widths.append(high - low)
            worst = min(worst, hits / n_runs)
    with capsys.disabled():
        print(f"\nworst coverage of the coarse interval: {worst:.3f}, mean width {np.mean(widths):.2f}")
    assert worst >= 0.90 - 3 * (0.09 / n_runs) ** 0.5


@pytest.mark.parametrize(
    ("shown", "end"), [((7, 7, 7, 7, 7), OpenEnd.TOP), ((1, 1, 1, 1, 1), OpenEnd.BOTTOM)], ids=["top", "bottom"]
)
def test_an_open_end_reaches_the_end_of_the_scale(shown, end):
    figure = release(team_campaign({"aspect:cooperation": scores(*shown)}, asked=one_aspect()), 10).aspects[
        "cooperation"
    ]
    assert figure.open_end is end
    assert (7.0 in figure.interval_90) is (end is OpenEnd.TOP)
    assert (1.0 in figure.interval_90) is (end is OpenEnd.BOTTOM)


def test_what_is_released_depends_on_kept_figures_only():
    """The kept campaign of a team of five is enough; its ballots are not looked at again."""
    asked, dice = questionnaire(), random.Random(37)
    counted = {10: answers_of(asked, 6, dice), 11: answers_of(asked, 3, dice), 12: answers_of(asked, 4, dice)}
    nodes = organisation_of([team(10), team(11), team(12)])
    kept = keep(nodes, counted, reporting_size=5, questionnaire=asked, quarter="2026-Q3")
    stored = replace(kept, figures=dict(sorted(kept.figures.items(), reverse=True)))
    assert canonical_json(release_organisation(kept)) == canonical_json(release_organisation(stored))
