"""Kept roles: what is left of who builds, runs, decides and leads. Nothing of it is about a team."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from assessment.storage.kept_models import RoleFigure, RoleTest
from assessment.storage.models import Node
from questionnaires.roles import ROLES
from reports.kept import KeptRole, KeptRoles


def save(session: Session, node_id: int, kept: Mapping[str, KeptRoles]) -> None:
    """Store what is kept of roles by aspect.

    :param node_id: the organisation.
    """
    for aspect, compared in sorted(kept.items()):
        for role, one in sorted(compared.roles.items()):
            figure = RoleFigure(node_id=node_id, aspect=aspect, role=role, n=one.n, n_teams=one.n_teams)
            figure.tenths = one.tenths
            session.add(figure)
        if compared.p_thousandths is not None:
            session.add(RoleTest(node_id=node_id, aspect=aspect, thousandths=compared.p_thousandths))


def of(session: Session, campaign_id: int) -> dict[str, KeptRoles]:
    """Return what is kept of roles in a campaign, by aspect."""
    of_campaign = sa.select(Node.id).where(Node.campaign_id == campaign_id)
    tests = session.scalars(sa.select(RoleTest).where(RoleTest.node_id.in_(of_campaign)))
    p_values = {test.aspect: test.thousandths for test in tests}
    found: dict[str, dict[str, KeptRole]] = defaultdict(dict)
    for row in session.scalars(sa.select(RoleFigure).where(RoleFigure.node_id.in_(of_campaign))):
        found[row.aspect][row.role] = KeptRole(row.n, row.n_teams, row.tenths)
    return {
        aspect: KeptRoles({role: roles[role] for role in ROLES if role in roles}, p_values.get(aspect))
        for aspect, roles in sorted(found.items())
    }


def destroy(session: Session, campaign_id: int) -> None:
    """Destroy what is kept of roles in a campaign."""
    nodes = sa.select(Node.id).where(Node.campaign_id == campaign_id)
    session.execute(sa.delete(RoleFigure).where(RoleFigure.node_id.in_(nodes)))
    session.execute(sa.delete(RoleTest).where(RoleTest.node_id.in_(nodes)))
