"""Drafting a campaign, changing and deleting a draft. Attempts to change what opening froze are refused and noted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.orm import Session

from assessment.domain.campaign import (
    INSTRUMENTS_FIELD,
    REPORTING_SIZE,
    Quarter,
    State,
    Way,
    check_closing_time,
    check_focus,
    check_reporting_size,
    check_role_question,
    check_way,
)
from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import Frozen, NotSetUp, OpeningUnderWay, UnknownTeam
from assessment.services.actor import Actor, scope_of
from assessment.services.frozen import decided, focus_of, questionnaire_of
from assessment.services.platform import Platform
from assessment.services.refusals import refusals_noted
from assessment.storage import audit, campaigns, organisation
from assessment.storage.models import Campaign, Node
from questionnaires.instrument import Questionnaire
from questionnaires.loader import available, questionnaire
from reports.languages import LANGUAGES, phrase

INSTRUMENTS = ("westrum", "blameless")


def draft_campaign(
    platform: Platform,
    actor: Actor,
    *,
    quarter: str,
    teams: Sequence[int],
    closes_at: datetime,
    instruments: Sequence[str] = INSTRUMENTS,
    way: str = Way.CARDS,
    reporting_size: int = REPORTING_SIZE,
    focus: Sequence[str] = (),
    language: str | None = None,
    timezone: str | None = None,
) -> int:
    """Draft a campaign and return its id.

    :param teams: ids of teams.
    :param closes_at: an aware moment in the future.
    :param language: of cards and pages before people choose; the organisation's if None. So with the time zone.
    :raise Invalid: for a quarter, moment, instrument, reporting size, focus, language or time zone that cannot be.
    :raise UnknownTeam: for a team that does not exist or is not the coach's.
    :raise NotSetUp: before the organisation has a name.
    """
    with platform.transaction() as session:
        home = organisation.get(session)
        if home is None:
            raise NotSetUp
        campaign = Campaign(
            quarter="",
            state=State.DRAFT,
            source="answered",
            reporting_size=REPORTING_SIZE,
            closes_at=closes_at,
            timezone="",
            language="",
            instruments="[]",
            fingerprint="",
            focus="[]",
        )
        values: dict[str, Any] = {
            "quarter": quarter,
            "closes_at": closes_at,
            "reporting_size": reporting_size,
            "language": language or home.language,
            "timezone": timezone or home.timezone,
            "instruments": instruments,
            "focus": focus,
        }
        _fill(campaign, values, platform.clock())
        campaigns.add(session, campaign)
        _choose_teams(session, actor, campaign, teams, _way(way))
        _check_role(session, campaign, teams)
        audit.record(session, platform.clock(), actor.name, "campaign drafted", f"campaign {campaign.id}", quarter)
        return campaign.id


@refusals_noted("change draft")
def update_draft(platform: Platform, actor: Actor, campaign_id: int, /, **changes: Any) -> None:
    """Change a draft; takes the keywords of `draft_campaign` and leaves alone what is not named.

    :raise Frozen: when the campaign is not a draft any more; the attempt is noted in the audit.
    :raise UnknownCampaign, OtherTeams: when it is not the coach's to change.
    """
    with platform.transaction() as session:
        platform.database.lock_opening(session)
        campaign, nodes = decided(session, actor, campaign_id)
        if campaign.n_keys_made is not None:
            raise OpeningUnderWay(campaign=campaign_id)
        if campaign.state != State.DRAFT:
            raise Frozen(field=", ".join(sorted(changes)))
        teams = changes.pop("teams", [node.team_id for node in nodes if node.kind == "team"])
        way = _way(changes.pop("way", next((node.way for node in nodes if node.way), Way.CARDS)))
        _fill(campaign, changes, platform.clock())
        campaigns.remove_nodes(session, campaign_id)
        _choose_teams(session, actor, campaign, teams, way)
        _check_role(session, campaign, teams)
        audit.record(session, platform.clock(), actor.name, "draft changed", f"campaign {campaign_id}")


@refusals_noted("delete draft")
def delete_draft(platform: Platform, actor: Actor, campaign_id: int) -> None:
    """Delete a draft.

    :raise Frozen: when it was opened; the attempt is noted in the audit.
    """
    with platform.transaction() as session:
        platform.database.lock_opening(session)
        campaign, _ = decided(session, actor, campaign_id)
        if campaign.n_keys_made is not None:
            raise OpeningUnderWay(campaign=campaign_id)
        if campaign.state != State.DRAFT:
            raise Frozen(field="campaign")
        campaigns.delete(session, campaign_id)
        audit.record(session, platform.clock(), actor.name, "draft deleted", f"campaign {campaign_id}")


def _way(way: str) -> Way:
    try:
        found = Way(way)
    except ValueError:
        raise Invalid(phrase("way"), way, phrase("choose email, cards or open_link")) from None
    check_way(found)
    return found


def _fill(campaign: Campaign, values: dict[str, Any], now: datetime) -> None:
    """Put checked values into a draft."""
    for name, value in values.items():
        if name == "quarter":
            campaign.quarter = str(Quarter.parse(value))
        elif name == "closes_at":
            check_closing_time(value, now)
            campaign.closes_at = value
        elif name == "reporting_size":
            check_reporting_size(value)
            campaign.reporting_size = value
        elif name == "language":
            if value not in LANGUAGES:
                raise Invalid(phrase("language"), value, phrase("choose from %(known)s"), known=", ".join(LANGUAGES))
            campaign.language = value
        elif name == "timezone":
            try:
                ZoneInfo(value)
            except (ZoneInfoNotFoundError, ValueError):
                raise Invalid(phrase("time zone"), value, phrase("write a zone name such as Europe/Berlin")) from None
            campaign.timezone = value
        elif name == "instruments":
            asked = _questionnaire(value)
            campaign.instruments, campaign.fingerprint = asked.canonical(), asked.fingerprint
        elif name == "focus":
            campaign.focus = json.dumps(list(value))
        else:
            raise TypeError(f"a draft has no {name}")
    check_focus(focus_of(campaign), questionnaire_of(campaign.instruments).aspects)


def _questionnaire(ids: Sequence[str]) -> Questionnaire:
    if not ids:
        raise Invalid(INSTRUMENTS_FIELD, "", phrase("choose at least one"))
    asked = available()
    # Whatever order they were chosen in: the role is asked last.
    ids = sorted(ids, key=lambda name: name in asked and asked[name].role is not None)
    try:
        return questionnaire(ids)
    except ValueError as error:
        # Two instruments that ask the same cannot go together; the loader's own errors name the rest.
        raise Invalid(INSTRUMENTS_FIELD, ", ".join(ids), "%(reason)s", reason=str(error)) from error


def _check_role(session: Session, campaign: Campaign, teams: Sequence[int]) -> None:
    """Pass unless the role is asked for where it could never be shown; opening looks again."""
    if questionnaire_of(campaign.instruments).role is not None:
        sizes = organisation.n_members(session)
        check_role_question([sizes.get(team_id, 0) for team_id in set(teams)], campaign.reporting_size)


def _choose_teams(session: Session, actor: Actor, campaign: Campaign, teams: Sequence[int], way: Way) -> None:
    scope = scope_of(session, actor)
    for team_id in sorted(set(teams)):
        team = organisation.team(session, team_id)
        if team is None or not scope.has(team_id):
            raise UnknownTeam(team=team_id)
        campaigns.add_node(
            session, Node(campaign_id=campaign.id, kind="team", team_id=team_id, name=team.name, way=way)
        )
