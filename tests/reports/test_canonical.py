from __future__ import annotations

import json
import random
import re
from dataclasses import fields, replace

import pytest

from questionnaires.changes import Catalogue
from reports.canonical import canonical_json, measured_hash, to_json
from reports.disclosure import release, release_organisation
from reports.languages import language
from reports.released import (
    Change,
    ReleasedAspect,
    ReleasedChoice,
    ReleasedItem,
    ReleasedLadder,
    Suggestion,
    Suggestions,
)
from tests.reports.builders import answers_of, one_aspect, questionnaire, scores, team_campaign

EMPTY = Catalogue.model_construct(changes=())
TOP = {
    "schema_version",
    "node",
    "quarter",
    "n_invited",
    "n_answered",
    "aspects",
    "choices",
    "ladders",
    "change",
    "roadmap",
}


def atlas(n=9, seed=1):
    asked = questionnaire()
    return release(team_campaign(answers_of(asked, n, random.Random(seed)), asked=asked, n_answered=n), 10)


def test_the_report_has_its_documented_keys():
    report = to_json(atlas())
    assert set(report) >= TOP
    assert list(report["aspects"]) == ["cooperation", "messengers", "risk_sharing", "bridging", "inquiry", "novelty"]
    aspect = report["aspects"]["inquiry"]
    assert {"n", "mean", "interval_90", "bounds", "agreement", "histogram"} <= set(aspect)
    assert sum(aspect["histogram"].values()) == 9
    assert all(6 <= int(score) <= 42 for score in aspect["histogram"])
    assert "withheld" not in aspect
    assert report["schema_version"] == 1


def test_the_mean_is_unrounded_from_eight_on_and_coarse_below():
    asked = one_aspect()
    exact = release(team_campaign({"aspect:cooperation": scores(*[5] * 8, 4)}, asked=asked), 10, changes=EMPTY)
    assert to_json(exact)["aspects"]["cooperation"]["mean"] == 44 / 9
    coarse = release(team_campaign({"aspect:cooperation": scores(*[5] * 6, 4)}, asked=asked), 10, changes=EMPTY)
    figure = to_json(coarse)["aspects"]["cooperation"]
    assert figure["mean"] == 4.9
    assert (figure["histogram"], figure["withheld"]) == (None, "below_detail_size")


def test_a_withheld_team_says_why():
    report = to_json(atlas(4))
    assert report["aspects"]["novelty"] == {"withheld": "too_few"}
    assert report["ladders"]["review"] == {"withheld": "too_few"}
    assert report["change"] == {}


@pytest.mark.parametrize("n", [4, 6, 9])
def test_it_is_plain_json_that_reads_back(n):
    report = to_json(atlas(n))
    assert json.loads(json.dumps(report)) == report


def test_every_released_number_is_in_it():
    report = to_json(atlas())
    renamed = {"name": "culture", "items": "items", "change": "change"}
    for kind, group, ours in (
        (ReleasedAspect, "aspects", "inquiry"),
        (ReleasedChoice, "choices", "inquiry"),
        (ReleasedLadder, "ladders", "review"),
    ):
        missing = {renamed.get(field.name, field.name) for field in fields(kind)} - set(report[group][ours])
        assert missing <= {"change"}
    assert {field.name for field in fields(Change)} == set(report["change"]["inquiry"])
    assert {field.name for field in fields(ReleasedItem)} == set(report["aspects"]["inquiry"]["items"]["inquiry_1"])
    assert {field.name for field in fields(Suggestions)} == set(report["roadmap"])
    assert len(fields(Suggestion)) == len({"id", "because", "n_waiting"})


def test_names_come_in_the_language_asked_for():
    assert "name" not in to_json(atlas())["aspects"]["inquiry"]
    report = to_json(atlas(), language("en"))
    assert report["aspects"]["inquiry"]["name"] == "inquiry"
    assert report["aspects"]["inquiry"]["items"]["inquiry_2"]["name"] == "inquiry 2"
    assert report["ladders"]["review"]["name"] == "review"


def test_the_hash_is_of_the_measured_part_only():
    released = atlas()
    assert re.fullmatch("[0-9a-f]{12}", measured_hash(released))
    other = release(
        team_campaign(answers_of(questionnaire(), 9, random.Random(1)), n_answered=9), 10, done=["C04", "C15"]
    )
    assert other.suggestions != released.suggestions
    assert measured_hash(other) == measured_hash(released)
    assert measured_hash(atlas(seed=2)) != measured_hash(released)


def test_the_hash_changes_with_every_measured_number():
    released = atlas()
    aspect = released.aspects["inquiry"]
    for changed in (
        replace(released, n_answered=8),
        replace(released, quarter="2026-Q4"),
        replace(released, aspects={**released.aspects, "inquiry": replace(aspect, mean=aspect.mean + 1e-12)}),
    ):
        assert measured_hash(changed) != measured_hash(released)


def test_canonical_json_does_not_depend_on_order():
    released = atlas()
    turned = replace(released, aspects=dict(reversed(released.aspects.items())))
    assert canonical_json(turned) == canonical_json(released)
    assert " " not in canonical_json(replace(released, name="Atlas", parent_name=None))


def test_an_organisation_report_holds_its_departments_and_teams():
    asked = questionnaire()
    kept = team_campaign(answers_of(asked, 9, random.Random(1)), asked=asked)
    organisation = release_organisation(kept)
    report = to_json(organisation)
    assert report["node"]["kind"] == "organisation"
    assert [part["node"]["name"] for part in report["teams"]] == ["Atlas"]
    assert [part["node"]["kind"] for part in report["departments"]] == ["department"]
    assert "roadmap" not in canonical_json(organisation)
    assert re.fullmatch("[0-9a-f]{12}", measured_hash(organisation))
