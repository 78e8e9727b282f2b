"""All reports of a quarter that a coach asked for at once: which, how far they are, and until when they are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.CheckConstraint("state IN ('making', 'ended', 'cancelled')", name=op.f("ck_batch_state")),
        sa.ForeignKeyConstraint(["coach_id"], ["coach.id"], name=op.f("fk_batch_coach_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("folder", name=op.f("uq_batch_folder")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_batch_coach_id"), "batch", ["coach_id"])
    op.create_table(
        "batch_report",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'made', 'broken')", name=op.f("ck_batch_report_state")),
        sa.CheckConstraint("(state = 'broken') = (problem <> '')", name=op.f("ck_batch_report_problem")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_report_batch_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_batch_report_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_batch_report_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("batch_id", "place", name=op.f("pk_batch_report")),
    )
