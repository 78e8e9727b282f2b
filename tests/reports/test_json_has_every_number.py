"""No PDF holds a number that the JSON of the same report does not.

How the PDF writes the JSON's numbers: means, ends of intervals and bounds, and detectable changes to one decimal
(halves to the even digit); a delta d as pairs of 100, round(50 (1 + d)); counts, rungs and n as they are. What else it
prints is no measurement and listed here: page numbers, the day, numbers in fixed sentences, ids of small changes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from questionnaires.changes import catalogue
from reports import pdf
from reports.blocks import Chart, Cultures
from reports.canonical import measured_hash
from reports.disclosure import release_series
from reports.document import team_document
from reports.released import Released, Series
from tests.reports.report_samples import ENGLISH, EVERY, as_read, campaign, released

DAY = date(2026, 11, 21)
NUMBER = re.compile(r"(?<![\w.])[−-]?\d+(?:\.\d+)?(?![\w.]*\d)")
# Fixed sentences: 90 % intervals, under 60 % answered, of 100 pairs, rungs 0 to 4.
SENTENCES = {"90", "60", "100", "0", "1", "2", "3", "4"}


def written(value: float) -> str:
    """Write a number of the JSON as a document does: counts as they are, measurements to one decimal."""
    return str(value) if isinstance(value, int) else ENGLISH.number(value).replace("−", "-")


def all_numbers(value: Any) -> Iterator[float]:
    """Yield every number of a JSON value; keys that are numbers are values of histograms."""
    if isinstance(value, Mapping):
        yield from (int(key) for key in value if key.isdecimal())
        for part in value.values():
            yield from all_numbers(part)
    elif isinstance(value, list):
        for part in value:
            yield from all_numbers(part)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def derived(report: Mapping[str, Any]) -> set[str]:
    """Return what a document computes from the JSON, by the rules above."""
    pairs = {str(round(50 * (1 + one["delta"]))) for one in report["change"].values() if one["delta"] is not None}
    scales = {tuple(one["scale"]) for one in report["aspects"].values() if "scale" in one}
    middles = {f"{(low + high) / 2:g}" for low, high in scales}
    missing = {str(one["reached"] + 1) for one in report["ladders"].values() if "reached" in one}
    named = {str(len(report[group])) for group in ("aspects", "ladders")}
    views = {str(n) for n in range(len(report["aspects"]) + 1)}
    return pairs | middles | missing | named | views


def printed(found: Released, series: Series | None) -> set[str]:
    """Return the numbers in the text of a team's PDF, and of its alternative texts."""
    document = team_document(found, ENGLISH, DAY, series)
    reader = PdfReader(io.BytesIO(pdf.write(document)))
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    for chart in (block for page in document.pages for block in page.blocks if hasattr(block, "wide")):
        text += f" {chart.wide.alt}"
    for own in (measured_hash(found), "21 November 2026", *re.findall(r"page \d+ of \d+", text)):
        text = text.replace(own, " ")
    for change in catalogue().changes:
        steps = (change.title, change.why, change.first_step, change.sign, change.who, change.when_not)
        for words in (change.id, *(ENGLISH.text(one) for one in steps)):
            text = text.replace(" ".join(words.split()), " ")
    text = re.sub(r"\b\d{4}-Q\d\b|\b\d\d-Q\d\b", " ", text)
    # The number of a list's next entry follows a sentence without a space.
    text = re.sub(r"(of 4)\.(\d)", r"\1. \2", text)
    for item in (item for _, aspect in found.questionnaire.aspects.values() for item in aspect.items):
        text = text.replace(ENGLISH.text(item.text), " ")
    for ladder in found.questionnaire.ladders.values():
        for rung in ladder.rungs:
            text = text.replace(ENGLISH.text(rung), " ")
    return {number.replace("−", "-") for number in NUMBER.findall(text)}


def not_in_json(found: Released, series: Series | None = None) -> set[str]:
    report = as_read(found, series)
    return printed(found, series) - set(map(written, all_numbers(report))) - derived(report) - SENTENCES


def beside(found: Released) -> Iterator[tuple[str, str]]:
    """Yield what a document says of each aspect or area by itself: rows of tables, sentences of alternative texts."""
    names = {key: ENGLISH.text(aspect.name) for key, (_, aspect) in found.questionnaire.aspects.items()}
    names |= {key: ENGLISH.text(ladder.name) for key, ladder in found.questionnaire.ladders.items()}
    charts = [block for page in team_document(found, ENGLISH, DAY).pages for block in page.blocks]
    for chart in (getattr(block, "chart", block) for block in charts if isinstance(block, Chart | Cultures)):
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


@pytest.mark.parametrize("name", ["exact", "coarse", "withheld", "unknown size", "atlas", "split", "unanimous"])
def test_every_number_of_a_pdf_is_in_the_json(name: str):
    found = EVERY[name]()
    assert isinstance(found, Released)
    assert not_in_json(found) == set()


@pytest.mark.parametrize("name", ["exact", "coarse", "withheld", "unknown size", "atlas", "split", "unanimous"])
def test_the_numbers_beside_an_aspect_are_in_its_own_part(name: str):
    found = EVERY[name]()
    assert isinstance(found, Released)
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


def test_so_is_every_number_of_the_quarters_before():
    kept = [campaign(9, 3, quarter="2026-Q1"), campaign(9, 2, quarter="2026-Q2"), campaign(11)]
    series = release_series(kept, 10, "team")
    found = series.quarters[-1]
    assert not_in_json(found, series) == set()
    trend = next(b for p in team_document(found, ENGLISH, DAY, series).pages for b in p.blocks
                 if isinstance(b, Chart) and b.name == "trend")  # fmt: skip
    means = {written(value) for value in all_numbers(as_read(found, series)["series"])}
    shown = set(NUMBER.findall(re.sub(r"\d{4}-Q\d", " ", trend.wide.alt)))
    assert len(shown) > 10
    assert shown <= means
