from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import codebook
from reports.canonical import to_json
from reports.codebook import NOTES, STATISTICS
from reports.csv_export import cell, codebook_file, export, rows_of, written
from reports.released import Released, ReleasedOrganisation
from tests.reports import document_fixtures as samples
from tests.reports.report_samples import EVERY, released

Table = list[dict[str, str]]


def read(content: bytes) -> Table:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def long(found: Released | ReleasedOrganisation) -> Table:
    return read(export(rows_of(found)))


def wide(found: Released | ReleasedOrganisation) -> Table:
    return read(export(rows_of(found), "wide"))


def value(table: Table, measure: str, statistic: str) -> dict[str, str]:
    (found,) = [row for row in table if (row["measure"], row["statistic"]) == (measure, statistic)]
    return found


# --- the file ---------------------------------------------------------------------------------------------------------


def test_it_is_rfc_4180_with_a_mark_where_asked_for():
    content = export(rows_of(replace(samples.atlas(), name='Lager, "Büro"\nSüd')))
    assert content.startswith(b"kind,parent,node,quarter,campaign,measure,statistic,value,n,note\r\n")
    assert content.endswith(b"\r\n")
    assert 'team,Payments,"Lager, ""Büro""\nSüd",2026-Q3,,node,n_invited,14,,\r\n'.encode() in content
    marked = export(rows_of(samples.atlas()), with_mark=True)
    assert marked == b"\xef\xbb\xbf" + export(rows_of(samples.atlas()))


FORMULAS = ["=SUM(A1)", "+1", "-Team", "@home", "\tTab", "\rReturn", "＝1+1", "－1"]


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("shape", ["long", "wide"])
def test_a_name_that_is_a_formula_is_text(name: str, shape: Any):
    table = read(export(rows_of(replace(samples.atlas(), name=name, parent_name=name)), shape))
    assert {row["node"] for row in table} == {row["parent"] for row in table} == {f"'{name}"}


@pytest.mark.parametrize(("text", "safe"), [("Ops;=1+1", "Ops;'=1+1"), ("Ops\n@x", "Ops\n'@x"), ("a-b=c", "a-b=c")])
def test_a_formula_within_a_name_is_text_for_other_separators(text: str, safe: str):
    assert cell(text) == safe


def test_headers_are_cells_too():
    assert written([("=A1", "mean")]) == b"'=A1,mean\r\n"


def test_negative_numbers_stay_numbers():
    assert (cell(-0.25), cell(-3), cell("-3"), cell(None), cell(True)) == ("-0.25", "-3", "'-3", "", "true")
    atlas = samples.atlas()
    first = atlas.aspects["cooperation"]
    lower = replace(first, change=replace(first.change, direction=-1, delta=-0.5))  # type: ignore[union-attr, arg-type]
    table = long(replace(atlas, aspects={**atlas.aspects, "cooperation": lower}))
    assert value(table, "change:cooperation", "delta")["value"] == "-0.5"
    assert value(table, "change:cooperation", "direction")["value"] == "-1"


@given(st.text(st.characters(codec="utf-8"), max_size=12))
def test_no_text_becomes_a_formula_and_every_text_reads_back(text: str):
    (row,) = csv.reader(io.StringIO(written([(text, 1)]).decode(), newline=""))
    assert row[0].replace("'", "") == text.replace("'", "")
    for part in row[0].replace("\n", ";").replace("\t", ";").replace("\r", ";").split(";"):
        assert not part.startswith(("=", "+", "-", "@"))


# --- what is in it ----------------------------------------------------------------------------------------------------


def json_values(report: dict[str, Any]) -> Iterator[float]:
    """Yield every number of a part's figures."""
    for key, part in report.items():
        if isinstance(part, bool) or key in ("schema_version", "version"):
            continue
        if isinstance(part, int | float):
            yield part
        elif isinstance(part, dict):
            yield from json_values(part)
        elif isinstance(part, list) and key != "series":
            for index, one in enumerate(part):
                yield from json_values({str(index): one})


@pytest.mark.parametrize("name", [name for name in EVERY if "organisation" not in name])
def test_the_long_form_holds_every_number_of_the_json(name: str):
    found = EVERY[name]()
    table = long(found)
    cells = {row["value"] for row in table} | {row["n"] for row in table}
    assert {repr(number) for number in json_values(to_json(found))} <= cells


