"""What the program says of each worked example of `docs/methods.md`: `CHECKS`, by the name of the example."""

from __future__ import annotations

import math

import pytest

from questionnaires.answers import CANNOT_JUDGE, SHIFT
from questionnaires.changes import Catalogue, catalogue
from questionnaires.instrument import CULTURES, SIXTHS
from reports import comparisons, ranking, roles, statistics
from reports.carry_up import detail_size, keep
from reports.comparisons import judge_released
from reports.counting import collapse
from reports.disclosure import release
from reports.funnel import INNER, limits, within_teams
from reports.gaps import gaps
from reports.histograms import Histogram
from reports.languages import language
from reports.levels import coarse_level, exact_level
from reports.released import ReleasedAspect, Withheld
from reports.reliability import cronbachs_alpha, feldt_interval, intraclass
from reports.sentences import focus
from reports.steadiness import chance_of_any, chance_of_one_way
from reports.stratified import adjusted, row_mean_scores, van_elteren
from reports.verdicts import Agreement, Reason, Spread, Status, Tier
from tests.reports.builders import one_aspect, organisation_of, questionnaire, scores, team, team_campaign
from tests.reports.pencil import Block, Value

SCALE = (1, 7)
ENGLISH = language("en")
MEASURE = "aspect:cooperation"
NO_CHANGES = Catalogue.model_construct(changes=())


def whole(points: list[float]) -> Histogram:
    return Histogram.count(int(point) for point in points)


def sides(block: Block) -> tuple[Histogram, Histogram]:
    return scores(*block.points("before")), scores(*block.points("after"))


def of_score(block: Block) -> dict[str, Value]:
    asked = one_aspect()
    given = [int(point) + SHIFT for point in block.points("answers")]
    ballot = bytes([*given, *[CANNOT_JUDGE] * (len(asked.questions) - len(given))])
    (sixths,) = collapse(ballot, asked)["aspect:cooperation"].expanded()
    return {"sixths": sixths, "score": sixths / SIXTHS}


def of_interval(block: Block) -> dict[str, Value]:
    histogram = scores(*block.points("answers"))
    level = exact_level(histogram, SCALE, int(block.number("asked")), 3)
    assert level.interval_90 is not None
    low, high = level.interval_90
    return {"mean": float(level.mean), "variance": float(statistics.variance(histogram)), "low": low, "high": high}


def of_bounds(block: Block) -> dict[str, Value]:
    level = exact_level(scores(*block.points("answers")), SCALE, int(block.number("asked")), 3)
    assert level.bounds is not None
    return {"low": float(level.bounds[0]), "high": float(level.bounds[1])}


def of_response(block: Block) -> dict[str, Value]:
    figures = {"aspect:cooperation": scores(*[4] * int(block.number("answered")))}
    kept = team_campaign(figures, asked=one_aspect(), n_invited=int(block.number("asked")))
    return {"grey": released(kept).low_response}


def of_split(block: Block) -> dict[str, Value]:
    histogram = scores(*block.points("answers"))
    low, middle, high = statistics.thirds(histogram, SCALE)
    needed = statistics.split_side(histogram.n)
    return {
        "low": low,
        "middle": middle,
        "high": high,
        "needed": needed,
        "split": statistics.agreement(histogram, SCALE, 3) is Agreement.SPLIT,
    }


def of_shared(block: Block) -> dict[str, Value]:
    histogram = scores(*block.points("answers"))
    return {
        "distance": float(statistics.median_deviation(histogram)),
        "limit": float(statistics.agreed_within(histogram.n, SCALE, 3)),
        "shared": statistics.agreement(histogram, SCALE, 3) is Agreement.SHARED,
    }


def of_choice(block: Block) -> dict[str, Value]:
    chosen = Histogram.of({value: int(block.given[culture]) for value, culture in enumerate(CULTURES, 1)})
    return {"needed": statistics.two_thirds(chosen.n), "named": statistics.choice_name(chosen) is not None}


def of_ladder(block: Block) -> dict[str, Value]:
    raters = whole(block.points("raters"))
    found = statistics.rungs(raters)
    assert found.missing_for_next is not None
    return {
        "needed": found.needed,
        "reached": found.reached,
        "majority": found.majority,
        "missing": found.missing_for_next,
        "at_one": statistics.at_or_above(raters, 1),
        "at_two": statistics.at_or_above(raters, 2),
    }


