"""The follow-up part of the organisation report: its own agreements, and what its teams did as counts without names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from assessment.services.actor import Actor
from assessment.services.build_report import LATEST
from assessment.services.follow_up import of_place
from assessment.services.footing import in_place_by_team
from assessment.services.platform import Platform
from assessment.services.roadmap_scope import check_scope, place_of, place_shown
from assessment.storage import campaigns, health, roadmap
from questionnaires.changes import catalogue
from reports.follow_up import AgreedState, Health, HealthCount, OrganisationFollowUp, facts_of
from reports.health import MEASURES, facts_before, is_within, measured, trend
from reports.released import ReleasedOrganisation

# Everybody knows which one or two teams count their pages, and a count of them would say how they stand.
FEWEST_TEAMS = 3


def organisation_follow_up(
    platform: Platform,
    actor: Actor,
    quarter: str = LATEST,
    *,
    campaign_id: int | None = None,
    released: ReleasedOrganisation | None = None,
) -> OrganisationFollowUp:
    """Return what the organisation and its teams agreed and did up to a report.

    :param campaign_id: which campaign of the quarter, when several were held; the one with most teams unless given.
    :param released: that report, where the caller has it already; its quarter and campaign count then.
    :raise NotFound: when the actor does not see all teams.
    :raise UnknownReport: when no closed campaign fits.
    """
    if released is None:
        place = place_of(platform, actor, None, quarter, campaign_id=campaign_id)
    else:
        place = place_shown(platform, actor, None, released.whole)
    with platform.reading() as session:
        check_scope(session, actor, None)
        nodes = campaigns.nodes(session, place.campaign_id)
        ids = [node.team_id for node in nodes if node.team_id is not None]
        latest: dict[tuple[int | None, str], AgreedState] = {}
        for one in roadmap.agreements_of_teams(session, ids):
            if one.quarter <= place.quarter:
                latest[one.team_id, one.change_id] = AgreedState(one.state)
        states: dict[str, Counter[AgreedState]] = {}
        for (_, change), state in latest.items():
            states.setdefault(change, Counter())[state] += 1
        has = in_place_by_team(session, ids, campaigns.next_closed(session, place.quarter))
        counted = Counter(name for names in has.values() for name in names)
        order = [change.id for change in catalogue().changes]
        return OrganisationFollowUp(
            own=of_place(platform, session, None, place),
            n_teams=len(ids),
            agreed={name: dict(states[name]) for name in order if name in states},
            in_place={name: counted[name] for name in order if counted[name]},
            health=_counts(health.of(session, ids), place.quarter),
        )


def _counts(facts: Mapping[int, Sequence[Health]], quarter: str) -> dict[str, HealthCount]:
    """Count teams by measure: within the target, better, worse and the same as the quarter before."""
    pairs = []
    for quarters in facts.values():
        now, before = facts_of(quarters, quarter), facts_before(quarters, quarter)
        pairs.append((measured(now) if now else {}, measured(before) if before else {}))
    found: dict[str, HealthCount] = {}
    for measure in MEASURES:
        known = [(now[measure], before.get(measure)) for now, before in pairs if measure in now]
        if len(known) < FEWEST_TEAMS:
            continue
        within = [is_within(measure, now, before) for now, before in known]
        moves = Counter(trend(measure, before, now) for now, before in known if before is not None)
        n_within = None if MEASURES[measure].limit is None else sum(bool(one) for one in within)
        found[measure.value] = HealthCount(len(known), n_within, moves[1], moves[-1], moves[0])
    return found
