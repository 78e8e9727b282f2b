"""Reading what a campaign froze, what is kept of it, and whether it is somebody's to see or to decide about."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import cast

from sqlalchemy.orm import Session

from assessment.domain.errors import OtherTeams, UnknownCampaign
from assessment.services.actor import Actor, Scope, scope_of
from assessment.storage import campaigns, histograms, places, roles
from assessment.storage.database import Asking
from assessment.storage.models import Campaign, Node
from questionnaires.instrument import Questionnaire
from reports import kept
from reports.exactness import remember


@lru_cache(maxsize=32)
def questionnaire_of(instruments: str) -> Questionnaire:
    """Return the questionnaire of a frozen copy; read once, since every answer needs it."""
    return Questionnaire.from_canonical(instruments)


# Questionnaires by fingerprint; a handful, since campaigns share them.
_read: dict[str, Questionnaire] = {}
MOST_READ = 32


def questionnaire_at(session: Asking, campaign: places.CampaignRow) -> Questionnaire:
    """Return the questionnaire of a campaign whose frozen copy was not read with it.

    What was frozen never changes, so its fingerprint says which one it is, and most answers need no copy of it.
    """
    known = _read.get(campaign.fingerprint)
    if known is None:
        known = questionnaire_of(places.instruments(session, campaign.id))
        if len(_read) >= MOST_READ:
            _read.clear()
        _read[campaign.fingerprint] = known
    return known


def focus_of(campaign: Campaign) -> tuple[str, ...]:
    """Return the focus aspects of a campaign."""
    return tuple(json.loads(campaign.focus))


def focus_at(node: Node, campaign: Campaign) -> tuple[str, ...]:
    """Return the focus aspects of a node: a team's own, agreed on its report before, else its campaign's."""
    return focus_of(campaign) if node.focus is None else tuple(json.loads(node.focus))


def seen(session: Session, actor: Actor, campaign_id: int) -> tuple[Campaign, Sequence[Node], Scope]:
    """Return a campaign with its nodes, and what the actor may see of it: at least one of its teams.

    :raise UnknownCampaign: when there is none, or none of its teams is the coach's.
    """
    campaign = campaigns.get(session, campaign_id)
    if campaign is None:
        raise UnknownCampaign(campaign=campaign_id)
    nodes = campaigns.nodes(session, campaign_id)
    scope = scope_of(session, actor)
    if not scope.sees_all and not any(scope.has(node.team_id) for node in nodes if node.kind == "team"):
        raise UnknownCampaign(campaign=campaign_id)
    return campaign, nodes, scope


def decided(session: Session, actor: Actor, campaign_id: int) -> tuple[Campaign, Sequence[Node]]:
    """Return a campaign that the actor may decide about: every one of its teams is theirs.

    :raise UnknownCampaign: as in `seen`.
    :raise OtherTeams: when some of its teams are not the coach's.
    """
    campaign, nodes, scope = seen(session, actor, campaign_id)
    if not all(scope.has(node.team_id) for node in nodes if node.kind == "team"):
        raise OtherTeams(campaign=campaign_id)
    return campaign, nodes


def kept_nodes(campaign: Campaign, nodes: Sequence[Node]) -> tuple[kept.Node, ...]:
    """Return a campaign's nodes as the reports know them."""
    return tuple(
        kept.Node(
            id=node.id,
            kind=cast("kept.NodeKind", node.kind),
            name=node.name,
            parent=node.parent_id,
            n_invited=node.n_invited,
            way=cast("kept.Way | None", node.way),
            n_answered=node.n_answered or 0,
            n_joined=node.n_joined,
            n_left=node.n_left,
            focus=focus_at(node, campaign),
            team=node.department_id if node.kind == "department" else node.team_id,
        )
        for node in nodes
    )


# All that a quarter is compared by with the one before it.
COMPARED = "aspect:"
# What a block of `remembering` has read, by campaign and by what its measures begin with.
Shelf = dict[tuple[int, str], kept.Kept]
_shelf: ContextVar[Shelf | None] = ContextVar("shelf", default=None)


@contextmanager
def remembering(shelf: Shelf) -> Iterator[None]:
    """Read what is kept of a campaign once, however many reports of a block need it.

    For a run that makes many: each report needs the figures of all teams, so that reading them anew takes a time that
    grows with their square. What is kept never changes, but an import can be undone, so no shelf outlives a run.
    """
    before = _shelf.set(shelf)
    try:
        yield
    finally:
        _shelf.reset(before)


def kept_of(session: Session, campaign: Campaign, kind: str = "") -> kept.Kept:
    """Return everything that is kept of a closed campaign. Nothing of it may be shown before disclosure control.

    :param kind: what the measures begin with, where not all are needed.
    """
    shelf = _shelf.get()
    if shelf is None:
        return _kept_of(session, campaign, kind)
    if (campaign.id, kind) not in shelf:
        shelf[campaign.id, kind] = _kept_of(session, campaign, kind)
        remember(shelf[campaign.id, kind])
    return shelf[campaign.id, kind]


def _kept_of(session: Session, campaign: Campaign, kind: str) -> kept.Kept:
    return kept.Kept(
        quarter=campaign.quarter,
        reporting_size=campaign.reporting_size,
        questionnaire=questionnaire_of(campaign.instruments),
        nodes=kept_nodes(campaign, campaigns.nodes(session, campaign.id)),
        figures=histograms.of(session, campaign.id, kind),
        campaign=campaign.id,
        roles=roles.of(session, campaign.id),
    )