def of_coarse(block: Block) -> dict[str, Value]:
    level = coarse_level([scores(*block.points("answers"))], SCALE, int(block.number("asked")), 3)
    twin = coarse_level([scores(4, 4, 4, 4, 4, 5)], SCALE, int(block.number("asked")), 3)
    assert level == twin
    assert level.interval_90 is not None
    assert level.bounds is not None
    ends = {"low": level.interval_90[0], "high": level.interval_90[1]}
    return {"shown": float(level.mean), **ends, "least": float(level.bounds[0]), "greatest": float(level.bounds[1])}


def of_permutation(block: Block) -> dict[str, Value]:
    return {"p": float(comparisons.permutation_p(*sides(block)))}


def of_tempting(block: Block) -> dict[str, Value]:
    found = tempting(block)
    change = found.aspects["cooperation"].change
    assert change.status is Status.NOT_DISTINGUISHABLE
    assert "changed" not in focus(found, "cooperation", ENGLISH)
    assert change.p is not None
    assert change.before is not None
    assert change.detectable is not None
    mean = found.aspects["cooperation"].mean
    values = {"mean_before": change.before, "mean_after": mean, "difference": mean - change.before}
    return {**values, "p": change.p, "detectable": change.detectable, "changed": change.direction != 0}


def of_detectable(block: Block) -> dict[str, Value]:
    found = comparisons.detectable_change(int(block.number("n_before")), int(block.number("n_after")))
    assert found is not None
    return {"points": found}


def of_delta(block: Block) -> dict[str, Value]:
    shares = comparisons.pairs_of(*sides(block))
    parts = {"higher": float(shares.higher), "equal": float(shares.equal), "lower": float(shares.lower)}
    return {**parts, "delta": float(comparisons.cliffs_delta(*sides(block)))}


def of_coarse_change(block: Block) -> dict[str, Value]:
    figures = []
    for side, points in (("before", [3, 3, 3, 3, 3.5]), ("after", [3.5, 4.5, 5, 5.5, 6, 6.5])):
        mean, label = block.given[side].split()
        kept = team_campaign({"aspect:cooperation": scores(*points)}, asked=one_aspect())
        figures.append(released(kept))
        assert (figures[-1].mean, figures[-1].agreement) == (float(mean), Agreement(label))
        assert figures[-1].n == block.number(f"n_{side}")
    return {"changed": judge_released(*figures) == 1, "detectable": comparisons.detectable(*figures)}


def of_steady(block: Block) -> dict[str, Value]:
    del block
    found = {name: float(chance_of_one_way(n)) for n, name in enumerate(("three", "four", "five"), 3)}
    return {**found, "any_of_six": float(chance_of_any(6))}


def of_stratified(block: Block) -> dict[str, Value]:
    strata = [(whole(block.points(f"{one} before")), whole(block.points(f"{one} after"))) for one in ("one", "two")]
    found = van_elteren(strata)
    deltas = {f"delta_{one}": float(comparisons.cliffs_delta(*strata[i])) for i, one in enumerate(("one", "two"))}
    return {"z": found.z, "p": found.p, "delta": float(found.delta), **deltas}


def of_corrected(block: Block) -> dict[str, Value]:
    names = ("first", "second", "third", "fourth", "fifth", "sixth")
    return dict(zip(names, adjusted(block.points("p values")), strict=True))


def of_funnel(block: Block) -> dict[str, Value]:
    ends = limits(block.number("mean"), block.number("deviation"), int(block.number("n")), INNER, SCALE)
    return {"low": ends[0], "high": ends[1]}


def of_alpha(block: Block) -> dict[str, Value]:
    columns = [block.points(name) for name in ("first", "second", "third")]
    total = whole([sum(person) for person in zip(*columns, strict=True)])
    alpha = cronbachs_alpha([whole(column) for column in columns], total)
    assert alpha is not None
    assert total.expanded() == [13, 14, 18, 20]
    return {"alpha": float(alpha), "variance_of_sums": float(statistics.variance(total, 1))}


def of_icc(block: Block) -> dict[str, Value]:
    found = intraclass([whole(block.points(name)) for name in ("one", "two", "three")])
    assert found is not None
    assert found.n_between == block.number("n")
    return {"single": float(found.single), "average": float(found.average)}


def of_spread(block: Block) -> dict[str, Value]:
    low, middle, high = thirds = statistics.thirds(scores(*block.points("answers")), SCALE)
    is_high = statistics.spread_words(thirds) is Spread.MOSTLY_HIGH
    counts = {"low": low, "middle": middle, "high": high}
    return {**counts, "needed": statistics.two_thirds(sum(thirds)), "mostly_high": is_high}


