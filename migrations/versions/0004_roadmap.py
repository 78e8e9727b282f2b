"""What teams and coaches agree on after a report, what is in place, and the facts of a team's health."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    # None: frozen before teams could agree on aspects of their own; then the campaign's count.
    op.add_column("node", sa.Column("focus", sa.String(), nullable=True))
    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("quarter", sa.String(), nullable=False),
        sa.Column("change_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("sign", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('agreed', 'done', 'dropped')", name=op.f("ck_agreement_state")),
        sa.CheckConstraint("(state = 'agreed') = (ended_on IS NULL)", name=op.f("ck_agreement_ended")),
        sa.CheckConstraint("length(role) BETWEEN 1 AND 80", name=op.f("ck_agreement_role")),
        sa.CheckConstraint("length(sign) BETWEEN 1 AND 300", name=op.f("ck_agreement_sign")),
        sa.CheckConstraint("length(evidence) <= 600", name=op.f("ck_agreement_evidence")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_agreement_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_agreement_team_id"), "agreement", ["team_id"])
    _one_for_each("uq_agreement_in_flight", "agreement", "state = 'agreed'")
    op.create_table(
        "change_in_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("change_id", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_change_in_place_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_in_place")),
    )
    _one_for_each("uq_change_in_place", "change_in_place", None)
    op.create_table(
        "next_focus",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(), nullable=False),
        sa.Column("focus", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_next_focus_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "quarter", name=op.f("pk_next_focus")),
    )
    op.create_table(
        "health_fact",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_health_fact_value")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_health_fact_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "quarter", "fact", name=op.f("pk_health_fact")),
    )
    op.create_table(
        "page_share",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.CheckConstraint("place >= 1 AND pages >= 0", name=op.f("ck_page_share_pages")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_page_share_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "quarter", "place", name=op.f("pk_page_share")),
    )


def _one_for_each(name: str, table: str, state: str | None) -> None:
    """Let a team have a change once, and the organisation too, whose team is null and so never equal to another."""
    for ending, columns, whose in (
        ("team", ["team_id", "change_id"], "team_id IS NOT NULL"),
        ("organisation", ["change_id"], "team_id IS NULL"),
    ):
        condition = sa.text(whose if state is None else f"{state} AND {whose}")
        op.create_index(
            f"{name}_{ending}", table, columns, unique=True, sqlite_where=condition, postgresql_where=condition
        )
