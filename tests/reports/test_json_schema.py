"""The shipped JSON Schema, and what validates against it."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from reports import schema, schema_figures
from reports.canonical import BELOW_DETAIL, measured_hash
from reports.disclosure import release, release_organisation
from tests.reports import document_fixtures as samples
from tests.reports.report_samples import ENGLISH, EVERY, RELEASED, as_read, campaign, quarters, released
from tests.reports.schema_checking import problems

SHIPPED = json.loads(schema.FILE.read_text(encoding="utf-8"))
ASPECTS = ["cooperation", "messengers", "risk_sharing", "bridging", "inquiry", "novelty"]
OWN = ("measured_hash", "series", "steady")
OUTSIDE = (*OWN, "campaign", "roadmap")
AREAS = ["language", "review", "follow_through", "sharing", "fairness"]


def test_the_shipped_file_is_what_the_models_say():
    assert schema.FILE.read_text(encoding="utf-8") == schema.text(), "run python -m reports.schema"
    assert schema.FILE.name == "report-1.json"
    assert SHIPPED["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_writing_it_again_changes_nothing(capsys: pytest.CaptureFixture[str]):
    assert schema.main() == 0
    assert capsys.readouterr().out == ""


def test_it_names_the_keys_that_programs_rely_on():
    part = SHIPPED["$defs"]["NodeReport"]
    top = {"schema_version", "node", "quarter", "n_invited", "n_answered", "aspects", "choices", "ladders", "change"}
    assert top | {"roadmap"} <= set(part["required"])
    assert part["properties"]["aspects"]["propertyNames"]["enum"] == ASPECTS
    assert part["properties"]["ladders"]["propertyNames"]["enum"] == AREAS
    aspect = SHIPPED["$defs"]["ExactAspect"]
    assert {"n", "mean", "interval_90", "bounds", "agreement", "histogram"} <= set(aspect["required"])
    assert SHIPPED["$defs"]["CoarseAspect"]["properties"]["withheld"]["const"] == BELOW_DETAIL
    assert set(schema_figures.BelowDetail.__args__) == {BELOW_DETAIL}  # type: ignore[attr-defined]


def test_every_measured_key_is_described():
    told_by_its_name = {
        "id",
        "name",
        "kind",
        "schema_version",
        "node",
        "quarter",
        "instruments",
        "n_answered",
        "n_left",
    }
    told_by_its_name |= {"tier", "before_tier", "aspects", "choices", "ladders", "roadmap", "changes", "departments"}
    told_by_its_name |= {"teams", "counts", "pathological", "bureaucratic", "generative", "open_end", "version"}
    told_by_its_name |= {"95", "99.8", "n_beyond", "change_within_teams", "reliability", "n", "n_teams", "withheld"}
    silent = {
        name
        for kind, model in SHIPPED["$defs"].items()
        if kind != "AspectThen" and not kind.startswith("Withheld")
        for name, part in model.get("properties", {}).items()
        if "description" not in part and part.get("type") != "null"
    }
    assert silent <= told_by_its_name


@pytest.mark.parametrize("name", EVERY)
def test_every_sample_is_valid(name: str):
    for series, spoken in ((None, None), (quarters(), ENGLISH if name in RELEASED else None)):
        value = as_read(EVERY[name](), series, spoken)
        assert problems(value, SHIPPED) == []
        schema.Report.validate_json(json.dumps(value))


def test_a_large_organisation_has_its_own_figures():
    report = as_read(EVERY["large organisation"]())
    assert report["change_within_teams"]["inquiry"]["n_teams"] == 8
    assert len(report["funnels"]["inquiry"]["teams"]) == 8
    assert report["reliability"]["inquiry"]["icc_1"] is not None


BREAKS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no quarter": lambda report: report.pop("quarter"),
    "a word for a mean": lambda report: report["aspects"]["inquiry"].update(mean="high"),
    "an unknown aspect": lambda report: report["aspects"].update(mood={"withheld": "too_few"}),
    "another key": lambda report: report.update(score=4.2),
    "an unknown reason": lambda report: report["aspects"].update(inquiry={"withheld": "secret"}),
    "a coarse histogram": lambda report: report["aspects"]["inquiry"].update(tier="coarse"),
    "a score that is no number": lambda report: report["aspects"]["inquiry"]["histogram"].update(high=1),
    "nobody counted": lambda report: report["aspects"]["inquiry"]["histogram"].update({"6": 0}),
    "half an interval": lambda report: report["aspects"]["inquiry"].update(interval_90=[4.1]),
    "another version": lambda report: report.update(schema_version=2),
    "a sixth rung": lambda report: report["ladders"]["review"].update(reached=5),
    "an arrow": lambda report: report["change"]["inquiry"].update(status="improved"),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_what_is_not_a_report_is_not_valid(broken: str):
    value = as_read(released(11))
    assert problems(value, SHIPPED) == []
    changed = copy.deepcopy(value)
    BREAKS[broken](changed)
    assert problems(changed, SHIPPED) != []
    with pytest.raises(ValidationError):
        schema.Report.validate_json(json.dumps(changed))


@pytest.mark.parametrize("name", ["exact", "coarse", "organisation of one team"])
def test_the_hash_can_be_computed_from_a_report_as_its_schema_says(name: str):
    found = EVERY[name]()
    value = as_read(found, quarters(), ENGLISH)

    def measured(part: dict[str, Any]) -> dict[str, Any]:
        kept = {key: one for key, one in part.items() if key not in OUTSIDE}
        for group in ("aspects", "choices", "ladders"):
            for figure in kept[group].values():
                figure.pop("name", None)
                for item in figure.get("items", {}).values():
                    item.pop("name", None)
        return {key: [measured(one) for one in v] if key in ("departments", "teams") else v for key, v in kept.items()}

    text = json.dumps(measured(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest()[:12] == value["measured_hash"] == measured_hash(found)


def test_the_series_ends_with_the_reports_own_quarter():
    series = quarters()
    value = as_read(series.quarters[0], series)
    assert [one["quarter"] for one in value["series"]] == ["2026-Q2"]
    value = as_read(series.quarters[1], series)
    assert [one["quarter"] for one in value["series"]] == ["2026-Q2", "2026-Q3"]
    assert value["series"][1]["aspects"]["inquiry"]["mean"] == value["aspects"]["inquiry"]["mean"]
    assert "histogram" not in value["series"][0]["aspects"]["inquiry"]
    assert as_read(samples.atlas())["series"] == []


def test_the_organisations_parts_are_the_reports_of_its_parts():
    kept = campaign(9)
    value, own = as_read(release_organisation(kept)), as_read(release(kept, 10))
    assert value["teams"] == [
        {key: part for key, part in own.items() if key not in ("measured_hash", "series", "steady")}
    ]
