"""`docs/methods.md` is worked out again: every line with a pencil's arithmetic, every result by the program."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import pytest
from scipy import stats

from questionnaires.answers import CANNOT_JUDGE, SHIFT
from questionnaires.changes import Catalogue
from questionnaires.instrument import CULTURES, SIXTHS
from reports import comparisons, statistics
from reports.comparisons import judge_released
from reports.counting import collapse
from reports.disclosure import release
from reports.funnel import INNER, limits
from reports.histograms import Histogram
from reports.languages import language
from reports.levels import coarse_level, exact_level
from reports.released import Agreement, Status
from reports.reliability import AT_LEAST, cronbachs_alpha, intraclass
from reports.sentences import focus
from reports.stratified import adjusted, van_elteren
from tests.reports.builders import one_aspect, scores, team_campaign

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
SCALE = (1, 7)
ENGLISH = language("en")
Value = float | bool


@dataclass
class Block:
    """One worked example: what is given, as text, and what each line states."""

    name: str
    given: dict[str, str] = field(default_factory=dict)
    steps: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def stated(self) -> dict[str, str]:
        return {name: stated for name, _, stated in self.steps}

    def points(self, name: str) -> list[float]:
        return [float(word) for word in self.given[name].split()]

    def number(self, name: str) -> float:
        return float(self.given[name])


def blocks() -> dict[str, Block]:
    found = {}
    for name, body in re.findall(r"^```pencil (\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL):
        assert name not in found, f"two examples are called {name}"
        found[name] = block = Block(name)
        for line in body.splitlines():
            given = re.fullmatch(r"([\w ]+): (.+)", line)
            if given:
                block.given[given[1]] = given[2]
                continue
            parts = re.fullmatch(r"(\w+) = (?:(.+) = )?(\S+)", line)
            assert parts, f"{name}: cannot read {line!r}"
            block.steps.append((parts[1], parts[2] or parts[3], parts[3]))
    return found


BLOCKS = blocks()
OPERATORS: dict[type[ast.AST], Callable[..., Value]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Pow: operator.pow,
    ast.LtE: operator.le,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.Gt: operator.gt,
}
FUNCTIONS: dict[str, Callable[..., float]] = {
    "sqrt": math.sqrt,
    "ceil": math.ceil,
    "abs": abs,
    "choose": lambda n, k: math.comb(int(n), int(k)),
    "t": stats.t.ppf,
    "tail": lambda z: 2 * stats.norm.sf(z),
}


def worked(node: ast.AST, names: dict[str, Value]) -> Value:
    """Work out an expression of numbers, names of earlier lines and a handful of functions."""
    match node:
        case ast.Expression(body=body):
            return worked(body, names)
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.Name(id=name):
            return names[name]
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)](worked(left, names), worked(right, names))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return OPERATORS[type(op)](worked(left, names), worked(right, names))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return FUNCTIONS[name](*(worked(argument, names) for argument in args))
    raise AssertionError(f"a pencil cannot do {ast.dump(node)}")


def rounding(stated: str) -> float:
    """Return half a unit of the last digit that is stated."""
    return 0.5 * 10 ** -len(stated.partition(".")[2])


def read(stated: str) -> Value:
    return stated == "yes" if stated in {"yes", "no"} else float(stated)


@pytest.mark.parametrize("block", BLOCKS.values(), ids=list(BLOCKS))
def test_every_line_can_be_followed_with_a_pencil(block: Block):
    names: dict[str, Value] = {
        name: float(text) for name, text in block.given.items() if re.fullmatch(r"[\d.]+", text) and " " not in name
    }
    for name, expression, stated in block.steps:
        value = read(stated) if expression in {"yes", "no"} else worked(ast.parse(expression, mode="eval"), names)
        if stated in {"yes", "no"}:
            assert value is read(stated), f"{name} = {expression} is {value}"
        else:
            assert value == pytest.approx(float(stated), abs=rounding(stated) + 1e-9), f"{name} = {expression}"
        names[name] = read(stated)


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
    level = exact_level(histogram, SCALE, int(block.number("asked")))
    assert level.interval_90 is not None
    low, high = level.interval_90
    return {"mean": float(level.mean), "variance": float(statistics.variance(histogram)), "low": low, "high": high}


def of_bounds(block: Block) -> dict[str, Value]:
    level = exact_level(scores(*block.points("answers")), SCALE, int(block.number("asked")))
    assert level.bounds is not None
    return {"low": float(level.bounds[0]), "high": float(level.bounds[1])}


def of_response(block: Block) -> dict[str, Value]:
    figures = {"aspect:cooperation": scores(*[4] * int(block.number("answered")))}
    kept = team_campaign(figures, asked=one_aspect(), n_invited=int(block.number("asked")))
    return {"grey": released(kept).low_response}


def of_split(block: Block) -> dict[str, Value]:
    histogram = scores(*block.points("answers"))
    low, _, high = statistics.thirds(histogram, SCALE)
    return {"low": low, "high": high, "split": statistics.agreement(histogram, SCALE) is Agreement.SPLIT}


def of_shared(block: Block) -> dict[str, Value]:
    histogram = scores(*block.points("answers"))
    return {
        "distance": float(statistics.median_deviation(histogram)),
        "limit": float(statistics.agreed_within(histogram.n, SCALE)),
        "shared": statistics.agreement(histogram, SCALE) is Agreement.SHARED,
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
    delta = comparisons.cliffs_delta(*sides(block))
    return {"delta": float(delta), "of_100": round(100 * comparisons.superiority(delta))}


def of_coarse_change(block: Block) -> dict[str, Value]:
    figures = []
    for side, points in (("before", [3, 3, 3, 3, 3.5]), ("after", [3.5, 4.5, 5, 5.5, 6, 6.5])):
        mean, label = block.given[side].split()
        kept = team_campaign({"aspect:cooperation": scores(*points)}, asked=one_aspect())
        figures.append(released(kept))
        assert (figures[-1].mean, figures[-1].agreement) == (float(mean), Agreement(label))
        assert figures[-1].n == block.number(f"n_{side}")
    return {"changed": judge_released(*figures) == 1}


def of_steady(block: Block) -> dict[str, Value]:
    from reports.steadiness import chance_of_one_way

    del block
    return {name: float(chance_of_one_way(n)) for n, name in enumerate(("three", "four", "five"), 3)}


def of_stratified(block: Block) -> dict[str, Value]:
    strata = [(whole(block.points(f"{one} before")), whole(block.points(f"{one} after"))) for one in ("one", "two")]
    found = van_elteren(strata)
    deltas = {f"delta_{one}": float(comparisons.cliffs_delta(*strata[i])) for i, one in enumerate(("one", "two"))}
    return {"z": found.z, "p": found.p, **deltas}


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


CHECKS = {name.removeprefix("of_"): check for name, check in list(globals().items()) if name.startswith("of_")}


def released(kept):
    return release(kept, 10, changes=Catalogue.model_construct(changes=())).aspects["cooperation"]


def tempting(block: Block):
    before, after = (
        team_campaign({"aspect:cooperation": histogram}, asked=one_aspect(), quarter=quarter, focus=("cooperation",))
        for histogram, quarter in zip(sides(block), ("2026-Q2", "2026-Q3"), strict=True)
    )
    return release(after, 10, previous=before, changes=Catalogue.model_construct(changes=()))


def test_every_example_is_checked_and_every_check_has_an_example():
    assert set(BLOCKS) == set(CHECKS)


@pytest.mark.parametrize("block", BLOCKS.values(), ids=list(BLOCKS))
def test_the_program_says_what_the_document_states(block: Block):
    ours = CHECKS[block.name](block)
    assert ours
    for name, value in ours.items():
        stated = block.stated[name]
        if stated in {"yes", "no"}:
            assert value is read(stated), name
        else:
            # The pencil went on with rounded values, so its last digit may differ by one.
            assert value == pytest.approx(float(stated), abs=2.1 * rounding(stated)), name


def test_the_tempting_example_tempts_and_its_report_claims_nothing():
    block = BLOCKS["tempting"]
    assert block.stated["arrow"] == "yes"
    assert focus(tempting(block), "cooperation", ENGLISH) == "cooperation: not distinguishable from chance."


def test_limits_in_the_text_are_those_of_the_program():
    assert statistics.LEAST_DISPERSION == 0.08
    assert statistics.CONFIDENCE == 0.90
    assert Fraction(60, 100) == statistics.LOW_RESPONSE_BELOW
    assert Fraction(5, 100) == comparisons.ALPHA
    assert f"{comparisons.COUNT_UP_TO} answers together" in TEXT
    assert f"· {comparisons.USUAL_DEVIATION} ·" in TEXT
    assert f"from {AT_LEAST} complete answers" in TEXT
    assert "0.9, 1.6 or 2.5" in TEXT
    assert "at most 0.8 points" in TEXT


def test_links_and_paths_lead_somewhere_and_the_readme_leads_here():
    for path in re.findall(r"`((?:docs|tests|benchmarks|reports)/[\w./]+)`", TEXT):
        assert (ROOT / path).exists(), path
    for module in re.findall(r"`python -m ([\w.]+)", TEXT):
        assert (ROOT / f"{module.replace('.', '/')}.py").exists(), module
    assert "(docs/methods.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_source_in_the_text_is_listed():
    body, _, listed = TEXT.partition("\n## Sources\n")
    named = set(re.findall(r"\b([A-Z][a-z]+|van Elteren)(?: & [A-Z][a-z]+)?,? \(?((?:19|20)\d\d)", body))
    missing = {(name, year) for name, year in named if name not in listed or f"({year})" not in listed}
    assert not missing
