"""`docs/methods.md` is worked out again: every line with a pencil's arithmetic, every result by the program."""

from __future__ import annotations

import ast
import re
from collections import Counter
from fractions import Fraction

import pytest

from reports import comparisons, statistics
from reports.coarse import Words, _by_kind, coarse_mean, coarse_words
from reports.codebook import STATISTICS
from reports.histograms import Histogram
from reports.levels import coarse_level
from reports.reliability import AT_LEAST
from reports.sentences import focus
from reports.verdicts import Method
from tests.reports.builders import scores
from tests.reports.methods_checks import CHECKS, ENGLISH, SCALE, tempting
from tests.reports.pencil import BLOCKS, ROOT, TEXT, Block, Value, read, rounding, worked


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
    assert f"· {comparisons.USUAL_DEVIATION} ·" in TEXT
    assert f"from {AT_LEAST} complete answers" in TEXT
    assert "0.9, 1.6 or 2.5" in TEXT
    assert "at most 0.8 points" in TEXT


def test_so_many_answers_are_counted_exactly_as_the_text_says():
    eight = Histogram.of(dict.fromkeys(range(7, 15), 1))
    eighty = Histogram.of({score: 2 + (score < 12) for score in range(6, 43)})
    thousand = Histogram.of(dict.fromkeys(range(6, 43), 28))
    assert (eighty.n, thousand.n) == (80, 1036)
    for before, after in ((eight, thousand), (eighty, eighty)):
        assert comparisons.permutation_test(before, after)[1] is Method.EXACT
    assert comparisons.permutation_test(thousand, thousand)[1] is Method.NORMAL_LIMIT


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


def test_so_many_sets_of_answers_have_one_coarse_page():
    """Of complete answers to three statements; whoever reads a page cannot tell between them."""
    n_alike = {n: pages(n) for n in (5, 6, 7)}
    level = coarse_level([scores(*BLOCKS["coarse"].points("answers"))], SCALE, 8, 3)
    ours = n_alike[6][int(10 * level.mean), level.words]
    assert (str(level.words.agreement), str(level.words.spread)) == ("shared", "mostly_middle")
    assert f"fits {ours}" in TEXT.replace("\n", " ")
    assert f"so are {ours - 2} other sets" in TEXT.replace("\n", " ")
    (least, half), *others = (
        (min(found), sorted(found)[len(found) // 2]) for found in map(dict.values, n_alike.values())
    )
    assert f"No page of five people fits fewer than {least} sets; half of all pages fit more than {half}" in TEXT
    stated = re.search(r"it\s+is (\d+) and (\d+), (\d+) and (\d+)", TEXT)
    assert stated is not None
    assert [int(number) for number in stated.groups()] == [number for pair in others for number in pair]


def pages(n: int) -> dict[tuple[int, Words], int]:
    """Return for each mean in tenths and words of n people how many sets of answers are shown like this."""
    found: Counter[tuple[int, Words]] = Counter()
    for alike in _by_kind(n, SCALE, 3).values():
        histogram = Histogram.count(alike[0].tolist())
        found[int(10 * coarse_mean(histogram, SCALE).value), coarse_words(histogram, SCALE, 3)] += len(alike)
    return found


# --- every number of a report -----------------------------------------------------------------------------------------


def listed() -> list[tuple[str, str, str]]:
    """Return every row of the list at the end: group, statistic, section."""
    part = TEXT.partition("## Where each number is explained")[2].partition("\n## ")[0]
    found = []
    for group, names, link in re.findall(r"^\| (\w+) \| (`[^|]+`) \| \[[^]]+\]\(#([^)]+)\) \|$", part, re.MULTILINE):
        found += [(group, name, link) for name in re.findall(r"`([^`]+)`", names)]
    return found


def test_each_number_of_a_report_is_explained_and_no_other():
    names = [(group, name) for group, name, _ in listed()]
    assert len(names) == len(set(names))
    assert set(names) == {(statistic.group, statistic.name) for statistic in STATISTICS}


def test_the_list_leads_to_sections_that_say_how_and_most_of_them_why():
    sections = dict(re.findall(r"^###? (.+)\n((?:(?!^##).*\n)*)", TEXT, re.MULTILINE))
    by_anchor = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-"): title for title in sections}
    for _, name, link in listed():
        assert link in by_anchor, name
    for link in re.findall(r"\]\(#([^)]+)\)", TEXT):
        assert link in by_anchor
