"""No number stands in an organisation's report that the JSON of the same report does not hold, in its own place.

A set of all numbers of an organisation holds nearly every small count. So each row of a table and each sentence of an
alternative text is looked at by itself: it begins with an aspect, a practice area, a team, a department or a small
change, and its numbers must stand in what the JSON says of just this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from questionnaires.changes import catalogue
from reports.blocks import Document
from reports.canonical import to_json
from reports.disclosure import release_organisation, release_series
from reports.released import ReleasedOrganisation, Series
from tests.reports.numbers import (
    BESIDE,
    NUMBER,
    OF_THE_ORGANISATION,
    QUARTER,
    SENTENCES,
    all_forms,
    charts_of,
    derived,
    document_of,
    on_screen,
    pairs,
    plain,
    printed,
    tables_of,
)
from tests.reports.report_samples import ENGLISH, EVERY, as_read, large
from tests.reports.test_csv_export import long

NAMES = ["organisation", "large organisation", "organisation with roles"]
BY_ASPECT = (
    "aspects", "choices", "ladders", "change", "change_within_teams", "funnels", "reliability", "teams_per_rung",
    "roles",
)  # fmt: skip
Places = Mapping[str, tuple[Any, ...]]


@cache
def organisation(name: str) -> ReleasedOrganisation:
    found = EVERY[name]()
    assert isinstance(found, ReleasedOrganisation)
    return found


@cache
def document(name: str) -> Document:
    return document_of(organisation(name))


def places(found: ReleasedOrganisation, report: Mapping[str, Any]) -> Places:
    """Return by what a row or sentence begins with what the JSON says of it."""
    asked = found.whole.questionnaire
    names = {ENGLISH.text(part.name): key for key, (_, part) in asked.aspects.items()}
    names |= {ENGLISH.text(part.name): key for key, part in asked.ladders.items()}
    of_aspects = {name: tuple(report.get(group, {}).get(key) for group in BY_ASPECT) for name, key in names.items()}
    statements = {
        ENGLISH.text(item.text): (report["aspects"][key].get("items", {}).get(item.id),)
        for key, (_, part) in asked.aspects.items()
        for item in part.items
    }
    nodes = {one["node"]["name"]: (one,) for one in (*report["departments"], *report["teams"], report)}
    suggested = {change: (n,) for change, n in report["roadmap"].get("n_teams_suggested", {}).items()}
    return {**nodes, **of_aspects, **statements, **suggested}


def beside(document: Document, known: Places) -> Iterator[tuple[str, str]]:
    """Yield what a row or a sentence begins with, and the rest of it."""
    for table in tables_of(document):
        for row in table.rows:
            assert row[0] in known, f"{table.caption}: nothing is known of {row[0]}"
            yield row[0], " ".join(row[1:])
    for chart in charts_of(document):
        for sentence in chart.wide.alt.split(". "):
            fitting = [name for name in known if sentence.startswith(f"{name}:")]
            if fitting:
                yield max(fitting, key=len), sentence.removeprefix(max(fitting, key=len))


def strangers(name: str, report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the numbers that stand beside a name and not in its own part of the JSON."""
    found = organisation(name)
    known, wrong = places(found, report), []
    asked = found.whole.questionnaire
    for who, text in beside(document(name), known):
        own = all_forms(list(known[who])) | {"0", str(found.whole.reporting_size)}
        for part in known[who]:
            if isinstance(part, Mapping):
                own |= {str(part["reached"] + 1)} if "reached" in part else set()
                own |= pairs({"": part}) if "delta" in part else set()
        fixed = [rung for ladder in asked.ladders.values() for rung in ladder.rungs]
        fixed += [part for change in catalogue().changes for part in (change.title, change.who)]
        for part in fixed:
            text = text.replace(ENGLISH.text(part), " ")
        text = plain(BESIDE.sub(" ", QUARTER.sub(" ", text)))
        wrong += [(who, number) for number in NUMBER.findall(text) if number not in own]
    return wrong


def not_in_json(found: ReleasedOrganisation, numbers: set[str], series: Series | None = None) -> set[str]:
    report = as_read(found, series)
    return numbers - all_forms(report) - derived(report) - SENTENCES - OF_THE_ORGANISATION


@pytest.mark.parametrize("name", NAMES)
def test_every_number_on_the_page_is_in_the_json(name: str):
    found = organisation(name)
    assert not_in_json(found, on_screen(document(name), found.whole.questionnaire)) == set()


def test_every_number_of_the_pdf_is_in_the_json():
    series = release_series([large("2026-Q1", 3), large("2026-Q2", 2), large("2026-Q3", 1)], None, "organisation")
    found = organisation("large organisation")
    pdf = printed(document_of(found, series), found.whole.questionnaire)
    assert not_in_json(found, pdf, series) == set()


@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_beside_a_name_are_in_its_own_part(name: str):
    assert strangers(name, as_read(organisation(name))) == []


REMOVED = {
    "teams_per_rung": "teams_per_rung",
    "funnels": "limits_at_detail_size",
    "reliability": "alpha",
    "change_within_teams": "adjusted_p",
    "departments": "n_invited",
    "roles": "interval_90",
    "teams": "mean",
}


@pytest.mark.parametrize("group", REMOVED)
def test_a_number_that_the_json_lacks_would_be_found(group: str):
    report = as_read(organisation("organisation with roles"))

    def without(value: Any) -> Any:
        if isinstance(value, list):
            return [without(one) for one in value]
        if not isinstance(value, dict):
            return value
        left_out = (REMOVED[group], "histogram", "icc_1", "icc_2", "n_joined", "n_left")
        return {key: without(one) for key, one in value.items() if key not in left_out}

    report[group] = {} if group == "teams_per_rung" else without(report[group])
    assert strangers("organisation with roles", report) != []


def test_what_teams_were_suggested_adds_up():
    found = organisation("organisation")
    road = to_json(found)["roadmap"]
    assert road["n_teams_suggested"] == {"C04": 25 - 1, "C15": 25 - 1}
    assert road["n_teams_talking"] == 0
    assert to_json(found)["n_teams_withheld"] == 1


def test_how_many_teams_stand_on_each_rung_is_in_json_and_csv():
    found = organisation("organisation")
    per_rung = to_json(found)["teams_per_rung"]
    rows = {(row["measure"], row["statistic"]): row["value"] for row in long(found) if row["kind"] == "organisation"}
    for area, counts in per_rung.items():
        assert sum(counts.values()) == 24
        for rung, n_teams in counts.items():
            assert rows[f"rungs:{area}", f"teams_{rung}"] == str(n_teams)
    assert rows["organisation", "n_teams_withheld"] == "1"


def test_an_organisation_has_no_steady_movement_and_says_nothing_of_it():
    series = release_series([large("2026-Q2", 2), large("2026-Q3", 1)], None, "organisation")
    assert as_read(organisation("large organisation"), series)["steady"] == {}


def test_the_number_of_the_campaign_stands_beside_the_quarter_and_not_in_the_hash():
    first, second = (release_organisation(replace(large("2026-Q3", 1), campaign=number)) for number in (7, 8))
    one, other = as_read(first), as_read(second)
    assert (one["campaign"], other["campaign"], one["teams"][0]["campaign"]) == (7, 8, 7)
    assert one["measured_hash"] == other["measured_hash"]
    assert {row["campaign"] for row in long(first)} == {"7"}
    assert re.fullmatch("[0-9a-f]{12}", one["measured_hash"])
