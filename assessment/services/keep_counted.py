"""Storing what was counted: from histograms by team to kept figures of every node, past carry-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from assessment.domain.campaign import REPORTING_SIZE
from assessment.services.frozen import kept_nodes, questionnaire_of
from assessment.storage import histograms, roles
from assessment.storage.models import Campaign, Node
from reports.carry_up import keep
from reports.histograms import Histogram


def keep_counted(
    session: Session,
    campaign: Campaign,
    nodes: Sequence[Node],
    counted: Mapping[int, Mapping[str, Histogram]],
    n_answered: Mapping[int, int],
) -> None:
    """Run carry-up over what was counted, and store the figures and how many answered at every node.

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
    kept = keep(
        kept_nodes(campaign, nodes),
        counted,
        # Not below the least size whatever the row says: somebody may have written into it.
        reporting_size=max(campaign.reporting_size, REPORTING_SIZE),
        questionnaire=questionnaire_of(campaign.instruments),
        quarter=campaign.quarter,
    )
    session.flush()
    histograms.save(session, kept.figures)
    for node in nodes:
        if node.kind == "organisation":
            roles.save(session, node.id, kept.roles)
