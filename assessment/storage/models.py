"""Every table, beside those of `kept_models`. The rules that must never break stand here a second time, as named
constraints of the database.

Ballots, cards and invitations have no time, no sequence, no foreign key and no trigger, and on SQLite no row id: order
and time would say who answered what.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from assessment.domain.ballots import SEALED_LENGTH
from assessment.storage import (  # noqa: F401 - whoever knows these tables knows all of them
    batch_models,
    kept_models,
    roadmap_models,
)
from assessment.storage.base import Base, Moment

DIGEST_LENGTH = 32


class Organisation(Base):
    """The one organisation of an installation."""

    __tablename__ = "organisation"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    language: Mapped[str]
    timezone: Mapped[str]


class Department(Base):
    """A department: a group of teams."""

    __tablename__ = "department"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class Team(Base):
    """A team: the smallest group a report is about."""

    __tablename__ = "team"
    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"))
    name: Mapped[str] = mapped_column(unique=True)


class Member(Base):
    """A person in a team today; campaigns keep their own frozen copy."""

    __tablename__ = "member"
    # Frozen rosters remember the id: it must never come back for another person.
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("team.id"))
    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(unique=True)


class Coach(Base):
    """Somebody who runs campaigns and reads reports."""

    __tablename__ = "coach"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    sees_all: Mapped[bool] = mapped_column(default=False)


class CoachTeam(Base):
    """A team that a coach may see."""

    __tablename__ = "coach_team"
    coach_id: Mapped[int] = mapped_column(sa.ForeignKey("coach.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("team.id"), primary_key=True)


class Campaign(Base):
    """One or more instruments, one quarter, some teams."""

    __tablename__ = "campaign"
    __table_args__ = (
        sa.CheckConstraint("state IN ('draft', 'open', 'closed', 'void')", name="state"),
        sa.CheckConstraint("source IN ('answered', 'imported')", name="source"),
        sa.CheckConstraint("reporting_size >= 5", name="reporting_size"),
        sa.CheckConstraint("state <> 'open' OR public_key IS NOT NULL", name="open_has_key"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[str]
    state: Mapped[str]
    source: Mapped[str]
    reporting_size: Mapped[int]
    closes_at: Mapped[datetime] = mapped_column(Moment)
    timezone: Mapped[str]
    language: Mapped[str]
    instruments: Mapped[str]
    """The frozen copy: canonical JSON of the questionnaire."""
    fingerprint: Mapped[str]
    focus: Mapped[str]
    """JSON list of one or two aspect ids, or an empty list."""
    public_key: Mapped[bytes | None]
    """Kept after closing, since it names the key file that has to be gone."""
    key_wrapped: Mapped[bool] = mapped_column(default=False)
    n_unreadable: Mapped[int | None]
    """Ballots that did not open or decode at closing; None until then."""
    n_keys_made: Mapped[int | None]
    """Of a draft that is being opened in the background: how many of its signing keys are made. None otherwise."""
    reminded_on: Mapped[date | None]
    """The day everybody was last reminded by mail."""


class Node(Base):
    """A team, department or the organisation in one campaign; names and sizes are frozen at opening."""

    __tablename__ = "node"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('team', 'department', 'organisation')", name="kind"),
        sa.CheckConstraint("way IN ('email', 'cards', 'open_link', 'imported')", name="way"),
        sa.CheckConstraint("(kind = 'team') = (way IS NOT NULL)", name="only_teams_answer"),
        sa.CheckConstraint("participation IN ('under_half', 'half_or_more')", name="participation"),
        sa.UniqueConstraint("campaign_id", "team_id", name="uq_node_campaign_team"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    kind: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("node.id"))
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("team.id"))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    name: Mapped[str]
    way: Mapped[str | None]
    n_invited: Mapped[int | None]
    n_answered: Mapped[int | None]
    """None until the campaign closes."""
    n_joined: Mapped[int | None]
    n_left: Mapped[int | None]
    participation: Mapped[str | None]
    """The coarse band of the last daily refresh, never a count."""
    participation_on: Mapped[date | None]
    cards_reprinted_on: Mapped[date | None]
    """The day cards were last printed anew, or that of the backup which a team invited by mail was resumed from.

    None otherwise. From then on more cards or credentials than people may be about.
    """
    reading_key: Mapped[str | None] = mapped_column(unique=True)
    link_token: Mapped[str | None] = mapped_column(unique=True)
    focus: Mapped[str | None]
    """JSON list of a team's own focus aspects, agreed on its report before; None where the campaign's count."""


class Roster(Base):
    """Who was in a team when its campaign was opened; deleted when the team's next campaign opens."""

    __tablename__ = "roster"
    node_id: Mapped[int] = mapped_column(sa.ForeignKey("node.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Card(Base):
    """The digest of a single-use code. No row changes when a card is used."""

    __tablename__ = "card"
    __table_args__ = (
        sa.CheckConstraint(f"length(digest) = {DIGEST_LENGTH}", name="digest_length"),
        {"sqlite_with_rowid": False},
    )
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(autoincrement=False)
    node_id: Mapped[int] = mapped_column(autoincrement=False)


class Invitee(Base):
    """Somebody who is asked by mail, and whether they collected a credential; destroyed when the campaign ends.

    Who collected is recorded, so that nobody collects twice. Who answered is not.
    """

    __tablename__ = "invitee"
    __table_args__ = (
        sa.CheckConstraint("mail IN ('waiting', 'sent', 'failed')", name="mail"),
        sa.CheckConstraint("is_issued = (blinded IS NOT NULL)", name="issued"),
        sa.CheckConstraint(f"length(blinded) = {DIGEST_LENGTH}", name="blinded_length"),
        {"sqlite_with_rowid": False},
    )
    node_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    campaign_id: Mapped[int] = mapped_column(autoincrement=False)
    email: Mapped[str]
    mail: Mapped[str]
    """What became of the last mail: waiting to be sent, sent, or refused for good."""
    n_failures: Mapped[int]
    """How often sending it failed."""
    is_issued: Mapped[bool]
    blinded: Mapped[bytes | None]
    """The digest of the one blinded message that was signed, so that a lost reply can be given again."""


class Invitation(Base):
    """The digest of a token that was mailed; every mail mints one, and each collects the same one credential."""

    __tablename__ = "invitation"
    __table_args__ = (
        sa.CheckConstraint(f"length(digest) = {DIGEST_LENGTH}", name="digest_length"),
        {"sqlite_with_rowid": False},
    )
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(autoincrement=False)
    node_id: Mapped[int] = mapped_column(autoincrement=False)
    member_id: Mapped[int] = mapped_column(autoincrement=False)


class SigningKey(Base):
    """The public key that signs the credentials of one team in one campaign and nothing else."""

    __tablename__ = "signing_key"
    __table_args__ = ({"sqlite_with_rowid": False},)
    node_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    campaign_id: Mapped[int] = mapped_column(autoincrement=False)
    public_key: Mapped[bytes] = mapped_column(unique=True)
    """SubjectPublicKeyInfo, DER."""


class Ballot(Base):
    """One person's sealed answers. The key is its own guard against a second count."""

    __tablename__ = "ballot"
    __table_args__ = (
        sa.CheckConstraint(f"length(id) = {DIGEST_LENGTH}", name="id_length"),
        sa.CheckConstraint(f"length(sealed) = {SEALED_LENGTH}", name="sealed_length"),
        sa.Index("ix_ballot_node", "campaign_id", "node_id"),
        {"sqlite_with_rowid": False},
    )
    id: Mapped[bytes] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(autoincrement=False)
    node_id: Mapped[int] = mapped_column(autoincrement=False)
    sealed: Mapped[bytes]


class Audit(Base):
    """Who opened, voided, imported, printed or changed access; nothing about respondents."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[str]


class SignInFailure(Base):
    """Wrong passwords by coach address or network address, to slow guessing down; forgotten after the pause."""

    __tablename__ = "sign_in_failure"
    key: Mapped[str] = mapped_column(primary_key=True)
    n_failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Moment)
