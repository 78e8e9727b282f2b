"""What sentences say of changes: nothing that another page denies, nothing that the numbers deny."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from reports import sentences, tables
from reports.blocks import Paragraph, Points
from reports.comparisons import cliffs_delta, pairs_of
from reports.disclosure import release
from reports.document import organisation_document
from reports.histograms import Histogram
from reports.languages import language
from reports.released import Change, ReleasedAspect, Series, Status, Tier
from reports.since_words import detectable, told
from reports.steadiness import chance_of_any
from reports.steady_words import steadily
from reports.stratified import van_elteren
from tests.reports import document_fixtures as cast
from tests.reports import role_fixtures
from tests.reports.builders import one_aspect, team_campaign

ENGLISH = language("en")
UNTESTED = (Status.NOT_TESTED, Status.NOT_COMPARABLE, Status.TOO_FEW)


def whole_with(*statuses, **more):
    """The organisation with aspects of these statuses against the quarter before."""
    whole = cast.organisation().whole
    figures = zip(whole.aspects.items(), statuses, strict=False)
    aspects = {key: replace(figure, change=Change(status)) for (key, figure), status in figures}
    return replace(whole, aspects=aspects, **more)


def text_of(block):
    return " ".join(block.items) if isinstance(block, Points) else block.text


@pytest.mark.parametrize("odd", [Status.NOT_COMPARABLE, Status.TOO_FEW])
@pytest.mark.parametrize("kind", ["department", "organisation"])
@pytest.mark.parametrize("focus", [(), ("cooperation", "messengers")])
def test_nothing_is_called_chance_where_nothing_was_tested(odd, kind, focus):
    text = text_of(told(whole_with(Status.NOT_TESTED, odd, Status.NOT_TESTED, kind=kind, focus=focus), ENGLISH))
    assert "chance" not in text
    assert "not tested" in text
    assert "Messengers" not in text
    assert ("next page" in text) == (kind == "organisation")


def test_nothing_is_described_where_nothing_can_be_put_beside():
    text = text_of(told(whole_with(Status.NOT_COMPARABLE, Status.TOO_FEW), ENGLISH))
    assert text.startswith("No aspect of the previous quarter can be put beside this one.")


def test_the_pages_of_the_change_do_not_contradict_each_other():
    found = cast.organisation()
    found = replace(found, whole=whole_with(*UNTESTED, *[Status.NOT_TESTED] * 3, focus=("cooperation",)))
    pages = {one.id: one for one in organisation_document(found, ENGLISH, date(2026, 11, 21)).pages}
    first = " ".join(text_of(block) for block in pages["since"].blocks if isinstance(block, Paragraph | Points))
    assert "not tested:" not in first
    assert "told from chance" not in first
    assert "Cooperation changed: higher within" in " ".join(
        text_of(block) for block in pages["within"].blocks if isinstance(block, Points)
    )


def compared(before: dict[int, int], now: dict[int, int]):
    """Release one focus aspect against the quarter before, scores in sixths of a point."""

    def quarter(counts, when):
        return team_campaign(
            {"aspect:cooperation": Histogram.of(counts)},
            asked=one_aspect(),
            quarter=when,
            focus=("cooperation",),
            n_invited=None,
            way="imported",
        )

    released = release(quarter(now, "2026-Q3"), 10, previous=quarter(before, "2026-Q2"))
    figure = released.aspects["cooperation"]
    assert isinstance(figure, ReleasedAspect)
    return released, figure


def test_equal_answers_are_told_as_equal():
    released, figure = compared({24: 12}, {24: 6, 30: 6})
    assert figure.change.status is Status.CHANGED
    text = sentences.change(released, "cooperation", figure, ENGLISH)
    assert text.endswith("the newer is higher in about 50, equal in 50 and lower in 0.")


def test_pairs_that_point_the_other_way_are_not_told():
    before, now = {36: 10, 38: 2}, {6: 3, 12: 1, 38: 4, 40: 1}
    released, figure = compared(before, now)
    assert figure.change.direction < 0 < cliffs_delta(Histogram.of(before), Histogram.of(now))
    text = sentences.change(released, "cooperation", figure, ENGLISH)
    assert "changed: lower" in text
    assert "pairs" not in text


def test_the_shares_of_pairs_are_counted():
    before, after = Histogram.of({1: 2, 3: 1}), Histogram.of({1: 1, 2: 1, 4: 1})
    assert pairs_of(before, after) == (Fraction(5, 9), Fraction(2, 9), Fraction(2, 9))
    assert van_elteren([(before, after)]).pairs == pairs_of(before, after)
    two = van_elteren([(before, after), (Histogram.of({1: 3}), Histogram.of({2: 1}))])
    assert sum(two.pairs) == 1
    assert two.pairs.higher - two.pairs.lower == two.delta


def test_a_change_does_not_read_like_none():
    team = cast.atlas()
    change = Change(Status.CHANGED, before=3.96, direction=1, p=0.01)
    figure = replace(team.aspects["cooperation"], mean=4.04, tier=Tier.DETAIL, change=change)
    assert "higher, from 3.96 to 4.04." in sentences.change(team, "cooperation", figure, ENGLISH)
    only = replace(team, aspects={"cooperation": figure})
    assert tables.since(only, ENGLISH).rows[0][1:3] == ("3.96", "4.04")
    quiet = replace(only, aspects={"cooperation": replace(figure, change=replace(change, status=Status.NOT_TESTED))})
    assert tables.since(quiet, ENGLISH).rows[0][1:3] == ("4.0", "4.0")


def test_the_line_about_steadiness_says_how_often_chance_looks_like_it():
    assert round(1 / chance_of_any(6)) == 10
    (line,) = steadily(cast.series(), ENGLISH)
    assert "Where nothing changes, about one report in 10 still calls some aspect steady." in line.text
    latest = cast.series().quarters[-1]
    single = replace(latest, aspects={"cooperation": latest.aspects["cooperation"]})
    (line,) = steadily(Series((*cast.series().quarters[:-1], single)), ENGLISH)
    assert "one report in 60" in line.text


def test_what_a_change_must_exceed_is_told_apart_for_rounded_means():
    exact = detectable(cast.atlas(), ENGLISH)
    assert "With the usual spread of answers, a change below 1.1 points" in exact
    assert "rounded" not in exact
    rounded = detectable(cast.cygnus(), ENGLISH)
    assert rounded.startswith("Where a mean is rounded, no change below 1.1 points can be told from chance.")
    assert detectable(cast.first_quarter(), ENGLISH) == ""


def test_the_foot_of_every_page_names_the_limit_that_the_page_names():
    exact, coarse = sentences.sure(cast.atlas(), ENGLISH), sentences.sure(cast.cygnus(), ENGLISH)
    (largest, _), (_, least) = sentences.detectable(cast.atlas()), sentences.detectable(cast.cygnus())
    assert f"with the usual spread, a change below {ENGLISH.number(largest)} points could be chance" in exact
    assert f"no change below {ENGLISH.number(least)} points can be told from chance" in coarse
    assert "usual spread" not in coarse
    mixed = replace(cast.atlas(), aspects={**cast.cygnus().aspects, "novelty": cast.atlas().aspects["novelty"]})
    assert ENGLISH.number(sentences.detectable(mixed)[0]) in sentences.sure(mixed, ENGLISH)
    assert ENGLISH.number(sentences.detectable(mixed)[0]) in detectable(mixed, ENGLISH)


def test_the_roles_say_that_means_and_verdicts_may_point_apart():
    pages = organisation_document(role_fixtures.organisation_with_roles(), ENGLISH, date(2026, 11, 21)).pages
    (page,) = [page for page in pages if page.id == "roles"]
    captions = " ".join(getattr(block, "caption", "") for block in page.blocks)
    assert "The two can point in different directions" in captions
