"""Roles: what is kept of how they score an aspect, coarse and for the organisation only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "role_figure",
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("aspect", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("n_teams", sa.Integer(), nullable=False),
        sa.Column("tenths", sa.Integer(), nullable=False),
        sa.CheckConstraint("n >= 10 AND n_teams >= 3", name=op.f("ck_role_figure_least")),
        sa.CheckConstraint("role IN ('building', 'running', 'deciding', 'leading')", name=op.f("ck_role_figure_role")),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_role_figure_node_id_node")),
        sa.PrimaryKeyConstraint("node_id", "aspect", "role", name=op.f("pk_role_figure")),
    )
    op.create_table(
        "role_test",
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("aspect", sa.String(), nullable=False),
        sa.Column("thousandths", sa.Integer(), nullable=False),
        sa.CheckConstraint("thousandths BETWEEN 0 AND 1000", name=op.f("ck_role_test_thousandths")),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_role_test_node_id_node")),
        sa.PrimaryKeyConstraint("node_id", "aspect", name=op.f("pk_role_test")),
    )
