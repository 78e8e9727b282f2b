"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "ballot",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("node_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(id) = 32", name=op.f("ck_ballot_id_length")),
        sa.CheckConstraint("length(sealed) = 304", name=op.f("ck_ballot_sealed_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ballot_node", "ballot", ["campaign_id", "node_id"], unique=False)
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("reporting_size", sa.Integer(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("instruments", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("focus", sa.String(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("key_wrapped", sa.Boolean(), nullable=False),
        sa.Column("n_unreadable", sa.Integer(), nullable=True),
        sa.CheckConstraint("source IN ('answered', 'imported')", name=op.f("ck_campaign_source")),
        sa.CheckConstraint("state <> 'open' OR public_key IS NOT NULL", name=op.f("ck_campaign_open_has_key")),
        sa.CheckConstraint("state IN ('draft', 'open', 'closed', 'void')", name=op.f("ck_campaign_state")),
        sa.CheckConstraint("reporting_size >= 5", name=op.f("ck_campaign_reporting_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "card",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("node_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_card_digest_length")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_card")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "coach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("sees_all", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coach")),
        sa.UniqueConstraint("email", name=op.f("uq_coach_email")),
    )
    op.create_table(
        "department",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
        sa.UniqueConstraint("name", name=op.f("uq_department_name")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_organisation_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("n_failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_failure")),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_team_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("name", name=op.f("uq_team_name")),
    )
    op.create_table(
        "coach_team",
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["coach_id"], ["coach.id"], name=op.f("fk_coach_team_coach_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_coach_team_team_id")),
        sa.PrimaryKeyConstraint("coach_id", "team_id", name=op.f("pk_coach_team")),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_member_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("email", name=op.f("uq_member_email")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "node",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=True),
        sa.Column("n_invited", sa.Integer(), nullable=True),
        sa.Column("n_answered", sa.Integer(), nullable=True),
        sa.Column("n_joined", sa.Integer(), nullable=True),
        sa.Column("n_left", sa.Integer(), nullable=True),
        sa.Column("participation", sa.String(), nullable=True),
        sa.Column("participation_on", sa.Date(), nullable=True),
        sa.Column("cards_reprinted_on", sa.Date(), nullable=True),
        sa.Column("reading_key", sa.String(), nullable=True),
        sa.Column("link_token", sa.String(), nullable=True),
        sa.CheckConstraint("(kind = 'team') = (way IS NOT NULL)", name=op.f("ck_node_only_teams_answer")),
        sa.CheckConstraint("kind IN ('team', 'department', 'organisation')", name=op.f("ck_node_kind")),
        sa.CheckConstraint("participation IN ('under_half', 'half_or_more')", name=op.f("ck_node_participation")),
        sa.CheckConstraint("way IN ('email', 'cards', 'open_link', 'imported')", name=op.f("ck_node_way")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_node_campaign_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_node_department_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["node.id"], name=op.f("fk_node_parent_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_node_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node")),
        sa.UniqueConstraint("campaign_id", "team_id", name="uq_node_campaign_team"),
        sa.UniqueConstraint("link_token", name=op.f("uq_node_link_token")),
        sa.UniqueConstraint("reading_key", name=op.f("uq_node_reading_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_node_campaign_id"), "node", ["campaign_id"], unique=False)
    op.create_table(
        "cover",
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("n_teams", sa.Integer(), nullable=False),
        sa.CheckConstraint("n >= 5 AND n_teams >= 1", name=op.f("ck_cover_reporting_size")),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_cover_node_id")),
        sa.PrimaryKeyConstraint("node_id", "measure", name=op.f("pk_cover")),
    )
    op.create_table(
        "roster",
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_roster_node_id")),
        sa.PrimaryKeyConstraint("node_id", "member_id", name=op.f("pk_roster")),
    )
    op.create_table(
        "histogram",
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_histogram_count")),
        sa.ForeignKeyConstraint(["node_id", "measure"], ["cover.node_id", "cover.measure"], name="fk_histogram_cover"),
        sa.PrimaryKeyConstraint("node_id", "measure", "value", name=op.f("pk_histogram")),
    )
