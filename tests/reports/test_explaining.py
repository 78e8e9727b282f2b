from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import statistics
from reports.explaining import (
    AspectSteps,
    ChoiceSteps,
    LadderSteps,
    UnknownMeasure,
    aspect_steps,
    choice_steps,
    find,
    ladder_steps,
    steps,
)
from reports.histograms import Histogram
from reports.languages import language
from reports.levels import exact_level
from reports.released import (
    Change,
    OrganisationChange,
    Reason,
    Released,
    ReleasedAspect,
    ReleasedChoice,
    ReleasedLadder,
    Status,
    Withheld,
)
from reports.steps_in_words import in_words
from tests.reports import document_fixtures as samples
from tests.reports import role_fixtures
from tests.reports.builders import questionnaire, scores, team_campaign
from tests.reports.report_samples import RELEASED, released

ENGLISH = language("en")
EXACT = ["exact", "everybody", "open link", "unknown size", "scale 1-5, one statement", "first"]


def numbers(text: str) -> list[float]:
    return [float(found.replace("−", "-")) for found in re.findall(r"−?\d+(?:\.\d+)?", text)]


def inquiry(*points: float, n_invited: int | None = 12) -> Released:
    from reports.disclosure import release

    asked = questionnaire(areas=())
    return release(team_campaign({"aspect:inquiry": scores(*points)}, n_invited=n_invited, asked=asked), 10)


# --- the steps arrive at what was released ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXACT)
def test_the_steps_of_every_aspect_arrive_at_its_released_numbers(name: str):
    found = RELEASED[name]()
    assert isinstance(found, Released)
    for figure in found.aspects.values():
        assert isinstance(figure, ReleasedAspect)
        taken = steps(found, figure)
        assert isinstance(taken, AspectSteps)
        assert float(taken.mean) == figure.mean
        assert (None if taken.interval is None else taken.interval.interval) == figure.interval_90
        assert (None if taken.bounds is None else tuple(map(float, taken.bounds))) == figure.bounds
        assert taken.thirds == figure.low_middle_high
        assert taken.agreement == figure.agreement


@pytest.mark.parametrize("name", EXACT)
def test_so_do_those_of_ladders_and_choices(name: str):
    found = RELEASED[name]()
    assert isinstance(found, Released)
    for ladder in found.ladders.values():
        assert isinstance(ladder, ReleasedLadder)
        taken = steps(found, ladder)
        assert isinstance(taken, LadderSteps)
        shown = (ladder.reached, ladder.majority, ladder.needed, ladder.missing_for_next)
        assert (taken.reached, taken.majority, taken.needed, taken.missing_for_next) == shown
    for choice in found.choices.values():
        assert isinstance(choice, ReleasedChoice)
        if choice.counts is None:
            assert steps(found, choice) is None
            continue
        named = steps(found, choice)
        assert isinstance(named, ChoiceSteps)
        assert (named.counts, named.name) == (choice.counts, choice.name)


@given(st.lists(st.integers(6, 42), min_size=1, max_size=40), st.integers(0, 9), st.booleans())
def test_they_do_for_any_histogram(values: list[int], silent: int, is_known: bool):
    histogram, n_invited = Histogram.count(values), len(values) + silent if is_known else None
    taken, level = aspect_steps(histogram, (1, 7), n_invited, 3), exact_level(histogram, (1, 7), n_invited, 3)
    assert (taken.mean, taken.bounds, taken.agreement) == (level.mean, level.bounds, level.words.agreement)
    assert (taken.interval and taken.interval.interval) == level.interval_90
    assert taken.variance == statistics.variance(histogram)
    assert taken.deviation == statistics.median_deviation(histogram)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30))
def test_they_do_for_any_ladder(values: list[int]):
    taken, rungs = ladder_steps(Histogram.count(values)), statistics.rungs(Histogram.count(values))
    assert (taken.reached, taken.majority, taken.needed, taken.missing_for_next) == tuple(rungs)


@given(st.tuples(*[st.integers(0, 20)] * 3).filter(any))
def test_they_do_for_any_choice(counts: tuple[int, int, int]):
    histogram = Histogram.of(dict(enumerate(counts, start=1)))
    assert choice_steps(counts).name == statistics.choice_name(histogram)


# --- the words --------------------------------------------------------------------------------------------------------


def test_a_pencil_finds_every_line_of_a_text():
    """Every line that has one equals sign between two computations is true, as far as four decimals go."""
    text = in_words(released(11), "inquiry")
    n_lines = 0
    for line in text.splitlines():
        found = re.fullmatch(r"[^=]*?((?:from|to|=)? *[\d(][\d .×+−/()²]*) = ([\d.−]+)(?:,? [a-z].*)?", line.strip())
        if found is None:
            continue
        left = re.sub(r"(\d+)²", r"\1**2", found[1].removeprefix("from").removeprefix("to").strip(" ="))
        expected = eval(left.replace("×", "*").replace("−", "-"))
        assert expected == pytest.approx(float(found[2].replace("−", "-")), rel=0.005, abs=0.002), line
        n_lines += 1
    assert n_lines >= 7


