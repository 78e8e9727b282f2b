"""Invitations by mail: who is asked, what was mailed, and with which keys credentials are signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("campaign", sa.Column("n_keys_made", sa.Integer(), nullable=True))
    op.add_column("campaign", sa.Column("reminded_on", sa.Date(), nullable=True))
    op.create_table(
        "invitation",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("node_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_invitation_digest_length")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invitation")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "invitee",
        sa.Column("node_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("mail", sa.String(), nullable=False),
        sa.Column("n_failures", sa.Integer(), nullable=False),
        sa.Column("is_issued", sa.Boolean(), nullable=False),
        sa.Column("blinded", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("is_issued = (blinded IS NOT NULL)", name=op.f("ck_invitee_issued")),
        sa.CheckConstraint("length(blinded) = 32", name=op.f("ck_invitee_blinded_length")),
        sa.CheckConstraint("mail IN ('waiting', 'sent', 'failed')", name=op.f("ck_invitee_mail")),
        sa.PrimaryKeyConstraint("node_id", "member_id", name=op.f("pk_invitee")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "signing_key",
        sa.Column("node_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("node_id", name=op.f("pk_signing_key")),
        sa.UniqueConstraint("public_key", name=op.f("uq_signing_key_public_key")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        _keep_no_samples()


def _keep_no_samples() -> None:
    """Let PostgreSQL keep no samples of these columns for its planner: they outlive the rows and their deletion.

    Naming a column's type again, though it stays the same, drops the samples that are there.
    """
    for table, columns in SAMPLED.items():
        for column, kind in columns.items():
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}")
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


SAMPLED = {
    "ballot": {"id": "bytea", "sealed": "bytea"},
    "card": {"digest": "bytea"},
    "invitation": {"digest": "bytea"},
    "invitee": {"email": "varchar", "mail": "varchar", "is_issued": "boolean", "blinded": "bytea"},
    "signing_key": {"public_key": "bytea"},
}
