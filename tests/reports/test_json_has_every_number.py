"""No PDF of a team or department holds a number that the JSON of the same report does not.

`tests.reports.numbers` says how a document writes the JSON's numbers, and what it prints beside measurements.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from questionnaires.instrument import Questionnaire
from reports.blocks import Document
from reports.disclosure import release_series
from reports.released import Released, ReleasedOrganisation, Series
from tests.reports.builders import questionnaire, scores, team_campaign
from tests.reports.numbers import (
    NUMBER,
    QUARTER,
    SENTENCES,
    all_numbers,
    charts_of,
    derived,
    document_of,
    on_screen,
    printed,
    written,
)
from tests.reports.report_samples import ENGLISH, EVERY, as_read, campaign, released


def not_in_json(
    found: Released, series: Series | None = None, read: Callable[[Document, Questionnaire], set[str]] = printed
) -> set[str]:
    report = as_read(found, series)
    numbers = read(document_of(found, series), found.questionnaire)
    return numbers - set(map(written, all_numbers(report))) - derived(report) - SENTENCES


def beside(found: Released) -> Iterator[tuple[str, str]]:
    """Yield what a document says of each aspect or area by itself: rows of tables, sentences of alternative texts."""
    names = {key: ENGLISH.text(aspect.name) for key, (_, aspect) in found.questionnaire.aspects.items()}
    names |= {key: ENGLISH.text(ladder.name) for key, ladder in found.questionnaire.ladders.items()}
    for chart in charts_of(document_of(found)):
        rows = [" ".join(row) for table in chart.tables for row in table.rows]
        for text in [*rows, *chart.wide.alt.split(". ")]:
            yield from ((key, text.removeprefix(name)) for key, name in names.items() if text.startswith(name))


def strangers(found: Released, report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the numbers that stand beside an aspect or area and not in its own part of the JSON."""
    wrong = []
    for key, text in beside(found):
        parts = [report[group].get(key) for group in ("aspects", "choices", "ladders", "change")]
        own = {written(value) for value in all_numbers(parts)} | {"0"}
        own |= {str(part["reached"] + 1) for part in parts if part and "reached" in part} | {str(found.reporting_size)}
        text = re.sub(r"\b\d{4}-Q\d\b|90 % interval|under 60 %", " ", text).replace("−", "-")
        wrong += [(key, number) for number in NUMBER.findall(text) if number not in own]
    return wrong


NODES = [*("exact", "coarse", "withheld", "unknown size", "atlas", "split", "unanimous"), "department", "a department"]


def node(name: str) -> Released:
    if "department" in name:
        whole = EVERY["organisation" if name == "a department" else "large organisation"]()
        assert isinstance(whole, ReleasedOrganisation)
        return whole.departments[0]
    found = EVERY[name]()
    assert isinstance(found, Released)
    return found


@pytest.mark.parametrize("name", ["exact", "coarse", "withheld", "department"])
def test_every_number_of_a_pdf_is_in_the_json(name: str):
    assert not_in_json(node(name)) == set()


@pytest.mark.parametrize("name", NODES)
def test_every_number_on_a_page_is_in_the_json(name: str):
    assert not_in_json(node(name), read=on_screen) == set()


@pytest.mark.parametrize("name", NODES)
def test_the_numbers_beside_an_aspect_are_in_its_own_part(name: str):
    found = node(name)
    assert strangers(found, as_read(found)) == []


@pytest.mark.parametrize("missing", ["mean", "interval_90", "low_middle_high", "counts", "missing_for_next", "before"])
def test_a_number_that_the_json_lacks_would_be_found(missing: str):
    found = released(11)
    report = as_read(found)
    for group in ("aspects", "choices", "ladders", "change"):
        for figure in report[group].values():
            figure.pop(missing, None)
            figure.pop("items", None)
            figure.pop("histogram", None)
    assert strangers(found, report) != []


def test_a_steady_movement_is_in_the_json_as_the_document_tells_it():
    asked = questionnaire(areas=())
    rising = [
        team_campaign({"aspect:inquiry": scores(*[2 + i] * 6, *[3 + i] * 6)}, quarter=quarter, asked=asked)
        for i, quarter in enumerate(["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"])
    ]
    series = release_series(rising, 10, "team")
    found = series.quarters[-1]
    steady = as_read(found, series)["steady"]
    assert steady["inquiry"] == {"direction": 1, "n_quarters": 5, "is_tested": False}
    assert {movement for aspect, movement in steady.items() if aspect != "inquiry"} <= {None}
    text = " ".join(getattr(block, "text", "") for page in document_of(found, series).pages for block in page.blocks)
    assert "rising over 5 quarters" in text
    assert as_read(series.quarters[2], series)["steady"]["inquiry"] is None
    assert as_read(found)["steady"] == {}


def test_so_is_every_number_of_the_quarters_before():
    kept = [campaign(9, 3, quarter="2026-Q1"), campaign(9, 2, quarter="2026-Q2"), campaign(11)]
    series = release_series(kept, 10, "team")
    found = series.quarters[-1]
    assert not_in_json(found, series) == set()
    trend = next(chart for chart in charts_of(document_of(found, series)) if chart.name == "trend")
    means = {written(value) for value in all_numbers(as_read(found, series)["series"])}
    shown = set(NUMBER.findall(QUARTER.sub(" ", trend.wide.alt)))
    assert len(shown) > 10
    assert shown <= means