def test_the_printed_numbers_are_those_of_the_report():
    found = released(11)
    figure = found.aspects["inquiry"]
    assert isinstance(figure, ReleasedAspect)
    assert figure.interval_90 is not None
    assert figure.bounds is not None
    text = in_words(found, "inquiry")
    assert f"printed: {ENGLISH.number(figure.mean)}\n" in text
    for ends in (figure.interval_90, figure.bounds):
        assert f"printed: {ENGLISH.number(ends[0])} to {ENGLISH.number(ends[1])}\n" in text
    histogram = figure.histogram
    assert histogram is not None
    table = text.partition("1. Histogram\n")[2].partition("\n\n")[0].splitlines()[1:-1]
    assert [(int(row.split()[0]), int(row.split()[2])) for row in table] == list(histogram.pairs)


def test_a_small_dispersion_is_raised_and_a_large_one_lowered():
    assert "but at least 0.08" in in_words(inquiry(5, 5, 5, 5, 5, 5, 5, 4), "inquiry")
    assert "but at most 1" in in_words(inquiry(1, 1, 1, 1, 7, 7, 7, 7), "inquiry")
    assert "all answers lie at one end" in in_words(inquiry(*[7] * 8), "inquiry")


@pytest.mark.parametrize(
    ("points", "label"),
    [((1, 2, 3, 4, 5, 5, 6, 7), "views split"), ((5,) * 9, "shared view"), ((3.5, 4, 4.5, 6, 7, 7, 4, 5), "neither")],
)
def test_views_are_said_with_the_counts_that_decide(points: tuple[float, ...], label: str):
    text = in_words(inquiry(*points), "inquiry")
    assert f"so: {label}" in text
    assert "a split needs 2 low and 2 high" in text


def test_where_everybody_answered_there_is_no_interval():
    text = in_words(inquiry(*[5] * 12), "inquiry")
    assert "everyone answered: there is nothing left to estimate" in text
    assert "(12 × 5 + 0 × 1) / 12 = 5" in text


def test_where_the_size_is_unknown_it_says_what_is_left_away():
    text = in_words(RELEASED["unknown size"](), "inquiry")  # type: ignore[arg-type]
    assert "the number invited is unknown: without its correction" in text
    assert "none: how many were invited is not known" in text


def test_ladders_and_choices_count_on_fingers():
    found = inquiry(*[5] * 8)
    assert find(samples.atlas(), "review")[0] == find(samples.atlas(), "ladder:review")[0] == "ladder:review"
    ladder = in_words(samples.unanimous(), "review")
    assert "the highest rung is reached" in ladder
    split = in_words(samples.split(), "ladder:review")
    assert "two thirds of 10 answers are 7" in split
    assert "7 − 5 at or above rung 2" in split
    assert "printed: 2\n" in split
    assert "mostly generative" in in_words(samples.unanimous(), "choice:inquiry")
    assert "mixed, as none has so many" in in_words(samples.split(), "choice:inquiry")
    assert "No number to explain" in in_words(found, "choice:inquiry")


@pytest.mark.parametrize("measure", ["inquiry", "ladder:review", "choice:inquiry"])
def test_below_eight_it_says_why_not(measure: str):
    text = in_words(released(6), measure)
    assert "6 answers to this came. Below 8 answers" in text
    assert "Histogram" not in text


def test_a_coarse_mean_stands_with_what_is_computed_of_it():
    found = released(6)
    figure = found.aspects["inquiry"]
    assert isinstance(figure, ReleasedAspect)
    text = in_words(found, "inquiry")
    assert f"mean      {ENGLISH.number(figure.mean)}" in text
    assert "assumed standard deviation" in text
    assert f"“{figure.agreement}”" in text
    nothing = released(6, n_invited=None, way="imported")
    assert "bounds" not in in_words(nothing, "inquiry")


def test_a_department_that_is_coarse_because_of_a_small_group_says_so():
    small = released(6).aspects["inquiry"]
    assert isinstance(small, ReleasedAspect)
    mixed = replace(samples.atlas(), aspects={"inquiry": replace(small, n=15)})
    assert "groups of fewer than 8 are among them" in in_words(mixed, "inquiry")


@pytest.mark.parametrize("reason", Reason)
def test_a_withheld_measure_says_its_reason(reason: Reason):
    text = in_words(samples.withheld(samples.atlas(), reason), "inquiry")
    said = {Reason.TOO_FEW: "Fewer than 5", Reason.WOULD_REVEAL: "subtraction", Reason.NOT_ASKED: "not asked"}
    assert said[reason] in text
    assert isinstance(find(samples.borealis(), "inquiry")[1], Withheld)


