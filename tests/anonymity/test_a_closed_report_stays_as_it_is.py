"""Promise: nothing that happens after closing changes a report, so nobody can ask it one question after the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessment.services.build_report import released_team
from assessment.services.import_answers import import_answers
from assessment.services.platform import Platform
from assessment.services.undo_import import undo_import
from questionnaires.loader import questionnaire
from reports.canonical import measured_hash
from reports.released import ReleasedAspect, Status
from tests import builders
from tests.builders import Cast
from tests.conftest import Clock

ASKED = ("cooperation", "messengers", "risk_sharing", "bridging", "inquiry", "novelty")
SHORT = {"instruments": ["westrum-short"], "focus": ["messengers"]}


def invented(platform: Platform, cast: Cast, folder: Path, value: int, quarter: str = "2026-Q2") -> int:
    """Import five answers for Cygnus to our own questions, all of them this value; return the campaign's id."""
    asked = questionnaire(SHORT["instruments"]).aspects
    texts = [asked[aspect][1].items[0].text["en"] for aspect in ASKED]
    rows = [",".join(["Cygnus", *[str(value)] * len(ASKED)])] * 5
    mapping = folder / "mapping.yaml"
    columns = "".join(f'  {aspect}: "{text}"\n' for aspect, text in zip(ASKED, texts, strict=True))
    mapping.write_text(f"instrument: westrum-short\nteam: {{column: Team}}\ncolumns:\n{columns}")
    source = "\n".join([",".join(["Team", *(f'"{text}"' for text in texts)]), *rows]).encode()
    done = import_answers(platform, source, mapping, quarter=quarter, actor=cast.operator)
    assert done.campaign_id is not None
    return done.campaign_id


def test_importing_an_earlier_quarter_again_and_again_tells_nothing_new(
    platform: Platform, cast: Cast, clock: Clock, tmp_path: Path
):
    builders.closed(platform, clock, cast, teams=["Cygnus"], **SHORT)
    before = measured_hash(released_team(platform, cast.hedy, cast.teams["Cygnus"], "2026-Q3"))
    for value in range(1, 8):
        clock.move(minutes=1)
        made = invented(platform, cast, tmp_path, value)
        assert measured_hash(released_team(platform, cast.hedy, cast.teams["Cygnus"], "2026-Q3")) == before
        undo_import(platform, cast.operator, made)


def test_nor_does_a_campaign_that_is_called_an_earlier_quarter(platform: Platform, cast: Cast, clock: Clock):
    builders.closed(platform, clock, cast, teams=["Cygnus"], **SHORT)
    before = measured_hash(released_team(platform, cast.hedy, cast.teams["Cygnus"], "2026-Q3"))
    builders.closed(platform, clock, cast, teams=["Cygnus"], quarter="2026-Q2", level=lambda _: 0.0, **SHORT)
    assert measured_hash(released_team(platform, cast.hedy, cast.teams["Cygnus"], "2026-Q3")) == before


@pytest.mark.parametrize(("value", "status"), [(1, Status.CHANGED), (5, Status.NOT_DISTINGUISHABLE)])
def test_what_was_imported_before_is_compared_with(
    platform: Platform, cast: Cast, clock: Clock, tmp_path: Path, value: int, status: Status
):
    invented(platform, cast, tmp_path, value)
    builders.closed(platform, clock, cast, teams=["Cygnus"], level=lambda _: 0.6, **SHORT)
    aspect = released_team(platform, cast.hedy, cast.teams["Cygnus"], "2026-Q3").aspects["messengers"]
    assert isinstance(aspect, ReleasedAspect)
    assert aspect.change.status is status