def of_carry_up(block: Block) -> dict[str, Value]:
    names = dict(enumerate(("atlas", "borealis", "cygnus", "dora"), 10))
    n = {node: int(block.number(name)) for node, name in names.items()}
    rows = [[team(node, n_answered=n[node]) for node in row] for row in ((10, 11), (12, 13))]
    counted = {node: {MEASURE: scores(*[4] * (n_one - 1), 5)} for node, n_one in n.items()}
    asked, quarter = one_aspect(), "2026-Q3"
    kept = keep(organisation_of(*rows), counted, reporting_size=5, questionnaire=asked, quarter=quarter)
    told = {
        node: release(kept, node, changes=NO_CHANGES).aspects["cooperation"] for node in (1, 10, 11, 12, 13, 100, 101)
    }
    assert [told[node] for node in (100, 101)] == [Withheld(Reason.WOULD_REVEAL)] * 2
    assert [told[node] for node in (11, 13)] == [Withheld(Reason.TOO_FEW)] * 2
    whole = told[1]
    assert isinstance(whole, ReleasedAspect)
    assert (whole.tier, whole.n_teams) == (Tier.DETAIL, 2)
    in_departments = [kept.figures[node, MEASURE].histogram.n for node in (100, 101)]
    all_kept = kept.figures[1, MEASURE].histogram.n
    return {
        "counted_in_one": in_departments[0] > n[10],
        "counted_in_two": in_departments[1] > n[12],
        "kept": all_kept,
        "counted_in_whole": all_kept > n[10] + n[12],
        "pool": all_kept - n[10] - n[12],
        "shown": whole.n,
        "exact": whole.n == all_kept,
        "least": kept.reporting_size,
        "detail": detail_size(kept.reporting_size),
    }


def of_within(block: Block) -> dict[str, Value]:
    teams = [whole(block.points(name)) for name in ("one", "two")]
    return {"deviation": math.sqrt(within_teams(teams, unit=1))}


def of_roles(block: Block) -> dict[str, Value]:
    strata = [
        [whole(block.points(f"{one} {role}")) for role in ("building", "running")] for one in ("one", "two", "three")
    ]
    found = row_mean_scores(strata)
    assert found is not None
    assert found.df == 1
    assert found.statistic == pytest.approx(van_elteren([(first, second) for first, second in strata]).z ** 2)
    return {"statistic": found.statistic, "p": found.p}


def of_roles_kept(block: Block) -> dict[str, Value]:
    cells = [(int(block.number(name)), int(block.number(f"{name} building"))) for name in ("atlas", "others")]
    least = detail_size(5)
    large = [(n, {"building": n_role}) for n, n_role in cells]
    assert sum(n_role for _, n_role in cells) >= roles.LEAST_ANSWERS
    return {"least": least, "kept": roles.largest_safe(large, ["building"], least) == ("building",)}


def of_feldt(block: Block) -> dict[str, Value]:
    ends = feldt_interval(block.number("alpha"), int(block.number("n")), int(block.number("statements")))
    return {"low": ends[0], "high": ends[1]}


def of_ranking(block: Block) -> dict[str, Value]:
    asked = questionnaire(aspects=("inquiry",), areas=("follow_through",), with_choices=False)
    figures = {
        "aspect:inquiry": scores(*block.points("inquiry")),
        "ladder:follow_through": whole(block.points("follow_through")),
    }
    told = release(team_campaign(figures, asked=asked), 10, done={"C15"})
    assert [suggestion.change for suggestion in told.suggestions.changes] == ["C18", "C16"]
    first, second = ranking.rank(told.aspects, told.ladders, {"C15"}, catalogue()).first
    gap = gaps(told.aspects, told.ladders)
    return {
        "gap_inquiry": gap["inquiry"],
        "gap_follow_through": gap["follow_through"],
        "score_c18": first.score,
        "score_c16": second.score,
    }


CHECKS = {name.removeprefix("of_"): check for name, check in list(globals().items()) if name.startswith("of_")}


def released(kept):
    return release(kept, 10, changes=NO_CHANGES).aspects["cooperation"]


def tempting(block: Block):
    before, after = (
        team_campaign({"aspect:cooperation": histogram}, asked=one_aspect(), quarter=quarter, focus=("cooperation",))
        for histogram, quarter in zip(sides(block), ("2026-Q2", "2026-Q3"), strict=True)
    )
    return release(after, 10, previous=before, changes=NO_CHANGES)