def test_a_small_groups_text_holds_no_count_but_what_is_released():
    """Two teams that are released alike have the same text."""
    one, other = inquiry(5, 5, 5, 5, 5, 5, n_invited=8), inquiry(5, 5, 5, 5, 4.5, 5.5, n_invited=8)
    assert one.aspects == other.aspects
    assert in_words(one, "inquiry") == in_words(other, "inquiry")
    assert set(numbers(in_words(one, "inquiry"))) >= {6.0, 8.0}


def test_an_unknown_measure_names_those_there_are():
    with pytest.raises(UnknownMeasure) as caught:
        find(samples.atlas(), "mood")
    assert "'mood' is not in this report" in str(caught.value)
    assert {"inquiry", "ladder:review", "choice:inquiry"} <= set(caught.value.choices)


# --- every state, and the organisation --------------------------------------------------------------------------------


def test_an_aspect_that_other_instruments_ask_is_not_asked_here():
    atlas = samples.atlas()
    short = replace(atlas, aspects={"inquiry": atlas.aspects["inquiry"]}, ladders={}, choices={})
    assert find(short, "novelty") == ("aspect:novelty", None)
    for measure in ("novelty", "review", "ladder:review", "choice:inquiry"):
        assert "It was not asked this quarter." in in_words(short, measure)


def test_over_an_open_link_nobody_counts_on_the_number_invited():
    text = in_words(RELEASED["open link"](), "inquiry")
    assert "one person may have answered several times: without its correction" in text
    assert "unknown: without" not in text


SINCE = {
    Status.FIRST_QUARTER: "the first quarter: there is nothing to compare with",
    Status.NOT_COMPARABLE: "not comparable: asked differently then",
    Status.TOO_FEW: "nothing of it was shown then",
    Status.NOT_TESTED: "not tested: none of the focus aspects",
    Status.NOT_DISTINGUISHABLE: "printed: not distinguishable from chance",
    Status.CHANGED: "printed: changed",
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("is_coarse", [False, True])
def test_the_change_is_told_in_every_state(status: Status, is_coarse: bool):
    team = samples.cygnus() if is_coarse else samples.atlas()
    figure = team.aspects["cooperation"]
    assert isinstance(figure, ReleasedAspect)
    tested = status in (Status.CHANGED, Status.NOT_DISTINGUISHABLE) and not is_coarse
    found = {"p": 0.03, "delta": 0.4, "pairs": (0.6, 0.2, 0.2)} if tested else {}
    known = Change(status, before=4.2, detectable=1.1, **found)
    text = in_words(replace(team, aspects={"cooperation": replace(figure, change=known)}), "cooperation")
    assert SINCE[status] in text
    assert ("delta = 0.4: the share of pairs whose newer answer is higher, less that of lower" in text) is tested
    assert ("of 100 pairs, the newer is higher in about 60, equal in 20 and lower in 20" in text) is tested
    if is_coarse and status is Status.CHANGED:
        assert "computed of rounded values" in text


def test_departments_and_the_organisation_say_how_many_teams_they_count():
    whole = samples.organisation().whole
    assert "Counts the answers of 1 of 25 teams." in in_words(whole, "inquiry")
    assert "Counts the answers" not in in_words(samples.atlas(), "inquiry")


def test_the_organisation_tells_what_only_it_has():
    found = role_fixtures.organisation_with_roles()
    text = in_words(found, "cooperation")
    for line in (
        "18 teams shown exactly in both quarters: 170 answers then, 176 now",
        "p = 0.003, adjusted for all aspects 0.018: at most 0.1",
        "limits of 95 %: ∓ 1.96 ×",
        "alpha = 0.78, from 0.72 to 0.83, of 181 people",
        "ICC(1) = ",
        "Deciding 6.7 or above from 14 answers in 4 teams",
        "printed: roles answer differently within teams",
    ):
        assert line in text
    assert "Reliability" not in in_words(found, "ladder:review")
    assert "Roles" not in in_words(samples.organisation(), "cooperation")


def test_what_an_organisation_lacks_is_said():
    found = role_fixtures.organisation_with_roles()
    few = replace(
        found,
        whole=samples.withheld(found.whole),
        teams=found.teams[:2],
        alphas={},
        changes=dict.fromkeys(found.changes, OrganisationChange(Status.TOO_FEW, 0, 0, 0, 0, None, None, None)),
    )
    text = in_words(few, "novelty")
    for line in (
        "No number to explain.",
        "no team is shown exactly in both quarters",
        "fewer than 3 teams are shown exactly, so no limits",
        "no alpha: fewer than 60 answers to every statement",
        "no ICC: fewer than 3 teams",
        "Building not shown",
        "printed: not tested",
    ):
        assert line in text
    untested = OrganisationChange(Status.NOT_TESTED, 2, 18, 18, 0, None, None, None)
    assert "not tested: fewer than 3 teams" in in_words(replace(found, changes={"novelty": untested}), "novelty")
    first = OrganisationChange(Status.FIRST_QUARTER, 0, 0, 0, 0, None, None, None)
    assert "the first quarter: there" in in_words(replace(found, changes={"novelty": first}), "novelty")
