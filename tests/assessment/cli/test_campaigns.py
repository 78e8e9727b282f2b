from __future__ import annotations

import json

import pytest

from assessment.services.campaigns import get_campaign
from assessment.services.platform import Platform
from tests import builders
from tests.assessment.cli.conftest import Run
from tests.builders import Cast
from tests.conftest import Clock

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DRAFT = ("campaign", "draft", "--quarter", "2026-Q3", "--closes", "2026-09-15 18:00")


def test_a_campaign_from_draft_to_closed(run: Run, cast: Cast, platform: Platform, clock: Clock) -> None:
    draft = json.loads(run(*DRAFT, "--all-teams", "--focus", "messengers", "--json").stdout)
    assert draft["state"] == "draft"
    # The organisation's time zone is two hours ahead of UTC in September.
    assert draft["closes_at"].startswith("2026-09-15T16:00")
    assert [team["n_invited"] for team in draft["teams"]] == [12, 4, 5]
    opened = run("campaign", "open", draft["id"]).output
    assert "Borealis: 4 invited; too small for figures of its own" in opened
    assert "Nothing is due" in run("close").output
    assert "and not before" in run("close", draft["id"], code=1).stderr
    clock.move(days=20)
    assert json.loads(run("campaign", "status", draft["id"], "--json").stdout)["is_due"]
    closed = json.loads(run("close", "--json").stdout)
    assert closed == {"closed": [{"campaign": draft["id"], "n_answered": 0}], "not_closed": []}
    assert get_campaign(platform, cast.operator, draft["id"]).state == "closed"


def test_status_shows_every_campaign_and_no_count_while_open(run: Run, cast: Cast, platform: Platform) -> None:
    assert "no campaign yet" in run("campaign", "status").output
    campaign = builders.opened(platform, cast)
    builders.answer(platform, campaign, "Atlas", n=7)
    assert "2026-Q3  open" in run("campaign", "status").output
    (listed,) = json.loads(run("campaign", "status", "--json").stdout)
    assert {team["n_answered"] for team in listed["teams"]} == {None}
    assert "7" not in run("campaign", "status", campaign.id).output.split("Atlas")[1].split("Borealis")[0]


@ON_SQLITE
def test_void_asks_first_and_is_final(run: Run, cast: Cast, platform: Platform) -> None:
    campaign = builders.opened(platform, cast)
    run("campaign", "void", campaign.id, given="n\n", code=1)
    assert get_campaign(platform, cast.operator, campaign.id).state == "open"
    assert "is void" in run("campaign", "void", campaign.id, "--yes").output
    assert "not open" in run("campaign", "void", campaign.id, "--yes", code=1).stderr


@ON_SQLITE
@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ((*DRAFT,), 2, "--all-teams"),
        ((*DRAFT, "--team", "Draco"), 3, "no team 'Draco'"),
        ((*DRAFT, "--all-teams", "--reporting-size", "4"), 2, "never lowered"),
        ((*DRAFT, "--all-teams", "--way", "carrier-pigeon"), 2, "open-link"),
        ((*DRAFT, "--all-teams", "--focus", "mood"), 2, "mood"),
        ((*DRAFT, "--all-teams", "--instrument", "mood"), 2, "westrum-short"),
        ((*DRAFT, "--all-teams", "--timezone", "Mars"), 2, "Europe/Berlin"),
        (("campaign", "draft", "--quarter", "Q3", "--closes", "2026-09-15 18:00", "--all-teams"), 2, "2026-Q3"),
        (("campaign", "draft", "--quarter", "2026-Q3", "--closes", "soon", "--all-teams"), 2, "2026-12-15 18:00"),
        (("campaign", "draft", "--quarter", "2026-Q3", "--closes", "2025-09-15 18:00", "--all-teams"), 2, "2025"),
        (("campaign", "open", "99"), 3, "no campaign 99"),
        (("campaign", "status", "99"), 3, "no campaign 99"),
        (("campaign", "void", "99", "--yes"), 3, "no campaign 99"),
        (("close", "99"), 3, "no campaign 99"),
    ],
)
def test_what_cannot_be_is_named_with_a_remedy(
    run: Run, cast: Cast, words: tuple[str, ...], code: int, told: str
) -> None:
    said = run(*words, code=code)
    assert told in said.stderr
    assert "Traceback" not in said.output


@ON_SQLITE
def test_a_draft_says_what_stands_in_the_way_of_opening(run: Run, cast: Cast, platform: Platform) -> None:
    builders.opened(platform, cast, teams=["Atlas"])
    told = run(*DRAFT, "--team", "Atlas")
    assert "Cannot be opened yet: Atlas already has a campaign" in told.stderr
    draft = get_campaign(platform, cast.operator, 2)
    assert "already has a campaign" in run("campaign", "open", draft.id, code=1).stderr


@ON_SQLITE
def test_one_campaign_that_cannot_be_closed_does_not_stop_the_others(
    run: Run, cast: Cast, platform: Platform, clock: Clock
) -> None:
    builders.opened(platform, cast, teams=["Atlas"], passphrase="only the coach knows")
    builders.opened(platform, cast, teams=["Cygnus"])
    clock.move(days=20)
    told = json.loads(run("close", "--json", code=1).stdout)
    assert [entry["campaign"] for entry in told["closed"]] == [2]
    assert [entry["campaign"] for entry in told["not_closed"]] == [1]
    assert "campaign 1" in run("close", code=1).stderr
    assert "is closed" in run("close", 1, "--ask-passphrase", given="only the coach knows\n").output


@ON_SQLITE
def test_the_role_is_asked_for_on_request(run: Run, cast: Cast, platform: Platform) -> None:
    told = run(*DRAFT, "--all-teams", "--ask-role", "--json")
    assert json.loads(told.stdout)["instruments"] == ["westrum", "blameless", "roles"]
    assert (
        "choose more teams, or do not ask for the role" in run(*DRAFT, "--team", "Atlas", "--ask-role", code=2).stderr
    )


@ON_SQLITE
def test_a_passphrase_is_typed_twice_when_opening(run: Run, cast: Cast, platform: Platform) -> None:
    campaign = builders.draft(platform, cast)
    run("campaign", "open", campaign, "--ask-passphrase", given="a long passphrase\na long passphrase\n")
    assert get_campaign(platform, cast.operator, campaign).needs_passphrase
