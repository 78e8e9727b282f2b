"""Which numbers a document prints, and how it writes those of the JSON report.

Means, ends of intervals, bounds, limits and detectable changes are written to one decimal (halves upwards), alpha and
intraclass correlations to two, an adjusted p to three or more; shares of pairs in whole numbers that are 100 together;
counts, rungs and n as they are. What else is printed is no measurement and left out here: page numbers, the day,
numbers in fixed sentences, texts of statements and small changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from questionnaires.changes import catalogue
from questionnaires.instrument import Questionnaire
from reports import html, pdf
from reports.blocks import Chart, Cultures, Document, Table
from reports.document import organisation_document, team_document
from reports.released import Released, ReleasedOrganisation, Series
from reports.rounding import hundredths
from tests.reports.pdf_reading import words_of
from tests.reports.report_samples import ENGLISH

DAY = date(2026, 11, 21)
NUMBER = re.compile(r"(?<![\w.])[−-]?\d+(?:\.\d+)?(?![\w.]*\d)")
QUARTER = re.compile(r"\b\d{4}-Q\d\b|\b\d\d-Q\d\b")
# Of fixed sentences in all reports: 90 % intervals, under 60 % answered, of 100 pairs, rungs 0 to 4.
SENTENCES = {"90", "60", "100", "0", "1", "2", "3", "4"}
# Of an organisation's: a p below 0.001, limits that 95 and 99.8 of 100 keep (998 of 1000), beyond which one of 20 lies.
OF_THE_ORGANISATION = {"95", "99.8", "998", "1000", "20", "0.001"}
BESIDE = re.compile(r"90 % interval|under 60 %|limits?|[Rr]ung \d")


def plain(text: str) -> str:
    return text.replace("−", "-")


def forms(value: float) -> set[str]:
    """Return how a document may write a number of the JSON: counts as they are, measurements to fixed decimals."""
    if isinstance(value, int):
        return {str(value)}
    return {plain(ENGLISH.number(value, decimals)) for decimals in (1, 2, 3, 4)}


def written(value: float) -> str:
    """Write a number of the JSON as a document does: counts as they are, measurements to one decimal."""
    return str(value) if isinstance(value, int) else plain(ENGLISH.number(value))


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


def all_forms(value: Any) -> set[str]:
    return {form for number in all_numbers(value) for form in forms(number)}


def pairs(change: Mapping[str, Any]) -> set[str]:
    """Return what the document says in place of shares of pairs."""
    shares = [one["pairs"] for one in change.values() if one["pairs"] is not None]
    return {str(n) for one in shares for n in hundredths([one[way] for way in ("higher", "equal", "lower")])}


def derived(report: Mapping[str, Any]) -> set[str]:
    """Return what a document computes from the JSON, by the rules above."""
    scales = {tuple(one["scale"]) for one in report["aspects"].values() if "scale" in one}
    middles = {f"{(low + high) / 2:g}" for low, high in scales}
    missing = {str(one["reached"] + 1) for one in report["ladders"].values() if "reached" in one}
    named = {str(len(report[group])) for group in ("aspects", "ladders")}
    views = {str(n) for n in range(len(report["aspects"]) + 1)}
    changed = pairs(report["change"]) | pairs(report.get("change_within_teams", {}))
    return changed | middles | missing | named | views


def document_of(found: Released | ReleasedOrganisation, series: Series | None = None) -> Document:
    if isinstance(found, ReleasedOrganisation):
        return organisation_document(found, ENGLISH, DAY, series)
    return team_document(found, ENGLISH, DAY, series)


def charts_of(document: Document) -> Iterator[Chart]:
    for block in (block for page in document.pages for block in page.blocks):
        if isinstance(block, Chart | Cultures):
            yield block.chart if isinstance(block, Cultures) else block


def tables_of(document: Document) -> Iterator[Table]:
    yield from (block for page in document.pages for block in page.blocks if isinstance(block, Table))
    for chart in charts_of(document):
        yield from chart.tables


def printed(document: Document, asked: Questionnaire) -> set[str]:
    """Return the numbers in the text of a PDF, and of its alternative texts."""
    text = " ".join(words_of(pdf.write(document)))
    return _numbers(" ".join([text, *(chart.wide.alt for chart in charts_of(document))]), document, asked)


def on_screen(document: Document, asked: Questionnaire) -> set[str]:
    """Return the numbers in the text of the page, its tables behind figures included."""
    page = re.sub(r"(?s)<(style|script|svg)\b.*?</\1>|<head>.*?</head>", " ", html.render(document))
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split()).replace("&#39;", "'").replace("&amp;", "&")
    return _numbers(text, document, asked)


def _numbers(text: str, document: Document, asked: Questionnaire) -> set[str]:
    for own in (document.hash, "21 November 2026", *re.findall(r"page \d+ of \d+", text)):
        text = text.replace(own, " ")
    for change in catalogue().changes:
        steps = (change.title, change.why, change.first_step, change.sign, change.who, change.when_not)
        for words in (change.id, *(ENGLISH.text(one) for one in steps)):
            text = text.replace(" ".join(words.split()), " ")
    text = QUARTER.sub(" ", text)
    # The number of a list's next entry follows a sentence without a space.
    text = re.sub(r"(of 4)\.(\d)", r"\1. \2", text)
    for item in (item for _, aspect in asked.aspects.values() for item in aspect.items):
        text = text.replace(ENGLISH.text(item.text), " ")
    for ladder in asked.ladders.values():
        for rung in ladder.rungs:
            text = text.replace(ENGLISH.text(rung), " ")
    return {plain(number) for number in NUMBER.findall(text)}
