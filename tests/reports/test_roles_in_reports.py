"""How roles see it: the page, its figure, JSON and CSV of an organisation whose campaign asked for roles."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from reports import figures, pdf, role_pages, role_words, schema
from reports.blocks import Chart, Page, Table
from reports.canonical import to_json
from reports.document import organisation_document
from reports.figures.canvas import INK, PAPER, WIDE_MM
from reports.languages import language
from reports.released import OpenEnd, ReleasedOrganisation, ReleasedRole, RoleVerdict
from tests.reports import document_fixtures as samples
from tests.reports import role_fixtures
from tests.reports.schema_checking import problems
from tests.reports.test_csv_export import long, value, wide

ENGLISH, GERMAN = language("en"), language("de")
DAY = date(2026, 11, 21)


def page(found: ReleasedOrganisation) -> Page | None:
    return next(iter(role_pages.roles(found, ENGLISH)), None)


def told(one: Page | None) -> str:
    assert one is not None
    return " ".join(str(getattr(block, "text", "")) for block in one.blocks)


def drawn(narrow: bool = False, found: ReleasedOrganisation | None = None) -> figures.Drawn:
    found = found or role_fixtures.organisation_with_roles()
    return figures.roles(found.roles, role_words.names(found.whole, ENGLISH), ENGLISH, narrow=narrow)


def traces(one: figures.Drawn, name: str) -> list[Any]:
    return [trace for trace in one.figure.data if trace.name == name]


# --- the page ---------------------------------------------------------------------------------------------------------


def test_there_is_no_page_where_roles_were_not_asked():
    assert page(samples.organisation()) is None
    for found, n_pages in ((samples.organisation(), 0), (role_fixtures.organisation_with_roles(), 1)):
        ids = [one.id for one in organisation_document(found, ENGLISH, DAY).pages]
        assert ids.count("roles") == n_pages


def test_it_names_the_aspects_on_which_roles_differ_and_claims_no_others():
    one = page(role_fixtures.organisation_with_roles())
    assert "Roles answer differently within teams on “Cooperation” and “Bridging between teams”." in told(one)
    assert one is not None
    (table,) = (block for block in one.blocks if isinstance(block, Table))
    assert dict(row[:2] for row in table.rows) == {
        "Cooperation": "roles answer differently within teams",
        "Messengers of bad news": "not distinguishable from chance",
        "Sharing of risks": "not distinguishable from chance",
        "Bridging between teams": "roles answer differently within teams",
        "Inquiry after failure": "not distinguishable from chance",
        "Room for novelty": "not tested",
    }


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        (RoleVerdict.DIFFERENT, "Roles answer differently within teams on every aspect."),
        (RoleVerdict.NOT_DISTINGUISHABLE, "On no aspect can a difference between roles be told from chance."),
        (RoleVerdict.NOT_TESTED, "No difference between roles was tested this quarter."),
    ],
)
def test_one_sentence_says_it_where_all_aspects_are_alike(verdict: RoleVerdict, sentence: str):
    found = role_fixtures.organisation_with_roles()
    alike = {aspect: replace(found.roles["cooperation"], verdict=verdict) for aspect in found.roles}
    assert sentence in told(page(replace(found, roles=alike)))


def test_it_warns_that_roles_are_said_of_oneself_and_rank_nobody():
    text = told(page(role_fixtures.organisation_with_roles()))
    assert "Roles are what people said of themselves." in text
    assert "ranks nobody and blames nobody" in text


def test_a_withheld_role_says_why_and_from_when_on_it_is_shown():
    one = page(role_fixtures.organisation_with_roles())
    assert "from 10 answers in 3 teams on" in told(one)
    assert "could work out a few people’s answers" in told(one)
    assert one is not None
    (chart,) = (block for block in one.blocks if isinstance(block, Chart))
    reasons = {(row[0], row[1]): row[2] for row in chart.tables[0].rows}
    assert reasons["Messengers of bad news", "Leading"] == "withheld: shown, it would give a small group away"
    assert reasons["Room for novelty", "Building"] == "withheld: too few answers"
    larger = role_fixtures.organisation_with_roles()
    larger = replace(larger, whole=replace(larger.whole, reporting_size=15))
    assert "from 15 answers in 3 teams on" in told(page(larger))


def test_where_all_are_withheld_there_is_a_sentence_and_no_figure():
    one = page(role_fixtures.organisation_with_roles_withheld())
    assert "No roles can be compared this quarter." in told(one)
    assert one is not None
    assert not [block for block in one.blocks if isinstance(block, Chart | Table)]


@pytest.mark.parametrize("code", ["en", "de"])
def test_it_fits_one_printed_page(code: str):
    found = role_fixtures.organisation_with_roles()
    document = organisation_document(found, language(code), DAY)
    # The first page has the title of the document above its own.
    only = replace(document, pages=tuple(one for one in document.pages if one.id in ("summary", "roles")))
    assert len(PdfReader(io.BytesIO(pdf.write(only))).pages) == 2


# --- the figure -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("narrow", [False, True])
def test_every_shown_role_has_a_mark_of_its_own_shape_and_its_interval(narrow: bool):
    found = role_fixtures.organisation_with_roles()
    shown = [
        (role, one)
        for each in found.roles.values()
        for role, one in each.roles.items()
        if isinstance(one, ReleasedRole)
    ]
    one = drawn(narrow)
    marks = traces(one, "mean")
    assert [mark.x[0] for mark in marks] == [figure.mean for _, figure in shown]
    assert [tuple(line.x) for line in traces(one, "interval")] == [figure.interval_90 for _, figure in shown]
    shapes = {(role, mark.marker.symbol) for (role, _), mark in zip(shown, marks, strict=True)}
    assert len(shapes) == len({shape for _, shape in shapes}) == 4
    assert {(mark.marker.color, mark.marker.line.color) for mark in marks} == {(PAPER, INK)}


def test_names_numbers_and_verdicts_stand_beside_the_marks():
    texts = [annotation.text for annotation in drawn().figure.layout.annotations]
    assert texts.count("Building") == texts.count("Leading") == 6
    assert texts.count("not shown") == 2 + 4
    assert {"6.7 or above", "88", "roles answer differently within teams", "not tested"} <= set(texts)


def test_nothing_is_written_outside_the_figure():
    for narrow in (False, True):
        one = drawn(narrow)
        for annotation in one.figure.layout.annotations:
            assert 0 <= annotation.x <= 1
            assert 0 <= annotation.y <= 1
    assert drawn().width_mm == pytest.approx(WIDE_MM)


def test_the_alternative_text_says_what_it_shows():
    alt = drawn().alt
    assert "Cooperation: roles answer differently within teams; Building 4.1 from 88 answers" in alt
    assert "Deciding 6.7 or above from 14 answers" in alt
    assert "Messengers of bad news: not distinguishable from chance" in alt
    assert "Leading not shown" in alt


# --- for programs -----------------------------------------------------------------------------------------------------


def test_the_json_holds_it_and_fits_its_schema():
    found = role_fixtures.organisation_with_roles()
    report = json.loads(json.dumps(to_json(found)))
    assert problems(report, schema.schema()) == []
    schema.Report.validate_json(json.dumps(report))
    assert report["roles"]["cooperation"]["adjusted_p"] == 0.024
    deciding = report["roles"]["cooperation"]["roles"]["deciding"]
    assert (deciding["n"], deciding["mean"], deciding["open_end"]) == (14, 6.7, OpenEnd.TOP)
    assert report["roles"]["messengers"]["roles"]["leading"] == {"withheld": "would_reveal"}
    assert to_json(samples.organisation())["roles"] == {}
    assert not {key for part in (*report["teams"], *report["departments"]) for key in part if "role" in key}


def test_the_long_csv_holds_it_and_teams_have_none():
    table = long(role_fixtures.organisation_with_roles())
    assert value(table, "roles:cooperation", "verdict")["value"] == "different"
    assert value(table, "roles:novelty", "p")["note"] == "not_tested"
    deciding = value(table, "role:cooperation:deciding", "mean")
    assert (deciding["value"], deciding["n"], deciding["note"]) == ("6.7", "14", "or_above")
    assert value(table, "role:cooperation:leading", "mean")["note"] == "rounded"
    withheld = value(table, "role:messengers:leading", "mean")
    assert (withheld["value"], withheld["n"], withheld["note"]) == ("", "", "would_reveal")
    assert {row["kind"] for row in table if re.match("roles?:", row["measure"])} == {"organisation"}
    assert not [column for column in wide(role_fixtures.organisation_with_roles())[0] if column.startswith("role")]
