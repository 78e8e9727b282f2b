"""Campaigns as a coach may see them: what is frozen, how far they are, and never a count while one is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from assessment.domain.campaign import Participation, State, Way
from assessment.services.actor import Actor, Scope, scope_of
from assessment.services.frozen import focus_at, focus_of, questionnaire_of, seen
from assessment.services.opening import Freezing, FrozenTeam, freezing, smallest_of
from assessment.services.platform import Platform
from assessment.storage import audit, campaigns
from assessment.storage.models import Campaign, Node
from questionnaires.instrument import Questionnaire
from reports.carry_up import detail_size

# The line of the audit that says why a draft is a draft again.
OPENING_FAILED = "opening failed"


@dataclass(frozen=True)
class NodeView:
    """A team, department or the organisation in one campaign."""

    id: int
    kind: str
    name: str
    parent: int | None
    team_id: int | None
    department_id: int | None
    way: str | None
    n_invited: int | None
    """For a draft, how many would be invited now."""
    n_answered: int | None
    """None until the campaign has closed."""
    participation: Participation | None
    """Only while open, from 8 invited on, as of the last refresh."""
    participation_on: date | None
    n_joined: int | None
    n_left: int | None
    is_small: bool
    """Whether even everybody's answers are too few for a report of its own."""
    reading_key: str | None
    result_url: str | None
    link_url: str | None
    """The open link, for a team that answers by it."""
    focus: tuple[str, ...] = ()
    """A team's own focus aspects where it agreed on some with its report before, else the campaign's; for a draft, what
    opening would freeze."""


@dataclass(frozen=True)
class CampaignView:
    """One campaign."""

    id: int
    quarter: str
    state: State
    way: Way
    closes_at: datetime
    """Aware, in UTC; pages show it in `timezone`."""
    timezone: str
    language: str
    reporting_size: int
    detail_size: int
    instruments: tuple[str, ...]
    questionnaire: Questionnaire
    fingerprint: str
    focus: tuple[str, ...]
    nodes: tuple[NodeView, ...]
    """The organisation, departments and teams, each by name; of a coach of some teams, theirs only."""
    is_imported: bool
    is_due: bool
    """Open, and its closing time has passed."""
    needs_passphrase: bool
    n_unreadable: int | None
    """Ballots that did not open at closing; None until then."""
    freezing: Freezing | None
    """What opening would freeze; for drafts only."""
    opening_problem: str | None
    """Why the background work could not open a draft, as long as nothing else happened to it."""
    n_keys_made: int | None
    """Of a draft that is being opened in the background: how many of its signing keys are made. None otherwise."""
    reminded_on: date | None
    """The day everybody was last reminded by mail."""

    @property
    def teams(self) -> tuple[NodeView, ...]:
        """The teams among the nodes."""
        return tuple(node for node in self.nodes if node.kind == "team")

    @property
    def n_invited(self) -> int | None:
        """How many people are asked in the teams that are shown; None where an import does not say."""
        sizes = [node.n_invited for node in self.teams]
        return None if None in sizes else sum(size for size in sizes if size is not None)


def list_campaigns(platform: Platform, actor: Actor) -> list[CampaignView]:
    """Return the campaigns that have a team of the actor's, the newest quarter first."""
    views = []
    with platform.reading() as session:
        scope = scope_of(session, actor)
        for campaign in campaigns.listed(session):
            view = view_of(platform, session, campaign, scope)
            if scope.sees_all or view.teams:
                views.append(view)
    return views


def get_campaign(platform: Platform, actor: Actor, campaign_id: int) -> CampaignView:
    """Return a campaign.

    :raise UnknownCampaign: when there is none, or none of its teams is the coach's.
    """
    with platform.reading() as session:
        campaign, _, scope = seen(session, actor, campaign_id)
        return view_of(platform, session, campaign, scope)


def view_of(platform: Platform, session: Session, campaign: Campaign, scope: Scope) -> CampaignView:
    """Return a campaign as somebody of this scope may see it."""
    now = platform.clock()
    nodes = [
        node
        for node in campaigns.nodes(session, campaign.id)
        if scope.sees_all or (node.kind == "team" and scope.has(node.team_id))
    ]
    state = State(campaign.state)
    would = freezing(session, campaign, nodes, now, platform.settings) if state is State.DRAFT else None
    drafted = {team.node_id: team for team in would.teams} if would else {}
    questionnaire = questionnaire_of(campaign.instruments)
    ways = [node.way for node in nodes if node.way]
    return CampaignView(
        id=campaign.id,
        quarter=campaign.quarter,
        state=state,
        way=Way(ways[0]) if ways else Way.CARDS,
        closes_at=campaign.closes_at,
        timezone=campaign.timezone,
        language=campaign.language,
        reporting_size=campaign.reporting_size,
        detail_size=detail_size(campaign.reporting_size),
        instruments=tuple(instrument.id for instrument in questionnaire.instruments),
        questionnaire=questionnaire,
        fingerprint=campaign.fingerprint,
        focus=focus_of(campaign),
        nodes=tuple(_node_view(platform, campaign, node, drafted.get(node.id)) for node in nodes),
        is_imported=campaign.source == "imported",
        is_due=state is State.OPEN and campaign.closes_at <= now,
        needs_passphrase=state is State.OPEN and campaign.key_wrapped,
        n_unreadable=campaign.n_unreadable,
        freezing=would,
        opening_problem=_opening_problem(session, campaign) if would else None,
        n_keys_made=campaign.n_keys_made,
        reminded_on=campaign.reminded_on,
    )


def _opening_problem(session: Session, campaign: Campaign) -> str | None:
    last = audit.last_of(session, f"campaign {campaign.id}")
    return last.detail if last is not None and last.action == OPENING_FAILED else None


def _node_view(platform: Platform, campaign: Campaign, node: Node, drafted: FrozenTeam | None) -> NodeView:
    is_open = campaign.state == State.OPEN
    is_closed = campaign.state == State.CLOSED
    n_invited = node.n_invited if drafted is None else drafted.n_invited
    smallest = smallest_of(Way(node.way or Way.CARDS), campaign.reporting_size)
    base = platform.settings.base_url
    return NodeView(
        id=node.id,
        kind=node.kind,
        name=node.name,
        parent=node.parent_id,
        team_id=node.team_id,
        department_id=node.department_id,
        way=node.way,
        n_invited=n_invited,
        n_answered=node.n_answered if is_closed else None,
        participation=Participation(node.participation) if is_open and node.participation else None,
        participation_on=node.participation_on if is_open else None,
        n_joined=node.n_joined,
        n_left=node.n_left,
        is_small=n_invited is not None and n_invited < smallest,
        reading_key=node.reading_key,
        result_url=f"{base}/result/{node.reading_key}" if node.reading_key else None,
        link_url=f"{base}/l/{node.link_token}" if node.link_token and is_open else None,
        focus=focus_at(node, campaign) if drafted is None else drafted.focus or focus_of(campaign),
    )
