from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from reports import pdf, schema_trend
from reports.blocks import Chart, Document, Lead, Table
from reports.canonical import OUTSIDE_THE_HASH, part
from reports.languages import language
from reports.released import ReleasedChoice, ReleasedLadder, Series
from reports.trend_document import to_json, trend_document, trend_hash
from tests.reports import document_fixtures as cast
from tests.reports.document_matrix import eight_quarters, five_quarters, one_withheld, other_instrument, shipped
from tests.reports.schema_checking import problems

ENGLISH, GERMAN = language("en"), language("de")
DAY = date(2026, 11, 21)


def made(series: Series) -> Document:
    return trend_document(series, ENGLISH, DAY)


def tables(document: Document) -> dict[str, Table]:
    return {block.caption: block for page in document.pages for block in page.blocks if isinstance(block, Table)}


def words_of(document: Document) -> str:
    return str(document.pages[0].blocks)


def test_eight_quarters_make_three_pages_with_a_row_for_each():
    series = eight_quarters()
    document = made(series)
    assert (document.kind, [page.id for page in document.pages]) == ("trend", ["told", "aspects", "practice"])
    quarters = [released.quarter for released in series.quarters]
    for table in tables(document).values():
        assert [row[0] for row in table.rows] == quarters
    (chart,) = (block for block in document.pages[1].blocks if isinstance(block, Chart))
    assert all(quarter in chart.wide.alt for quarter in quarters)


def test_rungs_and_cultures_stand_as_they_were_released():
    series = five_quarters()
    shown = tables(made(series))
    for released, rungs, named in zip(
        series.quarters, shown["Rungs reached"].rows, shown["Cultures named"].rows, strict=True
    ):
        for figure, cell in zip(released.ladders.values(), rungs[1:], strict=True):
            assert isinstance(figure, ReleasedLadder)
            assert cell == str(figure.reached)
        for choice, cell in zip(released.choices.values(), named[1:], strict=True):
            assert isinstance(choice, ReleasedChoice)
            assert cell == (choice.name or "mixed")


def test_a_withheld_quarter_keeps_its_place_and_tells_nothing():
    series = one_withheld(2)
    document = made(series)
    quarter = series.quarters[2].quarter
    assert f"{quarter} is withheld" in words_of(document)
    shown = tables(document)
    for caption in ("Means with 90 % intervals", "Rungs reached", "Cultures named"):
        assert set(shown[caption].rows[2][1:]) == {"withheld"}
    (chart,) = (block for block in document.pages[1].blocks if isinstance(block, Chart))
    assert f"{quarter} " not in chart.wide.alt.partition(". ")[2]


def test_a_withheld_last_quarter_leaves_the_earlier_ones_drawn():
    series = one_withheld(-1)
    (chart,) = (block for block in made(series).pages[1].blocks if isinstance(block, Chart))
    assert series.quarters[-2].quarter in chart.wide.alt.partition(". ")[2]


def test_where_the_questions_changed_it_says_so_and_compares_nothing():
    series = other_instrument()
    document = made(series)
    before, after = series.quarters[1].quarter, series.quarters[2].quarter
    assert f"After {before} the questions changed: what came before is not compared with {after}." in words_of(document)
    assert "on a scale from 1 to 5" in tables(document)["Means with 90 % intervals"].rows[0][1]
    assert "Moved steadily" not in words_of(document)


def test_one_quarter_says_what_will_come_and_claims_nothing():
    document = made(Series((shipped(cast.first_quarter()),)))
    assert isinstance(document.pages[0].blocks[0], Lead)
    assert "From the second quarter on" in words_of(document)
    assert "steadily" not in words_of(document)


def test_when_all_is_withheld_one_page_says_why():
    document = made(Series((shipped(cast.borealis()),)))
    assert [page.id for page in document.pages] == ["told"]
    assert "fewer than 5 answers" in words_of(document)


def test_the_organisation_is_called_steady_in_nothing():
    series = eight_quarters("Northwind", kind="organisation", n_teams=9, invited=90, answered=80)
    assert "Nothing is called steady here" in words_of(made(series))
    assert "No aspect moved steadily" not in words_of(made(series))


def test_the_json_holds_each_quarter_as_its_report_does():
    quarters = list(cast.series().quarters)
    quarters[2] = cast.withheld(quarters[2])
    series = Series(tuple(quarters))
    values = json.loads(json.dumps(to_json(series)))
    assert (values["kind"], values["node"]["name"]) == ("trend", "Atlas")
    for released, quarter in zip(series.quarters, values["quarters"], strict=True):
        expected = {key: value for key, value in part(released).items() if key not in OUTSIDE_THE_HASH}
        assert quarter == json.loads(json.dumps(expected))


def test_the_shipped_schema_of_trends_is_what_the_models_say():
    assert schema_trend.FILE.read_text(encoding="utf-8") == schema_trend.text(), "run python -m reports.schema_trend"


def test_every_trend_fits_its_schema():
    shipped_schema = json.loads(schema_trend.FILE.read_text(encoding="utf-8"))
    of_all = eight_quarters("Northwind", kind="organisation", n_teams=9, invited=90, answered=80)
    rounded = eight_quarters("Cygnus", invited=5, answered=5)
    steadily = {"cooperation": {"direction": 1, "n_quarters": 5, "is_tested": False}}
    for series in (one_withheld(2), other_instrument(), rounded, of_all):
        values = json.loads(json.dumps(to_json(series)))
        assert problems(values | {"steady": steadily}, shipped_schema) == []
        schema_trend.Trend.model_validate_json(json.dumps(values))
        assert problems(values | {"campaign": 1}, shipped_schema) != []


def test_the_hash_is_of_what_was_measured_in_any_language():
    series = five_quarters()
    assert made(series).hash == trend_document(series, GERMAN, DAY).hash == to_json(series)["measured_hash"]
    other = (replace(series.quarters[0], n_answered=1), *series.quarters[1:])
    assert trend_hash(Series(other)) != trend_hash(series)


def test_no_quarter_makes_no_trend():
    for make in (made, to_json):
        with pytest.raises(ValueError, match="needs a quarter"):
            make(Series(()))


def test_it_is_printed():
    assert pdf.write(made(one_withheld(2))).startswith(b"%PDF")
