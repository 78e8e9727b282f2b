"""Asking for roles: where it may be asked, and what of it is kept, restored and destroyed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from assessment.domain.error_kinds import Invalid
from assessment.domain.mapping import fit_mapping
from assessment.services.backup import backup
from assessment.services.build_report import released_organisation
from assessment.services.campaigns import get_campaign
from assessment.services.close_campaign import close_campaign
from assessment.services.draft_campaign import update_draft
from assessment.services.frozen import kept_of
from assessment.services.open_campaign import open_campaign
from assessment.services.platform import Platform, connect
from assessment.services.restore import restore
from assessment.services.submit_ballot import submit_ballot
from assessment.storage import campaigns, roles
from assessment.storage.models import Member
from questionnaires.files import BrokenFile, parse
from questionnaires.roles import ROLES
from reports.kept import Kept, KeptRole
from reports.released import ReleasedRole
from tests import builders
from tests.builders import Cast, Opened
from tests.conftest import Clock

SIZES = {"Atlas": 12, "Borealis": 11, "Cygnus": 11}
ASKED = ("westrum", "blameless", "roles")


@pytest.fixture
def cast(platform: Platform) -> Cast:
    return builders.organisation(platform, sizes=SIZES)


@pytest.fixture
def closed(platform: Platform, cast: Cast, clock: Clock) -> Opened:
    """A campaign in which, in every team, six people build at 6 and the others run at 2."""
    campaign = builders.opened(platform, cast, instruments=ASKED)
    for team in SIZES:
        for person, code in enumerate(campaign.codes(team)):
            builds = person < 6
            given = builders.answers(campaign.questionnaire, 5 / 6 if builds else 1 / 6) | {"role": 1 if builds else 2}
            submit_ballot(platform, door_key=code, answers=given)
    clock.set(campaign.view.closes_at)
    close_campaign(platform, campaign.id)
    return campaign


def kept(platform: Platform, campaign: Opened) -> Kept:
    with platform.reading() as session:
        row = campaigns.get(session, campaign.id)
        assert row is not None
        return kept_of(session, row)


def test_the_role_is_asked_last_in_whatever_order_it_was_chosen(platform: Platform, cast: Cast):
    view = get_campaign(platform, cast.operator, builders.draft(platform, cast, instruments=("roles", "westrum")))
    assert view.instruments == ("westrum", "roles")
    assert view.questionnaire.questions[-1].key == "role"
    plain = get_campaign(platform, cast.operator, builders.draft(platform, cast, quarter="2026-Q4"))
    assert plain.questionnaire.role is None


@pytest.mark.parametrize("instruments", [("roles",), ("blameless", "roles"), ("westrum", "roles", "roles")])
def test_the_role_is_asked_beside_aspects_once(platform: Platform, cast: Cast, instruments: tuple[str, ...]):
    with pytest.raises(Invalid, match="instruments"):
        builders.draft(platform, cast, instruments=instruments)


def test_two_teams_are_not_asked_for_roles(platform: Platform, cast: Cast):
    with pytest.raises(Invalid) as caught:
        builders.draft(platform, cast, instruments=ASKED, teams=["Atlas", "Cygnus"])
    assert (caught.value.field, caught.value.value) == ("instruments", "roles")
    assert "10 people or more in 3 teams or more" in str(caught.value)
    assert "these are 23 in 2; choose more teams, or do not ask for the role" in str(caught.value)


def test_a_draft_that_asks_for_roles_cannot_lose_its_teams_or_ask_for_more_people(platform: Platform, cast: Cast):
    draft = builders.draft(platform, cast, instruments=ASKED)
    with pytest.raises(Invalid, match="roles"):
        update_draft(platform, cast.operator, draft, teams=[cast.teams["Atlas"]])
    with pytest.raises(Invalid, match="roles"):
        update_draft(platform, cast.operator, draft, reporting_size=35)
    update_draft(platform, cast.operator, draft, teams=[cast.teams["Atlas"]], instruments=("westrum",))


def test_opening_counts_people_anew(platform: Platform, cast: Cast):
    draft = builders.draft(platform, cast, instruments=ASKED)
    with platform.transaction() as session:
        for team in cast.teams.values():
            members = session.scalars(sa.select(Member).where(Member.team_id == team)).all()
            for member in members[3:]:
                session.delete(member)
    with pytest.raises(Invalid, match="these are 9 in 3"):
        open_campaign(platform, cast.operator, draft)


def test_closing_keeps_coarse_means_of_the_organisation_only(platform: Platform, cast: Cast, closed: Opened):
    found = kept(platform, closed)
    assert set(found.roles) == set(found.questionnaire.aspects)
    for one in found.roles.values():
        assert one.roles == {"building": KeptRole(18, 3, 60), "running": KeptRole(16, 3, 20)}
        assert list(one.roles) == ["building", "running"]
        assert one.p_thousandths == 1
    with platform.reading() as session:
        for table in ("role_figure", "role_test"):
            nodes = set(session.scalars(sa.text(f"SELECT node_id FROM {table}")))
            assert nodes == {closed.node("Northwind")}
        measures = set(session.scalars(sa.text("SELECT measure FROM cover UNION SELECT measure FROM histogram")))
    assert not [measure for measure in measures if "role" in measure]
    shown = released_organisation(platform, cast.operator).roles["cooperation"].roles
    assert [role for role in ROLES if isinstance(shown[role], ReleasedRole)] == ["building", "running"]


def test_a_backup_brings_roles_back(platform: Platform, closed: Opened, clock: Clock, tmp_path: Path):
    saved = backup(platform, tmp_path / "backup.tar.gz")
    folder = tmp_path / "restored"
    folder.mkdir()
    url = f"sqlite:///{folder / 'other.sqlite'}"
    target = replace(platform.settings, instance=folder, database_url=url, key_directory=tmp_path / "other-keys")
    restore(target, saved.path)
    there = connect(target, clock)
    assert kept(there, closed).roles == kept(platform, closed).roles != {}
    there.database.dispose()


def test_destroying_leaves_no_role(platform: Platform, closed: Opened):
    with platform.transaction() as session:
        roles.destroy(session, closed.id)
    assert kept(platform, closed).roles == {}
    with platform.reading() as session:
        assert not session.execute(sa.text("SELECT 1 FROM role_figure UNION SELECT 1 FROM role_test")).all()


def test_the_database_itself_refuses_a_role_of_few(platform: Platform, closed: Opened):
    node = closed.node("Northwind")
    for values in ("'leading', 9, 3, 40", "'leading', 10, 2, 40", "'cooking', 10, 3, 40"):
        with pytest.raises(sa.exc.IntegrityError), platform.transaction() as session:
            session.execute(sa.text(f"INSERT INTO role_figure VALUES ({node}, 'novelty', {values})"))


def test_roles_are_not_imported(tmp_path: Path):
    file = tmp_path / "mapping.yaml"
    file.write_text("instrument: [westrum, roles]\nteam: {name: Atlas}\ncolumns: {role: Role}\n", encoding="utf-8")
    with pytest.raises(BrokenFile, match="roles are not imported"):
        fit_mapping(parse(file))
