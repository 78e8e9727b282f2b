"""Storing what was counted: the one path from histograms to kept figures, for closing and for imports alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from assessment.services.frozen import focus_of, questionnaire_of
from assessment.storage import histograms
from assessment.storage.models import Campaign, Node
from reports import kept
from reports.carry_up import keep
from reports.histograms import Histogram


def keep_counted(
    session: Session,
    campaign: Campaign,
    nodes: Sequence[Node],
    counted: Mapping[int, Mapping[str, Histogram]],
    n_answered: Mapping[int, int],
) -> kept.Kept:
    """Run carry-up over what was counted and store the figures and the number of ballots of every node.

    :param nodes: all nodes of the campaign: teams, departments and the organisation.
    :param counted: histograms by team node id and measure, as `reports.counting.collapse` makes them.
    :param n_answered: ballots by team node id; teams that are missing had none.
    """
    children: dict[int | None, list[Node]] = {}
    for node in nodes:
        children.setdefault(node.parent_id, []).append(node)

    def settle(node: Node) -> int:
        below = sum(settle(child) for child in children.get(node.id, ()))
        node.n_answered = n_answered.get(node.id, 0) if node.kind == "team" else below
        return node.n_answered

    for top in children.get(None, ()):
        settle(top)
    focus = focus_of(campaign)
    result = keep(
        [kept_node(node, focus) for node in nodes],
        counted,
        reporting_size=campaign.reporting_size,
        questionnaire=questionnaire_of(campaign.instruments),
        quarter=campaign.quarter,
    )
    session.flush()
    histograms.save(session, result.figures)
    return result


def kept_node(node: Node, focus: tuple[str, ...] = ()) -> kept.Node:
    """Return a stored node as the reports know it."""
    return kept.Node(
        id=node.id,
        kind=node.kind,  # type: ignore[arg-type]
        name=node.name,
        parent=node.parent_id,
        n_invited=node.n_invited,
        way=node.way,  # type: ignore[arg-type]
        n_answered=node.n_answered or 0,
        n_joined=node.n_joined,
        n_left=node.n_left,
        focus=focus,
        team=node.team_id if node.kind == "team" else node.department_id,
    )