@pytest.mark.parametrize("name", ["organisation", "large organisation"])
def test_an_organisation_has_its_parts_and_its_own_figures(name: str):
    found = EVERY[name]()
    assert isinstance(found, ReleasedOrganisation)
    table = long(found)
    assert [row["node"] for row in wide(found)] == [
        found.whole.name,
        *(part.name for part in (*found.departments, *found.teams)),
    ]
    report = to_json(found)
    values = {(row["measure"], row["statistic"]): row for row in table if row["kind"] == "organisation"}
    for aspect, change in report["change_within_teams"].items():
        assert values[f"within_teams:{aspect}", "n_before"]["value"] == cell(change["n_before"])
        assert values[f"within_teams:{aspect}", "adjusted_p"]["value"] == cell(change["adjusted_p"])
        icc = values[f"reliability:{aspect}", "icc_1"]
        assert icc["value"] == cell(report["reliability"][aspect]["icc_1"])
        assert icc["note"] == ("" if icc["value"] else "too_few_groups")
    assert not any(row["measure"].startswith("funnel") for row in table if row["kind"] == "team")


@pytest.mark.parametrize("name", EVERY)
def test_an_empty_value_says_why_and_a_note_is_in_the_codebook(name: str):
    for row in long(EVERY[name]()):
        assert row["value"] or row["note"] or row["statistic"].startswith("before_"), row
        assert row["note"] in {"", *NOTES}, row


def test_what_is_withheld_is_empty():
    table = long(samples.borealis())
    withheld = [row for row in table if row["measure"] != "node"]
    assert {(row["value"], row["n"], row["note"]) for row in withheld} == {("", "", "too_few")}
    assert len({row["measure"] for row in withheld}) > 20
    (row,) = wide(samples.borealis())
    assert row["n_answered"] == "4"
    assert row["aspect_inquiry_mean"] == row["aspect_inquiry_n"] == ""
    assert row["aspect_inquiry_note"] == "too_few"


def test_coarse_figures_have_no_counts_and_say_so():
    table = long(released(6))
    assert value(table, "aspect:inquiry", "mean")["note"] in ("rounded", "or_above", "or_below")
    for measure, statistic in (
        ("aspect:inquiry", "low"),
        ("aspect:inquiry", "count_all"),
        ("choice:inquiry", "generative"),
        ("ladder:review", "majority"),
        ("ladder:review", "count_0"),
    ):
        found = value(table, measure, statistic)
        assert (found["value"], found["note"]) == ("", "below_detail_size")


def test_a_reader_of_tables_gets_numbers():
    content = export(rows_of(samples.organisation()), "wide", with_mark=True)
    frame = pd.read_csv(io.BytesIO(content), encoding="utf-8-sig")
    assert len(frame) == 31
    assert frame["aspect_inquiry_mean"].dtype == float
    teams = frame[frame["kind"] == "team"]
    assert teams["aspect_inquiry_mean"].isna().sum() == 1
    assert frame["change_inquiry_status"].iloc[0] == "not_distinguishable"


def test_teams_that_were_asked_different_things_share_one_table():
    short = EVERY["scale 1-5, one statement"]()
    assert isinstance(short, Released)
    fewer = replace(short, aspects={"inquiry": short.aspects["inquiry"]}, ladders={}, name="Short")
    rows = [*rows_of(samples.atlas()), *rows_of(fewer)]
    first, second = read(export(rows, "wide"))
    assert first["ladder_review_note"] == ""
    assert second["ladder_review_note"] == second["aspect_novelty_note"] == "not_asked"
    assert second["aspect_inquiry_scale_high"] == "5"


# --- the codebook -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_every_column_and_statistic_is_in_the_codebook(name: str):
    book = read(codebook_file())
    found = EVERY[name]()
    columns = [row["column"] for row in book if row["column"]]
    for column in wide(found)[0]:
        assert [one for one in columns if fnmatchcase(column, one)], column
    known = {(row["measure"], row["statistic"]) for row in book if row["measure"]}
    rows = long(found)
    for measure, statistic in {(row["measure"], row["statistic"]) for row in rows}:
        fitting = [one for one in known if fnmatchcase(measure, one[0]) and fnmatchcase(statistic, one[1])]
        assert len(fitting) == 1, (measure, statistic)
    assert set(rows[0]) <= set(columns)


def test_the_codebook_says_meaning_unit_and_source_of_everything():
    book = read(codebook_file())
    assert list(book[0]) == ["column", "measure", "statistic", "meaning", "unit", "source"]
    assert all(row["meaning"] and row["unit"] for row in book)
    assert all(row["source"] for row in book if row["statistic"] and row["measure"])
    assert len({row["column"] for row in book if row["measure"]} - {""}) > 50


def test_every_source_stands_in_the_schema():
    from reports import schema

    text = json.dumps(schema.schema())
    for row in read(codebook_file()):
        steps = [step for step in row["source"].replace("[", ".[").split(".") if step and step not in ("*", "99", "8")]
        for step in steps:
            assert step.startswith("[") or f'"{step}"' in text or step == "95", row


def test_the_table_names_every_statistic_once():
    names = [(one.group, one.name) for one in STATISTICS]
    assert len(names) == len(set(names))
    assert {one.group for one in STATISTICS} == set(codebook.GROUPS) == set(codebook.PLACES)
